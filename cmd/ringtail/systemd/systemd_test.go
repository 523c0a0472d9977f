package systemd_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/systemd"
)

// manager plays the service manager: next is the next message, empty where none came.
func manager(t *testing.T) (m systemd.Manager, next func() string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", name)
	return systemd.Manager{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, func() string {
		t.Helper()
		if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4096)
		n, err := socket.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

func TestNotify(t *testing.T) {
	m, next := manager(t)
	m.Ready()
	done := m.Reloading()
	done()
	m.Stopping()
	for _, want := range []string{"READY=1\nSTATUS=serving", "RELOADING=1\nMONOTONIC_USEC=", "READY=1", "STOPPING=1\n"} {
		if got := next(); !strings.HasPrefix(got, want) {
			t.Errorf("the service manager heard %q, want %q", got, want)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("WATCHDOG_USEC", "")
	m := systemd.Manager{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	m.Ready()
	if every := m.Watched(); every != 0 {
		t.Errorf("a watchdog of %v, want none", every)
	}
}

func TestWatched(t *testing.T) {
	for name, c := range map[string]struct {
		usec string
		want time.Duration
	}{
		"half a minute": {"30000000", 30 * time.Second},
		"nonsense":      {"soon", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("WATCHDOG_USEC", c.usec)
			m := systemd.Manager{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
			if got := m.Watched(); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestWatch: a node that answers is told of, and one that hangs isn't until it
// answers again.
func TestWatch(t *testing.T) {
	m, next := manager(t)
	ctx, stop := context.WithCancel(context.Background())
	ticks, answers, asked := make(chan time.Time), make(chan string), make(chan struct{}, 1)
	over := make(chan struct{})
	go func() {
		defer close(over)
		m.Watch(ctx, ticks, time.Minute, func(context.Context) string {
			asked <- struct{}{}
			return <-answers
		})
	}()
	for _, hung := range []int{0, 3, 0} { // ticks during which the node hangs
		ticks <- time.Time{}
		<-asked
		for range hung {
			ticks <- time.Time{}
			select {
			case <-asked:
				t.Fatal("a node that hangs is asked once more")
			default:
			}
		}
		answers <- "serving"
		if got := next(); got != "WATCHDOG=1\nSTATUS=serving" {
			t.Errorf("the watchdog heard %q", got)
		}
	}
	stop()
	<-over
}
