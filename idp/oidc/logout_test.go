package oidc_test

import (
	"net/http"
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

func TestLogoutWithTheSessionsIDToken(t *testing.T) {
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

func TestLogoutByPOST(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	id := a.signIn("app").ID
	got := a.post(oidc.PathLogout, url.Values{"id_token_hint": {id}, "client_id": {"app"}, "post_logout_redirect_uri": {goodbye}})
	if got.location == nil || got.location.String() != goodbye {
		t.Errorf("%d page %q location %v", got.status, got.page, got.location)
	}
}

func TestLogoutThatProvesNothingAsksAndGoesNowhere(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	old := a.signIn("app").ID // of a session that another one replaced
	current := a.signIn("app", "scope", "openid")
	stranger := newWorld(t).agent().signIn("app").ID
	for name, asked := range map[string][]string{
		"nothing":                   {},
		"only a redirect":           {"post_logout_redirect_uri", "https://evil.example/"},
		"another issuer's hint":     {"id_token_hint", stranger, "post_logout_redirect_uri", goodbye},
		"a hint that is none":       {"id_token_hint", "x", "client_id", "app", "post_logout_redirect_uri", goodbye},
		"a hint for another client": {"id_token_hint", current.ID, "client_id", "other", "post_logout_redirect_uri", goodbye},
		"an access token":           {"id_token_hint", current.Access},
		"a hint of another session": {"id_token_hint", old, "post_logout_redirect_uri", goodbye},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.get(oidc.PathLogout, with(url.Values{}, asked...))
			if got.page != "logout" || got.location != nil {
				t.Errorf("page %q location %v", got.page, got.location)
			}
		})
	}
	if !w.works(current.Access) {
		t.Error("the session ended without an answer")
	}
	for name, asked := range map[string]url.Values{
		"unregistered":             {"client_id": {"app"}, "post_logout_redirect_uri": {"https://evil.example/"}},
		"unregistered with a hint": {"id_token_hint": {current.ID}, "post_logout_redirect_uri": {"https://evil.example/"}},
	} {
		if got := a.get(oidc.PathLogout, asked); got.page != "logout_redirect_invalid" || got.location != nil {
			t.Errorf("%s: page %q location %v", name, got.page, got.location)
		}
	}
	twice := url.Values{"post_logout_redirect_uri": {goodbye, "https://evil.example/"}, "client_id": {"app"}}
	if got := a.get(oidc.PathLogout, twice); got.page != "request_invalid" {
		t.Errorf("a doubled parameter: %q", got.page)
	}
}

func TestLogoutAfterTheQuestion(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	access := a.signIn("app", "scope", "openid").Access
	form := logoutForm(a, "client_id", "app", "post_logout_redirect_uri", goodbye, "state", "s1")

	for name, bad := range map[string]url.Values{
		"without a proof":   with(clone(form), "proof", ""),
		"with another":      with(clone(form), "proof", "00"),
		"another's session": logoutFormOf(w),
	} {
		if got := a.post(oidc.PathLogoutConfirm, bad); got.page != "request_invalid" || !w.works(access) {
			t.Errorf("%s: %d %q", name, got.status, got.page)
		}
	}
	if got := a.post(oidc.PathLogoutConfirm, with(clone(form), "post_logout_redirect_uri", "https://evil.example/")); got.page != "logout_redirect_invalid" {
		t.Errorf("a changed address: %q %v", got.page, got.location)
	}
	if got := w.agent().post(oidc.PathLogoutConfirm, form); got.page != "signed-out" || !w.works(access) {
		t.Errorf("another browser: %q", got.page)
	}
	if got := a.post(oidc.PathLogoutConfirm, form); got.location == nil || got.location.String() != goodbye+"?state=s1" {
		t.Errorf("%d %q %v", got.status, got.page, got.location)
	}
	if w.works(access) {
		t.Error("the access token outlived the session")
	}
	if got := a.get(oidc.PathLogoutConfirm, nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got.status)
	}
}

func logoutFormOf(w *world) url.Values {
	other := w.agent()
	other.signIn("app")
	return logoutForm(other)
}

func clone(v url.Values) url.Values {
	c := url.Values{}
	for name, values := range v {
		c[name] = values
	}
	return c
}
