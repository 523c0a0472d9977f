package otp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Target is who asks for a code, in which login, and where it goes.
type Target struct {
	// LoginID is the login, or whatever else the code is for.
	LoginID string
	// PersonID is whose total attempts count: a user's ID, or Engine.NumberKey
	// where nobody has signed in yet.
	PersonID string
	Phone    string // E.164 with "+"
	Country  string // ISO 3166, two letters; may be empty
	Operator string // who was given the number's range; for the record alone, may be empty
	RemoteIP string // may be empty
	Lang     string // of a message; may be empty
	// Channel is what the person asked for; empty: that of the last code, or the
	// chain's first where there was none, or it couldn't be sent.
	Channel string
	// Blind says that nothing may tell whether somebody has the number: a code that
	// can't be sent looks like one that was.
	Blind bool
	// Decoy says that nobody has the number. Only with Blind.
	Decoy bool
}

// Request asks for the login's first code. Where one was asked for already, in
// whatever state it is, it changes nothing. Problems: ProblemResendWait, where
// another login of the person had a call just now, ProblemMethodBlocked,
// ProblemNumberLimited, ProblemCallsLimited, ProblemCallsStopped, ProblemNoRoute.
func (e *Engine) Request(ctx context.Context, t Target) error { return e.ask(ctx, t, false) }

// Resend asks for a new code, or for the first: the person did so, and thereby
// agreed to be called at the number. While one is being sent it changes nothing
// (a blind target gets another: that one is being sent would tell that somebody
// has the number). Problems: those of Request, and ProblemNumberNotMine.
func (e *Engine) Resend(ctx context.Context, t Target) error { return e.ask(ctx, t, true) }

// errNothingToDo makes Update leave the record as it is.
var errNothingToDo = errors.New("nothing to do")

func (e *Engine) ask(ctx context.Context, t Target, again bool) error {
	id, err := newID(e.rand)
	if err != nil {
		return err
	}
	key := e.key(t.LoginID, t.PersonID)
	hidden, err := e.veil(ctx, key, &t)
	if err != nil {
		return err
	}
	var problem *factors.Problem
	var c *Challenge
	err = e.store.Update(ctx, key, e.now(), func(rec *Record) error {
		// The moment is that of the transaction: others have set waits meanwhile.
		problem, c = nil, e.challenge(id, t, e.now())
		old := rec.own(key)
		if old != nil && !retyped(old, t) && (!again || !t.Blind && old.underway(c.RequestedAt)) {
			return errNothingToDo
		}
		problem = e.replace(rec, old, c, t, again)
		return nil
	})
	var over *OverError
	if errors.As(err, &over) {
		e.over(ctx, key, c, over)
		problem, err = over.problem(), nil
	}
	if t.Blind && !t.Decoy && problem != nil && hides(problem.ID) { // used up since veil looked
		t.Decoy = true
		return e.ask(ctx, t, again)
	}
	if err == nil && problem == nil && hidden != nil {
		e.over(ctx, key, c, hidden)
	}
	if err == nil {
		e.tellAsked(ctx, key, c, problem, cmp.Or(over, hidden))
	}
	return e.asked(key, c, problem, err)
}

// asked is what the asker hears.
func (e *Engine) asked(key Key, c *Challenge, problem *factors.Problem, err error) error {
	switch {
	case errors.Is(err, errNothingToDo):
		return nil
	case err != nil:
		return fmt.Errorf("asking for a code: %w", err)
	case problem != nil:
		e.debug("code refused", key, c.ID, c.Phone, "problem", problem.ID)
		return problem
	}
	e.debug("code requested", key, c.ID, c.Phone)
	if c.Decoy {
		e.wakeWorker() // to no end, as it takes the same time
		return nil
	}
	e.order()
	return nil
}

// retyped says whether a number that the person took back is typed again. Where
// nobody has signed in yet they may.
func retyped(old *Challenge, t Target) bool { return t.Blind && old.State == Refused }

// veil makes a decoy of a blind target whose code a budget or a stop refuses that
// must not show, and returns which. It does so beforehand, and reads the same for
// what is a decoy already: to be refused first and to become a decoy then would
// take twice as long.
func (e *Engine) veil(ctx context.Context, key Key, t *Target) (*OverError, error) {
	if !t.Blind {
		return nil, nil
	}
	rec, err := e.store.Load(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("loading the challenge: %w", err)
	}
	as := *t
	as.Decoy = false
	over, err := e.foresee(ctx, rec.own(key), as)
	if over == nil || err != nil || !hides(over.problem().ID) {
		return nil, err
	}
	t.Decoy = true
	return over, nil
}

// hides says whether the problem would tell that somebody has the number. That no
// route leads there doesn't: it is the same for a decoy.
func hides(problem string) bool {
	return problem == ProblemCallsLimited || problem == ProblemCallsStopped
}

