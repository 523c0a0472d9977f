package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// A login may take hours. Its answer goes by the registration as it is then.
func TestAnAnswerIsHeldToTheRegistrationAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*idp.Client)
		denied bool
		page   string // for the person alone
		want   string // for the relying party
	}{
		"the redirect URI was taken away": {change: func(c *idp.Client) { c.RedirectURIs = []string{"https://new.example/cb"} }, page: "redirect_invalid"},
		"so it was, and the login denied": {change: func(c *idp.Client) { c.RedirectURIs = []string{"https://new.example/cb"} }, denied: true, page: "redirect_invalid"},
		"the grant was taken away":        {change: func(c *idp.Client) { c.Grants = []string{idp.GrantClientCredentials} }, want: "unauthorized_client"},
		"nothing was":                     {change: func(*idp.Client) {}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.finish = func(l *idp.Login) {
				if c.denied {
					l.State = idp.LoginDenied
				}
			}
			a := w.agent().stopAt(oidc.PathCallback)
			done := a.get(oidc.PathAuthorize, request("app")).location
			_, err := w.store.UpdateClient(context.Background(), "app", func(client *idp.Client) error { c.change(client); return nil })
			w.must(err)
			got := a.get(oidc.PathCallback, done.Query())
			if got.page != c.page || got.query("error") != c.want || c.page != "" && got.location != nil || (c.page+c.want == "") != (got.query("code") != "") {
				t.Errorf("page %q, location %v", got.page, got.location)
			}
		})
	}
}

// A client that was removed, and another of its ID made, gets nothing of the old
// one's login.
func TestAClientThatIsGoneGetsNoAnswer(t *testing.T) {
	w := newWorld(t)
	a := w.agent().stopAt(oidc.PathCallback)
	done := a.get(oidc.PathAuthorize, request("app")).location
	w.must(w.store.DeleteClient(context.Background(), "app"))
	if got := a.get(oidc.PathCallback, done.Query()); got.page != idp.ProblemClientUnknown || got.location != nil {
		t.Errorf("page %q, location %v", got.page, got.location)
	}
}

// What the registration lost goes from the tokens that come after it, and from
// what is told of those before.
func TestALostScopeOrResourceIsGone(t *testing.T) {
	w := jwtWorld(t)
	a := w.agent()
	code := a.code("jwt", "scope", "openid email offline_access", "resource", api)
	got := w.tokens(a.post(oidc.PathToken, codeForm(code), basic("jwt", secret)))
	_, err := w.store.UpdateClient(context.Background(), "jwt", func(c *idp.Client) error {
		c.Scopes = slices.DeleteFunc(c.Scopes, func(s string) bool { return s == "email" })
		c.Resources = []string{"https://other.example/"}
		return nil
	})
	w.must(err)
	seen := a.post(oidc.PathIntrospect, url.Values{"token": {got.Access}}, basic("jwt", secret)).json(t)
	if scope, _ := seen["scope"].(string); strings.Contains(scope, "email") {
		t.Errorf("introspection says %q", scope)
	}
	a.post(oidc.PathToken, refreshForm(got.Refresh), basic("jwt", secret)).wantError(t, http.StatusBadRequest, "invalid_target")
}
