// Package recoverytest is the suite that every recovery.Store passes. It doesn't
// own what the method does with one (package recovery's own tests).
package recoverytest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/recovery"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func hash(parts ...string) string { return strings.Join(parts, "|") }

// Run runs the suite. newStore gives an empty store and the IDs of two persons whom
// it knows.
func Run(t *testing.T, newStore func(t *testing.T) (s recovery.Store, one, other string)) {
	t.Run("what is kept comes back", func(t *testing.T) {
		s, one, other := newStore(t)
		want := recovery.Kept{Codes: []string{"a", "b"}, MadeAt: noon, Wrong: 3, NotBefore: noon.Add(time.Minute)}
		update(t, s, one, func(k *recovery.Kept) error { *k = want; return nil })
		if got := kept(t, s, one); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := kept(t, s, other); len(got.Codes) != 0 || got.Wrong != 0 || !got.NotBefore.IsZero() {
			t.Errorf("another person has %+v", got)
		}
	})
	t.Run("an error changes nothing", func(t *testing.T) {
		s, one, _ := newStore(t)
		update(t, s, one, func(k *recovery.Kept) error { k.Codes = []string{"a"}; return nil })
		stop := errors.New("stop")
		err := s.UpdateRecovery(context.Background(), one, func(k *recovery.Kept) error { k.Codes = nil; return stop })
		if !errors.Is(err, stop) || len(kept(t, s, one).Codes) != 1 {
			t.Errorf("err = %v, kept %+v", err, kept(t, s, one))
		}
	})
	t.Run("a code counts once, however many post it at once", func(t *testing.T) {
		s, one, _ := newStore(t)
		codes := issue(t, s, one)
		var proofs atomic.Int64
		at64(func() {
			if proof, _ := answer(t, s, one, codes[0]); proof != nil {
				proofs.Add(1)
			}
		})
		if proofs.Load() != 1 || len(kept(t, s, one).Codes) != recovery.Count-1 {
			t.Errorf("%d proofs, %d codes left", proofs.Load(), len(kept(t, s, one).Codes))
		}
	})
	t.Run("guesses are counted, however many come at once", func(t *testing.T) {
		s, one, _ := newStore(t)
		issue(t, s, one)
		var looked atomic.Int64
		at64(func() {
			if _, err := answer(t, s, one, "guess-guess"); isProblem(err, recovery.ProblemWrong) {
				looked.Add(1)
			}
		})
		if looked.Load() != 5 {
			t.Errorf("%d guesses were looked at, want 5", looked.Load())
		}
	})
}

func at64(do func()) {
	var all sync.WaitGroup
	for range 64 {
		all.Go(do)
	}
	all.Wait()
}

func answer(t *testing.T, s recovery.Store, person, code string) (*factors.Proof, error) {
	t.Helper()
	m, err := recovery.New(recovery.Options{Store: s, Hash: hash, Now: func() time.Time { return noon }})
	if err != nil {
		t.Error(err)
		return nil, err
	}
	login := factors.Login{ID: "l", Factor: 2, Person: &factors.Person{ID: person}}
	return m.Answer(context.Background(), login, factors.Answer{Fields: map[string]string{recovery.FieldCode: code}})
}

func issue(t *testing.T, s recovery.Store, person string) []string {
	t.Helper()
	codes, err := recovery.Issue(context.Background(), s, hash, nil, person, noon)
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

func update(t *testing.T, s recovery.Store, person string, change func(*recovery.Kept) error) {
	t.Helper()
	if err := s.UpdateRecovery(context.Background(), person, change); err != nil {
		t.Fatal(err)
	}
}

func kept(t *testing.T, s recovery.Store, person string) recovery.Kept {
	t.Helper()
	k, err := s.Recovery(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func isProblem(err error, id string) bool {
	p := factors.AsProblem(err)
	return p != nil && p.ID == id
}
