package live

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// Provider is a provider made of one state of the settings.
type Provider interface {
	// Handler serves the public, Ops the operators, Console the administrators where
	// they have a listener of their own, and is nil elsewhere.
	Handler() http.Handler
	Ops() http.Handler
	Console() http.Handler
	// Run does the background work until ctx ends, and then finishes what it began.
	// It is called at most once.
	Run(ctx context.Context) error
	// Close gives back what it took. It is called once, after Run ended, when no
	// request is in the provider any more.
	Close() error
}

// generation is a provider with the state that it was made of, while it serves and
// after it.
type generation struct {
	Provider
	settings *conf.Settings
	revision settings.Revision
	files    *snapshot

	mu      sync.Mutex
	inside  int  // requests
	retired bool // nobody enters any more
	empty   chan struct{}
	stop    context.CancelFunc // ends Run; nil where it never began
	ended   chan struct{}      // closed when Run ended
	failure error              // of Run; read it after ended
}

func newGeneration(p Provider, s *conf.Settings, r settings.Revision, files *snapshot) *generation {
	return &generation{Provider: p, settings: s, revision: r, files: files, empty: make(chan struct{}), ended: make(chan struct{})}
}

// enter lets a request in; false where the generation is not served any more.
func (g *generation) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.retired {
		return false
	}
	g.inside++
	return true
}

// leave is called once for each request that entered.
func (g *generation) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.retired && g.inside == 0 {
		close(g.empty)
	}
}

// begin starts the background work, whose failure is told.
func (g *generation) begin(ctx context.Context, failed func(error)) {
	ctx, g.stop = context.WithCancel(ctx)
	go func() {
		defer close(g.ended)
		if g.failure = g.Run(ctx); g.failure != nil {
			failed(g.failure)
		}
	}()
}

// retire lets nobody in any more and ends the background work, for that of the
// next generation acts by the new settings.
func (g *generation) retire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.retired = true
	if g.inside == 0 {
		close(g.empty)
	}
	if g.stop != nil {
		g.stop()
	} else {
		close(g.ended)
	}
}

// finish waits for what is left of a retired generation, and closes it.
func (g *generation) finish() error {
	<-g.empty
	<-g.ended
	return errors.Join(g.failure, g.Close())
}
