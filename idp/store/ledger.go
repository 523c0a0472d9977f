package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

var _ ledger.Records = (*Store)(nil)

// Telling is Challenges whose changes of calls are told, each once it is on disk;
// told must not block. What is settled is told to who settles (SettleCalls).
func (c Challenges) Telling(told func(ledger.Change)) Challenges {
	return Challenges{s: c.s, told: told}
}

func (c Challenges) tell(changes []ledger.Change) {
	if c.told == nil {
		return
	}
	for _, change := range changes {
		c.told(change)
	}
}

// follow has the ledger follow a challenge that was changed, in the transaction of
// the change; before is nil where the login had none, operator that of a number that
// is called for the first time in it.
func follow(tx *txn, before, after *otp.Challenge, operator string, now time.Time) (changes []ledger.Change, err error) {
	note := func(old, fresh ledger.Call) error {
		change := ledger.Change{Before: old, After: fresh}
		changes = append(changes, change)
		return putCall(tx, change)
	}
	if before != nil && before.ID != after.ID {
		left, err := keptCall(tx, before.ID)
		if err != nil {
			return nil, err
		}
		if gone := left.Leave(after.Passed, now); left.ID != "" && gone != left {
			if err := note(left, gone); err != nil {
				return nil, err
			}
		}
		if left.Phone == after.Phone {
			operator = cmp.Or(left.Operator, operator)
		}
	}
	if !ledger.Ordered(after) {
		return changes, nil
	}
	var old ledger.Call
	if before != nil && before.ID == after.ID { // else the ID was made for this change
		if old, err = keptCall(tx, after.ID); err != nil {
			return nil, err
		}
	}
	fresh := old.Follow(after, now)
	if old.ID == "" {
		fresh = ledger.Begin(after, operator, now)
	}
	if fresh == old {
		return changes, nil
	}
	return changes, note(old, fresh)
}

// keptCall is zero where the call isn't kept: it was ordered before there was a
// ledger, or has been swept.
func keptCall(tx *txn, id string) (ledger.Call, error) {
	var row ledgerRow
	err := tx.GetForUpdate(&row, selectLedger+` WHERE id = ?`, id)
	if errors.Is(err, idp.ErrNotFound) {
		return ledger.Call{}, nil
	}
	return row.call(), err
}

// putCall writes the call, and into the figures what it changes there.
func putCall(tx *txn, c ledger.Change) error {
	var err error
	if c.Before.ID == "" {
		err = only(tx.NamedExec(insertLedger, rowOfCall(c.After)))
	} else {
		err = tx.Change("calls", []string{"id"}, rowOfCall(c.Before), rowOfCall(c.After))
	}
	for _, d := range c.Deltas() {
		if err == nil {
			err = addTo(tx, d)
		}
	}
	return err
}

// addTo adds to the figures of a quarter. Most are there already, and then few
// columns of them change.
func addTo(tx *txn, d ledger.Delta) error {
	row := rowOfFigures(d)
	query, args := moreFigures(row)
	if n, err := tx.Exec(query, args...); err != nil || n > 0 {
		return err
	}
	return only(tx.NamedExec(addFigures, row))
}

// The state is that of the index of calls that are underway.
const selectOver = selectLedger + ` WHERE ended_at = 0 AND until <= ? ORDER BY until LIMIT ?`

// SettleCalls implements ledger.Records. It looks before it writes.
func (s *Store) SettleCalls(ctx context.Context, now time.Time, limit int) (changes []ledger.Change, err error) {
	var due []ledgerRow
	if err := s.read.Select(ctx, &due, selectOver, at(now), max(limit, 0)); err != nil || len(due) == 0 {
		return nil, err
	}
	err = s.write(ctx, func(tx *txn) error {
		changes = nil
		var rows []ledgerRow
		if err := tx.Select(&rows, selectOver, at(now), max(limit, 0)); err != nil {
			return err
		}
		for _, row := range rows {
			change := ledger.Change{Before: row.call(), After: row.call().Settle(now)}
			if err := putCall(tx, change); err != nil {
				return err
			}
			changes = append(changes, change)
		}
		return nil
	})
	return changes, err
}

// SweepCalls implements ledger.Records.
func (s *Store) SweepCalls(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.sweep(ctx, expiring{table: "calls", key: "id", column: "at"}, before, limit)
}

// SweepFigures implements ledger.Records. It takes whole quarters.
func (s *Store) SweepFigures(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.sweep(ctx, expiring{table: "call_figures", key: "at", column: "at"}, before, limit)
}
