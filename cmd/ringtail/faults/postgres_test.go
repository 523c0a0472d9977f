package faults

import (
	"context"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/store/pgtest"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// newPostgres is a server of the test's own, which writes to the disk as those do
// that serve people.
func newPostgres(t *testing.T) *pgserver.Server {
	t.Helper()
	return pgtest.Start(t, pgserver.Options{Durable: true})
}

// TestKilledNodesOnPostgres kills one of two nodes; the other one serves meanwhile.
func TestKilledNodesOnPostgres(t *testing.T) {
	needsFaults(t)
	t.Parallel() // the two longest, beside each other when all others are over
	w := newWorld(t, setup{people: 24, nodes: 2, url: newPostgres(t).URL("postgres")})
	w.run(t)
	end := w.crowd(context.Background())
	w.killOften(t, kills())
	end()
	w.invariants(t)
}

// TestPostgresAway: the database is stopped and killed, once for half a minute, and
// comes back. Nobody has to start a node again.
func TestPostgresAway(t *testing.T) {
	needsFaults(t)
	server := newPostgres(t)
	w := newWorld(t, setup{people: 12, nodes: 2, url: server.URL("postgres")})
	w.run(t)
	end := w.crowd(context.Background())
	for i := range runs(10) {
		<-time.After(2 * time.Second)
		away := 2 * time.Second
		if i == 0 {
			away = 30 * time.Second
		}
		if i%2 == 0 {
			server.Kill()
			w.faults.count("times that the database was killed")
		} else {
			server.Stop()
			w.faults.count("times that the database was stopped")
		}
		<-time.After(away)
		w.unready(t)
		w.unavailable(t, reading)
		if err := server.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.comesBack(t)
	}
	end()
	w.invariants(t)
}

// unready: without its database a node says that it isn't ready.
func (w *world) unready(t *testing.T) {
	t.Helper()
	for _, n := range w.nodes {
		if status := n.readyz(); status != 503 {
			w.faults.add("without its database a node says %d at /readyz", status)
		}
	}
}
