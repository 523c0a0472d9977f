// Package passwordtest is the suite that every password.Store passes.
//
// It owns what a store must do for counters, up to two methods that share it
// and never pass a limit. It does not own the method's other rules: those are
// tested beside the method, on password.Memory.
package passwordtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
)

// noon is any time; whole milliseconds, as stores need keep no more.
var noon = time.Date(2026, 3, 4, 12, 0, 0, int(5*time.Millisecond), time.UTC)

// Run runs the suite. newStore returns an empty store, which the test closes
// through t.Cleanup. It is called once per test.
func Run(t *testing.T, newStore func(t *testing.T) password.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s password.Store)
	}{
		{"every field comes back", keepsFields},
		{"keys are apart", separatesKeys},
		{"an error of change changes nothing and comes back", refusesChange},
		{"parallel updates lose nothing", counts},
		{"what may be forgotten is swept in batches", sweeps},
		{"a cancelled context ends an update", cancels},
		{"guesses at two nodes stay within the block", blocksGuesses},
		{"guesses at two nodes stay within the throughput", holdsThroughput},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, newStore(t)) })
	}
}

func read(t *testing.T, s password.Store, key string) password.Counter {
	t.Helper()
	var got password.Counter
	stop := errors.New("only reading")
	err := s.UpdateCounter(context.Background(), key, func(c *password.Counter) error {
		got = *c
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("reading %s: %v", key, err)
	}
	return got
}

func set(t *testing.T, s password.Store, key string, want password.Counter) {
	t.Helper()
	err := s.UpdateCounter(context.Background(), key, func(c *password.Counter) error {
		*c = want
		return nil
	})
	if err != nil {
		t.Fatalf("setting %s: %v", key, err)
	}
}

func same(a, b password.Counter) bool {
	return a.Failures == b.Failures && a.WindowCount == b.WindowCount && a.NotBefore.Equal(b.NotBefore) &&
		a.WindowStart.Equal(b.WindowStart) && a.ForgetAt.Equal(b.ForgetAt)
}

func keepsFields(t *testing.T, s password.Store) {
	if got := read(t, s, "key"); !same(got, password.Counter{}) {
		t.Errorf("a new counter is %+v, want zero", got)
	}
	for _, want := range []password.Counter{
		{Failures: 3, NotBefore: noon.Add(time.Minute), WindowStart: noon.Add(-100 * time.Millisecond), WindowCount: 2, ForgetAt: noon.Add(time.Hour)},
		{ForgetAt: noon},
	} {
		set(t, s, "key", want)
		got := read(t, s, "key")
		if !same(got, want) || got.NotBefore.IsZero() != want.NotBefore.IsZero() {
			t.Errorf("counter is %+v, want %+v", got, want)
		}
	}
}

func separatesKeys(t *testing.T, s password.Store) {
	set(t, s, "one", password.Counter{Failures: 1, ForgetAt: noon})
	if got := read(t, s, "two"); got.Failures != 0 {
		t.Errorf("the other key's counter is %+v, want zero", got)
	}
}

func refusesChange(t *testing.T, s password.Store) {
	set(t, s, "key", password.Counter{Failures: 1, ForgetAt: noon})
	refusal := errors.New("refused")
	err := s.UpdateCounter(context.Background(), "key", func(c *password.Counter) error {
		c.Failures = 99
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("error is %v, want that of change", err)
	}
	if got := read(t, s, "key"); got.Failures != 1 {
		t.Errorf("a refused change was stored: %+v", got)
	}
}

func counts(t *testing.T, s password.Store) {
	const writers = 32
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			err := s.UpdateCounter(context.Background(), "key", func(c *password.Counter) error {
				c.Failures++
				c.ForgetAt = noon
				return nil
			})
			if err != nil {
				t.Errorf("updating: %v", err)
			}
		})
	}
	all.Wait()
	if got := read(t, s, "key"); got.Failures != writers {
		t.Errorf("%d of %d parallel changes are there", got.Failures, writers)
	}
}

func sweeps(t *testing.T, s password.Store) {
	for i := range 5 {
		set(t, s, fmt.Sprint("old-", i), password.Counter{Failures: 1, ForgetAt: noon})
	}
	set(t, s, "new", password.Counter{Failures: 1, ForgetAt: noon.Add(time.Millisecond)})
	for _, want := range []int{3, 2, 0} {
		got, err := s.SweepCounters(context.Background(), noon, 3)
		if err != nil || got != want {
			t.Errorf("swept %d, %v; want %d", got, err, want)
		}
	}
	if got := read(t, s, "new"); got.Failures != 1 {
		t.Error("a counter that still counts was swept")
	}
}

func cancels(t *testing.T, s password.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := s.UpdateCounter(ctx, "key", func(c *password.Counter) error {
		c.Failures = 1
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
	if got := read(t, s, "key"); got.Failures != 0 {
		t.Error("a cancelled update was stored")
	}
}
