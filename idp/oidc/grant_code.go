package oidc

import (
	"context"
	"errors"
	"regexp"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// verifierForm is that of a code verifier (RFC 7636, section 4.1).
var verifierForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// grantCode redeems an authorization code (RFC 6749, section 4.1.3). A code
// that was redeemed before is found too: only once its client, verifier and
// redirect URI are right does the second use revoke what the first one gave, so
// that a thief of a used code can't.
func (p *Provider) grantCode(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	code := r.params.Get("code")
	if code == "" {
		return nil, oauth.Fail(oauth.InvalidRequest, "code is missing")
	}
	grant, err := p.Stores.GrantByCode(ctx, p.Keyring.Hash(codePurpose, code))
	if err != nil {
		return nil, p.refused(ctx, "reading a code", over(err, "reading a code"))
	}
	user, f := p.checkCode(ctx, r, grant)
	if f != nil {
		return nil, f
	}
	return p.redeem(ctx, r, grant, user)
}

// checkCode holds the request to the one that the code was given for, and returns
// the person.
func (p *Provider) checkCode(ctx context.Context, r *tokenRequest, grant *Grant) (*idp.User, *oauth.Failure) {
	unused := grant.Code.RedeemedAt.IsZero()
	if grant.ClientID != r.client.ID || unused && !r.now.Before(grant.Code.ExpiresAt) {
		return nil, invalidGrant()
	}
	if r.params.Get("redirect_uri") != grant.Code.RedirectURI {
		return nil, oauth.Fail(oauth.InvalidGrant, "redirect_uri is not that of the authorization request")
	}
	if f := checkVerifier(r.params.Get("code_verifier"), grant.Code.Challenge); f != nil {
		return nil, f
	}
	user, err := p.live(ctx, grant)
	if err != nil {
		return nil, p.refused(ctx, "checking a grant", err)
	}
	return user, nil
}

// checkVerifier is RFC 7636, section 4.6. A verifier to a code that was given
// without a challenge shows that the challenge was stripped on its way (RFC
// 9700, section 4.8.2).
func checkVerifier(verifier, challenge string) *oauth.Failure {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return oauth.Fail(oauth.InvalidGrant, "there was no code_challenge in the authorization request")
	case verifier == "":
		return oauth.Fail(oauth.InvalidGrant, "code_verifier is missing")
	case !verifierForm.MatchString(verifier) || oidc.NewSHACodeChallenge(verifier) != challenge:
		return oauth.Fail(oauth.InvalidGrant, "code_verifier is not that of the code_challenge")
	}
	return nil
}

// redeem uses up the grant's code, whatever stands for one, and gives its tokens.
// user is whom live found.
func (p *Provider) redeem(ctx context.Context, r *tokenRequest, grant *Grant, user *idp.User) (*tokens, *oauth.Failure) {
	m, f := p.newMint(r, grant, grant.Scopes)
	if f != nil {
		return nil, f
	}
	if err := m.make(r.client.Allows(idp.GrantRefresh) && grant.Offline()); err != nil {
		return nil, p.fault(ctx, "making tokens", err)
	}
	won, err := p.Stores.RedeemCode(ctx, grant.Code.Hash, r.now, m.rows)
	if err != nil {
		return nil, p.fault(ctx, "storing tokens", err)
	}
	if !won {
		p.logReuse(ctx, grant, "code")
		return nil, invalidGrant()
	}
	p.recordTokens(ctx, audit.TypeTokenIssued, r.params.Get("grant_type"), m)
	return m.answer(ctx, user)
}

func (p *Provider) logReuse(ctx context.Context, g *Grant, what string) {
	p.Log.DebugContext(ctx, "code or refresh token used twice: grant revoked", "what", what,
		"grant_id", g.ID, "client_id", g.ClientID, "user_id", g.UserID, "session_id", g.Session)
	p.Audit.Record(ctx, grantEvent(audit.TypeTokenReused, g, map[string]any{"what": what, "grant": g.ID}))
}

// refused is the answer to a code or token that can't be used, unless err is a
// fault of ours.
func (p *Provider) refused(ctx context.Context, doing string, err error) *oauth.Failure {
	if errors.Is(err, errOver) {
		return invalidGrant()
	}
	return p.fault(ctx, doing, err)
}
