package oidc

import (
	"context"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// granted is a grant in the shape that the library makes tokens from.
type granted struct {
	*Grant
	scopes []string
	// refresh is the hash of the refresh token that asks; empty for a code.
	refresh string
}

func (g *granted) GetAMR() []string       { return g.AMR }
func (g *granted) GetAudience() []string  { return []string{g.ClientID} }
func (g *granted) GetAuthTime() time.Time { return g.AuthTime }
func (g *granted) GetClientID() string    { return g.ClientID }
func (g *granted) GetScopes() []string    { return g.scopes }
func (g *granted) GetSubject() string     { return g.UserID }

// byCode is what a code stands for.
type byCode struct{ granted }

var _ op.AuthRequest = (*byCode)(nil)

func (r *byCode) GetID() string                      { return r.ID }
func (r *byCode) GetACR() string                     { return r.ACR }
func (r *byCode) GetNonce() string                   { return r.Nonce }
func (r *byCode) GetRedirectURI() string             { return r.Code.RedirectURI }
func (r *byCode) GetResponseType() oidc.ResponseType { return oidc.ResponseTypeCode }
func (r *byCode) GetResponseMode() oidc.ResponseMode { return "" }
func (r *byCode) GetState() string                   { return "" }
func (r *byCode) Done() bool                         { return true }
func (r *byCode) GetCodeChallenge() *oidc.CodeChallenge {
	if r.Code.Challenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.Code.Challenge, Method: oidc.CodeChallengeMethodS256}
}

// byRefresh is what a refresh token stands for.
type byRefresh struct{ granted }

var _ op.RefreshTokenRequest = (*byRefresh)(nil)

// SetCurrentScopes narrows the new access token; the grant keeps its scopes
// (RFC 6749, section 6).
func (r *byRefresh) SetCurrentScopes(scopes []string) { r.scopes = scopes }

// AuthRequestByCode finds the grant of a code. A code that was redeemed before
// is found too: only once its client, verifier and redirect URI are right does
// the second use revoke what the first one gave (see create), so that a thief
// of a used code can't.
func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	grant, err := s.Stores.GrantByCode(ctx, s.Keyring.Hash(codePurpose, code))
	if err != nil {
		return nil, s.refused(ctx, "reading a code", over(err, "reading a code"))
	}
	if grant.Code.RedeemedAt.IsZero() && !s.Now().Before(grant.Code.ExpiresAt) {
		return nil, s.refused(ctx, "", errOver)
	}
	if _, err := s.live(ctx, grant); err != nil {
		return nil, s.refused(ctx, "checking a grant", err)
	}
	return &byCode{granted{Grant: grant, scopes: grant.Scopes}}, nil
}

// TokenRequestByRefreshToken is to refresh tokens what AuthRequestByCode is to codes.
func (s *storage) TokenRequestByRefreshToken(ctx context.Context, secret string) (op.RefreshTokenRequest, error) {
	token, grant, _, err := s.token(ctx, secret)
	if err == nil && token.Kind != RefreshToken {
		err = errOver
	}
	if err != nil {
		return nil, s.refused(ctx, "reading a refresh token", err)
	}
	scopes := slices.Clone(grant.Scopes)
	return &byRefresh{granted{Grant: grant, scopes: scopes, refresh: token.Hash}}, nil
}

// DeleteAuthRequest has nothing to do: creating the tokens used the code up.
func (s *storage) DeleteAuthRequest(context.Context, string) error { return nil }
