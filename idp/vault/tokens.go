package vault

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// Tokens seals the tokens of another Store, and hashes their keys, which are made of secrets.
type Tokens struct {
	inner tokens.Store
	keys  *keyring.Keyring
}

var _ tokens.Store = (*Tokens)(nil)

// NewTokens makes Tokens over a Store that may be read by others.
func NewTokens(inner tokens.Store, keys *keyring.Keyring) *Tokens {
	return &Tokens{inner: inner, keys: keys}
}

func (t *Tokens) hash(key string) string { return t.keys.Hash("driver-token", key) }

// tokenPurpose binds a sealed token to its key, its ID and its time, which a store keeps to the microsecond.
func tokenPurpose(hash string, t tokens.Token) string {
	return fmt.Sprintf("driver-token/%s/%s/%d", hash, t.ID, t.Until.UnixMicro())
}

// FindToken implements tokens.Store. A token that can't be opened, as after a change of the master key, is none.
func (t *Tokens) FindToken(ctx context.Context, key string, now time.Time) (tokens.Token, error) {
	hash := t.hash(key)
	found, err := t.inner.FindToken(ctx, hash, now)
	if err != nil || found.ID == "" {
		return tokens.Token{}, err
	}
	box, err := base64.StdEncoding.DecodeString(found.Value)
	if err != nil {
		return tokens.Token{}, nil
	}
	value, err := t.keys.Open(tokenPurpose(hash, found), box)
	if err != nil {
		return tokens.Token{}, nil
	}
	found.Value = string(value)
	return found, nil
}

// KeepToken implements tokens.Store.
func (t *Tokens) KeepToken(ctx context.Context, key string, token tokens.Token) error {
	hash := t.hash(key)
	box, err := t.keys.Seal(tokenPurpose(hash, token), []byte(token.Value))
	if err != nil {
		return fmt.Errorf("sealing a driver's token: %w", err)
	}
	token.Value = base64.StdEncoding.EncodeToString(box)
	return t.inner.KeepToken(ctx, hash, token)
}

// ClaimToken implements tokens.Store.
func (t *Tokens) ClaimToken(ctx context.Context, key, holder string, now, until time.Time) (bool, error) {
	return t.inner.ClaimToken(ctx, t.hash(key), holder, now, until)
}

// ReleaseToken implements tokens.Store.
func (t *Tokens) ReleaseToken(ctx context.Context, key, holder string) error {
	return t.inner.ReleaseToken(ctx, t.hash(key), holder)
}

// DropToken implements tokens.Store.
func (t *Tokens) DropToken(ctx context.Context, key, id string) error {
	return t.inner.DropToken(ctx, t.hash(key), id)
}
