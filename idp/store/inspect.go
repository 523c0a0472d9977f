package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// Fault is one thing that is wrong with a database.
type Fault struct {
	// Check that found it: integrity, references, schema or audit.
	Check string `json:"check"`
	// What is wrong.
	What string `json:"what"`
}

// TableRows is a table with the number of its rows.
type TableRows struct {
	// Name is the table's.
	Name string `json:"name"`
	// Rows is their number.
	Rows int64 `json:"rows"`
}

// Inspection is what Inspect found. All is of one moment.
type Inspection struct {
	// Database is its name, without a password.
	Database string `json:"database"`
	// Version is the schema's; Known the one of this program.
	Version int64 `json:"version"`
	Known   int64 `json:"known"`
	// Refusal is why no node serves the database though it is whole: a move. Empty
	// for none.
	Refusal string `json:"refusal,omitempty"`
	// Faults, none in a whole database.
	Faults []Fault `json:"faults"`
	// Tables with their rows, by name.
	Tables []TableRows `json:"tables"`
}

// Inspect reads all of a database and tells what is wrong with it. It changes
// nothing: it doesn't migrate, and it stops nobody. The error is for what can't be
// read at all.
//
// Of the audit trail it checks that no record is missing between the anchor and the
// head. Whether records were changed only the key can tell (audit.Chain.Verify).
func Inspect(ctx context.Context, url string) (found Inspection, err error) {
	d, err := databaseFor(url)
	if err != nil {
		return Inspection{}, err
	}
	found = Inspection{Database: d.name, Faults: []Fault{}, Tables: []TableRows{}}
	err = found.open(ctx, d)
	if isCorrupt(err) { // so much that not even the schema can be read
		found.fault("integrity", "%v", err)
		return found, nil
	}
	if err != nil {
		return Inspection{}, fmt.Errorf("checking the database %s: %w", d.name, err)
	}
	return found, nil
}

func (i *Inspection) open(ctx context.Context, d *database) (err error) {
	db, err := d.upkeep.openRead(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	return i.read(ctx, d, tx)
}

func (i *Inspection) read(ctx context.Context, d *database, tx *sqlx.Tx) error {
	faults, err := d.upkeep.faults(ctx, tx)
	if err != nil {
		return err
	}
	i.Faults = append(i.Faults, faults...)
	if err := i.versions(ctx, d, tx); err != nil {
		return err
	}
	if i.Version != i.Known {
		return nil // what its tables hold this program doesn't know
	}
	mark, err := readMark(ctx, tx)
	if err != nil {
		return err
	}
	if refusal := mark.refusal(d.name); refusal != nil {
		i.Refusal = refusal.Error()
	}
	if i.Tables, err = countRows(ctx, d, tx); err != nil {
		return err
	}
	faults, err = trailFaults(ctx, tx)
	i.Faults = append(i.Faults, faults...)
	return err
}

// versions compares those that were applied with those that the program has.
func (i *Inspection) versions(ctx context.Context, d *database, tx *sqlx.Tx) error {
	known, err := knownVersions(d)
	if err != nil {
		return err
	}
	i.Known = known[len(known)-1]
	var applied []int64
	if err := tx.SelectContext(ctx, &applied, `SELECT DISTINCT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY version_id`); err != nil {
		return fmt.Errorf("reading the version; is it a database of Ringtail? %w", err)
	}
	has := map[int64]bool{}
	for _, v := range applied {
		has[v], i.Version = true, v
	}
	if i.Version > i.Known {
		i.fault("schema", "version %d is of a newer program; this one knows %d", i.Version, i.Known)
	}
	for _, v := range known {
		if v < i.Version && !has[v] {
			i.fault("schema", "the migration %d was not applied, though later ones were", v)
		}
	}
	return nil
}

func (i *Inspection) fault(check, format string, arguments ...any) {
	i.Faults = append(i.Faults, Fault{Check: check, What: fmt.Sprintf(format, arguments...)})
}

// knownVersions are the numbers of the migrations, ascending.
func knownVersions(d *database) ([]int64, error) {
	files, err := fs.Glob(migrations, path.Join("migrations", migrationFolder(d.dialect), "*.sql"))
	if err != nil {
		return nil, err
	}
	var versions []int64
	for _, file := range files { // sorted, and all numbers have five digits
		number, _, _ := strings.Cut(path.Base(file), "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the migration %s: %w", file, err)
		}
		versions = append(versions, v)
	}
	return versions, nil
}

func countRows(ctx context.Context, d *database, tx *sqlx.Tx) ([]TableRows, error) {
	tables, err := d.upkeep.tables(ctx, tx)
	if err != nil {
		return nil, err
	}
	counts := make([]TableRows, len(tables))
	for i, t := range tables {
		counts[i].Name = t.name
		if err := tx.GetContext(ctx, &counts[i].Rows, `SELECT count(*) FROM `+quoted(t.name)); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// trailFaults finds records that the audit trail lacks.
func trailFaults(ctx context.Context, tx *sqlx.Tx) ([]Fault, error) {
	var marks []auditMark
	if err := tx.SelectContext(ctx, &marks, selectAuditTail); err != nil {
		return nil, err
	}
	var rows struct {
		Count int64 `db:"count"`
		First int64 `db:"first"`
	}
	if err := tx.GetContext(ctx, &rows, `SELECT count(*) AS count, coalesce(min(seq), 0) AS first FROM audit`); err != nil {
		return nil, err
	}
	tail := auditTail(marks)
	var hash []string
	if err := tx.SelectContext(ctx, &hash, tx.Rebind(`SELECT hash FROM audit WHERE seq = ?`), tail.Head.Seq); err != nil {
		return nil, err
	}
	return trailShape(tail, rows.Count, rows.First, hash), nil
}

func trailShape(tail audit.Tail, count, first int64, headHash []string) (faults []Fault) {
	fault := func(format string, arguments ...any) {
		faults = append(faults, Fault{Check: "audit", What: fmt.Sprintf(format, arguments...)})
	}
	if count == 0 {
		if tail.Head.Seq != tail.Anchor.Seq {
			fault("all records are missing; the last one was %d", tail.Head.Seq)
		}
		return faults
	}
	if first != tail.Anchor.Seq+1 {
		fault("the first record is %d, but after the anchor it must be %d", first, tail.Anchor.Seq+1)
	}
	if holes := tail.Last - first + 1 - count; holes > 0 {
		fault("%d records between %d and %d are missing", holes, first, tail.Last)
	}
	switch {
	case tail.Last != tail.Head.Seq:
		fault("the last record is %d, but the head is %d", tail.Last, tail.Head.Seq)
	case len(headHash) == 1 && headHash[0] != tail.Head.Hash:
		fault("the last record isn't the one that the head names")
	}
	return faults
}
