package oidc

import (
	"context"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// tokenRequest is a request at the token endpoint whose client was
// authenticated and is registered for the grant type.
type tokenRequest struct {
	client *idp.Client
	params oauth.Params
	now    time.Time
}

// tokens is a successful answer (RFC 6749, section 5.1; OpenID Connect Core,
// section 3.1.3.3).
type tokens struct {
	AccessToken     string `json:"access_token"`
	IssuedTokenType string `json:"issued_token_type,omitempty"` // RFC 8693, section 2.2.1
	TokenType       string `json:"token_type"`
	ExpiresIn       int64  `json:"expires_in"`
	RefreshToken    string `json:"refresh_token,omitempty"`
	IDToken         string `json:"id_token,omitempty"`
	Scope           string `json:"scope,omitempty"`
}

// grantType is what the token endpoint does for one value of grant_type.
type grantType struct {
	name     string
	exchange func(context.Context, *tokenRequest) (*tokens, *oauth.Failure)
}

// grantTypes are all that the token endpoint knows, as discovery lists them.
func (p *Provider) grantTypes() []grantType {
	types := []grantType{
		{idp.GrantCode, p.grantCode},
		{idp.GrantRefresh, p.grantRefresh},
		{idp.GrantClientCredentials, p.grantClientCredentials},
		{idp.GrantDevice, p.grantDevice},
		{idp.GrantExchange, p.grantExchange},
	}
	if p.Auth.Signed != nil {
		types = append(types, grantType{idp.GrantJWTBearer, p.grantJWTBearer})
	}
	return types
}

// serveToken is the token endpoint (RFC 6749, section 3.2).
func (p *Provider) serveToken(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if oauth.Preflight(w, r, http.MethodPost) || !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	client, answer, f := p.exchange(w, r)
	oauth.AllowOrigin(w, r, client)
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	oauth.WriteJSON(w, http.StatusOK, answer)
}

// exchange gives tokens for what the request holds. The client is nil where the
// request names none.
func (p *Provider) exchange(w http.ResponseWriter, r *http.Request) (*idp.Client, *tokens, *oauth.Failure) {
	posted, f := oauth.PostedParams(w, r)
	if f != nil {
		return nil, nil, f
	}
	client, f := p.Auth.Authenticate(r.Context(), r, posted)
	if f != nil {
		return client, nil, f
	}
	grant, f := p.grantTypeOf(client, posted.Get("grant_type"))
	if f != nil {
		return client, nil, f
	}
	answer, f := grant.exchange(r.Context(), &tokenRequest{client: client, params: posted, now: p.Now()})
	if f != nil {
		p.recordRefusal(r.Context(), client, grant.name, f)
		p.Log.DebugContext(r.Context(), "tokens refused", "client_id", client.ID, "grant_type", grant.name, "error", f.Code, "description", f.Description)
	}
	return client, answer, f
}

func (p *Provider) grantTypeOf(client *idp.Client, name string) (grantType, *oauth.Failure) {
	if name == "" {
		return grantType{}, oauth.Fail(oauth.InvalidRequest, "grant_type is missing")
	}
	for _, known := range p.grantTypes() {
		if known.name != name {
			continue
		}
		if !client.Allows(name) {
			return grantType{}, oauth.Fail(oauth.UnauthorizedClient, "the client is not registered for this grant type")
		}
		return known, nil
	}
	return grantType{}, oauth.Fail(oauth.UnsupportedGrantType, "there is no such grant type here")
}

// invalidGrant is the one answer to a code or token that can't be used: which
// reason it was is nobody's business.
func invalidGrant() *oauth.Failure {
	return oauth.Fail(oauth.InvalidGrant, "unknown, used before, or over")
}
