package run

import (
	"io"
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
)

// Options of a run.
type Options struct {
	// Parallel are the degrees of parallelism, each at least 1.
	Parallel []int
	// For is how long each operation is done at each of them.
	For time.Duration
	// Only are the names of the operations; none means all.
	Only []string
	// Store is the database's URL; empty: SQLite in a folder that goes away again.
	Store string
	// Floor measures the server that does nothing but the flow too.
	Floor bool
	// Set are settings, PATH=VALUE, over those of the benchmark.
	Set []string
	// Binary is the server's; empty: it is built from the sources.
	Binary string
	// Profiles is a folder for the server's processor profile of each operation; empty: none are taken.
	Profiles string
	// ServerProcessor and LoadProcessor are where both run; below zero: anywhere.
	ServerProcessor, LoadProcessor int
	// Starts is how often the time to the first answer is measured.
	Starts int
	// Target is another provider, which runs already; PID its process, zero where it isn't known.
	Target *load.Target
	PID    int
	// Log is told how the run goes on.
	Log io.Writer
}
