package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func openInside(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return s
}

// insert is a write that leaves a row under the key.
func insert(key string) func(*txn) error {
	return func(tx *txn) error {
		return only(tx.Exec(`INSERT INTO browsers (key_hash, browser, session, expires_at) VALUES (?, '', '', 1)`, key))
	}
}

func keys(t *testing.T, s *Store) []string {
	t.Helper()
	var found []string
	if err := s.read.Select(t.Context(), &found, `SELECT key_hash FROM browsers ORDER BY key_hash`); err != nil {
		t.Fatal(err)
	}
	return found
}

// behind holds the writer busy with one write while queue queues more, lets go
// when want of them wait, and returns what each was told. The writes of queue
// keep their order.
func behind(t *testing.T, s *Store, queue ...func(*txn) error) []error {
	t.Helper()
	release := block(t, s)
	told := make([]error, len(queue))
	var all sync.WaitGroup
	for i, change := range queue {
		all.Go(func() { told[i] = s.write(t.Context(), change) })
		waitFor(t, s, i+1)
	}
	release()
	all.Wait()
	return told
}

// block returns when the writer is busy and stays so until release is called.
func block(t *testing.T, s *Store) (release func()) {
	t.Helper()
	busy, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.write(context.WithoutCancel(t.Context()), func(*txn) error {
			close(busy)
			<-free
			return nil
		})
	}()
	<-busy
	return func() {
		t.Helper()
		close(free)
		if err := <-done; err != nil {
			t.Error("the blocking write:", err)
		}
	}
}

func waitFor(t *testing.T, s *Store, waiting int) {
	t.Helper()
	for s.Stats().Waiting < waiting {
		if t.Context().Err() != nil {
			t.Fatal("the test was ended")
		}
		runtime.Gosched()
	}
}

func TestWritesThatWaitShareACommit(t *testing.T) {
	s := openInside(t)
	before := s.Stats()
	var queue []func(*txn) error
	for i := range groupSize + 10 {
		queue = append(queue, insert(fmt.Sprint(i)))
	}
	for i, err := range behind(t, s, queue...) {
		if err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	after := s.Stats()
	if got, want := after.Writes-before.Writes, uint64(len(queue)+1); got != want {
		t.Errorf("%d writes were run, want %d", got, want)
	}
	// The blocking one, a full group, and the rest.
	if got := after.Commits - before.Commits; got != 3 {
		t.Errorf("%d commits, want 3", got)
	}
	if got := len(keys(t, s)); got != len(queue) {
		t.Errorf("%d rows, want %d", got, len(queue))
	}
}

func TestAFailedWriteSpoilsNoOther(t *testing.T) {
	refusal := errors.New("refused")
	after := func(fail func(*txn) error) func(*txn) error {
		return func(tx *txn) error {
			if err := insert("spoilt")(tx); err != nil {
				return err
			}
			return fail(tx)
		}
	}
	tests := []struct {
		name string
		fail func(*txn) error
		want error // nil: any
	}{
		{"an error of its own", func(*txn) error { return refusal }, refusal},
		{"a taken key", insert("a"), idp.ErrTaken},
		{"bad SQL", func(tx *txn) error { return only(tx.Exec(`INSERT INTO nowhere VALUES (1)`)) }, nil},
		{"a broken rule", func(tx *txn) error { return only(tx.Exec(`UPDATE browsers SET browser = NULL`)) }, nil},
		{"a panic", func(*txn) error { panic("ouch") }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := openInside(t)
			told := behind(t, s, insert("a"), after(test.fail), insert("b"))
			if told[0] != nil || told[2] != nil {
				t.Errorf("the others were told %v and %v", told[0], told[2])
			}
			if told[1] == nil || test.want != nil && !errors.Is(told[1], test.want) {
				t.Errorf("the failed write was told %v, want %v", told[1], test.want)
			}
			if got := keys(t, s); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("rows %v, want a and b", got)
			}
		})
	}
}

