package recovery

import (
	"context"
	"slices"
	"sync"
)

// Memory is a Store in memory, for tests and for programs of one process. The zero
// value is ready.
type Memory struct {
	mu   sync.Mutex
	kept map[string]Kept
}

var _ Store = (*Memory)(nil)

// UpdateRecovery implements Store.
func (m *Memory) UpdateRecovery(ctx context.Context, personID string, change func(*Kept) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kept[personID]
	k.Codes = slices.Clone(k.Codes)
	if err := change(&k); err != nil {
		return err
	}
	if m.kept == nil {
		m.kept = map[string]Kept{}
	}
	m.kept[personID] = k
	return nil
}

// Recovery implements Store.
func (m *Memory) Recovery(ctx context.Context, personID string) (Kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kept[personID]
	k.Codes = slices.Clone(k.Codes)
	return k, ctx.Err()
}
