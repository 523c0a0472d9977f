package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/audit/audittest"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/storetest"
)

func auditRing(t testing.TB) *keyring.Keyring {
	ring, err := keyring.New([]byte(strings.Repeat("k", keyring.MasterKeyBytes)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func journal(t testing.TB, s *store.Store, change func(*audit.Options)) *audit.Journal {
	t.Helper()
	o := audit.Options{Records: s, Keyring: auditRing(t), Now: storetest.Clock, Retry: time.Millisecond}
	if change != nil {
		change(&o)
	}
	j, err := audit.NewJournal(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close(context.Background()) })
	return j
}

func faults(t *testing.T, s *store.Store, noted ...audit.Mark) []string {
	t.Helper()
	report, err := audit.NewChain(auditRing(t)).Verify(t.Context(), s, noted...)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, f := range report.Faults {
		all = append(all, fmt.Sprintf("%d %s", f.Seq, f.Reason))
	}
	return all
}

// tampering opens the trail that ten records are in, and has a stranger with the
// database and without the key write there.
func tampering(t *testing.T, sql ...string) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ringtail.db")
	s := open(t, path)
	j := journal(t, s, nil)
	for i := range 10 {
		if err := j.Append(t.Context(), audit.Event{Type: "kind", Subject: fmt.Sprint("person ", i%2)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := faults(t, s); len(got) > 0 {
		t.Fatalf("before anybody was there: %v", got)
	}
	db := sqlx.MustConnect("sqlite3", path)
	defer db.Close()
	db.MustExec(`DROP TRIGGER audit_unchanged`)
	db.MustExec(`DROP TRIGGER audit_kept`)
	for _, q := range sql {
		db.MustExec(q)
	}
	return s
}

func TestTamperingShows(t *testing.T) {
	const copyOf = `INSERT INTO audit SELECT %d, at, type, subject, object, client_id, session_id, procedure, ip, body, hash FROM audit WHERE seq = %d`
	for name, c := range map[string]struct {
		sql  []string
		want string
	}{
		"nothing":                         {nil, "[]"},
		"a body changed":                  {[]string{`UPDATE audit SET body = replace(body, 'person 0', 'person 1') WHERE seq = 5`}, "[5 " + audit.FaultChanged + "]"},
		"a column changed":                {[]string{`UPDATE audit SET subject = 'somebody' WHERE seq = 5`}, "[5 " + audit.FaultChanged + "]"},
		"a time changed":                  {[]string{`UPDATE audit SET at = at + 1000 WHERE seq = 5`}, "[5 " + audit.FaultChanged + "]"},
		"a hash changed":                  {[]string{`UPDATE audit SET hash = 'x' WHERE seq = 5`}, "[5 " + audit.FaultChanged + " 6 " + audit.FaultChanged + "]"},
		"a record removed":                {[]string{`DELETE FROM audit WHERE seq = 5`}, "[6 " + audit.FaultMissing + "]"},
		"the first removed":               {[]string{`DELETE FROM audit WHERE seq = 1`}, "[2 " + audit.FaultMissing + "]"},
		"the first removed and anchored":  {[]string{`DELETE FROM audit WHERE seq <= 3`, `INSERT INTO audit_marks VALUES ('anchor', 3, 'x', 'y')`}, "[3 " + audit.FaultAnchor + " 4 " + audit.FaultChanged + "]"},
		"two swapped":                     {[]string{`UPDATE audit SET seq = 100 WHERE seq = 5`, `UPDATE audit SET seq = 5 WHERE seq = 6`, `UPDATE audit SET seq = 6 WHERE seq = 100`}, "[5 " + audit.FaultChanged + " 6 " + audit.FaultChanged + " 7 " + audit.FaultChanged + "]"},
		"a removed one closed up":         {[]string{`DELETE FROM audit WHERE seq = 9`, `UPDATE audit SET seq = 9 WHERE seq = 10`}, "[9 " + audit.FaultChanged + " 10 " + audit.FaultCut + "]"},
		"the last removed":                {[]string{`DELETE FROM audit WHERE seq > 8`}, "[9 " + audit.FaultCut + "]"},
		"the last removed, head set back": {[]string{`DELETE FROM audit WHERE seq > 8`, `UPDATE audit_marks SET seq = 8, hash = (SELECT hash FROM audit WHERE seq = 8)`}, "[8 " + audit.FaultHead + "]"},
		"the head removed":                {[]string{`DELETE FROM audit_marks`}, "[10 " + audit.FaultHead + "]"},
		"one appended by hand":            {[]string{fmt.Sprintf(copyOf, 11, 10)}, "[11 " + audit.FaultChanged + " 11 " + audit.FaultForged + "]"},
		"all records removed":             {[]string{`DELETE FROM audit`}, "[1 " + audit.FaultCut + "]"},
		"no JSON":                         {[]string{`UPDATE audit SET body = 'x' WHERE seq = 5`}, "[5 " + audit.FaultChanged + "]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := tampering(t, c.sql...)
			before := faults(t, s)
			if got := fmt.Sprint(before); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			// What is written later hides nothing.
			if err := journal(t, s, nil).Append(t.Context(), audit.Event{Type: "later"}); err != nil {
				t.Fatal(err)
			}
			if got := faults(t, s); len(before) > 0 && len(got) == 0 {
				t.Error("a record that came later hid it")
			}
		})
	}
}

// What a whole roll back takes away shows only by a head that was noted elsewhere.
func TestNotedHeads(t *testing.T) {
	s := tampering(t)
	tail, err := s.AuditTail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := faults(t, s, tail.Head); len(got) > 0 {
		t.Errorf("the true head: %v", got)
	}
	for _, m := range []audit.Mark{{Seq: 11, Hash: tail.Head.Hash}, {Seq: 10, Hash: "x"}, {Seq: 3, Hash: tail.Head.Hash}} {
		if got := faults(t, s, m); len(got) != 1 || got[0] != fmt.Sprintf("%d %s", m.Seq, audit.FaultNoted) {
			t.Errorf("%+v: %v", m, got)
		}
	}
}

// A journal notices a roll back while it runs, and says so in the trail.
func TestRollBackBesideAJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	s := open(t, path)
	j := journal(t, s, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(j.Append(t.Context(), audit.Event{Type: "one"}))
	db := sqlx.MustConnect("sqlite3", path)
	defer db.Close()
	db.MustExec(`CREATE TABLE old AS SELECT * FROM audit_marks`)
	must(j.Append(t.Context(), audit.Event{Type: "two"}))
	db.MustExec(`DROP TRIGGER audit_kept`)
	db.MustExec(`DELETE FROM audit WHERE seq = 2`)
	db.MustExec(`REPLACE INTO audit_marks SELECT * FROM old`)
	if got := faults(t, s); len(got) > 0 {
		t.Fatalf("nobody could know yet: %v", got)
	}
	must(j.Append(t.Context(), audit.Event{Type: "three"}))
	rows, err := s.AuditChain(t.Context(), 0, 10)
	must(err)
	if len(rows) != 3 || rows[1].Type != audit.TypeAuditBroken || rows[1].Seq != 3 || len(faults(t, s)) != 1 {
		t.Errorf("%+v, %v", rows, faults(t, s))
	}
}

// A swept trail is whole behind its anchor.
func TestSweptTrailIsWhole(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "ringtail.db"))
	now := storetest.Clock()
	j := journal(t, s, func(o *audit.Options) {
		o.Now = func() time.Time { return now }
		o.Keep = func() time.Duration { return time.Hour }
	})
	for range 1100 {
		j.Record(t.Context(), audit.Event{Type: "old"})
	}
	now = now.Add(2 * time.Hour)
	if err := j.Append(t.Context(), audit.Event{Type: "new"}); err != nil {
		t.Fatal(err)
	}
	if n, err := j.Sweep(t.Context()); err != nil || n != 1100 {
		t.Fatalf("%d went: %v", n, err)
	}
	if n, err := j.Sweep(t.Context()); err != nil || n != 0 {
		t.Fatalf("%d went again: %v", n, err)
	}
	rows, err := s.AuditChain(t.Context(), 0, 10)
	if err != nil || len(rows) != 2 || rows[1].Type != audit.TypeAuditSwept || !strings.Contains(rows[1].Body, `"records":1100,"through":1100`) {
		t.Errorf("%+v, %v", rows, err)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
}

// The table itself refuses mistakes.
func TestTableIsAppendedToAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	if err := journal(t, open(t, path), nil).Append(t.Context(), audit.Event{Type: "kind"}); err != nil {
		t.Fatal(err)
	}
	db := sqlx.MustConnect("sqlite3", path)
	defer db.Close()
	for _, q := range []string{`UPDATE audit SET body = ''`, `DELETE FROM audit`} {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("%s went well", q)
		}
	}
}

