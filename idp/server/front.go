package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/front"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
)

// newFront is what stands before all that is public.
func (s *Server) newFront(base string, shown *pages.Pages) (*front.Front, error) {
	o := &s.options
	limits, err := ratelimit.New(o.RateLimits)
	if err != nil {
		return nil, err
	}
	return front.New(front.Options{
		Base: base, Limits: limits, ClientIP: proxies(o.TrustedProxies).clientIP, Pages: shown, Gate: o.Gate,
		Limited:  func(rule string) { o.Metrics.limited.WithLabelValues(rule).Inc() },
		Withheld: o.Metrics.withheld.Inc, Now: o.Now, Log: o.Log,
	})
}

// newLimited counts requests that came too often.
func newLimited() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ringtail_rate_limited_total", Help: "Requests refused because their address or client came too often, by rule.",
	}, []string{"rule"})
}

// newWithheld counts answers that nobody got.
func newWithheld() prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{
		Name: "ringtail_answers_withheld_total", Help: "Answers that a 503 stood in for, as what they tell could not be put on record within five seconds.",
	})
}

// routes is a mux of what is public. It tells what is mounted without a row in the
// table of front, which would be served under the limit of what is served nowhere.
type routes struct {
	*http.ServeMux
	front  *front.Front
	faults []error
}

func newRoutes(f *front.Front) *routes { return &routes{ServeMux: http.NewServeMux(), front: f} }

// Handle mounts the handler.
func (m *routes) Handle(pattern string, handler http.Handler) {
	if path := pattern[strings.IndexByte(pattern, '/'):]; !m.front.Has(path) {
		m.faults = append(m.faults, fmt.Errorf("%s has no row in the table of public routes", path))
	}
	m.ServeMux.Handle(pattern, handler)
}

// HandleFunc mounts the function.
func (m *routes) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.Handle(pattern, http.HandlerFunc(handler))
}

func (m *routes) check() error { return errors.Join(m.faults...) }
