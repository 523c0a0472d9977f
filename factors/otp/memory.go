package otp

import (
	"context"
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
func (m *Memory) Update(ctx context.Context, key Key, change func(*Record) error) error {
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
	if rec.Challenge != nil {
		m.challenges[challengeKey{key.Method, key.LoginID}] = *rec.Challenge
	}
	m.budgets[budgetKey{key.Method, key.PersonID}] = rec.Budget
	return nil
}

// Claim is Store's.
func (m *Memory) Claim(_ context.Context, method string, now, until time.Time) (*Challenge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var oldest *Challenge
	for key, c := range m.challenges {
		if key.method != method || c.State != Requested || !c.Until.After(now) {
			continue
		}
		if oldest == nil || c.RequestedAt.Before(oldest.RequestedAt) {
			oldest = &c
		}
	}
	if oldest == nil {
		return nil, nil
	}
	oldest.State, oldest.Until = Calling, until
	m.challenges[challengeKey{method, oldest.LoginID}] = *oldest
	return oldest, nil
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
