package rules_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// badFrames shows every page in a frame of another site: what shaped says of
// pages must hold of each.
func badFrames() []attack {
	framed := []change{header("Sec-Fetch-Dest", "iframe"), header("Sec-Fetch-Site", "cross-site")}
	shown := func(selector string) want {
		return want{"`frame-ancestors 'none'`, no inline script or style, no cache", func(s *scene, r reply) {
			s.Helper()
			if !r.has(selector) {
				s.Errorf("%d shows no %s\n%s", r.status, selector, r.body)
			}
		}}
	}
	return []attack{
		{"the login page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.fresh.get(oidc.PathAuthorize, asked("app"), framed...) }, shown("input[name=password]")},
		{"the call page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply {
			return s.fresh.submit(s.loginPage(), "input[name=password]", "login", "ada", "password", passport)
		}, shown("input[name=code]")},
		{"the consent page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.ada.get(oidc.PathAuthorize, asked("asking"), framed...) }, shown("button[value=allow]")},
		{"a problem's page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.ada.get(oidc.PathAuthorize, nil, framed...) }, shown("[data-problem]")},
		{"the answer's form in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.ada.authorize("app", "response_mode", "form_post") }, shown("form[data-submit]")},
		{"the logout's question in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.ada.get(oidc.PathLogout, nil, framed...) }, shown("form[method=post]")},
		{"the signed-out page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.fresh.get(oidc.PathLogout, nil, framed...) }, shown("h1")},
		{"the account page in a frame", "RFC 9700, 4.16; ASVS 3.4.6", func(s *scene) reply { return s.ada.walk(s.ada.get(account.Path, nil, framed...)) }, shown("h1")},
	}
}

// badOrigins are scripts of other sites.
func badOrigins() []attack {
	evil := header("Origin", "https://evil.example")
	unread := want{"no `Access-Control-Allow-Origin`", func(s *scene, r reply) {
		s.Helper()
		if allowed := r.header.Get("Access-Control-Allow-Origin"); allowed != "" {
			s.Errorf("%d allows %s", r.status, allowed)
		}
	}}
	preflight := func(path string) func(*scene) reply {
		return func(s *scene) reply {
			return s.app.browser.send(http.MethodOptions, s.issuer+path, "", evil, header("Access-Control-Request-Method", "POST"))
		}
	}
	return []attack{
		{"a script at another site redeems", "ASVS 3.4.2", func(s *scene) reply { return s.spa.send(oidc.PathToken, refreshForm("x"), evil) }, unread},
		{"a script at another site asks userinfo", "ASVS 3.4.2", func(s *scene) reply {
			return s.app.get(oidc.PathUserinfo, nil, evil, bearer(s.app.tokens(s.ada).Access))
		}, unread},
		{"a script at another site asks userinfo without a token", "ASVS 3.4.2", func(s *scene) reply { return s.ada.get(oidc.PathUserinfo, nil, evil) }, unread},
		{"a script at another site revokes", "ASVS 3.4.2", func(s *scene) reply { return s.spa.send(oidc.PathRevoke, url.Values{"token": {"x"}}, evil) }, unread},
		{"a script asks the authorization endpoint", "RFC 9700, 2.6; ASVS 3.4.2", func(s *scene) reply {
			return s.ada.get(oidc.PathAuthorize, asked("app"), header("Origin", "https://rp.example"))
		}, unread},
		{"a preflight at the authorization endpoint", "RFC 9700, 2.6", preflight(oidc.PathAuthorize), unread},
		{"a preflight at the introspection endpoint", "RFC 7662, 2.1; ASVS 3.4.2", preflight(oidc.PathIntrospect), unread},
		{"a preflight at the end session endpoint", "ASVS 3.4.2", preflight(oidc.PathLogout), unread},
		{"a preflight at the login", "ASVS 3.4.2", preflight("/login/x"), unread},
		{"the origin null", "ASVS 3.4.2", func(s *scene) reply { return s.spa.send(oidc.PathToken, refreshForm("x"), header("Origin", "null")) }, unread},
		{"an origin that begins like a registered one", "ASVS 3.4.2", func(s *scene) reply {
			return s.spa.send(oidc.PathToken, refreshForm("x"), header("Origin", "https://spa.example.evil.example"))
		}, unread},
		{"a registered origin over http", "ASVS 3.4.2", func(s *scene) reply {
			return s.spa.send(oidc.PathToken, refreshForm("x"), header("Origin", "http://spa.example"))
		}, unread},
	}
}

func badHTTP() []attack {
	get := func(path string) func(*scene) reply {
		return func(s *scene) reply { return s.app.browser.send(http.MethodGet, s.issuer+path, "") }
	}
	gone := want{"400 or 404", func(s *scene, r reply) {
		s.Helper()
		if !slices.Contains([]int{http.StatusNotFound, http.StatusBadRequest}, r.status) || r.out != nil {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
	return []attack{
		{"a path that isn't there", "ASVS 16.5.1", get("/oauth/admin"), gone},
		{"a slash after the token endpoint", "ASVS 14.2.5", get("/oauth/te/"), gone},
		{"a style sheet below userinfo (cache deception)", "ASVS 14.2.5", get("/oauth/me/x.css"), gone},
		{"dots below the static files", "ASVS 5.3.2", get("/static/..%2f..%2fetc%2fpasswd"), gone},
		{"a backslash and dots below the static files", "ASVS 5.3.2", get(`/static/..\..\go.mod`), gone},
		{"a path of 30,000 letters", "ASVS 4.2.5", get("/" + strings.Repeat("a", 30_000)), gone},
		{"a query of 60,000 letters", "ASVS 4.2.5", get(oidc.PathAuthorize + "?client_id=app&x=" + strings.Repeat("a", 60_000)), page("redirect_invalid")},
		{"headers of two megabytes", "ASVS 4.2.5", func(s *scene) reply {
			return s.app.get(oidc.PathDiscovery, nil, header("X-Long", strings.Repeat("a", 2<<20)))
		}, want{"431", func(s *scene, r reply) {
			if r.status != http.StatusRequestHeaderFieldsTooLarge {
				s.Errorf("%d", r.status)
			}
		}}},
		{"a thousand cookies", "ASVS 4.2.5", func(s *scene) reply {
			return s.fresh.authorizeWith(header("Cookie", strings.Repeat("a=b; ", 1000)+"c=d"))
		}, want{"the login page", func(s *scene, r reply) {
			if !r.has("input[name=password]") {
				s.Errorf("%d\n%s", r.status, r.body)
			}
		}}},
		{"a cookie of ours with nonsense in it", "ASVS 7.2.1", func(s *scene) reply {
			return s.fresh.authorizeWith(header("Cookie", "__Host-ringtail="+strings.Repeat("%00", 50)))
		}, want{"the login page", func(s *scene, r reply) {
			if !r.has("input[name=password]") {
				s.Errorf("%d\n%s", r.status, r.body)
			}
		}}},
		{"discovery by POST", "Discovery, 4; ASVS 4.1.4", func(s *scene) reply { return s.app.post(s.issuer+oidc.PathDiscovery, nil) }, answers405()},
		{"the key set by DELETE", "ASVS 4.1.4", func(s *scene) reply { return s.app.browser.send(http.MethodDelete, s.issuer+oidc.PathKeys, "") }, answers405()},
		{"TRACE", "ASVS 4.1.4", func(s *scene) reply {
			return s.app.browser.send(http.MethodTrace, s.issuer+oidc.PathUserinfo, "", header("X-Secret", "do not repeat"))
		}, want{"405, without the request in it", func(s *scene, r reply) {
			if r.status != http.StatusMethodNotAllowed || strings.Contains(string(r.body), "do not repeat") {
				s.Errorf("%d %s", r.status, r.body)
			}
		}}},
		{"another host's name", "ASVS 4.1.3; RFC 9700, 4.13", func(s *scene) reply {
			return s.app.get(oidc.PathDiscovery, nil, func(r *http.Request) { r.Host = "evil.example" })
		}, want{"the provider's own issuer", func(s *scene, r reply) {
			if r.status == http.StatusOK && (r.json()["issuer"] != s.issuer || strings.Contains(string(r.body), "evil.example")) {
				s.Errorf("%s", r.body)
			}
		}}},
		{"another host's name from a proxy that isn't one", "ASVS 4.1.3; RFC 9700, 4.13", func(s *scene) reply {
			return s.fresh.authorizeWith(header("X-Forwarded-Host", "evil.example"), header("Forwarded", "host=evil.example;proto=http"), header("X-Forwarded-Proto", "http"))
		}, want{"the login page at the provider's own address", func(s *scene, r reply) {
			if !r.has("input[name=password]") || strings.Contains(string(r.body), "evil.example") {
				s.Errorf("%d\n%s", r.status, r.body)
			}
		}}},
	}
}

// authorizeWith begins a login with other headers.
func (b *browser) authorizeWith(changes ...change) reply {
	b.Helper()
	return b.get(oidc.PathAuthorize, asked("app"), changes...)
}
