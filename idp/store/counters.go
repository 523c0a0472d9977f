package store

import (
	"context"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

type usedRow struct {
	Key   string `db:"key"`
	Count int64  `db:"count"`
	Until stamp  `db:"until"`
}

// charge adds all charges by one statement, however many they are. Most numbers have
// no stop, and looking for one makes no row; everything else is written whatever it
// adds, so that a decoy does the same work. The error of one that is passed undoes the
// whole write.
func charge(tx *txn, charges []otp.Charge, now time.Time) error {
	if len(charges) == 0 {
		return nil
	}
	query := `INSERT INTO counters (key, count, until) SELECT column1, column2, column3 FROM (VALUES
		(CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))` + strings.Repeat(", (?, ?, ?, ?)", len(charges)-1) + `) AS charges
		WHERE column4 = 0 OR EXISTS (SELECT 1 FROM counters WHERE key = column1)
		ON CONFLICT (key) DO UPDATE SET
		count = excluded.count + CASE WHEN counters.until > ? THEN counters.count ELSE 0 END,
		until = CASE WHEN counters.until > ? THEN counters.until ELSE excluded.until END
		RETURNING key, count, until`
	var args []any
	for _, c := range charges {
		looks := int64(0)
		if c.Budget == otp.BudgetStop && c.Amount == 0 {
			looks = 1
		}
		args = append(args, c.Key, c.Amount, at(c.Until), looks)
	}
	var rows []usedRow
	if err := tx.Select(&rows, query, append(args, at(now), at(now))...); err != nil {
		return err
	}
	if err := passed(charges, rows); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Count >= 0 {
			continue
		}
		// What was given back had been taken in a window that is over.
		if err := only(tx.Exec(`UPDATE counters SET count = 0 WHERE key = ?`, r.Key)); err != nil {
			return err
		}
	}
	return nil
}

// passed is the first charge above its limit.
func passed(charges []otp.Charge, rows []usedRow) error {
	after := make(map[string]usedRow, len(rows))
	for _, r := range rows {
		after[r.Key] = r
	}
	for _, c := range charges {
		if r := after[c.Key]; r.Count > c.Limit {
			return &otp.OverError{Charge: c, Until: r.Until.Time}
		}
	}
	return nil
}

// Count implements otp.Counters.
func (c Challenges) Count(ctx context.Context, keys []string, now time.Time) (map[string]otp.Counter, error) {
	found := map[string]otp.Counter{}
	if len(keys) == 0 {
		return found, nil
	}
	args := []any{at(now)}
	for _, key := range keys {
		args = append(args, key)
	}
	var rows []usedRow
	err := c.s.read.Select(ctx, &rows, `SELECT key, count, until FROM counters WHERE until > ? AND key IN (?`+
		strings.Repeat(", ?", len(keys)-1)+`)`, args...)
	for _, r := range rows {
		found[r.Key] = otp.Counter{Count: r.Count, Until: r.Until.Time}
	}
	return found, err
}

// SetCounter implements otp.Counters.
func (c Challenges) SetCounter(ctx context.Context, key string, n otp.Counter) error {
	return c.s.write(ctx, func(tx *txn) error {
		if n.Count == 0 {
			return only(tx.Exec(`DELETE FROM counters WHERE key = ?`, key))
		}
		return only(tx.NamedExec(`INSERT INTO counters (key, count, until) VALUES (:key, :count, :until)
			ON CONFLICT (key) DO UPDATE SET count = excluded.count, until = excluded.until`,
			usedRow{Key: key, Count: n.Count, Until: at(n.Until)}))
	})
}
