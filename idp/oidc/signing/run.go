package signing

import (
	"context"
	"time"
)

// Run tends the keys at once and then often enough that requests find them
// tended, until ctx ends: the first keys are there before the first login, and
// the next ones are published ahead of time where nobody asks for a token. A
// database that fails is logged and asked again; the error is always nil.
//
// Without Run the keys are tended by the requests that need them.
func (r *Ring) Run(ctx context.Context) error {
	ticker := time.NewTicker(max(r.CacheFor/2, time.Millisecond))
	defer ticker.Stop()
	var changed <-chan struct{}
	if r.Changes != nil {
		changed = r.Changes(ctx)
	}
	for {
		if err := r.Tend(ctx); err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "signing keys can't be tended", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-changed:
		}
	}
}

// Tend does what the schedule asks for now: it makes first keys and next ones
// and deletes those that are over. Requests go on with the keys they know
// meanwhile. Run calls it; a program without Run may.
func (r *Ring) Tend(ctx context.Context) error {
	r.tending.Lock()
	defer r.tending.Unlock()
	_, err := r.look(ctx)
	return err
}
