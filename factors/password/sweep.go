package password

import (
	"context"
	"time"
)

// How often counters are swept, and how many go at a time.
const (
	sweepEvery = time.Minute
	sweepBatch = 500
)

// Run deletes counters that say nothing any more, until ctx ends; it returns
// nil then. Any number of nodes may run it on one store. Without it nothing
// but the store's size suffers.
func (m *Method) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		m.sweep(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (m *Method) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := m.options.Store.SweepCounters(ctx, m.options.Now(), sweepBatch)
		if err != nil && ctx.Err() == nil {
			m.options.Log.Error("sweeping password counters failed", "error", err)
		}
		if err != nil || n < sweepBatch {
			return
		}
	}
}
