package sandbox

import (
	"context"
	"sync"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// Pools gives everybody who asks for the same limits and numbers the same Pool, so that workers and what the breaker knows of
// drivers outlive who uses them. A Pool starts with the first that is asked of it, or with Lease.Start, and ends when the last
// lease on it is closed. It serves many goroutines.
type Pools struct {
	o  Options
	mu sync.Mutex
	by map[wanted]*shared
}

// wanted is what makes one Pool as good as another.
type wanted struct {
	limits      loops.Limits
	size, queue int
}

// shared is a Pool, once it is started, with the number of its leases, which Pools guards.
type shared struct {
	o      Options
	leases int

	mu     sync.Mutex
	pool   *Pool
	closed bool
}

// NewPools makes Pools; its options are those of each Pool, but for the Limits, Size and Queue, which each lease gives.
func NewPools(o Options) *Pools { return &Pools{o: o, by: map[wanted]*shared{}} }

// Lease gives a Pool with these; zero values as in Options. It starts nothing.
func (p *Pools) Lease(limits loops.Limits, size, queue int) *Lease {
	o := p.o
	o.Limits, o.Size, o.Queue = limits, size, queue
	o = o.withDefaults()
	key := wanted{limits: o.Limits, size: o.Size, queue: o.Queue}
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.by[key]
	if !ok {
		s = &shared{o: o}
		p.by[key] = s
	}
	s.leases++
	return &Lease{pools: p, key: key, shared: s}
}

// Lease is somebody's share in a Pool. It does what the Pool does; where the Pool can't be started, that is the error.
type Lease struct {
	pools  *Pools
	key    wanted
	shared *shared
	once   sync.Once
}

// Start starts the Pool where it isn't yet, so that a kernel or a command that won't have it shows now.
func (l *Lease) Start() error {
	_, err := l.shared.started()
	return err
}

func (s *shared) started() (*Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool != nil {
		return s.pool, nil
	}
	if s.closed {
		return nil, ErrClosed
	}
	pool, err := New(s.o)
	s.pool = pool
	return pool, err
}

// Step is Pool.Step.
func (l *Lease) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	pool, err := l.shared.started()
	if err != nil {
		return nil, &loops.Failure{Key: loops.Unavailable, Cause: err}
	}
	return pool.Step(ctx, q)
}

// Check is Pool.Check.
func (l *Lease) Check(ctx context.Context, file, source string) ([]engine.Problem, error) {
	pool, err := l.shared.started()
	if err != nil {
		return nil, err
	}
	return pool.Check(ctx, file, source)
}

// Entries is Pool.Entries.
func (l *Lease) Entries(ctx context.Context, file, source string) ([]loops.Entry, error) {
	pool, err := l.shared.started()
	if err != nil {
		return nil, err
	}
	return pool.Entries(ctx, file, source)
}

// Size is Pool.Size.
func (l *Lease) Size() int { return l.key.size }

// Queue is how many steps may wait.
func (l *Lease) Queue() int { return max(l.key.queue, 0) }

// Limits is Pool.Limits.
func (l *Lease) Limits() loops.Limits { return l.key.limits }

// Stats is Pool.Stats; all zero before the start.
func (l *Lease) Stats() Stats {
	l.shared.mu.Lock()
	pool := l.shared.pool
	l.shared.mu.Unlock()
	if pool == nil {
		return Stats{}
	}
	return pool.Stats()
}

// Close gives the share back. The last one ends the workers, and waits for steps that run. A second call does nothing.
func (l *Lease) Close() (err error) {
	l.once.Do(func() {
		if l.pools.leave(l.key, l.shared) {
			err = l.shared.close()
		}
	})
	return err
}

// leave says whether nobody is left.
func (p *Pools) leave(key wanted, s *shared) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.leases--
	if s.leases > 0 {
		return false
	}
	delete(p.by, key)
	return true
}

func (s *shared) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.pool == nil {
		return nil
	}
	return s.pool.Close()
}
