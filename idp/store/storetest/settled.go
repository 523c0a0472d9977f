package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

func grantsInSession(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	must(t, s.Sessions.CreateSession(t.Context(), someSession("s1", "u1")))
	seen := noon.Add(9 * time.Minute)
	see := func(session *idp.Session) error { session.SeenAt = seen; return nil }
	must(t, s.Grants.CreateGrantInSession(t.Context(), someGrant("g1"), see, freshToken("t1", "g1")))
	session, err := s.Sessions.SessionByID(t.Context(), "s1")
	must(t, err)
	if !session.SeenAt.Equal(seen) {
		t.Errorf("the session was seen at %v, want %v", session.SeenAt, seen)
	}
	if _, g, err := s.Tokens.TokenByHash(t.Context(), "t1"); err != nil || g.ID != "g1" {
		t.Errorf("the token's grant: %+v, %v", g, err)
	}
	refusal := errors.New("refused")
	refuse := func(session *idp.Session) error { session.SeenAt = noon; return refusal }
	if err := s.Grants.CreateGrantInSession(t.Context(), someGrant("g2"), refuse); err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	gone := someGrant("g3")
	gone.Session = "none"
	wantError(t, "without its session", s.Grants.CreateGrantInSession(t.Context(), gone, see), idp.ErrNotFound)
	for _, id := range []string{"g2", "g3"} {
		_, err := s.Grants.GrantByCode(t.Context(), "code-"+id)
		wantError(t, "the grant "+id, err, idp.ErrNotFound)
	}
}

// endsLogin ends a login together with what it ends in: a session, a grant.
func endsLogin(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), numbered("u1", "79990000001")))
	must(t, s.Logins.CreateLogin(t.Context(), &idp.Login{ID: "one", State: idp.LoginOpen, ExpiresAt: noon}))
	refusal := errors.New("refused")
	to := func(state idp.LoginState, err error) func(*idp.Login) error {
		return func(l *idp.Login) error { l.State = state; return err }
	}
	ends := []struct {
		name  string
		state idp.LoginState
		end   func(id string, change func(*idp.Login) error) error
		there func() error
	}{
		{"in a session", idp.LoginDone, func(id string, change func(*idp.Login) error) error {
			l, err := s.Logins.SignIn(t.Context(), login.Entry{
				Login: id, Change: change, Session: someSession("s1", "u1"), Phone: "+79990000001", ProvedAt: time.Unix(1_800_000_000, 0),
			})
			if err == nil && l.State != idp.LoginDone {
				t.Errorf("told of the state %s", l.State)
			}
			return err
		}, func() error { _, err := s.Sessions.SessionByID(t.Context(), "s1"); return err }},
		{"in a grant", idp.LoginAnswered, func(id string, change func(*idp.Login) error) error {
			return s.Grants.CreateGrantOfLogin(t.Context(), someGrant("g1"), id, change, freshToken("t1", "g1"))
		}, func() error { _, _, err := s.Tokens.TokenByHash(t.Context(), "t1"); return err }},
	}
	for _, end := range ends {
		wantError(t, end.name+", without a login", end.end("none", to(end.state, nil)), idp.ErrNotFound)
		wantError(t, end.name+", refused", end.end("one", to(end.state, refusal)), refusal)
		wantError(t, end.name+", not ended", end.there(), idp.ErrNotFound)
		if l, err := s.Logins.LoginByID(t.Context(), "one"); err != nil || l.State == end.state {
			t.Errorf("%s, refused: %+v, %v", end.name, l, err)
		}
		must(t, end.end("one", to(end.state, nil)))
		must(t, end.there())
		if l, err := s.Logins.LoginByID(t.Context(), "one"); err != nil || l.State != end.state {
			t.Errorf("%s: %+v, %v", end.name, l, err)
		}
	}
	if got := confirmed(t, s, "u1"); got != "true 1800000000" {
		t.Errorf("the number that was proved is confirmed as %q", got)
	}
}

// stopsSignIn: who was blocked, deleted or given another password meanwhile gets no
// session, and the login stays as it was.
func stopsSignIn(t *testing.T, s Stores) {
	stops := map[string]func(id string) error{
		"blocked": func(id string) error {
			return s.Users.ResetUser(t.Context(), id, func(u *idp.User) error { u.Blocked = true; return nil })
		},
		"deleted":          func(id string) error { return s.Users.DeleteUser(t.Context(), id) },
		"another password": func(string) error { return nil }, // the login knows an older one
	}
	for name, stop := range stops {
		id := "u-" + name
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: id, PasswordHash: "hash", PasswordSetAt: noon}))
		known, err := s.Users.UserByID(t.Context(), id)
		must(t, err)
		must(t, s.Logins.CreateLogin(t.Context(), &idp.Login{ID: name, State: idp.LoginOpen, ExpiresAt: noon}))
		session := someSession("s-"+name, id)
		e := login.Entry{Login: name, Session: session, PasswordSetAt: known.PasswordSetAt, Change: func(l *idp.Login) error { l.State = idp.LoginDone; return nil }}
		if name == "another password" {
			e.PasswordSetAt = known.PasswordSetAt.Add(-time.Second)
		}
		must(t, stop(id))
		_, err = s.Logins.SignIn(t.Context(), e)
		wantError(t, name, err, login.ErrStopped)
		_, err = s.Sessions.SessionByID(t.Context(), session.ID)
		wantError(t, name+", the session", err, idp.ErrNotFound)
		if l, err := s.Logins.LoginByID(t.Context(), name); err != nil || l.State != idp.LoginOpen {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}
