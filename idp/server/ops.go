package server

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyTimeout bounds what /readyz asks of the database.
const readyTimeout = 2 * time.Second

func (s *Server) newOps() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(s.Collectors()...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { respond(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	if s.options.Profiles {
		mountProfiles(mux)
	}
	return mux
}

// Ready says why no login could be served now: the database does not answer, or
// there is no key to sign with. A key that the master key can't open is such a
// reason too, and one that will not pass by itself. Programs ask before they
// take requests; the first time of an installation makes its keys.
func (s *Server) Ready(ctx context.Context) error {
	if err := s.options.Store.Ping(ctx); err != nil {
		return err
	}
	_, err := s.signing.Signing(ctx, "")
	return err
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		s.options.Log.Error("not ready", "error", err)
		respond(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	respond(w, http.StatusOK, "ready\n")
}

func respond(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
