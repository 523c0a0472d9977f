package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

const (
	formMedia = "application/x-www-form-urlencoded"
	jsonMedia = "application/json"
)

// Without its database the provider says in every kind of answer that it is out of order
// for a moment, and when to come again. What is in memory goes on.
func TestWithoutADatabase(t *testing.T) {
	s := newSite(t, make(ringing, 8))
	token := s.token()
	ask(s.h, "GET", issuer+oidc.PathKeys, "") // they are read before anybody signs in
	if err := s.data.Close(); err != nil {
		t.Fatal(err)
	}
	shop := url.Values{"client_id": {"shop"}, "client_secret": {"the shop's secret"}, "token": {token}}.Encode()
	const page, oauthError, problem = `data-problem="unavailable"`, `"error":"temporarily_unavailable"`, `"id":"unavailable"`
	for name, c := range map[string]struct {
		method, path, body, accept, token string
		media, says                       string
	}{
		"a page of a login":      {"GET", "/login/x", "", "text/html", "", "text/html", page},
		"a login as JSON":        {"GET", "/login/x", "", jsonMedia, "", jsonMedia, problem},
		"a post to a login":      {"POST", "/login/x", "login=a", "text/html", "", "text/html", page},
		"a post of a native app": {"POST", "/login/x", "login=a", jsonMedia, "", jsonMedia, problem},
		"tokens":                 {"POST", oidc.PathToken, shop + "&grant_type=client_credentials&scope=phone_verification", "", "", jsonMedia, oauthError},
		"userinfo":               {"GET", oidc.PathUserinfo, "", "", token, jsonMedia, oauthError},
		"introspection":          {"POST", oidc.PathIntrospect, shop, "", "", jsonMedia, oauthError},
		"revocation":             {"POST", oidc.PathRevoke, shop, "", "", jsonMedia, oauthError},
		"an unknown client":      {"POST", oidc.PathPAR, "client_id=x&client_secret=y", "", "", jsonMedia, oauthError},
		"the page for devices":   {"POST", "/device", "user_code=BCDF-GHJK", "text/html", "", "text/html", page},
		"a number's check":       {"POST", "/api/v1/verifications", "phone=79990000001", "", token, "application/problem+json", problem},
		"a person's sessions":    {"GET", "/api/v3/users/x/sessions", "", "", token, "application/problem+json", problem},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, issuer+c.path, strings.NewReader(c.body))
			if c.body != "" {
				r.Header.Set("Content-Type", formMedia)
			}
			if c.token != "" {
				r.Header.Set("Authorization", "Bearer "+c.token)
			}
			r.Header.Set("Accept", c.accept)
			rec := httptest.NewRecorder()
			s.h.ServeHTTP(rec, r)
			if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") != "5" {
				t.Errorf("%d, Retry-After %q", rec.Code, rec.Header().Get("Retry-After"))
			}
			if scripts := rec.Header().Get("Access-Control-Allow-Origin") == "*" && rec.Header().Get("Access-Control-Expose-Headers") == "Retry-After"; scripts != (c.says == oauthError) {
				t.Errorf("scripts may read it: %v", rec.Header())
			}
			if got := rec.Body.String(); !strings.Contains(got, c.says) || !strings.HasPrefix(rec.Header().Get("Content-Type"), c.media) {
				t.Errorf("%s, want %s: %s", rec.Header().Get("Content-Type"), c.says, got)
			} else if c.says != oauthError && !strings.Contains(got, "Try again shortly") || strings.Contains(got, "closed") {
				t.Errorf("it says %s", got)
			}
		})
	}
	for _, path := range []string{oidc.PathDiscovery, oidc.PathKeys} {
		if rec := ask(s.h, "GET", issuer+path, ""); rec.Code != http.StatusOK {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

// A relying party whose redirect URI was verified is told by it (RFC 6749, section
// 4.1.2.1).
func TestTheRelyingPartyIsToldWithoutADatabase(t *testing.T) {
	s, data := newServer(t)
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	q := url.Values{
		"client_id": {"file"}, "redirect_uri": {"https://file.example/cb"}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
		"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
	}
	rec := ask(s.Handler(), "GET", issuer+"/oauth/ae?"+q.Encode(), "")
	to, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || to.Host != "file.example" || to.Query().Get("error") != "temporarily_unavailable" || to.Query().Get("state") != "s" {
		t.Errorf("%d %s, %v", rec.Code, to, err)
	}
}
