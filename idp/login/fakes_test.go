package login_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/login"
)

// memory keeps what a database would. Its updates run the change twice, as the
// contract allows.
type memory struct {
	mu       sync.Mutex
	logins   map[string]*idp.Login
	sessions map[string]*idp.Session
	users    map[string]*idp.User
	client   *idp.Client
	rows     map[string]browser.Row
	given    map[string][]consent.Item // by person and client
	broken   error                     // every read fails with it, when set
	full     error                     // browsers can't be changed, when set
	changes  []login.PasswordChange
	// beforeUpdateSession, when set, is what another request does just before.
	beforeUpdateSession func(*idp.Session)
	// beforeSignIn, when set, is what another request does just before.
	beforeSignIn func(login string)
	reached      []string // the people and numbers that sign-ins confirmed
}

func newMemory() *memory {
	return &memory{
		logins: map[string]*idp.Login{}, sessions: map[string]*idp.Session{}, users: map[string]*idp.User{},
		rows: map[string]browser.Row{}, given: map[string][]consent.Item{},
	}
}

func copyLogin(l *idp.Login) *idp.Login {
	c := *l
	c.Facts, c.Forms = slices.Clone(l.Facts), slices.Clone(l.Forms)
	return &c
}

func copySession(s *idp.Session) *idp.Session {
	c := *s
	c.Facts = slices.Clone(s.Facts)
	return &c
}

func (m *memory) LoginByID(ctx context.Context, id string) (*idp.Login, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.broken); err != nil {
		return nil, err
	}
	if l, ok := m.logins[id]; ok {
		return copyLogin(l), nil
	}
	return nil, idp.ErrNotFound
}

func (m *memory) UpdateLogin(ctx context.Context, id string, change func(*idp.Login) error) (*idp.Login, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	l, ok := m.logins[id]
	if !ok {
		return nil, idp.ErrNotFound
	}
	_ = change(copyLogin(l))
	changed := copyLogin(l)
	if err := change(changed); err != nil {
		return nil, err
	}
	m.logins[id] = changed
	return copyLogin(changed), nil
}

func (m *memory) SignIn(ctx context.Context, e login.Entry) (*idp.Login, error) {
	if m.beforeSignIn != nil {
		m.beforeSignIn(e.Login)
	}
	m.mu.Lock()
	u := m.users[e.Session.UserID]
	stopped := u == nil || u.Blocked || !u.PasswordSetAt.Equal(e.PasswordSetAt)
	m.mu.Unlock()
	if stopped {
		return nil, login.ErrStopped
	}
	l, err := m.UpdateLogin(ctx, e.Login, e.Change)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[e.Session.ID] = copySession(e.Session)
	if e.Phone != "" {
		m.reached = append(m.reached, e.Session.UserID+" "+e.Phone)
	}
	return l, nil
}

func (m *memory) SessionByID(_ context.Context, id string) (*idp.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[id]; ok {
		return copySession(s), nil
	}
	return nil, idp.ErrNotFound
}

func (m *memory) UpdateSession(_ context.Context, id string, change func(*idp.Session) error) (*idp.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[id]
	if !ok {
		return nil, idp.ErrNotFound
	}
	if m.beforeUpdateSession != nil {
		m.beforeUpdateSession(s)
	}
	_ = change(copySession(s))
	changed := copySession(s)
	if err := change(changed); err != nil {
		return nil, err
	}
	m.sessions[id] = changed
	return copySession(changed), nil
}

func (m *memory) UserByID(_ context.Context, id string) (*idp.User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u, ok := m.users[id]; ok {
		c := *u
		return &c, nil
	}
	return nil, idp.ErrNotFound
}

func (m *memory) UserByLogin(context.Context, string) (*idp.User, error) { return nil, idp.ErrNotFound }

func (m *memory) ClientByID(_ context.Context, id string) (*idp.Client, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.client == nil || m.client.ID != id {
		return nil, idp.ErrNotFound
	}
	return m.client, nil
}

func (m *memory) ChangePassword(_ context.Context, c login.PasswordChange) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.users[c.UserID]
	if u.PasswordHash != c.Old || !u.MustChangePassword {
		return idp.ErrNotFound
	}
	changed := *u
	changed.PasswordHash, changed.MustChangePassword = c.New, false
	m.users[c.UserID] = &changed
	m.changes = append(m.changes, c)
	return nil
}

