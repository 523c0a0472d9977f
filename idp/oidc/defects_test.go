package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// Each test of this file and of its second part is the attack on one defect of
// the library's handlers (docs/decisions/0017), made against ours.

// stopAt makes the agent hold before it follows a redirect to the path.
func (a *agent) stopAt(path string) *agent {
	follow := a.CheckRedirect
	a.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, path) {
			return http.ErrUseLastResponse
		}
		return follow(r, via)
	}
	return a
}

func TestDefect01CallbackIsBoundToTheBrowserAndGivesOneCode(t *testing.T) {
	w := newWorld(t)
	a := w.agent().stopAt(oidc.PathCallback)
	done := a.get(oidc.PathAuthorize, request("app")).location
	if got := w.agent().get(oidc.PathCallback, done.Query()); got.page != "login_unknown" || got.query("code") != "" {
		t.Errorf("another browser got %q, location %v", got.page, got.location)
	}
	if got := a.get(oidc.PathCallback, done.Query()); got.query("code") == "" {
		t.Errorf("the login's own browser got %q", got.page)
	}
	if got := a.get(oidc.PathCallback, done.Query()); got.page != "login_answered" || got.query("code") != "" {
		t.Errorf("the second time: %q, location %v", got.page, got.location)
	}
}

func TestDefect02RedirectURIIsComparedAsItCame(t *testing.T) {
	w := newWorld(t)
	twice := request("app", "redirect_uri", url.QueryEscape(redirect))
	if got := w.agent().get(oidc.PathAuthorize, twice); got.page != "redirect_invalid" || got.location != nil {
		t.Errorf("page %q, location %v", got.page, got.location)
	}
}

func TestDefect04TokenAnswersAreNotStored(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	token := a.post(oidc.PathToken, codeForm(a.code("app")), basic("app", secret))
	for name, got := range map[string]answer{
		"token":         token,
		"token error":   a.post(oidc.PathToken, codeForm("none"), basic("app", secret)),
		"userinfo":      a.post(oidc.PathUserinfo, nil, bearer(w.tokens(token).Access)),
		"introspection": a.post(oidc.PathIntrospect, url.Values{"token": {"none"}}, basic("app", secret)),
		"revocation":    a.post(oidc.PathRevoke, url.Values{"token": {"none"}}, basic("app", secret)),
	} {
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", name, got.header.Get("Cache-Control"))
		}
	}
}

func TestDefect05CORSForRegisteredOriginsWithoutCredentials(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	for from, want := range map[string]string{"https://evil.example": "", "https://rp.example": "https://rp.example", "http://rp.example": "", "null": ""} {
		token := a.post(oidc.PathToken, codeForm(a.code("app")), basic("app", secret), origin(from))
		for name, h := range map[string]http.Header{
			"token":    token.header,
			"userinfo": a.post(oidc.PathUserinfo, nil, bearer(w.tokens(token).Access), origin(from)).header,
			"revoke":   a.post(oidc.PathRevoke, url.Values{"token": {"x"}}, basic("app", secret), origin(from)).header,
		} {
			if got := h.Get("Access-Control-Allow-Origin"); got != want || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s from %s: allows %q, credentials %q", name, from, got, h.Get("Access-Control-Allow-Credentials"))
			}
		}
		if h := a.post(oidc.PathIntrospect, url.Values{"token": {"x"}}, basic("app", secret), origin(from)).header; h.Get("Access-Control-Allow-Origin") != "" {
			t.Error("introspection is open to scripts")
		}
	}
}

func TestDefect06TokensCannotBeForgedByTurningBits(t *testing.T) {
	w := newWorld(t)
	access := w.agent().signIn("app").Access
	for i := range access {
		other := byte('a')
		if access[i] == 'a' {
			other = 'b'
		}
		if w.works(access[:i] + string(other) + access[i+1:]) {
			t.Fatalf("the token still works with its character %d changed", i)
		}
	}
}

