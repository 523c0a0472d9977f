package oidc

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// introspection is an answer of the introspection endpoint (RFC 7662, section
// 2.2; RFC 9470, section 6.2). Of a token that isn't active nothing else is said.
type introspection struct {
	Active   bool     `json:"active"`
	Scope    string   `json:"scope,omitempty"`
	ClientID string   `json:"client_id,omitempty"`
	Type     string   `json:"token_type,omitempty"`
	Expires  int64    `json:"exp,omitempty"`
	IssuedAt int64    `json:"iat,omitempty"`
	AuthTime int64    `json:"auth_time,omitempty"`
	Subject  string   `json:"sub,omitempty"`
	Username string   `json:"username,omitempty"`
	Audience []string `json:"aud,omitempty"`
	Issuer   string   `json:"iss,omitempty"`
	AMR      []string `json:"amr,omitempty"`
	ACR      string   `json:"acr,omitempty"`
	Session  string   `json:"sid,omitempty"`
	Actor    *actor   `json:"act,omitempty"`
}

// serveIntrospect is the introspection endpoint (RFC 7662).
func (p *Provider) serveIntrospect(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	client, posted, f := p.admit(w, r, clientRules{})
	var answer introspection
	if f == nil {
		answer, f = p.introspect(r.Context(), client, posted.Get("token"))
	}
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	oauth.WriteJSON(w, http.StatusOK, answer)
}

// introspect tells of a token to a client whose business it is: the client's own,
// or one for a resource that the client is (RFC 7662, section 4).
func (p *Provider) introspect(ctx context.Context, asking *idp.Client, secret string) (introspection, *oauth.Failure) {
	answer, err := p.introspectGrant(ctx, asking, secret)
	if errors.Is(err, errOver) {
		answer, err = p.introspectOwn(ctx, asking, secret)
	}
	if err == nil || errors.Is(err, errOver) {
		return answer, nil
	}
	return introspection{}, p.fault(ctx, "introspecting a token", err)
}

// introspectGrant is introspect for a token that a grant gave. errOver where it
// isn't one, is over, or is nothing of the client's.
func (p *Provider) introspectGrant(ctx context.Context, asking *idp.Client, secret string) (introspection, error) {
	token, grant, user, err := p.token(ctx, secret)
	if err != nil {
		return introspection{}, err
	}
	if !token.UsedAt.IsZero() || !mayIntrospect(asking, grant.ClientID, token.Audience) {
		return introspection{}, errOver
	}
	holder := asking
	if grant.ClientID != asking.ID {
		if holder, err = p.Clients.ClientByID(ctx, grant.ClientID); err != nil {
			return introspection{}, over(err, "reading a client")
		}
	}
	scopes := standing(holder, token.Scopes)
	answer := introspection{
		Active: true, Scope: strings.Join(scopes, " "), ClientID: grant.ClientID, Issuer: p.Issuer,
		Subject: grant.UserID, Username: user.Login, Audience: p.audience(token.Audience, scopes),
		IssuedAt: unixOf(token.CreatedAt), Expires: unixOf(token.ExpiresAt),
		AuthTime: unixOf(grant.AuthTime), AMR: grant.AMR, ACR: grant.ACR, Session: grant.Session, Actor: actorOf(grant.Actor),
	}
	if token.Kind == AccessToken {
		answer.Type = oauth.SchemeBearer
	}
	return answer, nil
}

// mayIntrospect says whether the token is the asking client's business.
func mayIntrospect(asking *idp.Client, owner string, audience []string) bool {
	return asking.ID == owner ||
		slices.ContainsFunc(asking.Serves, func(resource string) bool { return slices.Contains(audience, resource) })
}

// introspectOwn is introspect for a client's own token.
func (p *Provider) introspectOwn(ctx context.Context, asking *idp.Client, secret string) (introspection, error) {
	token, _, err := p.ownToken(ctx, secret)
	if err != nil {
		return introspection{}, err
	}
	if !mayIntrospect(asking, token.ClientID, token.Audience) {
		return introspection{}, errOver
	}
	return introspection{
		Active: true, Scope: strings.Join(token.Scopes, " "), ClientID: token.ClientID, Subject: token.ClientID,
		Audience: p.audience(token.Audience, token.Scopes), Issuer: p.Issuer, Type: oauth.SchemeBearer,
		IssuedAt: unixOf(token.CreatedAt), Expires: unixOf(token.ExpiresAt),
	}, nil
}
