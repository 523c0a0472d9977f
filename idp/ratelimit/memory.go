package ratelimit

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	// ways is how many keys share a set; sets is a power of two. Together they are
	// 131,072 keys in 2.2 MB.
	ways = 8
	sets = 1 << 14
)

// Memory remembers when keys came. It has a fixed size: where more keys are in debt
// than it holds, the one that owes least is forgotten, so that a flood of addresses
// can't wash out who comes too often. It outlives the Limits that are made of each
// state of the settings. It is safe for concurrent use.
type Memory struct {
	seed  maphash.Seed // random: nobody can choose addresses that share a set
	now   func() time.Time
	start time.Time
	sets  [sets]set
}

type set struct {
	mu    sync.Mutex
	slots [ways]slot
}

// slot is a key with the moment at which it owes nothing any more, in nanoseconds
// since the start.
type slot struct {
	key  uint64
	free int64
}

// NewMemory returns an empty memory; a nil now is time.Now, of which steps of the
// clock change nothing.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{seed: maphash.MakeSeed(), now: now, start: now()}
}

// take lets the key come once more, or says how long it has to wait.
func (m *Memory) take(key uint64, r rate) time.Duration {
	now := int64(m.now().Sub(m.start))
	s := &m.sets[key%sets]
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.find(key)
	free := now
	if at.key == key { // within what it can owe, should the clock have been set back
		free = min(max(at.free, now), now+r.slack+r.interval)
	}
	if wait := free - now - r.slack; wait > 0 {
		at.free = free
		return time.Duration(wait)
	}
	at.key, at.free = key, free+r.interval
	return 0
}

// find gives the key's slot, or the one that owes least.
func (s *set) find(key uint64) *slot {
	least := &s.slots[0]
	for i := range s.slots {
		if s.slots[i].key == key {
			return &s.slots[i]
		}
		if s.slots[i].free < least.free {
			least = &s.slots[i]
		}
	}
	return least
}
