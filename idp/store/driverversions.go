package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/loops"
)

var _ drivers.Records = (*Store)(nil)

type versionRow struct {
	scriptRow
	Number  int    `db:"number"`
	Comment string `db:"comment"`
	At      stamp  `db:"at"`
}

func (r versionRow) version() *drivers.Version {
	return &drivers.Version{
		Driver: r.Driver, Number: r.Number, Script: r.script(), Base: r.Base, AuthorID: r.AuthorID, Author: r.Author,
		Comment: r.Comment, At: r.At.Time,
	}
}

const selectVersion = `SELECT driver, number, language, source, manifest, cases, base, author_id, author, comment, at FROM driver_versions`

// DriverVersion implements drivers.Versions.
func (s *Store) DriverVersion(ctx context.Context, driver string, number int) (*drivers.Version, error) {
	var row versionRow
	if err := s.read.Get(ctx, &row, selectVersion+` WHERE driver = ? AND number = ?`, driver, number); err != nil {
		return nil, err
	}
	return row.version(), nil
}

// DriverVersions implements drivers.Versions.
func (s *Store) DriverVersions(ctx context.Context, driver string, limit int) ([]*drivers.Version, error) {
	query, args := selectVersion+` WHERE driver = ? ORDER BY number DESC LIMIT ?`, []any{driver, limit}
	if driver == "" {
		query = selectVersion + ` WHERE (driver, number) IN (SELECT driver, max(number) FROM driver_versions GROUP BY driver) ORDER BY driver LIMIT ?`
		args = []any{limit}
	}
	var rows []versionRow
	if err := s.read.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	list := make([]*drivers.Version, len(rows))
	for i, r := range rows {
		list[i] = r.version()
	}
	return list, nil
}

// SealDraft implements drivers.Versions.
func (s *Store) SealDraft(ctx context.Context, v *drivers.Version, edition int, digest string) (*drivers.Version, error) {
	var made *drivers.Version
	err := s.write(ctx, func(tx *txn) error {
		var draft draftRow
		if err := tx.Get(&draft, selectDraft+` WHERE driver = ? AND edition = ?`, v.Driver, edition); err != nil {
			return err
		}
		if draft.script().Digest() != digest {
			return drivers.ErrEdited
		}
		row := versionRow{scriptRow: draft.scriptRow, Comment: v.Comment, At: at(v.At)}
		row.AuthorID, row.Author = v.AuthorID, v.Author
		if err := tx.Get(&row.Number, `SELECT coalesce(max(number), 0) + 1 FROM driver_versions WHERE driver = ?`, v.Driver); err != nil {
			return err
		}
		if err := only(tx.NamedExec(`INSERT INTO driver_versions (driver, number, language, source, manifest, cases, base, author_id, author, comment, at)
			VALUES (:driver, :number, :language, :source, :manifest, :cases, :base, :author_id, :author, :comment, :at)`, row)); err != nil {
			return err
		}
		made = row.version()
		return one(tx.Exec(`DELETE FROM driver_drafts WHERE driver = ?`, v.Driver))
	})
	return made, edited(err)
}

type releaseRow struct {
	Driver      string `db:"driver"`
	Number      int    `db:"number"`
	By          string `db:"released_by"`
	ConfirmedBy string `db:"confirmed_by"`
	At          stamp  `db:"at"`
}

// AddRelease implements drivers.Versions.
func (s *Store) AddRelease(ctx context.Context, r drivers.Release) error {
	row := releaseRow{Driver: r.Driver, Number: r.Number, By: r.By, ConfirmedBy: r.ConfirmedBy, At: at(r.At)}
	return s.write(ctx, func(tx *txn) error {
		err := only(tx.NamedExec(`INSERT INTO driver_releases (driver, number, released_by, confirmed_by, at)
			VALUES (:driver, :number, :released_by, :confirmed_by, :at) ON CONFLICT DO NOTHING`, row))
		return errors.Join(err, tx.notify())
	})
}

// Releases implements drivers.Versions.
func (s *Store) Releases(ctx context.Context, driver string) ([]drivers.Release, error) {
	var rows []releaseRow
	err := s.read.Select(ctx, &rows, `SELECT driver, number, released_by, confirmed_by, at FROM driver_releases
		WHERE driver = ? ORDER BY number DESC`, driver)
	if err != nil {
		return nil, err
	}
	list := make([]drivers.Release, len(rows))
	for i, r := range rows {
		list[i] = drivers.Release{Driver: r.Driver, Number: r.Number, By: r.By, ConfirmedBy: r.ConfirmedBy, At: r.At.Time}
	}
	return list, nil
}

// PublishedDriver gives a version as nodes serve it. idp.ErrNotFound where there is no
// such version, or where nobody who may let it serve did so: the settings alone
// make no script serve.
func (s *Store) PublishedDriver(ctx context.Context, name string, number int) (*loops.Driver, error) {
	var row versionRow
	err := s.read.Get(ctx, &row, selectVersion+` WHERE driver = ? AND number = ?
		AND EXISTS (SELECT 1 FROM driver_releases r WHERE r.driver = driver_versions.driver AND r.number = driver_versions.number)`, name, number)
	if err != nil {
		return nil, err
	}
	return row.version().AsDriver()
}

type requestRow struct {
	Driver    string `db:"driver"`
	Number    int    `db:"number"`
	Digest    string `db:"digest"`
	Published int    `db:"published"`
	ByID      string `db:"asked_by_id"`
	By        string `db:"asked_by"`
	Comment   string `db:"comment"`
	At        stamp  `db:"at"`
}

