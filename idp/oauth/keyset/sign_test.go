package keyset_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

const issuer = "https://id.example/blitz"

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// rsaKey is made once: RSA keys take long.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	k, err := rsaKey()
	must(t, err)
	return k
}

func newEC(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return k
}

func newEd(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// good are claims that hold; pairs change them, nil takes away.
func good(pairs ...any) map[string]any {
	claims := map[string]any{"iss": "app", "sub": "app", "aud": issuer, "exp": noon.Add(time.Minute).Unix(), "jti": "one"}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(claims, pairs[i].(string))
		} else {
			claims[pairs[i].(string)] = pairs[i+1]
		}
	}
	return claims
}

// sign makes a JWT; headers come in pairs.
func sign(t testing.TB, alg string, key any, kid string, claims any, headers ...any) string {
	t.Helper()
	o := &jose.SignerOptions{}
	for i := 0; i+1 < len(headers); i += 2 {
		o = o.WithHeader(jose.HeaderKey(headers[i].(string)), headers[i+1])
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: key, KeyID: kid}}, o)
	must(t, err)
	payload, ok := claims.(string)
	if !ok {
		raw, err := json.Marshal(claims)
		must(t, err)
		payload = string(raw)
	}
	signed, err := signer.Sign([]byte(payload))
	must(t, err)
	text, err := signed.CompactSerialize()
	must(t, err)
	return text
}

// set is a key set's document.
func set(t testing.TB, keys ...jose.JSONWebKey) string {
	t.Helper()
	raw, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	must(t, err)
	return string(raw)
}

func jwk(key any, kid string, changes ...func(*jose.JSONWebKey)) *jose.JSONWebKey {
	k := &jose.JSONWebKey{Key: key, KeyID: kid}
	for _, change := range changes {
		change(k)
	}
	return k
}

func byValue(t testing.TB) *keyset.Sets {
	t.Helper()
	s, err := keyset.New(keyset.Options{Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	return s
}

// wantFault checks that a refusal is the client's fault, and why.
func wantFault(t testing.TB, err error, want string) {
	t.Helper()
	var fault *keyset.Fault
	if !errors.As(err, &fault) || !strings.Contains(fault.Text, want) {
		t.Errorf("error %v, want a fault with %q", err, want)
	}
}
