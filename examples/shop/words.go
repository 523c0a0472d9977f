package shop

import (
	"fmt"
	"time"
)

const (
	clock   = "15:04:05 UTC"
	sorry   = "We can't confirm numbers at the moment. Please try again in a few minutes."
	tooMany = "There were too many calls and codes."
)

// until says when something is possible again, where that is known.
func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " It is possible again at " + t.UTC().Format(clock) + "."
}

// over says whether nothing can be asked of the verification any more.
func (v *verification) over(now time.Time) bool {
	return v.Status == statusExpired && !v.EndsAt.After(now)
}

// trouble is why there is no code to type.
func (v *verification) trouble() string {
	switch {
	case v.Status == statusExpired:
		return "The code is too old. Ask for another one."
	case v.Status == statusExhausted:
		return "Too many wrong codes. Ask for another one."
	case v.Problem != nil:
		return v.Problem.words()
	}
	return "The call didn't come about. Ask for another one."
}

// words tells the customer what went wrong. The provider's own words are for
// the shop's log: they may speak of what a customer knows nothing of.
func (p *apiProblem) words() string {
	switch p.ID {
	case "code_wrong":
		if p.TriesLeft > 0 {
			return fmt.Sprintf("These are not the right digits. Tries left: %d.", p.TriesLeft)
		}
		return "These are not the right digits."
	case "code_format", "field_missing", "field_too_long":
		return "Please look at what you typed: that can't be right."
	case "code_pending":
		return "Your phone is still to ring. Wait for it, and type the digits then."
	case "code_exhausted":
		return "Too many wrong codes. Ask for another one."
	case "code_expired", "code_used", "code_none":
		return "This code counts no more. Ask for another one."
	case "resend_wait":
		return "Another code is not possible yet." + until(p.ResendAt)
	case "method_blocked", "number_limited", "calls_limited", "call_limited":
		return tooMany + until(p.Until)
	case "calls_stopped":
		return "The owner of this number doesn't want calls. Please give another one."
	case "phone_country":
		return "We can't call numbers of this country. Please give another one."
	case "number_unfit":
		return "This number can't show who calls. Please give that of a mobile phone."
	case "number_malformed":
		return "This is no number that we can call. Please write it with its country code: +7 999 123-45-67."
	case "call_unreachable":
		return "Your phone can't be reached. Check that it is switched on, and ask for another code."
	case "call_refused":
		return "Calls to this number are not possible. Please give another one."
	case "idempotency_busy":
		return "You have asked already. Reload this page in a moment."
	}
	return "That didn't work. Please try again."
}
