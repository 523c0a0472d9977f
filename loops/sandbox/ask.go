package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// deaths is how often a step is asked again when its worker died through no fault of the script, beside the workers that
// may have died while they were idle.
const deaths = 5

// failedStarts is how often a step tries to start a worker for itself, beside starts that are killed from outside. A start that
// fails may have taken all of Options.Start.
const failedStarts = 2

// attempts is how often a task is begun at least where its workers die through no fault of the script.
const attempts = 2

// ask gives the task to workers until one replies. A task whose worker was killed from outside is begun again, since nothing is
// lost by that, but only within the time of a step and its grace, and then once at most: it may be the script that brings the
// machine to kill workers. The error is a *death where a worker had the task, for the breaker; see outward.
func (p *Pool) ask(ctx context.Context, t task) (reply, error) {
	if err := p.enter(ctx); err != nil {
		return reply{}, err
	}
	defer func() { <-p.slots }()
	began := time.Now()
	var last error
	var died *death // of the last worker that had the task
	failed, begun := 0, 0
	for n := 0; n < p.o.Size+deaths && failed < failedStarts && (begun < attempts || time.Since(began) < p.o.Limits.Step+p.o.Limits.Grace); n++ {
		if err := ctx.Err(); err != nil {
			return reply{}, err
		}
		worker, err := p.take()
		if errors.Is(err, ErrClosed) {
			return reply{}, &loops.Failure{Key: loops.Unavailable, Cause: err}
		}
		if err != nil {
			if last = err; !errors.Is(err, errKilled) {
				failed++
			}
			continue
		}
		r, ended, err := p.put(worker, t)
		if err != nil || ended == nil {
			return r, err
		}
		if last = ended; ended.begun {
			died, begun = ended, begun+1
		}
	}
	if died != nil {
		return reply{}, died
	}
	return reply{}, &loops.Failure{Key: loops.Unavailable, Cause: fmt.Errorf("no loop worker lives: %w", last)}
}

// put asks one worker. Without an error, ended says that it died in a way that lets the task be asked again.
func (p *Pool) put(worker *process, t task) (r reply, ended *death, err error) {
	r, err = worker.ask(t)
	if err == nil {
		p.give(worker, r.Spent)
		return r, nil, nil
	}
	if !errors.As(err, &ended) { // it never got the task
		p.give(worker, false)
		return reply{}, nil, err
	}
	p.warm()
	if !ended.again {
		return reply{}, nil, ended
	}
	p.o.Log.Warn("loop worker died", "error", ended)
	return reply{}, ended, nil
}

// outward gives a death as callers know it.
func outward(err error) error {
	var died *death
	switch {
	case !errors.As(err, &died):
		return err
	case died.again:
		return &loops.Failure{Key: loops.Unavailable, Cause: fmt.Errorf("no loop worker lives: %w", died)}
	}
	return died.refusal()
}
