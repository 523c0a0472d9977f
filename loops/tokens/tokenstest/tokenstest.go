// Package tokenstest is the suite that every tokens.Store passes. It owns no store.
package tokenstest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/tokens"
)

// Run holds a Store to what its doc comments say. newStore gives an empty one.
func Run(t *testing.T, newStore func(t *testing.T) tokens.Store) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, s tokens.Store){
		"a token lives until its time":      lives,
		"a refused token is dropped":        dropped,
		"one holder has the claim":          claimed,
		"a claim ends":                      ends,
		"keys don't see one another":        apart,
		"of many claims at once one is had": raced,
	} {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func token(id string) tokens.Token {
	return tokens.Token{ID: id, Value: "value of " + id, Until: noon.Add(time.Hour)}
}

func keep(t *testing.T, s tokens.Store, key string, tok tokens.Token) {
	t.Helper()
	if err := s.KeepToken(context.Background(), key, tok); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, s tokens.Store, key string, now time.Time) tokens.Token {
	t.Helper()
	got, err := s.FindToken(context.Background(), key, now)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func claim(t *testing.T, s tokens.Store, key, holder string, now time.Time) bool {
	t.Helper()
	got, err := s.ClaimToken(context.Background(), key, holder, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func lives(t *testing.T, s tokens.Store) {
	if got := find(t, s, "k", noon); got != (tokens.Token{}) {
		t.Errorf("an empty store has %+v", got)
	}
	keep(t, s, "k", token("a"))
	if got := find(t, s, "k", noon.Add(time.Hour-time.Second)); got.ID != "a" || got.Value != "value of a" || !got.Until.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %+v", got)
	}
	if got := find(t, s, "k", noon.Add(time.Hour)); got != (tokens.Token{}) {
		t.Errorf("after its time there is %+v", got)
	}
	keep(t, s, "k", token("b"))
	if got := find(t, s, "k", noon); got.ID != "b" {
		t.Errorf("the new token isn't there: %+v", got)
	}
}

func dropped(t *testing.T, s tokens.Store) {
	ctx := context.Background()
	keep(t, s, "k", token("a"))
	if err := s.DropToken(ctx, "k", "of long ago"); err != nil || find(t, s, "k", noon).ID != "a" {
		t.Errorf("another token was dropped: %v", err)
	}
	if err := s.DropToken(ctx, "k", "a"); err != nil || find(t, s, "k", noon).ID != "" {
		t.Errorf("it is still there: %v", err)
	}
	if err := s.DropToken(ctx, "k", "a"); err != nil {
		t.Errorf("dropped twice: %v", err)
	}
	if !claim(t, s, "k", "h", noon) {
		t.Error("nobody can log in after a drop")
	}
}

func claimed(t *testing.T, s tokens.Store) {
	if !claim(t, s, "k", "one", noon) || claim(t, s, "k", "two", noon.Add(59*time.Second)) || !claim(t, s, "k", "one", noon) {
		t.Error("the claim isn't one holder's")
	}
	if !claim(t, s, "k", "two", noon.Add(time.Minute)) {
		t.Error("a claim outlives its time")
	}
	if claim(t, s, "k", "one", noon.Add(time.Minute)) {
		t.Error("the first holder has it still")
	}
}

func ends(t *testing.T, s tokens.Store) {
	ctx := context.Background()
	claim(t, s, "k", "one", noon)
	if err := s.ReleaseToken(ctx, "k", "two"); err != nil || claim(t, s, "k", "three", noon) {
		t.Errorf("somebody else ended the claim: %v", err)
	}
	if err := s.ReleaseToken(ctx, "k", "one"); err != nil || !claim(t, s, "k", "two", noon) {
		t.Errorf("it was not released: %v", err)
	}
	keep(t, s, "k", token("a"))
	if !claim(t, s, "k", "three", noon) {
		t.Error("a kept token left the claim")
	}
	if find(t, s, "k", noon).ID != "a" {
		t.Error("a claim took the token away")
	}
	if err := s.ReleaseToken(ctx, "never seen", "h"); err != nil {
		t.Error(err)
	}
}

func apart(t *testing.T, s tokens.Store) {
	keep(t, s, "k", token("a"))
	claim(t, s, "k", "one", noon)
	if find(t, s, "K", noon).ID != "" || !claim(t, s, "K", "two", noon) {
		t.Error("one key shows what another has")
	}
}

func raced(t *testing.T, s tokens.Store) {
	var won atomic.Int64
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			ok, err := s.ClaimToken(context.Background(), "k", fmt.Sprint("holder ", n), noon, noon.Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d holders have the claim", won.Load())
	}
}
