package faults

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// wire is the way from a node to its database, which can be cut.
type wire struct {
	listener net.Listener
	to       string // a unix socket

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
}

// newWire leads from an address of this machine to PostgreSQL's socket in the folder.
func newWire(t *testing.T, address, folder string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: filepath.Join(folder, ".s.PGSQL.5432"), conns: map[net.Conn]bool{}}
	go w.serve()
	t.Cleanup(func() { l.Close(); w.set(true) })
	return w
}

// url is PostgreSQL's over the wire.
func (w *wire) url() string {
	return "postgres://ringtail@" + w.listener.Addr().String() + "/postgres?sslmode=disable"
}

func (w *wire) serve() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("unix", w.to)
		if err != nil {
			in.Close()
			continue
		}
		w.mu.Lock()
		w.conns[in], w.conns[out] = true, true
		w.mu.Unlock()
		go w.carry(in, out)
		go w.carry(out, in)
	}
}

// carry holds back what comes while the wire is cut, as a network does that loses
// packets: neither side is told.
func (w *wire) carry(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	_, _ = io.Copy(to, &held{from, w})
}

type held struct {
	net.Conn
	wire *wire
}

// Read waits until the wire is whole.
func (h *held) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	for h.wire.isCut() {
		<-time.After(20 * time.Millisecond)
	}
	return n, err
}

func (w *wire) isCut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cut
}

// set cuts the wire without a word, or mends it; then connections that were there
// are reset, as they are after minutes without an answer.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if !cut {
		for c := range w.conns {
			c.Close()
		}
		clear(w.conns)
	}
}

// TestCutOffWithALease: a node is cut off from the database while it has a call
// placed. The other node gives the call up after its lease, nobody calls again by
// themselves, and the person's next call lets them in.
func TestCutOffWithALease(t *testing.T) {
	needsFaults(t)
	server := newPostgres(t)
	wire := newWire(t, "127.0.0.1", server.Folder())
	w := newWorld(t, setup{people: 4, nodes: 2, url: server.URL("postgres")})
	w.nodes[0].more = []string{"--set", "store.url=" + wire.url()}
	w.run(t)
	for range runs(5) {
		w.cutOff(t, wire)
	}
	w.invariants(t)
}

func (w *world) cutOff(t *testing.T, wire *wire) {
	t.Helper()
	var once sync.Once
	w.phone.set(func(http.ResponseWriter, *http.Request) bool {
		once.Do(func() { wire.set(true) })
		return false
	})
	end := w.crowd(context.Background())
	<-time.After(3 * time.Second)
	if !wire.isCut() {
		w.faults.count("times that no call began")
	}
	w.nodes[0].leaving.Store(true) // its /readyz says 503, so a balancer sends nobody there
	w.faults.count("times that a node was cut off while calls were placed")
	w.comesBack(t)
	w.phone.set(nil)
	<-time.After(3 * time.Second)
	wire.set(false)
	w.nodes[0].leaving.Store(false)
	w.comesBack(t)
	end()
}
