package keyset_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

func TestParse(t *testing.T) {
	ec, rs, ed := newEC(t), newRSA(t), newEd(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	short := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}
	giant := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 16383), E: 65537}
	x := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	edX := base64.RawURLEncoding.EncodeToString(ed.Public().(ed25519.PublicKey))
	enc := func(k *jose.JSONWebKey) { k.Use = "enc" }
	for name, c := range map[string]struct {
		document string
		keys     int
		want     string
	}{
		"all kinds":               {set(t, jwk(ec, "a").Public(), jwk(rs, "b").Public(), jwk(ed, "c").Public()), 3, ""},
		"none":                    {`{"keys":[]}`, 0, ""},
		"others are left out":     {set(t, jwk(p384, "a").Public(), jwk(rs, "b", enc).Public()), 0, ""},
		"a type of tomorrow":      {`{"keys":[{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}]}`, 0, ""},
		"for signing alone":       {`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"` + edX + `","key_ops":["verify"]}]}`, 1, ""},
		"for wrapping keys":       {`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"` + edX + `","key_ops":["wrapKey"]}]}`, 0, ""},
		"a private EC key":        {set(t, *jwk(ec, "a")), 0, `"d"`},
		"a private RSA key":       {set(t, *jwk(rs, "a")), 0, `"d"`},
		"a private Ed25519 key":   {set(t, *jwk(ed, "a")), 0, `"d"`},
		"one private among good":  {set(t, jwk(ec, "a").Public(), *jwk(ed, "b")), 0, "key 2"},
		"a private key of others": {set(t, *jwk(p384, "a")), 0, `"d"`},
		"a symmetric key":         {`{"keys":[{"kty":"oct","k":"AAAA"}]}`, 0, `"k"`},
		"a prime alone":           {`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","p":"AQAB"}]}`, 0, `"p"`},
		"a short RSA key":         {set(t, *jwk(short, "a")), 0, "2048 to 8192"},
		"a giant RSA key":         {set(t, *jwk(giant, "a")), 0, "2048 to 8192"},
		"a point off the curve":   {`{"keys":[{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + x + `"}]}`, 0, "no valid key"},
		"a short Ed25519 key":     {`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}`, 0, "no valid key"},
		"a long kid":              {`{"keys":[{"kty":"RSA","kid":"` + strings.Repeat("k", 257) + `"}]}`, 0, "kid"},
		"a kid that is a number":  {`{"keys":[{"kty":"RSA","kid":1}]}`, 0, "wrong type"},
		"a name twice":            {`{"keys":[{"kty":"RSA","kid":"a","kid":"b"}]}`, 0, "each name once"},
		"a key that is a text":    {`{"keys":["x"]}`, 0, "JSON object"},
		"keys under Keys":         {`{"Keys":[]}`, 0, "isn't one"},
		"one key":                 {`{"kty":"RSA"}`, 0, "isn't one"},
		"null":                    {`null`, 0, "isn't one"},
		"text":                    {`text`, 0, "isn't one"},
		"nothing":                 {``, 0, "isn't one"},
		"too long":                {`{"keys":[]}` + strings.Repeat(" ", keyset.MaxDocument), 0, "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := keyset.Parse([]byte(c.document))
			if c.want == "" && (err != nil || len(keys) != c.keys) {
				t.Errorf("%d keys, %v; want %d", len(keys), err, c.keys)
			} else if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(set(f, jwk(newEC(f), "a").Public(), *jwk(newEd(f), "b"))))
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AAAA"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		keys, err := keyset.Parse(document)
		if err != nil && keys != nil {
			t.Error("keys beside an error")
		}
	})
}
