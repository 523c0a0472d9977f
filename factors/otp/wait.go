package otp

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// settled is the login's challenge, if it is the person's. It waits until a code that is being sent was sent or failed, for
// Timing.Patience at most. What can't be a code doesn't wait. A blind one waits
// the same time whatever happens, so that the wait tells nothing.
func (e *Engine) settled(ctx context.Context, key Key, code string, in Entered) (*Challenge, error) {
	c, err := e.seen(ctx, key, in.Status)
	if err != nil {
		return nil, err
	}
	if in.Blind {
		defer e.away(ctx)()
		return c, e.blindWait(ctx, c)
	}
	if c == nil || !c.underway(e.now()) || !fits(c, code, c.CodeLength, in.Blind) || e.timing.Patience < 0 {
		return c, nil
	}
	defer e.away(ctx)()
	return e.patient(ctx, key)
}

// seen is the challenge of a status that was read already, or reads it.
func (e *Engine) seen(ctx context.Context, key Key, status *Status) (*Challenge, error) {
	if status != nil {
		return status.Challenge, nil
	}
	rec, err := e.store.Load(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("loading the challenge: %w", err)
	}
	return rec.own(key), nil
}

// patient waits until the challenge is under way no more, here or on another node.
func (e *Engine) patient(ctx context.Context, key Key) (*Challenge, error) {
	patience := time.NewTimer(e.timing.Patience)
	defer patience.Stop()
	poll := time.NewTicker(e.timing.Poll)
	defer poll.Stop()
	for {
		changed := e.changed.wait()
		c, err := e.seen(ctx, key, nil)
		if err != nil || c == nil || !c.underway(e.now()) {
			return c, err
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-patience.C:
			return c, nil
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the call: %w", ctx.Err())
		}
	}
}

// blindWait ends Timing.BlindWait after the code was asked for. Where a node's
// clock is behind, it lasts no longer than that.
func (e *Engine) blindWait(ctx context.Context, c *Challenge) error {
	if c == nil || e.timing.BlindWait < 0 {
		return nil
	}
	left := c.RequestedAt.Add(e.timing.BlindWait).Sub(e.now())
	return pause(ctx, min(left, e.timing.BlindWait), "waiting to compare a code")
}

// levelWait makes a blind guess that was wrong take a while, where some provider
// of the number checks what is typed: a decoy has nobody to ask.
func (e *Engine) levelWait(ctx context.Context, c *Challenge, begun time.Time) error {
	checks := func(r Route) bool { return r.Checks }
	if c == nil || e.timing.BlindWait < 0 || !slices.ContainsFunc(e.sender.Routes(c.Phone, begun), checks) {
		return nil
	}
	return pause(ctx, e.timing.BlindWait-e.now().Sub(begun), "waiting to answer a code")
}

// pause waits, or fails with what was being done when the context ends; not at
// all where there is nothing to wait for.
func pause(ctx context.Context, d time.Duration, doing string) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
}
