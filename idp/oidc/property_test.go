package oidc_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// FuzzAuthorize throws queries at the authorization endpoint: whatever comes,
// the browser goes to a login or to a registered redirect URI, or sees a page.
func FuzzAuthorize(f *testing.F) {
	for _, seed := range []url.Values{
		request("app"), request("app", "redirect_uri", "https://evil.example/"), request("app", "response_mode", "form_post"),
		request("app", "prompt", "none login"), request("spa", "code_challenge", ""), request("app", "scope", "openid\x00"), {},
	} {
		f.Add(seed.Encode())
	}
	f.Add("client_id=app&client_id=other&redirect_uri=" + url.QueryEscape(redirect))
	f.Add("%zz;&=&&&")
	w := newWorld(f)
	handler := w.provider.Handler()
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/blitz"+oidc.PathAuthorize, nil)
		r.URL.RawQuery = query
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		got := rec.Result()
		location := got.Header.Get("Location")
		switch {
		case got.StatusCode >= 500:
			t.Errorf("%d for %q: %s", got.StatusCode, query, rec.Body)
		case location != "" && !strings.HasPrefix(location, w.issuer+"/login/") && !strings.HasPrefix(location, redirect+"?"):
			t.Errorf("%q sends the browser to %q", query, location)
		case got.Header.Get("Cache-Control") != "no-store":
			t.Errorf("Cache-Control %q", got.Header.Get("Cache-Control"))
		}
	})
}

// TestAnyHistoryOfAFamily uses, reuses and revokes tokens at random and holds
// the provider to a model: the newest refresh token works while nothing was
// used twice or revoked, and access tokens work exactly as long.
func TestAnyHistoryOfAFamily(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		a := w.agent()
		family := []tokens{a.signIn("app")}
		alive := true
		for range rapid.IntRange(1, 5).Draw(t, "steps") {
			i := rapid.IntRange(0, len(family)-1).Draw(t, "token")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				a.post(oidc.PathRevoke, url.Values{"token": {family[i].Refresh}}, basic("app", secret))
				alive = false
			case 1:
				a.post(oidc.PathToken, refreshForm(family[i].Refresh), basic("other", secret))
			case 2:
				a.post(oidc.PathToken, refreshForm(family[i].Access), basic("app", secret))
			default:
				got := a.post(oidc.PathToken, refreshForm(family[i].Refresh), basic("app", secret))
				newest := i == len(family)-1
				if want := alive && newest; (got.status == http.StatusOK) != want {
					t.Fatalf("refresh with token %d of %d, family alive %v: %d %s", i+1, len(family), alive, got.status, got.body)
				}
				if alive = alive && newest; alive {
					family = append(family, w.tokens(got))
				}
			}
			if got := w.works(family[i].Access); got != alive {
				t.Fatalf("access token works: %v, family alive: %v", got, alive)
			}
		}
	})
}

// BenchmarkRefresh is one refresh over HTTP for each algorithm: a token request
// with everything that it costs.
func BenchmarkRefresh(b *testing.B) {
	for _, client := range []string{signing.RS256, signing.ES256, signing.EdDSA} {
		b.Run(client, func(b *testing.B) {
			w := newWorld(b)
			w.addClient(idp.Client{ID: client, SigningAlg: client})
			a := w.agent()
			got := a.signIn(client)
			for b.Loop() {
				got = w.tokens(a.post(oidc.PathToken, refreshForm(got.Refresh), basic(client, secret)))
			}
		})
	}
}

// BenchmarkUserinfo is one userinfo request over HTTP.
func BenchmarkUserinfo(b *testing.B) {
	w := newWorld(b)
	a := w.agent()
	access := a.signIn("app").Access
	for b.Loop() {
		a.post(oidc.PathUserinfo, nil, bearer(access))
	}
}
