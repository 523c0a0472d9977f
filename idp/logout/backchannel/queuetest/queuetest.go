// Package queuetest is the suite that every backchannel.Queue passes. It owns no
// queue.
package queuetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
)

// Noon is when the suite's notices are queued.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, int(5*time.Microsecond), time.UTC)

// Filler puts a notice for the client and the session into the queue, at Noon.
type Filler func(t *testing.T, session, clientID string)

// Run holds a Queue to what its doc comments say. open gives an empty one, and
// the way to fill it; the user of every notice is u1.
func Run(t *testing.T, open func(t *testing.T) (backchannel.Queue, Filler)) {
	for name, test := range map[string]func(t *testing.T, q *bench){
		"a notice is taken once, until its lease ends": leases,
		"whoever lost the lease changes nothing":       loses,
		"a notice waits until it is due":               waits,
		"a client's other notices wait too":            waitsTogether,
		"a client has only so many leases":             shares,
		"of many at once each takes another":           races,
	} {
		t.Run(name, func(t *testing.T) {
			q, fill := open(t)
			test(t, &bench{Queue: q, t: t, fill: fill})
		})
	}
}

type bench struct {
	backchannel.Queue
	t     *testing.T
	fill  Filler
	mu    sync.Mutex
	takes int
}

// take gives "client/session", or "" where nothing is due.
func (b *bench) take(now time.Time) (string, *backchannel.Notice) {
	b.t.Helper()
	b.mu.Lock()
	b.takes++
	holder := fmt.Sprint("holder-", b.takes)
	b.mu.Unlock()
	n, err := b.TakeNotice(context.Background(), backchannel.Lease{Holder: holder, Now: now, Until: now.Add(time.Minute), PerClient: 2})
	if errors.Is(err, idp.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		b.t.Error(err)
		return "", nil
	}
	if n.Holder != holder || n.UserID != "u1" || !n.QueuedAt.Equal(Noon) {
		b.t.Errorf("taken as %s: %+v", holder, n)
	}
	return n.ClientID + "/" + n.Session, n
}

func (b *bench) wants(now time.Time, want string) *backchannel.Notice {
	b.t.Helper()
	got, n := b.take(now)
	if got != want {
		b.t.Fatalf("at %v: took %q, want %q", now.Sub(Noon), got, want)
	}
	return n
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func leases(t *testing.T, b *bench) {
	b.fill(t, "s1", "shop")
	first := b.wants(Noon, "shop/s1")
	b.wants(Noon.Add(time.Minute-time.Second), "")
	again := b.wants(Noon.Add(time.Minute), "shop/s1")
	if first.Tries != 1 || again.Tries != 2 {
		t.Errorf("tries %d and %d", first.Tries, again.Tries)
	}
	b.must(b.DropNotice(context.Background(), again))
	b.wants(Noon.Add(time.Hour), "")
}

func loses(t *testing.T, b *bench) {
	b.fill(t, "s1", "shop")
	b.fill(t, "s2", "shop")
	late := b.wants(Noon, "shop/s1")
	b.must(b.DropNotice(context.Background(), b.wants(Noon, "shop/s2")))
	holder := b.wants(Noon.Add(time.Minute), "shop/s1")
	b.fill(t, "s3", "shop")
	b.must(b.DropNotice(context.Background(), late))
	b.must(b.PostponeNotice(context.Background(), late, Noon, Noon.Add(time.Hour)))
	b.must(b.DropNotice(context.Background(), b.wants(Noon.Add(time.Minute), "shop/s3")))
	b.must(b.PostponeNotice(context.Background(), holder, Noon.Add(2*time.Minute), time.Time{}))
	b.wants(Noon.Add(2*time.Minute), "shop/s1")
}

func waits(t *testing.T, b *bench) {
	b.fill(t, "s1", "shop")
	b.wants(Noon.Add(-time.Second), "")
	n := b.wants(Noon, "shop/s1")
	b.must(b.PostponeNotice(context.Background(), n, Noon.Add(10*time.Second), time.Time{}))
	b.wants(Noon.Add(9*time.Second), "")
	b.wants(Noon.Add(10*time.Second), "shop/s1")
}

func waitsTogether(t *testing.T, b *bench) {
	for _, session := range []string{"s1", "s2", "s3"} {
		b.fill(t, session, "down")
	}
	first, second := b.wants(Noon, "down/s1"), b.wants(Noon, "down/s2")
	b.fill(t, "s9", "up")
	b.must(b.PostponeNotice(context.Background(), first, Noon.Add(time.Minute), Noon.Add(time.Minute)))
	b.must(b.DropNotice(context.Background(), b.wants(Noon, "up/s9")))
	b.wants(Noon, "")
	b.must(b.DropNotice(context.Background(), second)) // which was under way
	b.wants(Noon.Add(time.Minute-time.Second), "")
	b.wants(Noon.Add(time.Minute), "down/s1")
	b.wants(Noon.Add(time.Minute), "down/s3")
}

func shares(t *testing.T, b *bench) {
	for i := range 5 {
		b.fill(t, fmt.Sprint("s", i), "busy")
	}
	b.fill(t, "s9", "idle")
	first := b.wants(Noon, "busy/s0")
	b.wants(Noon, "busy/s1")
	b.wants(Noon, "idle/s9")
	b.wants(Noon, "")
	b.must(b.DropNotice(context.Background(), first))
	b.wants(Noon, "busy/s2")
	b.wants(Noon, "")
	// The nodes that have the leases died: those count no more.
	b.wants(Noon.Add(time.Minute), "busy/s3")
	b.wants(Noon.Add(time.Minute), "busy/s4")
	b.wants(Noon.Add(time.Minute), "idle/s9")
	b.wants(Noon.Add(time.Minute), "")
}

func races(t *testing.T, b *bench) {
	const many = 24
	for i := range many {
		b.fill(t, fmt.Sprint("s", i), fmt.Sprint("client-", i))
	}
	var taking sync.WaitGroup
	var mu sync.Mutex
	took := map[string]int{}
	for range many + 8 {
		taking.Go(func() {
			got, _ := b.take(Noon)
			mu.Lock()
			defer mu.Unlock()
			took[got]++
		})
	}
	taking.Wait()
	if took[""] != 8 || len(took) != many+1 {
		t.Errorf("took %v", took)
	}
}
