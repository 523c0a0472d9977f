package calls

import (
	"context"
	"slices"
	"time"
)

// The pace of the job.
const (
	settleEvery = 10 * time.Second
	judgeAgain  = time.Minute
	sweepEvery  = 10 * time.Minute
	batch       = 500
)

// Run settles calls that are over, logs alarms as they come and go, and sweeps what is
// too old, until ctx ends. Any number of nodes may run it on one database.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(settleEvery)
	defer ticker.Stop()
	w := &watch{s: s}
	s.o.Metrics.Switched(s.o.Stops)
	for ctx.Err() == nil {
		w.round(ctx)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	return nil
}

// watch is what the job of one node remembers.
type watch struct {
	s             *Service
	judged, swept time.Time
}

// round does what is due. What fails is logged and tried again: no rule depends on it.
func (w *watch) round(ctx context.Context) {
	now := w.s.o.Now()
	try := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			w.s.o.Log.Error(what, "error", err)
		}
	}
	try("settling calls", w.s.Settle(ctx))
	if now.Sub(w.judged) >= judgeAgain {
		w.judged = now
		try("judging the calls of the last hour", w.judge(ctx))
	}
	if now.Sub(w.swept) >= sweepEvery {
		w.swept = now
		try("sweeping calls", w.s.Sweep(ctx))
	}
}

// judge logs alarms that are new, and those that are over.
func (w *watch) judge(ctx context.Context) error {
	alarms, err := w.s.Alarms(ctx)
	if err != nil {
		return err
	}
	before := w.s.o.Metrics.alarm(alarms)
	for _, a := range alarms {
		if !slices.ContainsFunc(before, a.same) {
			w.s.o.Log.Error("calls alarm", a.fields()...)
		}
	}
	for _, a := range before {
		if !slices.ContainsFunc(alarms, a.same) {
			w.s.o.Log.Info("calls alarm over", a.fields()...)
		}
	}
	return nil
}

func (a Alarm) fields() []any {
	return []any{"alarm", a.Kind, "country", a.Country, "prefix", a.Prefix, "driver", a.Driver, "currency", a.Currency, "calls", a.Calls,
		"value", a.Value, "usual", a.Usual}
}

// Settle writes down what became of calls that are over by now.
func (s *Service) Settle(ctx context.Context) error {
	for {
		changes, err := s.o.Records.SettleCalls(ctx, s.o.Now(), batch)
		if err != nil {
			return err
		}
		for _, c := range changes {
			s.o.Metrics.Change(c)
		}
		if len(changes) < batch {
			return nil
		}
	}
}

// Sweep deletes calls and figures that are kept long enough.
func (s *Service) Sweep(ctx context.Context) error {
	for _, one := range []struct {
		keep  time.Duration
		sweep func(context.Context, time.Time, int) (int, error)
	}{{s.o.Keep, s.o.Records.SweepCalls}, {s.o.KeepFigures, s.o.Records.SweepFigures}} {
		for n := batch; one.keep > 0 && n > 0; {
			var err error
			if n, err = one.sweep(ctx, s.o.Now().Add(-one.keep), batch); err != nil {
				return err
			}
		}
	}
	return nil
}
