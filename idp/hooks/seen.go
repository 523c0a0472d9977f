package hooks

import (
	"context"
	"sync"
	"time"
)

// Seen remembers callbacks. Implementations serve many goroutines and many
// processes.
type Seen interface {
	// RememberCallback notes a digest until the time given. Of all who note the
	// same one at once, exactly one is told true; so is who notes it after its time
	// is over.
	RememberCallback(ctx context.Context, digest string, now, until time.Time) (first bool, err error)
	// ForgetCallback takes the note back. Having none is no error.
	ForgetCallback(ctx context.Context, digest string) error
}

// memorySize is how many digests a Memory keeps before it looks for those that
// are over.
const memorySize = 1024

// Memory is a Seen in this process's memory. The zero value is ready to use.
type Memory struct {
	mu    sync.Mutex
	until map[string]time.Time
}

var _ Seen = (*Memory)(nil)

// RememberCallback is Seen's.
func (m *Memory) RememberCallback(_ context.Context, digest string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if end, ok := m.until[digest]; ok && !end.Before(now) {
		return false, nil
	}
	if m.until == nil || len(m.until) >= memorySize {
		m.sweep(now)
	}
	m.until[digest] = until
	return true, nil
}

func (m *Memory) sweep(now time.Time) {
	kept := map[string]time.Time{}
	for digest, end := range m.until {
		if !end.Before(now) {
			kept[digest] = end
		}
	}
	m.until = kept
}

// ForgetCallback is Seen's.
func (m *Memory) ForgetCallback(_ context.Context, digest string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.until, digest)
	return nil
}
