package otp

import (
	"context"
	"fmt"
)

// next finds work: a report, or a code to send. Where it looks for it, also a code
// that another node was asked for, or a call to ask about.
func (e *Engine) next(ctx context.Context, look bool) (func(context.Context), error) {
	select {
	case r := <-e.reports:
		return func(ctx context.Context) { e.tell(ctx, r) }, nil
	default:
	}
	for e.takeOrder() {
		if do, err := e.claim(ctx); do != nil || err != nil {
			return do, err
		} // another node was first
	}
	if !look {
		return nil, nil
	}
	orders, polls, err := e.store.Due(ctx, e.method, e.now())
	if err != nil {
		return nil, fmt.Errorf("looking for work: %w", err)
	}
	if orders {
		if do, err := e.claim(ctx); do != nil || err != nil {
			return do, err
		}
	}
	if polls {
		return e.claimPoll(ctx)
	}
	return nil, nil
}

// claim is what a code that is to be sent needs; nil where there is none.
func (e *Engine) claim(ctx context.Context) (func(context.Context), error) {
	now := e.now()
	c, err := e.store.Claim(ctx, e.method, now, now.Add(e.timing.Lease))
	if err != nil {
		return nil, fmt.Errorf("claiming a challenge: %w", err)
	}
	if c == nil {
		return nil, nil
	}
	return func(ctx context.Context) { e.deliver(ctx, c) }, nil
}

// claimPoll is the same for a call that is to be asked about.
func (e *Engine) claimPoll(ctx context.Context) (func(context.Context), error) {
	now := e.now()
	c, err := e.store.ClaimPoll(ctx, e.method, now, now.Add(e.timing.SendTimeout))
	if err != nil {
		return nil, fmt.Errorf("claiming a call to ask about: %w", err)
	}
	if c == nil {
		return nil, nil
	}
	return func(ctx context.Context) { e.poll(ctx, c) }, nil
}

// order has a worker claim a code that this node was asked for.
func (e *Engine) order() {
	e.ordered.Add(1)
	e.wakeWorker()
}

// takeOrder says whether such a code waits, for one worker each.
func (e *Engine) takeOrder() bool {
	for {
		n := e.ordered.Load()
		if n == 0 {
			return false
		}
		if e.ordered.CompareAndSwap(n, n-1) {
			return true
		}
	}
}
