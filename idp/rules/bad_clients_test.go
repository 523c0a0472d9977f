package rules_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// unauthenticated is a client that didn't prove who it is: 401 and, as RFC 6749,
// section 5.2 has it, the scheme to use.
func unauthenticated() want {
	return that("401 `invalid_client`, `WWW-Authenticate: Basic`", func(s *scene, r reply) {
		s.Helper()
		if r.status != http.StatusUnauthorized || r.json()["error"] != "invalid_client" || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Basic ") {
			s.Errorf("%d %v %s", r.status, r.header.Values("WWW-Authenticate"), r.body)
		}
	})
}

// as posts a good refresh request without the usual authentication.
func as(form url.Values, changes ...change) func(*scene) reply {
	return func(s *scene) reply {
		f := refreshForm("unknown")
		for name, values := range form {
			f[name] = values
		}
		return s.app.post(s.issuer+oidc.PathToken, f, changes...)
	}
}

func badClients() []attack {
	request, client := refused(http.StatusBadRequest, "invalid_request"), unauthenticated()
	raw := func(text string) change { return header("Authorization", text) }
	encoded := func(text string) change { return raw("Basic " + base64.StdEncoding.EncodeToString([]byte(text))) }
	return []attack{
		{"a wrong secret in the header", "RFC 6749, 2.3.1; ASVS 10.4.10", as(nil, basic("app", "wrong")), client},
		{"a wrong secret in the body", "RFC 6749, 2.3.1; ASVS 10.4.10", as(url.Values{"client_id": {"app"}, "client_secret": {"wrong"}}), client},
		{"an empty secret in the header", "RFC 6749, 2.3.1", as(nil, basic("app", "")), client},
		{"an empty secret in the body", "RFC 6749, 2.3.1", as(url.Values{"client_id": {"app"}, "client_secret": {""}}), client},
		{"the secret cut short", "RFC 6749, 2.3.1", as(nil, basic("app", secret[:len(secret)-1])), client},
		{"the secret and a NUL", "RFC 6749, 2.3.1", as(nil, basic("app", secret+"\x00")), client},
		{"another client's id with this one's secret", "RFC 6749, 2.3.1", as(nil, basic("nobody", secret)), client},
		{"a confidential client without a secret", "RFC 6749, 3.2.1; ASVS 10.4.10", as(url.Values{"client_id": {"app"}}), client},
		{"no client at all", "RFC 6749, 3.2.1", as(nil), client},
		{"a client that nobody knows", "RFC 6749, 5.2", as(nil, basic("' OR 1=1 --", secret)), client},
		{"a client id with a NUL", "RFC 6749, 5.2", as(url.Values{"client_id": {"spa\x00"}}), client},
		{"the secret in the header and in the body", "RFC 6749, 2.3", as(url.Values{"client_id": {"app"}, "client_secret": {secret}}, basic("app", secret)), request},
		{"two Authorization headers", "RFC 6749, 2.3", as(nil, basic("app", secret), raw("Basic YTpi")), request},
		{"another client_id beside the header", "RFC 6749, 2.3", as(url.Values{"client_id": {"other"}}, basic("app", secret)), request},
		{"an access token as authentication", "RFC 6749, 2.3.1", func(s *scene) reply {
			return as(nil, bearer(s.app.tokens(s.ada).Access))(s)
		}, client},
		{"a header that is no base64", "RFC 7617, 2", as(nil, raw("Basic ???")), client},
		{"a header without a colon inside", "RFC 7617, 2", as(nil, encoded("app")), client},
		{"a header with broken percent encoding", "RFC 6749, 2.3.1", as(nil, encoded("app:%zz")), client},
		{"an unknown scheme", "RFC 6749, 2.3", as(nil, raw("Digest username=app")), client},
		{"the header for a client registered for the body", "RFC 7591, 2; ASVS 10.4.10", as(nil, basic("post", secret)), client},
		{"the body for a client registered for the header", "RFC 7591, 2; ASVS 10.4.10", as(url.Values{"client_id": {"basic"}, "client_secret": {secret}}), client},
		{"a secret for a public client", "RFC 7591, 2", as(url.Values{"client_id": {"spa"}, "client_secret": {secret}}), client},
		{"a secret in the query", "RFC 6749, 2.3.1; ASVS 14.2.1", func(s *scene) reply {
			return s.app.post(s.issuer+oidc.PathToken+"?"+url.Values{"client_id": {"app"}, "client_secret": {secret}}.Encode(), refreshForm("unknown"))
		}, request},
		{"an assertion that is none", "RFC 7523, 3", as(url.Values{"client_id": {"app"}, "client_assertion": {"nonsense"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}), client},
		{"an assertion of an unknown type", "RFC 7521, 4.2", as(url.Values{"client_id": {"app"}, "client_assertion": {"a.b.c"}, "client_assertion_type": {"urn:example"}}), client},
		{"a client id of ten thousand letters", "RFC 6749, 5.2", as(url.Values{"client_id": {strings.Repeat("a", 10_000)}, "client_secret": {secret}}), refused(http.StatusBadRequest, "invalid_request")},
	}
}

func badTokenRequests() []attack {
	request := refused(http.StatusBadRequest, "invalid_request")
	body := func(media, text string) func(*scene) reply {
		return func(s *scene) reply {
			return s.app.browser.send(http.MethodPost, s.issuer+oidc.PathToken, text, header("Content-Type", media), basic("app", secret))
		}
	}
	asks := func(pairs ...string) func(*scene) reply {
		return func(s *scene) reply { return s.app.send(oidc.PathToken, with(url.Values{}, pairs...)) }
	}
	return []attack{
		{"a GET", "RFC 6749, 3.2; ASVS 4.1.4", func(s *scene) reply { return s.app.get(oidc.PathToken, codeForm("x"), basic("app", secret)) }, answers405()},
		{"a PUT", "RFC 6749, 3.2; ASVS 4.1.4", func(s *scene) reply {
			return s.app.browser.send(http.MethodPut, s.issuer+oidc.PathToken, codeForm("x").Encode(), header("Content-Type", formType), basic("app", secret))
		}, answers405()},
		{"a method from another one's header", "ASVS 4.1.4", func(s *scene) reply {
			return s.app.get(oidc.PathToken, nil, header("X-HTTP-Method-Override", "POST"), basic("app", secret))
		}, answers405()},
		{"JSON", "RFC 6749, 4.1.3", body("application/json", `{"grant_type":"authorization_code","code":"x"}`), request},
		{"multipart", "RFC 6749, 4.1.3", body("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nrefresh_token\r\n--x--\r\n"), request},
		{"no media type", "RFC 6749, 4.1.3", body("", codeForm("x").Encode()), request},
		{"a media type that is none", "RFC 6749, 4.1.3", body("nonsense; ;", codeForm("x").Encode()), request},
		{"an empty body", "RFC 6749, 4.1.3", body(formType, ""), request},
		{"broken percent encoding", "RFC 6749, B", body(formType, "grant_type=refresh_token&refresh_token=%zz"), request},
		{"semicolons between parameters", "RFC 6749, B", body(formType, "grant_type=refresh_token;refresh_token=x"), request},
		{"a megabyte", "RFC 6749, 3.2", body(formType, "grant_type=refresh_token&refresh_token="+strings.Repeat("a", 1<<20)), refused(http.StatusRequestEntityTooLarge, "invalid_request")},
		{"ten thousand parameters", "RFC 6749, 3.2", body(formType, "grant_type=refresh_token&refresh_token=x"+strings.Repeat("&a=b", 10_000)), refused(http.StatusBadRequest, "invalid_request")},
		{"a parameter of 9 KiB", "RFC 6749, 3.2", asks("grant_type", "refresh_token", "refresh_token", strings.Repeat("a", 9<<10)), request},
		{"no grant type", "RFC 6749, 4.1.3", asks("code", "x"), request},
		{"an unknown grant type", "RFC 6749, 5.2", asks("grant_type", "urn:example:grant"), refused(http.StatusBadRequest, "unsupported_grant_type")},
		{"the password grant", "RFC 9700, 2.4; ASVS 10.4.4", asks("grant_type", "password", "username", "ada", "password", passport), refused(http.StatusBadRequest, "unsupported_grant_type")},
		{"the implicit grant by name", "RFC 9700, 2.1.2; ASVS 10.4.4", asks("grant_type", "implicit"), refused(http.StatusBadRequest, "unsupported_grant_type", "unauthorized_client")},
		{"a grant that the client isn't registered for", "RFC 6749, 5.2; ASVS 10.4.4", asks("grant_type", "client_credentials"), refused(http.StatusBadRequest, "unauthorized_client")},
		{"the code grant of a client without it", "RFC 6749, 5.2; ASVS 10.4.4", func(s *scene) reply {
			return s.party("service").send(oidc.PathToken, codeForm(s.ada.code("app")))
		}, refused(http.StatusBadRequest, "unauthorized_client", "invalid_grant")},
		{"a client's own tokens for a public client", "RFC 6749, 4.4", func(s *scene) reply {
			return s.spa.send(oidc.PathToken, url.Values{"grant_type": {"client_credentials"}})
		}, want{"400 `unauthorized_client` or 401 `invalid_client`", func(s *scene, r reply) {
			if code := r.json()["error"]; code != "unauthorized_client" && code != "invalid_client" {
				s.Errorf("%d %s", r.status, r.body)
			}
		}}},
		{"a client's own token for a person's scope", "RFC 6749, 3.3; ASVS 10.4.11", func(s *scene) reply {
			return s.party("service").send(oidc.PathToken, url.Values{"grant_type": {"client_credentials"}, "scope": {"openid profile"}})
		}, refused(http.StatusBadRequest, "invalid_scope")},
	}
}
