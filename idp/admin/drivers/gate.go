package drivers

import (
	"context"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// gate lets one step of the section into the workers at a time, so that no script in an editor takes all of them away from
// the logins.
type gate struct {
	Workers
	slot chan struct{}
}

func (g gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.slot <- struct{}{}:
		return func() { <-g.slot }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Step implements host.Stepper.
func (g gate) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return g.Workers.Step(ctx, q)
}

// Check implements trial.Checker.
func (g gate) Check(ctx context.Context, file, source string) ([]engine.Problem, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return g.Workers.Check(ctx, file, source)
}

// Entries implements Workers.
func (g gate) Entries(ctx context.Context, file, source string) ([]loops.Entry, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return g.Workers.Entries(ctx, file, source)
}
