package oidc

import (
	"context"
	"errors"
	"fmt"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// GetRefreshTokenInfo is asked first when a token is to be revoked. The "id" it
// returns is the token itself, which RevokeToken then finds by its hash.
func (s *storage) GetRefreshTokenInfo(ctx context.Context, _ string, secret string) (userID, tokenID string, err error) {
	if !isOpaque(secret) {
		return "", "", op.ErrInvalidRefreshToken
	}
	token, grant, err := s.Stores.TokenByHash(ctx, s.tokenHash(secret, false))
	if errors.Is(err, idp.ErrNotFound) || err == nil && token.Kind != RefreshToken {
		return "", "", op.ErrInvalidRefreshToken
	}
	if err != nil {
		return "", "", s.failed(ctx, "reading a token", err)
	}
	return grant.UserID, secret, nil
}

// RevokeToken ends an access token alone, and with a refresh token everything
// of its grant (RFC 7009, section 2.1). An unknown token is a success; another
// client's is refused.
func (s *storage) RevokeToken(ctx context.Context, secret, _, clientID string) *oidc.Error {
	hash, err := s.storedAs(ctx, secret)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return s.failed(ctx, "reading a token", err)
	}
	token, grant, err := s.Stores.TokenByHash(ctx, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return s.revokeOwn(ctx, hash, clientID)
	}
	if err != nil {
		return s.failed(ctx, "reading a token", err)
	}
	if grant.ClientID != clientID {
		return notYours()
	}
	if token.Kind == RefreshToken {
		err = s.Stores.RevokeGrant(ctx, grant.ID, s.Now())
	} else {
		err = s.Stores.DeleteToken(ctx, hash)
	}
	if err != nil {
		return s.failed(ctx, "revoking a token", fmt.Errorf("grant %s: %w", grant.ID, err))
	}
	s.Audit.Record(ctx, grantEvent(audit.TypeTokenRevoked, grant, map[string]any{"grant": grant.ID, "kind": string(token.Kind)}))
	return nil
}

// revokeOwn is RevokeToken for a client's own token.
func (s *storage) revokeOwn(ctx context.Context, hash, clientID string) *oidc.Error {
	token, err := s.Stores.ClientTokenByHash(ctx, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	if err != nil {
		return s.failed(ctx, "reading a client's token", err)
	}
	if token.ClientID != clientID {
		return notYours()
	}
	if err := s.Stores.DeleteClientToken(ctx, hash); err != nil {
		return s.failed(ctx, "revoking a client's token", err)
	}
	s.Audit.Record(ctx, audit.Event{Type: audit.TypeTokenRevoked, ClientID: clientID, Params: map[string]any{"kind": string(AccessToken)}})
	return nil
}

func notYours() *oidc.Error {
	return oidc.ErrInvalidGrant().WithDescription("the token was given to another client")
}
