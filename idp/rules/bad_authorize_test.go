package rules_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

func badAuthorization() []attack {
	request := back("invalid_request")
	asks := func(pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.ada.authorize("app", pairs...) }
	}
	return []attack{
		{"no client", "RFC 6749, 4.1.2.1", asks("client_id", ""), page("client_unknown")},
		{"an unknown client", "RFC 6749, 4.1.2.1", asks("client_id", "nobody"), page("client_unknown")},
		{"a client named with HTML", "RFC 6749, 4.1.2.1; ASVS 1.2.1", asks("client_id", `"><script>alert(1)</script>`), that("a page, `client_unknown`, without the script", func(s *scene, r reply) {
			page("client_unknown").check(s, r)
			if strings.Contains(string(r.body), "<script>") {
				s.Errorf("%s", r.body)
			}
		})},
		{"no response type", "RFC 6749, 3.1.1", asks("response_type", ""), request},
		{"an unknown response type", "RFC 6749, 4.1.2.1", asks("response_type", "nonsense"), back("unsupported_response_type")},
		{"the implicit flow, unregistered", "RFC 9700, 2.1.2; ASVS 10.4.4", asks("response_type", "token"), refusedFlow()},
		{"an ID token from the front, unregistered", "RFC 9700, 2.1.2; ASVS 10.4.4", asks("response_type", "id_token"), refusedFlow()},
		{"the hybrid flow, unregistered", "RFC 9700, 2.1.2; ASVS 10.4.4", asks("response_type", "code id_token"), refusedFlow()},
		{"a response type twice in one", "RFC 6749, 3.1.1", asks("response_type", "code code"), refusedFlow()},
		{"an unknown response mode", "Multiple Response Types, 2.1", asks("response_mode", "web_message"), request},
		{"no openid among the scopes", "Core, 3.1.2.1", asks("scope", "profile email"), back("invalid_scope")},
		{"no scope", "Core, 3.1.2.1", asks("scope", ""), back("invalid_scope")},
		{"prompt=none and another one", "Core, 3.1.2.1", asks("prompt", "none login"), request},
		{"max_age below zero", "Core, 3.1.2.1", asks("max_age", "-1"), request},
		{"max_age that is no number", "Core, 3.1.2.1", asks("max_age", "soon"), request},
		{"max_age with a fraction", "Core, 3.1.2.1", asks("max_age", "1.5"), request},
		{"max_age beyond every number", "Core, 3.1.2.1", asks("max_age", strings.Repeat("9", 40)), request},
		{"a login_hint of a thousand letters", "Core, 3.1.2.1", asks("login_hint", strings.Repeat("a", 1000)), request},
		{"a nonce of a thousand letters", "Core, 3.1.2.1", asks("nonce", strings.Repeat("a", 1000)), request},
		{"a state of ten thousand letters", "RFC 6749, 4.1.1", asks("state", strings.Repeat("a", 10_000)), request},
		{"client metadata in the request", "Core, 7.2.1", asks("registration", `{"client_name":"x"}`), back("registration_not_supported")},
		{"a request object by reference", "Core, 6.2; RFC 9101, 10.4", asks("request_uri", "https://evil.example/object"), back("request_uri_not_supported")},
		{"a request object at an address inside", "RFC 9101, 10.4.1", asks("request_uri", "http://169.254.169.254/latest/meta-data/"), back("request_uri_not_supported")},
		{"a request_uri of nobody's", "RFC 9126, 4", asks("request_uri", "urn:ietf:params:oauth:request_uri:unknown"), that("refused", func(s *scene, r reply) {
			if r.answer().Has("code") || r.answer().Get("error") == "" && r.problem() == "" {
				s.Errorf("%d out %v", r.status, r.out)
			}
		})},
		{"a client without the code flow", "RFC 6749, 4.1.2.1; ASVS 10.4.4", func(s *scene) reply {
			return s.ada.authorize("service")
		}, page("redirect_invalid")},
		{"a response header in the state", "RFC 9700, 4.11; ASVS 4.2.4", asks("state", "x\r\nSet-Cookie: planted=1\r\n\r\n<script>"), that("the state as it came, encoded, and no header", func(s *scene, r reply) {
			if r.out == nil || r.answer().Get("state") != "x\r\nSet-Cookie: planted=1\r\n\r\n<script>" || strings.Contains(r.header.Get("Set-Cookie"), "planted") || strings.ContainsAny(r.header.Get("Location"), "\r\n<>") {
				s.Errorf("%d %v", r.status, r.header)
			}
		})},
		{"parameters of the answer in the state", "RFC 9207, 2", asks("state", "x&code=forged&iss=https://evil.example"), that("the state as one value", func(s *scene, r reply) {
			if len(r.answer()["code"]) != 1 || len(r.answer()["iss"]) != 1 || r.answer().Get("iss") != s.issuer || r.answer().Get("state") != "x&code=forged&iss=https://evil.example" {
				s.Errorf("out %v", r.out)
			}
		})},
		{"HTML in the state, answered by a form", "Form Post Response Mode, 4; ASVS 1.2.1", asks("response_mode", "form_post", "state", `"><script>alert(1)</script>`), that("the state as it came, as text", func(s *scene, r reply) {
			if strings.Contains(string(r.body), "<script>") || r.answer().Get("state") != `"><script>alert(1)</script>` {
				s.Errorf("%s", r.body)
			}
		})},
		{"HTML in login_hint", "ASVS 1.2.1", func(s *scene) reply {
			return s.fresh.authorize("app", "login_hint", `"><script>alert(1)</script>`)
		}, that("the login page, with it as text", func(s *scene, r reply) {
			if !r.has("input[name=password]") || strings.Contains(string(r.body), "<script>") {
				s.Errorf("%d %s", r.status, r.body)
			}
		})},
		{"a language that is a path", "ASVS 1.3.6", func(s *scene) reply { return s.fresh.authorize("app", "ui_locales", "../../etc/passwd") }, that("the login page in the usual language", func(s *scene, r reply) {
			if !r.has("input[name=password]") || r.page().Find("html").AttrOr("lang", "") != "en" {
				s.Errorf("%d %s", r.status, r.body)
			}
		})},
		{"a claims parameter that is no JSON", "Core, 5.5", asks("claims", "{"), request},
		{"a claims parameter that is no object", "Core, 5.5", asks("claims", `["name"]`), request},
		{"a claims parameter that is deep", "Core, 5.5", asks("claims", `{"userinfo":{"name":`+strings.Repeat(`{"a":`, 500)+"1"+strings.Repeat("}", 500)+"}}"), that("refused or ignored", func(s *scene, r reply) {
			if r.out == nil {
				s.Errorf("%d %s", r.status, r.body)
			}
		})},
		{"an answer without a person, with prompt=none", "Core, 3.1.2.6", func(s *scene) reply { return s.fresh.authorize("app", "prompt", "none") }, back("login_required")},
		{"consent that isn't there, with prompt=none", "Core, 3.1.2.6; ASVS 10.7.1", func(s *scene) reply { return s.ada.authorize("asking", "prompt", "none") }, back("consent_required")},
		{"a PUT", "Core, 3.1.2.1; ASVS 4.1.4", func(s *scene) reply { return s.ada.send(http.MethodPut, s.issuer+oidc.PathAuthorize, "") }, answers405()},
		{"JSON", "Core, 3.1.2.1", func(s *scene) reply {
			return s.ada.send(http.MethodPost, s.issuer+oidc.PathAuthorize, "{}", header("Content-Type", "application/json"))
		}, page("request_invalid")},
		{"parameters in the query and in the body", "RFC 6749, 3.1", func(s *scene) reply {
			return s.ada.post(s.issuer+oidc.PathAuthorize+"?prompt=none", asked("app"))
		}, page("request_invalid")},
		{"broken percent encoding", "RFC 6749, B", func(s *scene) reply {
			return s.ada.send(http.MethodGet, s.issuer+oidc.PathAuthorize+"?client_id=%zz", "")
		}, page("request_invalid")},
	}
}

