package oidc

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// mint makes the tokens of one answer: first their secrets and rows, which are
// stored, then the answer. Nothing is signed before it is known that the answer
// goes out.
type mint struct {
	p        *Provider
	client   *idp.Client
	grant    *Grant
	scopes   []string
	audience []string
	now      time.Time
	// since is when the access token's life began.
	since time.Time
	// until, where set, is when the access token ends at the latest.
	until time.Time
	// seed, where set, is a refresh token that the secrets are derived from.
	seed string

	access, refresh string // secrets; that of a JWT is its id
	rows            []Token
}

// newMint holds the resources that the request names to the grant's, or to the
// client's where the grant names none.
func (p *Provider) newMint(r *tokenRequest, grant *Grant, scopes []string) (*mint, *oauth.Failure) {
	asked, allowed := r.params.List("resource"), registered(r.client, grant.Resources)
	if len(asked) > 0 && len(grant.Resources) == 0 {
		allowed = r.client.Resources
	}
	if len(grant.Resources) > 0 && len(allowed) == 0 { // no resource would mean us
		return nil, oauth.Fail(oauth.InvalidTarget, "the client may not ask for the granted resources any more")
	}
	audience, f := targets(asked, allowed)
	if f != nil {
		return nil, f
	}
	return &mint{p: p, client: r.client, grant: grant, scopes: standing(r.client, scopes), audience: audience, now: r.now, since: r.now}, nil
}

// standing are the scopes that the client may still have: a registration may have
// lost some since they were granted.
func standing(client *idp.Client, scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return !client.AllowsScope(scope) })
}

// registered are the resources that the client may still ask for, as standing is
// of scopes.
func registered(client *idp.Client, resources []string) []string {
	return slices.DeleteFunc(slices.Clone(resources), func(uri string) bool { return !slices.Contains(client.Resources, uri) })
}

// make fills rows with an access token, and a refresh token where wanted.
func (m *mint) make(withRefresh bool) (err error) {
	if m.access, err = m.secret("access"); err != nil {
		return err
	}
	m.row(AccessToken, m.p.tokenHash(m.access, m.client.JWTAccessTokens), m.scopes, m.accessLife())
	if !withRefresh {
		return nil
	}
	if m.refresh, err = m.secret("refresh"); err != nil {
		return err
	}
	// The grant keeps its scopes, however narrow this access token is.
	m.row(RefreshToken, m.p.tokenHash(m.refresh, false), m.grant.Scopes, life(m.client.RefreshTokenLife, m.p.Lives.RefreshToken))
	return nil
}

func (m *mint) row(kind TokenKind, hash string, scopes []string, life time.Duration) {
	t := Token{Hash: hash, Kind: kind, GrantID: m.grant.ID, Scopes: scopes, CreatedAt: m.now, ExpiresAt: m.now.Add(life)}
	if kind == AccessToken {
		t.Audience = m.audience
	}
	m.rows = append(m.rows, t)
}

func (m *mint) accessLife() time.Duration {
	own := life(m.client.AccessTokenLife, m.p.Lives.AccessToken)
	if !m.until.IsZero() {
		return min(own, m.until.Sub(m.since))
	}
	return own
}

// secret is random, or what follows from the seed and what is asked for. Who has
// the seed can't know it without the master key.
func (m *mint) secret(kind string) (string, error) {
	if m.seed == "" {
		return idp.NewSecret(m.p.Rand)
	}
	parts := slices.Concat([]string{kind, m.seed}, m.scopes, []string{""}, m.audience)
	sum, err := hex.DecodeString(m.p.Keyring.Hash(successorPurpose, parts...))
	if err != nil {
		return "", fmt.Errorf("deriving a token: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)), nil
}

// answer is what goes to the client. user is whom live found for this request.
func (m *mint) answer(ctx context.Context, user *idp.User) (*tokens, *oauth.Failure) {
	access, err := m.accessToken(ctx)
	if err != nil {
		return nil, m.p.fault(ctx, "making an access token", err)
	}
	answer := &tokens{
		AccessToken: access, RefreshToken: m.refresh, TokenType: oauth.SchemeBearer, Scope: strings.Join(m.scopes, " "),
		ExpiresIn: seconds(m.since.Add(m.accessLife()).Sub(m.now.Truncate(time.Microsecond))), // since may come from the store
	}
	if !slices.Contains(m.scopes, oidc.ScopeOpenID) {
		return answer, nil
	}
	nonce := m.grant.Nonce
	if m.seed != "" { // OpenID Connect Core, section 12.2: better without it
		nonce = ""
	}
	answer.IDToken, err = m.idToken(ctx, user, idTokenParts{access: access, nonce: nonce})
	if err != nil {
		return nil, m.p.fault(ctx, "making an ID token", err)
	}
	return answer, nil
}

// seconds are whole ones: a token never says that it lives longer than it does.
func seconds(life time.Duration) int64 { return int64(life / time.Second) }
