package otptest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func claim(t *testing.T, s otp.Store, now time.Time) *otp.Challenge {
	t.Helper()
	due, _, err := s.Due(context.Background(), method, now)
	if err != nil {
		t.Fatalf("looking for work: %v", err)
	}
	c, err := s.Claim(context.Background(), method, now, now.Add(time.Minute))
	if err != nil {
		t.Fatalf("claiming: %v", err)
	}
	if due != (c != nil) {
		t.Errorf("an order is due: %v; claimed is %+v", due, c)
	}
	return c
}

func claimsInOrder(t *testing.T, s otp.Store) {
	put(t, s, requested("second", "login-2", "person", noon.Add(time.Second)))
	put(t, s, requested("first", "login-1", "person", noon))
	now := noon.Add(2 * time.Second)
	got := claim(t, s, now)
	want := *requested("first", "login-1", "person", noon)
	want.State, want.Until = otp.Calling, now.Add(time.Minute)
	if got == nil || !sameChallenge(*got, want) {
		t.Fatalf("claimed %+v, want %+v", got, want)
	}
	if stored := load(t, s, key("login-1", "person")).Challenge; !sameChallenge(*stored, want) {
		t.Errorf("stored %+v, want %+v", stored, want)
	}
	if got := claim(t, s, now); got == nil || got.ID != "second" {
		t.Errorf("claimed %+v, want second", got)
	}
	if got := claim(t, s, now.Add(time.Hour)); got != nil {
		t.Errorf("claimed %s again; a lease that ran out must not lead to another call", got.ID)
	}
}

func claimsOnlyDue(t *testing.T, s otp.Store) {
	for _, state := range []otp.State{otp.Calling, otp.Called, otp.Confirmed, otp.Exhausted, otp.Failed} {
		c := requested(string(state), "login-"+string(state), "person", noon)
		c.State = state
		put(t, s, c)
	}
	put(t, s, requested("late", "login-late", "person", noon.Add(-time.Minute)))
	other := requested("sms", "login-sms", "person", noon)
	other.Method = "sms"
	put(t, s, other)
	if got := claim(t, s, noon); got != nil {
		t.Errorf("claimed %s, which isn't due", got.ID)
	}
}

func claimsOnce(t *testing.T, s otp.Store) {
	for i := range writers {
		put(t, s, requested(fmt.Sprint("challenge-", i), fmt.Sprint("login-", i), "person", noon))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var all sync.WaitGroup
	for range writers + 8 {
		all.Go(func() {
			c, err := s.Claim(context.Background(), method, noon, noon.Add(time.Minute))
			if err != nil {
				t.Errorf("claiming: %v", err)
			}
			if c == nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			seen[c.ID]++
		})
	}
	all.Wait()
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was claimed %d times", id, times)
		}
	}
	if len(seen) != writers {
		t.Errorf("%d of %d challenges were claimed", len(seen), writers)
	}
}

func sweepsNumbers(t *testing.T, s otp.Store) {
	long := noon.Add(-time.Hour)
	for person, b := range map[string]otp.Budget{
		otp.NumberPrefix + "1": {Used: 9, NextCall: long}, otp.NumberPrefix + "2": {Used: 9, NextCall: long, BlockedUntil: long}, otp.NumberPrefix + "3": {},
		otp.NumberPrefix + "called":  {Used: 9, NextCall: noon},
		otp.NumberPrefix + "blocked": {Used: 9, NextCall: long, BlockedUntil: noon},
		"person":                     {Used: 9, NextCall: long},
	} {
		err := s.Update(context.Background(), key("login", person), noon, func(rec *otp.Record) error {
			rec.Budget = b
			if b.Used == 0 {
				rec.Budget.Agreed = "x" // a row of nothing
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 1, 0} {
		got, err := s.SweepNumbers(context.Background(), method, noon, 2)
		if err != nil || got != want {
			t.Errorf("swept %d numbers, %v; want %d", got, err, want)
		}
	}
	if got, err := s.SweepNumbers(context.Background(), "other", noon.Add(time.Hour), 2); err != nil || got != 0 {
		t.Errorf("swept %d numbers of another method, %v", got, err)
	}
	for person, want := range map[string]int{otp.NumberPrefix + "1": 0, otp.NumberPrefix + "called": 9, otp.NumberPrefix + "blocked": 9, "person": 9} {
		if rec := load(t, s, key("login", person)); rec.Budget.Used != want {
			t.Errorf("%s has used %d, want %d", person, rec.Budget.Used, want)
		}
	}
}

func sweeps(t *testing.T, s otp.Store) {
	for i := range 5 {
		put(t, s, requested(fmt.Sprint("old-", i), fmt.Sprint("login-", i), "person", noon.Add(-time.Hour)))
	}
	put(t, s, requested("new", "login-new", "person", noon))
	for _, want := range []int{3, 2, 0} {
		got, err := s.Sweep(context.Background(), method, noon, 3)
		if err != nil || got != want {
			t.Errorf("swept %d, %v; want %d", got, err, want)
		}
	}
	if rec := load(t, s, key("login-new", "person")); rec.Challenge == nil || rec.Budget.Used != 6 {
		t.Errorf("left %+v, want the new challenge and the whole budget", rec)
	}
}
