package overload

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// standing is how long a queue must not have been empty to stand.
	standing = 200 * time.Millisecond
	// maxWaiting bounds the memory of a class's queue; the time that it takes to serve
	// so many is what refuses, long before, wherever requests take more than 2 ms.
	maxWaiting = 1024
)

// Options for NewGate; all have defaults.
type Options struct {
	// Least and Most bound the number of requests that run at once: 8 per processor, and
	// 256.
	Least, Most int
	// Load is what was measured since it was last asked; the process's.
	Load func() Load
	Now  func() time.Time
}

// Gate lets requests in. It is safe for concurrent use; a nil one lets all in.
type Gate struct {
	o        Options
	measured atomic.Int64 // when, as Unix nanoseconds

	mu      sync.Mutex
	places  int
	running int
	memory  float64
	queues  [classes]queue
	stats   Stats
}

// queue is who waits, the oldest first.
type queue struct {
	list.List
	since time.Time // when it was empty last
}

type waiter struct {
	class Class
	since time.Time
	place *list.Element
	in    chan struct{} // closed when it is let in
}

// Stats are what a gate did. All but Places, Running and Waiting only grow.
type Stats struct {
	Places, Running int
	Waiting         [classes]int
	Admitted        [classes]uint64
	Refused         [classes]uint64
	Waited          [classes]time.Duration
}

// NewGate makes a gate that nobody waits at.
func NewGate(o Options) *Gate {
	o = o.withDefaults()
	return &Gate{o: o, places: o.Least}
}

// Refusal says when to come again.
type Refusal struct {
	Class      Class
	RetryAfter time.Duration
}

// Error is for logs.
func (r *Refusal) Error() string { return fmt.Sprintf("too busy for a request of class %s", r.Class) }

// Pass is a place. Leave gives it back.
type Pass struct {
	gate *Gate
}

// Enter waits for a place. Errors: *Refusal, and the context's.
func (g *Gate) Enter(ctx context.Context, c Class) (*Pass, error) {
	if g == nil || c == Apart {
		return &Pass{}, nil
	}
	now := g.o.Now()
	g.measure(now)
	w, err := g.come(c, now)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return &Pass{gate: g}, nil
	}
	timer := time.NewTimer(rulesOf(c).longest)
	defer timer.Stop()
	select {
	case <-w.in:
		return &Pass{gate: g}, nil
	case <-timer.C:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if !g.giveUp(w, err == nil) {
		return &Pass{gate: g}, nil // let in at the last moment
	}
	if err != nil {
		return nil, fmt.Errorf("waiting to be served: %w", err)
	}
	return nil, g.refusal(c)
}

// come takes a place, or a place in the queue where the waiter isn't nil.
func (g *Gate) come(c Class, now time.Time) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := &g.queues[c]
	if g.free(c) && !g.behind(c) {
		g.running++
		g.stats.Admitted[c]++
		return nil, nil
	}
	if q.Len() >= maxWaiting || g.late(q, c, now) || g.full(c) {
		g.stats.Refused[c]++
		return nil, g.refusal(c)
	}
	if q.Len() == 0 {
		q.since = now
	}
	w := &waiter{class: c, since: now, in: make(chan struct{})}
	w.place = q.PushBack(w)
	return w, nil
}

// free says whether one more of the class may run.
func (g *Gate) free(c Class) bool {
	return g.running < max(1, g.places*rulesOf(c).share/10) && !g.full(c)
}

// full says that memory is short, for the last classes first: there is a part left
// for what goes on.
func (g *Gate) full(c Class) bool {
	return g.memory > [...]float64{0.95, 0.9, 0.8}[c]
}

// behind says whether somebody waits who comes before a new one of the class.
func (g *Gate) behind(c Class) bool {
	for i := range c + 1 {
		if g.queues[i].Len() > 0 {
			return true
		}
	}
	return false
}

// late says whether the queue stands and its oldest has waited too long.
func (g *Gate) late(q *queue, c Class, now time.Time) bool {
	if q.Len() == 0 || now.Sub(q.since) < standing {
		return false
	}
	return now.Sub(q.Front().Value.(*waiter).since) >= rulesOf(c).target
}

// giveUp takes the waiter out of its queue; false: it was let in meanwhile.
func (g *Gate) giveUp(w *waiter, refused bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.place == nil {
		return false
	}
	g.queues[w.class].Remove(w.place)
	if refused {
		g.stats.Refused[w.class]++
	}
	return true
}

// refusal spreads those that it refuses over the time after.
func (g *Gate) refusal(c Class) *Refusal {
	retry := rulesOf(c).retry
	spread := g.o.Now().UnixMicro() % int64(retry/time.Microsecond)
	return &Refusal{Class: c, RetryAfter: retry + time.Duration(spread)*time.Microsecond}
}

// Leave gives the place back, once.
func (p *Pass) Leave() {
	g := p.gate
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.admit()
}

// back takes a place although there may be none.
func (p *Pass) back() {
	if p.gate == nil {
		return
	}
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	p.gate.running++
}

// admit lets in who waits, the first class first.
func (g *Gate) admit() {
	for c := range Class(classes) {
		q := &g.queues[c]
		for q.Len() > 0 && g.free(c) {
			w := q.Remove(q.Front()).(*waiter)
			w.place = nil
			g.running++
			g.stats.Admitted[c]++
			g.stats.Waited[c] += g.o.Now().Sub(w.since)
			close(w.in)
		}
	}
}

// Stats tells what the gate did.
func (g *Gate) Stats() Stats {
	if g == nil {
		return Stats{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.stats
	s.Places, s.Running = g.places, g.running
	for c := range g.queues {
		s.Waiting[c] = g.queues[c].Len()
	}
	return s
}
