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

// Run has codes sent, asks providers how calls stand and reports to them, until
// ctx ends; then it takes no more work, waits for what it began (at most
// Timing.SendTimeout) and returns nil. Any number of nodes may run it on one store.
func (e *Engine) Run(ctx context.Context) error {
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, e.timing.Workers)
	poll := time.NewTicker(e.timing.Poll)
	defer poll.Stop()
	var swept time.Time
	// What this node ordered it knows of; for all else it looks at times.
	for look := true; ctx.Err() == nil; {
		swept = e.sweep(ctx, swept)
		for e.dispatch(ctx, look, free, &working) {
		}
		select {
		case <-ctx.Done():
		case <-e.wake:
			look = false
		case <-poll.C:
			look = true
		}
	}
	return nil
}

// dispatch claims one piece of work and has it done in the background. It says
// whether there may be more.
func (e *Engine) dispatch(ctx context.Context, look bool, free chan struct{}, working *sync.WaitGroup) bool {
	select {
	case free <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	do, err := e.next(ctx, look)
	if err != nil && ctx.Err() == nil {
		e.log.Error("claiming work failed", "method", e.method, "error", err)
	}
	if do == nil {
		<-free
		return false
	}
	working.Go(func() {
		defer func() { <-free }()
		do(context.WithoutCancel(ctx)) // what was begun is finished: nobody else may do it again
	})
	return true
}

// Work does one piece of work and returns; false means that there was none. It
// is for programs that have their own schedule; others use Run.
func (e *Engine) Work(ctx context.Context) (bool, error) {
	do, err := e.next(ctx, true)
	if err != nil || do == nil {
		return false, err
	}
	do(context.WithoutCancel(ctx))
	return true, nil
}

// deliver sends and writes down what came of it.
func (e *Engine) deliver(ctx context.Context, c *Challenge) {
	key := e.key(c.LoginID, c.PersonID)
	release := e.holdLease(ctx, key, c.ID)
	sent, failure := e.send(ctx, c)
	release()
	ctx, cancel := context.WithTimeout(ctx, finishTimeout)
	defer cancel()
	moved, err := e.change(ctx, key, c.ID, func(rec *Record, mayMove bool) bool {
		if rec.Challenge.State != Calling {
			return false
		}
		return e.finish(rec, sent, failure, mayMove, e.now())
	})
	e.changed.signal()
	about := func(more ...any) []any {
		return append(e.fields(key, c.ID, c.Phone, "channel", c.Channel, "driver", c.Driver), more...)
	}
	switch {
	case errors.Is(err, errNothingToDo):
		e.log.Warn("a code was sent too late", about()...)
	case err != nil:
		e.log.Error("a sent code could not be written down", about("error", err)...)
	case failure != nil:
		e.log.Warn("code not sent", about("failure", failure.Kind, "moved_on", moved, "error", failure)...)
	default:
		e.debug("code sent", key, c.ID, c.Phone, "channel", c.Channel, "driver", c.Driver, "pending", sent.Pending)
	}
	if err == nil {
		e.tellSent(ctx, key, c, sent, failure, moved)
	}
	if moved {
		e.order()
	}
}

func (e *Engine) tellSent(ctx context.Context, key Key, c *Challenge, sent Sent, failure *SendError, moved bool) {
	n := about(NoticeSent, key, c)
	n.Pending, n.MovedOn = sent.Pending, moved
	if failure != nil {
		n.Kind, n.Failure = NoticeFailed, failure.Kind
	}
	e.notice(ctx, n)
}

// change alters the challenge of that ID, where it still is the login's. do says
// whether the chain moved on; where a budget forbids that, it is asked once more
// and may not.
func (e *Engine) change(ctx context.Context, key Key, id string, do func(rec *Record, mayMove bool) bool) (moved bool, err error) {
	alter := func(mayMove bool) error {
		return e.store.Update(ctx, key, e.now(), func(rec *Record) error {
			if rec.Challenge == nil || rec.Challenge.ID != id {
				return errNothingToDo
			}
			before := *rec.Challenge
			moved = do(rec, mayMove)
			if *rec.Challenge == before {
				return errNothingToDo
			}
			return nil
		})
	}
	err = alter(true)
	var over *OverError
	if errors.As(err, &over) {
		e.log.Info("the chain ends at a budget", "method", key.Method, "login_id", key.LoginID, "budget", over.Charge.Budget)
		e.count(over.Charge.Budget)
		err = alter(false)
	}
	return moved, err
}

func (e *Engine) send(ctx context.Context, c *Challenge) (Sent, *SendError) {
	ctx, cancel := context.WithTimeout(ctx, e.timing.SendTimeout)
	defer cancel()
	// The number's owner may have stopped codes since this one was asked for.
	stopped, err := e.Stopped(ctx, c.Phone)
	switch {
	case err != nil:
		return Sent{}, &SendError{Kind: kindUnavailable, Cause: fmt.Errorf("reading whether codes are stopped: %w", err)}
	case stopped:
		return Sent{}, &SendError{Kind: KindStopped}
	}
	sent, err := e.sender.Send(ctx, c.delivery())
	var failure *SendError
	switch {
	case errors.As(err, &failure):
		return Sent{}, failure
	case err != nil:
		return Sent{}, &SendError{Kind: kindUnavailable, Cause: err}
	case sent.Code == "" && (sent.ByProvider || sent.Pending):
		return sent, nil
	case !isCode(sent.Code, c.CodeLength):
		return Sent{}, &SendError{Kind: kindBadAnswer, Cause: fmt.Errorf("the sender's code hasn't %d digits", c.CodeLength)}
	}
	return sent, nil
}

// finish moves on from Calling; true where another route is to be tried. A
// result that comes after its lease counts still: it is the truth about a call
// that nobody else has placed.
func (e *Engine) finish(rec *Record, sent Sent, failure *SendError, mayMove bool, now time.Time) (moved bool) {
	s, c := e.settings(), rec.Challenge
	if !c.Blind {
		rec.Budget.called(s, now)
		c.ResendAt = now.Add(s.ResendAfter)
	}
	if failure != nil {
		if !c.Blind {
			c.ResendAt = now.Add(max(s.ResendAfter, failure.RetryAfter))
		}
		return e.fail(rec, failure.Kind, failure.MovesOn && mayMove, now)
	}
	c.State, c.PlacedAt, c.Until = Placed, now, now.Add(s.Validity)
	c.ByProvider, c.CallID, c.Prefix, c.CallerMask = sent.ByProvider, sent.CallID, sent.Prefix, sent.CallerMask
	if sent.Code != "" {
		c.CodeHash = e.hashCode(c.ID, sent.Code)
	}
	if sent.PollAfter > 0 {
		c.PollAt = now.Add(sent.PollAfter)
	}
	e.settle(rec, sent.Cost, now)
	if !sent.Pending {
		c.reached(now, s)
		return false
	}
	early := c.early()
	c.Early = ""
	if early.State == "" {
		return false
	}
	early.MovesOn = early.MovesOn && mayMove
	return e.hear(rec, early, now)
}

// maxLife is the longest that a code lives, from the order on (NIST SP
// 800-63B-4, section 3.1.3.2; OWASP ASVS 5, 6.5.5).
const maxLife = 10 * time.Minute

// reached notes that the phone rings, or that the message is there.
func (c *Challenge) reached(now time.Time, s Settings) {
	c.State, c.CalledAt, c.PollAt, c.Until = Called, now, time.Time{}, now.Add(s.Validity)
	if last := c.PlacedAt.Add(maxLife); c.Until.After(last) {
		c.Until = last
	}
}

// fail ends the challenge, or moves it on to the chain's next route: the one
// thing that is sent without the person asking anew. It takes from every budget
// what a code takes.
func (e *Engine) fail(rec *Record, kind string, movesOn bool, now time.Time) (moved bool) {
	c := rec.Challenge
	next, ok := e.after(c, now)
	if !movesOn || !ok || c.Blind || !e.leavesTry(rec, now) {
		c.Failure = kind
		c.end(Failed)
		return false
	}
	rec.Budget.spendCall(e.settings(), now)
	*c = Challenge{
		ID: e.successor(c.ID), LoginID: c.LoginID, Method: c.Method, PersonID: c.PersonID, Phone: c.Phone, Country: c.Country,
		RemoteIP: c.RemoteIP, Lang: c.Lang, Attempts: c.Attempts, CodeLength: c.CodeLength,
		State: Requested, RequestedAt: c.RequestedAt, Until: now.Add(e.timing.PlaceWithin), ResendAt: c.ResendAt, Passed: kind,
	}
	e.take(rec, next, now)
	return true
}

// leavesTry says whether a code could still be entered after another call.
func (e *Engine) leavesTry(rec *Record, now time.Time) bool {
	s := e.settings()
	rec.Budget.renew(now)
	return !rec.Budget.blocked(now) && rec.Budget.Used+2 <= s.TotalAttempts && rec.Challenge.Attempts < s.AttemptsPerLogin
}

// successor is the ID of the challenge that takes the place of one whose route
// failed: another, or two routes to one provider would look like one order sent twice.
func (e *Engine) successor(id string) string { return e.hash("successor", id)[:idLength] }

// after is the route that follows the challenge's in the chain, and is neither
// broken nor stopped.
func (e *Engine) after(c *Challenge, now time.Time) (Route, bool) {
	found := false
	for _, r := range e.sender.Routes(c.Phone, now) {
		if found && !r.Broken && !r.Stopped {
			return r, true
		}
		found = found || r.ID == c.Route
	}
	return Route{}, false
}

// keepNumbers is how long a number's total is kept after its last call, beside the
// block: so much longer than any block that nobody gains attempts by waiting for it.
// Anybody may type any number, so it can't be for ever.
const keepNumbers = 30 * day

// sweep deletes one batch of old challenges and of numbers' totals where that is
// due, and returns when it last did.
func (e *Engine) sweep(ctx context.Context, last time.Time) time.Time {
	now := e.now()
	if now.Sub(last) < sweepEvery {
		return last
	}
	challenges, err := e.store.Sweep(ctx, e.method, now.Add(-e.timing.Keep), sweepBatch)
	numbers, errNumbers := e.store.SweepNumbers(ctx, e.method, now.Add(-keepNumbers-e.settings().Block), sweepBatch)
	if err = errors.Join(err, errNumbers); err != nil && ctx.Err() == nil {
		e.log.Error("sweeping challenges failed", "method", e.method, "error", err)
	}
	if max(challenges, numbers) == sweepBatch {
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
