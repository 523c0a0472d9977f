package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// sqliteUpkeep is the upkeep of the database in the file path.
type sqliteUpkeep struct{ path, name string }

// insertValues is about how many values one INSERT takes.
const insertValues = 512

func (u sqliteUpkeep) place() string {
	if real, err := filepath.EvalSymlinks(u.path); err == nil {
		return real
	}
	return u.path
}

func (sqliteUpkeep) text(text string) string { return text }

func (u sqliteUpkeep) exists(context.Context) error {
	info, err := os.Stat(u.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return fmt.Errorf("there is no database %s", u.name)
	}
	return err
}

func (u sqliteUpkeep) openRead(ctx context.Context) (*sqlx.DB, error) {
	if err := u.exists(ctx); err != nil {
		return nil, err
	}
	read := connect(u.path, url.Values{
		"mode": {"ro"}, "_busy_timeout": {readerBusy}, "_query_only": {"1"}, "_foreign_keys": {"1"}, "_mutex": {"no"},
	})
	read.SetMaxOpenConns(1)
	if err := read.PingContext(ctx); err != nil {
		return nil, errors.Join(err, read.Close())
	}
	return read, nil
}

func (u sqliteUpkeep) tables(ctx context.Context, q sqlx.QueryerContext) ([]table, error) {
	var names []string
	err := sqlx.SelectContext(ctx, q, &names, `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' AND name <> 'moves' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	all := make([]table, len(names))
	for i, name := range names {
		all[i].name = name
		if err := sqlx.SelectContext(ctx, q, &all[i].columns, `SELECT name, lower(type) AS kind FROM pragma_table_info(?) ORDER BY name`, name); err != nil {
			return nil, err
		}
		if err := sqlx.SelectContext(ctx, q, &all[i].needs, `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`, name); err != nil {
			return nil, err
		}
	}
	return byNeed(all)
}

// hold has nothing to do: a transaction of the writing side begins with the lock
// of the whole file.
func (sqliteUpkeep) hold(context.Context, *sqlx.Tx, []table) error { return nil }

func (sqliteUpkeep) strip(ctx context.Context, tx *sqlx.Tx) ([]string, error) {
	var found []struct {
		Type string `db:"type"`
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	err := tx.SelectContext(ctx, &found, `SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
		AND tbl_name NOT LIKE 'goose_%' AND tbl_name <> 'moves' ORDER BY type, name`)
	if err != nil {
		return nil, err
	}
	var restore []string
	for _, f := range found {
		if _, err := tx.ExecContext(ctx, "DROP "+f.Type+" "+quoted(f.Name)); err != nil {
			return nil, err
		}
		restore = append(restore, f.SQL)
	}
	// Until the commit: rows of one table may come before those that they refer to.
	_, err = tx.ExecContext(ctx, `PRAGMA defer_foreign_keys = 1`)
	return restore, err
}

func (sqliteUpkeep) erase(ctx context.Context, tx *sqlx.Tx, tables []table) error {
	for _, t := range slices.Backward(tables) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+quoted(t.name)); err != nil {
			return err
		}
	}
	return nil
}

func (sqliteUpkeep) load(ctx context.Context, _ *sqlx.Conn, tx *sqlx.Tx, t table, next func() ([]any, error)) error {
	atOnce := max(1, insertValues/len(t.columns))
	many, err := tx.PreparexContext(ctx, insertRows(t, atOnce))
	if err != nil {
		return err
	}
	defer many.Close()
	full := atOnce * len(t.columns)
	args := make([]any, 0, full)
	for {
		row, err := next()
		if err != nil {
			return err
		}
		if args = append(args, row...); row != nil && len(args) < full {
			continue
		}
		switch {
		case len(args) == full:
			_, err = many.ExecContext(ctx, args...)
		case len(args) > 0:
			_, err = tx.ExecContext(ctx, insertRows(t, len(args)/len(t.columns)), args...)
		}
		if err != nil || row == nil {
			return err
		}
		args = args[:0]
	}
}

func insertRows(t table, n int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ") + ")"
	return "INSERT INTO " + quoted(t.name) + " (" + t.quoted() + ") VALUES " + one + strings.Repeat(", "+one, n-1)
}

func (sqliteUpkeep) seal(ctx context.Context, tx *sqlx.Tx, tables []table, message string) error {
	for _, t := range tables {
		for _, verb := range []string{"INSERT", "UPDATE", "DELETE"} {
			_, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TRIGGER %s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, %s); END`,
				quoted(sealPrefix+strings.ToLower(verb)+"_"+t.name), verb, quoted(t.name), literal(message)))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// settle puts the log, which is as large as all that was moved, into the file.
func (sqliteUpkeep) settle(ctx context.Context, c *sqlx.Conn) error {
	_, err := c.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// faults reads every page.
func (sqliteUpkeep) faults(ctx context.Context, tx *sqlx.Tx) ([]Fault, error) {
	var faults []Fault
	for _, check := range []struct{ name, query, format string }{
		{"integrity", `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`, "%s"},
		{"references", `SELECT DISTINCT "table" FROM pragma_foreign_key_check`, "rows of the table %s refer to others that aren't there"},
	} {
		var found []string
		err := tx.SelectContext(ctx, &found, check.query)
		if isCorrupt(err) {
			return append(faults, Fault{Check: check.name, What: err.Error()}), nil
		}
		if err != nil {
			return nil, err
		}
		for _, what := range found {
			faults = append(faults, Fault{Check: check.name, What: fmt.Sprintf(check.format, what)})
		}
	}
	return faults, nil
}

// isCorrupt: of SQLite's code, or PostgreSQL's class XX.
func isCorrupt(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrCorrupt || strings.HasPrefix(codeOf(err), "XX")
}
