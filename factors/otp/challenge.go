package otp

import "time"

// State is where a challenge stands.
//
//	requested -> calling -> called -> confirmed | exhausted
//
// Calling may end in failed as well. Expired and unknown are never stored:
// time alone leads there, so StateAt derives them.
type State string

// The states. Their names speak of calls because flashCall came first; for a
// text message read "sent".
const (
	Requested State = "requested" // somebody asked for a code; no node has taken the work yet
	Calling   State = "calling"   // a node holds the lease and is having the code sent
	Called    State = "called"    // the code is on its way or there; it may be entered
	Confirmed State = "confirmed" // the right code was entered; it counts never again
	Exhausted State = "exhausted" // too many wrong codes in this login; a new call is needed
	Failed    State = "failed"    // the code could not be sent; Challenge.Failure says why
	Expired   State = "expired"   // derived: requested or called for too long
	Unknown   State = "unknown"   // derived: the lease ran out, so its node died; nobody sends again by themselves
)

// Challenge is one code on its way to one person in one login. A login has at
// most one challenge per method; asking again replaces it by one with a new ID.
type Challenge struct {
	ID       string
	LoginID  string
	Method   string
	PersonID string
	// Phone is where the code goes, E.164 with "+". Never log it.
	Phone string
	// RemoteIP is the person's address, for providers that want it; may be empty.
	RemoteIP string
	State    State
	// CodeLength is how many digits the code has: the setting when it was asked for.
	CodeLength int
	// CodeHash is the keyed hash of ID and code; empty unless State is Called.
	CodeHash string
	// Attempts are the codes entered in this login since the count began: a
	// challenge that replaces one that was not exhausted goes on counting.
	Attempts int
	// Wrong says that the last code entered for this very challenge was wrong.
	Wrong bool
	// Failure is the sender's word for what went wrong; empty unless Failed.
	Failure string
	// CallerMask is the number that calls, its code hidden; empty where unknown.
	CallerMask string
	// RequestedAt is when it was asked for.
	RequestedAt time.Time
	// Until is when State ends by itself: Requested and Called become Expired,
	// Calling becomes Unknown. Zero in the other states.
	Until time.Time
	// ResendAt is the earliest time for the login's next one; Budget.NextCall may
	// be later.
	ResendAt time.Time
}

// StateAt is the state at now, with what time alone has done.
func (c *Challenge) StateAt(now time.Time) State {
	over := !c.Until.IsZero() && !now.Before(c.Until)
	switch {
	case over && (c.State == Requested || c.State == Called):
		return Expired
	case over && c.State == Calling:
		return Unknown
	}
	return c.State
}

// underway says whether a code is being sent, so that no other may be asked for.
func (c *Challenge) underway(now time.Time) bool {
	s := c.StateAt(now)
	return s == Requested || s == Calling
}
