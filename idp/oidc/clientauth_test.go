package oidc_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func TestClientAuthentication(t *testing.T) {
	w := newWorld(t)
	raw := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", value) }
	}
	none := func(*http.Request) {}
	for name, c := range map[string]struct {
		client string // whose code it is
		form   []string
		header func(*http.Request)
		status int
		want   string
	}{
		"basic":                             {"app", nil, basic("app", secret), 200, ""},
		"basic and the same client_id":      {"app", []string{"client_id", "app"}, basic("app", secret), 200, ""},
		"post":                              {"app", []string{"client_id", "app", "client_secret", secret}, none, 200, ""},
		"public":                            {"spa", []string{"client_id", "spa"}, none, 200, ""},
		"basic where basic is registered":   {"basic", nil, basic("basic", secret), 200, ""},
		"post where basic is registered":    {"basic", []string{"client_id", "basic", "client_secret", secret}, none, 401, "invalid_client"},
		"basic where post is registered":    {"post", nil, basic("post", secret), 401, "invalid_client"},
		"wrong secret":                      {"app", nil, basic("app", "wrong"), 401, "invalid_client"},
		"empty secret":                      {"app", nil, basic("app", ""), 401, "invalid_client"},
		"the hash as the secret":            {"app", nil, basic("app", clientauth.HashSecret(w.keys, "app", secret)), 401, "invalid_client"},
		"a confidential client without":     {"app", []string{"client_id", "app"}, none, 401, "invalid_client"},
		"a public client with a secret":     {"spa", []string{"client_id", "spa", "client_secret", "x"}, none, 401, "invalid_client"},
		"a public client by basic":          {"spa", nil, basic("spa", ""), 401, "invalid_client"},
		"unknown client":                    {"app", nil, basic("nobody", secret), 401, "invalid_client"},
		"no client":                         {"app", nil, none, 401, "invalid_client"},
		"two ways":                          {"app", []string{"client_id", "app", "client_secret", secret}, basic("app", secret), 400, "invalid_request"},
		"two clients":                       {"app", []string{"client_id", "other"}, basic("app", secret), 400, "invalid_request"},
		"two headers":                       {"app", nil, func(r *http.Request) { basic("app", secret)(r); r.Header.Add("Authorization", "Bearer x") }, 400, "invalid_request"},
		"basic that is not form-urlencoded": {"app", nil, func(r *http.Request) { r.SetBasicAuth("app", "100% wrong") }, 401, "invalid_client"},
		"bearer":                            {"app", nil, raw("Bearer x"), 401, "invalid_client"},
		"malformed basic":                   {"app", nil, raw("Basic !!!"), 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.agent()
			got := a.post(oidc.PathToken, codeForm(a.code(c.client), c.form...), c.header)
			if c.status == http.StatusOK {
				w.tokens(got)
				return
			}
			got.wantError(t, c.status, c.want)
			if challenge := got.header.Get("WWW-Authenticate"); (c.status == 401) != strings.HasPrefix(challenge, "Basic ") {
				t.Errorf("WWW-Authenticate %q", challenge)
			}
		})
	}
}

func TestEndpointsForClientsTakePostedFormsAlone(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	for _, path := range []string{oidc.PathToken, oidc.PathRevoke, oidc.PathIntrospect} {
		a.get(path, nil).wantError(t, http.StatusMethodNotAllowed, "invalid_request")
		a.post(path, url.Values{"token": {"x"}}, basic("app", secret), func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
		}).wantError(t, http.StatusBadRequest, "invalid_request")
		a.post(path, url.Values{"token": {strings.Repeat("x", idp.MaxBody)}}, basic("app", secret)).wantError(t, http.StatusRequestEntityTooLarge, "invalid_request")
		a.post(path, url.Values{"token": {strings.Repeat("x", 9_000)}}, basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	}
}

// The limit of whoever mounts the endpoints is the one that counts.
func TestBodyLimitFromOutside(t *testing.T) {
	w := newWorld(t)
	limited := http.MaxBytesHandler(w.provider.Handler(), 8<<10)
	for path, want := range map[string]int{
		oidc.PathToken: http.StatusRequestEntityTooLarge, oidc.PathUserinfo: http.StatusRequestEntityTooLarge,
		oidc.PathAuthorize: http.StatusBadRequest, // a problem's page
	} {
		r := httptest.NewRequest(http.MethodPost, "/blitz"+path, strings.NewReader(strings.Repeat("token=x&", 2000)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		got := httptest.NewRecorder()
		limited.ServeHTTP(got, r)
		if problem := got.Header().Get("X-Page"); got.Code != want || want == http.StatusBadRequest && problem != "request_invalid" {
			t.Errorf("%s: %d %q %s", path, got.Code, problem, got.Body)
		}
	}
}

func TestUserinfoTakesTheTokenInOnePlace(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	token := a.signIn("app").Access
	posted := url.Values{"access_token": {token}}
	if got := a.get(oidc.PathUserinfo, nil, bearer(token)); got.status != http.StatusOK {
		t.Errorf("GET with a header: %d", got.status)
	}
	if got := a.post(oidc.PathUserinfo, posted); got.status != http.StatusOK {
		t.Errorf("POST with a form: %d %s", got.status, got.body)
	}
	a.get(oidc.PathUserinfo, posted).wantError(t, http.StatusBadRequest, "invalid_request")
	a.post(oidc.PathUserinfo, posted, bearer(token)).wantError(t, http.StatusBadRequest, "invalid_request")
	a.get(oidc.PathUserinfo, nil, basic("app", secret)).wantError(t, http.StatusUnauthorized, "invalid_token")
	none := a.get(oidc.PathUserinfo, nil)
	if none.status != http.StatusUnauthorized || none.header.Get("WWW-Authenticate") != `Bearer realm="ringtail"` {
		t.Errorf("no token: %d %q", none.status, none.header.Get("WWW-Authenticate"))
	}
}

func TestPreflight(t *testing.T) {
	w := newWorld(t)
	ask := func(path string) answer {
		r, err := http.NewRequest(http.MethodOptions, w.issuer+path, nil)
		w.must(err)
		r.Header.Set("Origin", "https://rp.example")
		r.Header.Set("Access-Control-Request-Method", "POST")
		return w.agent().send(r)
	}
	for _, path := range []string{oidc.PathToken, oidc.PathUserinfo, oidc.PathRevoke, oidc.PathKeys, oidc.PathDiscovery} {
		if got := ask(path); got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Origin") == "" || got.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
	}
	for _, path := range []string{oidc.PathIntrospect, oidc.PathAuthorize, oidc.PathLogout} {
		if got := ask(path); got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s answers scripts", path)
		}
	}
}
