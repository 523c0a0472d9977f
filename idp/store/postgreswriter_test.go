package store

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// TestACutOffNodeKeepsNoLocks: a node stops answering in the middle of a write, as
// one that the network cut off. Who waits for its rows gets them.
func TestACutOffNodeKeepsNoLocks(t *testing.T) {
	url := pgserver.Database(t)
	var nodes [2]*Store
	for i := range nodes {
		s, err := Open(t.Context(), Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		nodes[i] = s
	}
	names := []string{"the audit chain"}
	holds, wrote, ended := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		ended <- nodes[0].writer.writeHolding(t.Context(), names, func(*txn) error {
			select {
			case holds <- true:
			default: // tried again
				return nil
			}
			<-wrote
			return nil
		})
	}()
	<-holds
	began := time.Now()
	if err := nodes[1].writer.writeHolding(t.Context(), names, insert("second")); err != nil {
		t.Error(err)
	}
	t.Logf("waited %v", time.Since(began))
	close(wrote)
	if err := <-ended; err != nil {
		t.Error("the node that came back:", err)
	}
}

// TestTheTrailsEndIsFoundByKeys: where a statement has to read one table to its end,
// which counts as endlessly dear, PostgreSQL doesn't mind how it reads the others, and
// compiles what it runs: 100 ms at every record.
func TestTheTrailsEndIsFoundByKeys(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: pgserver.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for name, db := range map[string]*sqlx.DB{"writing": s.writer.(*parallel).db, "reading": s.read.db} {
		var plan []string
		if err := db.Select(&plan, `EXPLAIN ANALYZE `+selectAuditTail); err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(plan, "\n"); strings.Contains(text, "JIT") || name == "writing" && strings.Contains(text, "Seq Scan") || !strings.Contains(text, "audit_pkey") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestTablesAreHeldForAsLongAsAMoveTakes: the side that holds the tables waits while the
// other one reads its copy and makes its indices again.
func TestTablesAreHeldForAsLongAsAMoveTakes(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: pgserver.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	tx, err := s.writer.(*parallel).db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := s.d.upkeep.hold(t.Context(), tx, []table{{name: "users"}}); err != nil {
		t.Fatal(err)
	}
	var limit string
	if err := tx.Get(&limit, `SHOW idle_in_transaction_session_timeout`); err != nil || limit != "0" {
		t.Errorf("%q, %v", limit, err)
	}
}
