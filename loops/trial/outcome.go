package trial

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// Words of Outcome.Outcome.
const (
	OutcomeOk      = "ok"
	OutcomeError   = "error"
	OutcomeRefused = "refused"
)

// Outcome is what became of a run, as the command line prints it. Its JSON is a stable surface. Secrets are redacted.
type Outcome struct {
	Outcome string            `json:"outcome"`
	Value   map[string]any    `json:"value,omitempty"`   // ok
	Problem string            `json:"problem,omitempty"` // what isn't as it looks: a value that a login would refuse, a word that counts as another, answers left over
	Key     loops.Key         `json:"key,omitempty"`     // error
	Params  map[string]string `json:"params,omitempty"`  // error
	Cause   string            `json:"cause,omitempty"`   // error that the host and not the driver said: what happened
	Reason  loops.Reason      `json:"reason,omitempty"`  // refused
	Detail  string            `json:"detail,omitempty"`  // refused: FILE:LINE:COL: what is wrong
	Steps   []StepJSON        `json:"steps"`
	Turns   []Turn            `json:"turns,omitempty"` // only where they were asked for
	Millis  int64             `json:"millis"`
}

// Failed reports whether the exit code is 1.
func (o Outcome) Failed() bool { return o.Outcome != OutcomeOk }

// StepJSON is one request and its answer. An answer's headers, body and time are there only in a trace.
type StepJSON struct {
	Request RequestJSON `json:"request"`
	Answer  *AnswerJSON `json:"answer,omitempty"`
	Millis  *int64      `json:"millis,omitempty"`
}

// RequestJSON is a request as a trial shows it. A header that was sent several times has its values joined by ", ".
type RequestJSON struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	At      string            `json:"at,omitempty"` // only in a trace: where the script built it
}

// AnswerJSON is an answer as a trial shows it.
type AnswerJSON struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    *string           `json:"body,omitempty"`
}

// outcomeOf reads what a Runner gave. An error that isn't the run's own is returned.
func outcomeOf(result *loops.Result, err error, elapsed time.Duration, secrets map[string]string, trace bool) (Outcome, error) {
	out := Outcome{Millis: elapsed.Milliseconds()}
	steps := loops.StepsOf(err)
	var failed *loops.Failure
	var refused *loops.Refusal
	switch {
	case err == nil:
		out.Outcome, steps = OutcomeOk, result.Steps
		out.Value, _ = egress.NewRedactor(secrets).Value(result.Value).(map[string]any)
	case errors.As(err, &failed):
		out.Outcome, out.Key, out.Params = OutcomeError, failed.Key, failed.Params
		if failed.Cause != nil {
			out.Cause = failed.Cause.Error()
		}
	case errors.As(err, &refused):
		out.Outcome, out.Reason, out.Detail = OutcomeRefused, refused.Reason, refused.Detail
	default:
		return Outcome{}, err
	}
	out.Steps = make([]StepJSON, 0, len(steps))
	for _, s := range steps {
		out.Steps = append(out.Steps, stepOf(s, trace))
	}
	return out, nil
}

func stepOf(s loops.Step, trace bool) StepJSON {
	out := StepJSON{Request: RequestJSON{
		Method: s.Request.Method, URL: s.Request.URL, Headers: flat(s.Request.Header), Body: s.Request.Body,
	}}
	if s.Answer != nil {
		out.Answer = &AnswerJSON{Status: s.Answer.Status}
	}
	if !trace {
		return out
	}
	millis := s.Elapsed.Milliseconds()
	out.Request.At, out.Millis = s.Request.At, &millis
	if s.Answer != nil {
		out.Answer.Headers, out.Answer.Body = flat(s.Answer.Header), &s.Answer.Body
	}
	return out
}

func flat(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		out[name] = strings.Join(values, ", ")
	}
	return out
}
