package hint_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const issuer = "https://login.example.test/blitz"

// newRing has no RSA key: making one takes long.
func newRing(t *testing.T) *signing.Ring {
	t.Helper()
	keys, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	ring, err := signing.New(signing.Options{
		Records: data, Keyring: keys, Algorithms: []string{signing.ES256, signing.EdDSA}, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// sign makes a token; an empty typ stands for none.
func sign(t *testing.T, ring *signing.Ring, alg, typ string, claims any) string {
	t.Helper()
	key, err := ring.Signing(t.Context(), alg)
	if err != nil {
		t.Fatal(err)
	}
	options := (&jose.SignerOptions{}).WithHeader("kid", key.ID)
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Alg), Key: key.Private}, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func claims(pairs ...any) map[string]any {
	all := map[string]any{"iss": issuer, "sub": "user-1", "aud": "app", "sid": "s1", "exp": 4, "iat": 1, "nonce": "n"}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i].(string)] = pairs[i+1]
	}
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

func TestAHintIsReadThoughItExpired(t *testing.T) {
	ring := newRing(t)
	reader := &hint.Reader{Issuer: issuer, Keys: ring}
	for name, token := range map[string]string{
		"ES256":           sign(t, ring, signing.ES256, "", claims()),
		"EdDSA":           sign(t, ring, signing.EdDSA, "JWT", claims()),
		"aud in an array": sign(t, ring, signing.ES256, "JWT", claims("aud", []string{"app"})),
	} {
		got, err := reader.Read(t.Context(), token)
		if want := (hint.Claims{Subject: "user-1", Session: "s1", Client: "app"}); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestNothingElseIsAHint(t *testing.T) {
	ring, stranger := newRing(t), newRing(t)
	reader := &hint.Reader{Issuer: issuer, Keys: ring}
	good := sign(t, ring, signing.ES256, "JWT", claims())
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	for name, token := range map[string]string{
		"nothing":                         "",
		"no token":                        "x",
		"another's keys":                  sign(t, stranger, signing.ES256, "JWT", claims()),
		"another issuer":                  sign(t, ring, signing.ES256, "JWT", claims("iss", "https://evil.example")),
		"no issuer":                       sign(t, ring, signing.ES256, "JWT", claims("iss", nil)),
		"two audiences":                   sign(t, ring, signing.ES256, "JWT", claims("aud", []string{"app", "other"})),
		"no audience":                     sign(t, ring, signing.ES256, "JWT", claims("aud", nil)),
		"no subject":                      sign(t, ring, signing.ES256, "JWT", claims("sub", nil)),
		"no expiry":                       sign(t, ring, signing.ES256, "JWT", claims("exp", nil)),
		"an access token":                 sign(t, ring, signing.ES256, "at+jwt", claims()),
		"a logout token":                  sign(t, ring, signing.ES256, "logout+jwt", claims("events", map[string]any{"x": map[string]any{}})),
		"a logout token that says no typ": sign(t, ring, signing.ES256, "", claims("events", map[string]any{"x": map[string]any{}})),
		"other claims":                    parts[0] + "." + encode([]byte(`{"iss":"`+issuer+`","sub":"user-2","aud":"app","exp":4}`)) + "." + parts[2],
		"no signature":                    parts[0] + "." + parts[1] + ".",
		"alg none":                        encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"alg HS256 by the public key":     confused(t, ring, parts[1]),
		"a key's ID with another's alg":   encode([]byte(`{"alg":"EdDSA","kid":"`+keyID(t, ring, signing.ES256)+`"}`)) + "." + parts[1] + "." + parts[2],
		"more parts":                      good + ".x",
		"JSON serialization":              `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
	} {
		if got, err := reader.Read(t.Context(), token); !errors.Is(err, hint.ErrNone) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func keyID(t *testing.T, ring *signing.Ring, alg string) string {
	t.Helper()
	key, err := ring.Signing(t.Context(), alg)
	if err != nil {
		t.Fatal(err)
	}
	return key.ID
}

// confused is signed with what everybody can read, as if it were a secret.
func confused(t *testing.T, ring *signing.Ring, payload string) string {
	t.Helper()
	key, err := ring.Signing(t.Context(), signing.ES256)
	if err != nil {
		t.Fatal(err)
	}
	public, err := (&jose.JSONWebKey{Key: key.Public()}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"`+key.ID+`"}`)) + "." + payload
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

type broken struct{}

func (broken) Published(context.Context) ([]signing.Key, error) { return nil, errors.New("disk gone") }

func TestAFaultOfTheKeysIsNoVerdict(t *testing.T) {
	token := sign(t, newRing(t), signing.ES256, "JWT", claims())
	_, err := (&hint.Reader{Issuer: issuer, Keys: broken{}}).Read(t.Context(), token)
	if err == nil || errors.Is(err, hint.ErrNone) {
		t.Error(err)
	}
}
