package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// upkeep is what moving, backing up and checking ask of a database, beside what
// serving asks.
type upkeep interface {
	// place is where the database is: the same for every way to write its URL.
	place() string
	// text is what the database keeps of a text.
	text(string) string
	// exists is an error that says so where there is nothing to read. It makes nothing.
	exists(ctx context.Context) error
	// openRead opens what is there for reading alone, without migrating it.
	openRead(ctx context.Context) (*sqlx.DB, error)
	// tables are all of the schema but goose's and moves.
	tables(ctx context.Context, q sqlx.QueryerContext) ([]table, error)
	// hold keeps every other writer of the tables out until tx ends.
	hold(ctx context.Context, tx *sqlx.Tx, tables []table) error
	// strip drops the triggers and the indices that only make reading fast, and
	// returns the statements that make them again.
	strip(ctx context.Context, tx *sqlx.Tx) (restore []string, err error)
	// erase deletes all rows of the tables after strip, those that refer to others last.
	erase(ctx context.Context, tx *sqlx.Tx, tables []table) error
	// load inserts rows until next returns nil.
	load(ctx context.Context, c *sqlx.Conn, tx *sqlx.Tx, t table, next func() ([]any, error)) error
	// seal makes every later write to the tables fail with the message.
	seal(ctx context.Context, tx *sqlx.Tx, tables []table, message string) error
	// settle does what makes a freshly filled database quick.
	settle(ctx context.Context, c *sqlx.Conn) error
	// faults looks for damage in the snapshot of tx; it reads everything.
	faults(ctx context.Context, tx *sqlx.Tx) ([]Fault, error)
}

// kind is a type that every database has.
type kind string

// Kinds of columns.
const (
	integers kind = "integer"
	booleans kind = "boolean"
	reals    kind = "real"
	texts    kind = "text"
	blobs    kind = "blob"
)

// table is one of the schema's; columns are in the order of their names.
type table struct {
	name    string
	columns []column
	// needs are the tables whose rows this one's refer to.
	needs []string
}

type column struct {
	Name string `db:"name"`
	Kind kind   `db:"kind"`
}

// quoted are the columns' names for SQL: some are words of the language.
func (t table) quoted() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoted(c.Name)
	}
	return strings.Join(names, ", ")
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal is a text in SQL, where no argument can stand.
func literal(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }

// byNeed orders tables so that each comes after those that it needs; one that
// needs itself, or a circle, is an error.
func byNeed(all []table) ([]table, error) {
	var ordered []table
	done := map[string]bool{}
	for len(ordered) < len(all) {
		before := len(ordered)
		for _, t := range all {
			if done[t.name] || slices.ContainsFunc(t.needs, func(n string) bool { return !done[n] }) {
				continue
			}
			ordered, done[t.name] = append(ordered, t), true
		}
		if len(ordered) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle")
		}
	}
	return ordered, nil
}

// sameTables says what keeps rows of one schema from being put into the other.
func sameTables(from, to []table) error {
	known := map[string]table{}
	for _, t := range to {
		known[t.name] = t
	}
	for _, t := range from {
		other, ok := known[t.name]
		if !ok {
			return fmt.Errorf("the target has no table %s", t.name)
		}
		delete(known, t.name)
		if !slices.EqualFunc(t.columns, other.columns, func(a, b column) bool { return a.Name == b.Name && a.Kind.fits(b.Kind) }) {
			return fmt.Errorf("the table %s has other columns in the target: %v, not %v", t.name, other.columns, t.columns)
		}
	}
	for name := range known {
		return fmt.Errorf("the source has no table %s", name)
	}
	return nil
}

// fits says whether both keep the same values. What one database has as a
// boolean is 0 or 1 in another.
func (k kind) fits(other kind) bool {
	number := func(k kind) bool { return k == integers || k == booleans }
	return k == other || number(k) && number(other)
}
