package loops

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Key says what kind of failure happened. A driver may use words of its own (Blitz's example says
// "wrong_http_status"); Failure.Kind maps every word onto the vocabulary below.
type Key string

// The vocabulary. Each provider's own error list is mapped onto these ten words by its driver.
const (
	InvalidNumber        Key = "invalid_number"        // no such number, or not one that can be called
	DestinationForbidden Key = "destination_forbidden" // the provider doesn't call that country or operator
	NumberBlocked        Key = "number_blocked"        // this number is on the provider's stop-list
	RateLimited          Key = "rate_limited"          // too many calls; the parameter retry_after may hold seconds
	FraudSuspected       Key = "fraud_suspected"       // the provider took it for fraud
	NoFunds              Key = "no_funds"              // the account with the provider is empty
	AuthFailed           Key = "auth_failed"           // the provider refused our credentials
	Unreachable          Key = "unreachable"           // the subscriber can't be reached now
	Unavailable          Key = "unavailable"           // the provider can't be reached, or is out of order
	BadAnswer            Key = "bad_answer"            // the provider's answer can't be understood
)

// wrongHTTPStatus is the word of Blitz's published example; its parameter "status" tells what happened.
const wrongHTTPStatus Key = "wrong_http_status"

// Keys returns the vocabulary.
func Keys() []Key {
	return []Key{InvalidNumber, DestinationForbidden, NumberBlocked, RateLimited, FraudSuspected,
		NoFunds, AuthFailed, Unreachable, Unavailable, BadAnswer}
}

// Known reports whether a word has a place in the vocabulary, Blitz's wrong_http_status included.
func (k Key) Known() bool { return k == wrongHTTPStatus || slices.Contains(Keys(), k) }

// ErrBusy is wrapped by the Failure that says that all workers are busy and the queue is full.
var ErrBusy = errors.New("all loop workers are busy and the queue is full")

// Failure says that a run ended without a value: the driver said error(key, params), or the host had no answer to give
// to the driver.
type Failure struct {
	Key    Key               // the driver's own word, or one of the vocabulary
	Params map[string]string // as the driver gave them, redacted; may name the user's number, so never log them
	Sent   bool              // the last request may have reached the provider: a call may have been placed
	Cause  error             // for logs: what happened on the way; nil when the driver said it
	Steps  []Step            // as in Result
}

// Error names the failure without its parameters, which may hold personal data.
func (f *Failure) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("loop failed: %s: %v", f.Key, f.Cause)
	}
	return "loop failed: " + string(f.Key)
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// Kind is the failure's place in the vocabulary. A word that isn't in it counts as BadAnswer, but Blitz's
// wrong_http_status is judged by its status.
func (f *Failure) Kind() Key {
	if slices.Contains(Keys(), f.Key) {
		return f.Key
	}
	if f.Key == wrongHTTPStatus {
		return kindOfStatus(f.Params["status"])
	}
	return BadAnswer
}

// MovesOn reports whether the next channel may be tried after this failure. It must not be after RateLimited,
// FraudSuspected and NumberBlocked, or the chain of channels would be the way around them; nor where we don't know
// what happened.
func (f *Failure) MovesOn() bool {
	switch f.Kind() {
	case Unreachable, Unavailable, DestinationForbidden, NoFunds, AuthFailed:
		return true
	}
	return false
}

func kindOfStatus(text string) Key {
	status, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return BadAnswer
	case status == 401 || status == 403:
		return AuthFailed
	case status == 402:
		return NoFunds
	case status == 429:
		return RateLimited
	case status >= 500 && status <= 599:
		return Unavailable
	}
	return BadAnswer
}
