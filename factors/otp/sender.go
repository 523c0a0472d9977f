package otp

import (
	"context"
	"time"
)

// Delivery is what a Sender has to do.
type Delivery struct {
	// ID is the challenge's: the same for one attempt, so that it serves the
	// provider as an idempotency key.
	ID string
	// Phone is where the code goes, E.164 with "+".
	Phone string
	// CodeLength is how many digits the code must have.
	CodeLength int
	// RemoteIP is the person's address, empty where unknown.
	RemoteIP string
}

// Sent is what became of a delivery that went well.
type Sent struct {
	// Code is CodeLength digits. The sender chose it, with NewCode or by asking
	// its provider.
	Code string
	// CallerMask is the number that calls with its code hidden; may be empty.
	CallerMask string
}

// Sender brings a code to a person. Send serves many goroutines, ends when its
// context does, and is called once per challenge. An error that isn't a
// *SendError counts as one of kind "unavailable".
type Sender interface {
	Send(ctx context.Context, d Delivery) (Sent, error)
}

// SendError says why a code could not be sent.
type SendError struct {
	// Kind is one of the method's words, stored as Challenge.Failure.
	Kind string
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

// Error is for logs.
func (e *SendError) Error() string {
	if e.Cause == nil {
		return "sending a code: " + e.Kind
	}
	return "sending a code: " + e.Kind + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Cause }
