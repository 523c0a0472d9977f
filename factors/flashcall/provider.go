package flashcall

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// Check is otp.Sender's: it asks the provider who keeps the code.
func (s *Sender) Check(ctx context.Context, d otp.Delivery, code string) (otp.Verdict, error) {
	r, ok := s.route(d.Route)
	if !ok {
		return "", errors.New("the route isn't there any more")
	}
	in := input(d)
	in[loops.InputCode] = code
	if d.Prefix != "" {
		in[loops.InputPrefix] = d.Prefix
	}
	result, err := s.run(ctx, r, loops.EntryCheck, in)
	if err != nil {
		return "", redacted{err}
	}
	if result.Value[loops.ValueValid] == true {
		return otp.VerdictRight, nil
	}
	switch text(result.Value[loops.ValueReason]) {
	case loops.ReasonExpired:
		return otp.VerdictExpired, nil
	case loops.ReasonLocked:
		return otp.VerdictLocked, nil
	}
	return otp.VerdictWrong, nil
}

// Poll is otp.Sender's.
func (s *Sender) Poll(ctx context.Context, d otp.Delivery) (otp.News, error) {
	r, ok := s.route(d.Route)
	if !ok {
		return otp.News{}, errors.New("the route isn't there any more")
	}
	result, err := s.run(ctx, r, loops.EntryPoll, input(d))
	var failure *loops.Failure
	if errors.As(err, &failure) && endsCall(failure) {
		return otp.News{State: otp.NewsFailed, Failure: string(failure.Kind()), MovesOn: failure.MovesOn()}, nil
	}
	if err != nil {
		return otp.News{}, redacted{err}
	}
	return NewsOf(r.Driver, result.Value, d.CodeLength), nil
}

// NewsOf is what the Ok value of a driver's poll or callback says of a call whose
// code has so many digits. Of a code that isn't the provider's to choose it says
// nothing.
func NewsOf(d *loops.Driver, value map[string]any, codeLength int) otp.News {
	n := otp.News{
		Driver: d.Name, CallID: text(value[loops.ValueCallID]), Reference: text(value[loops.ValueReference]),
		State: otp.NewsState(text(value[loops.ValueState])), After: milliseconds(value[loops.ValueAfter]), Cost: cost(value),
	}
	if n.State == otp.NewsFailed {
		n.Failure = text(value[loops.ValueError])
		n.MovesOn = MovesOn(n.Failure)
	}
	origin := d.Manifest.CodeOrigin
	if origin != loops.CodeFromProvider && origin != loops.CodeFromCaller {
		return n
	}
	if code, err := d.Manifest.CodeOf(value, "", codeLength); err == nil {
		n.Code, n.CallerMask = code, callerMask(value, code)
	}
	return n
}

// endsCall tells a call that failed from a question that did: the driver itself
// said a word that is about the number.
func endsCall(f *loops.Failure) bool {
	if f.Cause != nil {
		return false
	}
	return !slices.Contains([]loops.Key{loops.Unavailable, loops.AuthFailed, loops.RateLimited, loops.BadAnswer}, f.Kind())
}

// MovesOn says whether the next route of a chain may be tried after a failure
// of that word.
func MovesOn(word string) bool { return (&loops.Failure{Key: loops.Key(word)}).MovesOn() }

// Report is otp.Sender's; drivers without that entry aren't asked.
func (s *Sender) Report(ctx context.Context, d otp.Delivery, code string, verified bool) error {
	r, ok := s.route(d.Route)
	if !ok || !slices.Contains(r.Entries, loops.EntryReport) {
		return nil
	}
	in := input(d)
	in[loops.InputCode], in[loops.InputVerified] = code, verified
	if _, err := s.run(ctx, r, loops.EntryReport, in); err != nil {
		return redacted{err}
	}
	return nil
}

// text is a value as a driver may give it: a text or a number; null is nothing.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// maxAfter bounds what a driver may ask to be left alone for, in milliseconds.
const maxAfter = 3_600_000

func milliseconds(v any) time.Duration {
	n, err := json.Number(text(v)).Int64()
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, maxAfter)) * time.Millisecond
}

// cost is what a provider told, 0 for nothing.
func cost(value map[string]any) int64 {
	millionths, _ := loops.CostOf(value)
	return millionths
}

// maskPrefix is the mask of a number of which only the beginning is known, written
// like that of a whole one.
func maskPrefix(prefix string, n int) string {
	digits := onlyDigits(prefix)
	if digits == "" || len(digits)+n > maxE164 {
		return ""
	}
	if shown := maskCaller(digits+strings.Repeat("0", n), n); shown != "" {
		return shown
	}
	return "+" + digits + strings.Repeat("_", n)
}
