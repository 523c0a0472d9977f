package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

var _ audit.Records = (*Store)(nil)

type auditRow struct {
	Seq       int64  `db:"seq"`
	At        stamp  `db:"at"`
	Type      string `db:"type"`
	Subject   string `db:"subject"`
	Object    string `db:"object"`
	ClientID  string `db:"client_id"`
	SessionID string `db:"session_id"`
	Procedure string `db:"procedure"`
	IP        string `db:"ip"`
	Body      string `db:"body"`
	Hash      string `db:"hash"`
}

const (
	auditColumns = `seq, at, type, subject, object, client_id, session_id, procedure, ip, body, hash`
	selectAudit  = `SELECT ` + auditColumns + ` FROM audit `
	auditInsert  = `INSERT INTO audit (` + auditColumns + `) VALUES ` + auditValues
	auditValues  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// One statement, so that marks and rows are of one moment.
	selectAuditTail = `SELECT m.name, m.seq, m.hash, m.proof FROM audit_marks m WHERE m.name IN ('head', 'anchor')
		UNION ALL SELECT 'last', coalesce(max(seq), 0), '', '' FROM audit`
	putAuditMark = `INSERT INTO audit_marks (name, seq, hash, proof) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, proof = excluded.proof`
)

// auditColumnCount is how many values a row takes; auditAtOnce rows go into one
// statement.
const (
	auditColumnCount = len(auditValues) / len(`?, `)
	auditAtOnce      = 32
)

type auditMark struct {
	Name  string `db:"name"`
	Seq   int64  `db:"seq"`
	Hash  string `db:"hash"`
	Proof string `db:"proof"`
}

func auditTail(marks []auditMark) (t audit.Tail) {
	for _, m := range marks {
		mark := audit.Mark{Seq: m.Seq, Hash: m.Hash, Proof: m.Proof}
		switch m.Name {
		case audit.HeadMark:
			t.Head = mark
		case audit.AnchorMark:
			t.Anchor = mark
		case "last":
			t.Last = m.Seq
		}
	}
	return t
}

// auditLock is held by who adds to the trail or takes from it: every record is
// chained to the one before.
func auditLock() []string { return []string{"audit"} }

func putMark(tx *txn, name string, m audit.Mark) error {
	return only(tx.Exec(putAuditMark, name, m.Seq, m.Hash, m.Proof))
}

// ExtendAudit implements audit.Records.
func (s *Store) ExtendAudit(ctx context.Context, extend func(audit.Tail) ([]audit.Row, audit.Mark)) error {
	return s.writeHolding(ctx, auditLock(), func(tx *txn) error {
		var marks []auditMark
		if err := tx.Select(&marks, selectAuditTail); err != nil {
			return err
		}
		rows, head := extend(auditTail(marks))
		for len(rows) > 0 {
			n := auditAtOnce
			if len(rows) < n {
				n = 1 // two statements in all, which the connection keeps prepared
			}
			if err := insertAudit(tx, rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
		return putMark(tx, audit.HeadMark, head)
	})
}

func insertAudit(tx *txn, rows []audit.Row) error {
	args := make([]any, 0, len(rows)*auditColumnCount)
	for _, r := range rows {
		args = append(args, r.Seq, at(r.At), r.Type, r.Subject, r.Object, r.ClientID, r.SessionID, r.Procedure, r.IP, r.Body, r.Hash)
	}
	query := auditInsert
	if len(rows) > 1 {
		query += strings.Repeat(", "+auditValues, len(rows)-1)
	}
	return only(tx.Exec(query, args...))
}

// AuditTail implements audit.Reading.
func (s *Store) AuditTail(ctx context.Context) (audit.Tail, error) {
	var marks []auditMark
	err := s.read.Select(ctx, &marks, selectAuditTail)
	return auditTail(marks), err
}

// AuditChain implements audit.Reading.
func (s *Store) AuditChain(ctx context.Context, after int64, limit int) ([]audit.Row, error) {
	return s.audit(ctx, selectAudit+`WHERE seq > ? ORDER BY seq LIMIT ?`, after, max(limit, 0))
}

func (s *Store) audit(ctx context.Context, query string, args ...any) ([]audit.Row, error) {
	var rows []auditRow
	if err := s.read.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]audit.Row, len(rows))
	for i, r := range rows {
		out[i] = r.row()
	}
	return out, nil
}

func (r auditRow) row() audit.Row {
	return audit.Row{Seq: r.Seq, Body: r.Body, Hash: r.Hash, Index: audit.Index{
		At: r.At.Time, Type: r.Type, Subject: r.Subject, Object: r.Object, ClientID: r.ClientID, SessionID: r.SessionID,
		Procedure: r.Procedure, IP: r.IP,
	}}
}

// SweepAudit implements audit.Records. It ends at the first row that is to be
// kept: the chain has no holes.
func (s *Store) SweepAudit(ctx context.Context, before time.Time, limit int, anchor func(audit.Row) audit.Mark) (n int, mark audit.Mark, err error) {
	err = s.writeHolding(ctx, auditLock(), func(tx *txn) error {
		var rows []auditRow
		if err := tx.Select(&rows, selectAudit+`WHERE seq < (SELECT max(seq) FROM audit) ORDER BY seq LIMIT ?`, max(limit, 0)); err != nil {
			return err
		}
		for n = 0; n < len(rows) && rows[n].At.Before(before); n++ {
		}
		if n == 0 {
			return nil
		}
		mark = anchor(rows[n-1].row())
		if err := putMark(tx, audit.AnchorMark, mark); err != nil {
			return err
		}
		return only(tx.Exec(`DELETE FROM audit WHERE seq <= ?`, mark.Seq))
	})
	if err != nil {
		return 0, audit.Mark{}, err
	}
	return n, mark, nil
}

// TakeAuditEmitter gives the named emitter to the holder until the time given, and
// how far it has come and how often it failed. False where another holds it, or it
// is not to be tried yet. One that is new begins behind what is there.
func (s *Store) TakeAuditEmitter(ctx context.Context, name, holder string, now, until time.Time) (seq int64, tries int, ok bool, err error) {
	err = s.writeHolding(ctx, nil, func(tx *txn) error {
		_, err := tx.Exec(`INSERT INTO audit_emitters (name, seq, holder, due_at, tries)
			SELECT ?, coalesce(max(seq), 0), '', 0, 0 FROM audit WHERE true ON CONFLICT (name) DO NOTHING`, name)
		if err != nil {
			return err
		}
		var row struct {
			Seq   int64 `db:"seq"`
			Tries int   `db:"tries"`
		}
		err = tx.Get(&row, `UPDATE audit_emitters SET holder = ?, due_at = ? WHERE name = ? AND due_at <= ? RETURNING seq, tries`,
			holder, at(until), name, at(now))
		if errors.Is(err, idp.ErrNotFound) {
			seq, tries, ok = 0, 0, false
			return nil
		}
		seq, tries, ok = row.Seq, row.Tries, err == nil
		return err
	})
	return seq, tries, ok, err
}

// MoveAuditEmitter notes how far the holder has come, and until when it is the
// holder's; the time now gives it back. idp.ErrNotFound where it is another's by now.
func (s *Store) MoveAuditEmitter(ctx context.Context, name, holder string, seq int64, tries int, due time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		return one(tx.Exec(`UPDATE audit_emitters SET seq = ?, tries = ?, due_at = ? WHERE name = ? AND holder = ?`,
			seq, tries, at(due), name, holder))
	})
}
