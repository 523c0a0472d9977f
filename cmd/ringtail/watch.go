package main

import (
	"context"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/systemd"
)

// patience is how long the watchdog's look at the node may take.
const patience = 5 * time.Second

func (in *installation) manager() systemd.Manager { return systemd.Manager{Log: in.log} }

// watch has the service manager's watchdog know that this node works, until ctx ends.
func (n *node) watch(ctx context.Context) error {
	m := n.manager()
	every := m.Watched()
	if every <= 0 {
		return nil
	}
	ticks := time.NewTicker(every / 3)
	defer ticks.Stop()
	m.Watch(ctx, ticks.C, min(patience, every/3), n.stand)
	return nil
}

// stand goes the way of a request through what serves now, and of a question to the
// database, and says in a few words how that went. What counts to the watchdog is
// that it comes back.
func (n *node) stand(ctx context.Context) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/healthz", nil)
	if err != nil {
		return err.Error()
	}
	n.host.Ops().ServeHTTP(&nowhere{}, r)
	if n.generation().Ready(ctx) != nil {
		return "not ready: no login could be served now"
	}
	return "serving"
}

// nowhere is an answer that nobody reads.
type nowhere struct{ header http.Header }

// Header implements http.ResponseWriter.
func (w *nowhere) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

// Write implements http.ResponseWriter.
func (w *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (w *nowhere) WriteHeader(int) {}
