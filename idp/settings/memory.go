package settings

import (
	"context"
	"slices"
	"sync"

	"github.com/ringtail-id/ringtail/idp"
)

// Memory is a Store that forgets everything with the process, for tests and for
// programs without a database. The zero value is ready. It is safe for concurrent use.
type Memory struct {
	mu   sync.Mutex
	line []Revision // the revision 1 first
}

var _ Store = (*Memory)(nil)

// AppendRevision implements Store.
func (m *Memory) AppendRevision(_ context.Context, r Revision) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case r.Number > len(m.line)+1:
		return idp.ErrNotFound
	case r.Number != len(m.line)+1:
		return idp.ErrTaken
	}
	m.line = append(m.line, r.clone())
	return nil
}

// RevisionByNumber implements Store.
func (m *Memory) RevisionByNumber(_ context.Context, number int) (Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if number < 1 || number > len(m.line) {
		return Revision{}, idp.ErrNotFound
	}
	return m.line[number-1].clone(), nil
}

// Revisions implements Store.
func (m *Memory) Revisions(_ context.Context, before, n int) ([]Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var page []Revision
	for number := min(before-1, len(m.line)); number > 0 && len(page) < n; number-- {
		page = append(page, m.line[number-1].clone())
	}
	return page, nil
}

// LatestRevision implements Store.
func (m *Memory) LatestRevision(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.line), nil
}

func (r Revision) clone() Revision {
	r.Changes, r.Layer = slices.Clone(r.Changes), r.Layer.Clone()
	return r
}
