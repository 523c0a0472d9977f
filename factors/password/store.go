package password

import (
	"context"
	"time"
)

// Counter is what one login name, whether somebody has it or not, has used up.
type Counter struct {
	// Failures are the passwords tried since the last right one; one that is
	// being compared right now counts already.
	Failures int
	// NotBefore is the time before which no password is looked at; zero if any.
	NotBefore time.Time
	// WindowStart and WindowCount are the throughput's: how many tries began in
	// the window that began then.
	WindowStart time.Time
	WindowCount int
	// ForgetAt is when the counter says nothing any more and may be deleted.
	ForgetAt time.Time
}

// Store keeps counters. Implementations serve many goroutines and many
// processes. Times come back equal to the millisecond at least; a zero time
// comes back zero.
type Store interface {
	// UpdateCounter loads the counter under key (zero where there is none), lets
	// change alter it and writes it, as one serializable transaction: of two
	// parallel updates of a key, one sees what the other wrote. An error of
	// change leaves everything as it was and is returned as it is. change may
	// run more than once, so it does nothing besides changing the counter.
	//
	// Keys are keyed hashes, at most 128 ASCII characters.
	UpdateCounter(ctx context.Context, key string, change func(*Counter) error) error
	// SweepCounters deletes at most limit counters whose ForgetAt is at or
	// before now, and returns how many.
	SweepCounters(ctx context.Context, now time.Time, limit int) (int, error)
}
