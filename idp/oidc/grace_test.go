package oidc_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// graceful is a world whose provider forgives a lost answer for ten seconds.
func graceful(t *testing.T) *world {
	w := newWorldWithin(t, 10*time.Second)
	w.addClient(idp.Client{ID: "jwt", ClientMetadata: idp.ClientMetadata{JWTAccessTokens: true}})
	return w
}

func TestALostAnswerIsGivenAgain(t *testing.T) {
	for _, client := range []string{"app", "jwt"} {
		t.Run(client, func(t *testing.T) {
			w := graceful(t)
			a := w.agent()
			first := a.signIn(client)
			second := w.tokens(a.post(oidc.PathToken, refreshForm(first.Refresh), basic(client, secret)))
			w.clock.advance(9 * time.Second)
			again := w.tokens(a.post(oidc.PathToken, refreshForm(first.Refresh), basic(client, secret)))
			if again.Refresh != second.Refresh || client == "app" && again.Access != second.Access {
				t.Errorf("%+v after %+v", again, second)
			}
			if again.Expires != second.Expires-9 {
				t.Errorf("it lives for %d seconds, want %d", again.Expires, second.Expires-9)
			}
			third := w.tokens(a.post(oidc.PathToken, refreshForm(again.Refresh), basic(client, secret)))
			if third.Refresh == second.Refresh || !w.works(third.Access) || !w.works(again.Access) {
				t.Error("the family doesn't go on")
			}
		})
	}
}

func TestManyAtOnceHaveOneSuccessor(t *testing.T) {
	w := graceful(t)
	got := w.agent().signIn("app")
	successors := map[tokens]bool{}
	for _, a := range redeem(w.agent, oidc.PathToken, 64, refreshForm(got.Refresh)) {
		one := w.tokens(a)
		one.ID = "" // signed anew
		successors[one] = true
	}
	if len(successors) != 1 {
		t.Fatalf("%d successors, want 1", len(successors))
	}
	for one := range successors {
		if !w.works(one.Access) {
			t.Error("the one successor doesn't work")
		}
	}
}

// What isn't the very same request, or comes too late, is a theft.
func TestGraceForgivesNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		wait    time.Duration
		pairs   []string
		succeed bool // the successor was used
		client  string
		spared  bool // another client's try revokes nothing
	}{
		"too late":               {wait: 10 * time.Second},
		"the successor was used": {succeed: true},
		"other scopes":           {pairs: []string{"scope", "openid email"}},
		"another client":         {client: "other", spared: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := graceful(t)
			a := w.agent()
			first := a.signIn("app")
			second := w.tokens(a.post(oidc.PathToken, refreshForm(first.Refresh), basic("app", secret)))
			if c.succeed {
				w.tokens(a.post(oidc.PathToken, refreshForm(second.Refresh), basic("app", secret)))
			}
			w.clock.advance(c.wait)
			client := "app"
			if c.client != "" {
				client = c.client
			}
			a.post(oidc.PathToken, refreshForm(first.Refresh, c.pairs...), basic(client, secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
			if w.works(second.Access) != c.spared {
				t.Errorf("the family stands: %v", !c.spared)
			}
		})
	}
}
