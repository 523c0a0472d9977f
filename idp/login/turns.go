package login

import (
	"context"
	"net/http"
	"sync"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// maxWaiting bounds how many requests of one login wait for each other.
const maxWaiting = 16

// turns lets the posts of one login pass one after the other, so that the
// second of a double click meets what the first one did. It holds within this
// process; across processes the store's transactions keep a form from counting
// twice.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	busy    chan struct{} // holds one token while somebody has the turn
	waiting int
}

func newTurns() *turns { return &turns{held: map[string]*turn{}} }

// take waits for the login's turn and returns how to give it back.
func (t *turns) take(ctx context.Context, login string) (func(), error) {
	own, err := t.join(login)
	if err != nil {
		return nil, err
	}
	select {
	case own.busy <- struct{}{}:
		return func() { <-own.busy; t.leave(login, own) }, nil
	case <-ctx.Done():
		t.leave(login, own)
		return nil, ctx.Err()
	}
}

func (t *turns) join(login string) (*turn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.held[login]
	if own == nil {
		own = &turn{busy: make(chan struct{}, 1)}
		t.held[login] = own
	}
	if own.waiting >= maxWaiting {
		return nil, problem(factors.ProblemBusy, http.StatusTooManyRequests)
	}
	own.waiting++
	return own, nil
}

func (t *turns) leave(login string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.waiting--; own.waiting == 0 {
		delete(t.held, login)
	}
}

// maxOutcomes bounds how many forms' problems are remembered.
const maxOutcomes = 1024

// outcomes remembers for a while which problem a form met, so that the second
// of a double click tells the person what the first would have told. Losing one
// loses a sentence, nothing else.
type outcomes struct {
	mu    sync.Mutex
	known map[string]*idp.Problem
	order []string
}

func newOutcomes() *outcomes { return &outcomes{known: map[string]*idp.Problem{}} }

func (o *outcomes) put(form string, p *idp.Problem) {
	if form == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.order) >= maxOutcomes {
		delete(o.known, o.order[0])
		o.order = o.order[1:]
	}
	o.known[form] = p
	o.order = append(o.order, form)
}

func (o *outcomes) get(form string) *idp.Problem {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.known[form]
}
