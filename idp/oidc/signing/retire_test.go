package signing_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// retire has a command of its own, as an administrator would.
func (w *world) retire(id string) signing.Info {
	w.t.Helper()
	signs, err := w.ring().Retire(context.Background(), id)
	w.must(err)
	return signs
}

func TestRetireTheKeyThatSigns(t *testing.T) {
	w := newWorld(t)
	node := w.ring()
	leaked := w.signs(node)
	signs := w.retire(leaked)
	if signs.ID == leaked || signs.State != signing.Active {
		t.Errorf("%+v signs now", signs)
	}
	w.now = w.now.Add(time.Minute) // what a node believes
	if got := w.published(node); !slices.Equal(got, []string{signs.ID}) || w.signs(node) != signs.ID {
		t.Errorf("published %v, signs %s, want %s alone", got, w.signs(node), signs.ID)
	}
}

// In the lead relying parties have seen the next key: it is the one to take over.
func TestRetireLetsThePublishedKeyTakeOver(t *testing.T) {
	w := newWorld(t)
	node := w.ring()
	leaked := w.signs(node)
	w.now = w.now.Add(89*day + time.Hour)
	seen := w.published(node)
	signs := w.retire(leaked)
	if !slices.Contains(seen, signs.ID) || signs.State != signing.Active || len(w.records.records) != 1 {
		t.Errorf("%+v signs now, of %v", signs, seen)
	}
	w.now = w.now.Add(time.Minute)
	if w.signs(node) != signs.ID {
		t.Errorf("%s signs, want %s", w.signs(node), signs.ID)
	}
	w.now = signs.ActiveFrom.Add(89*day + time.Hour)
	if got := w.published(node); len(got) != 2 {
		t.Errorf("the schedule goes on with %v", got)
	}
}

func TestRetireWhatDoesNotSign(t *testing.T) {
	w := newWorld(t)
	node := w.ring()
	former := w.signs(node)
	_, err := w.ring().Rotate(t.Context(), signing.EdDSA)
	w.must(err)
	w.now = w.now.Add(2 * time.Minute)
	signs := w.signs(node)
	if got := w.retire(former); got.ID != signs {
		t.Errorf("%s signs after a former key went, want %s", got.ID, signs)
	}
	next, err := w.ring().Rotate(t.Context(), signing.EdDSA)
	w.must(err)
	if got := w.retire(next.ID); got.ID != signs {
		t.Errorf("%s signs after the next key went, want %s", got.ID, signs)
	}
	w.now = w.now.Add(time.Minute)
	if got := w.published(node); !slices.Equal(got, []string{signs}) {
		t.Errorf("published %v, want %s", got, signs)
	}
	if _, err := node.Retire(t.Context(), former); !errors.Is(err, signing.ErrUnknownKey) {
		t.Errorf("a key that is gone: %v", err)
	}
}

// A former key never signs again because the one after it was retired.
func TestRetireBringsNoFormerKeyBack(t *testing.T) {
	w := newWorld(t)
	node := w.ring()
	former := w.signs(node)
	_, err := w.ring().Rotate(t.Context(), signing.EdDSA)
	w.must(err)
	w.now = w.now.Add(2 * time.Minute)
	signs := w.retire(w.signs(node))
	w.now = w.now.Add(time.Minute)
	if got := w.signs(node); got == former || got != signs.ID {
		t.Errorf("%s signs, want %s", got, signs.ID)
	}
}

func TestAnAlgorithmThatTheSettingsLeaveOut(t *testing.T) {
	w := newWorld(t)
	w.signs(w.ring(signing.EdDSA, signing.ES256))
	node := w.ring(signing.EdDSA)
	if _, err := node.Signing(t.Context(), signing.ES256); err == nil {
		t.Error("it still signs")
	}
	if got := w.published(node); len(got) != 2 {
		t.Errorf("published %v, want also the key whose tokens are about", got)
	}
	list, err := node.List(t.Context())
	w.must(err)
	if list[0].Alg != signing.ES256 || list[0].State != signing.Retired {
		t.Errorf("list %+v", list)
	}
	if signs := w.retire(list[0].ID); signs.ID != "" || len(w.records.records) != 1 {
		t.Errorf("%+v signs after the last key of the algorithm went", signs)
	}
	w.signs(w.ring(signing.EdDSA, signing.ES256))
	w.now = w.now.Add(121 * day)
	if got := w.published(node); len(got) != 2 {
		t.Errorf("published %v long after, want the two that sign and did", got)
	}
	if len(w.records.records) != 2 || w.records.records[0].Alg == signing.ES256 {
		t.Errorf("the key of no algorithm is kept: %v", w.published(node))
	}
}

// A client's tokens may live longer than the settings keep keys.
func TestKeysStayAsLongAsATokenMayLive(t *testing.T) {
	w := newWorld(t)
	life := 40 * day
	k, err := keyring.New(bytes.Repeat([]byte{w.master}, keyring.MasterKeyBytes), nil)
	w.must(err)
	fails := errors.New("database away")
	var failing error
	node, err := signing.New(signing.Options{
		Records: w.records, Keyring: k, Algorithms: []string{signing.EdDSA}, Now: func() time.Time { return w.now },
		TokenLife: func(context.Context) (time.Duration, error) { return life, failing }, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	first := w.signs(node)
	w.now = w.now.Add(89*day + time.Minute)
	w.published(node)
	w.now = w.now.Add(41*day - 2*time.Minute)
	if got := w.published(node); !slices.Contains(got, first) {
		t.Errorf("published %v, and a token of %s may live", got, first)
	}
	list, err := node.List(t.Context())
	w.must(err)
	if want := list[0].ActiveUntil.Add(40*day + 5*time.Minute); !list[0].PublishedUntil.Equal(want) || list[0].State != signing.Retired {
		t.Errorf("the first key is %+v, want published until %v", list[0], want)
	}
	w.now = list[0].PublishedUntil.Add(-time.Second)
	failing = fails
	if got := w.published(node); !slices.Contains(got, first) {
		t.Errorf("published %v while the lives can't be read", got)
	}
	if _, err := node.List(t.Context()); !errors.Is(err, fails) {
		t.Errorf("listing without the lives: %v", err)
	}
	failing = nil
	w.now = w.now.Add(time.Minute)
	if got := w.published(node); slices.Contains(got, first) {
		t.Errorf("published %v after the last token's time", got)
	}
}

// Whatever happens in whatever order: a key always signs, and a retired one never
// does again, on no node, once that read the keys anew.
func TestNothingBringsARetiredKeyBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		nodes := []*signing.Ring{w.ring(), w.ring()}
		gone := map[string]bool{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			node := nodes[rapid.IntRange(0, 1).Draw(t, "node")]
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				_, err := node.Rotate(context.Background(), signing.EdDSA)
				w.must(err)
			case 1:
				list, err := node.List(context.Background())
				w.must(err)
				if len(list) == 0 {
					break
				}
				id := list[rapid.IntRange(0, len(list)-1).Draw(t, "key")].ID
				gone[id] = true
				if signs := w.retire(id); signs.State != signing.Active || gone[signs.ID] {
					t.Fatalf("%+v signs after %s went", signs, id)
				}
			}
			w.now = w.now.Add(time.Minute + time.Duration(rapid.Int64Range(0, int64(40*day)).Draw(t, "pass")))
			for _, n := range nodes {
				if id := w.signs(n); gone[id] {
					t.Fatalf("%s was retired and signs", id)
				}
				for _, id := range w.published(n) {
					if gone[id] {
						t.Fatalf("%s was retired and is published", id)
					}
				}
			}
		}
	})
}
