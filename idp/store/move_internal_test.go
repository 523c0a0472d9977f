package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// fill puts n rows into every table that there is. Texts are the row's name in all
// columns, so that whatever refers to a row finds it.
func fill(t testing.TB, url string, n int) {
	t.Helper()
	d, err := databaseFor(url)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openSide(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	err = s.change(t.Context(), func() error {
		for _, table := range s.tables {
			left := n
			err := d.upkeep.load(t.Context(), s.conn, s.tx, table, func() ([]any, error) {
				if left--; left < 0 {
					return nil, nil
				}
				return rowOf(table, int64(n-left)), nil
			})
			if err != nil {
				return fmt.Errorf("filling %s: %w", table.name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func rowOf(t table, i int64) []any {
	row := make([]any, len(t.columns))
	for c, column := range t.columns {
		switch column.Kind {
		case texts:
			row[c] = fmt.Sprintf(`row %d's "ё" \ ☎`, i)
		case blobs:
			row[c] = []byte{0, 255, byte(i), byte(i >> 8)}
		case booleans:
			row[c] = i%2 == 1
		default:
			row[c] = i
		}
	}
	return row
}

// everything is all rows of all tables, as they are.
func everything(t testing.TB, url string) map[string][][]any {
	t.Helper()
	d, err := databaseFor(url)
	if err != nil {
		t.Fatal(err)
	}
	db, err := d.upkeep.openRead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := d.upkeep.tables(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]any{}
	for _, table := range tables {
		rows, err := db.Queryx(`SELECT ` + table.quoted() + ` FROM ` + quoted(table.name) + ` ORDER BY 1, 2`)
		if err != nil {
			t.Fatal(err)
		}
		all[table.name] = [][]any{}
		for rows.Next() {
			row, err := rows.SliceScan()
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range table.columns {
				if row[i], err = canonical(c.Kind, row[i]); err != nil {
					t.Fatal(err)
				}
			}
			all[table.name] = append(all[table.name], row)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func sqliteURL(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db") }

// way is a pair of databases to move between.
type way struct {
	name     string
	from, to func(testing.TB) string
}

// bothWays tests between SQLite and PostgreSQL, and from file to file.
func bothWays(t *testing.T, test func(*testing.T, way)) {
	for _, w := range []way{
		{"SQLite to SQLite", sqliteURL, sqliteURL},
		{"SQLite to PostgreSQL", sqliteURL, pgserver.Database},
		{"PostgreSQL to SQLite", pgserver.Database, sqliteURL},
	} {
		t.Run(w.name, func(t *testing.T) { test(t, w) })
	}
}

// execute changes a database behind the store's back.
func execute(t testing.TB, url, statement string) {
	t.Helper()
	d, err := databaseFor(url)
	if err != nil {
		t.Fatal(err)
	}
	write, read, err := d.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = write.Exec(statement)
	if err := errors.Join(err, write.Close(), read.Close()); err != nil {
		t.Fatal(err)
	}
}

func opens(t testing.TB, url string) error {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		return err
	}
	return errors.Join(s.Ping(t.Context()), s.Close())
}

func TestAMoveTakesEveryRowOfEveryTable(t *testing.T) { bothWays(t, takesEveryRow) }

func takesEveryRow(t *testing.T, w way) {
	from, to := w.from(t), w.to(t)
	fill(t, from, 300) // some full statements and a rest, in every table
	serving, err := Open(t.Context(), Options{URL: from})
	if err != nil {
		t.Fatal(err)
	}
	defer serving.Close()
	want := everything(t, from)
	var told []MovedTable
	done, err := Move(t.Context(), MoveOptions{From: from, To: to, Table: func(m MovedTable) { told = append(told, m) }})
	if err != nil {
		t.Fatal(err)
	}
	got := everything(t, to)
	if len(got) < 40 || !reflect.DeepEqual(got, want) {
		t.Errorf("the rows of %d tables differ from those of %d", len(got), len(want))
	}
	if len(done.Tables) != len(want) || !slices.Equal(told, done.Tables) {
		t.Errorf("told of %v, returned %v", told, done.Tables)
	}
	for _, m := range done.Tables {
		if m.Rows != 300 || len(m.Digest) != 64 {
			t.Errorf("table %+v", m)
		}
	}
	if err := opens(t, to); err != nil {
		t.Errorf("the new database: %v", err)
	}
	sealed(t, serving, from, to)
	sameSchema(t, to)
}

// sealed checks that nothing writes to the old database any more, and that whoever
// tries is told where to.
func sealed(t *testing.T, serving *Store, from, to string) {
	t.Helper()
	d, err := databaseFor(to)
	if err != nil {
		t.Fatal(err)
	}
	name := d.name
	if err := opens(t, from); !errors.Is(err, ErrMoved) || !strings.Contains(err.Error(), name) {
		t.Errorf("a new node opens it: %v", err)
	}
	if err := serving.Ping(t.Context()); !errors.Is(err, ErrMoved) {
		t.Errorf("a node that serves it is ready: %v", err)
	}
	err = serving.CreateUser(t.Context(), &idp.User{ID: "late", Login: "late"})
	if !errors.Is(err, ErrMoved) || !errors.Is(err, idp.ErrUnavailable) || !strings.Contains(err.Error(), "was moved to "+name) {
		t.Errorf("a node that serves it writes: %v", err)
	}
	for _, table := range tablesOf(t, serving) {
		err := serving.write(t.Context(), func(tx *txn) error {
			_, err := tx.Exec(`DELETE FROM ` + quoted(table.name))
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "was moved to") {
			t.Errorf("rows of %s can be deleted: %v", table.name, err)
		}
	}
}

func tablesOf(t *testing.T, s *Store) []table {
	t.Helper()
	tables, err := s.d.upkeep.tables(t.Context(), s.read.db)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// sameSchema checks that the target has all indices, triggers and references again.
func sameSchema(t *testing.T, url string) {
	t.Helper()
	fresh := sqliteURL
	if !strings.HasPrefix(url, "sqlite:") {
		fresh = pgserver.Database
	}
	if got, want := parts(t, url), parts(t, fresh(t)); !slices.Equal(got, want) {
		t.Errorf("the schema is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// parts are what a move takes off while it fills the database.
func parts(t *testing.T, url string) []string {
	t.Helper()
	d, err := databaseFor(url)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openSide(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := d.upkeep.strip(t.Context(), s.tx)
	if err != nil || len(found) < 40 {
		t.Fatalf("%d parts, %v", len(found), err)
	}
	return found
}

func TestAMoveThatIsBrokenOff(t *testing.T) { bothWays(t, isBrokenOff) }

func announced(ctx context.Context, m *move) error {
	return errors.Join(m.from.begin(ctx), m.announce(ctx))
}

func copied(ctx context.Context, m *move) error {
	err := announced(ctx, m)
	_, failed := m.copy(ctx)
	return errors.Join(err, failed)
}

func sealedSource(ctx context.Context, m *move) error {
	return errors.Join(copied(ctx, m), m.seal(ctx))
}

func isBrokenOff(t *testing.T, w way) {
	tests := []struct {
		name string
		// breakOff leaves what a process that was killed there leaves.
		breakOff func(context.Context, *move) error
		// resumed: the source is sealed, so the next move only ends it.
		resumed bool
	}{
		{"after the target was marked", announced, false},
		{"after the rows were committed in the target", copied, false},
		{"after the source was sealed", sealedSource, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := MoveOptions{From: w.from(t), To: w.to(t)}
			fill(t, o.From, 3)
			m, err := openMove(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(test.breakOff(t.Context(), m), m.close()); err != nil {
				t.Fatal(err)
			}
			if err := opens(t, o.To); !errors.Is(err, ErrArriving) {
				t.Errorf("the target is served: %v", err)
			}
			want := 3
			if err := opens(t, o.From); test.resumed != errors.Is(err, ErrMoved) || !test.resumed && err != nil {
				t.Errorf("the source: %v", err)
			}
			if !test.resumed { // the source works on
				execute(t, o.From, `INSERT INTO callbacks VALUES ('later', 1)`)
				want = 4
			}
			done, err := Move(t.Context(), o)
			if err != nil || done.Resumed != test.resumed {
				t.Fatalf("the move, run again: %+v, %v", done, err)
			}
			if rows := everything(t, o.To); len(rows["callbacks"]) != want || len(rows["users"]) != 3 {
				t.Errorf("%d callbacks and %d users arrived, want %d and 3", len(rows["callbacks"]), len(rows["users"]), want)
			}
			if err := opens(t, o.To); err != nil {
				t.Errorf("the target: %v", err)
			}
			sameSchema(t, o.To)
		})
	}
}

// falsifying changes one value on its way.
type falsifying struct {
	upkeep
	table string
}

func (f falsifying) load(ctx context.Context, c *sqlx.Conn, tx *sqlx.Tx, t table, next func() ([]any, error)) error {
	rows := 0
	return f.upkeep.load(ctx, c, tx, t, func() ([]any, error) {
		row, err := next()
		if rows++; rows == 2 && t.name == f.table {
			last := len(row) - 1 // a number
			row[last] = row[last].(int64) + 1
		}
		return row, err
	})
}

func TestAMoveThatFailsLeavesTheTargetEmptyAndTheSourceWorking(t *testing.T) {
	bothWays(t, failsCleanly)
}

func failsCleanly(t *testing.T, w way) {
	tests := []struct {
		name  string
		spoil func(*move, context.CancelFunc)
		want  string
	}{
		{"a value that changed on its way", func(m *move, _ context.CancelFunc) { m.to.d.upkeep = falsifying{m.to.d.upkeep, "users"} }, "digest"},
		{"an interrupt", func(m *move, stop context.CancelFunc) { m.options.Table = func(MovedTable) { stop() } }, "context canceled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := MoveOptions{From: w.from(t), To: w.to(t)}
			fill(t, o.From, 3)
			m, err := openMove(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			test.spoil(m, stop)
			_, err = m.run(ctx)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one of %q", err, test.want)
			}
			if err := m.close(); err != nil {
				t.Fatal(err)
			}
			for table, rows := range everything(t, o.To) {
				if len(rows) > 0 {
					t.Errorf("the target has %d rows in %s", len(rows), table)
				}
			}
			sameSchema(t, o.To)
			if err := errors.Join(opens(t, o.From), opens(t, o.To)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDigests(t *testing.T) {
	of := func(rows ...[]any) string {
		d := newDigest()
		for _, row := range rows {
			if err := d.add(row); err != nil {
				t.Fatal(err)
			}
		}
		return d.String()
	}
	a, b := []any{"a", int64(1)}, []any{"b", nil}
	if of(a, b) != of(b, a) {
		t.Error("the order of rows counts")
	}
	all := map[string]string{}
	for name, rows := range map[string][][]any{
		"none": {}, "a": {a}, "a twice": {a, a}, "a and b": {a, b}, "number for text": {{"a", "1"}}, "empty for null": {{"b", ""}},
		"shifted": {{"a1", ""}}, "bytes for text": {{[]byte("a"), int64(1)}}, "another number": {{"a", int64(2)}}, "real": {{"a", 1.0}},
	} {
		if other, ok := all[of(rows...)]; ok {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		all[of(rows...)] = name
	}
	if err := newDigest().add([]any{struct{}{}}); err == nil {
		t.Error("a value of no kind was taken")
	}
}

// PostgreSQL's texts are UTF-8 without NUL, and browsers send what they like.
func TestAMoveOfTextsThatPostgreSQLRefuses(t *testing.T) {
	o := MoveOptions{From: sqliteURL(t), To: pgserver.Database(t)}
	fill(t, o.From, 1)
	execute(t, o.From, `UPDATE sessions SET user_agent = CAST(x'41ff42' AS TEXT), address = CAST(x'410042' AS TEXT)`)
	if _, err := Move(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, row := range everything(t, o.To)["sessions"] {
		if !slices.Contains(row, any("A\uFFFDB")) {
			t.Errorf("the session is %q", row)
		}
	}
}
