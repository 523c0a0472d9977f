package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

type tokenRow struct {
	Hash      string           `db:"hash"`
	Kind      string           `db:"kind"`
	GrantID   string           `db:"grant_id"`
	Scopes    jsonOf[[]string] `db:"scopes"`
	Audience  jsonOf[[]string] `db:"audience"`
	CreatedAt stamp            `db:"created_at"`
	ExpiresAt stamp            `db:"expires_at"`
	UsedAt    stamp            `db:"used_at"`
}

func (r tokenRow) token() oidc.Token {
	return oidc.Token{
		Hash: r.Hash, Kind: oidc.TokenKind(r.Kind), GrantID: r.GrantID, Scopes: r.Scopes.V, Audience: r.Audience.V,
		CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time, UsedAt: r.UsedAt.Time,
	}
}

func insertTokens(tx *txn, tokens []oidc.Token) error {
	for _, t := range tokens {
		_, err := tx.NamedExec(`INSERT INTO tokens (hash, kind, grant_id, scopes, audience, created_at, expires_at, used_at)
			VALUES (:hash, :kind, :grant_id, :scopes, :audience, :created_at, :expires_at, :used_at)`, tokenRow{
			Hash: t.Hash, Kind: string(t.Kind), GrantID: t.GrantID, Scopes: asJSON(t.Scopes), Audience: asJSON(t.Audience),
			CreatedAt: at(t.CreatedAt), ExpiresAt: at(t.ExpiresAt), UsedAt: at(t.UsedAt),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TokenByHash implements oidc.Tokens. Two statements: SQLite takes several times as
// long over one that joins them.
func (s *Store) TokenByHash(ctx context.Context, hash string) (oidc.Token, *oidc.Grant, error) {
	var token tokenRow
	err := s.read.Get(ctx, &token, `SELECT hash, kind, grant_id, scopes, audience, created_at, expires_at, used_at
		FROM tokens WHERE hash = ?`, hash)
	if err != nil {
		return oidc.Token{}, nil, err
	}
	var grant grantRow
	if err := s.read.Get(ctx, &grant, selectGrant+` WHERE id = ?`, token.GrantID); err != nil {
		return oidc.Token{}, nil, err
	}
	return token.token(), grant.grant(), nil
}

// RotateToken implements oidc.Tokens. The one UPDATE decides who rotates.
func (s *Store) RotateToken(ctx context.Context, hash string, now time.Time, grace time.Duration, gives []oidc.Token) (oidc.Rotation, error) {
	result := oidc.Refused
	err := s.writeHolding(ctx, nil, func(tx *txn) error {
		result = oidc.Refused
		n, err := tx.Exec(`UPDATE tokens SET used_at = ? WHERE hash = ? AND kind = ? AND used_at = 0 AND expires_at > ?
			AND EXISTS (SELECT 1 FROM grants WHERE grants.id = tokens.grant_id AND grants.revoked_at = 0)`,
			at(now), hash, string(oidc.RefreshToken), at(now))
		if err != nil {
			return err
		}
		if n == 0 {
			result, err = notRotated(tx, hash, now, grace, gives)
			return err
		}
		result = oidc.Rotated
		if err := insertTokens(tx, gives); err != nil {
			return err
		}
		last := at(lastOf(now, gives))
		return only(tx.Exec(`UPDATE grants SET expires_at = ? WHERE id = (SELECT grant_id FROM tokens WHERE hash = ?) AND expires_at < ?`,
			last, hash, last))
	})
	if err != nil {
		return oidc.Refused, err
	}
	return result, nil
}

// notRotated tells a lost answer from a stolen token, whose grant it revokes.
func notRotated(tx *txn, hash string, now time.Time, grace time.Duration, gives []oidc.Token) (oidc.Rotation, error) {
	var token tokenRow
	err := tx.Get(&token, `SELECT hash, kind, grant_id, scopes, audience, created_at, expires_at, used_at
		FROM tokens WHERE hash = ?`, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return oidc.Refused, nil
	}
	if err != nil {
		return oidc.Refused, err
	}
	if used := token.UsedAt; !used.IsZero() && now.Before(used.Add(grace)) {
		same, err := stillGiven(tx, token.GrantID, gives)
		if same || err != nil {
			return oidc.Repeated, err
		}
	}
	return oidc.Refused, revokeGrant(tx, token.GrantID, now)
}

// stillGiven says whether each of the tokens is the grant's, which stands, and unused.
func stillGiven(tx *txn, grantID string, tokens []oidc.Token) (bool, error) {
	for _, t := range tokens {
		var n int
		err := tx.Get(&n, `SELECT count(*) FROM tokens JOIN grants ON grants.id = tokens.grant_id
			WHERE tokens.hash = ? AND tokens.grant_id = ? AND tokens.used_at = 0 AND grants.revoked_at = 0`, t.Hash, grantID)
		if err != nil || n == 0 {
			return false, err
		}
	}
	return len(tokens) > 0, nil
}

// DeleteToken implements oidc.Tokens.
func (s *Store) DeleteToken(ctx context.Context, hash string) error {
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM tokens WHERE hash = ?`, hash))
	})
}
