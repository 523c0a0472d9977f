package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func TestAuthorizationRequestsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "norefresh", Grants: []string{"client_credentials"}})
	w.addClient(idp.Client{ID: "waived", AuthMethod: idp.AuthNone, WaivePKCE: true})
	foreign := newWorld(t).agent().signIn("app").ID
	others := w.agent().signIn("other").ID
	for name, c := range map[string]struct {
		asked url.Values
		want  string // an OAuth error at the relying party, behind # in the fragment; or "page" and the problem on it
	}{
		"no client":                  {request("app", "client_id", ""), "page client_unknown"},
		"unknown client":             {request("nobody"), "page client_unknown"},
		"no redirect URI":            {request("app", "redirect_uri", ""), "page redirect_invalid"},
		"another path":               {request("app", "redirect_uri", redirect+"/more"), "page redirect_invalid"},
		"another case":               {request("app", "redirect_uri", "https://RP.example/callback"), "page redirect_invalid"},
		"a query more":               {request("app", "redirect_uri", redirect+"?a=b"), "page redirect_invalid"},
		"a fragment":                 {request("app", "redirect_uri", redirect+"#f"), "page redirect_invalid"},
		"user info":                  {request("app", "redirect_uri", "https://rp.example@evil.example/callback"), "page redirect_invalid"},
		"a subdomain":                {request("app", "redirect_uri", "https://rp.example.evil.example/callback"), "page redirect_invalid"},
		"dots":                       {request("app", "redirect_uri", "https://rp.example/x/../callback"), "page redirect_invalid"},
		"script":                     {request("app", "redirect_uri", "javascript:alert(1)"), "page redirect_invalid"},
		"no response type":           {request("app", "response_type", ""), "invalid_request"},
		"implicit":                   {request("app", "response_type", "id_token token"), "#unauthorized_client"},
		"hybrid":                     {request("app", "response_type", "code id_token"), "#unauthorized_client"},
		"fragment mode":              {request("app", "response_mode", "fragment", "scope", "profile"), "#invalid_scope"},
		"unknown mode":               {request("app", "response_mode", "pigeon"), "invalid_request"},
		"no openid":                  {request("app", "scope", "profile"), "invalid_scope"},
		"no scope":                   {request("app", "scope", ""), "invalid_scope"},
		"prompt none and more":       {request("app", "prompt", "none consent"), "invalid_request"},
		"max_age that is no number":  {request("app", "max_age", "soon"), "invalid_request"},
		"max_age below zero":         {request("app", "max_age", "-1"), "invalid_request"},
		"a long login hint":          {request("app", "login_hint", strings.Repeat("x", 300)), "invalid_request"},
		"a long state":               {request("app", "state", strings.Repeat("x", 9000)), "invalid_request"},
		"a state of over 4 KiB":      {request("app", "state", strings.Repeat("x", 4097)), "invalid_request"},
		"a long nonce":               {request("app", "nonce", strings.Repeat("x", 513)), "invalid_request"},
		"a hint of another issuer":   {request("app", "id_token_hint", foreign), "invalid_request"},
		"a hint of another client":   {request("app", "id_token_hint", others), "invalid_request"},
		"a hint that is none":        {request("app", "id_token_hint", "a.b.c"), "invalid_request"},
		"registration":               {request("app", "registration", "{}"), "registration_not_supported"},
		"a client without the flow":  {request("norefresh"), "unauthorized_client"},
		"a public client by no PKCE": {request("spa", "code_challenge", "", "code_challenge_method", ""), "invalid_request"},
		"a public client waived":     {request("waived", "code_challenge", "", "code_challenge_method", ""), "invalid_request"},
		"a method without challenge": {request("old", "code_challenge", ""), "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			got := w.agent().get(oidc.PathAuthorize, c.asked)
			if problem, ok := strings.CutPrefix(c.want, "page "); ok {
				if got.page != problem || got.location != nil || got.status != http.StatusBadRequest {
					t.Errorf("%d page %q location %v", got.status, got.page, got.location)
				}
				return
			}
			value, want := got.query, c.want
			if code, ok := strings.CutPrefix(c.want, "#"); ok {
				value, want = got.fragment, code
			}
			if value("error") != want || value("iss") != w.issuer || value("code") != "" {
				t.Errorf("location %v, want %s", got.location, c.want)
			}
			if state := c.asked.Get("state"); len(state) < 1000 && value("state") != state {
				t.Errorf("state %q", value("state"))
			}
		})
	}
}