// Two nodes write one chain, and nothing is lost or doubled.
func TestTwoNodesWriteOneChain(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		url := fresh(t)
		stores := []*store.Store{openURL(t, url), openURL(t, url)}
		var all sync.WaitGroup
		for n, s := range stores {
			j := journal(t, s, func(o *audit.Options) { o.Batch = 7 })
			all.Go(func() {
				for i := range 100 {
					j.Record(t.Context(), audit.Event{Type: "kind", Object: fmt.Sprint(n, " ", i)})
				}
				if err := j.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		rows, err := stores[0].AuditChain(t.Context(), 0, 1000)
		if err != nil || len(rows) != 200 || len(faults(t, stores[0])) > 0 {
			t.Fatalf("%d rows, %v, %v", len(rows), err, faults(t, stores[0]))
		}
		next := [2]int{}
		for _, r := range rows {
			var n, i int
			if _, err := fmt.Sscan(r.Object, &n, &i); err != nil || next[n] != i {
				t.Fatalf("seq %d is %q", r.Seq, r.Object)
			}
			next[n]++
		}
	})
}

func TestEmitterHasOneHolder(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		s := openURL(t, fresh(t))
		now := storetest.Clock()
		take := func(holder string, after time.Duration) (int64, int, bool) {
			t.Helper()
			seq, tries, ok, err := s.TakeAuditEmitter(t.Context(), "siem", holder, now.Add(after), now.Add(after+time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			return seq, tries, ok
		}
		if err := journal(t, s, nil).Append(t.Context(), audit.Event{Type: "before"}); err != nil {
			t.Fatal(err)
		}
		if seq, _, ok := take("a", 0); !ok || seq != 1 {
			t.Errorf("a new one begins at %d", seq)
		}
		if _, _, ok := take("b", time.Second); ok {
			t.Error("two hold it")
		}
		if err := s.MoveAuditEmitter(t.Context(), "siem", "a", 7, 2, now); err != nil {
			t.Fatal(err)
		}
		if seq, tries, ok := take("b", time.Second); !ok || seq != 7 || tries != 2 {
			t.Errorf("given back: %d %d %v", seq, tries, ok)
		}
		if err := s.MoveAuditEmitter(t.Context(), "siem", "a", 9, 0, now); !errors.Is(err, idp.ErrNotFound) {
			t.Errorf("it isn't a's any more: %v", err)
		}
		if _, _, ok := take("c", time.Hour); !ok {
			t.Error("a lease that is over holds it still")
		}
	})
}

func TestAuditSuite(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		audittest.Run(t, func(t *testing.T) audit.Records { return openURL(t, fresh(t)) })
	})
}
