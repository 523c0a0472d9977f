package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
)

func sweepsHooks(t *testing.T, s Stores) {
	ctx := context.Background()
	_, err := s.Callbacks.RememberCallback(ctx, "a", noon, noon.Add(time.Minute))
	must(t, err)
	_, err = s.Callbacks.RememberCallback(ctx, "b", noon, noon.Add(time.Hour))
	must(t, err)
	draw := pool.Draw{Driver: "a", Code: "hash of a code", Phone: "hash of a number"}
	seen := func() (got pool.Seen) {
		must(t, s.Pools.CountCode(ctx, draw, func(w *pool.Window, seen pool.Seen) error {
			w.Serial, w.Until, got = 1, noon.Add(time.Minute), seen
			return nil
		}))
		return got
	}
	seen()
	sweep := func(now time.Time, want int) {
		t.Helper()
		if n, err := s.Sweeper.Sweep(ctx, now, 10); err != nil || n != want {
			t.Errorf("%d went, want %d: %v", n, want, err)
		}
	}
	sweep(noon.Add(time.Minute-time.Second), 0)
	sweep(noon.Add(time.Minute), 3)
	if got := seen(); got != (pool.Seen{}) {
		t.Errorf("after the sweep there is %+v", got)
	}
	if first, err := s.Callbacks.RememberCallback(ctx, "b", noon, noon.Add(time.Hour)); err != nil || first {
		t.Errorf("a callback was swept before its time: %v, %v", first, err)
	}
	windows, err := s.Pools.CodeWindows(ctx)
	must(t, err)
	if len(windows) != 1 {
		t.Errorf("windows %v: their counts stay until the next one is over", windows)
	}
}
