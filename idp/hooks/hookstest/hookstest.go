// Package hookstest is the suite that every hooks.Seen passes. It owns no store.
package hookstest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Run holds a Seen to what its doc comments say. newSeen gives an empty one.
func Run(t *testing.T, newSeen func(t *testing.T) hooks.Seen) {
	for name, test := range map[string]func(t *testing.T, s hooks.Seen){
		"a callback is seen until its time is over": ends,
		"callbacks don't see one another":           apart,
		"a callback that is forgotten is new":       forgets,
		"of many at once one is the first":          raced,
	} {
		t.Run(name, func(t *testing.T) { test(t, newSeen(t)) })
	}
}

func remember(t *testing.T, s hooks.Seen, digest string, now time.Time, want bool) {
	t.Helper()
	first, err := s.RememberCallback(context.Background(), digest, now, now.Add(hooks.Window))
	if err != nil {
		t.Fatal(err)
	}
	if first != want {
		t.Errorf("%s at %v: first %v, want %v", digest, now.Sub(noon), first, want)
	}
}

func ends(t *testing.T, s hooks.Seen) {
	remember(t, s, "a", noon, true)
	remember(t, s, "a", noon, false)
	remember(t, s, "a", noon.Add(hooks.Window), false)
	remember(t, s, "a", noon.Add(hooks.Window+time.Microsecond), true)
	remember(t, s, "a", noon.Add(2*hooks.Window), false)
}

func apart(t *testing.T, s hooks.Seen) {
	remember(t, s, "a", noon, true)
	remember(t, s, "b", noon, true)
	remember(t, s, "A", noon, true)
}

func forgets(t *testing.T, s hooks.Seen) {
	for range 2 { // the first time there is nothing to forget
		if err := s.ForgetCallback(context.Background(), "a"); err != nil {
			t.Fatal(err)
		}
		remember(t, s, "a", noon, true)
	}
}

func raced(t *testing.T, s hooks.Seen) {
	var first atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			ok, err := s.RememberCallback(context.Background(), "a", noon, noon.Add(hooks.Window))
			if err != nil {
				t.Error(err)
			}
			if ok {
				first.Add(1)
			}
		})
	}
	all.Wait()
	if n := first.Load(); n != 1 {
		t.Errorf("%d of 32 were the first", n)
	}
}
