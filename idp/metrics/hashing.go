package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Hashing times password hashing.
type Hashing struct {
	took, waited *prometheus.HistogramVec
	refused      prometheus.Counter
}

func newHashing() *Hashing {
	return &Hashing{
		took:    seconds("ringtail_password_hash_seconds", "Time of computing one password hash, to compare or to store."),
		waited:  seconds("ringtail_password_hash_wait_seconds", "Time that a password waited for its turn to be hashed."),
		refused: prometheus.NewCounter(prometheus.CounterOpts{Name: "ringtail_password_hashes_refused_total", Help: "Passwords that were not hashed because too many waited."}),
	}
}

func (h *Hashing) all() []prometheus.Collector {
	return []prometheus.Collector{h.took, h.waited, h.refused}
}

// Hashed notes a hash and how long it waited for its turn.
func (h *Hashing) Hashed(waited, took time.Duration) {
	h.waited.WithLabelValues().Observe(waited.Seconds())
	h.took.WithLabelValues().Observe(took.Seconds())
}

// Busy notes a password that found no turn.
func (h *Hashing) Busy() { h.refused.Inc() }
