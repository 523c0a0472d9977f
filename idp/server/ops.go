package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyTimeout bounds what /readyz asks of the database.
const readyTimeout = 2 * time.Second

func (s *Server) newOps() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), s.options.Metrics.requests, s.options.Metrics.refusals, s.options.Metrics.limited, s.options.Metrics.calls)
	stats := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	stats("ringtail_store_writes_total", "Writes given to the database.", func() float64 { return float64(s.options.Store.Stats().Writes) })
	stats("ringtail_store_commits_total", "Commits that these writes shared.", func() float64 { return float64(s.options.Store.Stats().Commits) })

	if s.pools != nil {
		registry.MustRegister(newPoolMetrics(s.pools, s.options.Log))
	}

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

// requests counts the public handler's answers by route and status.
type requests struct {
	*prometheus.CounterVec
}

func newRequests() *requests {
	return &requests{prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "ringtail_requests_total", Help: "Answers by route, method and status."},
		[]string{"route", "method", "status"},
	)}
}

// newRefusals counts codes that a budget refused.
func newRefusals() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ringtail_codes_refused_total", Help: "Codes that were not sent because a budget was used up, by budget.",
	}, []string{"budget"})
}

func (c *requests) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		c.WithLabelValues(route(r), method(r.Method), strconv.Itoa(rec.status)).Inc()
	})
}

// route is the pattern that served the request: never the path itself, whose
// values strangers choose and which holds ids of logins.
func route(r *http.Request) string {
	pattern := r.Pattern
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path // without the method, which has a label of its own
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}

func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions:
		return name
	}
	return "other"
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *statusWriter) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *statusWriter) Unwrap() http.ResponseWriter { return r.ResponseWriter }
