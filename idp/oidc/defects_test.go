package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// Each test of this file and of its second part is one defect of the library:
// the attack succeeds against the bare library, and fails against us. A test
// whose first half fails says that the library was mended.

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
	b := newBare(t, w)
	id := b.begin()
	thief := b.agent()
	first := thief.get(bareCallback, url.Values{"id": {id}}).query("code")
	second := thief.get(bareCallback, url.Values{"id": {id}}).query("code")
	if first == "" || second == "" || first == second {
		t.Fatalf("bare: another browser got %q and %q, want two codes", first, second)
	}

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
	if got := newBare(t, w).agent().get(bareAuthorize, twice); got.status != http.StatusFound {
		t.Fatalf("bare: %d %s, want the encoded URI to pass", got.status, got.body)
	}
	if got := w.agent().get(oidc.PathAuthorize, twice); got.page != "redirect_invalid" || got.location != nil {
		t.Errorf("page %q, location %v", got.page, got.location)
	}
}

func TestDefect04TokenAnswersAreNotStored(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	got := b.agent().post(bareToken, codeForm(b.code()), basic("app", secret))
	if got.status != http.StatusOK || got.header.Get("Cache-Control") != "" {
		t.Fatalf("bare: %d, Cache-Control %q, want none", got.status, got.header.Get("Cache-Control"))
	}
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
	b := newBare(t, w)
	evil := b.agent().post(bareToken, codeForm(b.code()), basic("app", secret), origin("https://evil.example")).header
	if evil.Get("Access-Control-Allow-Origin") != "https://evil.example" || evil.Get("Access-Control-Allow-Credentials") != "true" {
		t.Fatalf("bare: %v, want any origin with credentials", evil)
	}
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
	b := newBare(t, w)
	old, err := op.NewAESCrypto(bareKey).Encrypt("token-1:user-1")
	w.must(err)
	forged := flip(t, old, 16+len("token-1:user-"), '1'^'2')
	if got, err := b.Crypto().Decrypt(forged); err != nil || got != "token-1:user-2" {
		t.Fatalf("bare: %q, %v, want the turned bit to name another user", got, err)
	}
	if _, err := w.provider.LibraryCrypto().Decrypt(forged); err == nil {
		t.Error("a token of the old cipher was accepted")
	}
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
	b := newBare(t, w)
	b.storage.subject = "urn:user:2"
	issued := w.tokens(b.agent().post(bareToken, codeForm(b.code()), basic("app", secret)))
	if got := b.agent().get(bareUserinfo, nil, bearer(issued.Access)); got.status != http.StatusUnauthorized {
		t.Fatalf("bare: %d, want the token to be useless", got.status)
	}
	w.finish = func(l *loginOf) { l.UserID = "urn:user:2" }
	got := w.agent().post(oidc.PathUserinfo, nil, bearer(w.agent().signIn("app").Access))
	if got.status != http.StatusOK || got.json(t)["sub"] != "urn:user:2" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestDefect11OptionsChangeNoGlobal(t *testing.T) {
	before := *op.DefaultEndpoints
	defer func() { *op.DefaultEndpoints = before }()
	w := newWorld(t)
	if *op.DefaultEndpoints != before {
		t.Error("our provider changed the library's default endpoints")
	}
	_, err := op.NewProvider(&op.Config{}, w.provider.LibraryStorage(), op.StaticIssuer("https://one.example"),
		op.WithCustomTokenEndpoint(op.NewEndpoint("changed")))
	w.must(err)
	if op.DefaultEndpoints.Token.Relative() != "/changed" {
		t.Fatal("bare: the option changed nothing global")
	}
}

func TestDefect12ParametersAreSingleAndSecretsStayOutOfTheQuery(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	inQuery := func(code string) url.Values {
		return with(codeForm(code), "client_id", "app", "client_secret", secret)
	}
	if got := b.agent().get(bareToken, inQuery(b.code())); got.status != http.StatusOK {
		t.Fatalf("bare: %d %s, want a GET with the secret in its query to work", got.status, got.body)
	}
	twice := codeForm(b.code())
	twice["code"] = []string{"decoy", twice.Get("code")}
	double := request("app")
	double["state"] = []string{"one", "two"}
	if got := b.agent().get(bareAuthorize, double); got.status != http.StatusFound || strings.Contains(got.location.String(), "error") {
		t.Fatalf("bare: %d, want a doubled parameter to pass", got.status)
	}

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
	b := newBare(t, w)
	issued := w.tokens(b.agent().post(bareToken, codeForm(b.code()), basic("app", secret)))
	b.agent().get(bareUserinfo, nil, bearer(issued.ID))
	if ids := b.storage.tokenIDs; len(ids) != 1 || ids[0] != "" {
		t.Fatalf("bare: the storage was asked for %q, want one empty id", ids)
	}
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
	if got := newBare(t, w).agent().get(bareLogout, asked); got.status != http.StatusFound || got.location.String() != goodbye {
		t.Fatalf("bare: %d %v, want a redirect without a question", got.status, got.location)
	}
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
	if got := newBare(t, w).agent().get(bareAuthorize, asked); got.status != http.StatusFound {
		t.Fatalf("bare: %d, want the error as a redirect", got.status)
	}
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
			if got := newBare(t, w).agent().get(bareAuthorize, asked); got.status != http.StatusFound || got.query("error") != "" {
				t.Fatalf("bare: %d %v, want it to pass", got.status, got.location)
			}
			if got := w.agent().get(oidc.PathAuthorize, asked); got.query("error") != "invalid_request" {
				t.Errorf("location %v", got.location)
			}
		})
	}
}
