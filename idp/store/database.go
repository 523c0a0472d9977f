package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// database is all that differs from one database to the next. SQL elsewhere
// uses what they share: RETURNING, ON CONFLICT, "?" for arguments (rebound
// where the driver wants another form; so never a "?" inside a literal, nor a
// ":" in a named query's).
type database struct {
	meter  Meter  // nil where nobody wants to know
	tracer Tracer // nil where nobody wants to know
	// system is what OpenTelemetry calls it.
	system string
	// name is shown in errors; it holds no password.
	name string
	// dialect for the migrations, which lie in the folder of that name.
	dialect goose.Dialect
	// open returns the writing and the reading side. The writing one has been
	// connected once, so that what it sets up is there for the readers.
	open func(ctx context.Context) (write, read *sqlx.DB, err error)
	// plans are of this database's queries.
	plans *plans
	// bare says that the connections are to be used without database/sql: see bare.
	bare bool
	// lock holds off every other process that wants to open or migrate.
	lock func(ctx context.Context) (unlock func() error, err error)
	// start returns what runs the writes.
	start func(write *sqlx.DB) committer
	// taken says whether the error is a unique key's.
	taken func(error) bool
	// busy says whether another process was in the way and the same may succeed later.
	busy func(error) bool
	// away says whether the database failed, and not what was asked of it: see told.
	away func(error) bool
	// upkeep is for moves, backups and checks.
	upkeep upkeep
	// listen tells of what other nodes notified of, until ctx ends; nil where the
	// database has no such thing, and notify is empty then.
	listen func(ctx context.Context, told func())
	notify string
	// texts, where set, gives the arguments with texts that the database can keep.
	texts func(args []any) []any
	// forUpdate ends a query in a transaction for rows that no other may change before
	// it ends; empty where no other writes meanwhile.
	forUpdate string
	// skipLocked ends a query for what is to be claimed, so that it looks past what
	// others are claiming now.
	skipLocked string
	// pins says that a query may name its index ("INDEXED BY"), and must where two begin
	// alike: see database.by.
	pins bool
	// size is the query for the bytes that the database takes.
	size string
}

// by has a query read this index of the table that it follows. Without statistics
// SQLite takes the longer one of two that begin alike, the whole table's in place of
// that of the few rows that are meant. PostgreSQL has statistics.
func (d *database) by(index string) string {
	if !d.pins {
		return ""
	}
	return ` INDEXED BY ` + index
}

// keepable are arguments that the database takes as they are.
func (d *database) keepable(args []any) []any {
	if d.texts == nil {
		return args
	}
	return d.texts(args)
}

// committer runs writes in transactions: see writer and parallel.
type committer interface {
	write(ctx context.Context, change func(*txn) error) error
	// writeHolding: see Store.writeHolding.
	writeHolding(ctx context.Context, names []string, change func(*txn) error) error
	// close lets what was accepted finish; false when it was closed before.
	close() bool
	stats() Stats
}

// patience is how long a transaction waits for those of other processes, and anybody
// for a server that says nothing.
const patience = 10 * time.Second

// retry runs try again while another process is in the way. The database waits
// a little before it says so, so this doesn't spin.
func retry(ctx context.Context, busy func(error) bool, try func() error) error {
	for giveUp := time.Now().Add(patience); ; {
		err := try()
		if err == nil || !busy(err) || ctx.Err() != nil || time.Now().After(giveUp) {
			return err
		}
	}
}

// databaseFor understands the settings' URL: sqlite:PATH, or one of PostgreSQL.
func databaseFor(url string) (*database, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		return sqlite(rest)
	case scheme == "sqlite":
		return nil, errors.New(`the database URL "sqlite:" lacks a file: write sqlite:PATH`)
	case scheme == "postgres" || scheme == "postgresql":
		return postgres(url)
	}
	// The URL may hold a password, so it isn't repeated here.
	return nil, fmt.Errorf("the database URL begins with %q: write sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE", scheme)
}
