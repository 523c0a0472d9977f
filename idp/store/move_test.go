package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

// What a node acknowledges while its database is moved away under it is in the new
// one; from some write on, it acknowledges nothing.
func TestAMoveLosesNothingThatWasAcknowledged(t *testing.T) {
	file := func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db") }
	t.Run("SQLite to PostgreSQL", func(t *testing.T) { losesNothing(t, file(t), pgtest.Empty(t)) })
	t.Run("PostgreSQL to SQLite", func(t *testing.T) { losesNothing(t, pgtest.URL(t), file(t)) })
}

func losesNothing(t *testing.T, from, to string) {
	serving := openURL(t, from)
	var writers sync.WaitGroup
	acknowledged := make([][]string, 8)
	begun := make(chan bool, len(acknowledged))
	for w := range acknowledged {
		writers.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("w%d-%d", w, i)
				err := serving.CreateUser(t.Context(), &idp.User{ID: id, Login: id})
				if err != nil {
					if !strings.Contains(err.Error(), "was moved to") {
						t.Errorf("writing %s: %v", id, err)
					}
					return
				}
				if acknowledged[w] = append(acknowledged[w], id); i == 20 {
					begun <- true
				}
			}
		})
	}
	for range acknowledged {
		<-begun
	}
	_, err := store.Move(t.Context(), store.MoveOptions{From: from, To: to})
	if err != nil {
		t.Error(err)
		serving.Close()
	}
	writers.Wait()
	moved := openURL(t, to)
	for _, ids := range acknowledged {
		for _, id := range ids {
			if _, err := moved.UserByID(t.Context(), id); err != nil {
				t.Errorf("%s was acknowledged, and the new database has: %v", id, err)
			}
		}
	}
}

func TestMovesThatAreRefused(t *testing.T) {
	folder := t.TempDir()
	url := func(name string) string { return "sqlite:" + filepath.Join(folder, name) }
	for _, name := range []string{"old.db", "full.db"} {
		s := open(t, filepath.Join(folder, name))
		if err := s.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna"}); err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	if _, err := store.Move(t.Context(), store.MoveOptions{From: url("full.db"), To: url("gone.db")}); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to, want string }{
		{"a source that isn't there", url("nothing.db"), url("new.db"), "there is no database"},
		{"a target with rows", url("old.db"), url("gone.db"), "isn't empty"},
		{"the same database", url("old.db"), url("old.db"), "the same database"},
		{"a source that was moved", url("full.db"), url("new.db"), "was moved to"},
		{"a target that was moved", url("old.db"), url("full.db"), "was moved to"},
		{"an unknown database", "mysql://u:hunter2@db", url("new.db"), "mysql"},
		{"an unknown target", url("old.db"), "mysql://u:hunter2@db", "mysql"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := store.Move(t.Context(), store.MoveOptions{From: test.from, To: test.to})
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(folder, "nothing.db")); err == nil {
		t.Error("a source was made")
	}
	if _, err := open(t, filepath.Join(folder, "old.db")).UserByID(t.Context(), "u1"); err != nil {
		t.Errorf("after moves that were refused: %v", err)
	}
}
