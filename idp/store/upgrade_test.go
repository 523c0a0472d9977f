package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
)

// previous is the schema's version in the release before this one. Whoever makes a
// release sets it to the newest migration of that release.
const previous = 36

// promised is what statements of a version lean on: the columns that they name,
// what their inserts may leave out, and the keys that ON CONFLICT names.
type promised struct {
	columns  map[string]promise // by "table.column"
	uniques  []string           // "table (columns)"
	triggers []string
	checks   map[string]string // by table: the definition's CHECK clauses
}

// promise is a column as SQLite tells of it.
type promise struct {
	Table   string  `db:"tbl"`
	Name    string  `db:"name"`
	Type    string  `db:"type"`
	NotNull bool    `db:"needed"`
	Default *string `db:"fallback"`
}

// optional says whether an insert may leave it out.
func (c promise) optional() bool { return !c.NotNull || c.Default != nil }

func promises(t *testing.T, db *sqlx.DB) promised {
	t.Helper()
	p := promised{columns: map[string]promise{}, checks: map[string]string{}}
	var columns []promise
	const ours = ` m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`
	err := db.Select(&columns, `SELECT m.name AS tbl, c.name, c.type, c."notnull" AS needed, c.dflt_value AS fallback
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE`+ours)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		p.columns[c.Table+"."+c.Name] = c
	}
	err = db.Select(&p.uniques, `SELECT DISTINCT m.name || ' (' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
		FROM sqlite_master m, pragma_index_list(m.name) i WHERE i."unique" = 1 AND`+ours+` ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Select(&p.triggers, `SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	var tables []struct{ Name, SQL string }
	if err := db.Select(&tables, `SELECT m.name, m.sql FROM sqlite_master m WHERE`+ours); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		p.checks[table.Name] = fmt.Sprint(strings.Count(table.SQL, "CHECK"), " checks, ", strings.Count(table.SQL, "REFERENCES"), " references")
	}
	return p
}

// broken tells what statements that rested on before can't do any more.
func (p promised) broken(before promised) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	tables := map[string]bool{}
	for name, was := range before.columns {
		tables[was.Table] = true
		switch is, there := p.columns[name]; {
		case !there:
			fault("%s is gone", name)
		case is.Type != was.Type || is.NotNull && !was.NotNull || was.optional() && !is.optional():
			fault("%s was %+v and is %+v", name, was, is)
		}
	}
	for name, is := range p.columns {
		if _, old := before.columns[name]; !old && tables[is.Table] && !is.optional() {
			fault("%s is new and has no default: inserts that don't know it fail", name)
		}
	}
	for _, key := range before.uniques {
		if !slices.Contains(p.uniques, key) {
			fault("the unique key %s is gone", key)
		}
	}
	for _, key := range p.uniques {
		if table, _, _ := strings.Cut(key, " "); tables[table] && !slices.Contains(before.uniques, key) {
			fault("the unique key %s is new", key)
		}
	}
	for _, trigger := range p.triggers {
		if table, _, _ := strings.Cut(trigger, " "); tables[table] && !slices.Contains(before.triggers, trigger) {
			fault("the trigger %s is new", trigger)
		}
	}
	for table, was := range before.checks {
		if is := p.checks[table]; is != was {
			fault("%s had %s and has %s", table, was, is)
		}
	}
	slices.Sort(faults)
	return faults
}

// atPrevious is a database as the previous release leaves it, and what changes it further.
func atPrevious(t *testing.T) (*sqlx.DB, func(version int64)) {
	t.Helper()
	d, err := databaseFor("sqlite:" + filepath.Join(t.TempDir(), "ringtail.db"))
	if err != nil {
		t.Fatal(err)
	}
	write, read, err := d.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = write.Close(), read.Close() })
	provider, err := migrator(d, write)
	if err != nil {
		t.Fatal(err)
	}
	to := func(version int64) {
		if _, err := provider.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
	}
	to(previous)
	return write, to
}

// TestMigrationsOnlyExpand: a node of the previous release goes on working on a
// database that this one has migrated. So nothing that its statements name may go
// or become stricter; what is to go goes a release later.
func TestMigrationsOnlyExpand(t *testing.T) {
	db, to := atPrevious(t)
	before := promises(t, db)
	to(99999)
	for _, fault := range promises(t, db).broken(before) {
		t.Error(fault)
	}
}

// TestWhatBreaksTheRuleIsFound has the rule find each of the things that break it.
func TestWhatBreaksTheRuleIsFound(t *testing.T) {
	for name, c := range map[string]struct{ sql, want string }{
		"a column goes":          {`ALTER TABLE users DROP COLUMN required_factor`, "users.required_factor is gone"},
		"a table goes":           {`DROP TABLE counters`, "counters.key is gone"},
		"a column is renamed":    {`ALTER TABLE users RENAME COLUMN required_factor TO factor`, "users.factor is new and has no default"},
		"a unique key goes":      {`DROP TABLE devices; CREATE TABLE devices (id TEXT PRIMARY KEY) STRICT`, "the unique key devices (code_hash) is gone"},
		"a unique key comes":     {`CREATE UNIQUE INDEX names ON clients (name)`, "the unique key clients (name) is new"},
		"a trigger comes":        {`CREATE TRIGGER no BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'no'); END`, "the trigger users no is new"},
		"a check comes":          {`ALTER TABLE users ADD COLUMN age INTEGER NOT NULL DEFAULT 1 CHECK (age > 0)`, "users had 0 checks"},
		"a column may be empty":  {`ALTER TABLE users ADD COLUMN age INTEGER`, ""},
		"a column has a default": {`ALTER TABLE users ADD COLUMN age INTEGER NOT NULL DEFAULT 0`, ""},
		"a table comes":          {`CREATE TABLE new (id TEXT PRIMARY KEY, x TEXT NOT NULL)`, ""},
		"an index comes":         {`CREATE INDEX ages ON users (created_at)`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db, _ := atPrevious(t)
			before := promises(t, db)
			if _, err := db.Exec(c.sql); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(promises(t, db).broken(before), "\n")
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestARunningNodeOutlivesAnUpgrade: every table of an open store gets a column that
// it doesn't know, as a newer version's migration would give it, and the store goes
// on reading and writing.
func TestARunningNodeOutlivesAnUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	s, err := Open(t.Context(), Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	use := func(id string) {
		t.Helper()
		if err := s.CreateUser(t.Context(), &idp.User{ID: id, Login: id}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.UpdateUser(t.Context(), id, func(u *idp.User) error { u.Blocked = true; return nil }); err != nil {
			t.Fatal(err)
		}
		if u, err := s.UserByID(t.Context(), id); err != nil || !u.Blocked {
			t.Fatalf("the user is %+v, %v", u, err)
		}
	}
	use("before")
	newer := sqlx.NewDb(openRaw(t, path), "sqlite3")
	var tables []string
	if err := newer.Select(&tables, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if _, err := newer.Exec(`ALTER TABLE ` + quoted(table) + ` ADD COLUMN added_later INTEGER NOT NULL DEFAULT 0`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := newer.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	use("after")
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func openRaw(t *testing.T, path string) *sql.DB {
	db := sql.OpenDB(sqliteConnector(path))
	t.Cleanup(func() { _ = db.Close() })
	return db
}
