package store

import (
	"context"

	"github.com/ringtail-id/ringtail/idp/register"
)

type initialTokenRow struct {
	ID        string           `db:"id"`
	Hash      string           `db:"hash"`
	Software  string           `db:"software"`
	Grants    jsonOf[[]string] `db:"grants"`
	Scopes    jsonOf[[]string] `db:"scopes"`
	UsesLeft  int              `db:"uses_left"`
	CreatedAt stamp            `db:"created_at"`
	ExpiresAt stamp            `db:"expires_at"`
}

const selectInitialToken = `SELECT id, hash, software, grants, scopes, uses_left, created_at, expires_at FROM initial_tokens`

func (r initialTokenRow) token() *register.InitialToken {
	return &register.InitialToken{
		ID: r.ID, Hash: r.Hash, Software: r.Software, Grants: r.Grants.V, Scopes: r.Scopes.V, UsesLeft: r.UsesLeft,
		CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time,
	}
}

// InitialToken implements register.Records.
func (s *Store) InitialToken(ctx context.Context, hash string) (*register.InitialToken, error) {
	var row initialTokenRow
	if err := s.read.Get(ctx, &row, selectInitialToken+` WHERE hash = ?`, hash); err != nil {
		return nil, err
	}
	return row.token(), nil
}

// CreateInitialToken stores a new token. idp.ErrTaken where another has its ID or
// hash.
func (s *Store) CreateInitialToken(ctx context.Context, t *register.InitialToken) error {
	row := initialTokenRow{
		ID: t.ID, Hash: t.Hash, Software: t.Software, Grants: asJSON(t.Grants), Scopes: asJSON(t.Scopes), UsesLeft: t.UsesLeft,
		CreatedAt: at(t.CreatedAt), ExpiresAt: at(t.ExpiresAt),
	}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO initial_tokens (id, hash, software, grants, scopes, uses_left, created_at, expires_at)
			VALUES (:id, :hash, :software, :grants, :scopes, :uses_left, :created_at, :expires_at)`, row))
	})
}

// ListInitialTokens returns up to limit tokens (100 where it is not 1 to 1000), the
// newest first.
func (s *Store) ListInitialTokens(ctx context.Context, limit int) ([]*register.InitialToken, error) {
	var rows []initialTokenRow
	if err := s.read.Select(ctx, &rows, selectInitialToken+` ORDER BY created_at DESC, id LIMIT ?`, page(limit)); err != nil {
		return nil, err
	}
	tokens := make([]*register.InitialToken, len(rows))
	for i, row := range rows {
		tokens[i] = row.token()
	}
	return tokens, nil
}

// DeleteInitialToken makes a token void. idp.ErrNotFound.
func (s *Store) DeleteInitialToken(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return one(tx.Exec(`DELETE FROM initial_tokens WHERE id = ?`, id))
	})
}
