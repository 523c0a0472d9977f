package server

import (
	"database/sql"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/admin/calls"
	"github.com/ringtail-id/ringtail/idp/metrics"
	"github.com/ringtail-id/ringtail/idp/store"
)

// Metrics are the counters of a process. A reload makes a new Server, and counters
// never fall: they are made once and given to each.
type Metrics struct {
	*metrics.Metrics
	limited  *prometheus.CounterVec // requests, by the rule that refused them
	withheld prometheus.Counter
	calls    *calls.Metrics
}

// NewMetrics makes counters that stand at nothing. version is that of the program;
// may be empty.
func NewMetrics(version string) *Metrics {
	return &Metrics{Metrics: metrics.New(version), limited: newLimited(), withheld: newWithheld(), calls: calls.NewMetrics()}
}

// Collectors are all metrics of our own, those that are read when they are asked for
// included, for who serves and documents them.
func (s *Server) Collectors() []prometheus.Collector {
	o := &s.options
	all := slices.Concat(o.Metrics.All(), []prometheus.Collector{o.Metrics.limited, o.Metrics.withheld}, o.Metrics.calls.All(), storeMetrics(o.Store), gateMetrics(o.Gate))
	if f := o.FlashCall; f != nil {
		all = append(all, newPoolMetrics(s.pools, o.Log))
		if f.Stats != nil {
			all = append(all, workerMetrics(f.Stats, f.Workers)...)
		}
	}
	return all
}

// storeMetrics are what the database counts itself.
func storeMetrics(s *store.Store) []prometheus.Collector {
	stats := func(of func(store.Stats) float64) func() float64 { return func() float64 { return of(s.Stats()) } }
	all := []prometheus.Collector{
		counterOf("ringtail_store_writes_total", "Writes given to the database.", nil, stats(func(t store.Stats) float64 { return float64(t.Writes) })),
		counterOf("ringtail_store_commits_total", "Commits that these writes shared.", nil, stats(func(t store.Stats) float64 { return float64(t.Commits) })),
		gaugeOf("ringtail_store_writes_waiting", "Writes that wait now.", nil, stats(func(t store.Stats) float64 { return float64(t.Waiting) })),
	}
	for side, of := range map[string]func() sql.DBStats{
		"read":  func() sql.DBStats { read, _ := s.Pools(); return read },
		"write": func() sql.DBStats { _, write := s.Pools(); return write },
	} {
		labels := prometheus.Labels{"side": side}
		all = append(all,
			gaugeOf("ringtail_store_connections_in_use", "Connections to the database that work now, by side (read, write).", labels,
				func() float64 { return float64(of().InUse) }),
			gaugeOf("ringtail_store_connections_idle", "Connections to the database that are open and idle.", labels, func() float64 { return float64(of().Idle) }),
			counterOf("ringtail_store_connection_waits_total", "Waits for a connection to the database.", labels, func() float64 { return float64(of().WaitCount) }),
			counterOf("ringtail_store_connection_wait_seconds_total", "Time that was waited for a connection to the database.", labels,
				func() float64 { return of().WaitDuration.Seconds() }),
		)
	}
	return all
}

// workerMetrics are those of the processes that run drivers.
func workerMetrics(stats func() WorkerStats, size int) []prometheus.Collector {
	return []prometheus.Collector{
		gaugeOf("ringtail_workers", "Worker processes that run drivers at most.", nil, func() float64 { return float64(size) }),
		gaugeOf("ringtail_workers_busy", "Steps of drivers that run now.", nil, func() float64 { return float64(stats().Running) }),
		gaugeOf("ringtail_worker_queue", "Steps of drivers that wait for a worker.", nil, func() float64 { return float64(stats().Waiting) }),
		counterOf("ringtail_worker_starts_total", "Worker processes that were started.", nil, func() float64 { return float64(stats().Started) }),
	}
}

func counterOf(name, help string, labels prometheus.Labels, value func() float64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, value)
}

func gaugeOf(name, help string, labels prometheus.Labels, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value)
}
