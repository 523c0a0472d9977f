package store

import (
	"context"
	"fmt"
	"time"
)

// expiring is a table whose rows go when their time is over; an index begins
// with the column.
type expiring struct{ table, key, column string }

func expirings() []expiring {
	return []expiring{
		{table: "logins", key: "id", column: "expires_at"},
		{table: "browsers", key: "key_hash", column: "expires_at"},
		{table: "tokens", key: "hash", column: "expires_at"},
		{table: "client_tokens", key: "hash", column: "expires_at"},
		{table: "pushed_requests", key: "hash", column: "expires_at"},
		{table: "initial_tokens", key: "id", column: "expires_at"},
		{table: "verifications", key: "id", column: "forget_at"},
		{table: "idempotency", key: "client_id, key_hash", column: "forget_at"},
		{table: "grants", key: "id", column: "expires_at"},
		{table: "devices", key: "id", column: "forget_at"},
		{table: "counters", key: "key", column: "until"},
		{table: "driver_tokens", key: "key", column: "forget_at"},
		{table: "callbacks", key: "digest", column: "until"},
		{table: "code_hashes", key: "hash", column: "until"},
		{table: "code_phones", key: "hash", column: "until"},
		{table: "assertions", key: "digest", column: "until"},
		{table: "console_sessions", key: "key_hash", column: "expires_at"},
		{table: "user_imports", key: "id", column: "expires_at"},
	}
}

// Sweep deletes up to limit expired rows of each table, one short transaction a
// table, and returns how many went. Call it again while the answer is not 0. No
// rule depends on a sweep: what is expired is refused before it is deleted.
//
// What factors keep is swept by them (SweepCounters, Challenges.Sweep).
func (s *Store) Sweep(ctx context.Context, now time.Time, limit int) (int, error) {
	total := 0
	for _, e := range expirings() {
		n, err := s.sweep(ctx, e, now, limit)
		total += n
		if err != nil {
			return total, fmt.Errorf("sweeping %s: %w", e.table, err)
		}
	}
	n, err := s.sweepSessions(ctx, now, limit)
	if err != nil {
		return total, fmt.Errorf("sweeping sessions: %w", err)
	}
	return total + n, nil
}

func (s *Store) sweep(ctx context.Context, e expiring, now time.Time, limit int) (int, error) {
	query := fmt.Sprintf(`DELETE FROM %[1]s WHERE (%[2]s) IN
		(SELECT %[2]s FROM %[1]s WHERE %[3]s <= ? ORDER BY %[3]s LIMIT ?)`, e.table, e.key, e.column)
	var n int64
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		n, err = tx.Exec(query, at(now), max(limit, 0))
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
