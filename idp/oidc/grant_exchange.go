package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// Token types of RFC 8693, section 3, that are known here.
const (
	typeAccessToken = "urn:ietf:params:oauth:token-type:access_token"
	typeIDToken     = "urn:ietf:params:oauth:token-type:id_token"
)

// subject is a person's token that is to be exchanged, and what it is worth.
type subject struct {
	grant   *Grant
	scopes  []string // without offline_access
	expires time.Time
}

// grantExchange gives a client that holds a person's token one of its own, with
// which it acts for the person (RFC 8693): for other resources, with no more
// scopes, and no longer than the one it came with. The new token says who acts,
// and ends with the grant that the old one was of. There is no refresh token.
//
// A token that came of an exchange isn't exchanged again, so that "act" names
// everybody who has a hand in it.
func (p *Provider) grantExchange(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	if r.client.Public() {
		return nil, oauth.Fail(oauth.UnauthorizedClient, "a public client can't act for people")
	}
	if f := checkExchange(r.params); f != nil {
		return nil, f
	}
	s, f := p.subject(ctx, r)
	if f != nil {
		return nil, f
	}
	scopes, f := exchangedScopes(r, s.scopes)
	if f != nil {
		return nil, f
	}
	m, f := p.newExchange(ctx, r, s, scopes)
	if f != nil {
		return nil, f
	}
	answer, f := m.accessOnly(ctx)
	if f != nil {
		return nil, f
	}
	p.Log.InfoContext(ctx, "token exchanged", "client_id", r.client.ID, "of_client_id", s.grant.ClientID, "user_id", s.grant.UserID,
		"session_id", s.grant.Session, "grant_id", m.grant.ID, "of_grant_id", s.grant.ID)
	answer.IssuedTokenType = typeAccessToken
	return answer, nil
}

// checkExchange holds the request to what is supported.
func checkExchange(params oauth.Params) *oauth.Failure {
	kind := params.Get("subject_token_type")
	switch {
	case params.Get("subject_token") == "" || kind == "":
		return oauth.Fail(oauth.InvalidRequest, "subject_token or subject_token_type is missing")
	case kind != typeAccessToken && kind != typeIDToken:
		return oauth.Fail(oauth.InvalidRequest, "subject_token_type must be "+typeAccessToken+" or "+typeIDToken)
	case params.Get("actor_token") != "" || params.Get("actor_token_type") != "":
		return oauth.Fail(oauth.InvalidRequest, "actor_token is not supported: who acts is the client that authenticates")
	}
	if wanted := params.Get("requested_token_type"); wanted != "" && wanted != typeAccessToken {
		return oauth.Fail(oauth.InvalidRequest, "requested_token_type must be "+typeAccessToken)
	}
	return nil
}

// subject finds the token that is to be exchanged. Whatever is wrong with it,
// the answer is one (RFC 8693, section 2.2.2).
func (p *Provider) subject(ctx context.Context, r *tokenRequest) (*subject, *oauth.Failure) {
	read := p.subjectByAccess
	if r.params.Get("subject_token_type") == typeIDToken {
		read = p.subjectByIDToken
	}
	s, err := read(ctx, r.params.Get("subject_token"))
	if err == nil && !(mayExchange(r.client, s.grant.ClientID) && s.expires.After(r.now) && s.grant.Kind != KindExchange) {
		err = errOver
	}
	if errors.Is(err, errOver) {
		return nil, oauth.Fail(oauth.InvalidRequest, "subject_token is unknown, over, or not one that this client may exchange")
	}
	if err != nil {
		return nil, p.fault(ctx, "reading a subject token", err)
	}
	return s, nil
}

// mayExchange says whether the client may exchange tokens that were given to
// the other.
func mayExchange(client *idp.Client, holder string) bool {
	return holder == client.ID || slices.Contains(client.ExchangeFrom, holder)
}

