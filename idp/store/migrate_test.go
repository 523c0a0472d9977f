package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
)

// schema is everything the database is made of, but for goose's own.
func schema(t *testing.T, db *sqlx.DB) []string {
	t.Helper()
	var all []string
	err := db.Select(&all, `SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master
		WHERE name NOT LIKE '%goose%' AND name NOT LIKE 'sqlite_%' ORDER BY type, name`)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	ctx := t.Context()
	d, err := databaseFor("sqlite:" + filepath.Join(t.TempDir(), "ringtail.db"))
	if err != nil {
		t.Fatal(err)
	}
	write, read, err := d.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	defer read.Close()
	provider, err := migrator(d, write)
	if err != nil {
		t.Fatal(err)
	}
	before := schema(t, write)
	if len(before) != 0 {
		t.Fatalf("a new database has %v", before)
	}
	for _, source := range provider.ListSources() {
		if _, err := provider.UpByOne(ctx); err != nil {
			t.Fatalf("%s up: %v", source.Path, err)
		}
		up := schema(t, write)
		if slices.Equal(up, before) {
			t.Errorf("%s up changes nothing", source.Path)
		}
		if _, err := provider.Down(ctx); err != nil {
			t.Fatalf("%s down: %v", source.Path, err)
		}
		if down := schema(t, write); !slices.Equal(down, before) {
			t.Errorf("%s down leaves\n%s\nwant\n%s", source.Path, strings.Join(down, "\n"), strings.Join(before, "\n"))
		}
		if _, err := provider.UpByOne(ctx); err != nil {
			t.Fatalf("%s up again: %v", source.Path, err)
		}
		before = schema(t, write)
	}
	if _, err := provider.DownTo(ctx, 0); err != nil {
		t.Fatalf("all the way down: %v", err)
	}
	if left := schema(t, write); len(left) != 0 {
		t.Errorf("all the way down leaves %v", left)
	}
}

// Each migration's SQL names its columns' types strictly: SQLite otherwise
// stores a text in a column of numbers and says nothing.
func TestEveryTableIsStrict(t *testing.T) {
	s := openInside(t)
	var loose []string
	err := s.read.Select(t.Context(), &loose,
		`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
		 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`)
	if err != nil || len(loose) != 0 {
		t.Errorf("tables that aren't STRICT: %v, %v", loose, err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	change(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{URL: "sqlite:" + path})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "99999") || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v, want ErrNewer with the file and its version", err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(after) != string(before) {
		t.Error("a database that was refused has changed")
	}
}

// change makes a database and changes it behind the store's back.
func change(t *testing.T, path, query string) {
	t.Helper()
	s, err := Open(context.Background(), Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(sqliteConnector(path))
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}
