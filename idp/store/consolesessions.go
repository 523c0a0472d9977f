package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/console"
)

var _ console.Records = (*Store)(nil)

type consoleSessionRow struct {
	KeyHash   string `db:"key_hash"`
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	Session   string `db:"session"`
	CreatedAt stamp  `db:"created_at"`
	SeenAt    stamp  `db:"seen_at"`
	ExpiresAt stamp  `db:"expires_at"`
	ProvedAt  stamp  `db:"proved_at"`
}

// ConsoleSession implements console.Records.
func (s *Store) ConsoleSession(ctx context.Context, keyHash string) (console.Record, error) {
	var row consoleSessionRow
	err := s.read.Get(ctx, &row, `SELECT key_hash, id, user_id, session, created_at, seen_at, expires_at, proved_at
		FROM console_sessions WHERE key_hash = ?`, keyHash)
	if err != nil {
		return console.Record{}, err
	}
	return console.Record{
		ID: row.ID, UserID: row.UserID, Session: row.Session, CreatedAt: row.CreatedAt.Time, SeenAt: row.SeenAt.Time,
		ExpiresAt: row.ExpiresAt.Time, ProvedAt: row.ProvedAt.Time,
	}, nil
}

// PutConsoleSession implements console.Records. An error where the user doesn't exist.
func (s *Store) PutConsoleSession(ctx context.Context, oldHash, keyHash string, r console.Record) error {
	row := consoleSessionRow{
		KeyHash: keyHash, ID: r.ID, UserID: r.UserID, Session: r.Session, CreatedAt: at(r.CreatedAt), SeenAt: at(r.SeenAt),
		ExpiresAt: at(r.ExpiresAt), ProvedAt: at(r.ProvedAt),
	}
	return s.write(ctx, func(tx *txn) error {
		_, err := tx.Exec(`DELETE FROM console_sessions WHERE key_hash = ?`, oldHash)
		return errors.Join(err, only(tx.NamedExec(`INSERT INTO console_sessions
			(key_hash, id, user_id, session, created_at, seen_at, expires_at, proved_at)
			VALUES (:key_hash, :id, :user_id, :session, :created_at, :seen_at, :expires_at, :proved_at)`, row)))
	})
}

// SeeConsoleSession implements console.Records.
func (s *Store) SeeConsoleSession(ctx context.Context, keyHash string, when time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`UPDATE console_sessions SET seen_at = ? WHERE key_hash = ?`, at(when), keyHash))
	})
}

// DeleteConsoleSession implements console.Records. That there is none is no error.
func (s *Store) DeleteConsoleSession(ctx context.Context, keyHash string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM console_sessions WHERE key_hash = ?`, keyHash))
	})
}
