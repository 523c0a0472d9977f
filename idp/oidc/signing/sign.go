package signing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	jose "github.com/go-jose/go-jose/v4"
)

// ErrUnverified: no key of this installation signed the JWT as it should be.
var ErrUnverified = errors.New("no key of ours signed this as it should be")

// JWT signs the claims (RFC 7519). typ is the header of that name; empty leaves
// it out.
func (k Key) JWT(typ string, claims any) (string, error) {
	options := (&jose.SignerOptions{}).WithHeader(jose.HeaderKey("kid"), k.ID)
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(k.Alg), Key: k.Private}, options)
	if err != nil {
		return "", fmt.Errorf("preparing a signature by %s: %w", k.ID, err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("writing claims: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing with %s: %w", k.ID, err)
	}
	return signed.CompactSerialize()
}

// Payload is the claims of a JWT that a published key signed, with the key's own
// algorithm and the typ, so that one kind of token never passes for another. It
// looks at nothing in them. ErrUnverified.
func (r *Ring) Payload(ctx context.Context, text, typ string) ([]byte, error) {
	algorithms := make([]jose.SignatureAlgorithm, len(r.Algorithms))
	for i, alg := range r.Algorithms {
		algorithms[i] = jose.SignatureAlgorithm(alg)
	}
	parsed, err := jose.ParseSignedCompact(text, algorithms)
	if err != nil {
		return nil, ErrUnverified
	}
	header := parsed.Signatures[0].Header
	if got, _ := header.ExtraHeaders[jose.HeaderType].(string); got != typ {
		return nil, ErrUnverified
	}
	keys, err := r.keys(ctx, func(record Record, s State) bool { return record.ID == header.KeyID && s != Over })
	if err != nil {
		return nil, err
	}
	if len(keys) != 1 || keys[0].Alg != header.Algorithm {
		return nil, ErrUnverified
	}
	payload, err := parsed.Verify(keys[0].Public())
	if err != nil {
		return nil, ErrUnverified
	}
	return payload, nil
}
