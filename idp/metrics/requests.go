package metrics

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/observe"
)

// Requests are the answers of the public and the console's handlers.
type Requests struct {
	answers *prometheus.CounterVec
	took    *prometheus.HistogramVec
	inside  prometheus.Gauge
	seen    sync.Map // kind -> *series: to find them by their labels takes longer than to count
}

// kind is what answers have in common that are counted together.
type kind struct {
	route, method string
	status        int
}

// series are those of a kind.
type series struct {
	answers prometheus.Counter
	took    prometheus.Observer
}

func (q *Requests) of(k kind) *series {
	if s, ok := q.seen.Load(k); ok {
		return s.(*series)
	}
	s := &series{answers: q.answers.WithLabelValues(k.route, k.method, strconv.Itoa(k.status)), took: q.took.WithLabelValues(k.route)}
	q.seen.Store(k, s)
	return s
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
		s := q.of(kind{route: observe.Route(r), method: observe.Method(r.Method), status: rec.Status})
		s.answers.Inc()
		s.took.Observe(time.Since(began).Seconds())
	})
}
