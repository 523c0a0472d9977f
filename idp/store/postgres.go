package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

const (
	// migrationLock is the advisory lock of who opens or migrates: "ringtail" in ASCII.
	migrationLock = 0x72696e677461696c
	// poolSize is the URL's own parameter, as pgxpool has it: how many connections a
	// process keeps at most, half of them for writing.
	poolSize = "pool_max_conns"
	// A connection waits for a row or a table for so long.
	lockTimeout = "10s"
	// A transaction that asks nothing for so long is over. A node that the network cut
	// off in the middle of one never says so, and the server would keep its locks, the
	// audit chain's among them, until TCP gives up after hours. Shorter than
	// lockTimeout, so that who waits for those locks gets them.
	idleTimeout = "5s"
)

// errPostgresURL repeats nothing of the URL, which may hold a password.
var errPostgresURL = errors.New("the database URL isn't one of PostgreSQL: write postgres://USER:PASSWORD@HOST:PORT/DATABASE")

// postgres is the database that the URL names. What the URL leaves open, PGHOST,
// PGPASSWORD and their kind say.
func postgres(text string) (*database, error) {
	config, size, err := postgresConfig(text)
	if err != nil {
		return nil, err
	}
	d := &database{
		name:       fmt.Sprintf("%s at %s", config.Database, config.Host),
		system:     "postgresql",
		dialect:    goose.DialectPostgres,
		open:       func(ctx context.Context) (*sqlx.DB, *sqlx.DB, error) { return openPostgres(ctx, config, size) },
		lock:       func(ctx context.Context) (func() error, error) { return lockPostgres(ctx, config) },
		plans:      newPlans(),
		taken:      func(err error) bool { return codeOf(err) == "23505" },
		busy:       busyInPostgres,
		away:       awayInPostgres,
		listen:     newListener(config).listen,
		notify:     notifyOthers,
		texts:      textsForPostgres,
		forUpdate:  " FOR NO KEY UPDATE", // no key is changed, and who refers to the row needn't wait
		skipLocked: " FOR UPDATE SKIP LOCKED",
		size:       `SELECT pg_database_size(current_database())`,
	}
	d.upkeep = postgresUpkeep{config: config, name: d.name}
	d.start = func(write *sqlx.DB) committer { return startParallel(d, write) }
	return d, nil
}

func postgresConfig(text string) (*pgx.ConnConfig, int, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, 0, errPostgresURL
	}
	size, query := 2*max(8, 2*runtime.NumCPU()), u.Query()
	if query.Has(poolSize) {
		if size, err = strconv.Atoi(query.Get(poolSize)); err != nil || size < 4 {
			return nil, 0, fmt.Errorf("%s in the database URL is a number of connections, at least 4", poolSize)
		}
		query.Del(poolSize)
		u.RawQuery = query.Encode()
	}
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, 0, errPostgresURL
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = patience / 2
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "ringtail"
	}
	return config, size, nil
}

func openPostgres(ctx context.Context, config *pgx.ConnConfig, size int) (write, read *sqlx.DB, err error) {
	// Reading a table to its end would have SERIALIZABLE collide with every other
	// write to it, and the planner prefers that while the table is small.
	write = connectPostgres(config, size/2, map[string]string{
		"lock_timeout": lockTimeout, "idle_in_transaction_session_timeout": idleTimeout, "enable_seqscan": "off",
	})
	if err := untilThere(ctx, func() error { return write.PingContext(ctx) }); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	read = connectPostgres(config, size-size/2, map[string]string{"default_transaction_read_only": "on"})
	return write, read, nil
}

// connectPostgres keeps idle connections, whose statements are prepared; after a
// while the next one may go to another server, where the name leads there.
func connectPostgres(config *pgx.ConnConfig, size int, params map[string]string) *sqlx.DB {
	config = watchful(config)
	// A statement that can't do without reading a table to its end counts as so dear
	// where that is switched off, that compiling it would seem to pay: 100 ms each time.
	config.RuntimeParams["jit"] = "off"
	for name, value := range params {
		config.RuntimeParams[name] = value
	}
	db := sqlx.NewDb(sql.OpenDB(stdlib.GetConnector(*config, stdlib.OptionAfterConnect(speakAsSQLite))), "pgx")
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	return db
}

// lockPostgres holds the lock with a connection of its own: it goes when that does.
func lockPostgres(ctx context.Context, config *pgx.ConnConfig) (func() error, error) {
	var conn *pgx.Conn
	err := untilThere(ctx, func() (err error) {
		conn, err = pgx.ConnectConfig(ctx, config)
		return err
	})
	if err != nil {
		return nil, err
	}
	unlock := func() error { return conn.Close(context.Background()) }
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for another process that migrates: %w", err), unlock())
	}
	return unlock, nil
}

// untilThere tries again while the server is away, as it is when both start at once.
func untilThere(ctx context.Context, try func() error) error {
	return retry(ctx, busyInPostgres, func() error {
		err := try()
		if err != nil && busyInPostgres(err) {
			select {
			case <-ctx.Done():
			case <-time.After(lastPause):
			}
		}
		return err
	})
}

// codeOf is the SQLSTATE that the server told, empty where it told nothing. In a
// joined error it is the first one's, which the later ones follow from.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// undone: the server says that it rolled the transaction back because of others.
func undone(err error) bool {
	switch codeOf(err) {
	case "40001", "40P01", "55P03", "25P03": // not serializable, deadlock, lock not available in time, idle for too long
		return true
	}
	return false
}

// busyInPostgres adds that the server is away, which tells nothing of a COMMIT
// that was under way.
func busyInPostgres(err error) bool {
	switch code := codeOf(err); {
	case undone(err):
		return true
	case code == "53300", strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"): // too many connections, starting or stopping
		return true
	case code != "":
		return false
	}
	var away *net.OpError
	var refused *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &away) || errors.As(err, &refused) || pgconn.SafeToRetry(err)
}
