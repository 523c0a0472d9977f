package memory

import (
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Of what is left for this process, the share that the soft limit takes: the rest is
// for what Go doesn't count, SQLite's pages among it.
const share = 0.85

// workerItself is what a worker takes beside its script, in bytes.
const workerItself = 32 << 20

// Options for Limit.
type Options struct {
	// Workers beside this process, and the most bytes that one's script may take.
	Workers int
	Script  int64
	// Container is the limit of all processes together; nil reads the control group's.
	Container memlimit.Provider
	Log       *slog.Logger
}

// Limit sets Go's soft limit from the container's, and returns it in bytes;
// math.MaxInt64 is none. GOMEMLIMIT in the environment wins, and AUTOMEMLIMIT=off
// leaves the limit alone. On a machine without control groups nothing is set and
// the error says why.
func Limit(o Options) (int64, error) {
	if o.Container == nil {
		o.Container = memlimit.FromCgroup
	}
	limit, err := memlimit.Set(memlimit.WithRatio(share), memlimit.WithProvider(o.rest))
	if err == nil {
		o.Log.Debug("memory", "soft_limit_bytes", limit)
	}
	return limit, err
}

// rest is what the workers leave. They hardly ever take all that they may, and the
// kernel ends them before this process; so half of the container is never theirs.
func (o Options) rest() (uint64, error) {
	whole, err := o.Container()
	if err != nil {
		return 0, err
	}
	theirs := uint64(o.Workers) * uint64(o.Script+workerItself) //nolint:gosec // never negative
	return whole - min(theirs, whole/2), nil
}
