// Package hint reads ID tokens that come back as a hint: id_token_hint of the
// authorization and of the logout endpoint.
//
// It owns that nothing else passes for one: no token of another issuer, and no
// other kind of our own (access tokens, logout tokens). It does not own what a
// hint is good for, nor whose it must be.
package hint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// ErrNone: it is no ID token of ours.
var ErrNone = errors.New("not an ID token that was given here")

// Keys give the keys that tokens of ours may be signed with; signing.Ring is one.
type Keys interface {
	Published(ctx context.Context) ([]signing.Key, error)
}

// Claims are what a hint says. That it expired doesn't matter (OpenID Connect
// Core, section 3.1.2.1; RP-Initiated Logout 1.0, section 2).
type Claims struct {
	Subject string
	// Session is the sid claim; empty where the token has none.
	Session string
	// Client is the one audience.
	Client string
}

// Reader reads hints. Both fields are required.
type Reader struct {
	Issuer string
	Keys   Keys
}

// raw is what is looked at in the token. Events has it that no security event
// token (RFC 8417) passes, whatever its typ.
type raw struct {
	Issuer   string          `json:"iss"`
	Subject  string          `json:"sub"`
	Audience jwt.Audience    `json:"aud"`
	Session  string          `json:"sid"`
	Expires  json.Number     `json:"exp"`
	Events   json.RawMessage `json:"events"`
}

// Read verifies that we signed the token, and that it is an ID token for one
// client. ErrNone where it isn't; any other error is a fault of ours.
func (r *Reader) Read(ctx context.Context, token string) (Claims, error) {
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	if err != nil {
		return Claims{}, ErrNone
	}
	header := parsed.Signatures[0].Protected
	if kind, given := header.ExtraHeaders[jose.HeaderType]; given && kind != "JWT" {
		return Claims{}, ErrNone
	}
	key, err := r.key(ctx, header.KeyID, header.Algorithm)
	if err != nil {
		return Claims{}, err
	}
	payload, err := parsed.Verify(key)
	if err != nil {
		return Claims{}, ErrNone
	}
	var c raw
	if err := json.Unmarshal(payload, &c); err != nil {
		return Claims{}, ErrNone
	}
	if c.Issuer != r.Issuer || c.Subject == "" || len(c.Audience) != 1 || c.Expires == "" || c.Events != nil {
		return Claims{}, ErrNone
	}
	return Claims{Subject: c.Subject, Session: c.Session, Client: c.Audience[0]}, nil
}

// key is the published one that has the ID, for this very algorithm.
func (r *Reader) key(ctx context.Context, id, alg string) (any, error) {
	published, err := r.Keys.Published(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the key set: %w", err)
	}
	i := slices.IndexFunc(published, func(k signing.Key) bool { return k.ID == id && k.Alg == alg })
	if i < 0 {
		return nil, ErrNone
	}
	return published[i].Public(), nil
}
