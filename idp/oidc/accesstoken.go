package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// typAccessToken is the typ of JWT access tokens (RFC 9068, section 2.1).
const typAccessToken = "at+jwt"

// The keyring's purposes for stored hashes, and for what follows from a refresh
// token.
const (
	tokenPurpose     = "token"
	jwtPurpose       = "token-jwt"
	codePurpose      = "code"
	successorPurpose = "token-successor"
)

// opaqueForm is the form of idp.NewSecret: 256 random bits in base32.
var opaqueForm = regexp.MustCompile(`^[a-z2-7]{52}$`)

func isOpaque(token string) bool { return opaqueForm.MatchString(token) }

// tokenHash is what a token is stored under. The id of a JWT has a purpose of its
// own: whoever reads the id can't come with it as an opaque token.
func (p *Provider) tokenHash(secret string, isJWT bool) string {
	if isJWT {
		return p.Keyring.Hash(jwtPurpose, secret)
	}
	return p.Keyring.Hash(tokenPurpose, secret)
}

// storedAs is the hash of a token as it came: opaque, or a JWT that we signed.
// errOver where it can't be ours.
func (p *Provider) storedAs(ctx context.Context, token string) (string, error) {
	if isOpaque(token) {
		return p.tokenHash(token, false), nil
	}
	payload, err := p.Signing.Payload(ctx, token, typAccessToken)
	if errors.Is(err, signing.ErrUnverified) {
		return "", errOver
	}
	if err != nil {
		return "", err
	}
	var claims struct {
		Issuer string `json:"iss"`
		ID     string `json:"jti"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Issuer != p.Issuer || !isOpaque(claims.ID) {
		return "", errOver
	}
	return p.tokenHash(claims.ID, true), nil
}

// accessClaims are those of RFC 9068, section 2.2.
type accessClaims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience []string `json:"aud"`
	ClientID string   `json:"client_id"`
	Scope    string   `json:"scope,omitempty"`
	ID       string   `json:"jti"`
	IssuedAt int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	AuthTime int64    `json:"auth_time,omitempty"`
	ACR      string   `json:"acr,omitempty"`
	AMR      []string `json:"amr,omitempty"`
	Session  string   `json:"sid,omitempty"`
	Actor    *actor   `json:"act,omitempty"` // RFC 8693, section 4.1
}

// actor is who acts for the subject.
type actor struct {
	Subject string `json:"sub"`
}

func actorOf(id string) *actor {
	if id == "" {
		return nil
	}
	return &actor{id}
}

// accessToken is the access token as the client gets it.
func (m *mint) accessToken(ctx context.Context) (string, error) {
	if !m.client.JWTAccessTokens {
		return m.access, nil
	}
	g := m.grant
	return m.p.signAccess(ctx, m.client, m.scopes, m.audience, accessClaims{
		Subject: g.UserID, ID: m.access, IssuedAt: m.since.Unix(), Expires: m.since.Add(m.accessLife()).Unix(),
		AuthTime: unixOf(g.AuthTime), ACR: g.ACR, AMR: g.AMR, Session: g.Session, Actor: actorOf(g.Actor),
	})
}

// unixOf is 0 where nobody knows the time.
func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// ownJWT is a client's own token as a JWT: its subject is the client.
func (p *Provider) ownJWT(ctx context.Context, client *idp.Client, id string, t ClientToken) (string, error) {
	return p.signAccess(ctx, client, t.Scopes, t.Audience, accessClaims{
		Subject: client.ID, ID: id, IssuedAt: t.CreatedAt.Unix(), Expires: t.ExpiresAt.Unix(),
	})
}

func (p *Provider) signAccess(ctx context.Context, client *idp.Client, scopes, resources []string, claims accessClaims) (string, error) {
	key, err := p.Signing.Signing(ctx, client.SigningAlg)
	if err != nil {
		return "", err
	}
	claims.Issuer, claims.ClientID, claims.Scope = p.Issuer, client.ID, strings.Join(scopes, " ")
	claims.Audience = p.audience(resources, scopes)
	return key.JWT(typAccessToken, claims)
}

// audience is who an access token is for: the resources, and we where it opens
// our userinfo endpoint or names no resource.
func (p *Provider) audience(resources, scopes []string) []string {
	if len(resources) > 0 && !slices.Contains(scopes, oidc.ScopeOpenID) {
		return resources
	}
	return append(slices.Clone(resources), p.Issuer)
}
