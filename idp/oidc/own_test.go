package oidc_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func newOwnWorld(t *testing.T) *world {
	w := newWorld(t)
	verifies := []string{idp.ScopePhoneVerification}
	w.addClient(idp.Client{ID: "server", Grants: []string{idp.GrantClientCredentials}, Scopes: verifies, RedirectURIs: []string{}})
	w.addClient(idp.Client{ID: "server2", Grants: []string{idp.GrantClientCredentials}, Scopes: verifies})
	w.addClient(idp.Client{ID: "every", Grants: idp.Grants()}) // an empty list of scopes
	w.addClient(idp.Client{ID: "both", Grants: idp.Grants(), Scopes: []string{"openid", "profile", "offline_access", idp.ScopePhoneVerification}})
	w.addClient(idp.Client{ID: "nogrant", Scopes: verifies})
	w.addClient(idp.Client{ID: "public", AuthMethod: idp.AuthNone, Grants: idp.Grants(), Scopes: verifies}) // no registration allows this
	w.addClient(idp.Client{ID: "quick", Grants: []string{idp.GrantClientCredentials}, Scopes: verifies, AccessTokenLife: 5 * time.Minute})
	return w
}

func ownForm(pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"client_credentials"}, "scope": {idp.ScopePhoneVerification}}, pairs...)
}

func (w *world) own(client string) string {
	w.t.Helper()
	return w.tokens(w.agent().post(oidc.PathToken, ownForm(), basic(client, secret))).Access
}

// whose is the client that the token opens verifying for, "" where it opens nothing.
func (w *world) whose(token string) string {
	w.t.Helper()
	client, scopes, err := w.provider.ClientToken(context.Background(), token)
	if errors.Is(err, idp.ErrNotFound) {
		return ""
	}
	w.must(err)
	if !slices.Equal(scopes, []string{idp.ScopePhoneVerification}) {
		w.t.Errorf("the token is for %v", scopes)
	}
	return client
}

func (w *world) introspect(token, client string) map[string]any {
	w.t.Helper()
	got := w.agent().post(oidc.PathIntrospect, url.Values{"token": {token}}, basic(client, secret))
	if got.status != http.StatusOK {
		w.t.Fatalf("introspection: %d %s", got.status, got.body)
	}
	return got.json(w.t)
}

func TestAClientGetsATokenForItself(t *testing.T) {
	w := newOwnWorld(t)
	got := w.agent().post(oidc.PathToken, ownForm(), basic("server", secret))
	tokens := w.tokens(got)
	if tokens.Access == "" || tokens.Type != "Bearer" || tokens.Scope != idp.ScopePhoneVerification || tokens.Expires != 3600 {
		t.Errorf("tokens %+v", tokens)
	}
	if tokens.Refresh != "" || tokens.ID != "" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("answer %s, %v", got.body, got.header)
	}
	if client := w.whose(tokens.Access); client != "server" {
		t.Errorf("the token is %q's", client)
	}
	if posted := w.tokens(w.agent().post(oidc.PathToken, ownForm("client_id", "server", "client_secret", secret))); w.whose(posted.Access) != "server" {
		t.Error("a posted secret gives no token")
	}
	if quick := w.tokens(w.agent().post(oidc.PathToken, ownForm(), basic("quick", secret))); quick.Expires != 300 {
		t.Errorf("the client's own life is %d s, want 300", quick.Expires)
	}
	if again := w.own("server"); again == tokens.Access {
		t.Error("two tokens are one")
	}
	if strings.Contains(w.log.String(), tokens.Access) {
		t.Error("the log shows a token")
	}
}

func TestWhoGetsNoTokenForItself(t *testing.T) {
	w := newOwnWorld(t)
	scope := func(s string) []string { return []string{"scope", s} }
	for name, c := range map[string]struct {
		client string
		form   []string
		status int
		want   string
	}{
		"a public client":             {"public", []string{"client_id", "public"}, 401, "invalid_client"},
		"a client without the grant":  {"app", nil, 400, "unauthorized_client"},
		"the scope without the grant": {"nogrant", nil, 400, "unauthorized_client"},
		"the grant without the scope": {"every", nil, 400, "invalid_scope"},
		"no scope":                    {"server", scope(""), 400, "invalid_scope"},
		"blank scope":                 {"server", scope(" "), 400, "invalid_scope"},
		"openid":                      {"both", scope("openid"), 400, "invalid_scope"},
		"offline_access":              {"both", scope("offline_access"), 400, "invalid_scope"},
		"a person's scope":            {"both", scope("profile"), 400, "invalid_scope"},
		"openid beside":               {"both", scope("phone_verification openid"), 400, "invalid_scope"},
		"offline_access beside":       {"both", scope("offline_access phone_verification"), 400, "invalid_scope"},
		"an unknown scope":            {"server", scope("phone_verification admin"), 400, "invalid_scope"},
		"the scope in other letters":  {"server", scope("PHONE_VERIFICATION"), 400, "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			header := basic(c.client, secret)
			if c.client == "public" {
				header = func(*http.Request) {}
			}
			w.agent().post(oidc.PathToken, ownForm(c.form...), header).wantError(t, c.status, c.want)
		})
	}
	w.agent().post(oidc.PathToken, ownForm(), basic("server", "wrong")).wantError(t, 401, "invalid_client")
	w.agent().post(oidc.PathToken, ownForm("client_id", "server")).wantError(t, 401, "invalid_client")
	w.agent().post(oidc.PathToken, ownForm(), basic("public", "")).wantError(t, 401, "invalid_client")
}

