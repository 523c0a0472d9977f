package password_test

import (
	"context"
	"testing"
	"time"
)

func TestStanding(t *testing.T) {
	w := newWorld(t)
	look := func() (failures int, wait time.Duration, blocked bool) {
		t.Helper()
		st, err := w.Standing(context.Background(), " DEMO ")
		if err != nil || st.BlockAfter != 5 {
			t.Fatalf("%+v, %v", st, err)
		}
		if !st.Until.IsZero() {
			wait = st.Until.Sub(w.now)
		}
		return st.Failures, wait, st.Blocked
	}
	steps := []struct {
		after    time.Duration
		tries    int
		failures int
		wait     time.Duration
		blocked  bool
	}{
		{0, 0, 0, 0, false}, {0, 2, 2, 0, false}, {0, 1, 3, 5 * time.Second, false}, {10 * time.Second, 1, 4, 5 * time.Second, false},
		{10 * time.Second, 1, 5, time.Minute, true}, {2 * time.Minute, 0, 0, 0, false},
	}
	for i, s := range steps {
		w.now = w.now.Add(s.after)
		for range s.tries {
			if _, err := w.try("demo", "wrong"); err == nil {
				t.Fatal("a wrong password is right")
			}
		}
		if failures, wait, blocked := look(); failures != s.failures || wait != s.wait || blocked != s.blocked {
			t.Errorf("step %d: %d failures, wait %v, blocked %v; want %+v", i, failures, wait, blocked, s)
		}
	}
}

func TestLift(t *testing.T) {
	w := newWorld(t)
	for range 9 {
		_, _ = w.try("demo", "wrong")
		w.now = w.now.Add(6 * time.Second)
	}
	if _, err := w.try("demo", right); err == nil {
		t.Fatal("not blocked")
	}
	if err := w.Lift(context.Background(), "Demo"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.try("demo", right); err != nil {
		t.Errorf("after it was lifted: %v", err)
	}
}
