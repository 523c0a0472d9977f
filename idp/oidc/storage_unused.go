package oidc

import (
	"context"
	"errors"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// errNotOurs answers what only those handlers of the library ask for that we
// don't mount: authorization, token, discovery and logout. Reaching it is a fault.
var errNotOurs = errors.New("this handler of the library is not in use")

// unused is the part of op.Storage that nothing reaches.
type unused struct{}

func (unused) CreateAuthRequest(context.Context, *oidc.AuthRequest, string) (op.AuthRequest, error) {
	return nil, errNotOurs
}
func (unused) AuthRequestByID(context.Context, string) (op.AuthRequest, error) {
	return nil, errNotOurs
}
func (unused) AuthRequestByCode(context.Context, string) (op.AuthRequest, error) {
	return nil, errNotOurs
}
func (unused) SaveAuthCode(context.Context, string, string) error { return errNotOurs }
func (unused) DeleteAuthRequest(context.Context, string) error    { return errNotOurs }
func (unused) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "", time.Time{}, errNotOurs
}
func (unused) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNotOurs
}
func (unused) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotOurs
}
func (unused) TerminateSession(context.Context, string, string) error { return errNotOurs }
func (unused) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return errNotOurs
}
func (unused) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, errNotOurs
}
func (unused) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOurs
}
func (unused) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOurs
}
func (unused) SigningKey(context.Context) (op.SigningKey, error) { return nil, errNotOurs }

// Health is for the library's own probe, which isn't mounted.
func (unused) Health(context.Context) error { return nil }