func TestAClientsOwnTokenIsNoPersons(t *testing.T) {
	w := newOwnWorld(t)
	own := w.own("both")
	if w.works(own) {
		t.Error("it opens the userinfo endpoint")
	}
	w.agent().post(oidc.PathToken, refreshForm(own), basic("both", secret)).wantError(t, 400, "invalid_grant")
	w.agent().post(oidc.PathToken, codeForm(own), basic("both", secret)).wantError(t, 400, "invalid_grant")

	person := w.agent().signIn("both", "scope", "openid profile offline_access phone_verification")
	if strings.Contains(person.Scope, idp.ScopePhoneVerification) {
		t.Errorf("an authorization request gave %q", person.Scope)
	}
	for name, token := range map[string]string{
		"a person's access token": person.Access, "a refresh token": person.Refresh, "an ID token": person.ID, "nothing": "",
		"the keyed hash": w.keys.Hash("token", own), "another token": strings.Repeat("a", 52), "a blank more": own + " ",
	} {
		if client := w.whose(token); client != "" {
			t.Errorf("%s passes for %s's own", name, client)
		}
	}
	got := w.agent().get(oidc.PathAuthorize, request("server", "scope", "openid phone_verification"))
	if got.query("code") != "" || got.status == http.StatusOK {
		t.Errorf("a client that signs nobody in got %d %v", got.status, got.location)
	}
}

func TestIntrospectionOfAClientsOwnToken(t *testing.T) {
	w := newOwnWorld(t)
	own := w.own("server")
	got, now := w.introspect(own, "server"), float64(w.clock.Now().Unix())
	for name, want := range map[string]any{"active": true, "client_id": "server", "sub": "server", "token_type": "Bearer", "iss": w.issuer,
		"scope": idp.ScopePhoneVerification, "iat": now, "exp": now + 3600, "username": nil, "auth_time": nil, "acr": nil, "amr": nil, "sid": nil} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if other := w.introspect(own, "server2"); len(other) != 1 || other["active"] != false {
		t.Errorf("another client learns %v", other)
	}
}

// What ends a client's own token, and what of another client doesn't.
func TestTheEndOfAClientsOwnToken(t *testing.T) {
	change := func(w *world, f func(*idp.Client)) {
		_, err := w.store.UpdateClient(context.Background(), "server", func(c *idp.Client) error { f(c); return nil })
		w.must(err)
	}
	revoke := func(w *world, own, client string, form ...string) answer {
		return w.agent().post(oidc.PathRevoke, with(url.Values{"token": {own}}, form...), basic(client, secret))
	}
	for name, c := range map[string]struct {
		end   func(t *testing.T, w *world, own string)
		ended bool
	}{
		"nothing":                     {func(*testing.T, *world, string) {}, false},
		"a second less than its life": {func(_ *testing.T, w *world, _ string) { w.clock.advance(time.Hour - time.Second) }, false},
		"its life":                    {func(_ *testing.T, w *world, _ string) { w.clock.advance(time.Hour) }, true},
		"a sweep after its life": {func(_ *testing.T, w *world, _ string) {
			w.clock.advance(time.Hour)
			_, err := w.store.Sweep(context.Background(), w.clock.Now(), 10)
			w.must(err)
		}, true},
		"revoked": {func(t *testing.T, w *world, own string) {
			if got := revoke(w, own, "server"); got.status != http.StatusOK {
				t.Errorf("revoking: %d %s", got.status, got.body)
			}
			if got := revoke(w, own, "server"); got.status != http.StatusOK {
				t.Errorf("revoking twice: %d %s", got.status, got.body)
			}
		}, true},
		"revoked with a wrong hint": {func(t *testing.T, w *world, own string) { revoke(w, own, "server", "token_type_hint", "refresh_token") }, true},
		"another client's revocation": {func(t *testing.T, w *world, own string) {
			revoke(w, own, "server2").wantError(t, http.StatusBadRequest, "invalid_grant")
		}, false},
		"the client deleted": {func(_ *testing.T, w *world, _ string) { w.must(w.store.DeleteClient(context.Background(), "server")) }, true},
		"the grant taken away": {func(_ *testing.T, w *world, _ string) {
			change(w, func(c *idp.Client) { c.Grants = []string{idp.GrantCode} })
		}, true},
		"the scope taken away": {func(_ *testing.T, w *world, _ string) { change(w, func(c *idp.Client) { c.Scopes = nil }) }, true},
		"a scope more": {func(_ *testing.T, w *world, _ string) {
			change(w, func(c *idp.Client) { c.Scopes = append(c.Scopes, "email") })
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newOwnWorld(t)
			own := w.own("server")
			c.end(t, w, own)
			if ended := w.whose(own) == ""; ended != c.ended {
				t.Errorf("ended %v, want %v", ended, c.ended)
			}
			if _, err := w.store.ClientByID(context.Background(), "server"); err != nil {
				return // nobody is left to ask
			}
			if active := w.introspect(own, "server")["active"]; active == c.ended {
				t.Errorf("introspection says active %v", active)
			}
		})
	}
}
