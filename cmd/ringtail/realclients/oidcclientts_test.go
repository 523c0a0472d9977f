package realclients

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func oidcClientTS() software {
	return software{
		name: "oidc-client-ts", version: "3.5.0", from: "npm",
		setups: []setup{
			{"default", "login with both factors in Chromium, silent renew in a frame, userinfo, logout; public, RS256", func(t *testing.T, p *provider) {
				signInWithPage(t, p, "spa-default", "RS256", nil)
			}},
			{"refresh token", "the same with renewal by refresh token before the access token ends, unasked, and tokens revoked at logout; ES256", func(t *testing.T, p *provider) {
				signInWithPage(t, p, "spa-refresh", "ES256", map[string]any{
					"scope": "openid profile email offline_access", "revokeTokensOnSignout": true,
					"accessTokenExpiringNotificationTimeInSeconds": 3600 - 5, // of an hour: tokens.access
				})
			}},
		},
	}
}

// servePage serves the application on localhost, as a site of its own.
func servePage(t *testing.T, settings map[string]any) (origin string) {
	t.Helper()
	library := installed(t, filepath.Join("bin", "clients", "npm", "node_modules", "oidc-client-ts", "dist", "browser", "oidc-client-ts.min.js"), "make clients")
	mux := http.NewServeMux()
	file := func(pattern, name string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
	}
	file("GET /oidc-client-ts.min.js", library)
	file("GET /page.js", filepath.Join("testdata", "page", "page.js"))
	mux.HandleFunc("GET /settings.json", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(settings)
	})
	page := readFile(t, filepath.Join("testdata", "page", "index.html"))
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// pageState is what the application shows of itself.
type pageState struct {
	What, Sub, Email, Access, Refresh string
	Renewed                           int
}

// pageShows waits until the application is where the test wants it.
func pageShows(t *testing.T, ctx context.Context, what string) (s pageState) {
	t.Helper()
	do(t, ctx, "waiting for the page that is "+what, chromedp.WaitVisible(fmt.Sprintf("#state[data-what='%s'], #state[data-what=failed]", what)))
	text, err := chromedp.Run(ctx, chromedp.TextContent("#state"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil || s.What != what {
		t.Fatalf("the page shows %s", text)
	}
	return s
}

func signInWithPage(t *testing.T, p *provider, id, alg string, more map[string]any) {
	t.Helper()
	settings := map[string]any{"authority": p.issuer, "client_id": id, "scope": "openid profile email"}
	maps.Copy(settings, more)
	origin := servePage(t, settings)
	p.addClient(t, id, "--public", "--alg", alg, "--redirect", origin+"/back", "--redirect", origin+"/silent", "--post-logout", origin+"/bye")
	ctx := window(t)
	do(t, ctx, "opening the page", chromedp.Navigate(origin+"/"))
	pageShows(t, ctx, "ready")
	do(t, ctx, "signing in", chromedp.Click("#sign-in"))
	signInWithWindow(t, ctx, p)
	first := pageShows(t, ctx, "signed in")
	if first.Sub == "" || first.Email != "demo@shop.example" {
		t.Errorf("the page learned %+v", first)
	}
	renewPage(t, ctx, first)
	do(t, ctx, "signing out", chromedp.Click("#sign-out"))
	if s := pageShows(t, ctx, "signed out"); s.Sub != "" {
		t.Errorf("after the logout the page shows %+v", s)
	}
	do(t, ctx, "signing in again", chromedp.Click("#sign-in"), chromedp.WaitVisible("input[name=password]"))
}

func renewPage(t *testing.T, ctx context.Context, first pageState) {
	t.Helper()
	if first.Refresh == "" { // else the library renews by itself
		do(t, ctx, "renewing", chromedp.Click("#renew"))
	}
	fresh := pageShows(t, ctx, "renewed")
	if fresh.Sub != first.Sub || fresh.Email != first.Email || fresh.Access == first.Access {
		t.Errorf("renewed from %+v to %+v", first, fresh)
	}
	if (first.Refresh == "") != (fresh.Refresh == "") || first.Refresh != "" && first.Refresh == fresh.Refresh {
		t.Errorf("the refresh token went from %q to %q", first.Refresh, fresh.Refresh)
	}
}
