package ledger

import (
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// State is how a call stands, or ended: one of otp's states or one of these. Time
// alone leads nowhere here: Settle writes down what became of a call that is over.
type State = otp.State

// States that only the ledger knows.
const (
	Replaced State = "replaced" // the person asked for another one
	Unsent   State = "unsent"   // no node took the order in time
)

// Underway stands for all states that are no end, where calls are asked for.
const Underway State = "underway"

// States are all states, in the order in which people read them.
func States() []State {
	return append([]State{otp.Requested, otp.Calling, otp.Placed, otp.Called}, Ends()...)
}

// Ends are the states in which a call ends.
func Ends() []State {
	return []State{otp.Confirmed, otp.Expired, otp.Exhausted, Replaced, otp.Failed, otp.Refused, Unsent, otp.Unknown}
}

// Call is one order to a provider.
type Call struct {
	// ID is the challenge's, and the reference by which the provider knows the order.
	ID       string
	LoginID  string // or that of a verification by a site
	PersonID string // a user's ID, or otp.Engine.NumberKey
	Phone    string // E.164 with "+"
	RemoteIP string // of the person; may be empty
	Country  string // ISO 3166, two letters
	// Operator is who was given the number's range, by libphonenumber, in English. It
	// doesn't know of ported numbers, and is empty where it knows of none.
	Operator string
	// Route, Channel and Driver by which it went.
	Route, Channel, Driver string
	State                  State
	// Failure is the word for why it failed; empty unless State is otp.Failed.
	Failure string
	// Attempts are the codes entered in the login so far, when it ended.
	Attempts int
	// Price is the route's, Cost what the provider told, 0 where it told nothing; both
	// in millionths of Currency.
	Price, Cost int64
	Currency    string
	// At is when it was ordered, RequestedAt when the person asked: earlier where the
	// chain moved on to it.
	At, RequestedAt time.Time
	// PlacedAt is when the provider took it, CalledAt when the phone rang; zero before.
	PlacedAt, CalledAt time.Time
	// EndedAt is when State became one of Ends; zero before.
	EndedAt time.Time
	// Until is when it ends by itself; zero where it ended otherwise.
	Until time.Time
}

// Ordered says whether the challenge has a call: it goes by a route, to somebody.
func Ordered(c *otp.Challenge) bool { return !c.Decoy && c.Route != "" }

// Begin is the call of a challenge that was ordered, to a number of the operator.
func Begin(c *otp.Challenge, operator string, now time.Time) Call {
	k := Call{
		ID: c.ID, LoginID: c.LoginID, PersonID: c.PersonID, Phone: c.Phone, RemoteIP: c.RemoteIP, Country: c.Country,
		Operator: operator, Route: c.Route, Channel: c.Channel, Driver: c.Driver, Currency: c.Currency,
		At: c.RequestedAt, RequestedAt: c.RequestedAt,
	}
	if c.Passed != "" {
		k.At = now
	}
	return k.Follow(c, now)
}

// Follow is the call as its challenge is now.
func (k Call) Follow(c *otp.Challenge, now time.Time) Call {
	k.State, k.Failure, k.Attempts, k.Price, k.Cost = c.State, "", c.Attempts, c.Price, c.Cost
	k.PlacedAt, k.CalledAt, k.Until, k.EndedAt = c.PlacedAt, c.CalledAt, c.Until, time.Time{}
	if k.State == otp.Failed {
		k.Failure = c.Failure
	}
	if k.ended() {
		k.EndedAt, k.Until = now, time.Time{}
	}
	return k
}

// Leave is the call once another one of its login has taken its challenge's place:
// passed is why the chain moved on, empty where the person asked.
func (k Call) Leave(passed string, now time.Time) Call {
	k = k.Settle(now)
	switch {
	case k.ended():
		return k
	case passed != "":
		k.State, k.Failure = otp.Failed, passed
	default:
		k.State = Replaced
	}
	k.EndedAt, k.Until = now, time.Time{}
	return k
}

// Settle is the call with what time alone has done by now.
func (k Call) Settle(now time.Time) Call {
	if k.ended() || k.Until.IsZero() || now.Before(k.Until) {
		return k
	}
	switch k.State {
	case otp.Requested:
		k.State = Unsent
	case otp.Calling:
		k.State = otp.Unknown
	default:
		k.State = otp.Expired
	}
	k.EndedAt, k.Until = k.Until, time.Time{}
	return k
}

func (k Call) ended() bool {
	switch k.State {
	case otp.Requested, otp.Calling, otp.Placed, otp.Called:
		return false
	}
	return true
}

// Spent is what the call cost, in millionths of Currency: what the provider told, or
// else the price, unless the order certainly never reached the provider.
func (k Call) Spent() int64 {
	switch {
	case k.Cost > 0:
		return k.Cost
	case k.PlacedAt.IsZero() && k.State != otp.Calling && k.State != otp.Unknown && k.State != otp.Confirmed:
		return 0
	}
	return k.Price
}

// Change is what became of a call in one transaction. Before is zero for a new one.
type Change struct{ Before, After Call }
