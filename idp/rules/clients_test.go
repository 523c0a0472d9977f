package rules_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/server"
)

// oneFactor is a site where the password alone will do.
func oneFactor(o *server.Options) {
	o.Policy = login.Policy{Level: 1, First: []string{password.ID}, Second: o.Policy.Second}
}

// What a registration says of its logins.
func TestWhatAClientAsksOfItsLogins(t *testing.T) {
	s := newSite(t, oneFactor)
	age := int64(60)
	s.client(idp.Client{ID: "strict", RequiredFactor: 2})
	s.client(idp.Client{ID: "classy", ClientMetadata: idp.ClientMetadata{DefaultACRs: []string{idp.ACRTwoFactors}}})
	s.client(idp.Client{ID: "picky", RequiredFactor: 2, SecondFactors: []string{"totp"}})
	s.client(idp.Client{ID: "hasty", ClientMetadata: idp.ClientMetadata{DefaultMaxAge: &age}})
	for id, called := range map[string]bool{"app": false, "strict": true, "classy": true} {
		t.Run(id, func(t *testing.T) {
			s := s.in(t)
			before := s.phone.calls
			got := s.party(id).tokens(s.browser(s.person(id)))
			claims := fields(s, got.ID, 1)
			want := idp.ACROneFactor
			if called {
				want = idp.ACRTwoFactors
			}
			if claims["acr"] != want || s.phone.calls > before != called {
				t.Errorf("acr %v with %d calls, want %s", claims["acr"], s.phone.calls-before, want)
			}
		})
	}
	t.Run("a second factor that may not serve", func(t *testing.T) {
		s := s.in(t)
		before := s.phone.calls
		b := s.browser(s.person("picky"))
		got := b.walk(b.authorize("picky"))
		if got.answer().Get("code") != "" || s.phone.calls != before || got.has("input[name=code]:not([type=hidden])") {
			t.Errorf("%d calls, out %v:\n%s", s.phone.calls-before, got.out, got.body)
		}
	})
	t.Run("an age", func(t *testing.T) {
		s := s.in(t)
		b := s.browser(s.person("hasty"))
		b.code("hasty")
		if at := b.authorize("hasty"); at.answer().Get("code") == "" {
			t.Errorf("asked again at once: %d %s", at.status, at.body)
		}
		s.clock.advance(2 * time.Minute)
		if at := b.authorize("app"); at.answer().Get("code") == "" {
			t.Errorf("another client asks too: %d", at.status)
		}
		if at := b.authorize("hasty"); !at.has("input[name=password]") {
			t.Errorf("not asked again after two minutes: %d out %v", at.status, at.out)
		}
	})
}

