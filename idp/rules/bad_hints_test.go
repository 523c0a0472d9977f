package rules_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// sealed joins a JWT from its parts.
func sealed(s *scene, head, claims map[string]any, sign func(text string) []byte) string {
	s.Helper()
	var parts []string
	for _, part := range []map[string]any{head, claims} {
		text, err := json.Marshal(part)
		s.must(err)
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	text := strings.Join(parts, ".")
	return text + "." + base64.RawURLEncoding.EncodeToString(sign(text))
}

// claimsOfAda are those of an ID token that the app could have.
func claimsOfAda(s *scene, changes map[string]any) map[string]any {
	claims := map[string]any{"iss": s.issuer, "aud": "app", "sub": "id-of-ada", "iat": s.clock.Now().Unix() - 10, "exp": s.clock.Now().Unix() + 600}
	maps.Copy(claims, changes)
	return claims
}

// unsignedToken has no signature, by an algorithm that is spelt as head has it.
func unsignedToken(s *scene, head map[string]any) string {
	all := map[string]any{"alg": "none", "typ": "JWT"}
	maps.Copy(all, head)
	return sealed(s, all, claimsOfAda(s, nil), func(string) []byte { return nil })
}

// confused is signed by HMAC with a public key of the provider as the secret.
func confused(s *scene) string {
	key := s.keySet().Keys[0]
	der, err := x509.MarshalPKIXPublicKey(key.Key)
	s.must(err)
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return sealed(s, map[string]any{"alg": "HS256", "kid": key.KeyID}, claimsOfAda(s, nil), func(text string) []byte {
		mac := hmac.New(sha256.New, public)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	})
}

// forged is signed by a key of somebody else's; head may name it.
func forged(s *scene, changes map[string]any, head func(key *ecdsa.PrivateKey) map[jose.HeaderKey]any) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must(err)
	options := (&jose.SignerOptions{}).WithType("JWT")
	for name, value := range head(key) {
		options = options.WithHeader(name, value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, options)
	s.must(err)
	token, err := jwt.Signed(signer).Claims(claimsOfAda(s, changes)).Serialize()
	s.must(err)
	return token
}

// hints are ID tokens that prove nothing.
func hints() []struct {
	name, rule string
	make       func(*scene) string
} {
	ours := func(s *scene) string {
		for _, key := range s.keySet().Keys {
			if key.Algorithm == "ES256" {
				return key.KeyID
			}
		}
		s.Fatal("there is no ES256 key")
		return ""
	}
	kid := func(id func(*scene) string) func(*scene) string {
		return func(s *scene) string {
			return forged(s, nil, func(*ecdsa.PrivateKey) map[jose.HeaderKey]any { return map[jose.HeaderKey]any{"kid": id(s)} })
		}
	}
	text := func(value string) func(*scene) string { return func(*scene) string { return value } }
	own := func(change func(parts []string) string) func(*scene) string {
		return func(s *scene) string { return change(strings.Split(s.app.tokens(s.ada).ID, ".")) }
	}
	return []struct {
		name, rule string
		make       func(*scene) string
	}{
		{"the algorithm none", "ASVS 9.1.2", func(s *scene) string { return unsignedToken(s, nil) }},
		{"the algorithm None", "ASVS 9.1.2", func(s *scene) string { return unsignedToken(s, map[string]any{"alg": "None"}) }},
		{"no algorithm", "ASVS 9.1.2", func(s *scene) string { return unsignedToken(s, map[string]any{"alg": ""}) }},
		{"HMAC with the public key as secret", "ASVS 9.1.2", confused},
		{"somebody else's signature under our key's id", "ASVS 9.1.1", kid(ours)},
		{"somebody else's signature under an id that leads elsewhere", "ASVS 9.1.3", kid(text("../../../../dev/null"))},
		{"somebody else's signature under an id with SQL in it", "ASVS 9.1.3", kid(text("' UNION SELECT 1 --"))},
		{"the key inside the header", "ASVS 9.1.3", func(s *scene) string {
			return forged(s, nil, func(key *ecdsa.PrivateKey) map[jose.HeaderKey]any {
				return map[jose.HeaderKey]any{"jwk": jose.JSONWebKey{Key: key.Public(), Algorithm: "ES256"}}
			})
		}},
		{"a link to the key in the header", "ASVS 9.1.3", func(s *scene) string {
			return forged(s, nil, func(*ecdsa.PrivateKey) map[jose.HeaderKey]any {
				return map[jose.HeaderKey]any{"jku": "https://evil.example/keys", "x5u": "https://evil.example/key"}
			})
		}},
		{"the signature cut off", "ASVS 9.1.1", own(func(p []string) string { return p[0] + "." + p[1] + "." })},
		{"the signature of another token", "ASVS 9.1.1", func(s *scene) string {
			p, q := strings.Split(s.app.tokens(s.ada).ID, "."), strings.Split(s.other.tokens(s.ada).ID, ".")
			return p[0] + "." + p[1] + "." + q[2]
		}},
		{"other claims under a true signature", "ASVS 9.1.1", func(s *scene) string {
			p := strings.Split(s.app.tokens(s.ada).ID, ".")
			return p[0] + "." + strings.Split(unsignedToken(s, nil), ".")[1] + "." + p[2]
		}},
		{"two parts", "RFC 7515, 3.1", own(func(p []string) string { return p[0] + "." + p[1] })},
		{"five parts, as if encrypted", "RFC 7516, 3.1", own(func(p []string) string { return strings.Join(append(p, "a", "b"), ".") })},
		{"nonsense", "Core, 3.1.2.1", text("nonsense")},
		{"an access token", "ASVS 9.2.2", func(s *scene) string { return s.app.tokens(s.ada).Access }},
		{"a refresh token", "ASVS 9.2.2", func(s *scene) string { return s.app.tokens(s.ada).Refresh }},
		{"another client's ID token", "ASVS 9.2.3", func(s *scene) string { return s.other.tokens(s.ada).ID }},
	}
}

func badHints() []attack {
	var list []attack
	for _, h := range hints() {
		list = append(list, attack{h.name, h.rule, func(s *scene) reply { return s.ada.authorize("app", "id_token_hint", h.make(s)) }, back("invalid_request")})
	}
	return append(list, attack{"a good hint about somebody else, with prompt=none", "Core, 3.1.2.1", func(s *scene) reply {
		return s.ada.authorize("app", "prompt", "none", "id_token_hint", s.app.tokens(s.bob).ID)
	}, back("login_required")})
}

// badLogoutHints must not sign anybody out, nor lead out, without a question.
func badLogoutHints() []attack {
	var list []attack
	for _, h := range hints() {
		if h.name == "another client's ID token" { // is a good one, for that client
			continue
		}
		list = append(list, attack{h.name, h.rule + "; RPIL, 4", func(s *scene) reply {
			return s.ada.get(oidc.PathLogout, url.Values{"id_token_hint": {h.make(s)}, "post_logout_redirect_uri": {goodbye}, "state": {"state-1"}})
		}, asksFirst()})
	}
	return list
}
