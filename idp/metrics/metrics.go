package metrics

import (
	"runtime"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are those of one process. They are made once, since counters never fall,
// and are safe for concurrent use.
type Metrics struct {
	Requests *Requests
	Facts    *Facts
	Drivers  *Drivers
	Store    *Store
	Hashing  *Hashing

	build *prometheus.GaugeVec
}

var _ prometheus.Collector = (*Metrics)(nil)

// New makes metrics that stand at nothing. version is that of the program; may be
// empty.
func New(version string) *Metrics {
	m := &Metrics{
		Requests: newRequests(), Facts: newFacts(), Drivers: newDrivers(), Store: newStore(), Hashing: newHashing(),
		build: gauge("ringtail_build_info", "Always 1; the labels say what runs.", "version", "go"),
	}
	m.build.WithLabelValues(version, runtime.Version()).Set(1)
	return m
}

// All are the metrics one by one.
func (m *Metrics) All() []prometheus.Collector {
	return slices.Concat([]prometheus.Collector{m.build}, m.Requests.all(), m.Facts.all(), m.Drivers.all(), m.Store.all(), m.Hashing.all())
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	for _, c := range m.All() {
		c.Describe(out)
	}
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.All() {
		c.Collect(out)
	}
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
}

// seconds is a histogram of times, from a tenth of a millisecond to ten seconds.
func seconds(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: []float64{0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
	}, labels)
}
