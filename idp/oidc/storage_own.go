package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
)

// ownScopes are those of clients' own tokens. They mean nothing in an
// authorization request.
func ownScopes() []string { return []string{idp.ScopePhoneVerification} }

var _ op.ClientCredentialsStorage = (*storage)(nil)

// ClientCredentials gives the client that asks for a token of its own. Its
// secret was checked by our guard; a public client has none (RFC 6749, section 4.4).
func (s *storage) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	if err := s.AuthorizeClientIDSecret(ctx, id, secret); err != nil {
		return nil, err
	}
	if handoverOf(ctx).client.Public() {
		return nil, oidc.ErrInvalidClient().WithDescription("a client without a secret has no token of its own")
	}
	return s.GetClientByClientID(ctx, id)
}

// byClient is a client that asks for itself.
type byClient struct {
	id     string
	scopes []string
}

func (c *byClient) GetSubject() string    { return c.id }
func (c *byClient) GetAudience() []string { return []string{c.id} }
func (c *byClient) GetScopes() []string   { return c.scopes }

// ClientCredentialsTokenRequest wants every scope by name: one that doesn't
// belong to the grant or that the client isn't registered for refuses them all
// (RFC 6749, section 3.3).
func (s *storage) ClientCredentialsTokenRequest(ctx context.Context, id string, scopes []string) (op.TokenRequest, error) {
	client, err := s.client(ctx, id)
	if err != nil {
		return nil, s.refused(ctx, "reading a client", over(err, "reading a client"))
	}
	request := &byClient{id: id}
	for _, scope := range scopes {
		if !slices.Contains(ownScopes(), scope) || !client.AllowsScope(scope) {
			return nil, oidc.ErrInvalidScope().WithDescription("a scope is not one that this client may have for itself")
		}
		if !slices.Contains(request.scopes, scope) {
			request.scopes = append(request.scopes, scope)
		}
	}
	if len(request.scopes) == 0 {
		return nil, oidc.ErrInvalidScope().WithDescription("scope is missing")
	}
	return request, nil
}

// createOwn makes a client's own token.
func (s *storage) createOwn(ctx context.Context, request *byClient) (string, time.Time, error) {
	client, err := s.client(ctx, request.id)
	if err != nil {
		return "", time.Time{}, s.refused(ctx, "reading a client", over(err, "reading a client"))
	}
	secret, err := idp.NewSecret(s.Rand)
	if err != nil {
		return "", time.Time{}, s.failed(ctx, "making a client's token", err)
	}
	now, life := s.Now(), (&libraryClient{Client: client, provider: s.Provider}).accessTokenLife()
	err = s.Stores.CreateClientToken(ctx, ClientToken{
		Hash: s.Keyring.Hash(tokenPurpose, secret), ClientID: request.id, Scopes: request.scopes, CreatedAt: now, ExpiresAt: now.Add(life),
	})
	if err != nil {
		return "", time.Time{}, s.failed(ctx, "storing a client's token", err)
	}
	return secret, wallClock(life), nil
}

// ownToken finds a client's own token that may be used now, and the client. It
// ends with the client's registration for the grant, or for one of the token's
// scopes. errOver where there is none.
func (p *Provider) ownToken(ctx context.Context, secret string) (ClientToken, *idp.Client, error) {
	if !isOpaque(secret) {
		return ClientToken{}, nil, errOver
	}
	token, err := p.Stores.ClientTokenByHash(ctx, p.Keyring.Hash(tokenPurpose, secret))
	if err != nil {
		return ClientToken{}, nil, over(err, "reading a client's token")
	}
	if !p.Now().Before(token.ExpiresAt) {
		return ClientToken{}, nil, errOver
	}
	client, err := p.Clients.ClientByID(ctx, token.ClientID)
	if err != nil {
		return ClientToken{}, nil, over(err, "reading the client of a token")
	}
	allowed := func(scope string) bool { return client.AllowsScope(scope) }
	if client.Public() || !client.Allows(idp.GrantClientCredentials) || len(allowedOf(token.Scopes, allowed)) < len(token.Scopes) {
		return ClientToken{}, nil, errOver
	}
	return token, client, nil
}

func allowedOf(scopes []string, allowed func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return !allowed(scope) })
}

// ClientToken says whose own token it is, and for which scopes, to the
// endpoints outside of this package that clients use for themselves. It is
// idp.ErrNotFound where the token is unknown, over or a person's.
func (p *Provider) ClientToken(ctx context.Context, secret string) (clientID string, scopes []string, err error) {
	token, _, err := p.ownToken(ctx, secret)
	if errors.Is(err, errOver) {
		return "", nil, fmt.Errorf("the access token is unknown or over: %w", idp.ErrNotFound)
	}
	return token.ClientID, token.Scopes, err
}

// introspectOwn is SetIntrospectionFromToken for a client's own token.
func (s *storage) introspectOwn(ctx context.Context, answer *oidc.IntrospectionResponse, secret, clientID string) error {
	token, _, err := s.ownToken(ctx, secret)
	if errors.Is(err, errOver) || err == nil && token.ClientID != clientID {
		return errOver // The library says "inactive" to any error.
	}
	if err != nil {
		return s.failed(ctx, "reading a client's token", err)
	}
	answer.Scope = slices.Clone(token.Scopes)
	answer.ClientID, answer.Subject = token.ClientID, token.ClientID
	answer.Audience = oidc.Audience{token.ClientID}
	answer.Issuer = s.Issuer
	answer.IssuedAt = oidc.FromTime(token.CreatedAt)
	answer.Expiration = oidc.FromTime(token.ExpiresAt)
	answer.TokenType = oidc.BearerToken
	return nil
}

// revokeOwn is RevokeToken for a client's own token.
func (s *storage) revokeOwn(ctx context.Context, secret, clientID string) *oidc.Error {
	hash := s.Keyring.Hash(tokenPurpose, secret)
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
	return nil
}

func notYours() *oidc.Error {
	return oidc.ErrInvalidGrant().WithDescription("the token was given to another client")
}
