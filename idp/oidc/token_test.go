package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func TestRefreshRotatesAndReuseRevokesTheFamily(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	first := a.signIn("app")
	second := w.tokens(a.post(oidc.PathToken, refreshForm(first.Refresh), basic("app", secret)))
	if second.Refresh == first.Refresh || second.Access == first.Access || second.ID == "" {
		t.Errorf("refresh gave %+v after %+v", second, first)
	}
	if !w.works(first.Access) || !w.works(second.Access) {
		t.Error("an access token died by the refresh")
	}
	a.post(oidc.PathToken, refreshForm(first.Refresh), basic("other", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	if !w.works(second.Access) {
		t.Fatal("another client could revoke the family")
	}
	a.post(oidc.PathToken, refreshForm(first.Refresh), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	if w.works(first.Access) || w.works(second.Access) {
		t.Error("an access token outlived the reuse")
	}
	a.post(oidc.PathToken, refreshForm(second.Refresh), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	for _, text := range []string{first.Refresh, second.Refresh, first.Access, secret} {
		if strings.Contains(w.log.String(), text) {
			t.Error("a token or secret is in the log")
		}
	}
}

func TestRefreshInParallelHasOneWinner(t *testing.T) {
	w := newWorld(t)
	got := w.agent().signIn("app")
	won := redeem(w.agent, oidc.PathToken, 64, refreshForm(got.Refresh))
	if len(won) != 1 {
		t.Fatalf("%d of 64 won, want 1", len(won))
	}
	if w.works(w.tokens(won[0]).Access) {
		t.Error("the family outlived the reuse")
	}
}

func TestRefreshTokenOnlyForOfflineAccessAndTheGrant(t *testing.T) {
	w := newWorld(t)
	if got := w.agent().signIn("app", "scope", "openid profile"); got.Refresh != "" || got.Scope != "openid profile" {
		t.Errorf("without offline_access: %+v", got)
	}
	got := w.agent().signIn("short")
	if got.Refresh != "" || got.Scope != "openid profile" {
		t.Errorf("a client without the refresh grant: scope %q, refresh %q", got.Scope, got.Refresh)
	}
	w.agent().post(oidc.PathToken, refreshForm("x"), basic("short", secret)).wantError(t, http.StatusBadRequest, "unauthorized_client")
}

func TestRefreshNarrowsScopesForTheAccessTokenAlone(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	first := a.signIn("app")
	narrow := w.tokens(a.post(oidc.PathToken, refreshForm(first.Refresh, "scope", "openid email"), basic("app", secret)))
	info := a.post(oidc.PathUserinfo, nil, bearer(narrow.Access)).json(t)
	if narrow.Scope != "openid email" || info["email"] == nil || info["phone_number"] != nil || info["name"] != nil {
		t.Errorf("narrowed: %+v, userinfo %v", narrow, info)
	}
	a.post(oidc.PathToken, refreshForm(narrow.Refresh, "scope", "openid admin"), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_scope")
	wide := w.tokens(a.post(oidc.PathToken, refreshForm(narrow.Refresh), basic("app", secret)))
	if wide.Scope != first.Scope {
		t.Errorf("scope %q, want %q again", wide.Scope, first.Scope)
	}
}

func TestCodeIsHeldToItsRequest(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		client string
		pairs  []string
		wait   time.Duration
		want   string
	}{
		"another client":       {"other", nil, 0, "invalid_grant"},
		"another redirect URI": {"app", []string{"redirect_uri", "https://rp.example/other"}, 0, "invalid_grant"},
		"no redirect URI":      {"app", []string{"redirect_uri", ""}, 0, "invalid_grant"},
		"another verifier":     {"app", []string{"code_verifier", strings.Repeat("x", 50)}, 0, "invalid_grant"},
		"no verifier":          {"app", []string{"code_verifier", ""}, 0, "invalid_grant"},
		"the challenge itself": {"app", []string{"code_verifier", request("app").Get("code_challenge")}, 0, "invalid_grant"},
		"expired":              {"app", nil, 61 * time.Second, "invalid_grant"},
		"no code":              {"app", []string{"code", ""}, 0, "invalid_request"},
		"unknown code":         {"app", []string{"code", "unknown"}, 0, "invalid_grant"},
		"no grant type":        {"app", []string{"grant_type", ""}, 0, "invalid_request"},
		"password grant":       {"app", []string{"grant_type", "password"}, 0, "unsupported_grant_type"},
		"client credentials":   {"app", []string{"grant_type", "client_credentials"}, 0, "unauthorized_client"},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.agent()
			code := a.code("app")
			w.clock.advance(c.wait)
			a.post(oidc.PathToken, codeForm(code, c.pairs...), basic(c.client, secret)).wantError(t, http.StatusBadRequest, c.want)
			if c.wait > 0 {
				return
			}
			if got := a.post(oidc.PathToken, codeForm(code), basic("app", secret)); got.status != http.StatusOK {
				t.Errorf("the failed try used the code up: %s", got.body)
			}
		})
	}
}

func TestUsedCodeInWrongHandsRevokesNothing(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	code := a.code("spa")
	got := w.tokens(a.post(oidc.PathToken, codeForm(code, "client_id", "spa")))
	a.post(oidc.PathToken, codeForm(code, "client_id", "spa", "code_verifier", strings.Repeat("x", 50))).wantError(t, http.StatusBadRequest, "invalid_grant")
	a.post(oidc.PathToken, codeForm(code), basic("other", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	if !w.works(got.Access) {
		t.Fatal("a thief of the used code revoked the tokens")
	}
	w.clock.advance(2 * time.Minute)
	a.post(oidc.PathToken, codeForm(code, "client_id", "spa")).wantError(t, http.StatusBadRequest, "invalid_grant")
	if w.works(got.Access) {
		t.Error("the second use by the client itself revoked nothing")
	}
}

func TestWaivedPKCECannotBeDowngraded(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	without := a.code("old", "code_challenge", "", "code_challenge_method", "")
	if got := a.post(oidc.PathToken, codeForm(without, "code_verifier", ""), basic("old", secret)); got.status != http.StatusOK {
		t.Errorf("without a challenge: %d %s", got.status, got.body)
	}
	a.post(oidc.PathToken, codeForm(a.code("old"), "code_verifier", ""), basic("old", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
}

func TestTokensEndWithWhatTheyStandOn(t *testing.T) {
	blocked := func(w *world, blocked bool) {
		_, err := w.store.UpdateUser(context.Background(), "user-1", func(u *idp.User) error { u.Blocked = blocked; return nil })
		w.must(err)
	}
	for name, c := range map[string]struct {
		end             func(w *world, sids []string)
		offline, online bool // whether tokens with and without offline_access still work
	}{
		"the user is blocked":   {func(w *world, _ []string) { blocked(w, true) }, false, false},
		"the client is deleted": {func(w *world, _ []string) { w.must(w.store.DeleteClient(context.Background(), "app")) }, false, false},
		"the sessions ended": {func(w *world, sids []string) {
			for _, sid := range sids {
				_, err := w.store.UpdateSession(context.Background(), sid, func(s *idp.Session) error { s.EndedAt = w.clock.Now(); return nil })
				w.must(err)
			}
		}, true, false},
		"an hour passed": {func(w *world, _ []string) { w.clock.advance(time.Hour) }, false, false},
		"nothing":        {func(*world, []string) {}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.agent()
			var sids []string
			w.finish = func(l *idp.Login) { sids = append(sids, l.Session) }
			offline := a.signIn("app")
			session := a.signIn("app", "scope", "openid")
			c.end(w, sids)
			if got := w.works(session.Access); got != c.online {
				t.Errorf("access token of the session works: %v, want %v", got, c.online)
			}
			if got := w.works(offline.Access); got != c.offline {
				t.Errorf("offline access token works: %v, want %v", got, c.offline)
			}
			want := name != "the user is blocked" && name != "the client is deleted"
			if got := a.post(oidc.PathToken, refreshForm(offline.Refresh), basic("app", secret)); (got.status == http.StatusOK) != want {
				t.Errorf("refresh: %d %s", got.status, got.body)
			}
		})
	}
}

func TestClientLivesWin(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "brief", AccessTokenLife: 5 * time.Minute, RefreshTokenLife: 10 * time.Minute})
	got := w.agent().signIn("brief")
	if got.Expires != 300 || got.Type != "Bearer" {
		t.Errorf("expires_in %d, token_type %q", got.Expires, got.Type)
	}
	w.clock.advance(6 * time.Minute)
	if w.works(got.Access) {
		t.Error("the access token outlived its life")
	}
	next := w.tokens(w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("brief", secret)))
	w.clock.advance(10 * time.Minute)
	w.agent().post(oidc.PathToken, refreshForm(next.Refresh), basic("brief", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
}

func TestRevocation(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	got := a.signIn("app")
	a.post(oidc.PathRevoke, url.Values{"token": {got.Refresh}}, basic("other", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	a.post(oidc.PathRevoke, url.Values{"token": {got.Access}}, basic("other", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	if !w.works(got.Access) {
		t.Fatal("another client could revoke")
	}
	for _, hint := range []string{"", "access_token", "refresh_token", "nonsense"} {
		if ok := a.post(oidc.PathRevoke, with(url.Values{"token": {"unknown"}}, "token_type_hint", hint), basic("app", secret)); ok.status != http.StatusOK {
			t.Errorf("an unknown token with the hint %q: %d %s", hint, ok.status, ok.body)
		}
	}
	if ok := a.post(oidc.PathRevoke, url.Values{"token": {got.Access}, "token_type_hint": {"access_token"}}, basic("app", secret)); ok.status != http.StatusOK || w.works(got.Access) {
		t.Errorf("revoking the access token: %d, works %v", ok.status, w.works(got.Access))
	}
	next := w.tokens(a.post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)))
	if ok := a.post(oidc.PathRevoke, url.Values{"token": {next.Refresh}, "token_type_hint": {"access_token"}}, basic("app", secret)); ok.status != http.StatusOK || w.works(next.Access) {
		t.Errorf("revoking the refresh token with a wrong hint: %d, access token works %v", ok.status, w.works(next.Access))
	}
	a.post(oidc.PathRevoke, url.Values{}, basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	a.post(oidc.PathRevoke, url.Values{"token": {"x"}}).wantError(t, http.StatusUnauthorized, "invalid_client")
	if ok := a.post(oidc.PathRevoke, url.Values{"token": {"x"}, "client_id": {"spa"}}); ok.status != http.StatusOK {
		t.Errorf("a public client: %d %s", ok.status, ok.body)
	}
}

func TestIntrospection(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	got := a.signIn("app")
	ask := func(token, client string) map[string]any {
		t.Helper()
		answer := a.post(oidc.PathIntrospect, url.Values{"token": {token}}, basic(client, secret))
		if answer.status != http.StatusOK {
			t.Fatalf("%d %s", answer.status, answer.body)
		}
		return answer.json(t)
	}
	own := ask(got.Access, "app")
	for name, want := range map[string]any{"active": true, "client_id": "app", "sub": "user-1", "username": "demo", "token_type": "Bearer",
		"iss": w.issuer, "scope": "openid profile email phone offline_access", "acr": idp.ACRTwoFactors} {
		if own[name] != want {
			t.Errorf("%s is %v, want %v", name, own[name], want)
		}
	}
	if refresh := ask(got.Refresh, "app"); refresh["active"] != true || refresh["token_type"] != nil {
		t.Errorf("a refresh token: %v", refresh)
	}
	for name, inactive := range map[string]map[string]any{
		"another client's": ask(got.Access, "other"), "an ID token": ask(got.ID, "app"), "unknown": ask("unknown", "app"),
	} {
		if len(inactive) != 1 || inactive["active"] != false {
			t.Errorf("%s: %v, want inactive and nothing more", name, inactive)
		}
	}
	w.tokens(a.post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)))
	if used := ask(got.Refresh, "app"); used["active"] != false {
		t.Errorf("a used refresh token: %v", used)
	}
	a.post(oidc.PathIntrospect, url.Values{"token": {"x"}, "client_id": {"spa"}}).wantError(t, http.StatusUnauthorized, "invalid_client")
	a.post(oidc.PathIntrospect, url.Values{"token": {"x"}}, bearer(got.Access)).wantError(t, http.StatusUnauthorized, "invalid_client")
}