// TestRequestReachesTheLogin reads what the login is given: all that counts, and
// nothing that a stranger could fill the database with.
func TestRequestReachesTheLogin(t *testing.T) {
	w := newWorld(t)
	var got idp.Login
	w.finish = func(l *idp.Login) { got = *l }
	a := w.agent()
	hint := a.signIn("expiring").ID // an expired hint is a good one
	a.code("expiring", "prompt", "login consent unheard-of", "max_age", "0", "acr_values", "urn:unheard-of "+idp.ACRTwoFactors+" "+strings.Repeat("x", 4000),
		"login_hint", "demo", "ui_locales", "ru en "+strings.Repeat("x", 4000),
		"id_token_hint", hint, "scope", "openid profile unheard-of profile", "claims", `{"userinfo":{}}`, "display", "page")
	r := got.Request
	if !slices.Equal(r.Prompt, []string{"login", "consent"}) || r.MaxAge == nil || *r.MaxAge != 0 || !slices.Equal(r.ACRValues, []string{idp.ACRTwoFactors}) ||
		r.LoginHint != "demo" || !slices.Equal(r.UILocales, []string{"ru", "en"}) || r.HintSubject != "user-1" ||
		!slices.Equal(r.Scopes, []string{"openid", "profile"}) || r.Nonce != "nonce-1" || r.State != "state-1" {
		t.Errorf("%+v", r)
	}
	if got.Browser == "" || !got.ExpiresAt.Equal(got.CreatedAt.Add(3*time.Hour)) {
		t.Errorf("browser %q, from %v to %v", got.Browser, got.CreatedAt, got.ExpiresAt)
	}
}

func TestAuthorizeByPOST(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	if got := a.post(oidc.PathAuthorize, request("app")); got.query("code") == "" {
		t.Errorf("%d %v", got.status, got.location)
	}
	// From another site the POST has no cookie of ours: it must not set a new
	// one, which would sign the person out.
	bare := w.agent()
	bare.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := bare.post(oidc.PathAuthorize, request("app")); got.status != http.StatusSeeOther || len(got.header.Values("Set-Cookie")) != 0 {
		t.Errorf("%d, cookies %v", got.status, got.header.Values("Set-Cookie"))
	}
	if got := a.post(oidc.PathAuthorize+"?client_id=app", request("app")); got.page != "request_invalid" {
		t.Errorf("parameters in both places: %d %q", got.status, got.page)
	}
	if got := a.post(oidc.PathAuthorize, request("app", "state", strings.Repeat("x", 20_000))); got.page != "request_invalid" {
		t.Errorf("a long body: %d %q", got.status, got.page)
	}
}

func TestAnswerKeepsTheQueryOfTheRedirectURI(t *testing.T) {
	w := newWorld(t)
	uri := "https://rp.example/callback?b=2&a=%7E1"
	w.addClient(idp.Client{ID: "query", RedirectURIs: []string{uri}})
	got := w.agent().get(oidc.PathAuthorize, request("query", "redirect_uri", uri))
	if !strings.HasPrefix(got.location.String(), uri+"&") || got.query("code") == "" {
		t.Errorf("location %v", got.location)
	}
}

func TestFormPost(t *testing.T) {
	w := newWorld(t)
	got := w.agent().get(oidc.PathAuthorize, request("app", "response_mode", "form_post"))
	fields, _ := got.json(t)["Fields"].(map[string]any)
	if got.page != "form-post" || got.json(t)["Action"] != redirect || fields["code"] == "" || fields["state"] != "state-1" || fields["iss"] != w.issuer {
		t.Errorf("%d %q %s", got.status, got.page, got.body)
	}
}

