package fill

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers
	_ "github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp/store"
)

// database is one that is filled, beside the store: with nothing kept safe.
type database struct {
	*sql.DB
	// numbers is a table of one column i, from the first number to the last.
	numbers string
	// pad writes i with ten digits.
	pad string
	// settle is run after the rows are in.
	settle []string
}

// openDatabase makes the schema and opens the database for filling.
func openDatabase(ctx context.Context, url string) (*database, error) {
	s, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openSQLite(ctx, path)
	}
	return openPostgres(ctx, url)
}

// openPostgres is for a superuser: references aren't checked row by row.
func openPostgres(ctx context.Context, url string) (*database, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, setting := range []string{`SET session_replication_role = replica`, `SET synchronous_commit = off`} {
		if _, err := db.ExecContext(ctx, setting); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return &database{
		DB:      db,
		numbers: `generate_series(CAST(%d AS BIGINT), CAST(%d AS BIGINT)) AS n(i)`,
		pad:     `lpad(CAST(i AS TEXT), 10, '0')`,
		settle:  []string{`VACUUM (ANALYZE)`},
	}, nil
}

func openSQLite(ctx context.Context, path string) (*database, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_foreign_keys=0&_journal_mode=OFF&_synchronous=OFF&_txlock=exclusive")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, pragma := range []string{`PRAGMA cache_size = -1000000`, `PRAGMA temp_store = FILE`} { // a gigabyte
		if _, err := db.ExecContext(ctx, pragma); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return &database{
		DB:      db,
		numbers: `(WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) AS n`,
		pad:     `printf('%010d', i)`,
	}, nil
}
