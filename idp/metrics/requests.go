package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Requests are the answers of the public and the console's handlers.
type Requests struct {
	answers *prometheus.CounterVec
	took    *prometheus.HistogramVec
	inside  prometheus.Gauge
}

func newRequests() *Requests {
	return &Requests{
		answers: counter("ringtail_requests_total", "Answers by route, method and status.", "route", "method", "status"),
		took:    seconds("ringtail_request_seconds", "Time from a request's headers to the end of its answer.", "route"),
		inside:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "ringtail_requests_in_progress", Help: "Requests that are being answered now."}),
	}
}

func (q *Requests) all() []prometheus.Collector {
	return []prometheus.Collector{q.answers, q.took, q.inside}
}

// Count counts and times what next answers. It must stand where no handler before
// next copies the request: the route is read from it afterwards.
func (q *Requests) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		q.inside.Inc()
		defer q.inside.Dec()
		rec := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		route := Route(r)
		q.answers.WithLabelValues(route, Method(r.Method), strconv.Itoa(rec.status)).Inc()
		q.took.WithLabelValues(route).Observe(time.Since(began).Seconds())
	})
}

// Route is the pattern that served the request: never the path itself, whose
// values strangers choose and which holds ids of logins. It is "none" where no
// pattern did.
func Route(r *http.Request) string {
	pattern := r.Pattern
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path // without the method, which has a label of its own
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}

// Method is the name of an HTTP method that is used here, or "other".
func Method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete:
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
