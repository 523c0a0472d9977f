package memory

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// restAfter is how many quiet looks in a row make a rest.
	restAfter = 3
	// quiet, in bytes, is the most that is allocated between two looks at rest: probes,
	// a scrape of the metrics and background work stay below it, and so does a login a second.
	quiet = 2 << 20
	// worth, in bytes, is what must have been allocated since the last rest before
	// another one is taken: a rest costs two collections. The first password after one
	// is as much by default.
	worth = 16 << 20
)

// allocated is the runtime's name for all that was ever allocated, in bytes.
const allocated = "/gc/heap/allocs:bytes"

// Rest gives the system what is of no use any more, where Go would take minutes: at
// once, since starting leaves several times of what a node holds, and whenever the
// node has rested for three looks after work. The memory of password hashes goes with
// it, and a hash takes it again. GOGC in the environment leaves only the first. Looks
// come each second; it ends with ctx.
func Rest(ctx context.Context, looks <-chan time.Time) {
	debug.FreeOSMemory()
	if os.Getenv("GOGC") != "" {
		return
	}
	r := rest{seen: everAllocated(), rested: everAllocated()}
	for {
		select {
		case <-looks:
		case <-ctx.Done():
			return
		}
		if r.look(everAllocated()) {
			runtime.GC() // a pool's memory lives through one collection, and goes with the second
			debug.FreeOSMemory()
		}
	}
}

// rest knows when a node rests, by how much it allocates.
type rest struct {
	// seen was allocated at the last look, rested at the last rest.
	seen, rested uint64
	looks        int
}

// look says whether to give memory back now that so much was ever allocated.
func (r *rest) look(ever uint64) bool {
	busy := ever-r.seen > quiet
	r.seen = ever
	if busy {
		r.looks = 0
		return false
	}
	r.looks++
	if r.looks < restAfter || ever-r.rested < worth {
		return false
	}
	r.rested = ever
	return true
}

func everAllocated() uint64 {
	s := []metrics.Sample{{Name: allocated}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
