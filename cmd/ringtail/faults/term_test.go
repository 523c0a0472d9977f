package faults

import (
	"context"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// TestTerminatedUnderLoad ends nodes in turn, as a rolling restart does, behind a
// balancer that asks /readyz: no request is lost and none fails.
func TestTerminatedUnderLoad(t *testing.T) {
	needsFaults(t)
	w := newWorld(t, setup{people: 12, nodes: 2, settings: "  server.drainDelay = 500ms\n"})
	w.run(t)
	stop := make(chan struct{})
	defer close(stop)
	for _, n := range w.nodes {
		go n.balanced(stop)
	}
	end := w.crowd(context.Background())
	for i := range runs(30) {
		<-time.After(500 * time.Millisecond)
		n := w.nodes[i%2]
		if err := n.terminate(30 * time.Second); err != nil {
			t.Error(err)
		}
		w.faults.count("nodes ended by SIGTERM under load")
		if err := n.start(); err != nil {
			t.Fatal(err)
		}
		if err := n.serving(time.Minute); err != nil {
			t.Fatal(err)
		}
		processtest.EventuallyWithin(t, time.Minute, func() string { return "the node is never ready" }, func() bool { return !n.leaving.Load() })
	}
	end()
	if lost := w.faults.of("requests that nobody answered"); lost > 0 {
		w.faults.add("%d requests were lost", lost)
	}
	if failed := w.faults.refusals(); failed > 0 {
		w.faults.add("%d requests failed", failed)
	}
	w.invariants(t)
}

// balanced has the balancer go by what the node says at /readyz.
func (n *node) balanced(stop <-chan struct{}) {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		select {
		case <-stop:
			return
		case <-every.C:
			n.leaving.Store(n.readyz() != 200)
		}
	}
}
