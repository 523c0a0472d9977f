package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/observe"
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
		rec := observe.NewAnswer(w)
		next.ServeHTTP(rec, r)
		route := observe.Route(r)
		q.answers.WithLabelValues(route, observe.Method(r.Method), strconv.Itoa(rec.Status)).Inc()
		q.took.WithLabelValues(route).Observe(time.Since(began).Seconds())
	})
}
