package faults

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// invariants reads the database and the phone's list of calls, when everything has
// come to rest, and tells what must not be.
func (w *world) invariants(t *testing.T) {
	t.Helper()
	db := w.open(t)
	defer db.Close()
	w.callsOnce(t, db)
	w.codesOnce(t, db)
	w.recorded(t, db)
	w.settled(t, db)
	if out, err := w.command("", "audit", "verify"); err != nil {
		w.faults.add("the audit trail: %v %s", err, out)
	}
	if n := w.faults.of(lostCookies); n > mostLostCookies {
		w.faults.add("%d %s", n, lostCookies)
	}
	var slowest time.Duration
	for _, p := range w.people {
		slowest = max(slowest, p.slowest)
	}
	w.faults.counted("milliseconds of the slowest login", int(slowest.Milliseconds()))
	w.faults.tell(t)
}

// open reads the database beside the nodes.
func (w *world) open(t *testing.T) *sql.DB {
	t.Helper()
	return openDatabase(t, w.url, "ro")
}

// openDatabase opens either kind; mode is SQLite's.
func openDatabase(t *testing.T, url, mode string) *sql.DB {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return sql.OpenDB(connector("file:" + file + "?mode=" + mode + "&_busy_timeout=10000"))
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return stdlib.OpenDB(*config)
}

// callsOnce: each order reached the phone once, and for each there was somebody who
// asked.
func (w *world) callsOnce(t *testing.T, db *sql.DB) {
	t.Helper()
	times := map[string]int{}
	numbers := map[string]int{}
	for _, o := range w.phone.all() {
		times[o.Reference]++
		numbers[o.To]++
	}
	for reference, n := range times {
		if n > 1 {
			w.faults.add("the call %s was placed %d times", reference, n)
		}
		if reference == "" || one(t, db, "SELECT count(*) FROM calls WHERE id = $1", reference) != 1 {
			w.faults.add("the call %q was placed, and the database doesn't know it", reference)
		}
	}
	for _, p := range w.people {
		if n := numbers[p.number]; n > len(p.asked) {
			w.faults.add("%s asked for %d calls, and the phone rang %d times", p.login, len(p.asked), n)
		}
	}
	w.faults.counted("calls placed", len(times))
}

// codesOnce: no grant has two sets of tokens that nobody used.
func (w *world) codesOnce(t *testing.T, db *sql.DB) {
	t.Helper()
	if n := one(t, db, "SELECT count(*) FROM (SELECT grant_id FROM tokens WHERE kind = 'refresh' AND used_at = 0 GROUP BY grant_id HAVING count(*) > 1) AS twice"); n > 0 {
		w.faults.add("%d grants have two refresh tokens that are both of use", n)
	}
}

// recorded: who was told to be signed in is on record, and so are their tokens.
func (w *world) recorded(t *testing.T, db *sql.DB) {
	t.Helper()
	got := w.acks.copy()
	for _, finding := range got.missing(t, db) {
		w.faults.add("%s", finding)
	}
	w.faults.counted("logins that were acknowledged", len(got.logins))
	for what, n := range got.counts {
		w.faults.counted(what, n)
	}
}

// settled: nothing waits for a node that is dead.
func (w *world) settled(t *testing.T, db *sql.DB) {
	t.Helper()
	if n := one(t, db, "SELECT count(*) FROM challenges WHERE state IN ('requested', 'calling') AND until > $1", time.Now().Add(time.Minute).UnixMicro()); n > 0 {
		w.faults.add("%d calls are underway for longer than any lease", n)
	}
}

func one(t *testing.T, db querier, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
	return n
}

// querier is a database, or a transaction on it.
type querier interface {
	QueryRow(query string, args ...any) *sql.Row
}
