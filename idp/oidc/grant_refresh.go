package oidc

import (
	"context"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// grantRefresh uses a refresh token up and gives the next one (RFC 6749, section
// 6; RFC 9700, section 4.14.2). Where the answer was lost on its way, the same
// token may come again within Lives.RefreshGrace, as long as what it gave is
// unused: what it gives is derived from it, so the answer is the same and there
// is one successor, however many ask. Any other second use revokes the family.
func (p *Provider) grantRefresh(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	secret := r.params.Get("refresh_token")
	if secret == "" {
		return nil, oauth.Fail(oauth.InvalidRequest, "refresh_token is missing")
	}
	token, grant, user, err := p.token(ctx, secret)
	if err == nil && (token.Kind != RefreshToken || grant.ClientID != r.client.ID) {
		err = errOver
	}
	if err != nil {
		return nil, p.refused(ctx, "reading a refresh token", err)
	}
	scopes, f := narrowed(r.params.Get("scope"), grant.Scopes)
	if f != nil {
		return nil, f
	}
	m, f := p.newMint(r, grant, scopes)
	if f != nil {
		return nil, f
	}
	m.seed = secret
	if err := m.make(true); err != nil {
		return nil, p.fault(ctx, "making tokens", err)
	}
	return p.rotate(ctx, token, m, user)
}

func (p *Provider) rotate(ctx context.Context, used Token, m *mint, user *idp.User) (*tokens, *oauth.Failure) {
	rotation, err := p.Stores.RotateToken(ctx, used.Hash, m.now, p.Lives.RefreshGrace, m.rows)
	if err != nil {
		return nil, p.fault(ctx, "storing tokens", err)
	}
	switch rotation {
	case Repeated:
		first, _, err := p.Stores.TokenByHash(ctx, m.rows[0].Hash)
		if err != nil {
			return nil, p.refused(ctx, "reading a token", over(err, "reading a token"))
		}
		m.since = first.CreatedAt
	case Refused:
		p.logReuse(ctx, m.grant, "refresh token")
		return nil, invalidGrant()
	}
	p.recordTokens(ctx, audit.TypeTokenRefreshed, idp.GrantRefresh, m)
	return m.answer(ctx, user)
}

// narrowed are the scopes asked for, which must be among those granted; all of
// them where none is named (RFC 6749, section 6).
func narrowed(asked string, granted []string) ([]string, *oauth.Failure) {
	if asked == "" {
		return granted, nil
	}
	var scopes []string
	for _, scope := range strings.Fields(asked) {
		if !slices.Contains(granted, scope) {
			return nil, oauth.Fail(oauth.InvalidScope, "a scope was not granted")
		}
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes, nil
}