// refusedFlow is the error for a flow that the client isn't registered for.
func refusedFlow() want {
	return want{"back with `unsupported_response_type` or `unauthorized_client`, without a token", func(s *scene, r reply) {
		s.Helper()
		answer := r.answer()
		if r.out == nil || !strings.HasPrefix(r.out.String(), callback) || answer.Has("code") || answer.Has("access_token") || answer.Has("id_token") ||
			!slices.Contains([]string{"unsupported_response_type", "unauthorized_client", "invalid_request"}, answer.Get("error")) {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
}

// repeatedParameters send each parameter a second time, with another value and
// with the same one (RFC 6749, sections 3.1 and 3.2).
func repeatedParameters() []attack {
	var list []attack
	twice := func(form url.Values, name string) url.Values {
		form.Add(name, "another")
		if len(form[name]) == 1 {
			form.Add(name, "another")
		}
		return form
	}
	for name, w := range map[string]want{
		"client_id": page("client_unknown"), "redirect_uri": page("redirect_invalid"), "response_type": back("invalid_request"), "scope": back("invalid_request"),
		"state": back("invalid_request"), "nonce": back("invalid_request"), "code_challenge": back("invalid_request"), "code_challenge_method": back("invalid_request"),
		"prompt": back("invalid_request"), "max_age": back("invalid_request"), "acr_values": back("invalid_request"), "login_hint": back("invalid_request"),
		"id_token_hint": back("invalid_request"), "ui_locales": back("invalid_request"), "claims": back("invalid_request"), "response_mode": back("invalid_request"),
		"request": back("invalid_request"), "unheard-of": back("invalid_request"),
	} {
		list = append(list, attack{"`" + name + "` at the authorization endpoint", "RFC 6749, 3.1; ASVS 15.3.7", func(s *scene) reply {
			return s.ada.get(oidc.PathAuthorize, twice(asked("app"), name))
		}, w})
	}
	for path, forms := range map[string]map[string]url.Values{
		oidc.PathToken: {
			"grant_type": codeForm("x"), "code": codeForm("x"), "redirect_uri": codeForm("x"), "code_verifier": codeForm("x"),
			"refresh_token": refreshForm("x"), "scope": refreshForm("x"), "client_id": refreshForm("x"), "client_secret": refreshForm("x"),
		},
		oidc.PathIntrospect: {"token": {"token": {"x"}}, "token_type_hint": {"token": {"x"}}},
		oidc.PathRevoke:     {"token": {"token": {"x"}}, "token_type_hint": {"token": {"x"}}},
		oidc.PathUserinfo:   {"access_token": {"access_token": {"x"}}},
	} {
		for name, form := range forms {
			list = append(list, attack{"`" + name + "` at `" + path + "`", "RFC 6749, 3.2; ASVS 15.3.7", func(s *scene) reply {
				return s.app.post(s.issuer+path, twice(url.Values(cloned(form)), name), when(path != oidc.PathUserinfo, basic("app", secret))...)
			}, refused(http.StatusBadRequest, "invalid_request")})
		}
	}
	for _, name := range []string{"id_token_hint", "client_id", "post_logout_redirect_uri", "state"} {
		list = append(list, attack{"`" + name + "` at the end session endpoint", "RPIL, 2; ASVS 15.3.7", func(s *scene) reply {
			return s.ada.get(oidc.PathLogout, twice(url.Values{"client_id": {"app"}, "post_logout_redirect_uri": {goodbye}, "state": {"x"}}, name))
		}, page("request_invalid")})
	}
	slices.SortFunc(list, func(a, b attack) int { return strings.Compare(a.name, b.name) })
	return list
}

func cloned(form url.Values) url.Values {
	next := url.Values{}
	for name, values := range form {
		next[name] = slices.Clone(values)
	}
	return next
}

func when(so bool, changes ...change) []change {
	if so {
		return changes
	}
	return nil
}
