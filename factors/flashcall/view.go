package flashcall

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// States of the page. Each has texts of its own.
const (
	StateReady     = "ready"     // no call in this login yet: ActionResend is "call me", once ValueResendAt is over
	StateNoPhone   = "no_phone"  // no call is possible with the number on file; Problem says why
	StateCalling   = "calling"   // the call is being placed
	StateCalled    = "called"    // the phone rings or rang
	StateWrong     = "wrong"     // as called, and the last code was wrong
	StateExhausted = "exhausted" // too many wrong codes: a new call is needed
	StateExpired   = "expired"   // the code is too old: a new call is needed
	StateFailed    = "failed"    // the call didn't come about; Problem says why
	StateUnknown   = "unknown"   // we don't know whether the call was placed
	StateBlocked   = "blocked"   // the method is blocked for the person for a while
)

// Values of the page. Times are time.Time. Only ValueCodeLength is always there.
const (
	ValuePhone      = "phone"       // string: the masked number, "+7 999 ***-**-01"
	ValueCodeLength = "code_length" // int: digits of the code
	ValueTriesLeft  = "tries_left"  // int: only when few are left of those that were: called and wrong
	ValueResendAt   = "resend_at"   // when the next call may be asked for; may be over; ready: only after a call in another login
	ValueExpiresAt  = "expires_at"  // when the code expires: called and wrong
	ValueCallerMask = "caller_mask" // string: the number that calls, its code as "_", where known: called and wrong
	ValueUntil      = "until"       // when the block ends: blocked
)

// progress is how soon a page that waits for the call should look again.
const progress = time.Second

// Show tells how the step stands. ActionResend is among the actions wherever it
// can become possible by waiting until ValueResendAt.
func (m *Method) Show(ctx context.Context, login factors.Login) (factors.View, error) {
	if login.Person == nil {
		return factors.View{}, noPerson()
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return factors.View{}, err
	}
	v := factors.View{Values: m.values(login, status)}
	switch {
	case !status.BlockedUntil.IsZero():
		v.State, v.Problem = StateBlocked, otp.Blocked(status.BlockedUntil)
		v.Values[ValueUntil] = status.BlockedUntil
		v.Refresh = status.BlockedUntil.Sub(status.At)
	case status.Challenge == nil:
		m.showReady(&v, login)
	default:
		showChallenge(&v, status)
	}
	return v, nil
}

func (m *Method) values(login factors.Login, status otp.Status) map[string]any {
	values := map[string]any{ValueCodeLength: status.CodeLength}
	c := status.Challenge
	if c == nil {
		if target, err := m.target(login); err == nil {
			values[ValuePhone] = Mask(target.Phone)
			if !status.NextCall.IsZero() {
				values[ValueResendAt] = status.NextCall
			}
		}
		return values
	}
	values[ValuePhone] = Mask(c.Phone)
	values[ValueResendAt] = status.NextCall
	if c.CallerMask != "" && status.State == otp.Called && status.BlockedUntil.IsZero() {
		values[ValueCallerMask] = c.CallerMask
	}
	if status.State == otp.Called && status.TriesLeft <= otp.Few && c.Attempts > 0 {
		values[ValueTriesLeft] = status.TriesLeft
	}
	return values
}

// showReady also serves the number that no call can go to.
func (m *Method) showReady(v *factors.View, login factors.Login) {
	v.State = StateReady
	v.Actions = []string{factors.ActionResend}
	if _, err := m.target(login); err != nil {
		v.State, v.Actions, v.Problem = StateNoPhone, nil, factors.AsProblem(err)
	}
}

func showChallenge(v *factors.View, status otp.Status) {
	c := status.Challenge
	v.Actions = []string{factors.ActionResend}
	switch status.State {
	case otp.Requested, otp.Calling:
		v.State, v.Actions, v.Refresh = StateCalling, nil, progress
	case otp.Called:
		v.State, v.Values[ValueExpiresAt], v.Refresh = StateCalled, c.Until, c.Until.Sub(status.At)
		if c.Wrong {
			v.State, v.Problem = StateWrong, otp.CodeWrong(status.TriesLeft)
		}
	case otp.Exhausted:
		v.State, v.Problem = StateExhausted, newCall(otp.ProblemCodeExhausted, status)
	case otp.Expired:
		v.State, v.Problem = StateExpired, newCall(otp.ProblemCodeExpired, status)
	case otp.Confirmed:
		// Only seen where the proof got lost on its way to the login.
		v.State, v.Problem = StateExpired, newCall(otp.ProblemCodeUsed, status)
	case otp.Failed:
		v.State, v.Problem = StateFailed, newCall(ProblemOf(c.Failure), status)
	default:
		v.State, v.Problem = StateUnknown, newCall(ProblemCallUnknown, status)
	}
}

func newCall(id string, status otp.Status) *factors.Problem {
	return &factors.Problem{ID: id, Args: map[string]any{ValueResendAt: status.NextCall}}
}

// ProblemOf is the problem that a person learns of a provider's word, one of loops.Keys.
func ProblemOf(kind string) string {
	switch loops.Key(kind) {
	case loops.Unreachable:
		return ProblemCallUnreachable
	case loops.InvalidNumber, loops.DestinationForbidden, loops.NumberBlocked:
		return ProblemCallRefused
	case loops.RateLimited, loops.FraudSuspected:
		return ProblemCallLimited
	}
	return ProblemCallUnavailable
}
