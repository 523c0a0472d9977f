package rules_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp/register"
)

// registers posts a good registration with changes; nil takes a member away.
func registers(changes object, more ...change) func(*scene) reply {
	return func(s *scene) reply {
		body := object{"redirect_uris": []string{callback}, "grant_types": []string{"authorization_code"}, "response_types": []string{"code"}, "token_endpoint_auth_method": "client_secret_basic"}
		maps.Copy(body, changes)
		maps.DeleteFunc(body, func(_ string, value any) bool { return value == nil })
		text, err := json.Marshal(body)
		s.must(err)
		return s.app.browser.send(http.MethodPost, s.issuer+register.Path, string(text), append([]change{header("Content-Type", "application/json")}, more...)...)
	}
}

func badRegistrations() []attack {
	metadata, redirect := refused(http.StatusBadRequest, "invalid_client_metadata"), refused(http.StatusBadRequest, "invalid_redirect_uri")
	denied := want{"401, `WWW-Authenticate: Bearer`", func(s *scene, r reply) {
		s.Helper()
		if r.status != http.StatusUnauthorized || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
			s.Errorf("%d %q %s", r.status, r.header.Get("WWW-Authenticate"), r.body)
		}
	}}
	uri := func(address string) func(*scene) reply { return registers(object{"redirect_uris": []string{address}}) }
	// manages asks about a client that was just registered.
	manages := func(method string, token func(own string) string) func(*scene) reply {
		return func(s *scene) reply {
			made := registers(nil)(s).json()
			at, _ := made["registration_client_uri"].(string)
			own, _ := made["registration_access_token"].(string)
			return s.app.browser.send(method, at, "{}", header("Content-Type", "application/json"), bearer(token(own)))
		}
	}
	return []attack{
		{"a script as address", "RFC 7591, 5; ASVS 10.4.7", uri("javascript:alert(1)"), redirect},
		{"an address with a fragment", "RFC 6749, 3.1.2", uri(callback + "#x"), redirect},
		{"a plain http address", "Registration, 2; ASVS 10.4.7", uri("http://rp.example/callback"), redirect},
		{"an address with user info", "RFC 9700, 4.1", uri("https://a:b@rp.example/callback"), redirect},
		{"an address with a star", "RFC 9700, 4.1.3", uri("https://*.example/callback"), redirect},
		{"a relative address", "RFC 6749, 3.1.2", uri("/callback"), redirect},
		{"no address", "RFC 7591, 2", registers(object{"redirect_uris": nil}), refused(http.StatusBadRequest, "invalid_redirect_uri", "invalid_client_metadata")},
		{"a grant that nobody may have", "RFC 7591, 5; ASVS 10.4.4", registers(object{"grant_types": []string{"password"}}), metadata},
		{"a grant beyond the policy", "RFC 7591, 5; ASVS 10.4.4", registers(object{"grant_types": []string{"client_credentials"}}), metadata},
		{"a response type beyond the policy", "RFC 9700, 2.1.2", registers(object{"response_types": []string{"token"}}), metadata},
		{"a way to authenticate beyond the policy", "RFC 7591, 5", registers(object{"token_endpoint_auth_method": "none"}), metadata},
		{"unsigned ID tokens", "ASVS 9.1.2; RFC 7591, 2", registers(object{"id_token_signed_response_alg": "none"}), metadata},
		{"a private key", "RFC 7517, 9", registers(object{"jwks": object{"keys": []object{{"kty": "oct", "k": "c2VjcmV0"}}}}), metadata},
		{"keys by value and by link", "RFC 7591, 2", registers(object{"jwks": object{"keys": []object{}}, "jwks_uri": "https://rp.example/keys"}), metadata},
		{"a list where a text belongs", "RFC 7591, 2", registers(object{"client_name": []string{"x"}}), metadata},
		{"a name of ten thousand letters", "RFC 7591, 5", registers(object{"client_name": strings.Repeat("a", 10_000)}), metadata},
		{"an initial token that isn't one", "RFC 7591, 3", registers(nil, bearer("nonsense")), denied},
		{"somebody else's token", "RFC 7592, 2", manages(http.MethodGet, func(string) string { return "nonsense" }), denied},
		{"deleting by somebody else's token", "RFC 7592, 2.3", manages(http.MethodDelete, func(string) string { return strings.Repeat("a", 52) }), denied},
		{"a client that isn't there", "RFC 7592, 2", func(s *scene) reply {
			return s.app.get(register.Path+"/nobody", nil, bearer("nonsense"))
		}, denied},
		{"an access token to manage a client", "RFC 7592, 2; ASVS 9.2.2", func(s *scene) reply {
			return s.app.get(register.Path+"/app", nil, bearer(s.app.tokens(s.ada).Access))
		}, denied},
		{"a GET", "RFC 7591, 3; ASVS 4.1.4", func(s *scene) reply { return s.app.get(register.Path, nil) }, answers405()},
	}
}
