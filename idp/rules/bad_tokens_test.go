package rules_test

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

func badRefreshes() []attack {
	grant := refused(http.StatusBadRequest, "invalid_grant")
	sends := func(token func(*scene) string, pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.app.send(oidc.PathToken, refreshForm(token(s), pairs...)) }
	}
	fresh := func(s *scene) string { return s.app.tokens(s.ada).Refresh }
	return []attack{
		{"a refresh token after its successor was used", "RFC 9700, 4.14.2; ASVS 10.4.5", reusedRefresh, grant},
		{"a refresh token ten minutes after it was used, while its successor wasn't", "RFC 9700, 4.14.2; ASVS 10.4.5", func(s *scene) reply {
			first := s.app.tokens(s.ada)
			second := s.app.send(oidc.PathToken, refreshForm(first.Refresh)).tokens()
			s.clock.advance(10 * time.Minute)
			got := s.app.send(oidc.PathToken, refreshForm(first.Refresh))
			if again := s.app.send(oidc.PathToken, refreshForm(second.Refresh)); again.status == http.StatusOK {
				s.Error("the family outlived the reuse")
			}
			return got
		}, grant},
		{"another client's refresh token", "RFC 6749, 6, 10.4", func(s *scene) reply {
			t := s.app.tokens(s.ada)
			got := s.other.send(oidc.PathToken, refreshForm(t.Refresh))
			s.app.send(oidc.PathToken, refreshForm(t.Refresh)).tokens() // it is good for whom it is for
			return got
		}, grant},
		{"a confidential client's refresh token from a public one", "RFC 6749, 10.4", func(s *scene) reply {
			return s.spa.send(oidc.PathToken, refreshForm(fresh(s)))
		}, grant},
		{"a refresh token without the client's secret", "RFC 6749, 6; ASVS 10.4.10", func(s *scene) reply {
			return s.public("app").send(oidc.PathToken, refreshForm(fresh(s)))
		}, unauthenticated()},
		{"a scope more than was granted", "RFC 6749, 6", func(s *scene) reply {
			t := s.app.tokens(s.ada, "scope", "openid offline_access")
			return s.app.send(oidc.PathToken, refreshForm(t.Refresh, "scope", "openid offline_access email"))
		}, refused(http.StatusBadRequest, "invalid_scope")},
		{"a scope that there isn't", "RFC 6749, 6", sends(fresh, "scope", "openid admin"), refused(http.StatusBadRequest, "invalid_scope")},
		{"a revoked refresh token", "RFC 7009, 2.1", func(s *scene) reply {
			t := s.app.tokens(s.ada)
			s.app.send(oidc.PathRevoke, url.Values{"token": {t.Refresh}})
			return s.app.send(oidc.PathToken, refreshForm(t.Refresh))
		}, grant},
		{"an expired refresh token", "RFC 6749, 6; ASVS 10.4.8", func(s *scene) reply {
			t := s.party("brief").tokens(s.ada)
			s.clock.advance(2 * time.Minute)
			return s.party("brief").send(oidc.PathToken, refreshForm(t.Refresh))
		}, grant},
		{"an unknown refresh token", "RFC 6749, 5.2", sends(func(*scene) string { return "unknown" }), grant},
		{"a refresh token in upper case", "RFC 6749, 10.10", sends(func(s *scene) string { return strings.ToUpper(fresh(s)) }), grant},
		{"an access token as refresh token", "ASVS 9.2.2", sends(func(s *scene) string { return s.app.tokens(s.ada).Access }), grant},
		{"an ID token as refresh token", "ASVS 9.2.2", sends(func(s *scene) string { return s.app.tokens(s.ada).ID }), grant},
		{"a code as refresh token", "ASVS 9.2.2", sends(func(s *scene) string { return s.ada.code("app") }), grant},
		{"no refresh token", "RFC 6749, 6", sends(func(*scene) string { return "" }), refused(http.StatusBadRequest, "invalid_request")},
	}
}

