package otp

import (
	"context"
	"time"
)

// Key says which challenge and which budget are meant.
type Key struct {
	Method   string
	LoginID  string
	PersonID string
}

// Budget counts what a person has used up of a method's total attempts: codes
// asked for plus codes entered, in all logins since the last success.
type Budget struct {
	Used int
	// BlockedUntil is zero while the method isn't blocked for the person.
	BlockedUntil time.Time
	// NextCall is the earliest time to ask for the person's next call, in whatever
	// login: or new logins would be a way around the wait between two calls. Only
	// a success ends it early; zero where the person had no call since.
	NextCall time.Time
	// Agreed is the keyed hash of the number that the person agreed to be called
	// at; empty where they never did.
	Agreed string
}

// Record is what a Key leads to.
type Record struct {
	// Challenge is the login's challenge with the method, nil where none was
	// asked for. It is found by Method and LoginID alone.
	Challenge *Challenge
	// Budget is the person's with the method, zero where nothing was used. It is
	// found by Method and PersonID alone, so all logins of a person share it.
	Budget Budget
	// Operator is who was given the new challenge's range of numbers, where it is known.
	// It is no part of the record: only change sets it, for who keeps a ledger.
	Operator string
	// Charges are what a change takes from counters that others share. Only change
	// sets them; see Update.
	Charges []Charge
}

// Store is all that an Engine keeps. Implementations serve many goroutines and
// many processes. All times that come back are equal to those stored, to the
// millisecond at least; a zero time comes back zero.
type Store interface {
	Records
	Queue
	Counters
}

// Records keeps challenges and budgets.
type Records interface {
	// Load reads without changing anything. Having no row is no error: the
	// record is then empty.
	Load(ctx context.Context, key Key) (Record, error)
	// Update loads the record, lets change alter it and writes both parts, as
	// one serializable transaction: of two parallel updates that share the
	// challenge or the budget, one sees all that the other wrote. When it
	// returns nil, the record is as durable as the store is.
	//
	// An error of change leaves everything as it was and is returned as it is
	// (errors.Is and errors.As still find it). change may run more than once,
	// each time on a fresh record, so it does nothing besides changing it; it
	// may put another Challenge in the place of the one it got (other ID, same
	// LoginID and Method), which then replaces the row. It never sets Challenge
	// to nil where there was one.
	//
	// Record.Charges are added to their counters in the same transaction, by one
	// statement however many they are. A counter whose window is over at now begins
	// anew. Where one is above its limit afterwards, everything is left as it was,
	// and the error is an *OverError of the first such charge. Keys differ. An amount
	// may be negative; no counter goes below 0.
	Update(ctx context.Context, key Key, now time.Time, change func(*Record) error) error
	// Find gives the key of the challenge that the lookup means; false where there is none.
	Find(ctx context.Context, method string, by Lookup) (Key, bool, error)
}

// Queue hands the challenges to the nodes that have work to do on them.
type Queue interface {
	// Due says whether Claim, and whether ClaimPoll, would find something now. Every
	// node asks every half second, so it should cost little where nothing is due.
	Due(ctx context.Context, method string, now time.Time) (orders, polls bool, err error)
	// Claim takes the oldest (RequestedAt) challenge of the method that is
	// Requested and whose Until is after now, makes it Calling with the Until
	// given, and returns it as it is then. It returns nil, nil where there is
	// none. Of all nodes exactly one gets a challenge, once: what is Calling is
	// never claimed again, however long it takes.
	Claim(ctx context.Context, method string, now, until time.Time) (*Challenge, error)
	// ClaimPoll takes a challenge of the method that is Placed, whose PollAt is set
	// and not after now, and whose Until is after now; it sets PollAt to next, so
	// that nobody else polls it meanwhile, and returns it. nil, nil where there is none.
	ClaimPoll(ctx context.Context, method string, now, next time.Time) (*Challenge, error)
	// Sweep deletes at most limit challenges of the method that were requested
	// before the time given, and returns how many. Budgets stay.
	Sweep(ctx context.Context, method string, before time.Time, limit int) (int, error)
	// SweepNumbers deletes at most limit budgets of the method whose PersonID begins
	// with NumberPrefix and whose NextCall and BlockedUntil are before the time given,
	// and returns how many.
	SweepNumbers(ctx context.Context, method string, before time.Time, limit int) (int, error)
}

// Lookup is by what a provider knows a challenge: our ID, or its own of the
// call. ID wins where both are set.
type Lookup struct {
	ID             string
	Driver, CallID string
}

// Counters are the counted budgets that logins share.
type Counters interface {
	// Count reads the counters of the keys; those that aren't there, or whose
	// window is over at now, are left out.
	Count(ctx context.Context, keys []string, now time.Time) (map[string]Counter, error)
	// SetCounter sets a counter, or removes it where its count is 0.
	SetCounter(ctx context.Context, key string, c Counter) error
}
