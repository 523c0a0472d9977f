package realclients

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// partyKey is a key pair of a relying party.
type partyKey struct {
	private jose.JSONWebKey
	// set is the file with its public half, as `ringtail client add --jwks` takes it.
	set string
}

func newPartyKey(t *testing.T, alg string) partyKey {
	t.Helper()
	var private crypto.Signer
	var err error
	switch alg {
	case "ES256":
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	k := partyKey{private: jose.JSONWebKey{Key: private, KeyID: "key-1", Algorithm: alg, Use: "sig"}, set: filepath.Join(t.TempDir(), "jwks.json")}
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.private.Public()}})
	if err == nil {
		err = os.WriteFile(k.set, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}
