package oidc

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// SetUserinfoFromToken answers the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, secret, _, _ string) error {
	token, grant, user, err := s.token(ctx, secret)
	if err == nil && (token.Kind != AccessToken || !slices.Contains(token.Scopes, oidc.ScopeOpenID)) {
		err = errOver
	}
	if err != nil {
		return s.over(ctx, "reading an access token", err)
	}
	client, err := s.client(ctx, grant.ClientID)
	if err != nil {
		return s.over(ctx, "reading a client", over(err, "reading a client"))
	}
	handoverOf(ctx).client = client
	names := s.Claims.Askable(client, grant.Claims.Names(userinfoWishes))
	*info = oidc.UserInfo{Subject: user.ID, Claims: s.Claims.Of(user, standing(client, token.Scopes), names)}
	return nil
}

// SetIntrospectionFromToken answers the introspection endpoint (RFC 7662,
// section 4): about the asking client's own tokens, and about those that are for
// a resource that the client is.
func (s *storage) SetIntrospectionFromToken(ctx context.Context, answer *oidc.IntrospectionResponse, secret, _, asking string) error {
	token, grant, user, err := s.token(ctx, secret)
	if errors.Is(err, errOver) {
		return s.introspectOwn(ctx, answer, secret, asking)
	}
	if err == nil && (!token.UsedAt.IsZero() || !s.mayIntrospect(ctx, asking, grant.ClientID, token.Audience)) {
		return errOver // The library says "inactive" to any error.
	}
	if err != nil {
		return s.failed(ctx, "reading a token", err)
	}
	holder, err := s.client(ctx, grant.ClientID)
	if err != nil {
		return s.over(ctx, "reading a client", over(err, "reading a client"))
	}
	scopes := standing(holder, token.Scopes)
	*answer = oidc.IntrospectionResponse{
		Active: true, Scope: scopes, ClientID: grant.ClientID, Issuer: s.Issuer,
		Subject: grant.UserID, Username: user.Login, Audience: s.audience(token.Audience, scopes),
		IssuedAt: oidc.FromTime(token.CreatedAt), Expiration: oidc.FromTime(token.ExpiresAt),
		AuthTime: oidc.FromTime(grant.AuthTime), AuthenticationMethodsReferences: grant.AMR,
		Claims: map[string]any{"acr": grant.ACR, "sid": grant.Session},
	}
	if token.Kind == AccessToken {
		answer.TokenType = oidc.BearerToken
	}
	if grant.Actor != "" {
		answer.Claims["act"] = actorOf(grant.Actor)
	}
	maps.DeleteFunc(answer.Claims, func(_ string, value any) bool { return value == "" })
	return nil
}

// mayIntrospect says whether the token is the asking client's business.
func (s *storage) mayIntrospect(ctx context.Context, asking, owner string, audience []string) bool {
	if asking == owner {
		return true
	}
	client := handoverOf(ctx).client
	return client != nil && client.ID == asking &&
		slices.ContainsFunc(client.Serves, func(resource string) bool { return slices.Contains(audience, resource) })
}

// introspectOwn is SetIntrospectionFromToken for a client's own token.
func (s *storage) introspectOwn(ctx context.Context, answer *oidc.IntrospectionResponse, secret, asking string) error {
	token, _, err := s.ownToken(ctx, secret)
	if errors.Is(err, errOver) || err == nil && !s.mayIntrospect(ctx, asking, token.ClientID, token.Audience) {
		return errOver // The library says "inactive" to any error.
	}
	if err != nil {
		return s.failed(ctx, "reading a client's token", err)
	}
	*answer = oidc.IntrospectionResponse{
		Active: true, Scope: slices.Clone(token.Scopes), ClientID: token.ClientID, Subject: token.ClientID,
		Audience: s.audience(token.Audience, token.Scopes), Issuer: s.Issuer, TokenType: oidc.BearerToken,
		IssuedAt: oidc.FromTime(token.CreatedAt), Expiration: oidc.FromTime(token.ExpiresAt),
	}
	return nil
}
