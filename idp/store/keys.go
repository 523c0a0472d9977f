package store

import (
	"context"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

var _ signing.Records = (*Store)(nil)

type keyRow struct {
	ID         string `db:"id"`
	Alg        string `db:"alg"`
	Generation int    `db:"generation"`
	Sealed     []byte `db:"sealed"`
	CreatedAt  stamp  `db:"created_at"`
	ActiveFrom stamp  `db:"active_from"`
}

// SigningKeys implements signing.Records.
func (s *Store) SigningKeys(ctx context.Context) ([]signing.Record, error) {
	var rows []keyRow
	err := s.read.Select(ctx, &rows, `SELECT id, alg, generation, sealed, created_at, active_from FROM signing_keys`)
	if err != nil {
		return nil, err
	}
	records := make([]signing.Record, len(rows))
	for i, r := range rows {
		records[i] = signing.Record{
			ID: r.ID, Alg: r.Alg, Generation: r.Generation, Sealed: r.Sealed,
			CreatedAt: r.CreatedAt.Time, ActiveFrom: r.ActiveFrom.Time,
		}
	}
	return records, nil
}

// AddSigningKey implements signing.Records.
func (s *Store) AddSigningKey(ctx context.Context, r signing.Record) error {
	row := keyRow{
		ID: r.ID, Alg: r.Alg, Generation: r.Generation, Sealed: r.Sealed,
		CreatedAt: at(r.CreatedAt), ActiveFrom: at(r.ActiveFrom),
	}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO signing_keys (id, alg, generation, sealed, created_at, active_from)
			VALUES (:id, :alg, :generation, :sealed, :created_at, :active_from)`, row))
	})
}

// DeleteSigningKey implements signing.Records.
func (s *Store) DeleteSigningKey(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM signing_keys WHERE id = ?`, id))
	})
}
