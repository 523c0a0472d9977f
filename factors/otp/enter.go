package otp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Few is how many tries are left, at most, when the person is told their number.
const Few = 2

// Entered is a code that a person typed, in the login that asked for it.
type Entered struct {
	LoginID, PersonID string
	// Code as it was typed; blanks and dashes in it don't count.
	Code string
	// Blind as in Target: what became of the call is not told.
	Blind bool
	// Status is how the login stands, where that was read for this very request: it
	// isn't read again then, unless a code is being sent. nil: it is read.
	Status *Status
}

// Enter compares a code. Nil means that it was right: the challenge is
// confirmed, once, and the person's total is new.
//
// Problems: ProblemCodeFormat, ProblemCodePending, ProblemCodeNone,
// ProblemCodeExpired, ProblemCodeUsed and ProblemMethodBlocked spend no attempt;
// ProblemCodeWrong, ProblemCodeExhausted and ProblemCheckFailed do, as far as one
// is left.
func (e *Engine) Enter(ctx context.Context, in Entered) error {
	_, err := e.Confirm(ctx, in)
	return err
}

// Confirm is Enter, and gives the challenge that the code confirmed.
func (e *Engine) Confirm(ctx context.Context, in Entered) (*Challenge, error) {
	key, code, begun := e.key(in.LoginID, in.PersonID), clean(in.Code), e.now()
	c, err := e.settled(ctx, key, code, in)
	if err != nil {
		return nil, err
	}
	if !fits(c, code, e.codeLength(c), in.Blind) {
		return nil, codeFormat(e.codeLength(c))
	}
	var g guess
	err = e.store.Update(ctx, key, e.now(), func(rec *Record) error {
		g = e.enter(rec, rec.own(key), code, e.now(), in.Blind)
		g.after = *rec
		if g.problem != nil && !g.spent {
			return errNothingToDo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return nil, fmt.Errorf("entering a code: %w", err)
	}
	confirmed := g.after.Challenge
	if g.ask {
		if confirmed, g.problem, err = e.checkByProvider(ctx, key, g, code, in.Blind); err != nil {
			return nil, err
		}
	}
	if in.Blind && g.spent && g.problem != nil {
		if err := e.levelWait(ctx, c, begun); err != nil {
			return nil, err
		}
	}
	if g.spent && !g.ask {
		e.report(g.delivery, code, g.problem == nil)
	}
	e.tellEntered(ctx, key, g.after, g.problem)
	e.logEntry(key, g.after, g.problem)
	if g.problem != nil {
		return nil, g.problem
	}
	return confirmed, nil
}

// guess is what became of one entered code.
type guess struct {
	problem  *factors.Problem
	spent    bool     // an attempt; so the record must be written
	ask      bool     // the provider must be asked whether it was right; a blind guess has the problem that else holds
	delivery Delivery // of the challenge that it was for
	after    Record
}

// enter spends first and compares then; both are in one transaction, so that
// nobody learns of the comparison unless the attempt was spent.
func (e *Engine) enter(rec *Record, c *Challenge, code string, now time.Time, blind bool) guess {
	s, b := e.settings(), &rec.Budget
	b.renew(now)
	if b.blocked(now) {
		return guess{problem: Blocked(b.BlockedUntil)}
	}
	if p := e.refusal(c, *b, now, blind); p != nil {
		return guess{problem: p}
	}
	if c.Attempts >= s.AttemptsPerLogin {
		c.end(Exhausted)
		return guess{problem: codeOver(ProblemCodeExhausted, nextCall(c, *b)), spent: true}
	}
	if !b.spendEntry(s, now) {
		return guess{problem: Blocked(b.BlockedUntil), spent: true}
	}
	c.Attempts++
	real := !c.Decoy && c.comparable(now)
	g := guess{spent: true, delivery: c.delivery(), ask: real && c.ByProvider}
	if g.ask && !blind {
		return g
	}
	if e.matches(c, code) && real {
		c.end(Confirmed)
		b.success()
		return g
	}
	c.Wrong = true
	g.problem = e.wrong(c, b, s, now)
	return g
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
func (e *Engine) refusal(c *Challenge, b Budget, now time.Time, blind bool) *factors.Problem {
	if c == nil {
		return noCode(ProblemCodeNone)
	}
	state := c.StateAt(now)
	if blind {
		state = e.Blind(c, now)
	}
	switch state {
	case Placed, Called:
		if !blind && !c.comparable(now) {
			return noCode(ProblemCodePending)
		}
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

// Blind is the state that a blind view shows: the same whether somebody has the
// number, and whatever became of the call.
func (e *Engine) Blind(c *Challenge, now time.Time) State {
	switch {
	case c.State == Confirmed || c.State == Exhausted:
		return c.State
	case !now.Before(e.BlindUntil(c)):
		return Expired
	}
	return Called
}

// BlindUntil is when a blind view says that the code expired.
func (e *Engine) BlindUntil(c *Challenge) time.Time { return c.RequestedAt.Add(e.settings().Validity) }

// checkByProvider asks the provider about a code whose attempt is spent. A right
// answer counts even where later guesses have used up the login meanwhile: its
// own attempt was within the budget. Any other answer to a blind guess is one
// that a decoy gives too.
func (e *Engine) checkByProvider(ctx context.Context, key Key, g guess, code string, blind bool) (*Challenge, *factors.Problem, error) {
	limited, cancel := context.WithTimeout(ctx, e.timing.SendTimeout)
	defer cancel()
	d := g.delivery
	verdict, err := e.judged(limited, d, code)
	if err != nil {
		e.log.Error("the provider could not check a code", e.fields(key, d.ID, d.Phone, "error", err)...)
		if blind {
			return nil, g.problem, nil
		}
		return nil, &factors.Problem{ID: ProblemCheckFailed, Status: http.StatusServiceUnavailable, Field: FieldCode}, nil
	}
	if blind && verdict != VerdictRight {
		return nil, g.problem, nil
	}
	var c *Challenge
	var problem *factors.Problem
	err = e.store.Update(ctx, key, e.now(), func(rec *Record) error {
		c = rec.own(key)
		problem = e.judge(rec, c, d.ID, verdict, e.now())
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("writing down what the provider said: %w", err)
	}
	return c, problem, nil
}

// judged asks the provider, which takes its time.
func (e *Engine) judged(ctx context.Context, d Delivery, code string) (Verdict, error) {
	defer e.away(ctx)()
	return e.sender.Check(ctx, d, code)
}

func (e *Engine) judge(rec *Record, c *Challenge, id string, verdict Verdict, now time.Time) *factors.Problem {
	if c == nil || c.ID != id {
		return noCode(ProblemCodeNone)
	}
	if c.State == Confirmed {
		return noCode(ProblemCodeUsed)
	}
	switch verdict {
	case VerdictRight:
		c.end(Confirmed)
		rec.Budget.success()
		return nil
	case VerdictExpired:
		if c.State != Exhausted {
			c.Until = now
		}
		return codeOver(ProblemCodeExpired, nextCall(c, rec.Budget))
	case VerdictLocked:
		c.end(Exhausted)
		return codeOver(ProblemCodeExhausted, nextCall(c, rec.Budget))
	}
	c.Wrong = true
	return e.wrong(c, &rec.Budget, e.settings(), now)
}

// maxNumber is the most digits that a whole calling number has (ITU-T E.164).
const maxNumber = 15

// fits says whether the text could be a code. Where the provider checks it, the
// whole number that calls may stand in the code's place, and where that must not
// show, always.
func fits(c *Challenge, text string, length int, blind bool) bool {
	if c != nil && (c.ByProvider || blind) && len(text) > length {
		return len(text) <= maxNumber && isCode(text, len(text))
	}
	return isCode(text, length)
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
		e.debug("code confirmed", key, id, phone)
		return
	}
	e.debug("code not accepted", key, id, phone, "problem", problem.ID, "used", after.Budget.Used)
}
