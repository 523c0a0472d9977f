package store

import (
	"context"
	"errors"
	"slices"
	"time"

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
	return s.write(ctx, func(tx *txn) error { return errors.Join(insertKey(tx, r), tx.notify()) })
}

func insertKey(tx *txn, r signing.Record) error {
	return only(tx.NamedExec(`INSERT INTO signing_keys (id, alg, generation, sealed, created_at, active_from)
		VALUES (:id, :alg, :generation, :sealed, :created_at, :active_from)`, keyRow{
		ID: r.ID, Alg: r.Alg, Generation: r.Generation, Sealed: r.Sealed,
		CreatedAt: at(r.CreatedAt), ActiveFrom: at(r.ActiveFrom),
	}))
}

// DeleteSigningKey implements signing.Records.
func (s *Store) DeleteSigningKey(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error { return errors.Join(deleteKey(tx, id), tx.notify()) })
}

func deleteKey(tx *txn, id string) error {
	return only(tx.Exec(`DELETE FROM signing_keys WHERE id = ?`, id))
}

// ReplaceSigningKeys implements signing.Records.
func (s *Store) ReplaceSigningKeys(ctx context.Context, gone []string, added []signing.Record) error {
	return s.write(ctx, func(tx *txn) error {
		for _, id := range gone {
			if err := deleteKey(tx, id); err != nil {
				return err
			}
		}
		for _, r := range added {
			if err := insertKey(tx, r); err != nil {
				return err
			}
		}
		return tx.notify()
	})
}

// LongestTokenLife is the longest life that a client has its ID tokens or its
// access tokens registered with; 0 where every client leaves it to the provider.
func (s *Store) LongestTokenLife(ctx context.Context) (time.Duration, error) {
	var longest []int64
	err := s.read.Select(ctx, &longest, `SELECT COALESCE(MAX(id_token_life), 0) FROM clients
		UNION ALL SELECT COALESCE(MAX(access_token_life), 0) FROM clients`)
	if err != nil {
		return 0, err
	}
	return time.Duration(slices.Max(longest)) * time.Microsecond, nil
}
