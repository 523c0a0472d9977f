package tokens

import (
	"context"
	"sync"
	"time"
)

// Memory is a Store for one process. The zero value is ready.
type Memory struct {
	mu   sync.Mutex
	rows map[string]*row
}

type row struct {
	token  Token
	holder string
	until  time.Time // of the claim
}

var _ Store = (*Memory)(nil)

// row gives the row of a key, made where there is none. The lock is held.
func (m *Memory) row(key string) *row {
	if m.rows == nil {
		m.rows = map[string]*row{}
	}
	if m.rows[key] == nil {
		m.rows[key] = &row{}
	}
	return m.rows[key]
}

// FindToken implements Store.
func (m *Memory) FindToken(_ context.Context, key string, now time.Time) (Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.row(key).token; now.Before(t.Until) {
		return t, nil
	}
	return Token{}, nil
}

// ClaimToken implements Store.
func (m *Memory) ClaimToken(_ context.Context, key, holder string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.row(key)
	if r.holder != "" && r.holder != holder && now.Before(r.until) {
		return false, nil
	}
	r.holder, r.until = holder, until
	return true, nil
}

// KeepToken implements Store.
func (m *Memory) KeepToken(_ context.Context, key string, t Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	*m.row(key) = row{token: t}
	return nil
}

// ReleaseToken implements Store.
func (m *Memory) ReleaseToken(_ context.Context, key, holder string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.row(key); r.holder == holder {
		r.holder = ""
	}
	return nil
}

// DropToken implements Store.
func (m *Memory) DropToken(_ context.Context, key, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.row(key); r.token.ID == id {
		r.token = Token{}
	}
	return nil
}
