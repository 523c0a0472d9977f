package oidc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
)

// CreateAccessToken redeems a code for an access token alone, or gives a client
// one of its own.
func (s *storage) CreateAccessToken(ctx context.Context, request op.TokenRequest) (string, time.Time, error) {
	if own, ok := request.(*byClient); ok {
		return s.createOwn(ctx, own)
	}
	access, _, life, err := s.create(ctx, request, false)
	return access, wallClock(life), err
}

// CreateAccessAndRefreshTokens redeems a code, or rotates a refresh token.
func (s *storage) CreateAccessAndRefreshTokens(ctx context.Context, request op.TokenRequest, _ string) (string, string, time.Time, error) {
	access, refresh, life, err := s.create(ctx, request, true)
	return access, refresh, wallClock(life), err
}

// wallClock gives the library an expiry from which it gets the life again: it
// subtracts time.Now, whatever our clock says, and cuts to whole seconds.
func wallClock(life time.Duration) time.Time { return time.Now().Add(life + time.Second/2) }

// create makes the tokens and uses up what asked for them in one transaction.
// Nothing is created when that was used up before; its grant is then revoked.
func (s *storage) create(ctx context.Context, request op.TokenRequest, withRefresh bool) (access, refresh string, _ time.Duration, _ error) {
	g := grantedOf(request)
	if g == nil {
		return "", "", 0, s.unused(ctx)
	}
	client, err := s.client(ctx, g.ClientID)
	if err != nil {
		return "", "", 0, s.refused(ctx, "reading a client", over(err, "reading a client"))
	}
	m := mint{provider: s.Provider, grant: g, client: &libraryClient{Client: client, provider: s.Provider}, now: s.Now()}
	if access, err = m.add(AccessToken); err == nil && withRefresh {
		refresh, err = m.add(RefreshToken)
	}
	if err != nil {
		return "", "", 0, s.failed(ctx, "making tokens", err)
	}
	won, err := m.store(ctx)
	if err != nil {
		return "", "", 0, s.failed(ctx, "storing tokens", err)
	}
	if !won {
		s.Log.WarnContext(ctx, "code or refresh token used twice: grant revoked",
			"grant_id", g.ID, "client_id", g.ClientID, "user_id", g.UserID, "session_id", g.Session, "refresh", g.refresh != "")
		return "", "", 0, s.refused(ctx, "", errOver)
	}
	return access, refresh, m.client.accessTokenLife(), nil
}

func grantedOf(request op.TokenRequest) *granted {
	switch r := request.(type) {
	case *byCode:
		return &r.granted
	case *byRefresh:
		return &r.granted
	}
	return nil
}

// mint makes the tokens of one answer.
type mint struct {
	provider *Provider
	grant    *granted
	client   *libraryClient
	now      time.Time
	tokens   []Token
}

// add makes one more token and returns it as the client gets it.
func (m *mint) add(kind TokenKind) (string, error) {
	secret, err := idp.NewSecret(m.provider.Rand)
	if err != nil {
		return "", err
	}
	life, scopes := m.client.accessTokenLife(), m.grant.scopes
	if kind == RefreshToken {
		life, scopes = m.client.refreshTokenLife(), m.grant.Scopes
	}
	m.tokens = append(m.tokens, Token{
		Hash: m.provider.Keyring.Hash(tokenPurpose, secret), Kind: kind, GrantID: m.grant.ID,
		Scopes: scopes, CreatedAt: m.now, ExpiresAt: m.now.Add(life),
	})
	return secret, nil
}

func (m *mint) store(ctx context.Context) (bool, error) {
	if m.grant.refresh != "" {
		rotation, err := m.provider.Stores.RotateToken(ctx, m.grant.refresh, m.now, 0, m.tokens)
		return rotation == Rotated, err
	}
	return m.provider.Stores.RedeemCode(ctx, m.grant.Code.Hash, m.now, m.tokens)
}

// GetRefreshTokenInfo is asked first when a token is to be revoked. The "id" it
// returns is the token itself, which RevokeToken then finds by its hash.
func (s *storage) GetRefreshTokenInfo(ctx context.Context, _ string, secret string) (userID, tokenID string, err error) {
	token, grant, err := s.Stores.TokenByHash(ctx, s.Keyring.Hash(tokenPurpose, secret))
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
	hash := s.Keyring.Hash(tokenPurpose, secret)
	token, grant, err := s.Stores.TokenByHash(ctx, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return s.revokeOwn(ctx, secret, clientID)
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
	return nil
}