func (p *Provider) subjectByAccess(ctx context.Context, text string) (*subject, error) {
	token, grant, _, err := p.token(ctx, text)
	if err != nil {
		return nil, err
	}
	if token.Kind != AccessToken {
		return nil, errOver
	}
	holder, err := p.Clients.ClientByID(ctx, grant.ClientID)
	if err != nil {
		return nil, over(err, "reading the client of a token")
	}
	scopes := slices.DeleteFunc(standing(holder, token.Scopes), func(scope string) bool { return scope == idp.ScopeOfflineAccess })
	return &subject{grant: grant, scopes: scopes, expires: token.ExpiresAt}, nil
}

// subjectByIDToken takes an ID token as long as it, its session and a grant of
// this session stand. It says who somebody is and no more: it is worth the scope
// openid.
func (p *Provider) subjectByIDToken(ctx context.Context, text string) (*subject, error) {
	payload, err := p.Signing.Payload(ctx, text, "JWT")
	if errors.Is(err, signing.ErrUnverified) {
		return nil, errOver
	}
	if err != nil {
		return nil, err
	}
	var c struct {
		Issuer   string        `json:"iss"`
		Subject  string        `json:"sub"`
		Audience oidc.Audience `json:"aud"`
		Session  string        `json:"sid"`
		Expires  int64         `json:"exp"`
		AuthTime int64         `json:"auth_time"`
		ACR      string        `json:"acr"`
		AMR      []string      `json:"amr"`
	}
	if err := json.Unmarshal(payload, &c); err != nil || c.Issuer != p.Issuer || len(c.Audience) != 1 || c.Session == "" {
		return nil, errOver
	}
	grant, err := p.Stores.GrantOfSession(ctx, c.Subject, c.Session, c.Audience[0], p.Now())
	if err != nil {
		return nil, over(err, "reading the grant of an ID token")
	}
	// Without its scopes it is bound to the session, as the ID token is.
	grant.Scopes, grant.AuthTime, grant.ACR, grant.AMR = nil, time.Unix(c.AuthTime, 0), c.ACR, c.AMR
	if _, err := p.live(ctx, grant); err != nil {
		return nil, err
	}
	expires := time.Unix(c.Expires, 0)
	if grant.ExpiresAt.Before(expires) { // the new token ends with it
		expires = grant.ExpiresAt
	}
	return &subject{grant: grant, scopes: []string{oidc.ScopeOpenID}, expires: expires}, nil
}

// exchangedScopes are the scopes asked for, which must be the subject token's
// and the client's; all that are both where none is asked for.
func exchangedScopes(r *tokenRequest, of []string) ([]string, *oauth.Failure) {
	asked := r.params.Get("scope")
	scopes, f := narrowed(asked, of)
	if f != nil {
		return nil, f
	}
	own := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return !r.client.AllowsScope(scope) })
	if asked != "" && len(own) < len(scopes) {
		return nil, oauth.Fail(oauth.InvalidScope, "a scope is not one that this client may have")
	}
	return own, nil
}

// newExchange makes the grant for the client that acts, for the resources that
// it names: an audience is a resource by another name here, and without either
// the token is for none.
func (p *Provider) newExchange(ctx context.Context, r *tokenRequest, s *subject, scopes []string) (*mint, *oauth.Failure) {
	asked := slices.Concat(r.params.List("resource"), r.params.List("audience"))
	var audience []string
	if len(asked) > 0 {
		var f *oauth.Failure
		if audience, f = targets(asked, r.client.Resources); f != nil {
			return nil, f
		}
	}
	grant, f := p.newGrant(ctx, r, KindExchange)
	if f != nil {
		return nil, f
	}
	old := s.grant
	grant.UserID, grant.Session, grant.AuthTime, grant.ACR, grant.AMR = old.UserID, old.Session, old.AuthTime, old.ACR, old.AMR
	grant.Actor, grant.Parent, grant.Resources, grant.Scopes = r.client.ID, old.ID, audience, scopes
	if old.Offline() { // What it came from outlives its session, and so does this.
		grant.Scopes = append(slices.Clone(scopes), idp.ScopeOfflineAccess)
	}
	return &mint{p: p, client: r.client, grant: grant, scopes: scopes, audience: audience, now: r.now, since: r.now, until: s.expires}, nil
}
