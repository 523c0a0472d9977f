package sandbox

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

const (
	breakAfter  = 3                // refusals for time or memory in a row
	breakFor    = 30 * time.Second // until the driver is tried again, once
	breakerSize = 256              // drivers remembered
)

// breaker keeps a driver that exhausts its worker again and again from taking the workers away from the others.
type breaker struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[[32]byte]*fuse
}

type fuse struct {
	row   int // refusals in a row
	last  loops.Refusal
	until time.Time
}

func newBreaker(now func() time.Time) *breaker {
	return &breaker{now: now, of: map[[32]byte]*fuse{}}
}

func fuseKey(d *loops.Driver) [32]byte { return sha256.Sum256([]byte(d.Name + "\x00" + d.Source)) }

// allow gives the refusal for a driver whose fuse has blown. When the time is over one caller passes, and the others wait
// for what becomes of it.
func (b *breaker) allow(key [32]byte, d *loops.Driver) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.of[key]
	if f == nil || f.row < breakAfter {
		return nil
	}
	now := b.now()
	if !now.Before(f.until) {
		f.until = now.Add(breakFor)
		return nil
	}
	return &loops.Refusal{Reason: f.last.Reason, Detail: fmt.Sprintf(
		"%s (refused %d times in a row, so it is not run for %v)", f.last.Detail, f.row, f.until.Sub(now).Round(time.Second))}
}

// record notes how a step ended; refused is nil for any end but a refusal.
func (b *breaker) record(key [32]byte, refused *loops.Refusal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if refused == nil || (refused.Reason != loops.ReasonTime && refused.Reason != loops.ReasonMemory) {
		delete(b.of, key)
		return
	}
	f := b.of[key]
	if f == nil {
		if len(b.of) >= breakerSize {
			clear(b.of)
		}
		f = &fuse{}
		b.of[key] = f
	}
	f.row++
	f.last = *refused
	f.until = b.now().Add(breakFor)
}
