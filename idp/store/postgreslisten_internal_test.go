package store

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// A connection whose server takes everything and says nothing any more is given up, and
// what is notified reaches the next one.
func TestListenerLeavesASilentServer(t *testing.T) {
	server := pgserver.Start(t, pgserver.Options{})
	config, _, err := postgresConfig(server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	l := newListener(config)
	l.silence, l.patience, l.again = 20*time.Millisecond, 500*time.Millisecond, time.Millisecond
	dial, opened := l.config.DialFunc, make(chan *mutable, 8)
	l.config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c := &mutable{Conn: conn}
		opened <- c
		return c, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan struct{}, 64), make(chan struct{})
	go func() { defer close(ended); l.listen(ctx, func() { told <- struct{}{} }) }()
	t.Cleanup(func() { cancel(); <-ended })
	heard := func() {
		t.Helper()
		await(t, "what was before it", told)
		if err := server.Exec(t.Context(), "postgres", `NOTIFY ringtail`); err != nil {
			t.Fatal(err)
		}
		await(t, "a notification", told)
	}

	first := await(t, "a connection", opened)
	heard()
	first.muted.Store(true)
	heard()
}

// mutable is a connection whose server can be made to say nothing more.
type mutable struct {
	net.Conn
	muted atomic.Bool
}

func (m *mutable) Read(p []byte) (int, error) {
	for {
		n, err := m.Conn.Read(p)
		if err != nil || !m.muted.Load() {
			return n, err
		}
	}
}

func await[T any](t *testing.T, what string, c <-chan T) (got T) {
	t.Helper()
	select {
	case got = <-c:
	case <-time.After(30 * time.Second):
		t.Fatalf("%s never came", what)
	}
	return got
}
