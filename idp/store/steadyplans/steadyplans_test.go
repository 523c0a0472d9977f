package steadyplans_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp/store/steadyplans"
)

// plan is how SQLite would run the query with these arguments.
func plan(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var id, parent, unused int
	var text string
	if err := db.QueryRow("EXPLAIN QUERY PLAN "+query, args...).Scan(&id, &parent, &unused, &text); err != nil {
		t.Fatal(err)
	}
	return text
}

// A value that would allow an index of some rows is where SQLite plans anew, unless
// it keeps its plans.
func TestABoundValueChangesNoPlan(t *testing.T) {
	const table, bound = `CREATE TABLE calls (state TEXT, at INTEGER); CREATE INDEX due ON calls (at) WHERE state = 'due'`,
		`SELECT at FROM calls WHERE state = ? AND at > 5`
	open := func() *sql.DB {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(t.TempDir(), "test.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, err := db.Exec(table); err != nil {
			t.Fatal(err)
		}
		return db
	}
	if before := plan(t, open(), bound, "due"); !strings.Contains(before, "due") {
		t.Fatalf("SQLite alone plans %q: does the driver still plan anew?", before)
	}
	for range 2 {
		if err := steadyplans.Keep(); err != nil {
			t.Fatal(err)
		}
	}
	db := open()
	if kept := plan(t, db, bound, "due"); strings.Contains(kept, "due") {
		t.Errorf("the plan is %q: it follows from the value", kept)
	}
	if literal := plan(t, db, strings.Replace(bound, "?", "'due'", 1)); !strings.Contains(literal, "due") {
		t.Errorf("the plan of a literal is %q", literal)
	}
}