// reusedRefresh uses a token, its successor, and the token again.
func reusedRefresh(s *scene) reply {
	first := s.app.tokens(s.ada)
	second := s.app.send(oidc.PathToken, refreshForm(first.Refresh)).tokens()
	third := s.app.send(oidc.PathToken, refreshForm(second.Refresh)).tokens()
	got := s.app.send(oidc.PathToken, refreshForm(first.Refresh))
	for _, access := range []string{first.Access, second.Access, third.Access} {
		if s.app.works(access) {
			s.Error("an access token outlived the reuse of its family's refresh token")
		}
	}
	if again := s.app.send(oidc.PathToken, refreshForm(third.Refresh)); again.status == http.StatusOK {
		s.Error("the last refresh token outlived the reuse")
	}
	return got
}

// unproven is a request to userinfo with a bad token (RFC 6750, section 3).
func unproven() want {
	return that("401 `invalid_token`, `WWW-Authenticate: Bearer error=\"invalid_token\"`", func(s *scene, r reply) {
		s.Helper()
		challenge := r.header.Get("WWW-Authenticate")
		if r.status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer ") || !strings.Contains(challenge, `error="invalid_token"`) {
			s.Errorf("%d %q %s", r.status, challenge, r.body)
		}
	})
}

func badUserinfo() []attack {
	token, request := unproven(), refused(http.StatusBadRequest, "invalid_request")
	shows := func(of func(*scene) string) func(*scene) reply {
		return func(s *scene) reply { return s.app.get(oidc.PathUserinfo, nil, bearer(of(s))) }
	}
	access := func(s *scene) string { return s.app.tokens(s.ada).Access }
	return []attack{
		{"no token", "RFC 6750, 3", func(s *scene) reply { return s.app.get(oidc.PathUserinfo, nil) }, that("401, `WWW-Authenticate: Bearer` without an error code", func(s *scene, r reply) {
			if challenge := r.header.Get("WWW-Authenticate"); r.status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer") || strings.Contains(challenge, "error=") {
				s.Errorf("%d %q", r.status, challenge)
			}
		})},
		{"an unknown token", "RFC 6750, 3.1", shows(func(*scene) string { return "unknown" }), token},
		{"an ID token as access token", "ASVS 9.2.2; RFC 9068, 4", shows(func(s *scene) string { return s.app.tokens(s.ada).ID }), token},
		{"a refresh token as access token", "ASVS 9.2.2", shows(func(s *scene) string { return s.app.tokens(s.ada).Refresh }), token},
		{"a code as access token", "ASVS 9.2.2", shows(func(s *scene) string { return s.ada.code("app") }), token},
		{"a client's own token", "Core, 5.3", shows(func(s *scene) string {
			return s.party("service").send(oidc.PathToken, url.Values{"grant_type": {"client_credentials"}, "scope": {"phone_verification"}}).tokens().Access
		}), token},
		{"an expired token", "RFC 6750, 3.1", shows(func(s *scene) string {
			t := s.party("brief").tokens(s.ada)
			s.clock.advance(2 * time.Minute)
			return t.Access
		}), token},
		{"a revoked token", "RFC 7009, 2.1", shows(func(s *scene) string {
			t := access(s)
			s.app.send(oidc.PathRevoke, url.Values{"token": {t}})
			return t
		}), token},
		{"a token with a byte more", "RFC 6750, 3.1", shows(func(s *scene) string { return access(s) + "x" }), token},
		{"an unsigned JWT", "RFC 9068, 4; ASVS 9.1.2", shows(func(s *scene) string { return unsignedToken(s, nil) }), token},
		{"the token in the query", "RFC 9700, 4.3.2; ASVS 14.2.1", func(s *scene) reply {
			return s.app.get(oidc.PathUserinfo, url.Values{"access_token": {access(s)}})
		}, request},
		{"the token in the header and in the query", "RFC 6750, 2", func(s *scene) reply {
			t := access(s)
			return s.app.get(oidc.PathUserinfo, url.Values{"access_token": {t}}, bearer(t))
		}, request},
		{"the token in the header and in the body", "RFC 6750, 2", func(s *scene) reply {
			t := access(s)
			return s.app.post(s.issuer+oidc.PathUserinfo, url.Values{"access_token": {t}}, bearer(t))
		}, request},
		{"two Authorization headers", "RFC 6750, 2", func(s *scene) reply { return s.app.get(oidc.PathUserinfo, nil, bearer(access(s)), bearer("x")) }, request},
		{"the token in a JSON body", "RFC 6750, 2.2", func(s *scene) reply {
			return s.app.browser.send(http.MethodPost, s.issuer+oidc.PathUserinfo, `{"access_token":"x"}`, header("Content-Type", "application/json"))
		}, request},
		{"the client's secret in place of a token", "RFC 6750, 2.1", func(s *scene) reply { return s.app.get(oidc.PathUserinfo, nil, basic("app", secret)) },
			that("401, `WWW-Authenticate: Bearer`", func(s *scene, r reply) {
				if r.status != http.StatusUnauthorized || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
					s.Errorf("%d %q", r.status, r.header.Get("WWW-Authenticate"))
				}
			})},
		{"a DELETE", "Core, 5.3.1; ASVS 4.1.4", func(s *scene) reply {
			return s.app.browser.send(http.MethodDelete, s.issuer+oidc.PathUserinfo, "", bearer(access(s)))
		}, answers405()},
	}
}

