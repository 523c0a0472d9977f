package sandbox_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

func TestPoolsShareWorkers(t *testing.T) {
	ctx := context.Background()
	limits := loops.DefaultLimits()
	limits.Step *= 20
	pools := sandbox.NewPools(sandbox.Options{Command: []string{os.Args[0], "loop-worker"}})
	first, second := pools.Lease(limits, 1, 3), pools.Lease(limits, 1, 3)
	if first.Size() != 1 || first.Queue() != 3 || first.Limits() != limits || first.Stats().Started != 0 {
		t.Errorf("before the first step: %d, %d, %+v", first.Size(), first.Queue(), first.Stats())
	}
	if problems, err := first.Check(ctx, "driver.js", good); len(problems) > 0 || err != nil {
		t.Errorf("%v, %v", problems, err)
	}
	if n := second.Stats().Started; n != 1 {
		t.Errorf("the second has %d workers started", n)
	}
	for range 2 {
		if err := first.Close(); err != nil {
			t.Error(err)
		}
	}
	if entries, err := second.Entries(ctx, "driver.js", good); len(entries) != 1 || err != nil {
		t.Errorf("after the first one went: %v, %v", entries, err)
	}
	other := limits
	other.Steps++
	third := pools.Lease(other, 1, 3)
	if err := third.Start(); err != nil || third.Stats().Started != 1 {
		t.Errorf("%v, %+v", err, third.Stats())
	}
	if err := errors.Join(second.Close(), third.Close()); err != nil {
		t.Error(err)
	}
	for name, closed := range map[string]*sandbox.Lease{"second": second, "third": third} {
		if _, err := closed.Check(ctx, "driver.js", good); !errors.Is(err, sandbox.ErrClosed) {
			t.Errorf("the %s after its end: %v", name, err)
		}
	}
	fourth := pools.Lease(limits, 1, 3)
	if n := fourth.Stats().Started; n != 0 {
		t.Errorf("a new one has %d workers of one that ended", n)
	}
	if err := fourth.Close(); err != nil || !errors.Is(fourth.Start(), sandbox.ErrClosed) {
		t.Errorf("closed before its start: %v", err)
	}
}

func TestPoolsThatCantStart(t *testing.T) {
	lease := sandbox.NewPools(sandbox.Options{Command: []string{"/nowhere"}}).Lease(loops.Limits{}, 0, 0)
	var failure *loops.Failure
	if _, err := lease.Step(context.Background(), loops.Question{}); !errors.As(err, &failure) || failure.Key != loops.Unavailable {
		t.Errorf("a step: %v", err)
	}
	if lease.Start() == nil || lease.Close() != nil {
		t.Error("it started")
	}
}
