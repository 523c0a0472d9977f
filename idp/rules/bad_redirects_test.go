package rules_test

import (
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// backTo is back at another registered address.
func backTo(uri, code string) want {
	return want{"back with `" + code + "`", func(s *scene, r reply) {
		s.Helper()
		if r.out == nil || !strings.HasPrefix(r.out.String(), uri) || r.answer().Get("error") != code || r.answer().Get("iss") != s.issuer || r.answer().Has("code") {
			s.Errorf("%d out %v, want %s\n%s", r.status, r.out, code, r.body)
		}
	}}
}

// badRedirects are addresses near a registered one.
func badRedirects() []attack {
	var list []attack
	for _, c := range []struct{ name, client, uri string }{
		{"another path", "app", callback + "/more"},
		{"a slash more", "app", callback + "/"},
		{"a prefix of the registered path", "app", "https://rp.example/call"},
		{"no path", "app", "https://rp.example"},
		{"another letter case in the host", "app", "https://RP.example/callback"},
		{"another letter case in the path", "app", "https://rp.example/Callback"},
		{"another letter case in the scheme", "app", "HTTPS://rp.example/callback"},
		{"a query more", "app", callback + "?next=https://evil.example"},
		{"an empty query", "app", callback + "?"},
		{"a fragment", "app", callback + "#fragment"},
		{"an empty fragment", "app", callback + "#"},
		{"the registered host as user info", "app", "https://rp.example@evil.example/callback"},
		{"the registered host and port as user info", "app", "https://rp.example:443@evil.example/callback"},
		{"user info before the registered host", "app", "https://user:pass@rp.example/callback"},
		{"the registered host as a subdomain", "app", "https://rp.example.evil.example/callback"},
		{"a subdomain of the registered host", "app", "https://evil.rp.example/callback"},
		{"a host that ends alike", "app", "https://evilrp.example/callback"},
		{"a dot after the host", "app", "https://rp.example./callback"},
		{"http for https", "app", "http://rp.example/callback"},
		{"another port", "app", "https://rp.example:8443/callback"},
		{"the default port", "app", "https://rp.example:443/callback"},
		{"dots in the path", "app", "https://rp.example/x/../callback"},
		{"a dot in the path", "app", "https://rp.example/./callback"},
		{"encoded dots in the path", "app", "https://rp.example/x/%2e%2e/callback"},
		{"an encoded slash in the path", "app", "https://rp.example%2fcallback"},
		{"an encoded letter in the path", "app", "https://rp.example/%63allback"},
		{"encoded twice", "app", "https%3A%2F%2Frp.example%2Fcallback"},
		{"two slashes in the path", "app", "https://rp.example//callback"},
		{"a backslash before another host", "app", `https://evil.example\@rp.example/callback`},
		{"backslashes for slashes", "app", `https:\\rp.example\callback`},
		{"no slashes after the scheme", "app", "https:rp.example/callback"},
		{"no scheme", "app", "//rp.example/callback"},
		{"a path alone", "app", "/callback"},
		{"the scheme javascript", "app", "javascript:alert(1)//https://rp.example/callback"},
		{"the scheme data", "app", "data:text/html,<script>alert(1)</script>"},
		{"the scheme file", "app", "file:///callback"},
		{"a blank before it", "app", " " + callback},
		{"a blank after it", "app", callback + " "},
		{"a tab inside", "app", "https://rp.exam\tple/callback"},
		{"a line break inside", "app", callback + "\r\nSet-Cookie: a=b"},
		{"a NUL inside", "app", callback + "\x00.evil.example"},
		{"a letter that looks alike", "app", "https://rр.example/callback"},
		{"full-width letters", "app", "https://ｒｐ.example/callback"},
		{"bytes that are no UTF-8", "app", callback + "\xff\xfe"},
		{"two addresses in one", "app", callback + "," + "https://evil.example/"},
		{"ten thousand letters", "app", callback + strings.Repeat("a", 10_000)},
		{"another client's address", "app", "https://spa.example/cb"},
		{"the post-logout address", "app", goodbye},
		{"localhost by name for a loopback address", "native", "http://localhost:4000/cb"},
		{"a name that begins with a loopback address", "native", "http://127.0.0.1.evil.example/cb"},
		{"a loopback address as user info", "native", "http://127.0.0.1:80@evil.example/cb"},
		{"another loopback address", "native", "http://127.0.0.2:4000/cb"},
		{"the loopback address of IPv6, which isn't registered", "native", "http://[::1]:4000/cb"},
		{"the address of every interface", "native", "http://0.0.0.0:4000/cb"},
		{"a loopback address in octal", "native", "http://0177.0.0.1:4000/cb"},
		{"a loopback address as one number", "native", "http://2130706433:4000/cb"},
		{"a loopback address over https", "native", "https://127.0.0.1:4000/cb"},
		{"another path at a loopback address", "native", "http://127.0.0.1:4000/other"},
		{"a port that is none", "native", "http://127.0.0.1:99999/cb"},
		{"another path of a private scheme", "native", "com.example.app:/other"},
		{"slashes after a private scheme", "native", "com.example.app://cb"},
	} {
		list = append(list, attack{c.name, "RFC 9700, 2.1, 4.1; ASVS 10.4.1", func(s *scene) reply {
			return s.ada.authorize(c.client, "redirect_uri", c.uri)
		}, page("redirect_invalid")})
	}
	return append(list,
		attack{"none at all", "Core, 3.1.2.1", func(s *scene) reply { return s.ada.authorize("app", "redirect_uri", "") }, page("redirect_invalid")},
		attack{"a good one and a bad one", "RFC 6749, 3.1; ASVS 10.4.1", func(s *scene) reply {
			q := asked("app")
			q.Add("redirect_uri", "https://evil.example/")
			return s.ada.get(oidc.PathAuthorize, q)
		}, page("redirect_invalid")},
		attack{"a bad one and an error that would be told to it", "RFC 9700, 4.11.2", func(s *scene) reply {
			return s.ada.authorize("app", "redirect_uri", "https://evil.example/", "response_type", "nonsense", "scope", "")
		}, page("redirect_invalid")},
		attack{"a bad one with prompt=none", "RFC 9700, 4.11.2", func(s *scene) reply {
			return s.fresh.authorize("app", "redirect_uri", "https://evil.example/", "prompt", "none")
		}, page("redirect_invalid")},
		attack{"a bad one by POST", "RFC 9700, 4.1", func(s *scene) reply {
			return s.ada.post(s.issuer+oidc.PathAuthorize, asked("app", "redirect_uri", "https://evil.example/"))
		}, page("redirect_invalid")},
	)
}
