package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// Options are what a Pool needs. Only Command must be given.
type Options struct {
	Command []string         // program and arguments that end in WorkerMain; the program as an absolute path
	Limits  loops.Limits     // zero: loops.DefaultLimits
	Size    int              // workers, and so steps at the same time; zero: one a processor, at least two
	Queue   int              // steps that may wait for a worker; zero: 256; negative: none
	Steps   int              // after which a worker is replaced; zero: 1000
	Start   time.Duration    // that a worker may take to be ready; zero: 10 s
	Now     func() time.Time // zero: time.Now
	Log     *slog.Logger     // zero: nothing is logged
}

func (o Options) withDefaults() Options {
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Size <= 0 {
		o.Size = max(2, runtime.NumCPU())
	}
	if o.Queue == 0 {
		o.Queue = 256
	}
	if o.Steps <= 0 {
		o.Steps = 1000
	}
	if o.Start <= 0 {
		o.Start = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// ErrClosed says that the Pool was closed.
var ErrClosed = errors.New("the loop workers are closed")

// Pool keeps warm workers and gives each step to one. It serves many goroutines. Close ends the workers.
type Pool struct {
	o       Options
	flags   uintptr // the clone flags that this kernel allows
	held    Confinement
	slots   chan struct{} // one for each step that may run now
	waiting atomic.Int64
	breaker *breaker

	mu      sync.Mutex
	idle    []*process
	closed  bool
	started int64
	warming sync.WaitGroup
}

// New starts a Pool. It starts one worker at once, so that a wrong command or a kernel that refuses shows here, and
// the others in the background.
func New(options Options) (*Pool, error) {
	if len(options.Command) == 0 {
		return nil, errors.New("sandbox: the worker's command is missing")
	}
	o := options.withDefaults()
	p := &Pool{o: o, slots: make(chan struct{}, o.Size), breaker: newBreaker(o.Now)}
	first, err := p.probe()
	if err != nil {
		return nil, err
	}
	p.held, p.idle, p.started = first.held, []*process{first}, 1
	for range o.Size - 1 {
		p.warm()
	}
	return p, nil
}

// probe starts the first worker with as many namespaces of its own as the kernel allows here.
func (p *Pool) probe() (*process, error) {
	const own = syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
	var faults []error
	for _, flags := range []uintptr{syscall.CLONE_NEWUSER | own, own, 0} {
		worker, err := start(p.o, flags)
		if err == nil {
			p.flags = flags
			return worker, nil
		}
		faults = append(faults, err)
	}
	return nil, errors.Join(faults...)
}

// Holds says what confines the workers on this machine.
func (p *Pool) Holds() Confinement { return p.held }

// Size is how many steps run at the same time at most.
func (p *Pool) Size() int { return p.o.Size }

// Limits are the limits that the workers hold scripts to.
func (p *Pool) Limits() loops.Limits { return p.o.Limits }

// Step asks a driver for its next action. The error is a *loops.Refusal; a *loops.Failure (Unavailable) when the queue is
// full (errors.Is loops.ErrBusy) or workers can't be had; or the context's error, while waiting for a worker. A step
// that has begun isn't cut short by the context: it ends within its limit anyway. The driver's secrets, names included, may have
// 64 KiB together, and its token Limits.Message.
func (p *Pool) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	t, err := taskOf(q, p.o.Limits)
	if err != nil {
		return nil, err
	}
	pass, err := p.breaker.allow(fuseOf(q))
	if err != nil {
		return nil, err
	}
	r, err := p.ask(ctx, t)
	var action *loops.Action
	if err == nil {
		action, err = r.action(q.Driver.File)
	}
	p.breaker.record(pass, err)
	return action, outward(err)
}

// Check returns the problems of a script that can be seen without running it. Errors as with Step.
func (p *Pool) Check(ctx context.Context, file, source string) ([]engine.Problem, error) {
	r, err := p.ask(ctx, task{Check: true, File: file, Source: source})
	if err != nil {
		return nil, outward(err)
	}
	return r.problems(file)
}

// Entries gives the entries that a script has a function for, in the order of loops.Entries; start is always among them. The
// script is compiled for it, none of it is run. A task of a worker's goes into each, so keep what it gives with the driver.
// Errors as with Step; a script that has problems is refused with the first of them.
func (p *Pool) Entries(ctx context.Context, file, source string) ([]loops.Entry, error) {
	r, err := p.ask(ctx, task{Entries: true, File: file, Source: source})
	if err != nil {
		return nil, outward(err)
	}
	return r.found(file)
}

// enter waits for a slot, in the queue if there is room in it.
func (p *Pool) enter(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	if p.waiting.Add(1) > int64(max(p.o.Queue, 0)) {
		p.waiting.Add(-1)
		return &loops.Failure{Key: loops.Unavailable, Cause: loops.ErrBusy}
	}
	defer p.waiting.Add(-1)
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take gives the warm worker that was used last, or a new one.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		worker := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return worker, nil
	}
	p.mu.Unlock()
	worker, err := start(p.o, p.flags)
	if err == nil {
		p.count()
	}
	return worker, err
}

// count notes a worker that was started.
func (p *Pool) count() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started++
}

// give puts a worker back, or ends it when it has served its time.
func (p *Pool) give(worker *process, spent bool) {
	if !spent && worker.steps < p.o.Steps && p.keep(worker) {
		return
	}
	worker.kill()
	p.warm()
}

func (p *Pool) keep(worker *process) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle) >= p.o.Size {
		return false
	}
	p.idle = append(p.idle, worker)
	return true
}

// warm starts a worker in the background and keeps it where there is room.
func (p *Pool) warm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.warming.Add(1)
	go func() {
		defer p.warming.Done()
		if p.full() {
			return
		}
		worker, err := start(p.o, p.flags)
		if err != nil {
			p.o.Log.Error("loop worker can't be started", "error", err)
			return
		}
		p.count()
		if !p.keep(worker) {
			worker.kill()
		}
	}()
}

func (p *Pool) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed || len(p.idle) >= p.o.Size
}

// Close ends all workers. Steps that run are waited for; steps that come later get ErrClosed.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, worker := range idle {
		worker.kill()
	}
	p.warming.Wait()
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	for range cap(p.slots) {
		<-p.slots
	}
	return nil
}

// Stats tell how a Pool stands: the first three of this moment, the last since it was made. Waiting near Options.Queue
// means that steps are about to be refused; Started that grows without end means that workers keep being killed, or serve
// out Options.Steps.
type Stats struct {
	Idle    int   `json:"idle"`    // warm workers without a step
	Running int   `json:"running"` // steps in a worker, at most Options.Size
	Waiting int64 `json:"waiting"` // steps in the queue, at most Options.Queue
	Started int64 `json:"started"` // workers started
}

// Stats gives the Pool's counters, for metrics. It is cheap and may be called at any time, after Close too.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Stats{Idle: len(p.idle), Running: len(p.slots), Waiting: p.waiting.Load(), Started: p.started}
}
