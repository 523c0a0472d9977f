package otp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Few is how many tries are left, at most, when the person is told their number.
const Few = 2

// Enter compares a code that a person typed; blanks and dashes in it don't
// count. Nil means that it was right: the challenge is confirmed, once, and the
// person's total is new.
//
// Problems: ProblemCodeFormat, ProblemCodePending, ProblemCodeNone,
// ProblemCodeExpired, ProblemCodeUsed and ProblemMethodBlocked spend no attempt;
// ProblemCodeWrong and ProblemCodeExhausted do, as far as one is left.
func (e *Engine) Enter(ctx context.Context, loginID, personID, typed string) error {
	key, code := e.key(loginID, personID), clean(typed)
	rec, err := e.settled(ctx, key, code)
	if err != nil {
		return err
	}
	if n := e.codeLength(rec.own(key)); !isCode(code, n) {
		return codeFormat(n)
	}
	var problem *factors.Problem
	var after Record
	err = e.store.Update(ctx, key, func(rec *Record) error {
		var spent bool
		problem, spent = e.enter(rec, rec.own(key), code, e.now())
		after = *rec
		if problem != nil && !spent {
			return errNothingToDo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return fmt.Errorf("entering a code: %w", err)
	}
	e.logEntry(key, after, problem)
	if problem != nil {
		return problem
	}
	return nil
}

// enter spends first and compares then; both are in one transaction, so that
// nobody learns of the comparison unless the attempt was spent. It also says
// whether the record must be written.
func (e *Engine) enter(rec *Record, c *Challenge, code string, now time.Time) (problem *factors.Problem, spent bool) {
	s, b := e.settings(), &rec.Budget
	b.renew(now)
	if b.blocked(now) {
		return Blocked(b.BlockedUntil), false
	}
	if p := refusal(c, *b, now); p != nil {
		return p, false
	}
	if c.Attempts >= s.AttemptsPerLogin {
		c.end(Exhausted)
		return codeOver(ProblemCodeExhausted, nextCall(c, *b)), true
	}
	if !b.spendEntry(s, now) {
		return Blocked(b.BlockedUntil), true
	}
	c.Attempts++
	if e.matches(c, code) {
		c.end(Confirmed)
		*b = Budget{}
		return nil, true
	}
	c.Wrong = true
	return e.wrong(c, b, s, now), true
}

// wrong is what the person hears after a wrong code: the nearest limit.
func (e *Engine) wrong(c *Challenge, b *Budget, s Settings, now time.Time) *factors.Problem {
	left := s.AttemptsPerLogin - c.Attempts
	if left <= 0 {
		c.end(Exhausted)
	}
	switch {
	case b.blocked(now):
		return Blocked(b.BlockedUntil)
	case left <= 0:
		return codeOver(ProblemCodeExhausted, nextCall(c, *b))
	}
	return CodeWrong(min(left, s.TotalAttempts-b.Used))
}

// CodeWrong is ProblemCodeWrong; it tells how many tries are left only where
// they are few.
func CodeWrong(left int) *factors.Problem {
	p := &factors.Problem{ID: ProblemCodeWrong, Field: FieldCode}
	if left <= Few {
		p.Args = map[string]any{"tries_left": left}
	}
	return p
}

// refusal is the problem of a challenge that has no code to compare with.
func refusal(c *Challenge, b Budget, now time.Time) *factors.Problem {
	if c == nil {
		return noCode(ProblemCodeNone)
	}
	switch c.StateAt(now) {
	case Called:
		return nil
	case Requested, Calling:
		return noCode(ProblemCodePending)
	case Confirmed:
		return noCode(ProblemCodeUsed)
	case Exhausted:
		return codeOver(ProblemCodeExhausted, nextCall(c, b))
	case Expired:
		return codeOver(ProblemCodeExpired, nextCall(c, b))
	}
	return noCode(ProblemCodeNone)
}

// end moves to a last state; its code is gone with it.
func (c *Challenge) end(s State) {
	c.State, c.CodeHash, c.Until = s, "", time.Time{}
}

// settled waits, for Timing.Patience at most, until a code that is being sent
// was sent or failed. What can't be a code doesn't wait.
func (e *Engine) settled(ctx context.Context, key Key, code string) (Record, error) {
	patience := time.NewTimer(max(0, e.timing.Patience))
	defer patience.Stop()
	poll := time.NewTicker(e.timing.Poll)
	defer poll.Stop()
	for {
		changed := e.changed.wait()
		rec, err := e.store.Load(ctx, key)
		if err != nil {
			return rec, fmt.Errorf("loading the challenge: %w", err)
		}
		c := rec.own(key)
		if c == nil || !c.underway(e.now()) || !isCode(code, c.CodeLength) || e.timing.Patience < 0 {
			return rec, nil
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-patience.C:
			return rec, nil
		case <-ctx.Done():
			return rec, fmt.Errorf("waiting for the call: %w", ctx.Err())
		}
	}
}

func (e *Engine) codeLength(c *Challenge) int {
	if c == nil {
		return e.settings().CodeLength
	}
	return c.CodeLength
}

func (e *Engine) logEntry(key Key, after Record, problem *factors.Problem) {
	id, phone := "", ""
	if c := after.own(key); c != nil {
		id, phone = c.ID, c.Phone
	}
	if problem == nil {
		e.log.Info("code confirmed", e.fields(key, id, phone)...)
		return
	}
	e.log.Info("code not accepted", e.fields(key, id, phone, "problem", problem.ID, "used", after.Budget.Used)...)
}
