package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

var _ clientauth.Used = (*Store)(nil)

// UseAssertion implements clientauth.Used. The one INSERT decides who is first.
func (s *Store) UseAssertion(ctx context.Context, digest string, now, until time.Time) (bool, error) {
	var n int64
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		n, err = tx.Exec(`INSERT INTO assertions (digest, until) VALUES (?, ?)
			ON CONFLICT (digest) DO UPDATE SET until = excluded.until WHERE assertions.until <= ?`, digest, at(until), at(now))
		return err
	})
	return n == 1 && err == nil, err
}
