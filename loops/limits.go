package loops

import "time"

// Limits are what one run may use. The zero value is not usable; start from DefaultLimits. List has the words that
// people know them by.
type Limits struct {
	Code    int           // of a script
	Step    time.Duration // processor time of one step of the script; on a busy machine it may last four times as long
	Grace   time.Duration // after a step's time, until the worker is killed
	Memory  int64         // that a script may take in a worker
	Stack   int           // depth of calls in a script
	Steps   int           // requests in one run
	Run     time.Duration // a whole run, requests and waiting included
	Message int           // input, state, Ok value: each
	Headers int           // of a request, of an answer
	Request int           // body of a request
	Answer  int           // body of an answer
	URL     int           // address of a request
	Connect time.Duration // name resolution, connection and TLS
	Reply   time.Duration // one whole request, connect included
}

// Patience is how many times Limits.Step a step may last where a busy machine gives it less processor time than that.
const Patience = 4

// DefaultLimits are the limits that hold where settings say nothing.
func DefaultLimits() Limits {
	return Limits{
		Code:    64 << 10,
		Step:    time.Second,
		Grace:   200 * time.Millisecond,
		Memory:  128 << 20,
		Stack:   500,
		Steps:   8,
		Run:     30 * time.Second,
		Message: 16 << 10,
		Headers: 16 << 10,
		Request: 64 << 10,
		Answer:  64 << 10,
		URL:     4 << 10,
		Connect: 5 * time.Second,
		Reply:   10 * time.Second,
	}
}

// Limit is one of the Limits as people see it.
type Limit struct {
	Name  string // the settings' word for it, under loops.limits
	Value any    // an int or int64 (bytes, or a count for steps and stack), or a time.Duration
	Fixed bool   // no setting changes it
}

// List gives all limits with the words of the settings, the one vocabulary for them outside of the code.
func (l Limits) List() []Limit {
	return []Limit{
		{Name: "code", Value: l.Code},
		{Name: "step", Value: l.Step},
		{Name: "grace", Value: l.Grace, Fixed: true},
		{Name: "memory", Value: l.Memory},
		{Name: "stack", Value: l.Stack, Fixed: true},
		{Name: "steps", Value: l.Steps},
		{Name: "run", Value: l.Run},
		{Name: "message", Value: l.Message},
		{Name: "headers", Value: l.Headers},
		{Name: "request", Value: l.Request},
		{Name: "answer", Value: l.Answer},
		{Name: "url", Value: l.URL, Fixed: true},
		{Name: "connect", Value: l.Connect},
		{Name: "reply", Value: l.Reply},
	}
}
