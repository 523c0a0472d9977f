package audit

import (
	"context"
	"fmt"
	"time"
)

// Between sweeps, and how many records go at a time.
const (
	sweepEvery = time.Hour
	sweepBatch = 500
)

// Run sweeps what is older than Options.Keep until ctx ends. No rule depends on
// it, so a failure is logged and the next round tries again.
func (j *Journal) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if _, err := j.Sweep(ctx); err != nil && ctx.Err() == nil {
			j.o.Log.Error("sweeping the audit trail", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Sweep deletes what is older than Options.Keep, and returns how many records went.
// The chain then begins at an anchor, which only who has the key can make. A record
// tells of it.
func (j *Journal) Sweep(ctx context.Context) (total int, err error) {
	keep := j.o.Keep()
	if keep <= 0 {
		return 0, nil
	}
	before := j.o.Now().Add(-keep)
	var through int64
	for {
		n, anchor, err := j.o.Records.SweepAudit(ctx, before, sweepBatch, func(last Row) Mark {
			return j.chain.mark(AnchorMark, last.Seq, last.Hash)
		})
		if err != nil {
			return total, fmt.Errorf("deleting old records: %w", err)
		}
		if n == 0 {
			break
		}
		total, through = total+n, anchor.Seq
	}
	if total == 0 {
		return 0, nil
	}
	return total, j.Append(ctx, Event{Type: TypeAuditSwept, Params: map[string]any{"records": total, "through": through}})
}
