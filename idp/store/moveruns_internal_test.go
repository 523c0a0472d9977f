package store

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// begun is a move that was broken off while its process lives on.
func begun(t *testing.T, o MoveOptions, until func(context.Context, *move) error) *move {
	t.Helper()
	m, err := openMove(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.close() })
	if err := until(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Who moves from another source meanwhile must not get at rows whose own source may be
// sealed, and who lost the target must leave it as it is.
func TestMovesOfTwoSourcesIntoOneTarget(t *testing.T) { bothWays(t, twoSources) }

func twoSources(t *testing.T, w way) {
	o := MoveOptions{From: w.from(t), To: w.to(t)}
	other := MoveOptions{From: w.from(t), To: o.To}
	fill(t, o.From, 3)
	fill(t, other.From, 5)
	first := begun(t, o, announced)
	second := begun(t, other, announced) // there are no rows yet, so it may
	if _, err := first.copy(t.Context()); !errors.Is(err, errTakenOver) || first.renounce(t.Context()) != nil {
		t.Errorf("the first one goes on: %v", err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.copy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(second.seal(t.Context()), second.close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Move(t.Context(), o); err == nil || !strings.Contains(err.Error(), "whose move has not ended") {
		t.Errorf("the target has the only rows that count, and the first one gets: %v", err)
	}
	if err := opens(t, o.From); err != nil {
		t.Errorf("the first source: %v", err)
	}
	if done, err := Move(t.Context(), other); err != nil || !done.Resumed || len(everything(t, o.To)["users"]) != 5 {
		t.Errorf("the second one, run again: %+v, %v", done, err)
	}
}

// A second run beside the first gets nothing of the target until the first has ended.
func TestTwoRunsOfOneMove(t *testing.T) { bothWays(t, twoRuns) }

func twoRuns(t *testing.T, w way) {
	o := MoveOptions{From: w.from(t), To: w.to(t)}
	fill(t, o.From, 3)
	second, err := openMove(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.close() })
	first := begun(t, o, copied)
	ended := make(chan error, 1)
	go func() {
		_, err := second.run(context.WithoutCancel(t.Context()))
		ended <- err
	}()
	if err := first.switchOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	// It ended the first one, or came too late.
	if err := <-ended; err != nil && !errors.Is(err, ErrMoved) {
		t.Errorf("the second run: %v", err)
	}
	if rows := everything(t, o.To); len(rows["users"]) != 3 {
		t.Errorf("%d users arrived, want 3", len(rows["users"]))
	}
	if err := opens(t, o.To); err != nil {
		t.Errorf("the target: %v", err)
	}
}