// replace puts the new challenge in the old one's place, if wait and budgets
// allow it. The count of attempts goes on, unless it was used up.
func (e *Engine) replace(rec *Record, old, c *Challenge, t Target, again bool) *factors.Problem {
	s, now := e.settings(), c.RequestedAt
	rec.Budget.renew(now)
	if rec.Budget.blocked(now) {
		return Blocked(rec.Budget.BlockedUntil)
	}
	if old != nil && old.State == Refused && !t.Blind {
		return conflict(ProblemNumberNotMine)
	}
	route, ahead, ok := e.route(old, t, now)
	if !ok {
		return conflict(ProblemNoRoute)
	}
	if at := e.earliest(old, rec.Budget, route, ahead); now.Before(at) {
		return resendWait(at)
	}
	if !rec.Budget.spendCall(s, now) {
		return Blocked(rec.Budget.BlockedUntil)
	}
	if old != nil && old.State != Exhausted && old.State != Confirmed && old.Attempts < s.AttemptsPerLogin {
		c.Attempts = old.Attempts
	}
	if again {
		rec.Budget.Agreed = e.Agreement(c.Phone)
	}
	rec.Challenge, rec.Operator = c, t.Operator
	e.take(rec, route, now)
	if c.Decoy {
		// It looks like one that was sent, from the first moment to the last.
		c.State, c.Until, c.PlacedAt, c.CalledAt = Called, now.Add(s.Validity), now, now
	}
	return nil
}

// take has the record's challenge go by the route, and charges for it.
func (e *Engine) take(rec *Record, r Route, now time.Time) {
	c := rec.Challenge
	c.Route, c.Channel, c.Driver = r.ID, r.Channel, r.Driver
	c.Price, c.Currency = r.Price, e.settings().Limits.Currency
	charges := e.charges(c, r.Price, now)
	for _, charge := range charges {
		if charge.Budget == BudgetSpend && !c.Decoy {
			c.Charged = charge.Amount
		}
	}
	rec.charge(charges...)
}

// route chooses the way among those that there are now.
func (e *Engine) route(old *Challenge, t Target, now time.Time) (route Route, ahead, ok bool) {
	return choose(e.sender.Routes(t.Phone, now), old, t)
}

// choose chooses the way. ahead says that it lies further on in the chain than
// the old challenge's, so that its own wait holds. That a code failed changes
// the channel only where it may show: no decoy ever fails.
func choose(routes []Route, old *Challenge, t Target) (route Route, ahead, ok bool) {
	channel, last := t.Channel, -1
	if old != nil {
		for i, r := range routes {
			if r.ID == old.Route {
				last = i
			}
		}
		if channel == "" && (old.State != Failed || t.Blind) {
			channel = old.Channel
		}
	}
	if i := pick(routes, channel); i >= 0 {
		return routes[i], old != nil && i > last && routes[i].Channel != old.Channel, true
	}
	if i := pick(routes, ""); i >= 0 && t.Channel == "" {
		return routes[i], false, true // the old challenge's channel isn't there any more
	}
	return Route{}, false, false
}

// pick is the first route of the channel that isn't broken, or else the first;
// of any channel where none is named; never one that is stopped. -1 where there is
// none.
func pick(routes []Route, channel string) int {
	first := -1
	for i, r := range routes {
		if r.Stopped || channel != "" && r.Channel != channel {
			continue
		}
		if !r.Broken {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// earliest is when a code by the route may be asked for: after the wait between
// two calls of a person, or after the route's own where it is the next way out.
func (e *Engine) earliest(old *Challenge, b Budget, r Route, ahead bool) time.Time {
	if ahead && r.Wait > 0 {
		return old.RequestedAt.Add(r.Wait)
	}
	return nextCall(old, b)
}

// nextCall is when another call may be asked for: the person's wait between two
// calls, or what the provider of the last one wanted.
func nextCall(old *Challenge, b Budget) time.Time {
	if old != nil && old.ResendAt.After(b.NextCall) {
		return old.ResendAt
	}
	return b.NextCall
}

func (e *Engine) challenge(id string, t Target, now time.Time) *Challenge {
	s := e.settings()
	return &Challenge{
		ID: id, LoginID: t.LoginID, Method: e.method, PersonID: t.PersonID,
		Phone: t.Phone, Country: t.Country, RemoteIP: t.RemoteIP, Lang: t.Lang, Decoy: t.Decoy, Blind: t.Blind,
		State: Requested, CodeLength: s.CodeLength,
		RequestedAt: now, Until: now.Add(e.timing.PlaceWithin), ResendAt: now.Add(s.ResendAfter),
	}
}

// Refuse notes that the person says that the number isn't theirs: nothing goes
// to it in this login any more.
func (e *Engine) Refuse(ctx context.Context, t Target) error {
	id, err := newID(e.rand)
	if err != nil {
		return err
	}
	key, now := e.key(t.LoginID, t.PersonID), e.now()
	err = e.store.Update(ctx, key, now, func(rec *Record) error {
		c := rec.own(key)
		if c == nil {
			c = e.challenge(id, t, now)
		}
		if c.State == Confirmed {
			return errNothingToDo
		}
		c.end(Refused)
		rec.Challenge = c
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return fmt.Errorf("refusing a number: %w", err)
	}
	e.notice(ctx, Notice{Kind: NoticeNotMine, Key: key, Phone: t.Phone, RemoteIP: t.RemoteIP})
	e.debug("number refused by the person", key, id, t.Phone)
	return nil
}
