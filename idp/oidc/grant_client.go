package oidc

import (
	"context"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// grantClientCredentials gives a client a token of its own, without a person
// (RFC 6749, section 4.4). Every scope is wanted by name: one that the client
// isn't registered for by name refuses them all.
func (p *Provider) grantClientCredentials(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	if r.client.Public() {
		return nil, oauth.Fail(oauth.InvalidClient, "a client without a secret has no token of its own")
	}
	scopes, f := p.ownScopes(r.client, r.params.Get("scope"))
	if f != nil {
		return nil, f
	}
	// Without a resource the token is for us alone: what a resource server is
	// sent must not open endpoints of ours (see ClientToken).
	var audience []string
	if asked := r.params.List("resource"); len(asked) > 0 {
		if audience, f = targets(asked, r.client.Resources); f != nil {
			return nil, f
		}
	}
	secret, err := idp.NewSecret(p.Rand)
	if err != nil {
		return nil, p.fault(ctx, "making a client's token", err)
	}
	life := life(r.client.AccessTokenLife, p.Lives.AccessToken)
	token := ClientToken{Hash: p.tokenHash(secret, r.client.JWTAccessTokens), ClientID: r.client.ID, Scopes: scopes,
		Audience: audience, CreatedAt: r.now, ExpiresAt: r.now.Add(life)}
	if err := p.Stores.CreateClientToken(ctx, token); err != nil {
		return nil, p.fault(ctx, "storing a client's token", err)
	}
	if r.client.JWTAccessTokens {
		if secret, err = p.ownJWT(ctx, r.client, secret, token); err != nil {
			return nil, p.fault(ctx, "signing a client's token", err)
		}
	}
	p.Audit.Record(ctx, audit.Event{Type: audit.TypeTokenIssued, At: r.now, ClientID: r.client.ID, AuthMethod: r.client.AuthMethod,
		Params: map[string]any{"grant_type": idp.GrantClientCredentials, "scopes": scopes}})
	return &tokens{AccessToken: secret, TokenType: oauth.SchemeBearer, ExpiresIn: seconds(life), Scope: strings.Join(scopes, " ")}, nil
}

func (p *Provider) ownScopes(client *idp.Client, asked string) ([]string, *oauth.Failure) {
	var scopes []string
	for _, scope := range strings.Fields(asked) {
		if !slices.Contains(p.OwnScopes, scope) || !client.AllowsOwnScope(scope) {
			return nil, oauth.Fail(oauth.InvalidScope, "a scope is not one that this client may have for itself")
		}
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	if len(scopes) == 0 {
		return nil, oauth.Fail(oauth.InvalidScope, "scope is missing")
	}
	return scopes, nil
}

// targets are the resources asked for, which must be among those allowed; all of
// them where none is named (RFC 8707, section 2.2).
func targets(asked, allowed []string) ([]string, *oauth.Failure) {
	if len(asked) == 0 {
		return allowed, nil
	}
	for _, resource := range asked {
		if !slices.Contains(allowed, resource) {
			return nil, oauth.Fail(oauth.InvalidTarget, "a resource is not one that this client may ask for")
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(asked))), nil
}
