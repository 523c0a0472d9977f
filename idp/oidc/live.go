package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// errOver: the code, token or grant is unknown, used up, expired or revoked, or
// the person, client or session behind it is gone. Which of them is nobody's business.
var errOver = errors.New("unknown or over")

// live returns the grant's user when the grant still stands: not revoked, its
// user and client there and not blocked, its session not ended unless it was
// made to outlive it.
func (p *Provider) live(ctx context.Context, g *Grant) (*idp.User, error) {
	if !g.RevokedAt.IsZero() {
		return nil, errOver
	}
	user, err := p.Users.UserByID(ctx, g.UserID)
	if err != nil {
		return nil, over(err, "reading the user of a grant")
	}
	if user.Blocked {
		return nil, errOver
	}
	if g.Offline() || g.sessionless() {
		return user, nil
	}
	session, err := p.Stores.SessionByID(ctx, g.Session)
	if err != nil {
		return nil, over(err, "reading the session of a grant")
	}
	if !session.Stands(p.Now()) {
		return nil, errOver
	}
	return user, nil
}

// over turns "there is no such row" into errOver.
func over(err error, doing string) error {
	if errors.Is(err, idp.ErrNotFound) {
		return errOver
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// token finds a token that may be used now, its grant and user. errOver where
// there is none.
func (p *Provider) token(ctx context.Context, secret string) (Token, *Grant, *idp.User, error) {
	hash, err := p.storedAs(ctx, secret)
	if err != nil {
		return Token{}, nil, nil, err
	}
	token, grant, err := p.Stores.TokenByHash(ctx, hash)
	if err != nil {
		return Token{}, nil, nil, over(err, "reading a token")
	}
	if !p.Now().Before(token.ExpiresAt) {
		return Token{}, nil, nil, errOver
	}
	user, err := p.live(ctx, grant)
	return token, grant, user, err
}

// ownToken finds a client's own token that may be used now, and the client. It
// ends with the client's registration for the grant, or for one of the token's
// scopes. errOver where there is none.
func (p *Provider) ownToken(ctx context.Context, secret string) (ClientToken, *idp.Client, error) {
	hash, err := p.storedAs(ctx, secret)
	if err != nil {
		return ClientToken{}, nil, err
	}
	token, err := p.Stores.ClientTokenByHash(ctx, hash)
	if err != nil {
		return ClientToken{}, nil, over(err, "reading a client's token")
	}
	if !p.Now().Before(token.ExpiresAt) {
		return ClientToken{}, nil, errOver
	}
	client, err := p.Clients.ClientByID(ctx, token.ClientID)
	if err != nil {
		return ClientToken{}, nil, over(err, "reading the client of a token")
	}
	lost := func(scope string) bool { return !client.AllowsOwnScope(scope) }
	if client.Public() || slices.ContainsFunc(token.Scopes, lost) {
		return ClientToken{}, nil, errOver
	}
	return token, client, nil
}

// ClientToken says whose own token it is, and for which scopes, to the
// endpoints outside of this package that clients use for themselves. It is
// idp.ErrNotFound where the token is unknown, over, a person's, or for a resource
// that isn't ours: its server could come with it.
func (p *Provider) ClientToken(ctx context.Context, secret string) (clientID string, scopes []string, err error) {
	token, _, err := p.ownToken(ctx, secret)
	if err == nil && len(token.Audience) > 0 {
		err = errOver
	}
	if errors.Is(err, errOver) {
		return "", nil, fmt.Errorf("the access token is unknown or over: %w", idp.ErrNotFound)
	}
	return token.ClientID, token.Scopes, err
}