func TestDeniedLoginIsAnsweredOnce(t *testing.T) {
	w := newWorld(t)
	w.finish = func(l *idp.Login) { l.State, l.Error, l.Session = idp.LoginDenied, "login_required", "" }
	a := w.agent().stopAt(oidc.PathCallback)
	callback := a.get(oidc.PathAuthorize, request("app", "prompt", "none")).location.Query()
	if got := w.agent().get(oidc.PathCallback, callback); got.page != "login_unknown" {
		t.Errorf("another browser: %q", got.page)
	}
	got := a.get(oidc.PathCallback, callback)
	if got.query("error") != "login_required" || got.query("state") != "state-1" || got.query("iss") != w.issuer || got.query("code") != "" {
		t.Errorf("location %v", got.location)
	}
	if got := a.get(oidc.PathCallback, callback); got.page != "login_answered" {
		t.Errorf("again: %q", got.page)
	}
}

func TestCallbackInParallelGivesOneCode(t *testing.T) {
	w := newWorld(t)
	a := w.agent().stopAt(oidc.PathCallback)
	callback := a.get(oidc.PathAuthorize, request("app")).location.Query()
	var all sync.WaitGroup
	var codes atomic.Int32
	for range 32 {
		all.Go(func() {
			if a.get(oidc.PathCallback, callback).query("code") != "" {
				codes.Add(1)
			}
		})
	}
	all.Wait()
	if codes.Load() != 1 {
		t.Errorf("%d codes for one login", codes.Load())
	}
}

func TestCallbackIsHeldToTheSession(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *agent, *idp.Login)
		want   string
	}{
		"the browser signed out": {func(w *world, a *agent, _ *idp.Login) {
			a.post(logout.PathConfirm, logoutForm(a))
		}, "login_unknown"},
		"the login ended in another session": {func(w *world, _ *agent, l *idp.Login) {
			_, err := w.store.UpdateLogin(context.Background(), l.ID, func(l *idp.Login) error { l.Session = "other"; return nil })
			w.must(err)
		}, "login_unknown"},
		"the login has no session": {func(w *world, _ *agent, l *idp.Login) {
			_, err := w.store.UpdateLogin(context.Background(), l.ID, func(l *idp.Login) error { l.Session = ""; return nil })
			w.must(err)
		}, "login_unknown"},
		"too late": {func(w *world, _ *agent, _ *idp.Login) { w.clock.advance(3 * time.Hour) }, "login_expired"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var login idp.Login
			w.finish = func(l *idp.Login) { login = *l }
			a := w.agent().stopAt(oidc.PathCallback)
			callback := a.get(oidc.PathAuthorize, request("app")).location.Query()
			c.change(w, a, &login)
			if got := a.get(oidc.PathCallback, callback); got.page != c.want || got.query("code") != "" {
				t.Errorf("%d page %q location %v", got.status, got.page, got.location)
			}
		})
	}
}

func TestCallbackOfAnOpenLoginGoesBackToIt(t *testing.T) {
	w := newWorld(t)
	w.finish = func(l *idp.Login) { l.State = idp.LoginOpen }
	a := w.agent().stopAt(oidc.PathCallback)
	callback := a.get(oidc.PathAuthorize, request("app")).location.Query()
	a.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := a.get(oidc.PathCallback, callback); got.location == nil || got.location.Path != "/blitz/login/"+callback.Get("id") {
		t.Errorf("%d %v", got.status, got.location)
	}
	if got := a.get(oidc.PathCallback, url.Values{"id": {"unknown"}}); got.page != "login_unknown" {
		t.Errorf("an unknown id: %q", got.page)
	}
}

func TestBlockedBetweenLoginAndCallback(t *testing.T) {
	w := newWorld(t)
	a := w.agent().stopAt(oidc.PathCallback)
	callback := a.get(oidc.PathAuthorize, request("app")).location.Query()
	_, err := w.store.UpdateUser(context.Background(), "user-1", func(u *idp.User) error { u.Blocked = true; return nil })
	w.must(err)
	if got := a.get(oidc.PathCallback, callback); got.query("error") != "access_denied" || got.query("code") != "" {
		t.Errorf("location %v", got.location)
	}
}
