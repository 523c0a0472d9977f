package fill

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver

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
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return nil, fmt.Errorf("databases of the URL %s can't be filled", strings.SplitN(url, ":", 2)[0])
	}
	return openSQLite(ctx, path)
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
