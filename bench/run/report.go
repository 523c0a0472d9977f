package run

import (
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
)

// Report is what a run measured, and what it is read by (bench/page).
type Report struct {
	When    time.Time `json:"when"`
	Commit  string    `json:"commit"` // of the sources; empty where unknown
	Go      string    `json:"go"`
	Machine Machine   `json:"machine"`
	// Signature is the processor time of an ES256 signature in this run: how fast the machine was.
	Signature time.Duration `json:"es256_signature_ns"`
	// Hash is that of a password hash with the parameters of the run, which is taken off the full login; StandardHash that of the default ones.
	Hash         time.Duration `json:"password_hash_ns"`
	StandardHash time.Duration `json:"default_password_hash_ns"`
	// WarmStep is the wall time of a step of a driver in a worker that is warm, the median.
	WarmStep time.Duration `json:"warm_step_ns"`
	Servers  []Server      `json:"servers"`
}

// Machine is what it ran on.
type Machine struct {
	Processors int    `json:"processors"`
	Model      string `json:"model"`
	OS         string `json:"os"`
	Arch       string `json:"arch"`
}

// Names of servers in a report.
const (
	Ringtail    = "Ringtail"
	FloorMemory = "floor in memory"
	FloorSQLite = "floor on SQLite"
)

// Server is one server under load.
type Server struct {
	Name     string        `json:"name"`
	Database string        `json:"database,omitempty"`
	Results  []load.Result `json:"results"`
	// FirstAnswer is the time from its start to its first answer, the median of some starts.
	FirstAnswer time.Duration `json:"first_answer_ns,omitempty"`
	// Memory is what the server held in memory when the load ended, in bytes, and Rested
	// what it held restFor later; Workers is what its worker processes held then.
	Memory  int64 `json:"memory_bytes,omitempty"`
	Rested  int64 `json:"rested_memory_bytes,omitempty"`
	Workers int64 `json:"workers_memory_bytes,omitempty"`
}

// Find is the result of an operation at a degree of parallelism, nil where it wasn't measured.
func (s *Server) Find(operation string, parallel int) *load.Result {
	for i, r := range s.Results {
		if r.Operation == operation && r.Parallel == parallel {
			return &s.Results[i]
		}
	}
	return nil
}
