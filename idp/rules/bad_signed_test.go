package rules_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// object is claims as a JSON object; nil takes one away.
type object = map[string]any

// written are the client's own claims: iss, sub, aud, times and an id.
func written(s *scene, changes object) object {
	now := s.clock.Now().Unix()
	claims := object{"iss": "signed", "sub": "signed", "aud": s.issuer, "iat": now, "exp": now + 60, "jti": rand.Text()}
	for name, value := range changes {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return claims
}

// signedBy signs claims; head adds to the header.
func signedBy(s *scene, key *ecdsa.PrivateKey, claims object, head object) string {
	s.Helper()
	options := &jose.SignerOptions{}
	for name, value := range head {
		options = options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, options)
	s.must(err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	s.must(err)
	return token
}

// forgery is a JWT that proves nothing, made of good claims.
type forgery struct {
	name, rule string
	make       func(s *scene, claims object) string
}

func forgeries() []forgery {
	return []forgery{
		{"unsigned", "ASVS 9.1.2; RFC 8725, 3.1", func(s *scene, claims object) string {
			return sealed(s, object{"alg": "none"}, claims, func(string) []byte { return nil })
		}},
		{"signed by HMAC with the public key", "ASVS 9.1.2; RFC 8725, 2.1", func(s *scene, claims object) string {
			der, err := x509.MarshalPKIXPublicKey(s.key.Public())
			s.must(err)
			return sealed(s, object{"alg": "HS256", "kid": "one"}, claims, func(text string) []byte {
				mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
				mac.Write([]byte(text))
				return mac.Sum(nil)
			})
		}},
		{"signed by HMAC with the secret of another client", "RFC 7523, 5", func(s *scene, claims object) string {
			return sealed(s, object{"alg": "HS256"}, claims, func(text string) []byte {
				mac := hmac.New(sha256.New, []byte(secret))
				mac.Write([]byte(text))
				return mac.Sum(nil)
			})
		}},
		{"signed by somebody else", "ASVS 9.1.1", func(s *scene, claims object) string { return signedBy(s, foreignKey(s), claims, object{"kid": "one"}) }},
		{"signed by the key in its own header", "ASVS 9.1.3", func(s *scene, claims object) string {
			key := foreignKey(s)
			return signedBy(s, key, claims, object{"jwk": jose.JSONWebKey{Key: key.Public(), Algorithm: "ES256"}})
		}},
		{"with a critical header that nobody knows", "RFC 7515, 4.1.11", func(s *scene, claims object) string {
			return signedBy(s, s.key, claims, object{"kid": "one", "crit": []string{"unheard-of"}, "unheard-of": true})
		}},
	}
}

func foreignKey(s *scene) *ecdsa.PrivateKey {
	s.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must(err)
	return key
}

// own is the JWT that the client would sign, with changes.
func own(changes object) func(*scene) string {
	return func(s *scene) string { return signedBy(s, s.key, written(s, changes), object{"kid": "one"}) }
}

// asserted posts a refresh request with the assertion.
func asserted(assertion func(*scene) string, pairs ...string) func(*scene) reply {
	return func(s *scene) reply {
		form := refreshForm("unknown", "client_assertion", assertion(s), "client_assertion_type", clientauth.AssertionType)
		return s.app.post(s.issuer+oidc.PathToken, with(form, pairs...))
	}
}

func badAssertions() []attack {
	client := unauthenticated()
	day := func(s *scene) int64 { return s.clock.Now().Unix() + 86_400 }
	list := []attack{
		{"used twice", "RFC 7523, 3; OpenID Connect Core, 9", func(s *scene) reply {
			assertion := own(nil)(s)
			if first := asserted(func(*scene) string { return assertion })(s); first.json()["error"] != "invalid_grant" {
				s.Errorf("the first use: %d %s", first.status, first.body)
			}
			return asserted(func(*scene) string { return assertion })(s)
		}, client},
		{"without jti", "Core, 9", asserted(own(object{"jti": nil})), client},
		{"without exp", "RFC 7523, 3", asserted(own(object{"exp": nil})), client},
		{"expired", "RFC 7523, 3; ASVS 9.2.1", asserted(func(s *scene) string { return own(object{"exp": s.clock.Now().Unix() - 600})(s) }), client},
		{"good for a day", "RFC 7523, 3", asserted(func(s *scene) string { return own(object{"exp": day(s)})(s) }), client},
		{"not good before tomorrow", "RFC 7523, 3; ASVS 9.2.1", asserted(func(s *scene) string { return own(object{"nbf": day(s), "exp": day(s) + 60})(s) }), client},
		{"for another server", "RFC 7523, 3; ASVS 9.2.3", asserted(own(object{"aud": "https://evil.example"})), client},
		{"for the token endpoint", "RFC 7523bis, 3; ASVS 9.2.3", asserted(func(s *scene) string { return own(object{"aud": s.issuer + oidc.PathToken})(s) }), client},
		{"for two servers", "RFC 7523bis, 3; ASVS 9.2.3", asserted(func(s *scene) string {
			return own(object{"aud": []string{s.issuer, "https://evil.example"}})(s)
		}), client},
		{"without aud", "RFC 7523, 3", asserted(own(object{"aud": nil})), client},
		{"of another issuer", "RFC 7523, 3", asserted(own(object{"iss": "app"})), client},
		{"about another client", "RFC 7523, 3", asserted(own(object{"iss": "app", "sub": "app"})), client},
		{"of the type of an access token", "RFC 8725, 3.11; ASVS 9.2.2", asserted(func(s *scene) string {
			return signedBy(s, s.key, written(s, nil), object{"kid": "one", "typ": "at+jwt"})
		}), client},
		{"of the type of a request object", "RFC 8725, 3.11; RFC 9101, 10.8", asserted(func(s *scene) string {
			return signedBy(s, s.key, written(s, nil), object{"kid": "one", "typ": "oauth-authz-req+jwt"})
		}), client},
		{"an ID token in its place", "ASVS 9.2.2", asserted(func(s *scene) string { return s.app.tokens(s.ada).ID }), client},
		{"beside another client's id", "RFC 7521, 4.2", asserted(own(nil), "client_id", "app"), refused(http.StatusBadRequest, "invalid_request")},
		{"beside a secret", "RFC 6749, 2.3", asserted(own(nil), "client_secret", secret), refused(http.StatusBadRequest, "invalid_request")},
		{"a secret in place of it", "RFC 7591, 2; ASVS 10.4.16", as(nil, basic("signed", secret)), client},
		{"nothing in place of it", "RFC 7591, 2", as(url.Values{"client_id": {"signed"}}), client},
		{"of nine kibibytes", "RFC 6749, 3.2", asserted(own(object{"x": strings.Repeat("a", 9<<10)})), refused(http.StatusBadRequest, "invalid_request")},
	}
	for _, f := range forgeries() {
		list = append(list, attack{f.name, f.rule, asserted(func(s *scene) string { return f.make(s, written(s, nil)) }), client})
	}
	return list
}

// asObject sends an authorization request of the client "signed" as an object; outside
// changes what stands beside it.
func asObject(make func(s *scene, claims object) string, changes object, outside ...string) func(*scene) reply {
	return func(s *scene) reply {
		claims := written(s, object{"sub": nil})
		for name, values := range asked("signed") {
			claims[name] = values[0]
		}
		maps.Copy(claims, changes)
		maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
		q := url.Values{"client_id": {"signed"}, "response_type": {"code"}, "scope": {"openid"}, "redirect_uri": {callback}, "request": {make(s, claims)}}
		return s.ada.get(oidc.PathAuthorize, with(q, outside...))
	}
}

// refusedObject is an error about a request object, at the registered address
// outside it or on a page; never a code.
func refusedObject() want {
	return want{"back with `invalid_request_object`, or a page", func(s *scene, r reply) {
		s.Helper()
		code := r.answer().Get("error")
		if r.answer().Has("code") || r.problem() == "" && !slices.Contains([]string{"invalid_request_object", "invalid_request"}, code) ||
			r.out != nil && !strings.HasPrefix(r.out.String(), callback+"?") {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
}

func badObjects() []attack {
	good := func(s *scene, claims object) string { return signedBy(s, s.key, claims, object{"kid": "one"}) }
	typed := func(typ string) func(*scene, object) string {
		return func(s *scene, claims object) string {
			return signedBy(s, s.key, claims, object{"kid": "one", "typ": typ})
		}
	}
	object_ := refusedObject()
	at := func(offset int64) func(*scene) reply {
		return func(s *scene) reply {
			return asObject(good, object{"exp": s.clock.Now().Unix() + offset})(s)
		}
	}
	list := []attack{
		{"expired", "RFC 9101, 4; ASVS 9.2.1", at(-600), object_},
		{"good for a week", "RFC 9101, 10.2", at(7 * 86_400), object_},
		{"without exp, where it is signed", "FAPI 2.0 Message Signing, 5.3.1; ASVS 9.2.1", asObject(good, object{"exp": nil}), object_},
		{"for another server", "RFC 9101, 4; ASVS 9.2.3", asObject(good, object{"aud": "https://evil.example"}), object_},
		{"of another issuer", "RFC 9101, 5; RFC 9700, 4.4", asObject(good, object{"iss": "app"}), object_},
		{"for another client inside", "RFC 9101, 5", asObject(good, object{"client_id": "app"}), object_},
		{"another client outside", "RFC 9101, 5", asObject(good, nil, "client_id", "app"), object_},
		{"an object inside it", "Core, 6.1", asObject(good, object{"request": "a.b.c"}), object_},
		{"a link inside it", "Core, 6.1", asObject(good, object{"request_uri": "https://evil.example/x"}), object_},
		{"a parameter that is a list", "RFC 9101, 4", asObject(good, object{"state": []string{"a", "b"}}), object_},
		{"a client assertion in its place", "RFC 9101, 10.8; ASVS 9.2.2", asObject(func(s *scene, _ object) string { return own(nil)(s) }, nil), object_},
		{"of the type of an access token", "RFC 8725, 3.11", asObject(typed("at+jwt"), nil), object_},
		{"an unregistered address inside", "RFC 9700, 4.1; ASVS 10.4.1", asObject(good, object{"redirect_uri": "https://evil.example/"}), page("redirect_invalid")},
		{"nonsense", "RFC 9101, 6.1", asObject(func(*scene, object) string { return "nonsense" }, nil), object_},
		{"a downgrade of the challenge inside", "RFC 9700, 4.8.2", asObject(good, object{"code_challenge": nil, "code_challenge_method": nil}), back("invalid_request")},
		{"an object and a link", "RFC 9101, 5", asObject(good, nil, "request_uri", "https://evil.example/x"), want{"back with an error, or a page", func(s *scene, r reply) {
			if r.answer().Has("code") || !r.answer().Has("error") && r.problem() == "" {
				s.Errorf("%d out %v", r.status, r.out)
			}
		}}},
	}
	for _, f := range forgeries() {
		list = append(list, attack{f.name, f.rule, asObject(f.make, nil), object_})
	}
	return list
}

func badBearers() []attack {
	grant := refused(http.StatusBadRequest, "invalid_grant")
	bears := func(make func(*scene) string, pairs ...string) func(*scene) reply {
		return func(s *scene) reply {
			form := with(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {make(s)},
				"client_assertion": {own(nil)(s)}, "client_assertion_type": {clientauth.AssertionType}}, pairs...)
			return s.app.post(s.issuer+oidc.PathToken, form)
		}
	}
	about := func(changes object) func(*scene) string {
		return func(s *scene) string {
			claims := object{"sub": "id-of-ada"}
			maps.Copy(claims, changes)
			return own(claims)(s)
		}
	}
	list := []attack{
		{"by a client without the grant", "RFC 7523, 2.1; ASVS 10.4.4", func(s *scene) reply {
			return s.app.send(oidc.PathToken, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {about(nil)(s)}})
		}, refused(http.StatusBadRequest, "unauthorized_client")},
		{"used twice", "RFC 7523, 3", func(s *scene) reply {
			assertion := about(nil)(s)
			bears(func(*scene) string { return assertion })(s).tokens()
			return bears(func(*scene) string { return assertion })(s)
		}, grant},
		{"the client's own assertion again", "RFC 7523, 3", func(s *scene) reply {
			assertion := own(nil)(s)
			return bears(func(*scene) string { return assertion }, "client_assertion", assertion)(s)
		}, grant},
		{"about nobody", "RFC 7523, 3", bears(about(object{"sub": "id-of-nobody"})), grant},
		{"about the client", "RFC 7523, 3", bears(own(nil)), grant},
		{"without sub", "RFC 7523, 3", bears(about(object{"sub": nil})), grant},
		{"without jti", "RFC 7523, 3", bears(about(object{"jti": nil})), grant},
		{"expired", "RFC 7523, 3; ASVS 9.2.1", bears(func(s *scene) string { return about(object{"exp": s.clock.Now().Unix() - 600})(s) }), grant},
		{"for another server", "RFC 7523, 3; ASVS 9.2.3", bears(about(object{"aud": "https://evil.example"})), grant},
		{"of another issuer", "RFC 7523, 3", bears(about(object{"iss": "app"})), grant},
		{"an ID token in its place", "ASVS 9.2.2", bears(func(s *scene) string { return s.app.tokens(s.ada).ID }), grant},
		{"none", "RFC 7521, 4.1", bears(func(*scene) string { return "" }), refused(http.StatusBadRequest, "invalid_request")},
	}
	for _, f := range forgeries() {
		list = append(list, attack{f.name, f.rule, bears(func(s *scene) string { return f.make(s, written(s, object{"sub": "id-of-ada"})) }), grant})
	}
	return list
}
