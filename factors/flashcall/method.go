package flashcall

import (
	"context"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// ID is the method's name in the settings, as in Blitz.
const ID = "flashCall"

// Form fields. A person types Code; a native app that may read the call log
// posts the whole number that called as Caller instead. Both count alike.
const (
	FieldCode   = otp.FieldCode
	FieldCaller = "caller"
)

// maxCode bounds a typed code, in bytes: blanks and dashes have room.
const maxCode = 64

// Settings are the method's own; those of codes are otp.Settings.
type Settings struct {
	// PhoneAttribute is the person's attribute that holds the number.
	PhoneAttribute string
	// Region is the country (ISO 3166, two letters) of numbers in national form;
	// empty where all numbers have their country code.
	Region string
}

// Method is the flash call.
type Method struct {
	engine   *otp.Engine
	settings func() Settings
}

var _ factors.Method = (*Method)(nil)

// New gives the method over an engine whose Method is ID and whose Sender is a
// Sender. Settings are asked for at every use.
func New(engine *otp.Engine, settings func() Settings) *Method {
	return &Method{engine: engine, settings: settings}
}

// ID is "flashCall".
func (m *Method) ID() string { return ID }

// Ready says whether a call could be asked for: the number is fit and the
// method isn't blocked for the person.
func (m *Method) Ready(ctx context.Context, login factors.Login) error {
	if _, err := m.target(login); err != nil {
		return err
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return err
	}
	if !status.BlockedUntil.IsZero() {
		return otp.Blocked(status.BlockedUntil)
	}
	return nil
}

// Begin asks for the login's first call. Its problem is otp.ProblemResendWait
// where another login of the person had one just now: the page then is ready,
// with the wait.
func (m *Method) Begin(ctx context.Context, login factors.Login) error {
	target, err := m.target(login)
	if err != nil {
		return err
	}
	return m.engine.Request(ctx, target)
}

// Answer takes the code, or asks for another call.
func (m *Method) Answer(ctx context.Context, login factors.Login, answer factors.Answer) (*factors.Proof, error) {
	err := factors.CheckAction(answer, "", factors.ActionResend)
	if err != nil {
		return nil, err
	}
	if login.Person == nil {
		return nil, noPerson()
	}
	if answer.Action == factors.ActionResend {
		return nil, m.resend(ctx, login)
	}
	code, err := m.code(ctx, login, answer)
	if err != nil {
		return nil, err
	}
	if err := m.engine.Enter(ctx, login.ID, login.Person.ID, code); err != nil {
		return nil, err
	}
	return &factors.Proof{PersonID: login.Person.ID, AMR: []string{"tel"}}, nil
}

func (m *Method) resend(ctx context.Context, login factors.Login) error {
	target, err := m.target(login)
	if err != nil {
		return err
	}
	return m.engine.Resend(ctx, target)
}

// code is what the person typed, or what a caller number says.
func (m *Method) code(ctx context.Context, login factors.Login, answer factors.Answer) (string, error) {
	if err := factors.CheckField(answer, FieldCode, maxCode); err != nil {
		return "", err
	}
	if err := factors.CheckField(answer, FieldCaller, maxCaller); err != nil {
		return "", err
	}
	code, caller := answer.Field(FieldCode), answer.Field(FieldCaller)
	if code != "" || caller == "" {
		return code, nil
	}
	status, err := m.engine.Status(ctx, login.ID, login.Person.ID)
	if err != nil {
		return "", err
	}
	return codeOfCaller(caller, status.CodeLength), nil
}

// target is where a call of this login goes.
func (m *Method) target(login factors.Login) (otp.Target, error) {
	if login.Person == nil {
		return otp.Target{}, noPerson()
	}
	s := m.settings()
	phone, err := Phone(login.Person.Attributes[s.PhoneAttribute], s.Region)
	if err != nil {
		return otp.Target{}, err
	}
	t := otp.Target{LoginID: login.ID, PersonID: login.Person.ID, Phone: phone}
	if login.IP.IsValid() {
		t.RemoteIP = login.IP.String()
	}
	return t, nil
}

func noPerson() error { return &factors.Problem{ID: factors.ProblemNoPerson} }
