package otp

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Memory is a Store in this process's memory: for tests and for programs that
// run one node and may forget challenges when they restart. The zero value is
// ready to use.
type Memory struct {
	mu         sync.Mutex
	challenges map[challengeKey]Challenge
	budgets    map[budgetKey]Budget
	counters   map[string]Counter
}

type challengeKey struct{ method, login string }

type budgetKey struct{ method, person string }

var _ Store = (*Memory)(nil)

// Load is Store's.
func (m *Memory) Load(_ context.Context, key Key) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.load(key), nil
}

func (m *Memory) load(key Key) Record {
	rec := Record{Budget: m.budgets[budgetKey{key.Method, key.PersonID}]}
	if c, ok := m.challenges[challengeKey{key.Method, key.LoginID}]; ok {
		rec.Challenge = &c
	}
	return rec
}

// Update is Store's.
func (m *Memory) Update(ctx context.Context, key Key, now time.Time, change func(*Record) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	rec := m.load(key)
	if err := change(&rec); err != nil {
		return err
	}
	if m.challenges == nil {
		m.challenges = map[challengeKey]Challenge{}
		m.budgets = map[budgetKey]Budget{}
	}
	if err := m.charge(rec.Charges, now); err != nil {
		return err
	}
	if rec.Challenge != nil {
		m.challenges[challengeKey{key.Method, key.LoginID}] = *rec.Challenge
	}
	m.budgets[budgetKey{key.Method, key.PersonID}] = rec.Budget
	return nil
}

// charge adds all charges or none.
func (m *Memory) charge(charges []Charge, now time.Time) error {
	after := make([]Counter, len(charges))
	for i, c := range charges {
		after[i] = m.counters[c.Key]
		if !after[i].Until.After(now) {
			after[i] = Counter{Until: c.Until}
		}
		if after[i].Count = max(0, after[i].Count+c.Amount); after[i].Count > c.Limit {
			return &OverError{Charge: c, Until: after[i].Until}
		}
	}
	for i, c := range charges {
		m.setCounter(c.Key, after[i])
	}
	return nil
}

func (m *Memory) setCounter(key string, c Counter) {
	if m.counters == nil {
		m.counters = map[string]Counter{}
	}
	if m.counters[key] = c; c.Count == 0 {
		delete(m.counters, key)
	}
}

// Count is Counters'.
func (m *Memory) Count(_ context.Context, keys []string, now time.Time) (map[string]Counter, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]Counter{}
	for _, key := range keys {
		if c, ok := m.counters[key]; ok && c.Until.After(now) {
			found[key] = c
		}
	}
	return found, nil
}

// SetCounter is Counters'.
func (m *Memory) SetCounter(_ context.Context, key string, c Counter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.setCounter(key, c)
	return nil
}

// Due is Store's.
func (m *Memory) Due(_ context.Context, method string, now time.Time) (orders, polls bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.oldest(method, now) != nil, m.due(method, now) != nil, nil
}

// Claim is Store's.
func (m *Memory) Claim(_ context.Context, method string, now, until time.Time) (*Challenge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	oldest := m.oldest(method, now)
	if oldest == nil {
		return nil, nil
	}
	oldest.State, oldest.Until = Calling, until
	m.challenges[challengeKey{method, oldest.LoginID}] = *oldest
	return oldest, nil
}

// oldest is a copy of the challenge to claim next, nil where there is none.
func (m *Memory) oldest(method string, now time.Time) *Challenge {
	var oldest *Challenge
	for key, c := range m.challenges {
		if key.method != method || c.State != Requested || !c.Until.After(now) {
			continue
		}
		if oldest == nil || c.RequestedAt.Before(oldest.RequestedAt) {
			oldest = &c
		}
	}
	return oldest
}

// ClaimPoll is Store's.
func (m *Memory) ClaimPoll(_ context.Context, method string, now, next time.Time) (*Challenge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	due := m.due(method, now)
	if due == nil {
		return nil, nil
	}
	due.PollAt = next
	m.challenges[challengeKey{method, due.LoginID}] = *due
	return due, nil
}

// due is a copy of the challenge to ask about next, nil where there is none.
func (m *Memory) due(method string, now time.Time) *Challenge {
	var due *Challenge
	for key, c := range m.challenges {
		if key.method != method || c.State != Placed || c.PollAt.IsZero() || c.PollAt.After(now) || !c.Until.After(now) {
			continue
		}
		if due == nil || c.PollAt.Before(due.PollAt) {
			due = &c
		}
	}
	return due
}

// Find is Store's.
func (m *Memory) Find(_ context.Context, method string, by Lookup) (Key, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, c := range m.challenges {
		ours := by.ID != "" && c.ID == by.ID
		theirs := by.ID == "" && by.CallID != "" && c.CallID == by.CallID && c.Driver == by.Driver
		if key.method == method && (ours || theirs) {
			return Key{Method: method, LoginID: c.LoginID, PersonID: c.PersonID}, true, nil
		}
	}
	return Key{}, false, nil
}

// SweepNumbers is Store's.
func (m *Memory) SweepNumbers(_ context.Context, method string, before time.Time, limit int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	deleted := 0
	for key, b := range m.budgets {
		old := b.NextCall.Before(before) && b.BlockedUntil.Before(before)
		if deleted < limit && key.method == method && strings.HasPrefix(key.person, NumberPrefix) && old {
			delete(m.budgets, key)
			deleted++
		}
	}
	return deleted, nil
}

// Sweep is Store's.
func (m *Memory) Sweep(_ context.Context, method string, before time.Time, limit int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	deleted := 0
	for key, c := range m.challenges {
		if deleted < limit && key.method == method && c.RequestedAt.Before(before) {
			delete(m.challenges, key)
			deleted++
		}
	}
	return deleted, nil
}
