package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

var (
	_ vault.Records = (*Store)(nil)
	_ tokens.Store  = (*Store)(nil)
)

type secretRow struct {
	Driver    string `db:"driver"`
	Name      string `db:"name"`
	Sealed    []byte `db:"sealed"`
	UpdatedAt stamp  `db:"updated_at"`
}

// PutSecret implements vault.Records.
func (s *Store) PutSecret(ctx context.Context, r vault.Record) error {
	row := secretRow{Driver: r.Driver, Name: r.Name, Sealed: r.Sealed, UpdatedAt: at(r.UpdatedAt)}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO driver_secrets (driver, name, sealed, updated_at)
			VALUES (:driver, :name, :sealed, :updated_at)
			ON CONFLICT (driver, name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`, row))
	})
}

// SecretsOf implements vault.Records.
func (s *Store) SecretsOf(ctx context.Context, driver string) ([]vault.Record, error) {
	var rows []secretRow
	err := s.read.Select(ctx, &rows, `SELECT driver, name, sealed, updated_at FROM driver_secrets
		WHERE driver = ? OR ? = '' ORDER BY driver, name`, driver, driver)
	if err != nil {
		return nil, err
	}
	records := make([]vault.Record, len(rows))
	for i, r := range rows {
		records[i] = vault.Record{Driver: r.Driver, Name: r.Name, Sealed: r.Sealed, UpdatedAt: r.UpdatedAt.Time}
	}
	return records, nil
}

// DeleteSecret implements vault.Records.
func (s *Store) DeleteSecret(ctx context.Context, driver, name string) error {
	return s.write(ctx, func(tx *txn) error {
		return one(tx.Exec(`DELETE FROM driver_secrets WHERE driver = ? AND name = ?`, driver, name))
	})
}

// FindToken implements tokens.Store.
func (s *Store) FindToken(ctx context.Context, key string, now time.Time) (tokens.Token, error) {
	var row struct {
		ID    string `db:"id"`
		Value string `db:"value"`
		Until stamp  `db:"until"`
	}
	err := s.read.Get(ctx, &row, `SELECT id, value, until FROM driver_tokens WHERE key = ? AND id <> '' AND until > ?`, key, at(now))
	if errors.Is(err, idp.ErrNotFound) {
		return tokens.Token{}, nil
	}
	return tokens.Token{ID: row.ID, Value: row.Value, Until: row.Until.Time}, err
}

// ClaimToken implements tokens.Store.
func (s *Store) ClaimToken(ctx context.Context, key, holder string, now, until time.Time) (bool, error) {
	var n int64
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		n, err = tx.Exec(`INSERT INTO driver_tokens (key, id, value, until, holder, claimed_until, forget_at) VALUES (?, '', '', 0, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, claimed_until = excluded.claimed_until,
			forget_at = CASE WHEN driver_tokens.until > excluded.forget_at THEN driver_tokens.until ELSE excluded.forget_at END
			WHERE driver_tokens.holder IN ('', excluded.holder) OR driver_tokens.claimed_until <= ?`,
			key, holder, at(until), at(until), at(now))
		return err
	})
	return n == 1, err
}

// KeepToken implements tokens.Store.
func (s *Store) KeepToken(ctx context.Context, key string, t tokens.Token) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`INSERT INTO driver_tokens (key, id, value, until, holder, claimed_until, forget_at) VALUES (?, ?, ?, ?, '', 0, ?)
			ON CONFLICT (key) DO UPDATE SET id = excluded.id, value = excluded.value, until = excluded.until,
			holder = '', claimed_until = 0, forget_at = excluded.forget_at`,
			key, t.ID, t.Value, at(t.Until), at(t.Until)))
	})
}

// ReleaseToken implements tokens.Store.
func (s *Store) ReleaseToken(ctx context.Context, key, holder string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`UPDATE driver_tokens SET holder = '', claimed_until = 0 WHERE key = ? AND holder = ?`, key, holder))
	})
}

// DropToken implements tokens.Store.
func (s *Store) DropToken(ctx context.Context, key, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`UPDATE driver_tokens SET id = '', value = '' WHERE key = ? AND id = ?`, key, id))
	})
}
