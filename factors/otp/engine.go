package otp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Options are what an Engine needs. Rand, Log, Now, Count, Learned, Notice, Away and Timing
// have defaults.
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
	Rand io.Reader
	Log  *slog.Logger
	// Count is told each time that a budget refuses a code, by the budget's name.
	Count func(budget string)
	// Learned is told of each code that a provider told only after it had taken the
	// order, once; it must not block.
	Learned func(driver, phone, code string)
	// Notice is told of what becomes of codes, for the record; it may block. It runs
	// outside of transactions, under the context of whoever asked, or of the work.
	Notice func(ctx context.Context, n Notice)
	// Away is called before a request waits for a provider, and what it returns after:
	// whoever counts what is being served may count it apart.
	Away   func(ctx context.Context) (back func())
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
	count    func(budget string)
	learned  func(driver, phone, code string)
	notice   func(ctx context.Context, n Notice)
	away     func(ctx context.Context) (back func())
	timing   Timing
	wake     chan struct{} // an order or a report of this node waits
	ordered  atomic.Int64  // of the orders of this node, those that it didn't try to claim yet
	reports  chan report   // what providers are to be told
	changed  *broadcast    // a challenge of this node was called or failed
	alarms   alarms
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
		now: o.Now, rand: o.Rand, log: o.Log, count: o.Count, learned: o.Learned, notice: o.Notice, away: o.Away, timing: o.Timing.withDefaults(),
		wake: make(chan struct{}, 1), reports: make(chan report, maxReports), changed: newBroadcast(),
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
	if e.learned == nil {
		e.learned = func(string, string, string) {}
	}
	if e.notice == nil {
		e.notice = func(context.Context, Notice) {}
	}
	if e.away == nil {
		e.away = func(context.Context) func() { return func() {} }
	}
	if e.count == nil {
		e.count = func(string) {}
	}
	return e, nil
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
	// Agreed is what Engine.Agreement gives for the number that the person agreed
	// to be called at; empty where they never did.
	Agreed string
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
	st := Status{At: now, Challenge: rec.own(key), BlockedUntil: rec.Budget.BlockedUntil, Agreed: rec.Budget.Agreed}
	st.NextCall = nextCall(st.Challenge, rec.Budget)
	st.CodeLength = e.codeLength(st.Challenge)
	used := 0
	if st.Challenge != nil {
		st.State, used = st.Challenge.StateAt(now), st.Challenge.Attempts
	}
	st.TriesLeft = max(0, min(s.AttemptsPerLogin-used, s.TotalAttempts-rec.Budget.Used))
	return st, nil
}

// Current is the login's challenge, whoever asked for it; nil where there is none.
func (e *Engine) Current(ctx context.Context, loginID string) (*Challenge, error) {
	rec, err := e.store.Load(ctx, e.key(loginID, ""))
	if err != nil {
		return nil, fmt.Errorf("loading the challenge: %w", err)
	}
	return rec.Challenge, nil
}

// CodeLength is how many digits a code has that is asked for now.
func (e *Engine) CodeLength() int { return e.settings().CodeLength }

// Way is a channel that a person may ask for.
type Way struct {
	Channel string
	// At is the earliest time; may be over.
	At time.Time
}

// Ways are the channels of the chain that lead to the number now, each once, in
// order. The first is the one that a code would take where none is asked for.
func (e *Engine) Ways(st Status, phone string) []Way {
	var ways []Way
	routes := e.sender.Routes(phone, st.At)
	for _, r := range routes {
		if r.Stopped || slices.ContainsFunc(ways, func(w Way) bool { return w.Channel == r.Channel }) {
			continue
		}
		_, ahead, _ := choose(routes, st.Challenge, Target{Phone: phone, Channel: r.Channel})
		ways = append(ways, Way{Channel: r.Channel, At: e.earliest(st.Challenge, Budget{NextCall: st.NextCall}, r, ahead)})
	}
	return ways
}

// Limited is the problem that asking for a code to the target would meet now
// because of counted budgets or a stop; nil where it would meet none. It takes
// nothing.
func (e *Engine) Limited(ctx context.Context, t Target) (*factors.Problem, error) {
	over, err := e.foresee(ctx, nil, t)
	if over == nil || err != nil {
		return nil, err
	}
	return over.problem(), nil
}

// foresee is the charge that asking for a code to the target would fail at now; old
// is the login's challenge.
func (e *Engine) foresee(ctx context.Context, old *Challenge, t Target) (*OverError, error) {
	now := e.now()
	c := e.challenge("", t, now)
	var price int64
	if r, _, ok := e.route(old, t, now); ok {
		price = r.Price
	}
	charges := e.charges(c, price, now)
	keys := make([]string, len(charges))
	for i, charge := range charges {
		keys[i] = charge.Key
	}
	counted, err := e.store.Count(ctx, keys, now)
	if err != nil {
		return nil, fmt.Errorf("reading the budgets: %w", err)
	}
	for _, charge := range charges {
		have, ok := counted[charge.Key]
		if !ok {
			have.Until = charge.Until
		}
		if have.Count+charge.Amount > charge.Limit {
			return &OverError{Charge: charge, Until: have.Until}, nil
		}
	}
	return nil, nil
}

// forever is the end of a stop: whoever owns the number ends it.
func forever() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// Stop keeps all codes from the number, for whoever they are asked, until Allow.
func (e *Engine) Stop(ctx context.Context, phone string) error {
	return e.store.SetCounter(ctx, e.stopKey(phone), Counter{Count: 1, Until: forever()})
}

// Allow ends a stop.
func (e *Engine) Allow(ctx context.Context, phone string) error {
	return e.store.SetCounter(ctx, e.stopKey(phone), Counter{})
}

// Stopped says whether the number's owner stopped codes to it.
func (e *Engine) Stopped(ctx context.Context, phone string) (bool, error) {
	key := e.stopKey(phone)
	found, err := e.store.Count(ctx, []string{key}, e.now())
	return found[key].Count > 0, err
}

// Unblock lifts the block of a person and begins their total anew.
func (e *Engine) Unblock(ctx context.Context, personID string) error {
	return e.store.Update(ctx, e.key("", personID), e.now(), func(rec *Record) error {
		rec.Budget.success()
		return nil
	})
}

// NumberKey is the PersonID of whoever has the number, where nobody has signed
// in yet: the attempts at a number count together then.
func (e *Engine) NumberKey(phone string) string { return NumberPrefix + e.hash("number", phone) }

// NumberPrefix begins what NumberKey gives. No user's ID has a ":".
const NumberPrefix = "number:"

// PhoneHash is what log lines have in place of the number: equal for equal numbers.
func (e *Engine) PhoneHash(phone string) string { return e.hash("phone", phone) }

// Agreement is how it is noted that a person agreed to be called at the number.
func (e *Engine) Agreement(phone string) string { return e.hash("agreed", phone) }

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

// debug writes a line of one code; where nobody reads such, its hash isn't made.
func (e *Engine) debug(text string, key Key, challengeID, phone string, more ...any) {
	if e.log.Enabled(context.Background(), slog.LevelDebug) {
		e.log.Debug(text, e.fields(key, challengeID, phone, more...)...)
	}
}

// fields are what every log line of the engine carries; the number only as a
// keyed hash, the code never.
func (e *Engine) fields(key Key, challengeID, phone string, more ...any) []any {
	return append([]any{"method", key.Method, "login_id", key.LoginID, "user_id", key.PersonID,
		"challenge_id", challengeID, "phone_hash", e.PhoneHash(phone)}, more...)
}
