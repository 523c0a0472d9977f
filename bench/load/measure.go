package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Result is what one operation cost at one degree of parallelism.
type Result struct {
	Operation string `json:"operation"`
	Parallel  int    `json:"at_once"`
	Count     int    `json:"operations"`
	// Refused is how many the server would not do for having too much to do; their cost is in that of the others.
	Refused int           `json:"refused,omitempty"`
	Rate    float64       `json:"per_second"`
	P50     time.Duration `json:"p50_ns"`
	P99     time.Duration `json:"p99_ns"`
	// Cost is the server's processor time of one operation; zero where it isn't known.
	Cost time.Duration `json:"server_ns,omitempty"`
}

// Options for Measure.
type Options struct {
	// Parallel is how many do the operation at once, at least 1.
	Parallel int
	// For is how long; the operations that have begun are finished.
	For time.Duration
	// Begin is called when everybody is signed in and the operations begin; nil: nothing is.
	Begin func()
	// Used is the server's processor time until now; nil: not measured.
	Used func() (time.Duration, error)
}

// People are as many as load at once, signed in where an operation needs it.
type People struct {
	client *Client
	list   []*person
	signed int
}

// NewPeople makes n people with the target's accounts in turn.
func (c *Client) NewPeople(n int) (*People, error) {
	all := &People{client: c}
	for i := range n {
		p, err := c.newPerson(c.target.Accounts[i%len(c.target.Accounts)])
		if err != nil {
			return nil, err
		}
		all.list = append(all.list, p)
	}
	return all, nil
}

// signIn gives the first n people a session and tokens, a few at a time.
func (a *People) signIn(ctx context.Context, n int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for ; a.signed < n; a.signed++ {
		p := a.list[a.signed]
		group.Go(func() error {
			return again(ctx, p, func(ctx context.Context, p *person) error { return p.loginFull(ctx) })
		})
	}
	return group.Wait()
}

// Measure does an operation for a while. The first error ends it: an answer that
// is wrong is no answer to be measured.
func (a *People) Measure(ctx context.Context, op Operation, o Options) (*Result, error) {
	if o.Parallel < 1 || o.Parallel > len(a.list) {
		return nil, fmt.Errorf("%d at once with %d people", o.Parallel, len(a.list))
	}
	if op.signedIn {
		if err := a.signIn(ctx, o.Parallel); err != nil {
			return nil, fmt.Errorf("signing in: %w", err)
		}
	}
	if err := a.each(ctx, o.Parallel, func(ctx context.Context, p *person) error { return again(ctx, p, op.do) }); err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err) // connections are open now
	}
	if o.Begin != nil {
		o.Begin()
	}
	before, err := o.used()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	done, err := a.repeat(ctx, op, o)
	took := time.Since(began)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	after, err := o.used()
	if err != nil {
		return nil, err
	}
	n := len(done.walls)
	if n == 0 {
		return nil, fmt.Errorf("%s: every operation was refused", op.Name)
	}
	slices.Sort(done.walls)
	return &Result{
		Operation: op.Name, Parallel: o.Parallel, Count: n, Refused: done.refused, Rate: float64(n) / took.Seconds(),
		P50: done.walls[n/2], P99: done.walls[n*99/100], Cost: (after - before) / time.Duration(n),
	}, nil
}

func (o Options) used() (time.Duration, error) {
	if o.Used == nil {
		return 0, nil
	}
	return o.Used()
}

// each has the first n people do something at once.
func (a *People) each(ctx context.Context, n int, do func(context.Context, *person) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range a.list[:n] {
		group.Go(func() error { return do(ctx, p) })
	}
	return group.Wait()
}

// done are operations that one or more people did.
type done struct {
	walls   []time.Duration
	refused int
}

// repeat returns how long each operation took.
func (a *People) repeat(ctx context.Context, op Operation, o Options) (all done, err error) {
	var over atomic.Bool
	timer := time.AfterFunc(o.For, func() { over.Store(true) })
	defer timer.Stop()
	var mu sync.Mutex
	err = a.each(ctx, o.Parallel, func(ctx context.Context, p *person) error {
		own, err := p.repeat(ctx, op, &over)
		mu.Lock()
		defer mu.Unlock()
		all.walls, all.refused = append(all.walls, own.walls...), all.refused+own.refused
		return err
	})
	return all, err
}

// repeat does an operation until it is over, and once at least.
func (p *person) repeat(ctx context.Context, op Operation, over *atomic.Bool) (own done, err error) {
	for {
		began := time.Now()
		err := op.do(ctx, p)
		switch {
		case errors.Is(err, errRefused):
			if own.refused++; !pause(ctx) {
				return own, err
			}
		case err != nil:
			return own, err
		default:
			own.walls = append(own.walls, time.Since(began))
		}
		if over.Load() {
			return own, nil
		}
	}
}

// retryPause is how long somebody waits who was refused: less than a server asks
// for, so that it stays under load.
const retryPause = 50 * time.Millisecond

// again does an operation until the server takes it.
func again(ctx context.Context, p *person, do func(context.Context, *person) error) error {
	for {
		err := do(ctx, p)
		if !errors.Is(err, errRefused) || !pause(ctx) {
			return err
		}
	}
}

// pause waits a little; false: there is no time left.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(retryPause):
		return true
	}
}
