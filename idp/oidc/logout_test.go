package oidc_test

import (
	"net/url"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// logoutForm is the form of the question, as the page would post it.
func logoutForm(a *agent, pairs ...string) url.Values {
	a.w.t.Helper()
	page := a.get(oidc.PathLogout, with(url.Values{}, pairs...))
	hidden, _ := page.json(a.w.t)["Hidden"].(map[string]any)
	form := url.Values{}
	for name, value := range hidden {
		form.Set(name, value.(string))
	}
	if page.page != "logout" || form.Get("proof") == "" {
		a.w.t.Fatalf("page %q: %s", page.page, page.body)
	}
	return form
}

// What a logout request may do is tested beside idp/logout; here, that the ID
// tokens of this package are good hints, and what ends with the session.
func TestLogoutEndsWhatLeansOnTheSession(t *testing.T) {
	for name, client := range map[string]string{"fresh": "app", "expired": "expiring"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.agent()
			offline := a.signIn("app")
			online := a.signIn(client, "scope", "openid")
			got := a.get(oidc.PathLogout, url.Values{"id_token_hint": {online.ID}, "post_logout_redirect_uri": {goodbye}, "state": {"s&1"}})
			if got.location == nil || got.location.String() != goodbye+"?state=s%261" {
				t.Fatalf("%d page %q location %v", got.status, got.page, got.location)
			}
			if w.works(online.Access) {
				t.Error("the access token outlived its session")
			}
			if !w.works(offline.Access) {
				t.Error("offline access ended with the session")
			}
			if got := a.get(oidc.PathLogout, nil); got.page != "signed-out" {
				t.Errorf("still signed in: %q", got.page)
			}
		})
	}
}
