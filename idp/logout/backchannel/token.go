package backchannel

import (
	"context"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// TokenType is the typ of a logout token's header (Back-Channel Logout 1.0,
// section 2.4). It keeps the token from being taken for any other.
const TokenType = "logout+jwt"

// EventLogout is the one member of the claim events.
const EventLogout = "http://schemas.openid.net/event/backchannel-logout"

// tokenLife is what section 4 of Back-Channel Logout 1.0 recommends.
const tokenLife = 2 * time.Minute

// claims of a logout token. There must not be a nonce (section 2.4).
type claims struct {
	Issuer   string              `json:"iss"`
	Subject  string              `json:"sub"`
	Audience string              `json:"aud"`
	IssuedAt int64               `json:"iat"`
	Expires  int64               `json:"exp"`
	ID       string              `json:"jti"`
	Session  string              `json:"sid"`
	Events   map[string]struct{} `json:"events"`
}

// token makes the logout token for this try. Each try has a jti of its own: a
// relying party that remembered the last one, and then failed, would take the
// same one for a replay.
func (s *Sender) token(ctx context.Context, n *Notice, client *idp.Client) (string, error) {
	key, err := s.Keys.Signing(ctx, client.SigningAlg)
	if err != nil {
		return "", fmt.Errorf("choosing the key for a logout token: %w", err)
	}
	id, err := idp.NewID(s.Rand)
	if err != nil {
		return "", err
	}
	now := s.Now()
	return key.JWT(TokenType, claims{
		Issuer: s.Issuer, Subject: n.UserID, Audience: client.ID, IssuedAt: now.Unix(), Expires: now.Add(tokenLife).Unix(),
		ID: id, Session: n.Session, Events: map[string]struct{}{EventLogout: {}},
	})
}
