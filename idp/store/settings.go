package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/settings"
)

var _ settings.Store = (*Store)(nil)

type revisionRow struct {
	Number  int                       `db:"number"`
	At      stamp                     `db:"at"`
	By      string                    `db:"by"`
	Comment string                    `db:"comment"`
	Changes jsonOf[[]settings.Change] `db:"changes"`
	Layer   jsonOf[settings.Layer]    `db:"layer"`
}

func (r revisionRow) revision() settings.Revision {
	return settings.Revision{Number: r.Number, At: r.At.Time, By: r.By, Comment: r.Comment, Changes: r.Changes.V, Layer: r.Layer.V}
}

const selectRevisions = `SELECT number, at, "by", comment, changes, layer FROM settings_revisions`

// AppendRevision implements settings.Store. The primary key decides who was first,
// and the statement itself that there is no gap before it.
func (s *Store) AppendRevision(ctx context.Context, r settings.Revision) error {
	return s.write(ctx, func(tx *txn) error {
		n, err := tx.Exec(`INSERT INTO settings_revisions (number, at, "by", comment, changes, layer)
			SELECT ?, ?, ?, ?, ?, ? WHERE ? <= (SELECT coalesce(max(number), 0) + 1 FROM settings_revisions)`,
			r.Number, at(r.At), r.By, r.Comment, asJSON(r.Changes), asJSON(r.Layer), r.Number)
		if err == nil && n == 0 {
			return idp.ErrNotFound
		}
		return errors.Join(err, tx.notify())
	})
}

// RevisionByNumber implements settings.Store.
func (s *Store) RevisionByNumber(ctx context.Context, number int) (settings.Revision, error) {
	var row revisionRow
	err := s.read.Get(ctx, &row, selectRevisions+` WHERE number = ?`, number)
	return row.revision(), err
}

// Revisions implements settings.Store.
func (s *Store) Revisions(ctx context.Context, before, n int) ([]settings.Revision, error) {
	var rows []revisionRow
	if err := s.read.Select(ctx, &rows, selectRevisions+` WHERE number < ? ORDER BY number DESC LIMIT ?`, before, max(n, 0)); err != nil {
		return nil, err
	}
	all := make([]settings.Revision, len(rows))
	for i, r := range rows {
		all[i] = r.revision()
	}
	return all, nil
}

// LatestRevision implements settings.Store.
func (s *Store) LatestRevision(ctx context.Context) (int, error) {
	var number int
	err := s.read.Get(ctx, &number, `SELECT coalesce(max(number), 0) FROM settings_revisions`)
	return number, err
}
