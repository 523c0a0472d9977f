package signing_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

func TestTendMakesKeysBeforeAnybodyAsks(t *testing.T) {
	w := newWorld(t)
	r := w.ring(signing.EdDSA, signing.ES256, signing.RS256)
	w.must(r.Tend(t.Context()))
	if len(w.records.records) != 3 {
		t.Fatalf("%d keys", len(w.records.records))
	}
	reads := w.records.reads
	w.signs(r)
	if w.records.reads != reads {
		t.Error("the first request had to read the keys")
	}

	w.now = w.now.Add(89*day + time.Minute)
	w.must(r.Tend(t.Context()))
	if got := w.published(r); len(got) != 6 {
		t.Errorf("in the lead %v are published", got)
	}
	w.now = w.now.Add(31 * day)
	w.must(r.Tend(t.Context()))
	if len(w.records.records) != 3 {
		t.Errorf("%d keys when the first are over", len(w.records.records))
	}
}

// Requests don't wait for a key that is being made, once they have any.
func TestRequestsGoOnWhileKeysAreTended(t *testing.T) {
	w := newWorld(t)
	r := w.ring()
	first := w.signs(r)
	w.now = w.now.Add(time.Hour)
	begun := w.records.waiting.Load()
	w.records.mu.Lock() // the database takes its time
	tended := make(chan error)
	go func() { tended <- r.Tend(context.Background()) }()
	for w.records.waiting.Load() == begun {
		runtime.Gosched()
	}
	if w.signs(r) != first {
		t.Error("another key signs")
	}
	w.records.mu.Unlock()
	w.must(<-tended)
}

func (m *memory) set(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.records)
}

func TestRunTendsFromTheStartAndOutlivesADatabaseThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.records.set(errors.New("database away"))
		r := w.ringAt(time.Now)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		synctest.Wait()
		if w.records.count() != 0 {
			t.Error("a key was stored in a database that is away")
		}

		w.records.set(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if w.records.count() != 1 {
			t.Errorf("%d keys a minute after the database came back", w.records.count())
		}
		time.Sleep(89*day + time.Hour)
		synctest.Wait()
		if w.records.count() != 2 {
			t.Errorf("%d keys in the lead", w.records.count())
		}
		stop()
		w.must(<-ended)
	})
}
