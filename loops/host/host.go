// Package host joins the engine's workers and egress into a Runner: it asks the driver, makes the request that the driver
// wants, and asks again with the answer, until the driver says Ok or error.
//
// It owns the run: the number of steps, the time of the whole, which secrets a driver gets, the trace and its redaction. It
// knows neither how scripts are run nor how requests are made.
package host

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// Stepper asks a driver for its next action; *sandbox.Pool is one. Its errors are those of a Runner.
type Stepper interface {
	Step(ctx context.Context, q loops.Question) (*loops.Action, error)
}

// Exchanger makes a request for a driver; *egress.Client is one. Its errors are those of a Runner.
type Exchanger interface {
	Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error)
}

// Options are what a Host needs. Steps and Requests must be given.
type Options struct {
	Steps    Stepper
	Requests Exchanger
	Tokens   *tokens.Cache    // of the drivers that log in; zero: one in this process's memory
	Limits   loops.Limits     // zero: loops.DefaultLimits
	Trace    bool             // results and errors tell their steps; redacting an awkward answer takes a tenth of a second
	Now      func() time.Time // zero: time.Now
	Rand     io.Reader        // where the scripts' randomness comes from; zero: crypto/rand
}

func (o Options) withDefaults() Options {
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Tokens == nil {
		o.Tokens = tokens.New(tokens.Options{Store: &tokens.Memory{}, Lease: o.Limits.Run, Now: o.Now})
	}
	return o
}

// Host runs jobs. It serves many goroutines.
type Host struct{ o Options }

var _ loops.Runner = (*Host)(nil)

// New makes a Host.
func New(o Options) *Host { return &Host{o.withDefaults()} }

// Run runs a job to its end.
func (h *Host) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	began := h.o.Now()
	r := &run{host: h, job: job}
	limited, cancel := context.WithTimeout(ctx, h.o.Limits.Run)
	defer cancel()
	value, err := r.loop(limited)
	if err != nil {
		return nil, r.end(ctx, err)
	}
	if token, ok := value[loops.ValueToken].(string); ok && job.Entry == loops.EntryLogin {
		r.hidden = append(r.hidden, token)
	}
	return &loops.Result{Value: value, Steps: r.trace(), Elapsed: h.o.Now().Sub(began)}, nil
}

// run is one job under way.
type run struct {
	host    *Host
	job     loops.Job
	steps   []loops.Step // as they were: they hold secrets until trace takes them out
	asked   int          // requests of this run, those of its login apart
	sent    bool         // a request has been answered, so something may have happened at the provider
	token   tokens.Token // the login token that the script has
	renewed bool         // the token was refused and renewed in this run
	hidden  []string     // tokens that the run has seen
}

func (r *run) loop(ctx context.Context) (map[string]any, error) {
	q, err := r.first()
	if err != nil {
		return nil, err
	}
	for {
		action, err := r.ask(ctx, &q)
		switch {
		case err != nil:
			return nil, err
		case action.Failure != nil:
			return nil, action.Failure
		case action.Ok != nil:
			return decode(action.Ok)
		case r.asked >= r.host.o.Limits.Steps:
			return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: fmt.Sprintf(
				"%s: the driver wants a request after %d in one run", action.Request.At, r.host.o.Limits.Steps)}
		}
		answer, err := r.exchange(ctx, *action.Request)
		if err != nil {
			return nil, err
		}
		if answer.Status == http.StatusUnauthorized && action.UsedToken && !r.renewed {
			if err := r.dropToken(ctx, &q); err != nil {
				return nil, err
			}
			continue // the same step once more, with a new token
		}
		q.Answer, q.State = answer, action.State
	}
}

// ask asks the script for its next action. A script that wants its login token is asked again once there is one.
func (r *run) ask(ctx context.Context, q *loops.Question) (*loops.Action, error) {
	for {
		q.Now = r.host.o.Now()
		if _, err := io.ReadFull(r.host.o.Rand, q.Seed[:]); err != nil {
			return nil, fmt.Errorf("drawing a script's randomness: %w", err)
		}
		action, err := r.host.o.Steps.Step(ctx, *q)
		if err != nil || !action.Login {
			return action, err
		}
		if q.Token != nil || r.job.Entry == loops.EntryLogin {
			return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: q.Driver.File + ":1:1: the worker asked for a token that it has"}
		}
		if err := r.login(ctx); err != nil {
			return nil, err
		}
		q.Token = &r.token.Value
	}
}

