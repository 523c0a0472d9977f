package oidc

import (
	"context"
	"errors"
	"fmt"

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
	if g.Offline() {
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

// tokenPurpose and codePurpose are the keyring's purposes for stored hashes.
const (
	tokenPurpose = "token"
	codePurpose  = "code"
)

// token finds a token that may be used now, its grant and user. errOver where
// there is none.
func (p *Provider) token(ctx context.Context, secret string) (Token, *Grant, *idp.User, error) {
	token, grant, err := p.Stores.TokenByHash(ctx, p.Keyring.Hash(tokenPurpose, secret))
	if err != nil {
		return Token{}, nil, nil, over(err, "reading a token")
	}
	if !p.Now().Before(token.ExpiresAt) {
		return Token{}, nil, nil, errOver
	}
	user, err := p.live(ctx, grant)
	return token, grant, user, err
}
