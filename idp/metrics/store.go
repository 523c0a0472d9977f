package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Store times what the database does; it is a store.Meter.
type Store struct {
	reads, writes, commits prometheus.Histogram
	groups                 prometheus.Histogram
}

func newStore() *Store {
	buckets := []float64{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5}
	timed := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	return &Store{
		reads:   timed("ringtail_store_read_seconds", "Time of one query that reads, waiting for a connection included."),
		writes:  timed("ringtail_store_write_seconds", "Time from giving a write to the database until it is on disk, waiting included."),
		commits: timed("ringtail_store_commit_seconds", "Time of a transaction that writes, from its begin to the end of its commit."),
		groups: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ringtail_store_commit_writes", Help: "Writes that shared one commit.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128},
		}),
	}
}

func (s *Store) all() []prometheus.Collector {
	return []prometheus.Collector{s.reads, s.writes, s.commits, s.groups}
}

// Read implements store.Meter.
func (s *Store) Read(took time.Duration) { s.reads.Observe(took.Seconds()) }

// Write implements store.Meter.
func (s *Store) Write(took time.Duration) { s.writes.Observe(took.Seconds()) }

// Commit implements store.Meter.
func (s *Store) Commit(writes int, took time.Duration) {
	s.groups.Observe(float64(writes))
	s.commits.Observe(took.Seconds())
}
