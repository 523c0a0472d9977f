package login_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

// The last proof is stored with the session that it leads to. Where another node
// took an answer of the same login meanwhile, it is stored all the same.
func TestTheLastProofMeetsAnotherAnswer(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.untilCalled(a)
	p.memory.beforeSignIn = func(id string) {
		p.memory.beforeSignIn = nil
		_, err := p.memory.UpdateLogin(t.Context(), id, func(l *idp.Login) error { l.Answer("elsewhere"); return nil })
		must(t, err)
	}
	a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
	l := p.login(path)
	if l.State != idp.LoginDone || len(l.Facts) != 2 || !l.Answered("elsewhere") || p.memory.sessions[l.Session] == nil {
		t.Errorf("login %+v, sessions %v", l, p.memory.sessions)
	}
	if p.memory.beforeSignIn != nil || len(p.memory.sessions) != 1 {
		t.Errorf("%d sessions", len(p.memory.sessions))
	}
}

// The number is confirmed with the sign-in that its call led to.
func TestASignInConfirmsTheNumber(t *testing.T) {
	p := newProvider(t)
	p.signIn(p.agent())
	if got := p.memory.reached; len(got) != 1 || got[0] != "ann +79990000001" {
		t.Errorf("confirmed %v", got)
	}
}

// Where the login was denied in between, the last proof changes nothing.
func TestTheLastProofOfADeniedLogin(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.untilCalled(a)
	p.memory.beforeSignIn = func(id string) {
		_, err := p.memory.UpdateLogin(t.Context(), id, func(l *idp.Login) error { l.State, l.Error = idp.LoginDenied, "access_denied"; return nil })
		must(t, err)
	}
	a.post(path, a.get(path).form("#code", "code", "0421"))
	if l := p.login(path); l.State != idp.LoginDenied || len(p.memory.sessions) != 0 {
		t.Errorf("login %+v, %d sessions", l, len(p.memory.sessions))
	}
}

// The attack: whoever is being blocked signs in at the very moment, to have a session
// that outlives the block.
func TestWhoIsStoppedWhileSigningInGetsNoSession(t *testing.T) {
	for name, stop := range map[string]func(m *memory){
		"blocked": func(m *memory) { m.users["ann"].Blocked = true },
		"deleted": func(m *memory) { delete(m.users, "ann") },
		"given another password": func(m *memory) {
			changed := *m.users["ann"]
			changed.PasswordHash, changed.PasswordSetAt = "another", time.Date(2026, 11, 21, 12, 0, 1, 0, time.UTC)
			m.users["ann"] = &changed
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			a := p.agent()
			path := p.untilCalled(a)
			p.memory.beforeSignIn = func(string) { stop(p.memory) }
			a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
			if l := p.login(path); l.State != idp.LoginDenied || l.Error != login.ErrorAccessDenied || len(p.memory.sessions) != 0 {
				t.Errorf("login %+v, %d sessions", l, len(p.memory.sessions))
			}
		})
	}
}
