package rules_test

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// redeeming sends a fresh code of Ada's for the app, in a way that is wrong.
func redeeming(pairs ...string) func(*scene) reply {
	return func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm(s.ada.code("app"), pairs...)) }
}

// stillGood wants the refusal, and the code to be good afterwards for whom it is for.
func stillGood(w want, code *string) want {
	return that(w.text+"; the code stays good", func(s *scene, r reply) {
		s.Helper()
		w.check(s, r)
		s.app.send(oidc.PathToken, codeForm(*code)).tokens()
	})
}

// stolen is a code of Ada's for the app, kept to try it again.
func stolen(send func(s *scene, code string) reply) (func(*scene) reply, *string) {
	code := new(string)
	return func(s *scene) reply {
		*code = s.ada.code("app")
		return send(s, *code)
	}, code
}

func badCodes() []attack {
	grant := refused(http.StatusBadRequest, "invalid_grant")
	byOther, first := stolen(func(s *scene, code string) reply { return s.other.send(oidc.PathToken, codeForm(code)) })
	byPublic, second := stolen(func(s *scene, code string) reply { return s.spa.send(oidc.PathToken, codeForm(code)) })
	asPublic, third := stolen(func(s *scene, code string) reply { return s.public("app").send(oidc.PathToken, codeForm(code)) })
	return []attack{
		{"a code is redeemed twice", "RFC 6749, 4.1.2; ASVS 10.4.2", codeTwice(0), grant},
		{"a code is redeemed a second time after it expired", "RFC 6749, 4.1.2; ASVS 10.4.2", codeTwice(2 * time.Minute), grant},
		{"another client has a code", "RFC 6749, 4.1.3", byOther, stillGood(grant, first)},
		{"a public client has a confidential one's code", "RFC 6749, 4.1.3", byPublic, stillGood(grant, second)},
		{"a stranger has a code, without the client's secret", "RFC 6749, 3.2.1; ASVS 10.4.10", asPublic, stillGood(refused(http.StatusUnauthorized, "invalid_client"), third)},
		{"a code with another redirect URI", "RFC 6749, 4.1.3", redeeming("redirect_uri", callback+"/other"), grant},
		{"a code with the redirect URI in another case", "RFC 6749, 4.1.3", redeeming("redirect_uri", "https://RP.example/callback"), grant},
		{"a code without the redirect URI", "RFC 6749, 4.1.3", redeeming("redirect_uri", ""), grant},
		{"an expired code", "RFC 6749, 4.1.2; ASVS 10.4.3", func(s *scene) reply {
			code := s.ada.code("app")
			s.clock.advance(61 * time.Second)
			return s.app.send(oidc.PathToken, codeForm(code))
		}, grant},
		{"an unknown code", "RFC 6749, 5.2", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm("unknown")) }, grant},
		{"a code in the wrong case", "RFC 6749, 10.10", func(s *scene) reply {
			return s.app.send(oidc.PathToken, codeForm(strings.ToUpper(s.ada.code("app"))))
		}, grant},
		{"a code with a byte more", "RFC 6749, 10.10", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm(s.ada.code("app")+" ")) }, grant},
		{"no code", "RFC 6749, 4.1.3", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm("")) }, refused(http.StatusBadRequest, "invalid_request")},
		{"a refresh token as a code", "ASVS 9.2.2", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm(s.app.tokens(s.ada).Refresh)) }, grant},
		{"an access token as a code", "ASVS 9.2.2", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm(s.app.tokens(s.ada).Access)) }, grant},
		{"an ID token as a code", "ASVS 9.2.2", func(s *scene) reply { return s.app.send(oidc.PathToken, codeForm(s.app.tokens(s.ada).ID)) }, grant},
		{"a code in the query", "RFC 9700, 4.3.1; ASVS 14.2.1", func(s *scene) reply {
			code := s.ada.code("app")
			return s.app.post(s.issuer+oidc.PathToken+"?code="+code, codeForm(code), basic("app", secret))
		}, refused(http.StatusBadRequest, "invalid_request")},
		{"a code of another person's login with this one's verifier", "RFC 9700, 4.5", func(s *scene) reply {
			hers := oauth2.S256ChallengeFromVerifier("another-verifier-of-enough-letters-for-rfc7636")
			return s.app.send(oidc.PathToken, codeForm(s.bob.code("app", "code_challenge", hers)))
		}, grant},
	}
}

