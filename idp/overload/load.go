package overload

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"
)

const (
	// measureEvery is how often the load is looked at.
	measureEvery = 100 * time.Millisecond
	// idle and saturated are shares of the processors' time between which the number of
	// places is right.
	idle, saturated = 0.9, 0.97
)

// Load is what a process does with its processors and its memory, each 0 to 1.
type Load struct {
	// Busy is the share of the processors' time that the process had.
	Busy float64
	// Memory is what is in use of the limit (GOMEMLIMIT); 0 where there is none.
	Memory float64
}

func (o Options) withDefaults() Options {
	if o.Least <= 0 {
		o.Least = 8 * runtime.GOMAXPROCS(0)
	}
	if o.Most <= 0 {
		o.Most = max(256, o.Least)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Load == nil {
		o.Load = processLoad(o.Now)
	}
	return o
}

// measure adapts the places to what was measured since it last was.
func (g *Gate) measure(now time.Time) {
	last := g.measured.Load()
	if now.UnixNano()-last < int64(measureEvery) && now.UnixNano() >= last || !g.measured.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	load := g.o.Load()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.memory = load.Memory
	waiting := g.behind(New)
	switch {
	case waiting && load.Busy < idle:
		g.places = min(g.o.Most, g.places+g.places/4+1)
	case load.Busy > saturated || !waiting:
		g.places = max(g.o.Least, g.places-g.places/10)
	}
	g.admit()
}

// processLoad measures this process.
func processLoad(now func() time.Time) func() Load {
	used, at := processorTime(), now()
	var mu sync.Mutex
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	return func() Load {
		mu.Lock()
		defer mu.Unlock()
		u, n := processorTime(), now()
		busy := 0.0
		if passed := n.Sub(at); passed > 0 {
			busy = float64(u-used) / float64(passed) / float64(runtime.GOMAXPROCS(0))
		}
		used, at = u, n
		return Load{Busy: busy, Memory: memoryShare(samples)}
	}
}

// memoryShare is what is alive, for garbage is no reason to refuse anybody.
func memoryShare(samples []metrics.Sample) float64 {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return 0
	}
	metrics.Read(samples)
	return float64(samples[0].Value.Uint64()+samples[1].Value.Uint64()) / float64(limit)
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
