package flashcall

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// States of the page. Each has texts of its own.
const (
	StateNumber    = "number"    // first factor: the person is to type their number
	StateReady     = "ready"     // no call in this login yet: ActionResend is "call me", once ValueResendAt is over
	StateNoPhone   = "no_phone"  // no call is possible with the number on file, or no route leads to it now; Problem says why
	StateCalling   = "calling"   // the call is being placed; a code is taken already
	StateCalled    = "called"    // the phone rings or rang, or the message is there
	StateWrong     = "wrong"     // as called, and the last code was wrong
	StateExhausted = "exhausted" // too many wrong codes: a new call is needed
	StateExpired   = "expired"   // the code is too old: a new call is needed
	StateFailed    = "failed"    // the call didn't come about; Problem says why
	StateUnknown   = "unknown"   // we don't know whether the call was placed
	StateBlocked   = "blocked"   // the method is blocked for the person for a while
	StateLimited   = "limited"   // a budget that others share is used up for a while
	StateStopped   = "stopped"   // who owns the number wants no calls to it
	StateNotMine   = "not_mine"  // the person said that the number isn't theirs
)

// Values of the page. Times are time.Time. Only ValueChannel and ValueCodeLength
// are always there.
const (
	ValueChannel     = "channel"      // string: flashCall, sms or voice; the one used, or that would be
	ValuePhone       = "phone"        // string: the masked number, "+7 999 ***-**-01"
	ValueCodeLength  = "code_length"  // int: digits of the code
	ValueTriesLeft   = "tries_left"   // int: only when few are left of those that were: called and wrong
	ValueResendAt    = "resend_at"    // when the next call may be asked for; may be over; ready: only after a call in another login
	ValueCallAt      = "call_at"      // when a flash call may be asked for instead; may be over; where ActionCall is offered
	ValueSMSAt       = "sms_at"       // when a message may be asked for instead; likewise
	ValueVoiceAt     = "voice_at"     // when a voice may be asked for instead; likewise
	ValueCalledAt    = "called_at"    // when the phone began to ring or the message went out: called and wrong
	ValueExpiresAt   = "expires_at"   // when the code expires: calling (late), called and wrong
	ValueCallerMask  = "caller_mask"  // string: the number that calls, its code as "_", where known: called and wrong
	ValueUntil       = "until"        // when it ends: blocked, limited
	ValueFirst       = "first"        // bool: true where the step is the first factor
	ValueWholeNumber = "whole_number" // bool: true where the whole number that calls may be typed
)

// progress is how soon a page that waits for the call should look again.
const progress = time.Second

// Show tells how the step stands. ActionResend is among the actions wherever it
// can become possible by waiting until ValueResendAt.
func (m *Method) Show(ctx context.Context, login factors.Login) (factors.View, error) {
	if m.first(login) {
		return m.showFirst(ctx, login)
	}
	if login.Person == nil {
		return factors.View{}, noPerson()
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return factors.View{}, err
	}
	v := factors.View{Values: map[string]any{ValueChannel: ID}}
	if status.Challenge == nil {
		return m.showReady(ctx, v, status, login)
	}
	m.values(&v, status, status.Challenge.Phone)
	if m.showBlocked(&v, status) {
		return v, nil
	}
	showChallenge(&v, status)
	if !waitsForCall(v.State) {
		return v, nil
	}
	target, err := m.target(login)
	if err != nil { // the person's number was changed since
		return v, nil
	}
	return m.showReachable(ctx, v, status, target)
}

// showReady tells of a login that asked for no call yet.
func (m *Method) showReady(ctx context.Context, v factors.View, status otp.Status, login factors.Login) (factors.View, error) {
	target, bad := m.target(login)
	m.values(&v, status, target.Phone)
	if m.showBlocked(&v, status) {
		return v, nil
	}
	if bad != nil {
		v.State, v.Actions, v.Problem = StateNoPhone, nil, factors.AsProblem(bad)
		return v, nil
	}
	v.State = StateReady
	v.Actions = append([]string{factors.ActionResend}, v.Actions...)
	return m.showReachable(ctx, v, status, target)
}

// showReachable turns the view of a step that waits for a call into one that says
// why there can't be one now, where there can't.
func (m *Method) showReachable(ctx context.Context, v factors.View, status otp.Status, target otp.Target) (factors.View, error) {
	if p := m.unreachable(status, target.Phone); p != nil {
		v.State, v.Actions, v.Problem = StateNoPhone, nil, p
		deleteTimes(&v)
		return v, nil
	}
	return v, m.showLimited(ctx, &v, target)
}

// waitsForCall says whether nothing goes on in the state without a new call.
func waitsForCall(state string) bool {
	return slices.Contains([]string{StateReady, StateExhausted, StateExpired, StateFailed, StateUnknown}, state)
}

// showLimited turns the view into one of a used up budget, or of a stop.
func (m *Method) showLimited(ctx context.Context, v *factors.View, t otp.Target) error {
	problem, err := m.engine.Limited(ctx, t)
	if problem == nil || err != nil {
		return err
	}
	v.State, v.Actions, v.Problem = StateLimited, nil, problem
	if problem.ID == otp.ProblemCallsStopped {
		v.State = StateStopped
	}
	if until, ok := problem.Args[ValueUntil].(time.Time); ok {
		v.Values[ValueUntil] = until
	}
	deleteTimes(v)
	return nil
}

