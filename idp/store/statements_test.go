package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// statements notes what SQLite is asked to do by the writer.
type statements struct {
	dsn  string
	mu   sync.Mutex
	list []string
}

func (s *statements) note(query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, strings.Join(strings.Fields(query), " "))
}

// Connect is driver.Connector's.
func (s *statements) Connect(context.Context) (driver.Conn, error) {
	c, err := s.Driver().Open(s.dsn)
	if err != nil {
		return nil, err
	}
	return &notedConn{c.(*sqlite3.SQLiteConn), s}, nil
}

// Driver is driver.Connector's.
func (s *statements) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

type notedConn struct {
	*sqlite3.SQLiteConn
	to *statements
}

// ExecContext is driver.ExecerContext's.
func (c *notedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.to.note(query)
	return c.SQLiteConn.ExecContext(ctx, query, args)
}

// QueryContext is driver.QueryerContext's.
func (c *notedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.to.note(query)
	return c.SQLiteConn.QueryContext(ctx, query, args)
}

// PrepareContext is driver.ConnPrepareContext's.
func (c *notedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.to.note(query)
	return c.SQLiteConn.PrepareContext(ctx, query)
}

// noted opens a store whose writer's statements are noted.
func noted(t *testing.T) (*Store, *statements) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	s, err := Open(t.Context(), Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	s.writer.close()
	to := &statements{dsn: "file:" + path + "?_foreign_keys=1&_txlock=immediate&_busy_timeout=10"}
	db := sqlx.NewDb(sql.OpenDB(to), "sqlite3")
	db.SetMaxOpenConns(1)
	s.writer = startWriter(s.d, db)
	s.closes = append(s.closes, db.Close)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return s, to
}

// quiet is a sender that nobody asks to send.
type quiet struct{ otp.Sender }

func (quiet) Routes(string, time.Time) []otp.Route {
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 1}}
}

// TestAllBudgetsCostOneStatement: a request costs the database as many statements
// with all limits as with none, and one of them takes from all counters.
func TestAllBudgetsCostOneStatement(t *testing.T) {
	lists := map[bool][]string{}
	for _, on := range []bool{false, true} {
		s, to := noted(t)
		set := otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Hour}
		if on {
			set.Limits = otp.Limits{NumberHour: 5, NumberDay: 15, AddressHour: 30, NetworkHour: 150, PrefixHour: 100, CountryHour: 3000, SpendDay: 1000}
		}
		engine, err := otp.New(otp.Options{Method: "flashCall", Store: s.Challenges(), Sender: quiet{}, Settings: func() otp.Settings { return set },
			Hash: func(parts ...string) string { return fmt.Sprint(parts) }})
		if err != nil {
			t.Fatal(err)
		}
		target := otp.Target{LoginID: "login", PersonID: "person", Phone: "+79990000001", Country: "RU", RemoteIP: "192.0.2.7"}
		if err := engine.Request(t.Context(), target); err != nil {
			t.Fatal(err)
		}
		lists[on] = to.list
		var rows int
		if err := s.read.Get(t.Context(), &rows, `SELECT count(*) FROM counters`); err != nil || on != (rows >= 7) {
			t.Errorf("limits on: %v, %d counters, %v", on, rows, err)
		}
	}
	for on, list := range lists {
		counters := 0
		for _, query := range list {
			if strings.Contains(query, "counters") {
				counters++
			}
		}
		if counters != 1 {
			t.Errorf("limits on: %v: %d statements for counters, want one:\n%s", on, counters, strings.Join(list, "\n"))
		}
	}
	if len(lists[true]) != len(lists[false]) || len(lists[true]) == 0 {
		t.Errorf("%d statements without limits, %d with all:\n%s", len(lists[false]), len(lists[true]), strings.Join(lists[true], "\n"))
	}
}
