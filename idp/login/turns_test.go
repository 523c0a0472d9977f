package login

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

func TestTurns(t *testing.T) {
	turns := newTurns()
	first, err := turns.take(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if other, err := turns.take(t.Context(), "b"); err != nil {
		t.Fatalf("another login's turn: %v", err)
	} else {
		other()
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // a free turn would sometimes be given
		if _, err := turns.take(gone, "a"); !errors.Is(err, context.Canceled) {
			t.Fatalf("a taken turn was given: %v", err)
		}
	}
	second := make(chan func())
	go func() {
		release, err := turns.take(t.Context(), "a")
		if err != nil {
			t.Error(err)
		}
		second <- release
	}()
	first()
	(<-second)()
	if len(turns.held) != 0 {
		t.Errorf("%d turns are kept when nobody has one", len(turns.held))
	}
}

func TestTurnsAreBounded(t *testing.T) {
	turns := newTurns()
	waiting, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := turns.take(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	joined := make(chan error)
	for range maxWaiting - 1 {
		go func() {
			_, err := turns.join("a")
			joined <- err
		}()
	}
	for range maxWaiting - 1 {
		if err := <-joined; err != nil {
			t.Fatal(err)
		}
	}
	var busy *idp.Problem
	if _, err := turns.take(waiting, "a"); !errors.As(err, &busy) || busy.ID != factors.ProblemBusy {
		t.Errorf("one more waits: %v", err)
	}
}

func TestOutcomesAreBounded(t *testing.T) {
	o := newOutcomes()
	for i := range 3 * maxOutcomes {
		o.put(strconv.Itoa(i), &idp.Problem{ID: "x"})
	}
	if len(o.known) != maxOutcomes || len(o.order) != maxOutcomes {
		t.Errorf("%d and %d are kept", len(o.known), len(o.order))
	}
	if o.get("0") != nil || o.get(strconv.Itoa(3*maxOutcomes-1)) == nil {
		t.Error("the oldest should be forgotten, the newest not")
	}
}
