package store

import (
	"context"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

type clientTokenRow struct {
	Hash      string           `db:"hash"`
	ClientID  string           `db:"client_id"`
	Scopes    jsonOf[[]string] `db:"scopes"`
	Audience  jsonOf[[]string] `db:"audience"`
	CreatedAt stamp            `db:"created_at"`
	ExpiresAt stamp            `db:"expires_at"`
}

// CreateClientToken implements oidc.ClientTokens.
func (s *Store) CreateClientToken(ctx context.Context, t oidc.ClientToken) error {
	row := clientTokenRow{
		Hash: t.Hash, ClientID: t.ClientID, Scopes: asJSON(t.Scopes), Audience: asJSON(t.Audience),
		CreatedAt: at(t.CreatedAt), ExpiresAt: at(t.ExpiresAt),
	}
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO client_tokens (hash, client_id, scopes, audience, created_at, expires_at)
			VALUES (:hash, :client_id, :scopes, :audience, :created_at, :expires_at)`, row))
	})
}

// ClientTokenByHash implements oidc.ClientTokens.
func (s *Store) ClientTokenByHash(ctx context.Context, hash string) (oidc.ClientToken, error) {
	var row clientTokenRow
	err := s.read.Get(ctx, &row, `SELECT hash, client_id, scopes, audience, created_at, expires_at
		FROM client_tokens WHERE hash = ?`, hash)
	if err != nil {
		return oidc.ClientToken{}, err
	}
	return oidc.ClientToken{
		Hash: row.Hash, ClientID: row.ClientID, Scopes: row.Scopes.V, Audience: row.Audience.V,
		CreatedAt: row.CreatedAt.Time, ExpiresAt: row.ExpiresAt.Time,
	}, nil
}

// DeleteClientToken implements oidc.ClientTokens.
func (s *Store) DeleteClientToken(ctx context.Context, hash string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM client_tokens WHERE hash = ?`, hash))
	})
}
