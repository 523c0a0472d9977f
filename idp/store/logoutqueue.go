package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
)

var _ backchannel.Queue = (*Store)(nil)

type noticeRow struct {
	Session  string `db:"session"`
	ClientID string `db:"client_id"`
	UserID   string `db:"user_id"`
	QueuedAt stamp  `db:"queued_at"`
	DueAt    stamp  `db:"due_at"`
	Tries    int    `db:"tries"`
}

// selectDueNotice is read outside of the write, because it may pass over many notices
// of clients that have all their leases; leaseNotice looks again.
const (
	selectDueNotice = `SELECT session, client_id, user_id, queued_at, due_at, tries FROM logout_notices n WHERE due_at <= ?
		AND (SELECT count(*) FROM logout_notices held WHERE held.client_id = n.client_id AND held.holder <> '' AND held.due_at > ?) < ?
		ORDER BY due_at, session LIMIT 1`
	leaseNotice = `UPDATE logout_notices SET holder = ?, due_at = ?, tries = tries + 1
		WHERE session = ? AND client_id = ? AND due_at = ? AND tries = ?`
)

// TakeNotice implements backchannel.Queue. Where another node was faster it takes
// the next one.
func (s *Store) TakeNotice(ctx context.Context, l backchannel.Lease) (*backchannel.Notice, error) {
	for {
		var row noticeRow
		if err := s.read.Get(ctx, &row, selectDueNotice, at(l.Now), at(l.Now), l.PerClient); err != nil {
			return nil, err
		}
		var taken int64
		err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
			taken, err = tx.Exec(leaseNotice, l.Holder, at(l.Until), row.Session, row.ClientID, row.DueAt, row.Tries)
			return err
		})
		if err != nil {
			return nil, err
		}
		if taken == 1 {
			return &backchannel.Notice{
				Session: row.Session, ClientID: row.ClientID, UserID: row.UserID, QueuedAt: row.QueuedAt.Time,
				Tries: row.Tries + 1, Holder: l.Holder,
			}, nil
		}
	}
}

// DropNotice implements backchannel.Queue.
func (s *Store) DropNotice(ctx context.Context, n *backchannel.Notice) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM logout_notices WHERE session = ? AND client_id = ? AND holder = ?`,
			n.Session, n.ClientID, n.Holder))
	})
}

// PostponeNotice implements backchannel.Queue.
func (s *Store) PostponeNotice(ctx context.Context, n *backchannel.Notice, own, others time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		held, err := tx.Exec(`UPDATE logout_notices SET holder = '', due_at = ? WHERE session = ? AND client_id = ? AND holder = ?`,
			at(own), n.Session, n.ClientID, n.Holder)
		if err != nil || held == 0 || others.IsZero() {
			return err
		}
		return only(tx.Exec(`UPDATE logout_notices SET due_at = ? WHERE client_id = ? AND holder = '' AND due_at < ?`,
			at(others), n.ClientID, at(others)))
	})
}
