package faults

import (
	"database/sql"
	"fmt"
	"maps"
	"sync"
	"testing"
)

// acks are what somebody was told: whatever happens then, it is there.
type acks struct {
	mu     sync.Mutex
	logins map[string]bool
	counts map[string]int     // of tokens that were given
	tokens map[*person]tokens // the newest of each person, as long as they count
	// several: there are nodes enough to put one login on record twice. Who was answered
	// 503 by one that is cut off asks another, and the first writes its record later.
	several bool
}

func newAcks() *acks {
	return &acks{logins: map[string]bool{}, counts: map[string]int{}, tokens: map[*person]tokens{}}
}

func (a *acks) login(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.logins[id] = true
}

func (a *acks) token(p *person, t tokens, what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts[what]++
	a.tokens[p] = t
}

// gone: the person's tokens don't count any more, from before it is asked for.
func (a *acks) gone(p *person) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tokens, p)
}

// copy is what was told until now.
func (a *acks) copy() *acks {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &acks{logins: maps.Clone(a.logins), counts: maps.Clone(a.counts), tokens: maps.Clone(a.tokens), several: a.several}
}

// missing are the acknowledged that the database doesn't know.
func (a *acks) missing(t *testing.T, db *sql.DB) (list []string) {
	t.Helper()
	for login := range a.logins {
		if n := one(t, db, "SELECT count(*) FROM audit WHERE type = 'login' AND procedure = $1", login); n == 0 || n > 1 && !a.several {
			list = append(list, fmt.Sprintf("somebody signed in by %s, and there are %d records of it", login, n))
		}
		if one(t, db, "SELECT count(*) FROM logins WHERE id = $1", login) != 1 {
			list = append(list, fmt.Sprintf("the login %s is gone", login))
		}
	}
	for kind, what := range map[string]string{"token_issued": "codes redeemed", "token_refreshed": "refreshes"} {
		if n := one(t, db, "SELECT count(*) FROM audit WHERE type = $1", kind); n < a.counts[what] {
			list = append(list, fmt.Sprintf("%d %s were acknowledged, and %d are on record", a.counts[what], what, n))
		}
	}
	return list
}

// signed is how many logins were acknowledged.
func (a *acks) signed() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.logins)
}
