package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
)

var (
	_ password.Store    = (*Store)(nil)
	_ password.Accounts = (*Store)(nil)
)

type counterRow struct {
	Key         string `db:"key"`
	Failures    int    `db:"failures"`
	NotBefore   stamp  `db:"not_before"`
	WindowStart stamp  `db:"window_start"`
	WindowCount int    `db:"window_count"`
	ForgetAt    stamp  `db:"forget_at"`
}

const (
	selectCounter = `SELECT key, failures, not_before, window_start, window_count, forget_at
		FROM password_counters WHERE key = ?`
	putCounter = `INSERT INTO password_counters (key, failures, not_before, window_start, window_count, forget_at)
		VALUES (:key, :failures, :not_before, :window_start, :window_count, :forget_at)
		ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, not_before = excluded.not_before,
		window_start = excluded.window_start, window_count = excluded.window_count, forget_at = excluded.forget_at`
)

// UpdateCounter implements password.Store.
func (s *Store) UpdateCounter(ctx context.Context, key string, change func(*password.Counter) error) error {
	return s.writeHolding(ctx, []string{"password " + key}, func(tx *txn) error {
		var row counterRow
		if err := tx.Get(&row, selectCounter, key); err != nil && !errors.Is(err, idp.ErrNotFound) {
			return err
		}
		c := password.Counter{
			Failures: row.Failures, NotBefore: row.NotBefore.Time,
			WindowStart: row.WindowStart.Time, WindowCount: row.WindowCount, ForgetAt: row.ForgetAt.Time,
		}
		if err := change(&c); err != nil {
			return err
		}
		return only(tx.NamedExec(putCounter, counterRow{
			Key: key, Failures: c.Failures, NotBefore: at(c.NotBefore),
			WindowStart: at(c.WindowStart), WindowCount: c.WindowCount, ForgetAt: at(c.ForgetAt),
		}))
	})
}

// SweepCounters implements password.Store.
func (s *Store) SweepCounters(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.sweep(ctx, expiring{table: "password_counters", key: "key", column: "forget_at"}, now, limit)
}

// AccountByLogin implements password.Accounts.
func (s *Store) AccountByLogin(ctx context.Context, login string) (password.Account, error) {
	u, err := s.UserByLogin(ctx, login)
	if errors.Is(err, idp.ErrNotFound) {
		return password.Account{}, password.ErrNoAccount
	}
	if err != nil {
		return password.Account{}, err
	}
	return password.Account{
		Person:  factors.Person{ID: u.ID, Login: u.Login, Attributes: u.Attributes},
		Hash:    u.PasswordHash,
		Blocked: u.Blocked,
	}, nil
}

// SetHash implements password.Accounts.
func (s *Store) SetHash(ctx context.Context, personID, old, hash string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ? AND password_hash = ?`,
			hash, at(s.now()), personID, old))
	})
}
