package otp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Between sweeps of old challenges, and how many go at a time.
const (
	sweepEvery = 10 * time.Minute
	sweepBatch = 500
)

// finishTimeout bounds the writing of a result.
const finishTimeout = 10 * time.Second

// Run has codes sent until ctx ends; then it takes no more work, waits for what
// it began (at most Timing.SendTimeout) and returns nil. Any number of nodes may
// run it on one store.
func (e *Engine) Run(ctx context.Context) error {
	var sending sync.WaitGroup
	defer sending.Wait()
	free := make(chan struct{}, e.timing.Workers)
	poll := time.NewTicker(e.timing.Poll)
	defer poll.Stop()
	var swept time.Time
	for ctx.Err() == nil {
		swept = e.sweep(ctx, swept)
		for e.dispatch(ctx, free, &sending) {
		}
		select {
		case <-ctx.Done():
		case <-e.wake:
		case <-poll.C:
		}
	}
	return nil
}

// dispatch claims one challenge and has it sent in the background. It says
// whether there may be more to claim.
func (e *Engine) dispatch(ctx context.Context, free chan struct{}, sending *sync.WaitGroup) bool {
	select {
	case free <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	c, err := e.claim(ctx)
	if err != nil && ctx.Err() == nil {
		e.log.Error("claiming a challenge failed", "method", e.method, "error", err)
	}
	if c == nil {
		<-free
		return false
	}
	sending.Go(func() {
		defer func() { <-free }()
		e.deliver(ctx, c)
	})
	return true
}

// Work claims one challenge, has it sent and returns; false means that there
// was none. It is for programs that have their own schedule; others use Run.
func (e *Engine) Work(ctx context.Context) (bool, error) {
	c, err := e.claim(ctx)
	if err != nil || c == nil {
		return false, err
	}
	e.deliver(ctx, c)
	return true, nil
}

func (e *Engine) claim(ctx context.Context) (*Challenge, error) {
	now := e.now()
	c, err := e.store.Claim(ctx, e.method, now, now.Add(e.timing.SendTimeout+e.timing.LeaseMargin))
	if err != nil {
		return nil, fmt.Errorf("claiming a challenge: %w", err)
	}
	return c, nil
}

// deliver sends and writes down what came of it. What was begun is finished
// even while this node shuts down: nobody else may do it again.
func (e *Engine) deliver(ctx context.Context, c *Challenge) {
	ctx = context.WithoutCancel(ctx)
	sent, failure := e.send(ctx, c)
	ctx, cancel := context.WithTimeout(ctx, finishTimeout)
	defer cancel()
	key := e.key(c.LoginID, c.PersonID)
	err := e.store.Update(ctx, key, func(rec *Record) error {
		cur := rec.Challenge
		if cur == nil || cur.ID != c.ID || cur.State != Calling {
			return errNothingToDo
		}
		e.finish(rec, sent, failure, e.now())
		return nil
	})
	e.changed.signal()
	switch {
	case errors.Is(err, errNothingToDo):
		e.log.Warn("a code was sent too late", e.fields(key, c.ID, c.Phone)...)
	case err != nil:
		e.log.Error("a sent code could not be written down", e.fields(key, c.ID, c.Phone, "error", err)...)
	case failure != nil:
		e.log.Warn("code not sent", e.fields(key, c.ID, c.Phone, "failure", failure.Kind, "error", failure)...)
	default:
		e.log.Info("code sent", e.fields(key, c.ID, c.Phone)...)
	}
}

func (e *Engine) send(ctx context.Context, c *Challenge) (Sent, *SendError) {
	ctx, cancel := context.WithTimeout(ctx, e.timing.SendTimeout)
	defer cancel()
	sent, err := e.sender.Send(ctx, Delivery{ID: c.ID, Phone: c.Phone, CodeLength: c.CodeLength, RemoteIP: c.RemoteIP})
	var failure *SendError
	switch {
	case errors.As(err, &failure):
		return Sent{}, failure
	case err != nil:
		return Sent{}, &SendError{Kind: kindUnavailable, Cause: err}
	case !isCode(sent.Code, c.CodeLength):
		return Sent{}, &SendError{Kind: kindBadAnswer, Cause: fmt.Errorf("the sender's code hasn't %d digits", c.CodeLength)}
	}
	return sent, nil
}

// finish moves on from Calling. A result that comes after its lease counts
// still: it is the truth about a call that nobody else has placed.
func (e *Engine) finish(rec *Record, sent Sent, failure *SendError, now time.Time) {
	s, c := e.settings(), rec.Challenge
	rec.Budget.called(s, now)
	if failure != nil {
		c.end(Failed)
		c.Failure = failure.Kind
		c.ResendAt = now.Add(max(s.ResendAfter, failure.RetryAfter))
		return
	}
	c.State = Called
	c.CodeHash, c.CallerMask = e.hashCode(c.ID, sent.Code), sent.CallerMask
	c.Until, c.ResendAt = now.Add(s.Validity), now.Add(s.ResendAfter)
}

// sweep deletes one batch of old challenges where that is due, and returns when
// it last did.
func (e *Engine) sweep(ctx context.Context, last time.Time) time.Time {
	now := e.now()
	if now.Sub(last) < sweepEvery {
		return last
	}
	n, err := e.store.Sweep(ctx, e.method, now.Add(-e.timing.Keep), sweepBatch)
	if err != nil && ctx.Err() == nil {
		e.log.Error("sweeping challenges failed", "method", e.method, "error", err)
	}
	if n == sweepBatch {
		return last // more is left for the next round
	}
	return now
}

func (e *Engine) wakeWorker() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}
