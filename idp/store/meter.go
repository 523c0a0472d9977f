package store

import (
	"database/sql"
	"time"
)

// Meter is told how long the database takes. It must be quick, and serves many
// goroutines.
type Meter interface {
	// Read is told of one query that reads, waiting for a connection included.
	Read(took time.Duration)
	// Write is told of one write, from being given until it is on disk or failed.
	Write(took time.Duration)
	// Commit is told of a transaction that writes, and how many writes shared it.
	Commit(writes int, took time.Duration)
}

// nothing is the Meter of who wants none.
type nothing struct{}

func (nothing) Read(time.Duration)        {}
func (nothing) Write(time.Duration)       {}
func (nothing) Commit(int, time.Duration) {}

func (d *database) metered() Meter {
	if d.meter == nil {
		return nothing{}
	}
	return d.meter
}

// Pools are the connections of the reading and of the writing side, now.
func (s *Store) Pools() (read, write sql.DBStats) {
	return s.read.db.Stats(), s.writes.Stats()
}
