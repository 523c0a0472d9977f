package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
)

var _ hooks.Seen = (*Store)(nil)

// RememberCallback implements hooks.Seen.
func (s *Store) RememberCallback(ctx context.Context, digest string, now, until time.Time) (bool, error) {
	var n int64
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		n, err = tx.Exec(`INSERT INTO callbacks (digest, until) VALUES (?, ?)
			ON CONFLICT (digest) DO UPDATE SET until = excluded.until WHERE callbacks.until < ?`, digest, at(until), at(now))
		return err
	})
	return n == 1, err
}

// ForgetCallback implements hooks.Seen.
func (s *Store) ForgetCallback(ctx context.Context, digest string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM callbacks WHERE digest = ?`, digest))
	})
}