// inactive is the whole of what is said about a token that isn't the client's.
func inactive() want {
	return that("200 `{\"active\":false}` and nothing more", func(s *scene, r reply) {
		s.Helper()
		if r.status != http.StatusOK || len(r.json()) != 1 || r.json()["active"] != false {
			s.Errorf("%d %s", r.status, r.body)
		}
	})
}

func badIntrospection() []attack {
	asks := func(token func(*scene) string) func(*scene) reply {
		return func(s *scene) reply { return s.other.send(oidc.PathIntrospect, url.Values{"token": {token(s)}}) }
	}
	own := func(token func(*scene) string) func(*scene) reply {
		return func(s *scene) reply { return s.app.send(oidc.PathIntrospect, url.Values{"token": {token(s)}}) }
	}
	return []attack{
		{"nobody asks", "RFC 7662, 2.1", func(s *scene) reply {
			return s.app.post(s.issuer+oidc.PathIntrospect, url.Values{"token": {s.app.tokens(s.ada).Access}})
		}, unauthenticated()},
		{"a public client asks", "RFC 7662, 2.1", func(s *scene) reply {
			return s.spa.send(oidc.PathIntrospect, url.Values{"token": {"x"}})
		}, unauthenticated()},
		{"the token asks about itself", "RFC 7662, 2.1", func(s *scene) reply {
			t := s.app.tokens(s.ada).Access
			return s.app.post(s.issuer+oidc.PathIntrospect, url.Values{"token": {t}}, bearer(t))
		}, unauthenticated()},
		{"another client's access token", "RFC 7662, 4", asks(func(s *scene) string { return s.app.tokens(s.ada).Access }), inactive()},
		{"another client's refresh token", "RFC 7662, 4", asks(func(s *scene) string { return s.app.tokens(s.ada).Refresh }), inactive()},
		{"an ID token", "RFC 7662, 2.2; ASVS 9.2.2", own(func(s *scene) string { return s.app.tokens(s.ada).ID }), inactive()},
		{"a code", "RFC 7662, 2.2; ASVS 9.2.2", own(func(s *scene) string { return s.ada.code("app") }), inactive()},
		{"an unsigned JWT", "RFC 7662, 4; ASVS 9.1.2", own(func(s *scene) string { return unsignedToken(s, nil) }), inactive()},
		{"nonsense", "RFC 7662, 2.2", own(func(*scene) string { return "\x00\xff'\"<>" }), inactive()},
		{"no token", "RFC 7662, 2.1", own(func(*scene) string { return "" }), refused(http.StatusBadRequest, "invalid_request")},
		{"a GET", "RFC 7662, 2.1; ASVS 14.2.1", func(s *scene) reply {
			return s.app.get(oidc.PathIntrospect, url.Values{"token": {"x"}}, basic("app", secret))
		}, answers405()},
		{"the token in the query of a POST", "RFC 7662, 4; ASVS 14.2.1", func(s *scene) reply {
			return s.app.post(s.issuer+oidc.PathIntrospect+"?token=x", url.Values{"token": {"x"}}, basic("app", secret))
		}, refused(http.StatusBadRequest, "invalid_request")},
	}
}

