package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// What the drivers say, and whether the database failed or what was asked of it.
func TestWhatIsUnavailable(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for name, c := range map[string]struct {
		away        func(error) bool
		err         error
		unavailable bool
	}{
		"SQLite: the disk is full":          {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrFull}, true},
		"SQLite: the disk is read-only":     {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrReadonly}, true},
		"SQLite: the disk is broken":        {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrIoErr}, true},
		"SQLite: the file is gone":          {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrCantOpen}, true},
		"SQLite: others write":              {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrBusy}, true},
		"SQLite: a wrong statement":         {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrError}, false},
		"SQLite: a constraint":              {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrConstraint}, false},
		"SQLite: a damaged file":            {awayInSQLite, sqlite3.Error{Code: sqlite3.ErrCorrupt}, false},
		"SQLite: time is over":              {awayInSQLite, context.DeadlineExceeded, true},
		"SQLite: the caller gave up":        {awayInSQLite, context.Canceled, false},
		"PostgreSQL: nobody listens":        {awayInPostgres, refused, true},
		"PostgreSQL: it hung up":            {awayInPostgres, io.ErrUnexpectedEOF, true},
		"PostgreSQL: a dead connection":     {awayInPostgres, driver.ErrBadConn, true},
		"PostgreSQL: it was shut down":      {awayInPostgres, &pgconn.PgError{Code: "57P01"}, true},
		"PostgreSQL: it starts":             {awayInPostgres, &pgconn.PgError{Code: "57P03"}, true},
		"PostgreSQL: no connection left":    {awayInPostgres, &pgconn.PgError{Code: "53300"}, true},
		"PostgreSQL: the disk is full":      {awayInPostgres, &pgconn.PgError{Code: "53100"}, true},
		"PostgreSQL: the disk is broken":    {awayInPostgres, &pgconn.PgError{Code: "58030"}, true},
		"PostgreSQL: a standby":             {awayInPostgres, &pgconn.PgError{Code: "25006"}, true},
		"PostgreSQL: not serializable":      {awayInPostgres, &pgconn.PgError{Code: "40001"}, true},
		"PostgreSQL: a transaction is over": {awayInPostgres, sql.ErrTxDone, true},
		"PostgreSQL: a wrong statement":     {awayInPostgres, &pgconn.PgError{Code: "42601"}, false},
		"PostgreSQL: no such table":         {awayInPostgres, &pgconn.PgError{Code: "42P01"}, false},
		"PostgreSQL: a constraint":          {awayInPostgres, &pgconn.PgError{Code: "23503"}, false},
		"PostgreSQL: the caller gave up":    {awayInPostgres, context.Canceled, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := &database{away: c.away}
			err := d.told(t.Context(), fmt.Errorf("doing something: %w", c.err))
			if errors.Is(err, idp.ErrUnavailable) != c.unavailable || !errors.Is(err, c.err) {
				t.Errorf("told %v", err)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			if err := d.told(gone, c.err); errors.Is(err, idp.ErrUnavailable) {
				t.Errorf("who gave up is told %v", err)
			}
		})
	}
}

// What a real SQLite says. Writes that share a commit: TestAFullDisk.
func TestSQLiteThatFails(t *testing.T) {
	big := func(tx *txn) error { return insert(strings.Repeat("x", 1<<20))(tx) }
	wrong := func(tx *txn) error { return only(tx.Exec(`INSERT INTO nowhere VALUES (1)`)) }
	for name, c := range map[string]struct {
		pragma      string
		change      func(*txn) error
		unavailable bool
	}{
		"a full disk":       {`PRAGMA max_page_count = 1`, big, true}, // SQLite takes the pages that there are for the least
		"a read-only disk":  {`PRAGMA query_only = 1`, insert("a"), true},
		"a wrong statement": {`PRAGMA max_page_count`, wrong, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openInside(t)
			if _, err := s.writer.(*writer).db.Exec(c.pragma); err != nil {
				t.Fatal(err)
			}
			for i, err := range []error{s.write(t.Context(), c.change), s.writeHolding(t.Context(), nil, c.change)} {
				if err == nil || errors.Is(err, idp.ErrUnavailable) != c.unavailable {
					t.Errorf("write %d was told %v", i, err)
				}
			}
			if err := s.read.Get(t.Context(), new(int), `SELECT count(*) FROM browsers`); err != nil {
				t.Errorf("reading meanwhile: %v", err)
			}
		})
	}
}

// Another process that writes for too long: what SQLite says then.
func TestSQLiteThatIsBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	d, err := sqlite(path)
	if err != nil {
		t.Fatal(err)
	}
	var writers [2]*sqlx.DB
	for i := range writers {
		write, read, err := openSQLite(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer write.Close()
		defer read.Close()
		writers[i] = write
	}
	tx, err := writers[0].Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err = writers[1].Begin(); !errors.Is(d.told(t.Context(), err), idp.ErrUnavailable) {
		t.Errorf("the second one is told %v", err)
	}
}