func TestDefect07SubjectMayHoldAColon(t *testing.T) {
	w := newWorld(t)
	w.addUser("urn:user:2", "second")
	w.finish = func(l *loginOf) { l.UserID = "urn:user:2" }
	got := w.agent().post(oidc.PathUserinfo, nil, bearer(w.agent().signIn("app").Access))
	if got.status != http.StatusOK || got.json(t)["sub"] != "urn:user:2" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestDefect11OptionsChangeNoGlobal(t *testing.T) {
	before := *op.DefaultEndpoints
	newWorld(t)
	if *op.DefaultEndpoints != before {
		t.Error("our provider changed the library's default endpoints")
	}
}

func TestDefect12ParametersAreSingleAndSecretsStayOutOfTheQuery(t *testing.T) {
	w := newWorld(t)
	inQuery := func(code string) url.Values {
		return with(codeForm(code), "client_id", "app", "client_secret", secret)
	}
	twice := codeForm(w.agent().code("app"))
	twice["code"] = []string{"decoy", twice.Get("code")}
	double := request("app")
	double["state"] = []string{"one", "two"}

	a := w.agent()
	a.get(oidc.PathToken, inQuery(a.code("app"))).wantError(t, http.StatusMethodNotAllowed, "invalid_request")
	a.post(oidc.PathToken+"?client_secret=x", codeForm(a.code("app")), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	a.post(oidc.PathToken, twice, basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	if got := a.get(oidc.PathAuthorize, double); got.query("error") != "invalid_request" || got.query("code") != "" {
		t.Errorf("a doubled state: %v", got.location)
	}
	for _, name := range []string{"client_id", "redirect_uri"} {
		double := request("app")
		double[name] = append(double[name], double.Get(name))
		if got := a.get(oidc.PathAuthorize, double); got.location != nil || got.status != http.StatusBadRequest {
			t.Errorf("a doubled %s: %d %v", name, got.status, got.location)
		}
	}
}

func TestDefect13IDTokenIsNoAccessToken(t *testing.T) {
	w := newWorld(t)
	got := w.agent().signIn("app")
	refused := w.agent().post(oidc.PathUserinfo, nil, bearer(got.ID))
	refused.wantError(t, http.StatusUnauthorized, "invalid_token")
	if !strings.Contains(refused.header.Get("WWW-Authenticate"), `error="invalid_token"`) {
		t.Errorf("WWW-Authenticate %q", refused.header.Get("WWW-Authenticate"))
	}
	if w.works(got.Refresh) {
		t.Error("a refresh token opens the userinfo endpoint")
	}
}

func TestDefect14LogoutByClientIDAloneAsks(t *testing.T) {
	w := newWorld(t)
	asked := url.Values{"client_id": {"app"}, "post_logout_redirect_uri": {goodbye}}
	a := w.agent()
	access := a.signIn("app", "scope", "openid").Access
	if got := a.get(oidc.PathLogout, asked); got.page != "logout" || got.location != nil {
		t.Errorf("page %q, location %v", got.page, got.location)
	}
	if !w.works(access) {
		t.Error("the session was ended without an answer to the question")
	}
	if got := w.agent().get(oidc.PathLogout, asked); got.page != "signed-out" || got.location != nil {
		t.Errorf("nobody signed in: page %q, location %v", got.page, got.location)
	}
}

func TestDefect16FormPostErrorsArePosted(t *testing.T) {
	w := newWorld(t)
	asked := request("app", "response_mode", "form_post", "prompt", "none login")
	got := w.agent().get(oidc.PathAuthorize, asked)
	fields, _ := got.json(t)["Fields"].(map[string]any)
	if got.page != "form-post" || got.status != http.StatusOK || fields["error"] != "invalid_request" || fields["state"] != "state-1" || fields["iss"] != w.issuer {
		t.Errorf("%d page %q: %s", got.status, got.page, got.body)
	}
}

func TestDefect17PlainPKCEIsRefused(t *testing.T) {
	w := newWorld(t)
	for name, asked := range map[string]url.Values{
		"plain":          request("app", "code_challenge", verifier, "code_challenge_method", "plain"),
		"no method":      request("app", "code_challenge", verifier, "code_challenge_method", ""),
		"S256 malformed": request("app", "code_challenge", "short"),
		"none":           request("app", "code_challenge", "", "code_challenge_method", ""),
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.agent().get(oidc.PathAuthorize, asked); got.query("error") != "invalid_request" {
				t.Errorf("location %v", got.location)
			}
		})
	}
}