func badRevocation() []attack {
	// alive wants Ada's tokens to outlive what was sent.
	alive := func(w want, t *tokens) want {
		return that(w.text+"; the tokens live on", func(s *scene, r reply) {
			s.Helper()
			w.check(s, r)
			if !s.app.works(t.Access) {
				s.Error("the access token is dead")
			}
			s.app.send(oidc.PathToken, refreshForm(t.Refresh)).tokens()
		})
	}
	kept := func(send func(*scene, tokens) reply) (func(*scene) reply, *tokens) {
		t := &tokens{}
		return func(s *scene) reply { *t = s.app.tokens(s.ada); return send(s, *t) }, t
	}
	anything := that("200 or 400", func(s *scene, r reply) {
		if r.status != http.StatusOK && r.status != http.StatusBadRequest {
			s.Errorf("%d %s", r.status, r.body)
		}
	})
	otherAccess, a := kept(func(s *scene, t tokens) reply { return s.other.send(oidc.PathRevoke, url.Values{"token": {t.Access}}) })
	otherRefresh, b := kept(func(s *scene, t tokens) reply { return s.other.send(oidc.PathRevoke, url.Values{"token": {t.Refresh}}) })
	stranger, c := kept(func(s *scene, t tokens) reply {
		return s.app.post(s.issuer+oidc.PathRevoke, url.Values{"token": {t.Refresh}})
	})
	byID, d := kept(func(s *scene, t tokens) reply { return s.app.send(oidc.PathRevoke, url.Values{"token": {t.ID}}) })
	byGet, e := kept(func(s *scene, t tokens) reply {
		return s.app.get(oidc.PathRevoke, url.Values{"token": {t.Refresh}}, basic("app", secret))
	})
	jsonp, f := kept(func(s *scene, t tokens) reply {
		return s.app.get(oidc.PathRevoke, url.Values{"token": {t.Refresh}, "callback": {"package.myCallback"}, "client_id": {"app"}})
	})
	return []attack{
		{"another client's access token", "RFC 7009, 2.1", otherAccess, alive(anything, a)},
		{"another client's refresh token", "RFC 7009, 2.1", otherRefresh, alive(anything, b)},
		{"a stranger revokes", "RFC 7009, 2.1; ASVS 10.4.10", stranger, alive(unauthenticated(), c)},
		{"an ID token", "RFC 7009, 2.1; ASVS 9.2.2", byID, alive(anything, d)},
		{"a GET", "RFC 7009, 2.1; ASVS 3.5.3", byGet, alive(answers405(), e)},
		{"JSONP", "RFC 7009, 2.3; ASVS 3.5.6", jsonp, alive(answers405(), f)},
		{"an unknown token", "RFC 7009, 2.2", func(s *scene) reply { return s.app.send(oidc.PathRevoke, url.Values{"token": {"unknown"}}) }, status(http.StatusOK)},
		{"an unknown hint", "RFC 7009, 2.1", func(s *scene) reply {
			t := s.app.tokens(s.ada)
			got := s.app.send(oidc.PathRevoke, url.Values{"token": {t.Access}, "token_type_hint": {"nonsense"}})
			if s.app.works(t.Access) {
				s.Error("the token lives on")
			}
			return got
		}, status(http.StatusOK)},
		{"no token", "RFC 7009, 2.1", func(s *scene) reply { return s.app.send(oidc.PathRevoke, url.Values{}) }, refused(http.StatusBadRequest, "invalid_request")},
	}
}
