package sandbox

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

const (
	breakAfter  = 3                // steps in a row that exhausted their worker
	breakFor    = 30 * time.Second // until the entry is tried again, once
	breakerSize = 256              // entries remembered
)

// breaker keeps a driver that exhausts its worker again and again from taking the workers away from the others.
//
// It stands between everybody and a driver, so it must be hard to trip from outside. A step counts where it ran out of time or
// memory or its worker died, and any step that ends in an action takes the count back to nothing: one person's input trips the
// breaker only where the script can be exhausted by an input at all and nobody else's step ends well between three of these. An
// entry has a fuse of its own, so that what strangers may send to callback never stops start. A machine that is too slow for
// Limits.Step trips it for a good driver as well. Whatever the cause, it costs the entry half a minute; then one step is tried,
// and a good end of it mends all.
type breaker struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[fuseKey]*fuse
}

type fuse struct {
	row   int // steps in a row
	last  loops.Refusal
	until time.Time
}

type fuseKey [sha256.Size]byte

func newBreaker(now func() time.Time) *breaker {
	return &breaker{now: now, of: map[fuseKey]*fuse{}}
}

func fuseOf(q loops.Question) fuseKey {
	return sha256.Sum256([]byte(q.Driver.Name + "\x00" + string(q.Entry) + "\x00" + q.Driver.Source))
}

// pass lets one step run.
type pass struct {
	key   fuseKey
	until time.Time // of a step that tries a blown fuse: how long the others wait for it; zero for any other step
}

// allow gives the refusal for an entry whose fuse has blown. When the time is over one caller passes, and the others wait
// for what becomes of it. Each pass must be given to record.
func (b *breaker) allow(key fuseKey) (pass, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.of[key]
	if f == nil || f.row < breakAfter {
		return pass{key: key}, nil
	}
	now := b.now()
	if !now.Before(f.until) {
		f.until = now.Add(breakFor)
		return pass{key, f.until}, nil
	}
	return pass{}, &loops.Refusal{Reason: f.last.Reason, Detail: fmt.Sprintf(
		"%s (refused %d times in a row, so it is not run for %v)", f.last.Detail, f.row, f.until.Sub(now).Round(time.Second))}
}

// record notes how a step that was allowed ended; err is nil for any action, a failure that the driver said included. Neither a
// full queue, nor a caller who went away, nor a refusal in time says whether the next step exhausts its worker: the count stays,
// and where the step was to try a blown fuse the next caller does.
func (b *breaker) record(p pass, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		delete(b.of, p.key)
		return
	}
	if cost := exhaustion(err); cost != nil {
		b.burn(p.key, *cost)
		return
	}
	if f := b.of[p.key]; f != nil && !p.until.IsZero() && f.until.Equal(p.until) {
		f.until = b.now()
	}
}

func (b *breaker) burn(key fuseKey, cost loops.Refusal) {
	f := b.of[key]
	if f == nil {
		if len(b.of) >= breakerSize {
			clear(b.of)
		}
		f = &fuse{}
		b.of[key] = f
	}
	f.row++
	f.last = cost
	f.until = b.now().Add(breakFor)
}

// exhaustion gives what a step did to its worker; nil where the worker could go on.
func exhaustion(err error) *loops.Refusal {
	var died *death
	if errors.As(err, &died) {
		return died.refusal()
	}
	var refused *loops.Refusal
	if errors.As(err, &refused) && (refused.Reason == loops.ReasonTime || refused.Reason == loops.ReasonMemory) {
		return refused
	}
	return nil
}
