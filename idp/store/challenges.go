package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Challenges is the store as otp.Store sees it.
type Challenges struct {
	s    *Store
	told func(ledger.Change) // nil: nobody; see Telling
}

var _ otp.Store = Challenges{}

// Challenges returns the one-time-code engine's view of the store.
func (s *Store) Challenges() Challenges { return Challenges{s: s} }

const (
	selectChallenge = `SELECT ` + challengeColumns + ` FROM challenges WHERE login_id = ? AND method = ?`
	// The state is a literal here and below, so that the index of what is due serves.
	selectDue = `SELECT login_id FROM challenges%[1]s WHERE method = ? AND state = 'requested' AND until > ?
		ORDER BY requested_at LIMIT 1`
	claimDue = `UPDATE challenges SET state = 'calling', until = ?
		WHERE login_id = (` + selectDue + `%[2]s) AND method = ? AND state = 'requested' RETURNING ` + challengeColumns
	dueIndex   = `challenges_due`
	selectPoll = `SELECT login_id FROM challenges WHERE method = ? AND state = 'placed' AND poll_at > 0 AND poll_at <= ? AND until > ?
		ORDER BY poll_at LIMIT 1`
	claimPoll = `UPDATE challenges SET poll_at = ?
		WHERE login_id = (` + selectPoll + `%s) AND method = ? AND state = 'placed' RETURNING ` + challengeColumns
	selectWork   = `SELECT EXISTS (` + selectDue + `) AS orders, EXISTS (` + selectPoll + `) AS polls`
	selectBudget = `SELECT used, blocked_until, next_call, agreed FROM budgets WHERE person_id = ? AND method = ?`
	// The budget is locked by its own query: what an outer join may lack can't be.
	selectRecord = `SELECT ` + challengeColumns + `, COALESCE(used, 0) AS used, COALESCE(blocked_until, 0) AS blocked_until,
		COALESCE(next_call, 0) AS next_call, COALESCE(agreed, '') AS agreed
		FROM (` + selectChallenge + `%[1]s) c LEFT JOIN (` + selectBudget + `%[1]s) b ON TRUE`
)

// Load implements otp.Store.
func (c Challenges) Load(ctx context.Context, key otp.Key) (otp.Record, error) {
	row, err := readRecord(key, "", func(dest any, query string, args ...any) error {
		return c.s.read.Get(ctx, dest, query, args...)
	})
	return row.record(), err
}

// readRecord reads challenge and budget, at once where there is a challenge.
func readRecord(key otp.Key, lock string, get func(dest any, query string, args ...any) error) (recordRow, error) {
	var row recordRow
	err := get(&row, fmt.Sprintf(selectRecord, lock), key.LoginID, key.Method, key.PersonID, key.Method)
	if errors.Is(err, idp.ErrNotFound) {
		err = get(&row.budgetRow, selectBudget+lock, key.PersonID, key.Method)
	}
	if errors.Is(err, idp.ErrNotFound) {
		return recordRow{}, nil
	}
	return row, err
}

// Update implements otp.Store. What change left alone is not written.
func (c Challenges) Update(ctx context.Context, key otp.Key, now time.Time, change func(*otp.Record) error) error {
	var changes []ledger.Change
	var refused error // by change, before anything was written: there is nothing to undo
	// Two requests for one call find no challenge yet, which nothing but the name keeps apart.
	names := []string{"challenge " + key.Method + " " + key.LoginID, "budget " + key.Method + " " + key.PersonID}
	err := c.s.writeHolding(ctx, names, func(tx *txn) error {
		changes = nil
		before, err := readRecord(key, tx.d.forUpdate, tx.Get)
		if err != nil {
			return err
		}
		rec := before.record()
		if refused = change(&rec); refused != nil {
			return nil
		}
		if err := charge(tx, rec.Charges, now); err != nil {
			return err
		}
		if changes, err = putAndFollow(tx, before.challengeRow, rec, now); err != nil {
			return err
		}
		if after := rowOfBudget(rec.Budget); after != before.budgetRow {
			return only(tx.NamedExec(putBudget, keyedBudget{PersonID: key.PersonID, Method: key.Method, budgetRow: after}))
		}
		return nil
	})
	if err = cmp.Or(err, refused); err != nil {
		return err
	}
	c.tell(changes)
	return nil
}