// dropToken gives up a token that the provider doesn't take any more.
func (r *run) dropToken(ctx context.Context, q *loops.Question) error {
	r.renewed, q.Token = true, nil
	return r.host.o.Tokens.Drop(ctx, r.tokenKey(), r.token)
}

// first makes the question of the first step, with the secrets that the driver may have.
func (r *run) first() (loops.Question, error) {
	d := r.job.Driver
	input, err := json.Marshal(r.job.Input)
	if err != nil {
		return loops.Question{}, fmt.Errorf("writing a job's input: %w", err)
	}
	if r.job.Input == nil {
		input = []byte("{}")
	}
	if most := r.host.o.Limits.Message; len(input) > most {
		return loops.Question{}, fmt.Errorf("a job's input has %d bytes, at most %d are allowed", len(input), most)
	}
	return loops.Question{Driver: d, Entry: r.job.Entry, Input: input, Secrets: secretsFor(d, r.job.Secrets)}, nil
}

// secretsFor are those secrets that the driver may have.
func secretsFor(d *loops.Driver, secrets map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range secrets {
		if d.Takes(name) {
			out[name] = value
		}
	}
	return out
}

func (r *run) exchange(ctx context.Context, request loops.Request) (*loops.Answer, error) {
	r.asked++
	began := r.host.o.Now()
	answer, err := r.host.o.Requests.Exchange(ctx, r.job.Driver, request)
	r.sent = r.sent || err == nil
	r.steps = append(r.steps, loops.Step{Request: request, Answer: answer, Elapsed: r.host.o.Now().Sub(began)})
	return answer, err
}

// redactor knows the driver's secrets and every token that this run has seen. Steps are redacted when the run ends, since
// the answer to a login holds a token before anybody knows that it is one.
func (r *run) redactor() *egress.Redactor {
	hidden := maps.Clone(r.job.Secrets)
	if hidden == nil {
		hidden = map[string]string{}
	}
	for i, token := range r.hidden {
		hidden[fmt.Sprintf("token %d", i)] = token // a blank is in no secret's name
	}
	return egress.NewRedactor(hidden)
}

// trace gives the steps as people may see them, nil where nobody asked.
func (r *run) trace() []loops.Step {
	if !r.host.o.Trace {
		return nil
	}
	redact, out := r.redactor(), make([]loops.Step, 0, len(r.steps))
	for _, s := range r.steps {
		out = append(out, redact.Step(s))
	}
	return out
}

// end gives a run's error its steps and takes the secrets out of it.
func (r *run) end(ctx context.Context, err error) error {
	redact, steps := r.redactor(), r.trace()
	var refused *loops.Refusal
	if errors.As(err, &refused) {
		return &loops.Refusal{Reason: refused.Reason, Detail: redact.Text(refused.Detail), Steps: steps}
	}
	var failed *loops.Failure
	if errors.As(err, &failed) {
		return r.failure(*failed, redact, steps)
	}
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) { // our own limit for the run, not the caller's
		return &loops.Failure{Key: loops.Unavailable, Steps: steps, Sent: r.sent,
			Cause: fmt.Errorf("the run took longer than %v", r.host.o.Limits.Run)}
	}
	return err
}

// failure takes the secrets out of a failure. A key that holds one is no word at all.
func (r *run) failure(f loops.Failure, redact *egress.Redactor, steps []loops.Step) *loops.Failure {
	f.Params, f.Steps, f.Sent = redact.Params(f.Params), steps, f.Sent || r.sent
	if !f.Key.Known() && redact.Text(string(f.Key)) != string(f.Key) {
		f.Key = loops.BadAnswer
	}
	if f.Cause != nil {
		if text := redact.Text(f.Cause.Error()); text != f.Cause.Error() {
			f.Cause = errors.New(text)
		}
	}
	return &f
}

func decode(text []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	value := map[string]any{}
	if err := dec.Decode(&value); err != nil {
		return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: "the worker's Ok isn't a JSON object"}
	}
	return value, nil
}
