package flashcall

import (
	"context"
	"maps"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// As first factor the method starts from a number that anybody may type. Nothing
// that can be seen or measured may tell whether somebody has it: a number that
// nobody has gets a decoy, which is written, counted and answered like a call,
// and attempts count per number. See otp.Target.Blind.

// answerFirst takes the number, and then the code.
func (m *Method) answerFirst(ctx context.Context, login factors.Login, answer factors.Answer) (*factors.Proof, error) {
	if err := factors.CheckField(answer, FieldPhone, maxPhone); err != nil {
		return nil, err
	}
	c, err := m.engine.Current(ctx, login.ID)
	if err != nil {
		return nil, err
	}
	typed := answer.Field(FieldPhone)
	switch {
	case typed != "" && answer.Action == "":
		return nil, m.ask(ctx, login, typed, m.engine.Request)
	case c == nil || c.State == otp.Refused:
		return nil, &factors.Problem{ID: factors.ProblemFieldMissing, Field: FieldPhone}
	case answer.Action != "":
		return nil, m.ask(ctx, login, c.Phone, func(ctx context.Context, t otp.Target) error { return m.act(ctx, t, answer.Action) })
	}
	status, err := m.engine.Status(ctx, login.ID, c.PersonID)
	if err != nil {
		return nil, err
	}
	code, err := code(answer, status.CodeLength, true)
	if err != nil {
		return nil, err
	}
	c, err = m.engine.Confirm(ctx, otp.Entered{LoginID: login.ID, PersonID: c.PersonID, Code: code, Blind: true, Status: &status})
	if err != nil {
		return nil, err
	}
	person, err := m.find(ctx, c.Phone)
	if err != nil {
		return nil, err
	}
	if person == nil { // gone since the call was asked for
		return nil, &factors.Problem{ID: otp.ProblemCodeNone, Field: FieldCode}
	}
	return proof(c, person.ID), nil
}

// ask finds out whether somebody has the number, and asks for a code either way.
func (m *Method) ask(ctx context.Context, login factors.Login, typed string, by func(context.Context, otp.Target) error) error {
	t, err := m.targetAt(login, typed)
	if err != nil {
		if p := factors.AsProblem(err); p != nil {
			p = Typed(p)
			p.Field = FieldPhone
			return p
		}
		return err
	}
	known, err := m.known(ctx, t.Phone)
	if err != nil {
		return err
	}
	t.PersonID, t.Blind, t.Decoy = m.engine.NumberKey(t.Phone), true, !known
	return by(ctx, t)
}

// showFirst tells how the step stands, as far as it may be told.
func (m *Method) showFirst(ctx context.Context, login factors.Login) (factors.View, error) {
	c, err := m.engine.Current(ctx, login.ID)
	if err != nil {
		return factors.View{}, err
	}
	v := factors.View{State: StateNumber, Values: map[string]any{
		ValueFirst: true, ValueChannel: ID, ValueCodeLength: m.engine.CodeLength(),
	}}
	// One of another person was asked for as second factor, by somebody who has gone
	// back since.
	if c == nil || c.State == otp.Refused || c.PersonID != m.engine.NumberKey(c.Phone) {
		return v, nil
	}
	status, err := m.engine.Status(ctx, login.ID, c.PersonID)
	if err != nil {
		return factors.View{}, err
	}
	status.Challenge, status.State = c, m.engine.Blind(c, status.At)
	m.values(&v, status, c.Phone)
	if !m.showBlocked(&v, status) {
		showChallenge(&v, status)
	}
	maps.DeleteFunc(v.Values, func(name string, _ any) bool { return !slices.Contains(toldToAnybody(), name) })
	if status.State == otp.Called && v.State != StateBlocked {
		v.Values[ValueExpiresAt], v.Refresh = m.engine.BlindUntil(c), m.engine.BlindUntil(c).Sub(status.At)
	}
	return v, nil
}

// toldToAnybody are the values that are the same whether somebody has the number.
// What a provider told of the call, and what becomes of it, is known of real ones
// alone.
func toldToAnybody() []string {
	return []string{
		ValueFirst, ValueChannel, ValuePhone, ValueCodeLength, ValueTriesLeft, ValueResendAt, ValueCallAt, ValueSMSAt, ValueVoiceAt, ValueUntil,
	}
}
