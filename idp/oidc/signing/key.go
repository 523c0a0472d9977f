package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
)

// sealPurpose is the keyring's purpose for private keys.
const sealPurpose = "signing-key"

// rsaBits is the length of RSA keys; more would cost each ID token several times as much.
const rsaBits = 2048

// Key is a key that was opened and parsed.
type Key struct {
	ID      string
	Alg     string
	Private crypto.Signer
}

// Public is what is published: *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
func (k Key) Public() crypto.PublicKey { return k.Private.Public() }

func generate(alg string, random io.Reader) (crypto.Signer, error) {
	switch alg {
	case RS256:
		return rsa.GenerateKey(random, rsaBits)
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), random)
	case EdDSA:
		_, private, err := ed25519.GenerateKey(random)
		return private, err
	}
	return nil, fmt.Errorf("there are no keys for the algorithm %q", alg)
}

func (r *Ring) seal(private crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("encoding a signing key: %w", err)
	}
	return r.Keyring.Seal(sealPurpose, der)
}

func (r *Ring) open(record Record) (Key, error) {
	der, err := r.Keyring.Open(sealPurpose, record.Sealed)
	if err != nil {
		return Key{}, fmt.Errorf("opening the signing key %s: %w", record.ID, err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return Key{}, fmt.Errorf("parsing the signing key %s: %w", record.ID, err)
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return Key{}, errors.New("the signing key " + record.ID + " can't sign")
	}
	return Key{ID: record.ID, Alg: record.Alg, Private: private}, nil
}