// deleteTimes takes the times away that belong to a code or to a button which
// the state doesn't have.
func deleteTimes(v *factors.View) {
	for _, name := range []string{ValueResendAt, ValueCallAt, ValueSMSAt, ValueVoiceAt, ValueExpiresAt} {
		delete(v.Values, name)
	}
}

func (m *Method) showBlocked(v *factors.View, status otp.Status) bool {
	if status.BlockedUntil.IsZero() {
		return false
	}
	v.State, v.Problem, v.Actions = StateBlocked, otp.Blocked(status.BlockedUntil), nil
	v.Values[ValueUntil] = status.BlockedUntil
	deleteTimes(v)
	v.Refresh = status.BlockedUntil.Sub(status.At)
	return true
}

// values sets what the texts need, and the channels that may be asked for
// instead; phone is empty where there is no number to call.
func (m *Method) values(v *factors.View, status otp.Status, phone string) {
	v.Values[ValueCodeLength] = status.CodeLength
	if phone == "" {
		return
	}
	v.Values[ValuePhone] = Mask(phone)
	ways := m.engine.Ways(status, phone)
	if len(ways) > 0 {
		v.Values[ValueChannel] = ways[0].Channel
	}
	c := status.Challenge
	if c != nil {
		challengeValues(v, status)
	} else if !status.NextCall.IsZero() {
		v.Values[ValueResendAt] = status.NextCall
	}
	for _, way := range ways {
		action, ok := actionFor(way.Channel)
		if !ok || way.Channel == v.Values[ValueChannel] {
			continue
		}
		if !way.At.IsZero() {
			v.Values[action+"_at"] = way.At
		}
		v.Actions = append(v.Actions, action)
	}
	v.Actions = append(v.Actions, factors.ActionNotMine)
}

func challengeValues(v *factors.View, status otp.Status) {
	c := status.Challenge
	if c.Channel != "" {
		v.Values[ValueChannel] = c.Channel
	}
	v.Values[ValueResendAt] = status.NextCall
	if status.State != otp.Called || !status.BlockedUntil.IsZero() {
		return
	}
	if c.CallerMask != "" {
		v.Values[ValueCallerMask] = c.CallerMask
	}
	if !c.CalledAt.IsZero() {
		v.Values[ValueCalledAt] = c.CalledAt
	}
	if status.TriesLeft <= otp.Few && c.Attempts > 0 {
		v.Values[ValueTriesLeft] = status.TriesLeft
	}
}

func showChallenge(v *factors.View, status otp.Status) {
	c := status.Challenge
	others := v.Actions
	v.Actions = append([]string{factors.ActionResend}, others...)
	if c.ByProvider && (status.State == otp.Called || status.State == otp.Placed) {
		v.Values[ValueWholeNumber] = true
	}
	switch status.State {
	case otp.Requested, otp.Calling:
		v.State, v.Actions, v.Refresh = StateCalling, nil, progress
	case otp.Placed:
		v.State, v.Values[ValueExpiresAt], v.Refresh = StateCalling, c.Until, progress
		showWrong(v, status)
	case otp.Called:
		v.State, v.Values[ValueExpiresAt], v.Refresh = StateCalled, c.Until, c.Until.Sub(status.At)
		showWrong(v, status)
	case otp.Exhausted:
		v.State, v.Problem = StateExhausted, newCall(otp.ProblemCodeExhausted, status)
	case otp.Expired:
		v.State, v.Problem = StateExpired, newCall(otp.ProblemCodeExpired, status)
	case otp.Confirmed:
		// Only seen where the proof got lost on its way to the login.
		v.State, v.Problem = StateExpired, newCall(otp.ProblemCodeUsed, status)
	case otp.Failed:
		v.State, v.Problem = StateFailed, newCall(ProblemOf(c.Failure), status)
	case otp.Refused:
		v.State, v.Actions = StateNotMine, nil
		v.Problem = &factors.Problem{ID: otp.ProblemNumberNotMine, Status: http.StatusConflict}
		deleteTimes(v)
	default:
		v.State, v.Problem = StateUnknown, newCall(ProblemCallUnknown, status)
	}
}

func showWrong(v *factors.View, status otp.Status) {
	if status.Challenge.Wrong {
		v.State, v.Problem = StateWrong, otp.CodeWrong(status.TriesLeft)
	}
}

func newCall(id string, status otp.Status) *factors.Problem {
	return &factors.Problem{ID: id, Args: map[string]any{ValueResendAt: status.NextCall}}
}

// ProblemOf is the problem that a person learns of why a code wasn't sent: a
// provider's word, one of loops.Keys, or otp.KindStopped.
func ProblemOf(kind string) string {
	switch loops.Key(kind) {
	case otp.KindStopped:
		return otp.ProblemCallsStopped
	case loops.Unreachable:
		return ProblemCallUnreachable
	case loops.InvalidNumber, loops.DestinationForbidden, loops.NumberBlocked:
		return ProblemCallRefused
	case loops.RateLimited, loops.FraudSuspected:
		return ProblemCallLimited
	}
	return ProblemCallUnavailable
}
