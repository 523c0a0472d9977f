package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
)

// Challenges is the store as otp.Store sees it.
type Challenges struct{ s *Store }

var _ otp.Store = Challenges{}

// Challenges returns the one-time-code engine's view of the store.
func (s *Store) Challenges() Challenges { return Challenges{s} }

type challengeRow struct {
	LoginID     string `db:"login_id"`
	Method      string `db:"method"`
	ID          string `db:"id"`
	PersonID    string `db:"person_id"`
	Phone       string `db:"phone"`
	RemoteIP    string `db:"remote_ip"`
	State       string `db:"state"`
	CodeLength  int    `db:"code_length"`
	CodeHash    string `db:"code_hash"`
	Attempts    int    `db:"attempts"`
	Wrong       bool   `db:"wrong"`
	Failure     string `db:"failure"`
	CallerMask  string `db:"caller_mask"`
	RequestedAt stamp  `db:"requested_at"`
	Until       stamp  `db:"until"`
	ResendAt    stamp  `db:"resend_at"`
}

type budgetRow struct {
	PersonID     string `db:"person_id"`
	Method       string `db:"method"`
	Used         int    `db:"used"`
	BlockedUntil stamp  `db:"blocked_until"`
	NextCall     stamp  `db:"next_call"`
}

const (
	challengeColumns = `login_id, method, id, person_id, phone, remote_ip, state, code_length, code_hash, attempts, wrong,
		failure, caller_mask, requested_at, until, resend_at`
	selectChallenge = `SELECT ` + challengeColumns + ` FROM challenges WHERE login_id = ? AND method = ?`
	putChallenge    = `INSERT INTO challenges (` + challengeColumns + `)
		VALUES (:login_id, :method, :id, :person_id, :phone, :remote_ip, :state, :code_length, :code_hash, :attempts, :wrong,
		:failure, :caller_mask, :requested_at, :until, :resend_at)
		ON CONFLICT (login_id, method) DO UPDATE SET id = excluded.id, person_id = excluded.person_id, phone = excluded.phone,
		remote_ip = excluded.remote_ip, state = excluded.state, code_length = excluded.code_length,
		code_hash = excluded.code_hash, attempts = excluded.attempts, wrong = excluded.wrong, failure = excluded.failure,
		caller_mask = excluded.caller_mask, requested_at = excluded.requested_at, until = excluded.until,
		resend_at = excluded.resend_at`
	// The state is a literal, so that the index of what is due serves.
	selectDue = `SELECT login_id FROM challenges WHERE method = ? AND state = 'requested' AND until > ?
		ORDER BY requested_at LIMIT 1`
	claimDue = `UPDATE challenges SET state = 'calling', until = ?
		WHERE login_id = (` + selectDue + `) AND method = ? AND state = 'requested' RETURNING ` + challengeColumns
	selectBudget = `SELECT person_id, method, used, blocked_until, next_call FROM budgets WHERE person_id = ? AND method = ?`
	putBudget    = `INSERT INTO budgets (person_id, method, used, blocked_until, next_call)
		VALUES (:person_id, :method, :used, :blocked_until, :next_call)
		ON CONFLICT (person_id, method) DO UPDATE SET used = excluded.used, blocked_until = excluded.blocked_until,
		next_call = excluded.next_call`
)

func rowOfChallenge(c *otp.Challenge) challengeRow {
	return challengeRow{
		LoginID: c.LoginID, Method: c.Method, ID: c.ID, PersonID: c.PersonID, Phone: c.Phone, RemoteIP: c.RemoteIP,
		State: string(c.State), CodeLength: c.CodeLength, CodeHash: c.CodeHash, Attempts: c.Attempts, Wrong: c.Wrong,
		Failure: c.Failure, CallerMask: c.CallerMask,
		RequestedAt: at(c.RequestedAt), Until: at(c.Until), ResendAt: at(c.ResendAt),
	}
}

func (r challengeRow) challenge() *otp.Challenge {
	return &otp.Challenge{
		LoginID: r.LoginID, Method: r.Method, ID: r.ID, PersonID: r.PersonID, Phone: r.Phone, RemoteIP: r.RemoteIP,
		State: otp.State(r.State), CodeLength: r.CodeLength, CodeHash: r.CodeHash, Attempts: r.Attempts, Wrong: r.Wrong,
		Failure: r.Failure, CallerMask: r.CallerMask,
		RequestedAt: r.RequestedAt.Time, Until: r.Until.Time, ResendAt: r.ResendAt.Time,
	}
}

// Load implements otp.Store.
func (c Challenges) Load(ctx context.Context, key otp.Key) (otp.Record, error) {
	return loadRecord(key, func(dest any, query string, args ...any) error {
		return c.s.read.Get(ctx, dest, query, args...)
	})
}

func loadRecord(key otp.Key, get func(dest any, query string, args ...any) error) (rec otp.Record, err error) {
	var challenge challengeRow
	switch err := get(&challenge, selectChallenge, key.LoginID, key.Method); {
	case err == nil:
		rec.Challenge = challenge.challenge()
	case !errors.Is(err, idp.ErrNotFound):
		return otp.Record{}, err
	}
	var budget budgetRow
	if err := get(&budget, selectBudget, key.PersonID, key.Method); err != nil && !errors.Is(err, idp.ErrNotFound) {
		return otp.Record{}, err
	}
	rec.Budget = otp.Budget{Used: budget.Used, BlockedUntil: budget.BlockedUntil.Time, NextCall: budget.NextCall.Time}
	return rec, nil
}

// Update implements otp.Store. What change left alone is not written.
func (c Challenges) Update(ctx context.Context, key otp.Key, change func(*otp.Record) error) error {
	return c.s.write(ctx, func(tx *txn) error {
		rec, err := loadRecord(key, tx.Get)
		if err != nil {
			return err
		}
		var before challengeRow
		if rec.Challenge != nil {
			before = rowOfChallenge(rec.Challenge)
		}
		budget := rec.Budget
		if err := change(&rec); err != nil {
			return err
		}
		if rec.Challenge != nil && rowOfChallenge(rec.Challenge) != before {
			if _, err := tx.NamedExec(putChallenge, rowOfChallenge(rec.Challenge)); err != nil {
				return err
			}
		}
		if rec.Budget == budget {
			return nil
		}
		return only(tx.NamedExec(putBudget, budgetRow{
			PersonID: key.PersonID, Method: key.Method, Used: rec.Budget.Used, BlockedUntil: at(rec.Budget.BlockedUntil),
			NextCall: at(rec.Budget.NextCall),
		}))
	})
}

// Claim implements otp.Store. It looks before it writes, so that workers that
// ask often cost the writer nothing while there is no work.
func (c Challenges) Claim(ctx context.Context, method string, now, until time.Time) (*otp.Challenge, error) {
	var login string
	var row challengeRow
	err := c.s.read.Get(ctx, &login, selectDue, method, at(now))
	if err == nil {
		err = c.s.write(ctx, func(tx *txn) error {
			return tx.Get(&row, claimDue, at(until), method, at(now), method)
		})
	}
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return row.challenge(), nil
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