// A file whose name leads nowhere any more, to a reader that has to open it.
func TestSQLiteThatIsGone(t *testing.T) {
	s := openInside(t)
	s.read.db.SetMaxIdleConns(0)
	var path string
	if err := s.read.Get(t.Context(), &path, `SELECT file FROM pragma_database_list WHERE name = 'main'`); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".gone"); err != nil {
		t.Fatal(err)
	}
	if err := s.read.Get(t.Context(), new(int), `SELECT count(*) FROM browsers`); !errors.Is(err, idp.ErrUnavailable) {
		t.Errorf("a reader is told %v", err)
	}
	if err := os.Rename(path+".gone", path); err != nil {
		t.Fatal(err)
	}
	if err := s.read.Get(t.Context(), new(int), `SELECT count(*) FROM browsers`); err != nil {
		t.Errorf("with the file again: %v", err)
	}
}

func TestAClosedStoreIsUnavailable(t *testing.T) {
	s := openInside(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var n int
	for name, err := range map[string]error{
		"reading one": s.read.Get(t.Context(), &n, `SELECT 1`), "reading all": s.read.Select(t.Context(), &[]int{}, `SELECT 1`),
		"writing": s.write(t.Context(), insert("a")),
	} {
		if !errors.Is(err, idp.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a real PostgreSQL says that is stopped, has no connection left, or takes no writes.
func TestPostgresThatFails(t *testing.T) {
	server := pgserver.Start(t, pgserver.Options{})
	s, err := Open(t.Context(), Options{URL: server.URL("postgres") + "&pool_max_conns=4"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	read := func(ctx context.Context) error { return s.read.Get(ctx, new(int), `SELECT count(*) FROM browsers`) }
	moment := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // the store waits for ten seconds otherwise
		t.Cleanup(cancel)
		return ctx
	}
	check := func(what string, err error, unavailable bool) {
		t.Helper()
		if err == nil || errors.Is(err, idp.ErrUnavailable) != unavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	check("a wrong statement", s.read.Get(t.Context(), new(int), `SELECT 1 FROM nowhere`), false)
	check("a wrong write", s.write(t.Context(), func(tx *txn) error { return only(tx.Exec(`INSERT INTO nowhere VALUES (1)`)) }), false)
	given, cancel := context.WithCancel(t.Context())
	cancel()
	check("who gave up", read(given), false)

	for range 2 { // all that readers may have
		conn, err := s.read.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	check("no connection is free", read(moment()), true)

	if _, err := s.writer.(*parallel).db.Exec(`SET default_transaction_read_only = on`); err != nil {
		t.Fatal(err)
	}
	check("it takes no writes", s.write(t.Context(), insert("a")), true)
	server.Stop()
	check("reading while it is stopped", read(moment()), true)
	check("writing while it is stopped", s.write(moment(), insert("a")), true)
}

// A PostgreSQL that takes what it is sent and says nothing: nobody waits for it without
// end, be it for an answer or for a connection that somebody else waits on.
func TestPostgresThatFallsSilent(t *testing.T) {
	server := pgserver.Start(t, pgserver.Options{})
	s, err := Open(t.Context(), Options{URL: server.URL("postgres") + "&pool_max_conns=4"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.read.patience, s.writer.(*parallel).patience = 50*time.Millisecond, 50*time.Millisecond
	const silent = `SELECT count(*) FROM pg_sleep(600)`
	hold := func(db *sqlx.DB) {
		for range 2 {
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
		}
	}
	check := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, idp.ErrUnavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
	check("reading one", s.read.Get(t.Context(), new(int), silent))
	check("reading all", s.read.Select(t.Context(), &[]int{}, silent))
	check("writing", s.write(t.Context(), func(tx *txn) error { return only(tx.Exec(silent)) }))
	hold(s.read.db)
	hold(s.writer.(*parallel).db)
	check("reading, with others in the way", s.read.Get(t.Context(), new(int), `SELECT 1`))
	check("writing, with others in the way", s.write(t.Context(), insert("a")))
}

// Who writes while the server has been away for longer than anybody waits is told at
// once, until it is back.
func TestNobodyWaitsForAServerThatIsLongGone(t *testing.T) {
	server := pgserver.Start(t, pgserver.Options{Durable: true})
	s, err := Open(t.Context(), Options{URL: server.URL("postgres")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	server.Stop()
	began := time.Now()
	s.writer.(*parallel).away.Store(began.Add(-patience).UnixNano())
	if err := s.write(t.Context(), insert("a")); !errors.Is(err, idp.ErrUnavailable) || time.Since(began) > patience/2 {
		t.Errorf("after %v told %v", time.Since(began), err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), insert("a")); err != nil || s.writer.(*parallel).away.Load() != 0 {
		t.Errorf("back again: %v", err)
	}
}
