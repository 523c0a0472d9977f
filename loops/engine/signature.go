package engine

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/dop251/goja"
	"github.com/go-jose/go-jose/v4"
)

// signatureWords are those words of crypto that need a private key: crypto.rs256 (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017) and
// crypto.jwt (RFC 7519, signed with the same). Other algorithms are for the day on which a provider wants one.
func signatureWords(c vocabulary) {
	c.method("rs256", func(m *machine, _ goja.Value, a arguments) goja.Value {
		sum := sha256.Sum256(a.bytes(1))
		signature, err := rsa.SignPKCS1v15(rand.Reader, a.privateKey(0), crypto.SHA256, sum[:])
		if err != nil {
			a.wrong(0, "a private key that can sign")
		}
		return a.encoded(2, signature)
	})
	c.method("jwt", func(m *machine, _ goja.Value, a arguments) goja.Value {
		options := &jose.SignerOptions{}
		options.WithType("JWT")
		if a.has(2) {
			header := a.object(2)
			for _, k := range header.keys {
				options.WithHeader(jose.HeaderKey(k), header.values[k])
			}
		}
		token, err := signJWT([]byte(encode(a.object(0))), a.privateKey(1), options)
		if err != nil {
			a.wrong(1, "a private key that can sign")
		}
		return m.rt.ToValue(token)
	})
}

func signJWT(claims []byte, key *rsa.PrivateKey, options *jose.SignerOptions) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// privateKey reads an RSA key in PEM, as PKCS#8 or PKCS#1. What is wrong with a key is never told: the text is a secret.
func (a arguments) privateKey(i int) *rsa.PrivateKey {
	key, err := parseKey([]byte(a.text(i)))
	if err != nil {
		a.wrong(i, "an RSA private key in PEM (PKCS#8 or PKCS#1) of at least 2048 bits")
	}
	return key
}

// minKeyBits is what RFC 7518, section 3.3, asks of RS256.
const minKeyBits = 2048

var errNoKey = errors.New("not a usable RSA key")

func parseKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errNoKey
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		wrapped, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, errNoKey
		}
		key, _ = wrapped.(*rsa.PrivateKey)
	}
	if key == nil || key.N.BitLen() < minKeyBits {
		return nil, errNoKey
	}
	return key, nil
}
