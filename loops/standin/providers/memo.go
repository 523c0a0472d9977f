package providers

import (
	"slices"
	"sync"
	"time"
)

// kept is how many entries a memo has at most.
const kept = 1000

// memo is what a provider remembers beside its calls: sessions, tries, when a number was last asked for. It is bounded,
// the oldest entries are forgotten first, and it serves many goroutines.
type memo struct {
	mu      sync.Mutex
	entries map[string]entry
	order   []string // oldest first
}

type entry struct {
	text  string
	at    time.Time
	times int
}

func newMemo() *memo { return &memo{entries: map[string]entry{}} }

// get gives what put kept last, and when.
func (m *memo) get(key string) (text string, at time.Time, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[key]
	return e.text, e.at, ok
}

func (m *memo) put(key, text string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(key, entry{text: text, at: at})
}

// count adds one to what is counted under a key and gives it.
func (m *memo) count(key string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[key]
	e.times++
	m.set(key, e)
	return e.times
}

func (m *memo) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
	m.order = slices.DeleteFunc(m.order, func(k string) bool { return k == key })
}

func (m *memo) set(key string, e entry) {
	if _, ok := m.entries[key]; !ok {
		m.order = append(m.order, key)
	}
	m.entries[key] = e
	for len(m.order) > kept {
		delete(m.entries, m.order[0])
		m.order = m.order[1:]
	}
}
