package oidc

import (
	"context"
	"errors"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// SetUserinfoFromScopes names the subject. ID tokens carry no other claims of
// the person: those are at the userinfo endpoint.
func (s *storage) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, userID, _ string, _ []string) error {
	info.Subject = userID
	return nil
}

// SetUserinfoFromRequest adds to an ID token what the library leaves out: the
// session, and after a refresh the class of the authentication.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, _ []string) error {
	switch r := request.(type) {
	case *byCode:
		info.AppendClaims("sid", r.Session)
	case *byRefresh:
		info.AppendClaims("sid", r.Session)
		info.AppendClaims("acr", r.ACR)
	}
	return nil
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, secret, _, _ string) error {
	token, grant, user, err := s.token(ctx, secret)
	if err == nil && token.Kind != AccessToken {
		err = errOver
	}
	if err != nil {
		return s.refused(ctx, "reading an access token", err)
	}
	client, err := s.client(ctx, grant.ClientID)
	if err != nil {
		return s.refused(ctx, "reading a client", over(err, "reading a client"))
	}
	handoverOf(ctx).client = client
	*info = *s.claims(user, token.Scopes)
	return nil
}

// SetIntrospectionFromToken answers the introspection endpoint, about the
// asking client's own tokens alone (RFC 7662, section 4).
func (s *storage) SetIntrospectionFromToken(ctx context.Context, answer *oidc.IntrospectionResponse, secret, _, clientID string) error {
	token, grant, user, err := s.token(ctx, secret)
	if errors.Is(err, errOver) {
		return s.introspectOwn(ctx, answer, secret, clientID)
	}
	if err == nil && (grant.ClientID != clientID || !token.UsedAt.IsZero()) {
		return errOver // The library says "inactive" to any error.
	}
	if err != nil {
		return s.failed(ctx, "reading a token", err)
	}
	answer.Scope = slices.Clone(token.Scopes)
	answer.ClientID = grant.ClientID
	answer.Subject = grant.UserID
	answer.Username = user.Login
	answer.Audience = oidc.Audience{grant.ClientID}
	answer.Issuer = s.Issuer
	answer.IssuedAt = oidc.FromTime(token.CreatedAt)
	answer.Expiration = oidc.FromTime(token.ExpiresAt)
	answer.AuthTime = oidc.FromTime(grant.AuthTime)
	answer.AuthenticationMethodsReferences = grant.AMR
	answer.Claims = map[string]any{"acr": grant.ACR, "sid": grant.Session}
	if token.Kind == AccessToken {
		answer.TokenType = oidc.BearerToken
	}
	return nil
}
