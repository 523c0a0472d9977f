package flashcall

import (
	"context"
	"net/http"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// ID is the method's name in the settings, as in Blitz.
const ID = "flashCall"

// Form fields. A person types Code; a native app that may read the call log
// posts the whole number that called as Caller instead. Both count alike. Phone
// is the number that a person types where nobody has signed in yet.
const (
	FieldCode   = otp.FieldCode
	FieldCaller = "caller"
	FieldPhone  = "phone"
)

// maxCode bounds a typed code, in bytes: blanks and dashes have room, and the
// whole number where the provider wants it.
const maxCode = 64

// When a person is asked before the first call of a login.
const (
	AskNever     = "never"     // the right password rings the phone
	AskFirstTime = "firstTime" // until they agreed once, for this number
	AskAlways    = "always"
)

// Settings are the method's own; those of codes are otp.Settings.
type Settings struct {
	// PhoneAttribute is the person's attribute that holds the number.
	PhoneAttribute string
	// Region is the country (ISO 3166, two letters) of numbers in national form;
	// empty where all numbers have their country code.
	Region string
	// Ask is one of the Ask constants; empty means AskNever.
	Ask string
	// Numbers that are called.
	Numbers Numbers
}

// Options are what a Method needs. Engine and Settings are required.
type Options struct {
	// Engine is one whose Method is ID and whose Sender is a Sender.
	Engine *otp.Engine
	// Settings are asked for at every use.
	Settings func() Settings
	// Find finds the one person who signs in by the number (E.164 with "+"); nil,
	// nil where nobody does. It is asked once the right code came. Without it the
	// method serves as second factor alone.
	Find func(ctx context.Context, e164 string) (*factors.Person, error)
	// Known says whether Find finds somebody. It is asked whenever a stranger asks
	// for a call, so it must take the same time in both cases. Default: Find itself,
	// which may take longer where there is somebody.
	Known func(ctx context.Context, e164 string) (bool, error)
}

// Method is the flash call, with the other channels of its chain.
type Method struct {
	engine   *otp.Engine
	settings func() Settings
	find     func(ctx context.Context, e164 string) (*factors.Person, error)
	known    func(ctx context.Context, e164 string) (bool, error)
}

var _ factors.Method = (*Method)(nil)

// New gives the method.
func New(o Options) *Method {
	m := &Method{engine: o.Engine, settings: o.Settings, find: o.Find, known: o.Known}
	if m.known == nil {
		m.known = func(ctx context.Context, e164 string) (bool, error) {
			person, err := m.find(ctx, e164)
			return person != nil, err
		}
	}
	return m
}

// ID is "flashCall".
func (m *Method) ID() string { return ID }

// Ready says whether a call could be asked for: the number is fit, some route leads
// to it, its owner didn't stop calls, no budget is used up, and the method isn't
// blocked for the person. As first factor it always is: the number isn't known yet.
func (m *Method) Ready(ctx context.Context, login factors.Login) error {
	if m.first(login) {
		return nil
	}
	target, err := m.target(login)
	if err != nil {
		return err
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return err
	}
	if !status.BlockedUntil.IsZero() {
		return otp.Blocked(status.BlockedUntil)
	}
	if status.Challenge != nil {
		return nil
	}
	if p := m.unreachable(status, target.Phone); p != nil {
		return p
	}
	return m.limited(ctx, target)
}

// unreachable is the problem of a number to which no route leads now, because none
// serves it, or because all that do are switched off; nil where one does.
func (m *Method) unreachable(status otp.Status, phone string) *factors.Problem {
	if len(m.engine.Ways(status, phone)) > 0 {
		return nil
	}
	return &factors.Problem{ID: otp.ProblemNoRoute, Status: http.StatusConflict}
}

// first says whether the method serves as first factor, before anybody has
// signed in.
func (m *Method) first(login factors.Login) bool { return login.Factor == 1 && m.find != nil }

// limited is what a budget or a stop says, as an error.
func (m *Method) limited(ctx context.Context, t otp.Target) error {
	problem, err := m.engine.Limited(ctx, t)
	if err != nil {
		return err
	}
	if problem != nil {
		return problem
	}
	return nil
}

// Begin asks for the login's first call, unless the person is to be asked
// before. Its problem is otp.ProblemResendWait where another login of the person
// had one just now: the page then is ready, with the wait.
func (m *Method) Begin(ctx context.Context, login factors.Login) error {
	if m.first(login) {
		return nil
	}
	target, err := m.target(login)
	if err != nil {
		return err
	}
	switch m.settings().Ask {
	case AskAlways:
		return nil
	case AskFirstTime:
		status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
		if err != nil || status.Agreed != m.engine.Agreement(target.Phone) {
			return err
		}
	}
	return m.engine.Request(ctx, target)
}

// Answer takes the code, or asks for another one by one of the channels.
func (m *Method) Answer(ctx context.Context, login factors.Login, answer factors.Answer) (*factors.Proof, error) {
	err := factors.CheckAction(answer, "", factors.ActionResend, factors.ActionCall, factors.ActionSMS, factors.ActionVoice, factors.ActionNotMine)
	if err != nil {
		return nil, err
	}
	if m.first(login) {
		return m.answerFirst(ctx, login, answer)
	}
	if login.Person == nil {
		return nil, noPerson()
	}
	if answer.Action != "" {
		target, err := m.target(login)
		if err != nil {
			return nil, err
		}
		return nil, m.act(ctx, target, answer.Action)
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return nil, err
	}
	wantsAll := status.Challenge != nil && status.Challenge.ByProvider
	code, err := code(answer, status.CodeLength, wantsAll)
	if err != nil {
		return nil, err
	}
	c, err := m.engine.Confirm(ctx, otp.Entered{LoginID: login.ID, PersonID: login.Person.ID, Code: code, Status: &status})
	if err != nil {
		return nil, err
	}
	return proof(c, login.Person.ID), nil
}

// act does what a button other than the answer's asks for.
func (m *Method) act(ctx context.Context, t otp.Target, action string) error {
	if action == factors.ActionNotMine {
		return m.engine.Refuse(ctx, t)
	}
	for _, channel := range channels() {
		if own, ok := actionFor(channel); ok && own == action {
			t.Channel = channel
		}
	}
	return m.engine.Resend(ctx, t)
}

// channels that a person may ask for.
func channels() []string {
	return []string{string(loops.ChannelFlashCall), string(loops.ChannelSMS), string(loops.ChannelVoice)}
}

// actionFor is the action that asks for a code by the channel.
func actionFor(channel string) (action string, ok bool) {
	switch loops.Channel(channel) {
	case loops.ChannelFlashCall:
		return factors.ActionCall, true
	case loops.ChannelSMS:
		return factors.ActionSMS, true
	case loops.ChannelVoice:
		return factors.ActionVoice, true
	}
	return "", false
}

// proof says by which channel and at which number the person was reached.
func proof(c *otp.Challenge, personID string) *factors.Proof {
	return &factors.Proof{PersonID: personID, AMR: AMR(c.Channel), Phone: c.Phone}
}

// AMR are the RFC 8176 values of a channel: a telephone call or a text message.
func AMR(channel string) []string {
	if channel == string(loops.ChannelSMS) {
		return []string{"sms"}
	}
	return []string{"tel"}
}

// code is what the person typed, or what a caller number says: all of it, or its
// last digits.
func code(answer factors.Answer, length int, whole bool) (string, error) {
	if err := factors.CheckField(answer, FieldCode, maxCode); err != nil {
		return "", err
	}
	if err := factors.CheckField(answer, FieldCaller, maxCaller); err != nil {
		return "", err
	}
	return CodeOf(answer.Field(FieldCode), answer.Field(FieldCaller), length, whole), nil
}

// target is where a call of this login goes.
func (m *Method) target(login factors.Login) (otp.Target, error) {
	if login.Person == nil {
		return otp.Target{}, noPerson()
	}
	t, err := m.targetAt(login, login.Person.Attributes[m.settings().PhoneAttribute])
	t.PersonID = login.Person.ID
	return t, err
}

// targetAt is the target for a number as it was written; whose attempts count is
// the caller's matter.
func (m *Method) targetAt(login factors.Login, raw string) (otp.Target, error) {
	s := m.settings()
	number, err := read(raw, s.Region)
	if err != nil {
		return otp.Target{}, err
	}
	country := number.country()
	if err := s.Numbers.allow(number.kind, country); err != nil {
		return otp.Target{}, err
	}
	t := otp.Target{
		LoginID: login.ID, Phone: phonenumbers.Format(number.parsed, phonenumbers.E164), Country: country, Operator: number.operator(), Lang: login.Lang,
	}
	if login.IP.IsValid() {
		t.RemoteIP = login.IP.String()
	}
	return t, nil
}

func noPerson() error { return &factors.Problem{ID: factors.ProblemNoPerson} }
