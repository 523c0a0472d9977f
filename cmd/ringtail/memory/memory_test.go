package memory_test

import (
	"context"
	"io"
	"log/slog"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/ringtail-id/ringtail/cmd/ringtail/memory"
)

// freeEnvironment has nothing that decides beforehand, and gives the limit back.
func freeEnvironment(t *testing.T) {
	t.Helper()
	before := debug.SetMemoryLimit(-1)
	for _, name := range []string{"GOMEMLIMIT", "AUTOMEMLIMIT"} {
		t.Setenv(name, "") // has it restored
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
}

func TestLimit(t *testing.T) {
	const mib = 1 << 20
	for name, c := range map[string]struct {
		container uint64 // MiB
		workers   int
		want      int64 // MiB before the share
	}{
		"workers are left their part":    {1024, 2, 1024 - 2*(128+32)},
		"a small container is halved":    {256, 2, 128},
		"without workers all is for Go":  {512, 0, 512},
		"many workers leave half of it":  {2048, 64, 1024},
		"a container of many gibibytes":  {1 << 16, 8, 1<<16 - 8*160},
		"workers that fit exactly":       {640, 2, 320},
		"a worker more than what fits":   {640, 3, 320},
		"a container below one worker's": {64, 1, 32},
	} {
		t.Run(name, func(t *testing.T) {
			freeEnvironment(t)
			got, err := memory.Limit(memory.Options{
				Workers: c.workers, Script: 128 * mib, Container: memlimit.Limit(c.container * mib), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			})
			if want := int64(float64(c.want*mib) * 0.85); err != nil || got != want || debug.SetMemoryLimit(-1) != want {
				t.Errorf("%d, %v; want %d", got, err, want)
			}
		})
	}
}

func TestNoLimit(t *testing.T) {
	freeEnvironment(t)
	got, err := memory.Limit(memory.Options{
		Workers: 2, Container: func() (uint64, error) { return 0, memlimit.ErrNoLimit }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil || got != math.MaxInt64 {
		t.Errorf("%d, %v; want no limit", got, err)
	}
}

func TestTheEnvironmentWins(t *testing.T) {
	freeEnvironment(t)
	t.Setenv("GOMEMLIMIT", "123MiB") // the runtime read it at the start, so what holds is what was
	before := debug.SetMemoryLimit(-1)
	got, err := memory.Limit(memory.Options{Container: memlimit.Limit(1 << 30), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil || got != before {
		t.Errorf("%d, %v; want %d as before", got, err, before)
	}
}

func TestCollect(t *testing.T) {
	for name, c := range map[string]struct {
		gogc     string
		lives    int
		ended    bool
		min, max int
	}{
		"little lives, so that there is room":     {min: 100, max: 200},
		"a third of what lives is more":           {lives: 64 << 20, min: 33, max: 33},
		"the environment wins":                    {gogc: "150", min: 150, max: 150},
		"after the end it stays as it was before": {ended: true, min: 150, max: 150},
	} {
		t.Run(name, func(t *testing.T) {
			before := debug.SetGCPercent(150) // what the runtime read at the start
			t.Cleanup(func() { debug.SetGCPercent(before) })
			t.Setenv("GOGC", c.gogc)
			ctx, end := context.WithCancel(t.Context())
			defer end()
			if c.ended {
				end()
			}
			lives := make([]byte, c.lives)
			runtime.GC() // what it finds alive is what counts
			memory.Collect(ctx)
			runtime.KeepAlive(lives)
			if got := debug.SetGCPercent(150); got < c.min || got > c.max {
				t.Errorf("%d percent, want %d to %d", got, c.min, c.max)
			}
		})
	}
}

// TestCollectGoesOn sets nothing by hand: each collection sets it for the next.
func TestCollectGoesOn(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(150)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	memory.Collect(t.Context())
	gogc := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	much := make([]byte, 64<<20)
	for metrics.Read(gogc); gogc[0].Value.Uint64() != 33; metrics.Read(gogc) {
		if t.Context().Err() != nil {
			t.Fatalf("%d percent, want 33", gogc[0].Value.Uint64())
		}
		runtime.GC()
	}
	runtime.KeepAlive(much)
}

// TestRest lives through a start, work, and a rest after it: what the pool kept goes.
func TestRest(t *testing.T) {
	for name, c := range map[string]struct {
		gogc string
		kept bool
	}{
		"at rest memory is given back":         {},
		"with GOGC only what the start needed": {gogc: "100", kept: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", c.gogc)
			t.Cleanup(func() { runtime.GC(); runtime.GC() })
			ctx, end := context.WithCancel(t.Context())
			looks, ended := make(chan time.Time), make(chan struct{})
			go func() { defer close(ended); memory.Rest(ctx, looks) }()
			look := func() {
				select {
				case looks <- time.Now():
				case <-ended:
				}
			}
			look() // it has returned what the start left
			pool := sync.Pool{New: func() any { return new([64 << 20]byte) }}
			use(&pool)
			before := held()
			for range 5 {
				look()
			}
			end()
			<-ended
			if after := held(); c.kept != (after > before-48<<20) {
				t.Errorf("%d MiB were held, and %d MiB are", before>>20, after>>20)
			}
		})
	}
}

// use takes memory from the pool, as a password hash does, and puts it back.
func use(pool *sync.Pool) {
	kept := pool.Get().(*[64 << 20]byte)
	for i := range kept {
		kept[i] = 1 // the system gives a page when it is written
	}
	pool.Put(kept)
}

// held is what the runtime has from the system for the heap, in bytes.
func held() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapSys - m.HeapReleased)
}
