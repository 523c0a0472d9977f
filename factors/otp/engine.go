package otp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Options are what an Engine needs. Rand, Log, Now and Timing have defaults.
type Options struct {
	// Method is the method's ID; challenges and budgets belong to it.
	Method string
	Store  Store
	Sender Sender
	// Settings are asked for at every use, so that a reload works at once. They
	// must be valid.
	Settings func() Settings
	// Hash is a keyed hash (HMAC) of its parts, unambiguous about where one part
	// ends, as text.
	Hash func(parts ...string) string
	Now  func() time.Time
	// Rand is cryptographically strong and serves many goroutines.
	Rand   io.Reader
	Log    *slog.Logger
	Timing Timing
}

// Engine is the one-time codes of one method. It serves many goroutines; several
// nodes may share a Store. Codes are sent only while Run or Work is running on
// some node.
type Engine struct {
	method   string
	store    Store
	sender   Sender
	settings func() Settings
	hash     func(parts ...string) string
	now      func() time.Time
	rand     io.Reader
	log      *slog.Logger
	timing   Timing
	wake     chan struct{} // a request of this node waits
	changed  *broadcast    // a challenge of this node was called or failed
}

// New refuses incomplete Options and invalid settings.
func New(o Options) (*Engine, error) {
	if o.Method == "" || o.Store == nil || o.Sender == nil || o.Settings == nil || o.Hash == nil {
		return nil, errors.New("otp: Method, Store, Sender, Settings and Hash are needed")
	}
	if err := o.Settings().Validate(); err != nil {
		return nil, fmt.Errorf("settings of %s: %w", o.Method, err)
	}
	e := &Engine{
		method: o.Method, store: o.Store, sender: o.Sender, settings: o.Settings, hash: o.Hash,
		now: o.Now, rand: o.Rand, log: o.Log, timing: o.Timing.withDefaults(),
		wake: make(chan struct{}, 1), changed: newBroadcast(),
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.rand == nil {
		e.rand = rand.Reader
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	return e, nil
}

// Target is who asks for a code, in which login, and where it goes.
type Target struct {
	LoginID  string
	PersonID string
	Phone    string // E.164 with "+"
	RemoteIP string // may be empty
}

// Status is how a login stands with the method.
type Status struct {
	// At is the moment that all else is told of.
	At time.Time
	// Challenge is a copy, nil where the person asked for no code in this login.
	Challenge *Challenge
	// State is the challenge's at this moment, empty without one.
	State State
	// CodeLength is how many digits the code has, or would have.
	CodeLength int
	// TriesLeft is how many codes may still be entered before one of the budgets
	// is used up.
	TriesLeft int
	// BlockedUntil is zero while the method isn't blocked for the person.
	BlockedUntil time.Time
	// NextCall is when the login may ask for its next call, or its first; may be
	// over, and is zero where nothing is to be waited for.
	NextCall time.Time
}

// Status tells how a login stands. It changes nothing.
func (e *Engine) Status(ctx context.Context, loginID, personID string) (Status, error) {
	key := e.key(loginID, personID)
	rec, err := e.store.Load(ctx, key)
	if err != nil {
		return Status{}, fmt.Errorf("loading the challenge: %w", err)
	}
	now, s := e.now(), e.settings()
	rec.Budget.renew(now)
	st := Status{At: now, Challenge: rec.own(key), BlockedUntil: rec.Budget.BlockedUntil}
	st.NextCall = nextCall(st.Challenge, rec.Budget)
	st.CodeLength = e.codeLength(st.Challenge)
	used := 0
	if st.Challenge != nil {
		st.State, used = st.Challenge.StateAt(now), st.Challenge.Attempts
	}
	st.TriesLeft = max(0, min(s.AttemptsPerLogin-used, s.TotalAttempts-rec.Budget.Used))
	return st, nil
}

// Request asks for the login's first code. Where one was asked for already, in
// whatever state it is, it changes nothing. Problems: ProblemResendWait, where
// another login of the person had a call just now, and ProblemMethodBlocked.
func (e *Engine) Request(ctx context.Context, t Target) error { return e.ask(ctx, t, false) }

// Resend asks for a new code, or for the first. While one is being sent it
// changes nothing. Problems: ProblemResendWait, ProblemMethodBlocked.
func (e *Engine) Resend(ctx context.Context, t Target) error { return e.ask(ctx, t, true) }

// errNothingToDo makes Update leave the record as it is.
var errNothingToDo = errors.New("nothing to do")

func (e *Engine) ask(ctx context.Context, t Target, again bool) error {
	id, err := newID(e.rand)
	if err != nil {
		return err
	}
	key := e.key(t.LoginID, t.PersonID)
	var problem *factors.Problem
	err = e.store.Update(ctx, key, func(rec *Record) error {
		problem = nil
		now, old := e.now(), rec.own(key)
		if old != nil && (!again || old.underway(now)) {
			return errNothingToDo
		}
		problem = e.replace(rec, old, e.challenge(id, t, now), now)
		return nil
	})
	switch {
	case errors.Is(err, errNothingToDo):
		return nil
	case err != nil:
		return fmt.Errorf("asking for a code: %w", err)
	case problem != nil:
		e.log.Info("code refused", e.fields(key, id, t.Phone, "problem", problem.ID)...)
		return problem
	}
	e.log.Info("code requested", e.fields(key, id, t.Phone)...)
	e.wakeWorker()
	return nil
}

// replace puts the new challenge in the old one's place, if wait and budget
// allow it. The count of attempts goes on, unless it was used up.
func (e *Engine) replace(rec *Record, old, c *Challenge, now time.Time) *factors.Problem {
	s := e.settings()
	rec.Budget.renew(now)
	if rec.Budget.blocked(now) {
		return Blocked(rec.Budget.BlockedUntil)
	}
	if at := nextCall(old, rec.Budget); now.Before(at) {
		return resendWait(at)
	}
	if !rec.Budget.spendCall(s, now) {
		return Blocked(rec.Budget.BlockedUntil)
	}
	if old != nil && old.State != Exhausted && old.State != Confirmed && old.Attempts < s.AttemptsPerLogin {
		c.Attempts = old.Attempts
	}
	rec.Challenge = c
	return nil
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
		Phone: t.Phone, RemoteIP: t.RemoteIP, State: Requested, CodeLength: s.CodeLength,
		RequestedAt: now, Until: now.Add(e.timing.PlaceWithin), ResendAt: now.Add(s.ResendAfter),
	}
}

func (e *Engine) key(loginID, personID string) Key {
	return Key{Method: e.method, LoginID: loginID, PersonID: personID}
}

// own is the record's challenge where it was asked for by the same person: a
// login that changed hands has none.
func (r Record) own(key Key) *Challenge {
	if r.Challenge == nil || r.Challenge.PersonID != key.PersonID {
		return nil
	}
	return r.Challenge
}

// fields are what every log line of the engine carries; the number only as a
// keyed hash, the code never.
func (e *Engine) fields(key Key, challengeID, phone string, more ...any) []any {
	return append([]any{"method", key.Method, "login_id", key.LoginID, "user_id", key.PersonID,
		"challenge_id", challengeID, "phone_hash", e.hash("phone", phone)}, more...)
}
