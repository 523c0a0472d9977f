package audit

import (
	"context"
	"slices"
	"sync"
)

// Memory is a Trail that keeps its events in memory, for tests and for programs
// without a database. The zero value is ready. It is safe for concurrent use.
type Memory struct {
	mu     sync.Mutex
	events []Event
	fault  error
}

var _ Trail = (*Memory)(nil)

// Record implements Recorder.
func (m *Memory) Record(_ context.Context, e Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, e)
}

// Append implements Trail.
func (m *Memory) Append(ctx context.Context, e Event) error {
	m.mu.Lock()
	fault := m.fault
	m.mu.Unlock()
	if fault != nil {
		return fault
	}
	m.Record(ctx, e)
	return nil
}

// Settle implements Trail.
func (m *Memory) Settle(context.Context) error { return nil }

// Break makes Append fail from now on; nil mends it.
func (m *Memory) Break(fault error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = fault
}

// Events are those kept so far, the oldest first.
func (m *Memory) Events() []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.events)
}
