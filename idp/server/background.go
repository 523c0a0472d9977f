package server

import (
	"context"
	"time"
)

const (
	sweepEvery = time.Minute
	sweepBatch = 500
)

// sweep deletes what expired, in small batches. No rule depends on it, so a
// failure is logged and the next round tries again.
func (s *Server) sweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		for {
			n, err := s.options.Store.Sweep(ctx, s.options.Now(), sweepBatch)
			if err != nil && ctx.Err() == nil {
				s.options.Log.Error("sweeping expired rows", "error", err)
			}
			if err != nil || n == 0 {
				break
			}
		}
	}
}
