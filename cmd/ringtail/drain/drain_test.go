package drain_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/drain"
)

var well = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "well") })

func TestGate(t *testing.T) {
	for name, c := range map[string]struct {
		leaving   bool
		part      func(*drain.Gate) http.Handler
		path      string
		status    int
		connClose bool
	}{
		"a node that stays is ready":           {false, func(g *drain.Gate) http.Handler { return g.Ops(well) }, "/readyz", 200, false},
		"a node that leaves isn't ready":       {true, func(g *drain.Gate) http.Handler { return g.Ops(well) }, "/readyz", 503, false},
		"but it is alive":                      {true, func(g *drain.Gate) http.Handler { return g.Ops(well) }, "/healthz", 200, false},
		"a node that stays keeps connections":  {false, func(g *drain.Gate) http.Handler { return g.Public(well) }, "/", 200, false},
		"a node that leaves answers and hangs": {true, func(g *drain.Gate) http.Handler { return g.Public(well) }, "/", 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := &drain.Gate{}
			if c.leaving {
				g.Leave()
			}
			server := httptest.NewServer(c.part(g))
			defer server.Close()
			res, err := http.Get(server.URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != c.status || res.Close != c.connClose {
				t.Errorf("%d, closes %t; want %d, %t", res.StatusCode, res.Close, c.status, c.connClose)
			}
		})
	}
}

// TestHushLosesNobody: connections that were there before are accepted and work, a
// new one gets nowhere, and is refused when the listener is closed.
func TestHushLosesNobody(t *testing.T) {
	for _, network := range []string{"tcp4", "tcp6"} {
		t.Run(network, func(t *testing.T) {
			l, err := drain.Listen(t.Context(), network, "localhost:0")
			if err != nil {
				t.Skip("this machine has no " + network)
			}
			defer l.Close()
			before, err := net.Dial(network, l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer before.Close()
			if err := drain.Hush(l); errors.Is(err, drain.ErrUnable) {
				t.Skip(err)
			} else if err != nil {
				t.Fatal(err)
			}
			var late net.Error
			if _, err := net.DialTimeout(network, l.Addr().String(), 50*time.Millisecond); !errors.As(err, &late) || !late.Timeout() {
				t.Errorf("a new connection: %v; want that nobody answers", err)
			}
			taken, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer taken.Close()
			echo(t, before, taken)
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := net.Dial(network, l.Addr().String()); err == nil {
				t.Error("somebody listens after the listener closed")
			}
			echo(t, before, taken)
		})
	}
}

func echo(t *testing.T, from, to net.Conn) {
	t.Helper()
	if _, err := io.WriteString(from, "ring"); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(to, got); err != nil || string(got) != "ring" {
		t.Errorf("%q, %v", got, err)
	}
}

// pipe has no socket.
type pipe struct{ net.Listener }

func TestHushLeavesOtherListenersAlone(t *testing.T) {
	if err := drain.Hush(pipe{}); err != nil {
		t.Error(err)
	}
}