func (m *memory) GivenConsent(_ context.Context, user, client string) ([]consent.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.given[user+" "+client]), m.broken
}

func (m *memory) GiveConsent(_ context.Context, user, client string, items []consent.Item, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	given := m.given[user+" "+client]
	m.given[user+" "+client] = append(given, consent.New(items, given)...)
	return m.broken
}

func (m *memory) BrowserByKey(_ context.Context, key string, now time.Time) (browser.Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, ok := m.rows[key]
	if !ok || !now.Before(row.ExpiresAt) {
		return browser.Row{}, idp.ErrNotFound
	}
	return row, nil
}

func (m *memory) PutBrowser(_ context.Context, key string, row browser.Row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[key] = row
	return nil
}

func (m *memory) RotateBrowser(_ context.Context, old, fresh string, row browser.Row, grace time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full != nil {
		return m.full
	}
	m.rows[old] = browser.Row{Browser: row.Browser, ExpiresAt: grace}
	m.rows[fresh] = row
	return nil
}

// method is a factor that passes through the contract and counts what it is
// asked to do.
type method struct {
	id     string
	prove  func(login factors.Login, a factors.Answer) (*factors.Proof, error)
	show   func(m *method, login factors.Login) factors.View
	mu     sync.Mutex
	begun  map[string]int // begins by login
	posted []factors.Answer
	seen   []factors.Login
	ready  error
	gate   chan struct{} // where not nil, an answer waits for it
	inside chan struct{} // gets a token when an answer waits at the gate
}

func (m *method) ID() string { return m.id }

func (m *method) Ready(context.Context, factors.Login) error { return m.ready }

func (m *method) Begin(ctx context.Context, login factors.Login) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begun[login.ID]++
	m.seen = append(m.seen, login)
	return errors.Join(ctx.Err(), m.ready)
}

func (m *method) Show(_ context.Context, login factors.Login) (factors.View, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.show(m, login), nil
}

func (m *method) Answer(ctx context.Context, login factors.Login, a factors.Answer) (*factors.Proof, error) {
	m.mu.Lock()
	m.posted = append(m.posted, a)
	m.seen = append(m.seen, login)
	m.mu.Unlock()
	if m.gate != nil {
		m.inside <- struct{}{}
		<-m.gate
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return m.prove(login, a)
}

// begins is how often the method was begun, over all logins.
func (m *method) begins() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.begun {
		n += b
	}
	return n
}

func (m *method) answers() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.posted)
}

// newPassword knows demo (ann) and bob, both with the password "right".
func newPassword() *method {
	return &method{
		id: "password", begun: map[string]int{}, inside: make(chan struct{}, 8),
		show: func(_ *method, login factors.Login) factors.View {
			return factors.View{State: "ready", Values: map[string]any{"login": login.Hint}}
		},
		prove: func(_ factors.Login, a factors.Answer) (*factors.Proof, error) {
			who := map[string]string{"demo": "ann", "bob": "bob"}[a.Field("login")]
			if who == "" || a.Field("password") != "right" {
				return nil, &factors.Problem{ID: "password_wrong", Status: http.StatusUnauthorized, Field: "password"}
			}
			return &factors.Proof{PersonID: who, AMR: []string{"pwd"}}, nil
		},
	}
}

// newCall is a call whose code is 0421.
func newCall() *method {
	return &method{
		id: "flashCall", begun: map[string]int{}, inside: make(chan struct{}, 8),
		show: func(m *method, login factors.Login) factors.View {
			v := factors.View{State: "ready", Actions: []string{factors.ActionResend}, Values: map[string]any{
				"phone": "+7 999 ***-**-01", "code_length": 4,
			}}
			if m.begun[login.ID] > 0 {
				v.State = "called"
			}
			return v
		},
		prove: func(login factors.Login, a factors.Answer) (*factors.Proof, error) {
			if a.Action == factors.ActionResend {
				return nil, nil
			}
			if a.Field("code") != "0421" {
				return nil, &factors.Problem{ID: "code_wrong", Field: "code"}
			}
			return &factors.Proof{PersonID: login.Person.ID, AMR: []string{"tel"}, Phone: "+79990000001"}, nil
		},
	}
}
