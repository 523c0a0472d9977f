package password_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
)

// held is randomness that waits, so that a hash lasts as long as a test wants.
type held struct {
	asked chan struct{}
	give  chan struct{}
	holds atomic.Bool
}

func (h *held) Read(p []byte) (int, error) {
	if h.holds.CompareAndSwap(true, false) {
		close(h.asked)
		<-h.give
	}
	return io.ReadFull(bytes.NewReader(make([]byte, len(p))), p)
}

// Who would wait longer than anybody may is refused at once, and all that wait are
// away from what counts requests.
func TestRefusedAtOnceWhereHashesTakeLong(t *testing.T) {
	random := &held{asked: make(chan struct{}), give: make(chan struct{})}
	var now, away atomic.Int64
	h, err := password.NewHasher(password.HasherOptions{
		Params: tiny, Parallel: 1, MaxWait: time.Hour, Rand: random,
		Now:  func() time.Time { return time.Unix(0, now.Add(int64(10*time.Hour))) },
		Away: func(context.Context) func() { away.Add(1); return func() { away.Add(-1) } },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Hash(t.Context(), right); err != nil { // takes ten hours
		t.Fatal(err)
	}
	random.holds.Store(true)
	done := make(chan error, 1)
	go func() {
		_, err := h.Hash(t.Context(), right)
		done <- err
	}()
	<-random.asked
	if _, err := h.Hash(t.Context(), right); !errors.Is(err, password.ErrBusy) {
		t.Errorf("the next one: %v, want ErrBusy at once", err)
	}
	if n := away.Load(); n != 1 {
		t.Errorf("%d are away, want the one that hashes", n)
	}
	close(random.give)
	if err := <-done; err != nil || away.Load() != 0 {
		t.Errorf("%v, and %d are away", err, away.Load())
	}
}
