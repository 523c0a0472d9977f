package oidc

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// grantJWTBearer gives an access token for a person whom the client names in a
// JWT that it has signed (RFC 7523, section 2.1). Nobody is asked, so the grant
// is for confidential clients that are registered for it by name. There is
// neither a refresh token nor an ID token: nobody has signed in.
func (p *Provider) grantJWTBearer(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	if r.client.Public() {
		return nil, oauth.Fail(oauth.UnauthorizedClient, "a public client can't vouch for people")
	}
	scopes, f := p.vouchedScopes(r.client, r.params.Get("scope"))
	if f != nil {
		return nil, f
	}
	user, f := p.vouchedFor(ctx, r)
	if f != nil {
		return nil, f
	}
	grant, f := p.newGrant(ctx, r, KindJWTBearer)
	if f != nil {
		return nil, f
	}
	grant.UserID, grant.Scopes = user.ID, scopes
	m, f := p.newMint(r, grant, scopes)
	if f != nil {
		return nil, f
	}
	grant.Resources = m.audience
	p.Log.InfoContext(ctx, "token for a person whom a client vouched for", "client_id", r.client.ID, "user_id", user.ID, "grant_id", grant.ID)
	return m.accessOnly(ctx)
}

// vouchedFor proves the assertion and returns its subject, who is there and not
// blocked. Once it is proved it is used up, whatever becomes of the request.
func (p *Provider) vouchedFor(ctx context.Context, r *tokenRequest) (*idp.User, *oauth.Failure) {
	assertion := r.params.Get("assertion")
	if assertion == "" {
		return nil, oauth.Fail(oauth.InvalidRequest, "assertion is missing")
	}
	token, err := p.Auth.Signed.Verify(ctx, r.client, assertion, keyset.Rules{Issuer: r.client.ID, Types: []string{"authorization-grant+jwt"}})
	var fault *keyset.Fault
	if errors.As(err, &fault) {
		return nil, oauth.Fail(oauth.InvalidGrant, "assertion: "+fault.Text)
	}
	if err != nil {
		return nil, p.fault(ctx, "checking an assertion", err)
	}
	user, err := p.Users.UserByID(ctx, token.Subject)
	if err == nil && user.Blocked {
		err = errOver
	}
	if errors.Is(err, idp.ErrNotFound) || errors.Is(err, errOver) {
		return nil, oauth.Fail(oauth.InvalidGrant, "assertion: sub is nobody who may sign in")
	}
	if err != nil {
		return nil, p.fault(ctx, "reading the subject of an assertion", err)
	}
	return user, nil
}

// vouchedScopes are the scopes asked for, openid where none is. One that the
// client may not have, or that isn't a person's, refuses them all.
func (p *Provider) vouchedScopes(client *idp.Client, asked string) ([]string, *oauth.Failure) {
	scopes := strings.Fields(asked)
	if len(scopes) == 0 {
		return []string{oidc.ScopeOpenID}, nil
	}
	for _, scope := range scopes {
		if scope == idp.ScopeOfflineAccess || !slices.Contains(p.Claims.Scopes(), scope) || !client.AllowsScope(scope) {
			return nil, oauth.Fail(oauth.InvalidScope, "a scope is not one that this client may have for a person")
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), nil
}

// newGrant is a grant without a code: nobody gets the secret that stands for one.
func (p *Provider) newGrant(ctx context.Context, r *tokenRequest, kind GrantKind) (*Grant, *oauth.Failure) {
	id, err := idp.NewID(p.Rand)
	if err != nil {
		return nil, p.fault(ctx, "making a grant's id", err)
	}
	nobodys, err := idp.NewSecret(p.Rand)
	if err != nil {
		return nil, p.fault(ctx, "making a grant", err)
	}
	return &Grant{
		ID: id, ClientID: r.client.ID, Kind: kind, CreatedAt: r.now, ExpiresAt: r.now,
		Code: Code{Hash: p.Keyring.Hash(codePurpose, nobodys), ExpiresAt: r.now, RedeemedAt: r.now},
	}, nil
}

// accessOnly stores the grant with an access token and nothing else, and is the
// answer to it.
func (m *mint) accessOnly(ctx context.Context) (*tokens, *oauth.Failure) {
	if err := m.make(false); err != nil {
		return nil, m.p.fault(ctx, "making tokens", err)
	}
	if err := m.p.Stores.CreateGrant(ctx, m.grant, m.rows...); err != nil {
		return nil, m.p.fault(ctx, "storing tokens", err)
	}
	access, err := m.accessToken(ctx)
	if err != nil {
		return nil, m.p.fault(ctx, "making an access token", err)
	}
	m.p.recordTokens(ctx, audit.TypeTokenIssued, string(m.grant.Kind), m)
	return &tokens{
		AccessToken: access, TokenType: oauth.SchemeBearer, ExpiresIn: seconds(m.accessLife()), Scope: strings.Join(m.scopes, " "),
	}, nil
}
