package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/idp/store/steadyplans"
)

const (
	// writerBusy is short because SQLite's own waiting sleeps longer and longer,
	// up to 100 ms: beside a process that writes without a pause it would meet
	// the moment between two transactions too seldom. database.retry goes on.
	writerBusy = "10"    // milliseconds
	readerBusy = "10000" // only while another process opens or closes the file
)

// lockPause is how long a process waits before it asks for the lock again.
const lockPause = 20 * time.Millisecond

// sqlite is the database in the file path.
func sqlite(path string) (*database, error) {
	if strings.HasPrefix(path, ":memory:") || strings.HasPrefix(path, "//") {
		return nil, fmt.Errorf("the database URL %q names no file: write sqlite:PATH", "sqlite:"+path)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("finding the database %s: %w", path, err)
	}
	d := &database{
		name:    path,
		system:  "sqlite",
		dialect: goose.DialectSQLite3,
		plans:   newPlans(),
		bare:    true,
		pins:    true,
		open:    func(ctx context.Context) (*sqlx.DB, *sqlx.DB, error) { return openSQLite(ctx, abs) },
		lock:    func(ctx context.Context) (func() error, error) { return lockFolder(ctx, filepath.Dir(abs)) },
		taken:   takenInSQLite,
		busy:    busyInSQLite,
		away:    awayInSQLite,
		upkeep:  sqliteUpkeep{path: abs, name: path},
		size:    `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`,
	}
	d.start = func(write *sqlx.DB) committer { return startWriter(d, write) }
	return d, nil
}

// openSQLite opens one connection that writes and a pool that can't.
//
// _txlock=immediate: a deferred transaction that turns into a writer fails at
// once with "database is locked", and no time-out saves it. _mutex=no:
// database/sql never uses a connection twice at once.
func openSQLite(ctx context.Context, path string) (write, read *sqlx.DB, err error) {
	if err := errors.Join(steadyplans.Keep(), createFile(path)); err != nil {
		return nil, nil, err
	}
	both := url.Values{"_foreign_keys": {"1"}, "_mutex": {"no"}, "_stmt_cache_size": {"128"}}
	write = connect(path, both, url.Values{
		"mode": {"rw"}, "_busy_timeout": {writerBusy}, "_txlock": {"immediate"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"},
	})
	write.SetMaxOpenConns(1)
	if err := tryWriting(ctx, write); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	read = connect(path, both, url.Values{"mode": {"ro"}, "_busy_timeout": {readerBusy}, "_query_only": {"1"}})
	read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	read.SetMaxIdleConns(max(4, runtime.NumCPU()))
	return write, read, nil
}

// tryWriting connects and takes the write lock once: a file that can't be
// written opens without a word, and the first login would meet it.
func tryWriting(ctx context.Context, write *sqlx.DB) error {
	err := retry(ctx, busyInSQLite, func() error {
		tx, err := write.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		return tx.Rollback()
	})
	var e sqlite3.Error
	if errors.As(err, &e) && (e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrCantOpen) {
		return fmt.Errorf("the file or its folder can't be written; look at the owner and the mode of both, and whether the disk is mounted read-only: %w", err)
	}
	return err
}

// createFile makes the file readable to its owner alone; SQLite gives the files
// beside it (-wal, -shm) the same mode. A file that exists is not touched, not
// even opened: closing it would drop the locks that this process has on it.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), syncFolder(filepath.Dir(path)))
}

// syncFolder puts the file's name on the disk; SQLite syncs what it creates
// itself, but this file was there when it came.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// connect joins the options into the data source name. The pool keeps what it
// opened: a connection that is closed and opened anew costs its caches.
func connect(path string, options ...url.Values) *sqlx.DB {
	query := make([]string, len(options))
	for i, o := range options {
		query[i] = o.Encode()
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(query, "&")}
	return sqlx.NewDb(sql.OpenDB(sqliteConnector(dsn.String())), "sqlite3")
}

// sqliteConnector spares a driver registered under a global name.
type sqliteConnector string

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(string(c))
}

func (c sqliteConnector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// lockFolder locks the folder of the database, which it makes where it isn't
// there. Two processes that open a new file at once would otherwise meet while
// one turns it into WAL mode, which SQLite answers with "database is locked"
// whatever the time-out. It is a lock on the folder because a lock file would
// stay behind, and a second descriptor of the database itself drops SQLite's
// own locks when it is closed.
func lockFolder(ctx context.Context, folder string) (func() error, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return f.Close, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(fmt.Errorf("locking the folder %s: %w", folder, err), f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(lockPause):
		}
	}
}

func takenInSQLite(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) &&
		(e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

func busyInSQLite(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}
