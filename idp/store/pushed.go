package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

var _ oidc.PushedRequests = (*Store)(nil)

type pushedRow struct {
	Hash      string                           `db:"hash"`
	ClientID  string                           `db:"client_id"`
	Request   jsonOf[idp.AuthorizationRequest] `db:"request"`
	CreatedAt stamp                            `db:"created_at"`
	ExpiresAt stamp                            `db:"expires_at"`
}

// CreatePushedRequest implements oidc.PushedRequests.
func (s *Store) CreatePushedRequest(ctx context.Context, p oidc.PushedRequest) error {
	row := pushedRow{
		Hash: p.Hash, ClientID: p.ClientID, Request: asJSON(p.Request), CreatedAt: at(p.CreatedAt), ExpiresAt: at(p.ExpiresAt),
	}
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO pushed_requests (hash, client_id, request, created_at, expires_at)
			VALUES (:hash, :client_id, :request, :created_at, :expires_at)`, row))
	})
}

// TakePushedRequest implements oidc.PushedRequests. Who deletes the row has it.
func (s *Store) TakePushedRequest(ctx context.Context, hash, clientID string, now time.Time) (oidc.PushedRequest, error) {
	var row pushedRow
	err := s.writeHolding(ctx, nil, func(tx *txn) error {
		return tx.Get(&row, `DELETE FROM pushed_requests WHERE hash = ? AND client_id = ? AND expires_at > ?
			RETURNING hash, client_id, request, created_at, expires_at`, hash, clientID, at(now))
	})
	if err != nil {
		return oidc.PushedRequest{}, err
	}
	return oidc.PushedRequest{
		Hash: row.Hash, ClientID: row.ClientID, Request: row.Request.V, CreatedAt: row.CreatedAt.Time, ExpiresAt: row.ExpiresAt.Time,
	}, nil
}