// codeTwice redeems a code twice; what the first time gave must be dead then.
func codeTwice(after time.Duration) func(*scene) reply {
	return func(s *scene) reply {
		code := s.ada.code("app")
		got := s.app.send(oidc.PathToken, codeForm(code)).tokens()
		s.clock.advance(after)
		second := s.app.send(oidc.PathToken, codeForm(code))
		if s.app.works(got.Access) {
			s.Error("the access token outlived the second use of its code")
		}
		if again := s.app.send(oidc.PathToken, refreshForm(got.Refresh)); again.status != http.StatusBadRequest {
			s.Errorf("the refresh token outlived the second use of its code: %s", again.body)
		}
		return second
	}
}

func badPKCE() []attack {
	grant, request := refused(http.StatusBadRequest, "invalid_grant"), back("invalid_request")
	asks := func(client string, pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.ada.authorize(client, pairs...) }
	}
	return []attack{
		{"another verifier", "RFC 7636, 4.6", redeeming("code_verifier", strings.Repeat("x", 50)), grant},
		{"the challenge as the verifier", "RFC 7636, 4.6", redeeming("code_verifier", oauth2.S256ChallengeFromVerifier(verifier)), grant},
		{"no verifier after a challenge", "RFC 9700, 2.1.1; ASVS 10.4.6", redeeming("code_verifier", ""), refused(http.StatusBadRequest, "invalid_grant", "invalid_request")},
		{"the verifier with a letter in another case", "RFC 7636, 4.6", redeeming("code_verifier", strings.ToUpper(verifier[:1])+verifier[1:]), grant},
		{"a verifier of 129 letters", "RFC 7636, 4.1", redeeming("code_verifier", strings.Repeat("x", 129)), grant},
		{"a verifier where there was no challenge", "RFC 9700, 4.8.2", func(s *scene) reply {
			old := s.party("old")
			return old.send(oidc.PathToken, codeForm(s.ada.code("old", "code_challenge", "", "code_challenge_method", "")))
		}, refused(http.StatusBadRequest, "invalid_grant", "invalid_request")},
		{"a waived client sends a challenge and then no verifier", "RFC 9700, 4.8.2", func(s *scene) reply {
			return s.party("old").send(oidc.PathToken, codeForm(s.ada.code("old"), "code_verifier", ""))
		}, refused(http.StatusBadRequest, "invalid_grant", "invalid_request")},
		{"the method plain", "RFC 9700, 2.1.1; ASVS 10.4.6", asks("app", "code_challenge_method", "plain", "code_challenge", verifier), request},
		{"a challenge without a method, which means plain", "RFC 7636, 4.3", asks("app", "code_challenge_method", ""), request},
		{"the method s256 in lower case", "RFC 7636, 4.3", asks("app", "code_challenge_method", "s256"), request},
		{"an unknown method", "RFC 7636, 4.4.1", asks("app", "code_challenge_method", "S512"), request},
		{"a challenge that is no SHA-256", "RFC 7636, 4.2", asks("app", "code_challenge", "abc"), request},
		{"a challenge with padding", "RFC 7636, 4.2", asks("app", "code_challenge", oauth2.S256ChallengeFromVerifier(verifier)+"="), request},
		{"a method without a challenge", "RFC 7636, 4.3", asks("old", "code_challenge", ""), request},
		{"a public client without a challenge", "RFC 9700, 2.1.1", asks("spa", "redirect_uri", "https://spa.example/cb", "code_challenge", "", "code_challenge_method", ""), backTo("https://spa.example/cb", "invalid_request")},
		{"a confidential client without a challenge", "RFC 9700, 2.1.1; ASVS 10.4.6", asks("app", "code_challenge", "", "code_challenge_method", ""), request},
	}
}
