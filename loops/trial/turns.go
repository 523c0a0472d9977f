package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
)

// Words of Turn.Returned, beside the three of an outcome.
const (
	ReturnedRequest = "request"
	ReturnedLogin   = "login" // it asked for its token, and there was none
)

// Turn is what a script returned when it was asked once, and what that took. The n-th turn that returned a request is that
// of the outcome's n-th step. Secrets are redacted.
type Turn struct {
	Entry    loops.Entry       `json:"entry"`
	Returned string            `json:"returned"`         // request, login, ok, error or refused
	Value    map[string]any    `json:"value,omitempty"`  // ok
	State    map[string]any    `json:"state,omitempty"`  // beside a request: what the next turn gets
	Key      loops.Key         `json:"key,omitempty"`    // error
	Params   map[string]string `json:"params,omitempty"` // error
	Micros   int64             `json:"micros"`           // with the way to the worker and back
	Memory   int64             `json:"memory,omitempty"` // in bytes, see loops.Action
}

// recorder is a Stepper that remembers what came of each step.
type recorder struct {
	host.Stepper
	now   func() time.Time
	turns []recorded
	seen  map[string]string // the tokens that scripts were given, as secrets are
}

type recorded struct {
	Turn
	ok, state []byte
}

// Step asks and remembers. A run asks for one step at a time.
func (r *recorder) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	q.Measure = true
	if q.Token != nil {
		r.hide(*q.Token)
	}
	began := r.now()
	action, err := r.Stepper.Step(ctx, q)
	t := recorded{Turn: Turn{Entry: q.Entry, Micros: r.now().Sub(began).Microseconds()}}
	var refused *loops.Refusal
	switch {
	case errors.As(err, &refused):
		t.Returned = OutcomeRefused
	case err != nil:
		return action, err // there was no worker
	case action.Request != nil:
		t.Returned, t.state = ReturnedRequest, action.State
	case action.Login:
		t.Returned = ReturnedLogin
	case action.Failure != nil:
		t.Returned, t.Key, t.Params = OutcomeError, action.Failure.Key, action.Failure.Params
	default:
		t.Returned, t.ok = OutcomeOk, action.Ok
		r.hideTokenOf(q.Entry, action.Ok)
	}
	if action != nil {
		t.Memory = action.Memory
	}
	r.turns = append(r.turns, t)
	return action, err
}

func (r *recorder) hide(token string) {
	if r.seen == nil {
		r.seen = map[string]string{}
	}
	r.seen[fmt.Sprintf("token %d", len(r.seen))] = token // a blank is in no secret's name
}

func (r *recorder) hideTokenOf(entry loops.Entry, ok []byte) {
	if entry != loops.EntryLogin {
		return
	}
	if token, is := object(ok)[loops.ValueToken].(string); is {
		r.hide(token)
	}
}

// told gives the turns as people may see them.
func (r *recorder) told(secrets map[string]string) []Turn {
	hidden := maps.Clone(r.seen)
	if hidden == nil {
		hidden = map[string]string{}
	}
	maps.Copy(hidden, secrets)
	redact := egress.NewRedactor(hidden)
	out := make([]Turn, 0, len(r.turns))
	for _, t := range r.turns {
		t.Value, _ = redact.Value(object(t.ok)).(map[string]any)
		t.State, _ = redact.Value(object(t.state)).(map[string]any)
		t.Key = loops.Key(redact.Text(string(t.Key)))
		if t.Params != nil {
			t.Params = redact.Params(t.Params)
		}
		out = append(out, t.Turn)
	}
	return out
}

// object reads a JSON object; nil where there is none.
func object(text []byte) map[string]any {
	if len(text) == 0 {
		return nil
	}
	out, _ := parsed(string(text)).(map[string]any)
	return out
}
