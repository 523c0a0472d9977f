package otp

import "time"

// State is where a challenge stands.
//
//	requested -> calling -> placed -> called -> confirmed | exhausted
//
// Calling leads to called at once where the provider tells at once that the code
// is on its way, and placed to confirmed or exhausted where a code is entered
// before the provider says so. Calling and placed may end in failed, or in
// requested again where the chain has another route. Refused is the person's own
// word, from any state but confirmed. Expired and unknown are never stored: time
// alone leads there, so StateAt derives them.
type State string

// The states. Their names speak of calls because flashCall came first; for a
// text message read "sent".
const (
	Requested State = "requested" // somebody asked for a code; no node has taken the work yet
	Calling   State = "calling"   // a node holds the lease and is having the code sent
	Placed    State = "placed"    // the provider has the order, but hasn't said that it was carried out; a code that is known may be entered
	Called    State = "called"    // the code is on its way or there; it may be entered
	Confirmed State = "confirmed" // the right code was entered; it counts never again
	Exhausted State = "exhausted" // too many wrong codes in this login; a new call is needed
	Failed    State = "failed"    // the code could not be sent; Challenge.Failure says why
	Refused   State = "refused"   // the person said that the number isn't theirs; no other call in this login
	Expired   State = "expired"   // derived: requested, placed or called for too long
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
	// Country of the number, ISO 3166, two letters.
	Country string
	// RemoteIP is the person's address, for providers that want it; may be empty.
	RemoteIP string
	// Lang is the language that a message is to have (BCP 47); may be empty.
	Lang string
	// Decoy says that nobody has the number: nothing is ever sent, no code is right.
	Decoy bool
	// Blind as in Target: what becomes of the order must not show, in no wait and no
	// count, so the chain doesn't move on by itself.
	Blind bool
	// Route, Channel and Driver are by which way of the chain the code goes now.
	Route, Channel, Driver string
	State                  State
	// CodeLength is how many digits the code has: the setting when it was asked for.
	CodeLength int
	// CodeHash is the keyed hash of ID and code; empty while the code isn't known,
	// and where the provider checks it.
	CodeHash string
	// ByProvider says that the provider checks what the person types.
	ByProvider bool
	// CallID is the provider's own id of the call, Prefix how the number that calls
	// begins; both empty where it told none.
	CallID, Prefix string
	// Early is what a callback told before the order was answered: a NewsState, for
	// NewsFailed followed by ":" and the failure.
	Early string
	// Charged is what it has taken from the budget for spending, in millionths.
	Charged int64
	// Price is the route's of one order, Cost what the provider told that this one
	// cost, 0 where it told nothing; both in millionths of Currency.
	Price, Cost int64
	Currency    string
	// Passed is why the order in whose place this one stands failed, where the chain
	// moved on by itself; empty where a person asked.
	Passed string
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
	// PlacedAt is when the provider took the order, CalledAt when the code was on
	// its way; zero before.
	PlacedAt, CalledAt time.Time
	// PollAt is when to ask the provider how it stands; zero: not at all.
	PollAt time.Time
	// Until is when State ends by itself: Requested, Placed and Called become
	// Expired, Calling becomes Unknown. Zero in the other states.
	Until time.Time
	// ResendAt is the earliest time for the login's next one; Budget.NextCall may
	// be later.
	ResendAt time.Time
}

// StateAt is the state at now, with what time alone has done.
func (c *Challenge) StateAt(now time.Time) State {
	over := !c.Until.IsZero() && !now.Before(c.Until)
	switch {
	case over && (c.State == Requested || c.State == Placed || c.State == Called):
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

// comparable says whether a code could be compared with it at now.
func (c *Challenge) comparable(now time.Time) bool {
	s := c.StateAt(now)
	return (s == Placed || s == Called) && (c.CodeHash != "" || c.ByProvider)
}

// end moves to a last state; its code is gone with it.
func (c *Challenge) end(s State) {
	c.State, c.CodeHash, c.Until, c.PollAt = s, "", time.Time{}, time.Time{}
}

// delivery is what the sender is told of it.
func (c *Challenge) delivery() Delivery {
	return Delivery{
		ID: c.ID, LoginID: c.LoginID, Route: c.Route, Phone: c.Phone, CodeLength: c.CodeLength, RemoteIP: c.RemoteIP, Lang: c.Lang,
		CallID: c.CallID, Prefix: c.Prefix,
	}
}
