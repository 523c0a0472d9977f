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
}

// Record is what a Key leads to.
type Record struct {
	// Challenge is the login's challenge with the method, nil where none was
	// asked for. It is found by Method and LoginID alone.
	Challenge *Challenge
	// Budget is the person's with the method, zero where nothing was used. It is
	// found by Method and PersonID alone, so all logins of a person share it.
	Budget Budget
}

// Store keeps challenges and budgets. Implementations serve many goroutines and
// many processes. All times that come back are equal to those stored, to the
// millisecond at least; a zero time comes back zero.
type Store interface {
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
	Update(ctx context.Context, key Key, change func(*Record) error) error
	// Claim takes the oldest (RequestedAt) challenge of the method that is
	// Requested and whose Until is after now, makes it Calling with the Until
	// given, and returns it as it is then. It returns nil, nil where there is
	// none. Of all nodes exactly one gets a challenge, once: what is Calling is
	// never claimed again, however long it takes. It is called every half second by
	// every node, so it should cost little where nothing is due.
	Claim(ctx context.Context, method string, now, until time.Time) (*Challenge, error)
	// Sweep deletes at most limit challenges of the method that were requested
	// before the time given, and returns how many. Budgets stay.
	Sweep(ctx context.Context, method string, before time.Time, limit int) (int, error)
}