// What a registration says of its tokens.
func TestWhatAClientsTokensAreLike(t *testing.T) {
	s := newSite(t, oneFactor)
	s.client(idp.Client{ID: "lives", AccessTokenLife: 2 * time.Minute, IDTokenLife: 3 * time.Minute, RefreshTokenLife: 4 * time.Minute})
	s.client(idp.Client{ID: "selfcontained", ClientMetadata: idp.ClientMetadata{JWTAccessTokens: true}})
	s.client(idp.Client{ID: "claims", ClientMetadata: idp.ClientMetadata{IDTokenClaims: []string{"email"}}})
	s.client(idp.Client{ID: "scoped", Scopes: []string{"email"}})
	s.client(idp.Client{ID: "code", Grants: []string{idp.GrantCode}})
	for _, alg := range []string{signing.RS256, signing.ES256, signing.EdDSA} {
		s.client(idp.Client{ID: alg, SigningAlg: alg})
	}
	b := s.browser(s.person("ada"))
	for _, alg := range []string{signing.RS256, signing.ES256, signing.EdDSA} {
		if got := fields(s, s.party(alg).tokens(b).ID, 0)["alg"]; got != alg {
			t.Errorf("%s: signed with %v", alg, got)
		}
	}
	lives, got := s.party("lives"), s.party("lives").tokens(b)
	claims := fields(s, got.ID, 1)
	if life := claims["exp"].(float64) - claims["iat"].(float64); got.Expires != 120 || life != 180 {
		t.Errorf("the access token lives %d s, the ID token %v s", got.Expires, life)
	}
	if header := fields(s, s.party("selfcontained").tokens(b).Access, 0); header["typ"] != "at+jwt" {
		t.Errorf("header %v", header)
	}
	if access := s.party("app").tokens(b).Access; strings.Contains(access, ".") {
		t.Errorf("an access token that nobody wanted as JWT: %s", access)
	}
	if claims := fields(s, s.party("claims").tokens(b).ID, 1); claims["email"] != "ada@example.com" || claims["name"] != nil {
		t.Errorf("claims %v", claims)
	}
	scoped := s.party("scoped").tokens(b)
	if scopes := strings.Fields(scoped.Scope); !slices.Equal(scopes, []string{"openid", "email"}) || scoped.Refresh != "" {
		t.Errorf("scopes %v", scopes)
	}
	code := s.party("code")
	if got := code.tokens(b); got.Refresh != "" {
		t.Error("a refresh token for a client without the grant")
	}
	for grant, form := range map[string][]string{"client_credentials": nil, idp.GrantExchange: {"subject_token", "x"}, idp.GrantJWTBearer: {"assertion", "x"}, "refresh_token": {"refresh_token", "x"}} {
		r := code.send(oidc.PathToken, with(map[string][]string{"grant_type": {grant}}, form...))
		if object := r.json(); r.status != http.StatusBadRequest || object["error"] != "unauthorized_client" {
			t.Errorf("%s: %d %v", grant, r.status, object)
		}
	}
	s.clock.advance(121 * time.Second)
	if lives.works(got.Access) {
		t.Error("the access token outlived its life")
	}
	s.clock.advance(2 * time.Minute)
	if r := lives.send(oidc.PathToken, refreshForm(got.Refresh)); r.status != http.StatusBadRequest {
		t.Errorf("the refresh token outlived its life: %d", r.status)
	}
}

// Redirect URIs are compared to the letter; only who isn't of the web may choose
// the port of a loopback address.
func TestWhereAClientMayBeAnswered(t *testing.T) {
	s := newSite(t, nil)
	uris := []string{"http://127.0.0.1:8000/cb", "http://[::1]/cb", "http://localhost:8000/cb", "https://rp.example/cb?a=b"}
	for id, kind := range map[string]string{"any": "", "n": idp.ApplicationNative, "w": idp.ApplicationWeb} {
		s.client(idp.Client{ID: id, RedirectURIs: uris, ClientMetadata: idp.ClientMetadata{ApplicationType: kind}})
	}
	b := s.browser(s.person("ada"))
	accepted := func(id, uri string) bool {
		at := b.authorize(id, "redirect_uri", uri)
		return at.has("input[name=password]")
	}
	for uri, want := range map[string]struct{ native, web bool }{
		"http://127.0.0.1:8000/cb": {true, true}, "http://127.0.0.1:9000/cb": {true, false}, "http://127.0.0.1/cb": {true, false},
		"http://[::1]:4711/cb": {true, false}, "http://localhost:8000/cb": {true, true}, "http://localhost:9000/cb": {false, false},
		"http://127.0.0.1:8000/cb/": {false, false}, "http://127.0.0.1:8000/CB": {false, false}, "http://127.0.0.2:8000/cb": {false, false},
		"https://rp.example/cb?a=b": {true, true}, "https://rp.example/cb": {false, false}, "https://rp.example/cb?a=b&c=d": {false, false},
		"https://rp.example:443/cb?a=b": {false, false}, "HTTPS://rp.example/cb?a=b": {false, false}, "https://rp.example/%63b?a=b": {false, false},
		"https://rp.example/x/../cb?a=b": {false, false}, "https://127.0.0.1:9000/cb": {false, false},
	} {
		if got := accepted("n", uri); got != want.native {
			t.Errorf("native %s: %v", uri, got)
		}
		if got := accepted("any", uri); got != want.native {
			t.Errorf("neither %s: %v", uri, got)
		}
		if got := accepted("w", uri); got != want.web {
			t.Errorf("web %s: %v", uri, got)
		}
	}
}
