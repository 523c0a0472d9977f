package rules_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// pushed pushes a good request and gives its request_uri.
func (s *scene) pushed(p *party, pairs ...string) string {
	s.Helper()
	got := p.send(oidc.PathPAR, asked(p.id, pairs...))
	uri, _ := got.json()["request_uri"].(string)
	if got.status != http.StatusCreated || uri == "" {
		s.Fatalf("not pushed: %d %s", got.status, got.body)
	}
	return uri
}

func badPushes() []attack {
	request := refused(http.StatusBadRequest, "invalid_request")
	pushes := func(pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.app.send(oidc.PathPAR, asked("app", pairs...)) }
	}
	// opens sends a browser with a pushed request, in a way that is wrong.
	nowhere := want{"a page; no code", func(s *scene, r reply) {
		s.Helper()
		if r.out != nil || r.status < 400 || r.problem() == "" {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
	return []attack{
		{"by nobody", "RFC 9126, 2.1; ASVS 10.4.10", func(s *scene) reply { return s.app.post(s.issuer+oidc.PathPAR, asked("app")) }, unauthenticated()},
		{"with a wrong secret", "RFC 9126, 2.1", func(s *scene) reply { return s.app.post(s.issuer+oidc.PathPAR, asked("app"), basic("app", "wrong")) }, unauthenticated()},
		{"a GET", "RFC 9126, 2.1", func(s *scene) reply { return s.app.get(oidc.PathPAR, asked("app"), basic("app", secret)) }, answers405()},
		{"in the query", "RFC 9126, 2.1; ASVS 14.2.1", func(s *scene) reply {
			return s.app.post(s.issuer+oidc.PathPAR+"?"+asked("app").Encode(), nil, basic("app", secret))
		}, request},
		{"a link to a request", "RFC 9126, 2.1", pushes("request_uri", "urn:ietf:params:oauth:request_uri:x"), request},
		{"for another client", "RFC 9126, 2.1", pushes("client_id", "other"), request},
		{"an unregistered address", "RFC 9126, 2.3; ASVS 10.4.1", pushes("redirect_uri", "https://evil.example/"), request},
		{"without an address", "RFC 9126, 2.1", pushes("redirect_uri", ""), request},
		{"without a challenge", "RFC 9126, 2.1; RFC 9700, 2.1.1", pushes("code_challenge", "", "code_challenge_method", ""), request},
		{"the method plain", "RFC 9700, 2.1.1; ASVS 10.4.6", pushes("code_challenge_method", "plain"), request},
		{"an unknown response type", "RFC 9126, 2.3", pushes("response_type", "nonsense"), refused(http.StatusBadRequest, "unsupported_response_type")},
		{"no openid", "RFC 9126, 2.3", pushes("scope", "profile"), refused(http.StatusBadRequest, "invalid_scope")},
		{"a parameter twice", "RFC 6749, 3.1; ASVS 15.3.7", func(s *scene) reply {
			form := asked("app")
			form.Add("scope", "openid")
			return s.app.send(oidc.PathPAR, form)
		}, request},
		{"a megabyte", "RFC 9126, 2.3", pushes("state", strings.Repeat("a", 1<<20)), refused(http.StatusRequestEntityTooLarge, "invalid_request")},
		{"used twice", "RFC 9126, 4, 7.3", func(s *scene) reply {
			q := url.Values{"client_id": {"app"}, "request_uri": {s.pushed(s.app)}}
			if got := s.ada.get(oidc.PathAuthorize, q); !got.answer().Has("code") {
				s.Errorf("the first use: %d\n%s", got.status, got.body)
			}
			return s.ada.get(oidc.PathAuthorize, q)
		}, nowhere},
		{"by another client", "RFC 9126, 2.2, 4", func(s *scene) reply {
			uri := s.pushed(s.app)
			got := s.ada.get(oidc.PathAuthorize, url.Values{"client_id": {"other"}, "request_uri": {uri}})
			if again := s.ada.get(oidc.PathAuthorize, url.Values{"client_id": {"app"}, "request_uri": {uri}}); !again.answer().Has("code") {
				s.Errorf("another client used it up: %d", again.status)
			}
			return got
		}, nowhere},
		{"without the client's name", "RFC 9126, 4", func(s *scene) reply {
			return s.ada.get(oidc.PathAuthorize, url.Values{"request_uri": {s.pushed(s.app)}})
		}, nowhere},
		{"too late", "RFC 9126, 2.2, 4", func(s *scene) reply {
			uri := s.pushed(s.app)
			s.clock.advance(2 * time.Minute)
			return s.ada.get(oidc.PathAuthorize, url.Values{"client_id": {"app"}, "request_uri": {uri}})
		}, nowhere},
		{"one that was never pushed", "RFC 9126, 7.1", func(s *scene) reply {
			return s.ada.get(oidc.PathAuthorize, url.Values{"client_id": {"app"}, "request_uri": {"urn:ietf:params:oauth:request_uri:" + strings.Repeat("a", 52)}})
		}, nowhere},
		{"parameters beside a pushed request", "RFC 9126, 4", func(s *scene) reply {
			return s.ada.get(oidc.PathAuthorize, with(asked("app", "state", "planted", "scope", "openid phone"), "request_uri", s.pushed(s.app, "scope", "openid")))
		}, want{"the answer to what was pushed", func(s *scene, r reply) {
			if r.answer().Get("state") != "state-1" {
				s.Errorf("out %v", r.out)
			}
			if t := s.app.send(oidc.PathToken, codeForm(r.answer().Get("code"))).tokens(); t.Scope != "openid" {
				s.Errorf("scope %q", t.Scope)
			}
		}}},
		{"a request of a client that must push", "RFC 9126, 6; ASVS 10.4.13", func(s *scene) reply { return s.ada.authorize("pushing") }, back("invalid_request")},
	}
}

// inFragment is an error in the fragment, with nothing in the query.
func inFragment(code string) want {
	return want{"back with `" + code + "` in the fragment", func(s *scene, r reply) {
		s.Helper()
		if r.out == nil || r.out.RawQuery != "" || r.answer().Get("error") != code || r.answer().Get("iss") != s.issuer || r.answer().Has("id_token") || r.answer().Has("code") {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
}

func badFronts() []attack {
	asks := func(pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.ada.authorize("hybrid", pairs...) }
	}
	noToken := want{"an error; no token", func(s *scene, r reply) {
		s.Helper()
		for _, name := range []string{"access_token", "id_token", "code"} {
			if strings.Contains(r.header.Get("Location"), name+"=") {
				s.Errorf("out %v", r.out)
			}
		}
		if !r.answer().Has("error") {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
	return []attack{
		{"no nonce with an ID token from the front", "Core, 3.2.2.1", asks("response_type", "id_token", "nonce", ""), inFragment("invalid_request")},
		{"no nonce with the hybrid flow", "Core, 3.3.2.11", asks("response_type", "code id_token", "nonce", ""), inFragment("invalid_request")},
		{"tokens into the query", "Multiple Response Types, 3; RFC 9700, 4.3.2", asks("response_type", "code id_token", "response_mode", "query"), noToken},
		{"the access token alone, unregistered", "RFC 9700, 2.1.2; ASVS 10.6.1", asks("response_type", "token"), noToken},
		{"code, token and ID token, unregistered", "RFC 9700, 2.1.2", asks("response_type", "code id_token token"), noToken},
		{"an error of a silent request for tokens", "Core, 3.2.2.6", func(s *scene) reply {
			return s.fresh.authorize("hybrid", "response_type", "id_token", "prompt", "none")
		}, inFragment("login_required")},
		{"no challenge with the hybrid flow", "RFC 9700, 2.1.1", asks("response_type", "code id_token", "code_challenge", "", "code_challenge_method", ""), noToken},
		{"the answer of the hybrid flow", "Core, 3.3.2.11; RFC 9700, 4.5", asks("response_type", "code id_token"), want{"all in the fragment, c_hash of this very code", func(s *scene, r reply) {
			answer := r.answer()
			if r.out == nil || r.out.RawQuery != "" || answer.Get("iss") != s.issuer || answer.Get("state") != "state-1" {
				s.Fatalf("%d out %v", r.status, r.out)
			}
			claims := fields(s.site, answer.Get("id_token"), 1)
			if claims["nonce"] != "nonce-1" || claims["c_hash"] != halfHash(answer.Get("code")) || claims["name"] != nil {
				s.Errorf("claims %v", claims)
			}
		}}},
	}
}

func badExchanges() []attack {
	request := refused(http.StatusBadRequest, "invalid_request")
	const (
		grant   = "urn:ietf:params:oauth:grant-type:token-exchange"
		access  = "urn:ietf:params:oauth:token-type:access_token"
		refresh = "urn:ietf:params:oauth:token-type:refresh_token"
		idToken = "urn:ietf:params:oauth:token-type:id_token"
	)
	by := func(client string, token func(*scene) string, pairs ...string) func(*scene) reply {
		return func(s *scene) reply {
			return s.party(client).send(oidc.PathToken, with(url.Values{"grant_type": {grant}, "subject_token": {token(s)}, "subject_token_type": {access}}, pairs...))
		}
	}
	apps := func(s *scene) string { return s.app.tokens(s.ada, "scope", "openid email").Access }
	return []attack{
		{"by a client without the grant", "RFC 8693, 2.1; ASVS 10.4.4", by("other", apps), refused(http.StatusBadRequest, "unauthorized_client")},
		{"by a public client", "RFC 8693, 5", func(s *scene) reply {
			return s.spa.send(oidc.PathToken, url.Values{"grant_type": {grant}, "subject_token": {apps(s)}, "subject_token_type": {access}})
		}, refused(http.StatusBadRequest, "unauthorized_client")},
		{"the token of a client that it may not exchange", "RFC 8693, 1.1, 5", by("exchanging", func(s *scene) string { return s.other.tokens(s.ada).Access }), request},
		{"a scope more", "RFC 8693, 2.1, 5; ASVS 10.4.11", by("exchanging", apps, "scope", "openid email phone"), refused(http.StatusBadRequest, "invalid_scope")},
		{"a refresh token as access token", "RFC 8693, 2.1; ASVS 9.2.2", by("exchanging", func(s *scene) string { return s.app.tokens(s.ada).Refresh }), request},
		{"a refresh token by its type", "RFC 8693, 3", by("exchanging", func(s *scene) string { return s.app.tokens(s.ada).Refresh }, "subject_token_type", refresh), request},
		{"an ID token as access token", "ASVS 9.2.2", by("exchanging", func(s *scene) string { return s.app.tokens(s.ada).ID }), request},
		{"an access token as ID token", "ASVS 9.2.2", by("exchanging", apps, "subject_token_type", idToken), request},
		{"an unsigned ID token", "ASVS 9.1.2", by("exchanging", func(s *scene) string { return unsignedToken(s, nil) }, "subject_token_type", idToken), request},
		{"a client's own token", "RFC 8693, 2.1", by("exchanging", func(s *scene) string {
			return s.party("service").send(oidc.PathToken, url.Values{"grant_type": {"client_credentials"}, "scope": {"phone_verification"}}).tokens().Access
		}), request},
		{"a revoked token", "RFC 8693, 2.2.2", by("exchanging", func(s *scene) string {
			t := apps(s)
			s.app.send(oidc.PathRevoke, url.Values{"token": {t}})
			return t
		}), request},
		{"for a resource that isn't registered", "RFC 8693, 2.2.2; RFC 8707, 2", by("exchanging", apps, "resource", "https://evil.example/"), refused(http.StatusBadRequest, "invalid_target")},
		{"for a refresh token", "RFC 8693, 2.1", by("exchanging", apps, "requested_token_type", refresh), request},
		{"an actor's token", "RFC 8693, 2.1", by("exchanging", apps, "actor_token", "x", "actor_token_type", access), request},
		{"no subject", "RFC 8693, 2.1", by("exchanging", func(*scene) string { return "" }), request},
	}
}

func badJWTs() []attack {
	token := unproven()
	shows := func(of func(*scene) string) func(*scene) reply {
		return func(s *scene) reply { return s.app.get(oidc.PathUserinfo, nil, bearer(of(s))) }
	}
	good := func(s *scene) string { return s.party("jwt").tokens(s.ada).Access }
	parts := func(s *scene) []string { return strings.Split(good(s), ".") }
	return []attack{
		{"its signature cut off", "RFC 9068, 4; ASVS 9.1.1", shows(func(s *scene) string { p := parts(s); return p[0] + "." + p[1] + "." }), token},
		{"unsigned", "RFC 9068, 4; ASVS 9.1.2", shows(func(s *scene) string { return unsignedToken(s, object{"typ": "at+jwt"}) }), token},
		{"other claims under a true signature", "ASVS 9.1.1", shows(func(s *scene) string {
			p := parts(s)
			return p[0] + "." + strings.Split(unsignedToken(s, nil), ".")[1] + "." + p[2]
		}), token},
		{"signed by HMAC with the public key", "ASVS 9.1.2", shows(func(s *scene) string { return confused(s) }), token},
		{"an ID token in its place", "RFC 9068, 4; RFC 8725, 3.11", shows(func(s *scene) string { return s.party("jwt").tokens(s.ada).ID }), token},
		{"its id in place of it", "RFC 9068, 4", shows(func(s *scene) string { id, _ := fields(s.site, good(s), 1)["jti"].(string); return id }), token},
		{"expired", "RFC 9068, 4; ASVS 9.2.1", shows(func(s *scene) string {
			t := good(s)
			s.clock.advance(3 * time.Minute)
			return t
		}), token},
		{"revoked", "RFC 7009, 2.1", shows(func(s *scene) string {
			t := good(s)
			s.party("jwt").send(oidc.PathRevoke, url.Values{"token": {t}})
			return t
		}), token},
		{"for another resource alone", "RFC 9068, 4; ASVS 9.2.3", shows(func(s *scene) string {
			api := "https://api.example/"
			t := s.party("jwt").tokens(s.ada, "resource", api)
			return s.party("jwt").send(oidc.PathToken, refreshForm(t.Refresh, "scope", "profile", "resource", api)).tokens().Access
		}), token},
		{"as a hint", "ASVS 9.2.2", func(s *scene) reply { return s.ada.authorize("jwt", "id_token_hint", good(s)) }, back("invalid_request")},
		{"as a hint at logout", "ASVS 9.2.2; RPIL, 4", func(s *scene) reply {
			return s.ada.get(oidc.PathLogout, url.Values{"id_token_hint": {good(s)}, "post_logout_redirect_uri": {goodbye}})
		}, asksFirst()},
		{"for a resource that isn't registered", "RFC 8707, 2", func(s *scene) reply { return s.ada.authorize("jwt", "resource", "https://evil.example/") }, back("invalid_target")},
		{"for a resource with a fragment", "RFC 8707, 2", func(s *scene) reply { return s.ada.authorize("jwt", "resource", "https://api.example/#x") }, back("invalid_target")},
		{"for another resource than the code's", "RFC 8707, 2.2", func(s *scene) reply {
			return s.party("jwt").send(oidc.PathToken, codeForm(s.ada.code("jwt"), "resource", "https://evil.example/"))
		}, refused(http.StatusBadRequest, "invalid_target")},
		{"another client asks about it", "RFC 7662, 4", func(s *scene) reply { return s.other.send(oidc.PathIntrospect, url.Values{"token": {good(s)}}) }, inactive()},
		{"the claims of a good one", "RFC 9068, 2.2", func(s *scene) reply {
			t := good(s)
			head, claims := fields(s.site, t, 0), fields(s.site, t, 1)
			for _, name := range []string{"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} {
				if claims[name] == nil {
					s.Errorf("%s is missing: %v", name, claims)
				}
			}
			if head["typ"] != "at+jwt" || slices.Contains([]any{"none", nil}, head["alg"]) {
				s.Errorf("header %v", head)
			}
			return s.app.get(oidc.PathUserinfo, nil, bearer(t))
		}, status(http.StatusOK)},
	}
}
