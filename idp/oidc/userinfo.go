package oidc

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// serveUserinfo is the userinfo endpoint (OpenID Connect Core, section 5.3).
func (p *Provider) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if oauth.Preflight(w, r, http.MethodGet, http.MethodPost) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	token, f := oauth.BearerToken(w, r)
	if f == nil && token == "" {
		f = &oauth.Failure{Code: oauth.InvalidRequest, Description: "the request has no access token", Status: http.StatusUnauthorized}
	}
	var client *idp.Client
	var claims map[string]any
	if f == nil {
		client, claims, f = p.userinfo(r.Context(), token)
	}
	oauth.AllowOrigin(w, r, client)
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBearer)
		return
	}
	oauth.WriteJSON(w, http.StatusOK, claims)
}

// userinfo is what the access token shows of its person, and the client that it
// was given to.
func (p *Provider) userinfo(ctx context.Context, secret string) (*idp.Client, map[string]any, *oauth.Failure) {
	token, grant, user, err := p.token(ctx, secret)
	if err == nil && (token.Kind != AccessToken || !slices.Contains(token.Scopes, oidc.ScopeOpenID)) {
		err = errOver
	}
	if err != nil {
		return nil, nil, p.unusable(ctx, "reading an access token", err)
	}
	client, err := p.Clients.ClientByID(ctx, grant.ClientID)
	if err != nil {
		return nil, nil, p.unusable(ctx, "reading a client", over(err, "reading a client"))
	}
	names := p.Claims.Askable(client, grant.Claims.Names(userinfoWishes))
	claims := p.Claims.Of(user, standing(client, token.Scopes), names)
	claims["sub"] = user.ID
	return client, claims, nil
}

// unusable is the answer to a bearer token that can't be used, unless err is a
// fault of ours.
func (p *Provider) unusable(ctx context.Context, doing string, err error) *oauth.Failure {
	if errors.Is(err, errOver) {
		return oauth.Fail(oauth.InvalidToken, "the access token is unknown or over")
	}
	return p.fault(ctx, doing, err)
}
