package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// Require is the value of RINGTAIL_POSTGRES with which tests fail, rather than being
// skipped, where there is no PostgreSQL.
const Require = "require"

// shared gives the one server of this test process, which nobody stops: it ends
// when the process does.
func shared() (*Server, error) { return sharedOnce() }

var (
	sharedOnce = sync.OnceValues(func() (*Server, error) { return New(context.Background(), Options{}) })
	// databases counts those that were handed out.
	databases atomic.Int64
)

// Database makes an empty database on the server of this test process and returns
// its URL; it is dropped at the end of the test. Without a PostgreSQL the test is
// skipped.
func Database(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

// Prepared is Database with what prepare left in one of the same name; it runs once.
type Prepared struct {
	// Prepare gets the URL of an empty database and leaves no connection open.
	Prepare func(url string) error

	once sync.Once
	name string
	err  error
}

// Database makes a copy of the prepared database.
func (p *Prepared) Database(t testing.TB) string {
	t.Helper()
	server := Shared(t)
	p.once.Do(func() {
		p.name = fmt.Sprintf("prepared_%d", databases.Add(1))
		if p.err = server.Exec(context.Background(), "postgres", "CREATE DATABASE "+p.name); p.err == nil {
			p.err = p.Prepare(server.URL(p.name))
		}
	})
	if p.err != nil {
		t.Fatal("preparing a database:", p.err)
	}
	return create(t, " TEMPLATE "+p.name+server.strategy())
}

// Shared is the server of this test process. A test that stops or kills one starts
// its own with Start.
func Shared(t testing.TB) *Server {
	t.Helper()
	server, err := shared()
	return given(t, server, err)
}

// Start makes a server for one test, which it may stop, kill and start again.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	server, err := New(t.Context(), o)
	server = given(t, server, err)
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error("ending PostgreSQL:", err)
		}
	})
	return server
}

func given(t testing.TB, server *Server, err error) *Server {
	t.Helper()
	if errors.Is(err, ErrNone) && os.Getenv("RINGTAIL_POSTGRES") != Require {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func create(t testing.TB, from string) string {
	t.Helper()
	server := Shared(t)
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := server.Exec(t.Context(), "postgres", "CREATE DATABASE "+name+from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Exec(context.Background(), "postgres", "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error("dropping the test's database:", err)
		}
	})
	return server.URL(name)
}
