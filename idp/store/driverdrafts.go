package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
)

// scriptRow are the columns that a draft and a version have in common.
type scriptRow struct {
	Driver   string                     `db:"driver"`
	Language string                     `db:"language"`
	Source   string                     `db:"source"`
	Manifest string                     `db:"manifest"`
	Cases    jsonOf[[]drivers.CaseFile] `db:"cases"`
	Base     int                        `db:"base"`
	AuthorID string                     `db:"author_id"`
	Author   string                     `db:"author"`
}

func (r scriptRow) script() drivers.Script {
	s := drivers.Script{Language: drivers.Language(r.Language), Source: r.Source, Manifest: r.Manifest, Cases: r.Cases.V}
	if s.Cases == nil {
		s.Cases = []drivers.CaseFile{}
	}
	return s
}

func scriptOf(driver string, s drivers.Script, base int, authorID, author string) scriptRow {
	return scriptRow{
		Driver: driver, Language: string(s.Language), Source: s.Source, Manifest: s.Manifest, Cases: asJSON(s.Cases),
		Base: base, AuthorID: authorID, Author: author,
	}
}

type draftRow struct {
	scriptRow
	Edition   int   `db:"edition"`
	CreatedAt stamp `db:"created_at"`
	UpdatedAt stamp `db:"updated_at"`
}

func (r draftRow) draft() *drivers.Draft {
	return &drivers.Draft{
		Driver: r.Driver, Script: r.script(), Base: r.Base, Edition: r.Edition, AuthorID: r.AuthorID, Author: r.Author,
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
}

const selectDraft = `SELECT driver, language, source, manifest, cases, base, edition, author_id, author, created_at, updated_at FROM driver_drafts`

// DraftOf implements drivers.Drafts.
func (s *Store) DraftOf(ctx context.Context, driver string) (*drivers.Draft, error) {
	var row draftRow
	if err := s.read.Get(ctx, &row, selectDraft+` WHERE driver = ?`, driver); err != nil {
		return nil, err
	}
	return row.draft(), nil
}

// Drafts implements drivers.Drafts.
func (s *Store) Drafts(ctx context.Context) ([]*drivers.Draft, error) {
	var rows []draftRow
	if err := s.read.Select(ctx, &rows, selectDraft+` ORDER BY driver`); err != nil {
		return nil, err
	}
	list := make([]*drivers.Draft, len(rows))
	for i, r := range rows {
		list[i] = r.draft()
	}
	return list, nil
}

// SaveDraft implements drivers.Drafts.
func (s *Store) SaveDraft(ctx context.Context, d *drivers.Draft, seen int) error {
	row := draftRow{
		scriptRow: scriptOf(d.Driver, d.Script, d.Base, d.AuthorID, d.Author),
		Edition:   seen, CreatedAt: at(d.CreatedAt), UpdatedAt: at(d.UpdatedAt),
	}
	query := `UPDATE driver_drafts SET language = :language, source = :source, manifest = :manifest, cases = :cases, base = :base,
		edition = edition + 1, author_id = :author_id, author = :author, updated_at = :updated_at
		WHERE driver = :driver AND edition = :edition`
	if seen == 0 {
		row.Edition = int(d.CreatedAt.UnixMicro()) // a draft that comes after this one has another
		query = `INSERT INTO driver_drafts (driver, language, source, manifest, cases, base, edition, author_id, author, created_at, updated_at)
			VALUES (:driver, :language, :source, :manifest, :cases, :base, :edition, :author_id, :author, :created_at, :updated_at)`
	}
	return edited(s.write(ctx, func(tx *txn) error { return one(tx.NamedExec(query, row)) }))
}

// DropDraft implements drivers.Drafts.
func (s *Store) DropDraft(ctx context.Context, driver string, edition int) error {
	return edited(s.write(ctx, func(tx *txn) error {
		return one(tx.Exec(`DELETE FROM driver_drafts WHERE driver = ? AND edition = ?`, driver, edition))
	}))
}

// edited says that what was to be changed is not what its writer saw.
func edited(err error) error {
	if errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrTaken) {
		return drivers.ErrEdited
	}
	return err
}
