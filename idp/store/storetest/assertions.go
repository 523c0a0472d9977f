package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func useAssertion(t *testing.T, s Stores, digest string, now time.Time, want bool) {
	t.Helper()
	first, err := s.Assertions.UseAssertion(context.Background(), digest, now, now.Add(time.Minute))
	must(t, err)
	if first != want {
		t.Errorf("%s after %v: first %v, want %v", digest, now.Sub(noon), first, want)
	}
}

func usesAssertionOnce(t *testing.T, s Stores) {
	useAssertion(t, s, "a", noon, true)
	useAssertion(t, s, "a", noon, false)
	useAssertion(t, s, "A", noon, true)
	useAssertion(t, s, "a", noon.Add(time.Minute-time.Microsecond), false)
	useAssertion(t, s, "a", noon.Add(time.Minute), true) // what is over may come again, swept or not
	useAssertion(t, s, "a", noon.Add(time.Minute), false)
}

func racesAssertion(t *testing.T, s Stores) {
	var group sync.WaitGroup
	var won atomic.Int32
	for range 64 {
		group.Go(func() {
			first, err := s.Assertions.UseAssertion(context.Background(), "raced", noon, noon.Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			if first {
				won.Add(1)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 {
		t.Errorf("%d were first, want one", won.Load())
	}
}

func sweepsAssertions(t *testing.T, s Stores) {
	useAssertion(t, s, "a", noon, true)
	useAssertion(t, s, "b", noon.Add(time.Second), true)
	for _, c := range []struct {
		now  time.Duration
		want int
	}{{time.Minute - time.Microsecond, 0}, {time.Minute, 1}, {time.Minute, 0}} {
		if n, err := s.Sweeper.Sweep(context.Background(), noon.Add(c.now), 10); err != nil || n != c.want {
			t.Errorf("after %v %d went, want %d: %v", c.now, n, c.want, err)
		}
	}
	useAssertion(t, s, "b", noon.Add(time.Minute), false)
}
