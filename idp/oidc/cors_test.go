package oidc_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// TestScriptsOfOtherOrigins walks over all endpoints: which of them a script may
// read, from where, and that none ever lets it come with cookies.
func TestScriptsOfOtherOrigins(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "ports", AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://rp.example:8443/callback", "http://127.0.0.1/callback", "com.example.app:/cb"}})
	a := w.agent()
	token := a.signIn("app").Access
	const own = "https://rp.example"
	for path, c := range map[string]struct {
		send  func(origin string) answer
		reads string // "any" origin, "own" ones of the client, or "" none
	}{
		oidc.PathDiscovery: {func(o string) answer { return a.get(oidc.PathDiscovery, nil, origin(o)) }, "any"},
		oidc.PathMetadata:  {func(o string) answer { return a.get(oidc.PathMetadata, nil, origin(o)) }, "any"},
		oidc.PathKeys:      {func(o string) answer { return a.get(oidc.PathKeys, nil, origin(o)) }, "any"},
		oidc.PathToken:     {func(o string) answer { return a.post(oidc.PathToken, codeForm("x", "client_id", "spa"), origin(o)) }, "own"},
		oidc.PathRevoke: {func(o string) answer {
			return a.post(oidc.PathRevoke, url.Values{"token": {"x"}, "client_id": {"spa"}}, origin(o))
		}, "own"},
		oidc.PathPAR:      {func(o string) answer { return a.post(oidc.PathPAR, request("spa"), origin(o)) }, "own"},
		oidc.PathUserinfo: {func(o string) answer { return a.get(oidc.PathUserinfo, nil, bearer(token), origin(o)) }, "own"},
		oidc.PathIntrospect: {func(o string) answer {
			return a.post(oidc.PathIntrospect, url.Values{"token": {token}}, basic("app", secret), origin(o))
		}, ""},
		oidc.PathAuthorize: {func(o string) answer { return a.get(oidc.PathAuthorize, request("spa"), origin(o)) }, ""},
		oidc.PathCallback:  {func(o string) answer { return a.get(oidc.PathCallback, url.Values{"id": {"x"}}, origin(o)) }, ""},
		oidc.PathLogout:    {func(o string) answer { return a.get(oidc.PathLogout, nil, origin(o)) }, ""},
	} {
		for _, from := range []string{own, "https://evil.example", "null", "http://rp.example", "https://rp.example:8443", "https://rp.example.evil.example", "https://RP.example", "https://rp.example/"} {
			got := c.send(from).header
			want := map[string]string{"any": "*"}[c.reads]
			if c.reads == "own" && from == own {
				want = own
			}
			if allowed := got.Get("Access-Control-Allow-Origin"); allowed != want {
				t.Errorf("%s from %s: %q, want %q", path, from, allowed, want)
			}
			if got.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s from %s: with cookies", path, from)
			}
			if c.reads == "own" && !slices.Contains(got.Values("Vary"), "Origin") {
				t.Errorf("%s from %s: Vary %v", path, from, got.Values("Vary"))
			}
		}
		asked := a.preflight(path, own)
		if allowed := asked.header.Get("Access-Control-Allow-Origin"); (allowed != "") != (c.reads != "") || asked.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s before it is asked: %d %q", path, asked.status, allowed)
		}
		if c.reads == "" && asked.status < 400 {
			t.Errorf("%s answers a preflight with %d", path, asked.status)
		}
	}
	for from, want := range map[string]string{"https://rp.example:8443": "https://rp.example:8443", "http://127.0.0.1": "http://127.0.0.1", own: "", "com.example.app:": "", "com.example.app://": ""} {
		got := a.post(oidc.PathPAR, request("ports", "redirect_uri", "https://rp.example:8443/callback"), origin(from))
		if allowed := got.header.Get("Access-Control-Allow-Origin"); allowed != want {
			t.Errorf("a client on a port, from %s: %q, want %q", from, allowed, want)
		}
	}
}

// preflight is what a browser asks before a script's request.
func (a *agent) preflight(path, from string) answer {
	a.w.t.Helper()
	r, err := http.NewRequest(http.MethodOptions, a.base+path, strings.NewReader(""))
	a.w.must(err)
	r.Header.Set("Origin", from)
	r.Header.Set("Access-Control-Request-Method", http.MethodPost)
	r.Header.Set("Access-Control-Request-Headers", "authorization")
	return a.send(r)
}
