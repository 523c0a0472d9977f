package main

import (
	"context"
	"errors"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// unused is the rest of op.Storage: refresh tokens, introspection, client secrets and
// assertions. The one client is registered for none of them, so all is refused.
type unused struct{}

var errNotHere = errors.New("this provider doesn't do that")

// CreateAccessAndRefreshTokens is for clients with the refresh grant.
func (unused) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNotHere
}

// TokenRequestByRefreshToken likewise.
func (unused) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotHere
}

// GetRefreshTokenInfo says that no token is a refresh token.
func (unused) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

// TerminateSession has no session to end.
func (unused) TerminateSession(context.Context, string, string) error { return nil }

// RevokeToken is refused.
func (unused) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrUnauthorizedClient()
}

// AuthorizeClientIDSecret is refused: the client has no secret.
func (unused) AuthorizeClientIDSecret(context.Context, string, string) error { return errNotHere }

// SetUserinfoFromScopes is deprecated in the library.
func (unused) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetIntrospectionFromToken is refused.
func (unused) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotHere
}

// GetPrivateClaimsFromScopes has no claims for access tokens, which are opaque.
func (unused) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetKeyByIDAndClientID is refused: the client has no keys.
func (unused) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotHere
}

// ValidateJWTProfileScopes is refused.
func (unused) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotHere
}
