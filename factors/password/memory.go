package password

import (
	"context"
	"sync"
	"time"
)

// Memory is a Store in this process's memory: for tests and for programs that
// run one node. The zero value is ready to use.
type Memory struct {
	mu       sync.Mutex
	counters map[string]Counter
}

var _ Store = (*Memory)(nil)

// UpdateCounter is Store's.
func (m *Memory) UpdateCounter(ctx context.Context, key string, change func(*Counter) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c := m.counters[key]
	if err := change(&c); err != nil {
		return err
	}
	if m.counters == nil {
		m.counters = map[string]Counter{}
	}
	m.counters[key] = c
	return nil
}

// SweepCounters is Store's.
func (m *Memory) SweepCounters(_ context.Context, now time.Time, limit int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	deleted := 0
	for key, c := range m.counters {
		if deleted < limit && !c.ForgetAt.After(now) {
			delete(m.counters, key)
			deleted++
		}
	}
	return deleted, nil
}
