package loops

import (
	"context"
	"net/http"
	"time"
)

// Keys of a job's input. A driver reads them as obj.asString("phone_number"). Those without an entry's name are there
// for every entry that is about a call; callback has only its own, login has none.
const (
	InputPhone      = "phone_number" // the number to call: digits with the country code, without "+", as Blitz stores it
	InputPhoneE164  = "phone_e164"   // the same number with "+" (ITU-T E.164)
	InputCode       = "code"         // start: the code that the caller number must end in, where code.origin is we; check, report: what the person typed
	InputText       = "text"         // start of drivers whose channel is sms: the whole message to send; the code is in it where code.origin is we
	InputCodeLength = "code_length"  // how many digits the code has, an integer
	InputReference  = "reference"    // our id of this challenge; the same when one attempt is repeated, so it serves as an idempotency key
	InputRemoteIP   = "ip"           // address of the person's device, for providers that want it; may be empty
	InputCallID     = "call_id"      // check, poll, report: what start gave as call_id
	InputPrefix     = "prefix"       // check: what start gave as prefix
	InputVerified   = "verified"     // report: whether the person typed the right code, a boolean
	InputMethod     = "method"       // callback: the request's method
	InputPath       = "path"         // callback: the request's path as it came, escapes kept
	InputQuery      = "query"        // callback: the request's query as it came, without "?"
	InputHeaders    = "headers"      // callback: the request's headers, an object; names in small letters, several values joined by ", "
	InputBody       = "body"         // callback: the request's body as it came, a text
)

// Keys of an Ok value.
const (
	ValueCode      = "code"       // start, poll, callback: the code, or the whole caller number that ends in it
	ValueCaller    = "caller"     // start, poll, callback: the whole caller number
	ValueCallID    = "call_id"    // start, callback: the provider's own id of the call, a text; the other entries get it back
	ValuePrefix    = "prefix"     // start: the first digits of the caller number where the provider tells them, a text
	ValueCost      = "cost"       // start, poll: what the provider says the whole order costs, in its own currency: a number or a text like "0.40"; the last one told counts
	ValuePending   = "pending"    // start: true where the provider has only taken the order, so that poll or callback must tell the rest
	ValueValid     = "valid"      // check: whether the code was right, a boolean
	ValueReason    = "reason"     // check: wrong, expired or locked where valid is false; left out: wrong
	ValueState     = "state"      // poll, callback: pending, ringing or delivered; callback also failed
	ValueAfter     = "after"      // poll: milliseconds until it makes sense to ask again, an integer; may be left out
	ValueError     = "error"      // callback: why the call failed, a word of the vocabulary
	ValueReference = "reference"  // callback: our id of the challenge, where the provider sends it back
	ValueAnswer    = "answer"     // callback: what to answer, an object of status, headers and body; left out: 200 without a body
	ValueToken     = "token"      // login: the token, a text
	ValueExpiresIn = "expires_in" // login: for how many seconds the token is good, a number; left out: an hour
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
	Steps   []Step         // the requests that were made, redacted; only where the Runner traces
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

// HeaderSize is what the headers count for, as HTTP/1.1 writes them: names, values, and four bytes a line.
func (r Request) HeaderSize() int {
	size := 0
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v) + 4
		}
	}
	return size
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
	Token   *string           // what tokens.get() gives; nil where the driver has no token yet
	Measure bool              // the action is to tell its Memory, which costs a login more time than it is worth
}

// Action is what a driver wants next. Exactly one of Request, Ok, Failure and Login is set.
type Action struct {
	Request *Request
	State   []byte // beside Request: a JSON object for the next step, or nil
	Ok      []byte // a JSON object
	Failure *Failure
	// Login says that the driver asked for its token and the question had none: log in, and ask again.
	Login bool
	// UsedToken stands beside Request: the step used the token.
	UsedToken bool
	// Memory is what the step took in its worker, in bytes: all that it asked for, garbage included. 0 where nobody measured.
	Memory int64
}
