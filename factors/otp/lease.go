package otp

import (
	"context"
	"errors"
	"sync"
	"time"
)

// holdLease renews the lease on a challenge until release is called: so it can be
// short, and the person soon hears of a node that died, however long a provider may
// take. A node that can't renew it, for it is cut off from the store, goes on all the
// same: its result counts if nobody asked for another code meanwhile.
func (e *Engine) holdLease(ctx context.Context, key Key, id string) (release func()) {
	ctx, cancel := context.WithCancel(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() {
		again := time.NewTicker(e.timing.Lease / 3)
		defer again.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-again.C:
				e.renewLease(ctx, key, id)
			}
		}
	})
	return func() { cancel(); renewing.Wait() }
}

func (e *Engine) renewLease(ctx context.Context, key Key, id string) {
	limited, cancel := context.WithTimeout(ctx, e.timing.Lease/3)
	defer cancel()
	_, err := e.change(limited, key, id, func(rec *Record, _ bool) bool {
		if rec.Challenge.State == Calling {
			rec.Challenge.Until = e.now().Add(e.timing.Lease)
		}
		return false
	})
	if err != nil && !errors.Is(err, errNothingToDo) && ctx.Err() == nil {
		e.log.Warn("a lease could not be renewed", "method", key.Method, "login_id", key.LoginID, "challenge_id", id, "error", err)
	}
}
