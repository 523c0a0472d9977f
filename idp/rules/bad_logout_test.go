package rules_test

import (
	"net/http"
	"net/url"

	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// asksFirst is a question or a problem; nobody is signed out or led away.
func asksFirst() want {
	return want{"a question, or a page that tells of the problem", func(s *scene, r reply) {
		s.Helper()
		if r.out != nil || r.problem() == "" && !r.has("form[method=post]") {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
}

func badLogout() []attack {
	// leaves uses a good hint of Ada's for the app, in a browser of Bob's: what must
	// not happen is that anybody is led away.
	leaves := func(pairs ...string) func(*scene) reply {
		return func(s *scene) reply {
			q := with(url.Values{"id_token_hint": {s.app.tokens(s.ada).ID}, "post_logout_redirect_uri": {goodbye}}, pairs...)
			return s.ada.get(oidc.PathLogout, q)
		}
	}
	nowhere := that("a page; nobody is led away", func(s *scene, r reply) {
		if r.out != nil || r.status >= 400 && r.problem() == "" {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	})
	var list []attack
	for _, c := range []struct{ name, uri string }{
		{"an address that isn't registered", "https://evil.example/"},
		{"the redirect URI of the login", callback},
		{"a registered address with a query more", goodbye + "?next=https://evil.example"},
		{"a registered address with a slash more", goodbye + "/"},
		{"a registered address with a fragment", goodbye + "#x"},
		{"a registered address as user info", "https://rp.example@evil.example/goodbye"},
		{"a registered host as a subdomain", "https://rp.example.evil.example/goodbye"},
		{"http for https", "http://rp.example/goodbye"},
		{"another letter case", "https://rp.example/Goodbye"},
		{"dots in the path", "https://rp.example/x/../goodbye"},
		{"no scheme", "//evil.example/"},
		{"a path alone", "/goodbye"},
		{"backslashes", `https:\\evil.example\goodbye`},
		{"the scheme javascript", "javascript:alert(1)"},
		{"the scheme data", "data:text/html,<script>alert(1)</script>"},
		{"a line break inside", goodbye + "\r\nLocation: https://evil.example/"},
	} {
		list = append(list, attack{c.name, "RPIL, 3; RFC 9700, 4.11.2; ASVS 3.7.2", leaves("post_logout_redirect_uri", c.uri), page("logout_redirect_invalid")})
	}
	return append(list,
		attack{"an address without a hint or a client", "RPIL, 3; ASVS 3.7.2", leaves("id_token_hint", ""), nowhere},
		attack{"another client's id beside the hint", "RPIL, 2", leaves("client_id", "other"), nowhere},
		attack{"an unknown client's id", "RPIL, 2", leaves("id_token_hint", "", "client_id", "nobody"), page("client_unknown")},
		attack{"a client's id alone, without a question", "RPIL, 2, 6; ASVS 10.6.2", leaves("id_token_hint", "", "client_id", "app"), asksFirst()},
		attack{"nothing at all, without a question", "RPIL, 6; ASVS 10.6.2", leaves("id_token_hint", "", "post_logout_redirect_uri", ""), asksFirst()},
		attack{"a good hint of somebody else's", "RPIL, 4, 6; ASVS 10.6.2", func(s *scene) reply {
			return s.ada.get(oidc.PathLogout, url.Values{"id_token_hint": {s.app.tokens(s.bob).ID}, "post_logout_redirect_uri": {goodbye}})
		}, asksFirst()},
		attack{"a good hint of an earlier sign-in", "RPIL, 4; ASVS 10.6.2", func(s *scene) reply {
			elsewhere := s.browser("ada")
			return s.ada.get(oidc.PathLogout, url.Values{"id_token_hint": {s.app.tokens(elsewhere).ID}, "post_logout_redirect_uri": {goodbye}})
		}, asksFirst()},
		attack{"the answer to the question, without the question", "RPIL, 6; ASVS 3.5.1", func(s *scene) reply {
			return s.ada.post(s.issuer+logout.PathConfirm, url.Values{})
		}, page("request_invalid")},
		attack{"the answer to the question that another browser was asked", "RPIL, 6; ASVS 3.5.1", func(s *scene) reply {
			_, form := s.bob.get(oidc.PathLogout, nil).form("form[method=post]")
			return s.ada.post(s.issuer+logout.PathConfirm, form)
		}, page("request_invalid")},
		attack{"the answer to the question with another address in it", "RPIL, 3; RFC 9700, 4.11.2", func(s *scene) reply {
			_, form := s.ada.get(oidc.PathLogout, url.Values{"client_id": {"app"}, "post_logout_redirect_uri": {goodbye}}).form("form[method=post]")
			return s.ada.post(s.issuer+logout.PathConfirm, with(form, "post_logout_redirect_uri", "https://evil.example/"))
		}, page("logout_redirect_invalid")},
		attack{"the answer to the question by GET", "ASVS 3.5.3", func(s *scene) reply {
			_, form := s.ada.get(oidc.PathLogout, nil).form("form[method=post]")
			return s.ada.get(logout.PathConfirm, form)
		}, answers405()},
		attack{"a POST from another site", "RPIL, 2; ASVS 3.5.1", func(s *scene) reply {
			return s.ada.post(s.issuer+oidc.PathLogout, url.Values{"client_id": {"app"}}, header("Origin", "https://evil.example"), header("Sec-Fetch-Site", "cross-site"))
		}, asksFirst()},
		attack{"a PUT", "RPIL, 2; ASVS 4.1.4", func(s *scene) reply { return s.ada.send(http.MethodPut, s.issuer+oidc.PathLogout, "") }, answers405()},
		attack{"a response header in the state of a logout", "ASVS 4.2.4", func(s *scene) reply {
			leaving := s.browser("bob")
			t := s.app.tokens(leaving)
			return leaving.get(oidc.PathLogout, url.Values{"id_token_hint": {t.ID}, "post_logout_redirect_uri": {goodbye}, "state": {"x\r\nSet-Cookie: planted=1"}})
		}, that("the state as it came, encoded", func(s *scene, r reply) {
			if r.out == nil || r.out.Query().Get("state") != "x\r\nSet-Cookie: planted=1" || len(r.out.Query()) != 1 {
				s.Errorf("%d out %v", r.status, r.out)
			}
		})},
	)
}
