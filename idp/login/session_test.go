package login_test

import (
	"testing"
	"time"
)

// Each time somebody signs in there is a new session, and a new key in the cookie
// (session fixation, ASVS 7.2.4); it says by what its owner knows it again.
func TestASignInMakesANewSession(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	p.begin(a)
	seen := map[string]bool{"": true, a.cookie(): true}
	for range 2 {
		p.signIn(a)
		_, id := a.visit()
		if seen[id] || seen[a.cookie()] {
			t.Errorf("the session %s or its cookie was there before", id)
		}
		seen[id], seen[a.cookie()] = true, true
		s := p.memory.sessions[id]
		if s.UserAgent != "Go-http-client/1.1" || s.Address != "192.0.2.7" || !s.SeenAt.Equal(p.now()) {
			t.Errorf("seen as %q from %q at %v", s.UserAgent, s.Address, s.SeenAt)
		}
		p.wait(24 * time.Hour)
	}
}
