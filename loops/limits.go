package loops

import "time"

// Limits are what one run may use. The zero value is not usable; start from DefaultLimits.
type Limits struct {
	Code    int           `json:"code_bytes"`    // of a script
	Step    time.Duration `json:"step"`          // processor and wall time of one step of the script
	Grace   time.Duration `json:"grace"`         // after Step, until the worker is killed
	Memory  int64         `json:"memory_bytes"`  // that a script may take in a worker
	Stack   int           `json:"stack_calls"`   // depth of calls in a script
	Steps   int           `json:"steps"`         // requests in one run
	Run     time.Duration `json:"run"`           // a whole run, requests and waiting included
	Message int           `json:"message_bytes"` // input, state, Ok value: each
	Headers int           `json:"header_bytes"`  // of a request, of an answer
	Request int           `json:"request_bytes"` // body of a request
	Answer  int           `json:"answer_bytes"`  // body of an answer
	URL     int           `json:"url_bytes"`     // address of a request
	Connect time.Duration `json:"connect"`       // name resolution, connection and TLS
	Reply   time.Duration `json:"reply"`         // one whole request, connect included
}

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
