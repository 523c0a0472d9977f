package oidc

import (
	"context"
	"crypto"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// SignatureAlgorithms that ID tokens may be signed with.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	algorithms := make([]jose.SignatureAlgorithm, len(s.Signing.Algorithms))
	for i, alg := range s.Signing.Algorithms {
		algorithms[i] = jose.SignatureAlgorithm(alg)
	}
	return algorithms, nil
}

// KeySet is what the key set publishes.
func (s *storage) KeySet(ctx context.Context) ([]op.Key, error) {
	published, err := s.Signing.Published(ctx)
	if err != nil {
		return nil, s.failed(ctx, "reading the key set", err)
	}
	keys := make([]op.Key, len(published))
	for i, key := range published {
		keys[i] = publicKey{key}
	}
	return keys, nil
}

type publicKey struct{ key signing.Key }

func (k publicKey) ID() string                         { return k.key.ID }
func (k publicKey) Key() any                           { return crypto.PublicKey(k.key.Public()) }
func (k publicKey) Use() string                        { return oidc.KeyUseSignature }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.SignatureAlgorithm(k.key.Alg) }