// putAndFollow writes the challenge, which before stood there as it says, where it
// changed, and has the ledger follow.
func putAndFollow(tx *txn, before challengeRow, rec otp.Record, now time.Time) ([]ledger.Change, error) {
	c := rec.Challenge
	if c == nil {
		return nil, nil
	}
	after := rowOfChallenge(c)
	if before == (challengeRow{}) {
		if _, err := tx.NamedExec(insertChallenge, after); err != nil {
			return nil, err
		}
		return follow(tx, nil, c, rec.Operator, now)
	}
	if before == after {
		return nil, nil
	}
	if err := tx.Change("challenges", []string{"login_id", "method"}, before, after); err != nil {
		return nil, err
	}
	return follow(tx, before.challenge(), c, rec.Operator, now)
}

// Due implements otp.Store.
func (c Challenges) Due(ctx context.Context, method string, now time.Time) (orders, polls bool, err error) {
	var due struct {
		Orders bool `db:"orders"`
		Polls  bool `db:"polls"`
	}
	err = c.s.read.Get(ctx, &due, fmt.Sprintf(selectWork, c.s.d.by(dueIndex)), method, at(now), method, at(now), at(now))
	return due.Orders, due.Polls, err
}

// Claim implements otp.Store.
func (c Challenges) Claim(ctx context.Context, method string, now, until time.Time) (*otp.Challenge, error) {
	var claimed *otp.Challenge
	var changes []ledger.Change
	err := c.s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		changes = nil
		claimed, err = claimOne(tx, fmt.Sprintf(claimDue, tx.d.by(dueIndex), tx.d.skipLocked), at(until), method, at(now), method)
		if claimed != nil {
			changes, err = follow(tx, claimed, claimed, "", now)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.tell(changes)
	return claimed, nil
}

// ClaimPoll implements otp.Store.
func (c Challenges) ClaimPoll(ctx context.Context, method string, now, next time.Time) (*otp.Challenge, error) {
	var claimed *otp.Challenge
	err := c.s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		claimed, err = claimOne(tx, fmt.Sprintf(claimPoll, tx.d.skipLocked), at(next), method, at(now), at(now), method)
		return err
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// claimOne is nil where nothing is left. That is no error: writes that share the
// transaction with one that fails are run again.
func claimOne(tx *txn, query string, args ...any) (*otp.Challenge, error) {
	var row challengeRow
	err := tx.Get(&row, query, args...)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return row.challenge(), nil
}

// Find implements otp.Store.
func (c Challenges) Find(ctx context.Context, method string, by otp.Lookup) (otp.Key, bool, error) {
	query, args := `id = ?`, []any{by.ID}
	if by.ID == "" {
		query, args = `driver = ? AND call_id = ? AND call_id <> ''`, []any{by.Driver, by.CallID}
	}
	var row struct {
		LoginID  string `db:"login_id"`
		PersonID string `db:"person_id"`
	}
	err := c.s.read.Get(ctx, &row, `SELECT login_id, person_id FROM challenges WHERE `+query+` AND method = ? LIMIT 1`, append(args, method)...)
	if errors.Is(err, idp.ErrNotFound) {
		return otp.Key{}, false, nil
	}
	return otp.Key{Method: method, LoginID: row.LoginID, PersonID: row.PersonID}, err == nil, err
}

// deleteNumbers names the prefix literally, so that the index of numbers serves.
const deleteNumbers = `DELETE FROM budgets WHERE (person_id, method) IN
	(SELECT person_id, method FROM budgets WHERE person_id >= 'number:' AND person_id < 'number;'
	AND method = ? AND next_call < ? AND blocked_until < ? ORDER BY next_call LIMIT ?)`

// SweepNumbers implements otp.Store.
func (c Challenges) SweepNumbers(ctx context.Context, method string, before time.Time, limit int) (int, error) {
	var n int64
	err := c.s.write(ctx, func(tx *txn) (err error) {
		n, err = tx.Exec(deleteNumbers, method, at(before), at(before), max(limit, 0))
		return err
	})
	return int(n), err
}

// Sweep implements otp.Store.
func (c Challenges) Sweep(ctx context.Context, method string, before time.Time, limit int) (int, error) {
	var n int64
	err := c.s.write(ctx, func(tx *txn) (err error) {
		n, err = tx.Exec(`DELETE FROM challenges WHERE method = ? AND login_id IN
			(SELECT login_id FROM challenges WHERE method = ? AND requested_at < ? ORDER BY requested_at LIMIT ?)`,
			method, method, at(before), max(limit, 0))
		return err
	})
	return int(n), err
}
