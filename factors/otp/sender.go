package otp

import (
	"context"
	"time"
)

// Route is one way by which a code can reach a person: a channel, by one provider.
type Route struct {
	// ID names the route in the chain; it stays the same while settings do.
	ID string
	// Channel is flashCall, sms or voice; Driver names who serves it.
	Channel, Driver string
	// Price is what one order costs, in millionths of the currency of the budget
	// for spending; 0 where unknown.
	Price int64
	// Wait is how long after the code before a person may ask for this route's
	// channel in its place; 0: as long as for any other code.
	Wait time.Duration
	// Checks says that the provider checks what is typed.
	Checks bool
	// Stopped says that an administrator switched it off: nothing is ordered by it, and
	// the chain moves on as if it weren't there. What was ordered goes on.
	Stopped bool
	// Broken says that the route failed again and again just now: it is passed over
	// as long as there is another.
	Broken bool
}

// Delivery is one code to be brought to a person.
type Delivery struct {
	// ID is the challenge's: the same for one attempt, so that it serves the
	// provider as an idempotency key.
	ID string
	// LoginID is the login, or whatever else the code is for.
	LoginID string
	// Route is the ID of the route to take.
	Route string
	// Phone is where the code goes, E.164 with "+".
	Phone string
	// CodeLength is how many digits the code must have.
	CodeLength int
	// RemoteIP is the person's address, empty where unknown.
	RemoteIP string
	// Lang is the language of a message, empty where unknown.
	Lang string
	// CallID and Prefix are what Send gave; empty before.
	CallID, Prefix string
}

// Sent is what became of an order that went well.
type Sent struct {
	// Code is CodeLength digits. The sender chose it, with NewCode or by asking
	// its provider. Empty where ByProvider, and where Pending and not known yet.
	Code string
	// ByProvider says that the provider keeps the code and checks what is typed.
	ByProvider bool
	// Pending says that the provider has only taken the order.
	Pending bool
	// PollAfter is when to ask how it stands; 0: don't ask.
	PollAfter time.Duration
	// CallID is the provider's id of the call, Prefix how the calling number
	// begins; both may be empty.
	CallID, Prefix string
	// CallerMask is the number that calls with its code hidden; may be empty.
	CallerMask string
	// Cost is what the order cost, where the provider tells it, in millionths.
	Cost int64
}

// Verdict is a provider's answer to a typed code.
type Verdict string

// The verdicts.
const (
	VerdictRight   Verdict = "right"
	VerdictWrong   Verdict = "wrong"
	VerdictExpired Verdict = "expired"
	VerdictLocked  Verdict = "locked" // the provider takes no other try
)

// NewsState is how a call stands with its provider.
type NewsState string

// The states of a call. That nobody answered, that the line was busy, and that
// somebody answered all mean Delivered: it rang.
const (
	NewsPending   NewsState = "pending"
	NewsRinging   NewsState = "ringing"
	NewsDelivered NewsState = "delivered"
	NewsFailed    NewsState = "failed"
)

// News is what a provider tells of a call: asked by Poll, or by itself through
// a callback. No news alone proves anything about the person.
type News struct {
	// Driver who tells it, and by what the challenge is found: the provider's
	// id of the call, or our own (Challenge.ID). Only for Engine.News.
	Driver, CallID, Reference string
	State                     NewsState
	// Failure is why, where State is NewsFailed, and MovesOn whether the next
	// route of the chain may be tried then.
	Failure string
	MovesOn bool
	// Code and CallerMask where they became known only now.
	Code, CallerMask string
	// After is when to ask again; 0: the engine's own pace.
	After time.Duration
	// Cost as in Sent, where it became known only now.
	Cost int64
}

// Sender brings codes to people. All methods serve many goroutines and end when
// their context does.
type Sender interface {
	// Routes are the ways that can serve the number now, in the order of the
	// chain. It must be quick and do no input or output.
	Routes(phone string, now time.Time) []Route
	// Send is called once per order. An error that isn't a *SendError counts as
	// one of kind "unavailable".
	Send(ctx context.Context, d Delivery) (Sent, error)
	// Check asks the provider whether the code is right: only where Sent said
	// ByProvider. The code is digits: the last ones, or the whole calling number.
	Check(ctx context.Context, d Delivery, code string) (Verdict, error)
	// Poll asks how a call stands. A *SendError means that this isn't known; a call
	// that failed is News.
	Poll(ctx context.Context, d Delivery) (News, error)
	// Report tells the provider whether the person typed the right code. It does
	// nothing where the provider doesn't want to know.
	Report(ctx context.Context, d Delivery, code string, verified bool) error
}

// SendError says why a code could not be sent.
type SendError struct {
	// Kind is one of the method's words, stored as Challenge.Failure.
	Kind string
	// MovesOn says whether the next route of the chain may be tried.
	MovesOn bool
	// RetryAfter is how long the provider wants to be left alone; may be 0.
	RetryAfter time.Duration
	// Cause is for the log; it must hold neither code nor full number.
	Cause error
}

// Kinds that the engine itself knows; the method's sender may have others.
const (
	kindUnavailable = "unavailable"
	kindBadAnswer   = "bad_answer"
)

// KindStopped is the kind of a code that wasn't sent because the number's owner
// stopped codes after it was asked for.
const KindStopped = "stopped"

// Error is for logs.
func (e *SendError) Error() string {
	if e.Cause == nil {
		return "sending a code: " + e.Kind
	}
	return "sending a code: " + e.Kind + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Cause }
