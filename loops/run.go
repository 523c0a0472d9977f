package loops

import (
	"context"
	"net/http"
	"time"
)

// Keys of a job's input. A driver reads them as obj.asString("phone_number").
const (
	InputPhone      = "phone_number" // the number to call: digits with the country code, without "+", as Blitz stores it
	InputCode       = "code"         // start: the code that the caller number must end in, where code.origin is we; check: what the user typed
	InputCodeLength = "code_length"  // how many digits the code has, an integer
	InputReference  = "reference"    // our id of this challenge; the same when one attempt is repeated, so it serves as an idempotency key
	InputRemoteIP   = "ip"           // address of the end user, for providers that want it
)

// Keys of an Ok value.
const (
	ValueCode   = "code"   // the code, or the whole caller number that ends in it
	ValueCaller = "caller" // the whole caller number
	ValueValid  = "valid"  // check: whether the code was right, a boolean
)

// Job is one thing to ask of a driver.
type Job struct {
	Driver  *Driver
	Entry   Entry
	Input   map[string]any    // anything encoding/json can write
	Secrets map[string]string // by name; the host passes on only those that the manifest names
}

// Result is what a driver that said Ok has given.
type Result struct {
	Value   map[string]any // what Ok carried; numbers are json.Number, so that no digit is lost
	Steps   []Step         // the requests that were made, redacted
	Elapsed time.Duration
}

// Runner runs a job to its end. The error is a *Failure (the driver, the provider or the way to it failed), a *Refusal
// (the host stopped the script) or the context's own error; use errors.As. A Runner serves many goroutines.
type Runner interface {
	Run(ctx context.Context, job Job) (*Result, error)
}

// Request is the HTTP request that a driver wants made. Nothing in it has been checked yet: that is egress's work.
type Request struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"headers,omitempty"`
	Body   string      `json:"body,omitempty"` // the exact bytes to send
	At     string      `json:"at,omitempty"`   // where the script built it, FILE:LINE:COL
}

// Answer is what the provider answered, whatever its status.
type Answer struct {
	Status int         `json:"status"`
	Header http.Header `json:"headers,omitempty"`
	Body   string      `json:"body,omitempty"`
}

// Step is one request and what came of it, as traces show it. Secrets are redacted already.
type Step struct {
	Request Request       `json:"request"`
	Answer  *Answer       `json:"answer,omitempty"` // nil when none came
	Elapsed time.Duration `json:"-"`
}

// Question asks the engine for a driver's next action: the next step of a run.
type Question struct {
	Driver  *Driver
	Entry   Entry
	Input   []byte            // a JSON object
	State   []byte            // the JSON object that the last build(state) kept; nil at the first step
	Answer  *Answer           // nil at the first step
	Secrets map[string]string // only those that the driver may read
	Now     time.Time         // the script's clock
	Seed    [32]byte          // the script's randomness; must be unpredictable and used for one step only
}

// Action is what a driver wants next. Exactly one of Request, Ok and Failure is set.
type Action struct {
	Request *Request
	State   []byte // beside Request: a JSON object for the next step, or nil
	Ok      []byte // a JSON object
	Failure *Failure
}