func (r requestRow) request() *drivers.Request {
	return &drivers.Request{
		Driver: r.Driver, Number: r.Number, Digest: r.Digest, Published: r.Published, ByID: r.ByID, By: r.By, Comment: r.Comment, At: r.At.Time,
	}
}

const selectRequest = `SELECT driver, number, digest, published, asked_by_id, asked_by, comment, at FROM driver_requests`

// PutRequest implements drivers.Requests.
func (s *Store) PutRequest(ctx context.Context, r drivers.Request) error {
	row := requestRow{
		Driver: r.Driver, Number: r.Number, Digest: r.Digest, Published: r.Published, ByID: r.ByID, By: r.By, Comment: r.Comment, At: at(r.At),
	}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO driver_requests (driver, number, digest, published, asked_by_id, asked_by, comment, at)
			VALUES (:driver, :number, :digest, :published, :asked_by_id, :asked_by, :comment, :at)
			ON CONFLICT (driver) DO UPDATE SET number = excluded.number, digest = excluded.digest, published = excluded.published,
			asked_by_id = excluded.asked_by_id, asked_by = excluded.asked_by, comment = excluded.comment, at = excluded.at`, row))
	})
}

// RequestOf implements drivers.Requests.
func (s *Store) RequestOf(ctx context.Context, driver string) (*drivers.Request, error) {
	var row requestRow
	if err := s.read.Get(ctx, &row, selectRequest+` WHERE driver = ?`, driver); err != nil {
		return nil, err
	}
	return row.request(), nil
}

// Requests implements drivers.Requests.
func (s *Store) Requests(ctx context.Context) ([]*drivers.Request, error) {
	var rows []requestRow
	if err := s.read.Select(ctx, &rows, selectRequest+` ORDER BY driver`); err != nil {
		return nil, err
	}
	list := make([]*drivers.Request, len(rows))
	for i, r := range rows {
		list[i] = r.request()
	}
	return list, nil
}

// TakeRequest implements drivers.Requests.
func (s *Store) TakeRequest(ctx context.Context, r drivers.Request) error {
	return edited(s.write(ctx, func(tx *txn) error {
		return one(tx.Exec(`DELETE FROM driver_requests WHERE driver = ? AND number = ? AND digest = ? AND asked_by_id = ? AND at = ?`,
			r.Driver, r.Number, r.Digest, r.ByID, at(r.At)))
	}))
}

type trialRow struct {
	ID       string `db:"id"`
	Driver   string `db:"driver"`
	Kind     string `db:"kind"`
	By       string `db:"tried_by"`
	At       stamp  `db:"at"`
	Digest   string `db:"digest"`
	Entry    string `db:"entry"`
	Outcome  string `db:"outcome"`
	Detail   string `db:"detail"`
	Provider string `db:"provider"`
	Fault    string `db:"fault"`
	Phone    string `db:"phone"`
	Millis   int64  `db:"millis"`
}

// AddTrial implements drivers.Trials.
func (s *Store) AddTrial(ctx context.Context, t drivers.Trial, keep int) error {
	row := trialRow{
		ID: t.ID, Driver: t.Driver, Kind: t.Kind, By: t.By, At: at(t.At), Digest: t.Digest, Entry: t.Entry, Outcome: t.Outcome,
		Detail: t.Detail, Provider: t.Provider, Fault: t.Fault, Phone: t.Phone, Millis: t.Millis,
	}
	return s.write(ctx, func(tx *txn) error {
		_, err := tx.NamedExec(`INSERT INTO driver_trials (id, driver, kind, tried_by, at, digest, entry, outcome, detail, provider, fault, phone, millis)
			VALUES (:id, :driver, :kind, :tried_by, :at, :digest, :entry, :outcome, :detail, :provider, :fault, :phone, :millis)`, row)
		if err != nil {
			return err
		}
		return only(tx.Exec(`DELETE FROM driver_trials WHERE driver = ? AND id NOT IN
			(SELECT id FROM driver_trials WHERE driver = ? ORDER BY at DESC, id DESC LIMIT ?)`, t.Driver, t.Driver, keep))
	})
}

// TrialsOf implements drivers.Trials.
func (s *Store) TrialsOf(ctx context.Context, driver string) ([]drivers.Trial, error) {
	var rows []trialRow
	err := s.read.Select(ctx, &rows, `SELECT id, driver, kind, tried_by, at, digest, entry, outcome, detail, provider, fault, phone, millis
		FROM driver_trials WHERE driver = ? ORDER BY at DESC, id DESC`, driver)
	if err != nil {
		return nil, err
	}
	list := make([]drivers.Trial, len(rows))
	for i, r := range rows {
		list[i] = drivers.Trial{
			ID: r.ID, Driver: r.Driver, Kind: r.Kind, By: r.By, At: r.At.Time, Digest: r.Digest, Entry: r.Entry, Outcome: r.Outcome,
			Detail: r.Detail, Provider: r.Provider, Fault: r.Fault, Phone: r.Phone, Millis: r.Millis,
		}
	}
	return list, nil
}

// ChargeTrial implements drivers.Trials.
func (s *Store) ChargeTrial(ctx context.Context, charges []otp.Charge, now time.Time) error {
	return s.writeHolding(ctx, nil, func(tx *txn) error { return charge(tx, charges, now) })
}
