package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

type loginOf = idp.Login

func TestDefect03CodeIsRedeemedOnceAndItsReuseRevokes(t *testing.T) {
	w := newWorld(t)
	code := w.agent().code("app")
	won := redeem(w.agent, oidc.PathToken, 64, codeForm(code))
	if len(won) != 1 {
		t.Fatalf("%d of 64 parallel redemptions won, want 1", len(won))
	}
	got := w.tokens(won[0])
	if w.works(got.Access) {
		t.Error("the access token outlived the second use of its code")
	}
	w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
}

// redeem posts the form n times at once and returns the successes.
func redeem(agent func() *agent, path string, n int, form url.Values) []answer {
	answers := make([]answer, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		a := agent()
		done.Go(func() {
			ready.Wait()
			answers[i] = a.post(path, form, basic("app", secret))
		})
	}
	ready.Done()
	done.Wait()
	var won []answer
	for _, a := range answers {
		if a.status == http.StatusOK {
			won = append(won, a)
		}
	}
	return won
}

func TestDefect15PlainErrorsAreNotServerErrorsAndSayNothing(t *testing.T) {
	w := newWorld(t)
	form := refreshForm("x", "client_assertion", "y", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	a := w.agent()
	a.post(oidc.PathToken, form).wantError(t, http.StatusUnauthorized, "invalid_client")
	code, access := a.code("app"), a.signIn("app").Access
	w.must(w.store.Close())
	for name, got := range map[string]answer{
		"token":         a.post(oidc.PathToken, codeForm(code), basic("app", secret)),
		"userinfo":      a.post(oidc.PathUserinfo, nil, bearer(access)),
		"introspection": a.post(oidc.PathIntrospect, url.Values{"token": {access}}, basic("app", secret)),
		"revocation":    a.post(oidc.PathRevoke, url.Values{"token": {access}}, basic("app", secret)),
	} {
		got.wantError(t, http.StatusInternalServerError, "server_error")
		if strings.TrimSpace(string(got.body)) != `{"error":"server_error"}` {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if got := a.get(oidc.PathAuthorize, request("app")); got.status != http.StatusInternalServerError || got.page != "internal" {
		t.Errorf("authorize: %d %q", got.status, got.page)
	}
}
