package password

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// ID is the method's name in the settings, as in Blitz.
const ID = "password"

// Form fields.
const (
	FieldLogin    = "login"
	FieldPassword = "password"
)

// StateReady is the only state of the page: the form.
const StateReady = "ready"

// maxLogin bounds a login name, in bytes.
const maxLogin = 256

// Options are what a Method needs. Now and Log have defaults.
type Options struct {
	Accounts Accounts
	Store    Store
	Hasher   *Hasher
	// Settings are asked for at every use, so that a reload works at once. They
	// must be valid.
	Settings func() Settings
	// Hash is a keyed hash (HMAC) of its parts, unambiguous about where one part
	// ends, as text.
	Hash func(parts ...string) string
	// Normalize gives the form in which logins are compared: the one that
	// Accounts uses, or one account would have several counters.
	Normalize func(login string) string
	Now       func() time.Time
	Log       *slog.Logger
}

// Method is login and password.
type Method struct{ options Options }

var _ factors.Method = (*Method)(nil)

// New refuses incomplete Options and invalid settings.
func New(o Options) (*Method, error) {
	if o.Accounts == nil || o.Store == nil || o.Hasher == nil || o.Settings == nil || o.Hash == nil || o.Normalize == nil {
		return nil, errors.New("password: Accounts, Store, Hasher, Settings, Hash and Normalize are needed")
	}
	if err := o.Settings().Validate(); err != nil {
		return nil, fmt.Errorf("settings of %s: %w", ID, err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Method{options: o}, nil
}

// ID is "password".
func (m *Method) ID() string { return ID }

// Ready is always nil: to say that a person has no password would tell about
// the account.
func (m *Method) Ready(context.Context, factors.Login) error { return nil }

// Begin does nothing: the person has all that is needed.
func (m *Method) Begin(context.Context, factors.Login) error { return nil }

// Show gives the form; its value "login" is what to prefill.
func (m *Method) Show(_ context.Context, login factors.Login) (factors.View, error) {
	name := login.Hint
	if login.Person != nil {
		name = login.Person.Login
	}
	return factors.View{State: StateReady, Values: map[string]any{FieldLogin: name}}, nil
}

// Answer compares a password. A try costs a slot first, then a count, then a
// hash, whoever the login belongs to: so a new counter costs its maker a hash,
// which bounds how fast the store can grow, and time and answer tell nothing
// about accounts. As a second factor only the login's own person counts.
func (m *Method) Answer(ctx context.Context, login factors.Login, answer factors.Answer) (*factors.Proof, error) {
	name, err := m.fields(login, answer)
	if err != nil {
		return nil, err
	}
	slot, err := m.options.Hasher.acquire(ctx)
	if errors.Is(err, ErrBusy) {
		return nil, factors.Busy(err)
	}
	if err != nil {
		return nil, err
	}
	defer slot.release()
	key := m.key(name)
	if err := m.take(ctx, key); err != nil {
		return nil, err
	}
	account, stale, err := m.compare(ctx, slot, login, name, answer.Field(FieldPassword))
	if err != nil {
		return nil, err
	}
	if account == nil {
		m.options.Log.Debug("password not accepted", "login_id", login.ID, "login_hash", key)
		return nil, m.failed(ctx, key)
	}
	if err := m.succeeded(ctx, key); err != nil {
		return nil, err
	}
	if stale {
		m.rehash(ctx, slot, *account, answer.Field(FieldPassword))
	}
	m.options.Log.Debug("password accepted", "login_id", login.ID, "user_id", account.Person.ID)
	return &factors.Proof{PersonID: account.Person.ID, AMR: []string{"pwd"}}, nil
}

// compare returns the account whose password it is, nil where it is nobody's or
// the account can't be used; either way one hash is computed.
func (m *Method) compare(ctx context.Context, slot slot, login factors.Login, name, typed string) (owner *Account, stale bool, err error) {
	account, err := m.options.Accounts.AccountByLogin(ctx, name)
	if err != nil && !errors.Is(err, ErrNoAccount) {
		return nil, false, fmt.Errorf("finding the account: %w", err)
	}
	ok, stale, err := slot.verify(typed, account.Hash)
	if err != nil {
		m.options.Log.Error("password hash unusable", "user_id", account.Person.ID, "error", err)
	}
	mine := login.Factor != 2 || login.Person != nil && login.Person.ID == account.Person.ID
	if !ok || account.Blocked || !mine {
		return nil, false, nil
	}
	return &account, stale, nil
}

// fields checks the form and returns the login name: the person's own where the
// form has none.
func (m *Method) fields(login factors.Login, answer factors.Answer) (string, error) {
	err := errors.Join(factors.CheckAction(answer, ""),
		factors.CheckField(answer, FieldLogin, maxLogin), factors.CheckField(answer, FieldPassword, MaxLength))
	if err != nil {
		return "", factors.AsProblem(err)
	}
	name := answer.Field(FieldLogin)
	if name == "" && login.Person != nil {
		name = login.Person.Login
	}
	if m.options.Normalize(name) == "" {
		return "", &factors.Problem{ID: factors.ProblemFieldMissing, Field: FieldLogin}
	}
	if answer.Field(FieldPassword) == "" {
		return "", &factors.Problem{ID: factors.ProblemFieldMissing, Field: FieldPassword}
	}
	return name, nil
}

// take spends a try, before anything is compared.
func (m *Method) take(ctx context.Context, key string) error {
	err := m.options.Store.UpdateCounter(ctx, key, func(c *Counter) error {
		if p := c.take(m.options.Settings(), m.options.Now()); p != nil {
			return p
		}
		return nil
	})
	if p := factors.AsProblem(err); p != nil {
		m.options.Log.Info("password not looked at", "login_hash", key, "problem", p.ID)
		return p
	}
	if err != nil {
		return fmt.Errorf("counting a password: %w", err)
	}
	return nil
}

// failed gives the problem of a wrong password, with the time of the next try
// where that isn't now.
func (m *Method) failed(ctx context.Context, key string) error {
	p := wrong()
	now := m.options.Now()
	err := m.options.Store.UpdateCounter(ctx, key, func(c *Counter) error {
		c.fail(m.options.Settings(), now)
		if p.Args = nil; c.NotBefore.After(now) {
			p.Args = map[string]any{"until": c.NotBefore}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("counting a wrong password: %w", err)
	}
	return p
}

func (m *Method) succeeded(ctx context.Context, key string) error {
	err := m.options.Store.UpdateCounter(ctx, key, func(c *Counter) error {
		c.succeed()
		return nil
	})
	if err != nil {
		return fmt.Errorf("counting a right password: %w", err)
	}
	return nil
}

// rehash brings a hash to today's parameters. That it failed is no reason to
// refuse the person.
func (m *Method) rehash(ctx context.Context, slot slot, account Account, password string) {
	hash, err := slot.hash(password)
	if err == nil {
		err = m.options.Accounts.SetHash(ctx, account.Person.ID, account.Hash, hash)
	}
	if err != nil {
		m.options.Log.Error("renewing a password hash failed", "user_id", account.Person.ID, "error", err)
		return
	}
	m.options.Log.Info("password hash renewed", "user_id", account.Person.ID)
}
