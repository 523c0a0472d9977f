package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// ErrUsePgDump: PostgreSQL is backed up by its own programs.
var ErrUsePgDump = errors.New("this command copies SQLite files alone")

// backupPages are copied before the context is looked at again.
const backupPages = 4096

// BackedUp is what Backup did.
type BackedUp struct {
	// File is the copy.
	File string `json:"file"`
	// Bytes is its size.
	Bytes int64 `json:"bytes"`
	// Tables with the rows that both the database and its copy have.
	Tables []TableRows `json:"tables"`
}

// Backup copies a SQLite database, as it is at one moment, into the new file to,
// while nodes read and write. The copy is one whole file, readable to its owner
// alone: it appears under its name only when it is on the disk and was opened,
// checked as Inspect does, and found to have as many rows as its source.
//
// ErrUsePgDump for PostgreSQL, fs.ErrExist where the file is there.
func Backup(ctx context.Context, from, to string) (_ BackedUp, err error) {
	d, err := databaseFor(from)
	if err != nil {
		return BackedUp{}, err
	}
	if _, ok := d.upkeep.(sqliteUpkeep); !ok {
		return BackedUp{}, ErrUsePgDump
	}
	if to, err = filepath.Abs(to); err != nil {
		return BackedUp{}, err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return BackedUp{}, errors.Join(err, fmt.Errorf("backing up to %s: %w", to, fs.ErrExist))
	}
	part, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".part-*") // mode 0600
	if err != nil {
		return BackedUp{}, fmt.Errorf("making the backup's file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeAll(part.Name(), part.Name()+"-journal", part.Name()+"-wal", part.Name()+"-shm"))
		}
	}()
	if err := part.Close(); err != nil {
		return BackedUp{}, err
	}
	counts, err := copySQLite(ctx, d, part.Name())
	if err != nil {
		return BackedUp{}, fmt.Errorf("copying the database %s: %w", d.name, err)
	}
	if err := verifyCopy(ctx, part.Name(), counts); err != nil {
		return BackedUp{}, fmt.Errorf("checking the copy of %s: %w", d.name, err)
	}
	return publish(part.Name(), to, counts)
}

// publish gives the file its name, unless another got there first.
func publish(part, to string, counts []TableRows) (BackedUp, error) {
	info, err := os.Stat(part)
	if err != nil {
		return BackedUp{}, err
	}
	if err := os.Link(part, to); err != nil { // unlike a rename it replaces nothing
		return BackedUp{}, fmt.Errorf("naming the backup: %w", err)
	}
	if err := errors.Join(os.Remove(part), syncFolder(filepath.Dir(to))); err != nil {
		return BackedUp{}, fmt.Errorf("naming the backup: %w", err)
	}
	return BackedUp{File: to, Bytes: info.Size(), Tables: counts}, nil
}

func removeAll(files ...string) error {
	var errs []error
	for _, f := range files {
		if err := os.Remove(f); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// copySQLite copies what one reading transaction sees, which is why writes beside
// it don't make it begin again, and counts the rows in the same transaction.
func copySQLite(ctx context.Context, d *database, to string) (counts []TableRows, err error) {
	source, err := d.upkeep.openRead(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	c, err := source.Connx(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	tx, err := c.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	if counts, err = countRows(ctx, d, tx); err != nil {
		return nil, err
	}
	return counts, copyPages(ctx, c, to)
}

func copyPages(ctx context.Context, source *sqlx.Conn, to string) (err error) {
	dsn := url.URL{Scheme: "file", Path: to, RawQuery: "mode=rw"}
	copied, err := sqliteConnector(dsn.String()).Connect(ctx)
	if err != nil {
		return err
	}
	target := copied.(*sqlite3.SQLiteConn)
	defer func() { err = errors.Join(err, target.Close()) }()
	err = source.Raw(func(c any) error {
		from, ok := c.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("the connection is %T", c)
		}
		b, err := target.Backup("main", from, "main")
		if err != nil {
			return err
		}
		return errors.Join(stepAll(ctx, b), b.Finish())
	})
	if err != nil {
		return err
	}
	return execRaw(ctx, target, `PRAGMA journal_mode = DELETE`) // one file, without a log beside it
}

func stepAll(ctx context.Context, b *sqlite3.SQLiteBackup) error {
	for {
		if done, err := b.Step(backupPages); done || err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func execRaw(ctx context.Context, c driver.ExecerContext, statement string) error {
	_, err := c.ExecContext(ctx, statement, nil)
	return err
}

// verifyCopy opens the copy as a database of its own, checks it and compares the
// numbers of rows.
func verifyCopy(ctx context.Context, file string, counts []TableRows) error {
	found, err := Inspect(ctx, "sqlite:"+file)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range found.Faults {
		errs = append(errs, errors.New(f.What))
	}
	if found.Version == found.Known && !slices.Equal(found.Tables, counts) {
		errs = append(errs, fmt.Errorf("the rows are %v, the source's were %v", found.Tables, counts))
	}
	return errors.Join(errs...)
}