// The attack: a caller who is told "done" though nothing reached the disk.
func TestWhenTheCommitFailsAllAreTold(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*txn) error
	}{
		{"the commit is refused", func(tx *txn) error {
			// A foreign key that is looked at when the transaction commits.
			if _, err := tx.Exec(`PRAGMA defer_foreign_keys = ON`); err != nil {
				return err
			}
			return only(tx.Exec(`INSERT INTO sessions (id, user_id, browser, facts, auth_time, created_at, seen_at, expires_at, ended_at)
				VALUES ('s', 'nobody', '', '[]', 0, 0, 0, 0, 0)`))
		}},
		{"the transaction is gone and the write says so", func(tx *txn) error {
			return only(tx.Exec(`INSERT OR ROLLBACK INTO browsers (key_hash, browser, session, expires_at) VALUES ('a', '', '', 1)`))
		}},
		{"the transaction is gone and the write keeps quiet", func(tx *txn) error {
			_, _ = tx.Exec(`INSERT OR ROLLBACK INTO browsers (key_hash, browser, session, expires_at) VALUES ('a', '', '', 1)`)
			return nil
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := openInside(t)
			for i, err := range behind(t, s, insert("a"), test.spoil, insert("b")) {
				if err == nil || errors.Is(err, idp.ErrTaken) {
					t.Errorf("write %d was told %v, want that the database failed", i, err)
				}
			}
			if got := keys(t, s); len(got) != 0 {
				t.Errorf("rows %v are there, want none", got)
			}
			if err := s.write(t.Context(), insert("later")); err != nil {
				t.Errorf("the next write: %v", err)
			}
			if got := keys(t, s); !slices.Equal(got, []string{"later"}) {
				t.Errorf("rows %v, want later alone", got)
			}
		})
	}
}

// Whatever a full disk does to the transaction, what was told is what is there.
func TestAFullDisk(t *testing.T) {
	s := openInside(t)
	limit := func(pages string) {
		t.Helper()
		if _, err := s.writer.(*writer).db.Exec(`PRAGMA max_page_count = ` + pages); err != nil {
			t.Fatal(err)
		}
	}
	big := func(tx *txn) error { return insert(strings.Repeat("x", 1<<20))(tx) }
	limit("1") // SQLite takes the pages that there are for the least.
	told := behind(t, s, insert("a"), big, insert("b"))
	if !errors.Is(told[1], idp.ErrUnavailable) {
		t.Errorf("of a megabyte that fits into no page it is told %v", told[1])
	}
	stored := keys(t, s)
	for i, key := range map[int]string{0: "a", 2: "b"} {
		if (told[i] == nil) != slices.Contains(stored, key) || told[i] != nil && !errors.Is(told[i], idp.ErrUnavailable) {
			t.Errorf("write %s was told %v, and %v are there", key, told[i], stored)
		}
	}
	limit("1000000")
	if err := s.write(t.Context(), big); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestACallerWhoGivesUpWritesNothing(t *testing.T) {
	s := openInside(t)
	release := block(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan error)
	go func() { told <- s.write(ctx, insert("abandoned")) }()
	waitFor(t, s, 1)
	cancel()
	if err := <-told; !errors.Is(err, context.Canceled) {
		t.Errorf("told %v, want context.Canceled", err)
	}
	release()
	if err := s.write(t.Context(), insert("next")); err != nil {
		t.Errorf("the next write: %v", err)
	}
	if got := keys(t, s); !slices.Equal(got, []string{"next"}) {
		t.Errorf("rows %v, want next alone", got)
	}
}

func TestACallerWhoGivesUpTooLateLearnsTheOutcome(t *testing.T) {
	s := openInside(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.write(ctx, func(tx *txn) error {
		cancel()
		return insert("done")(tx)
	})
	if err != nil {
		t.Errorf("told %v of a write that is stored", err)
	}
	if got := keys(t, s); !slices.Equal(got, []string{"done"}) {
		t.Errorf("rows %v, want done", got)
	}
}

func TestCloseDrains(t *testing.T) {
	s := openInside(t)
	release := block(t, s)
	const queued = 20
	told := make(chan error, queued)
	for i := range queued {
		go func() { told <- s.write(t.Context(), insert(fmt.Sprint(i))) }()
	}
	waitFor(t, s, queued)
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	release()
	for range queued {
		if err := <-told; err != nil {
			t.Errorf("a write that was accepted: %v", err)
		}
	}
	if err := <-closed; err != nil {
		t.Errorf("closing: %v", err)
	}
	if err := s.write(t.Context(), insert("late")); !errors.Is(err, ErrClosed) {
		t.Errorf("a write after the close: %v, want ErrClosed", err)
	}
}
