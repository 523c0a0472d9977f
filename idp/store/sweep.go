package store

import (
	"context"
	"fmt"
	"time"
)

// swept are the tables whose rows go when their time is over: each has an index
// that begins with its column of expiry.
func swept() []expiring {
	return []expiring{
		{table: "logins", key: "id", column: "expires_at"},
		{table: "sessions", key: "id", column: "expires_at"},
		{table: "browsers", key: "key_hash", column: "expires_at"},
	}
}

type expiring struct{ table, key, column string }

// Sweep deletes up to limit expired rows of each table (1000 where limit is
// not positive), one short transaction a table, and returns how many went. Call
// it again while the answer is not 0. No rule depends on a sweep: what is
// expired is refused before it is deleted.
func (s *Store) Sweep(ctx context.Context, now time.Time, limit int) (int, error) {
	if limit < 1 {
		limit = 1000
	}
	total := 0
	for _, e := range swept() {
		var n int64
		err := s.write(ctx, func(tx *txn) (err error) {
			n, err = tx.Exec(fmt.Sprintf(`DELETE FROM %[1]s WHERE %[2]s IN
				(SELECT %[2]s FROM %[1]s WHERE %[3]s <= ? ORDER BY %[3]s LIMIT ?)`, e.table, e.key, e.column), at(now), limit)
			return err
		})
		total += int(n)
		if err != nil {
			return total, fmt.Errorf("sweeping %s: %w", e.table, err)
		}
	}
	return total, nil
}
