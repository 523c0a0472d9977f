package metrics

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/loops"
)

// Drivers time what drivers do: whole runs, steps of their scripts, and requests to
// their providers.
type Drivers struct {
	runs, steps, requests *prometheus.HistogramVec
}

func newDrivers() *Drivers {
	return &Drivers{
		runs: seconds("ringtail_loop_run_seconds",
			"Time of whole runs, by driver, entry and outcome: ok, a failure of the vocabulary, refused_ and why, or cancelled.", "driver", "entry", "outcome"),
		steps: seconds("ringtail_loop_step_seconds", "Time of one step of a script, waiting for a worker included.", "driver"),
		requests: seconds("ringtail_provider_request_seconds",
			"Time of requests to providers, by driver and outcome: the status's class (2xx), a failure of the vocabulary, or refused_egress.", "driver", "outcome"),
	}
}

func (d *Drivers) all() []prometheus.Collector {
	return []prometheus.Collector{d.runs, d.steps, d.requests}
}

// Runner times the runs of next.
func (d *Drivers) Runner(next loops.Runner) loops.Runner { return timedRunner{d, next} }

type timedRunner struct {
	d    *Drivers
	next loops.Runner
}

// Run implements loops.Runner.
func (t timedRunner) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	began := time.Now()
	result, err := t.next.Run(ctx, job)
	t.d.runs.WithLabelValues(job.Driver.Name, string(job.Entry), LoopOutcome(err)).Observe(time.Since(began).Seconds())
	return result, err
}

// Stepper asks a driver for its next action; see host.Stepper.
type Stepper interface {
	Step(ctx context.Context, q loops.Question) (*loops.Action, error)
}

// Steps times the steps of next.
func (d *Drivers) Steps(next Stepper) Stepper { return timedSteps{d, next} }

type timedSteps struct {
	d    *Drivers
	next Stepper
}

// Step implements Stepper.
func (t timedSteps) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	began := time.Now()
	action, err := t.next.Step(ctx, q)
	t.d.steps.WithLabelValues(q.Driver.Name).Observe(time.Since(began).Seconds())
	return action, err
}

// Exchanger makes a request for a driver; see host.Exchanger.
type Exchanger interface {
	Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error)
}

// Exchanges times the requests of next.
func (d *Drivers) Exchanges(next Exchanger) Exchanger { return timedExchanges{d, next} }

type timedExchanges struct {
	d    *Drivers
	next Exchanger
}

// Exchange implements Exchanger.
func (t timedExchanges) Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error) {
	began := time.Now()
	answer, err := t.next.Exchange(ctx, d, r)
	outcome := LoopOutcome(err)
	if err == nil {
		outcome = strconv.Itoa(answer.Status/100) + "xx"
	}
	t.d.requests.WithLabelValues(d.Name, outcome).Observe(time.Since(began).Seconds())
	return answer, err
}

// LoopOutcome is a word for how a run, a step or a request ended. Drivers' own
// words are mapped onto the vocabulary, so that there are few.
func LoopOutcome(err error) string {
	var failed *loops.Failure
	var refused *loops.Refusal
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &failed):
		return string(failed.Kind())
	case errors.As(err, &refused):
		return "refused_" + string(refused.Reason)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "cancelled"
	}
	return "error"
}
