package signing_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

const day = 24 * time.Hour

// memory is Records in a slice.
type memory struct {
	mu      sync.Mutex
	records []signing.Record
	err     error
	reads   int
	waiting atomic.Int64 // reads that have begun
}

func (m *memory) SigningKeys(context.Context) ([]signing.Record, error) {
	m.waiting.Add(1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	return slices.Clone(m.records), m.err
}

func (m *memory) AddSigningKey(_ context.Context, r signing.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.records, func(o signing.Record) bool { return o.Alg == r.Alg && o.Generation == r.Generation }) {
		return idp.ErrTaken
	}
	m.records = append(m.records, r)
	return m.err
}

func (m *memory) DeleteSigningKey(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = slices.DeleteFunc(m.records, func(r signing.Record) bool { return r.ID == id })
	return m.err
}

func (m *memory) ReplaceSigningKeys(ctx context.Context, gone []string, added []signing.Record) error {
	m.mu.Lock()
	before := slices.Clone(m.records)
	m.records = slices.DeleteFunc(m.records, func(r signing.Record) bool { return slices.Contains(gone, r.ID) })
	m.mu.Unlock()
	for _, r := range added {
		if err := m.AddSigningKey(ctx, r); err != nil {
			m.mu.Lock()
			m.records = before
			m.mu.Unlock()
			return err
		}
	}
	return nil
}

type fatal interface {
	Helper()
	Fatal(...any)
}

type world struct {
	t       fatal
	now     time.Time
	records *memory
	master  byte
}

func newWorld(t fatal) *world {
	return &world{t: t, now: time.Unix(1_800_000_000, 0).UTC(), records: &memory{}, master: 1}
}

// ring is one node; EdDSA keys are quick to make.
func (w *world) ring(algorithms ...string) *signing.Ring {
	w.t.Helper()
	return w.ringAt(func() time.Time { return w.now }, algorithms...)
}

func (w *world) ringAt(now func() time.Time, algorithms ...string) *signing.Ring {
	w.t.Helper()
	k, err := keyring.New(bytes.Repeat([]byte{w.master}, keyring.MasterKeyBytes), nil)
	w.must(err)
	if len(algorithms) == 0 {
		algorithms = []string{signing.EdDSA}
	}
	r, err := signing.New(signing.Options{Records: w.records, Keyring: k, Algorithms: algorithms, Now: now,
		Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	return r
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) signs(r *signing.Ring) string {
	w.t.Helper()
	key, err := r.Signing(context.Background(), signing.EdDSA)
	w.must(err)
	return key.ID
}

func (w *world) published(r *signing.Ring) []string {
	w.t.Helper()
	keys, err := r.Published(context.Background())
	w.must(err)
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	return ids
}

func TestEveryAlgorithmGetsAKeyAtFirstUse(t *testing.T) {
	w := newWorld(t)
	r := w.ring(signing.EdDSA, signing.ES256, signing.RS256)
	keys, err := r.Published(t.Context())
	w.must(err)
	if len(keys) != 3 || keys[0].Alg != signing.RS256 {
		t.Errorf("published %v, want three, RS256 first", keys)
	}
	for _, alg := range []string{"", signing.RS256, signing.ES256, signing.EdDSA} {
		key, err := r.Signing(t.Context(), alg)
		w.must(err)
		if want := alg; want != "" && key.Alg != want || want == "" && key.Alg != signing.RS256 {
			t.Errorf("%q is signed with %s", alg, key.Alg)
		}
	}
	if _, err := r.Signing(t.Context(), "HS256"); err == nil {
		t.Error("there is a key for HS256")
	}
	if w.records.reads > 2 {
		t.Errorf("%d reads for one minute", w.records.reads)
	}
}

func TestScheduledRotation(t *testing.T) {
	w := newWorld(t)
	r := w.ring()
	first := w.signs(r)

	w.now = w.now.Add(89*day - time.Second)
	if got := w.published(r); len(got) != 1 {
		t.Errorf("before the lead: %v", got)
	}
	w.now = w.now.Add(time.Minute)
	if got := w.published(r); len(got) != 2 || w.signs(r) != first {
		t.Errorf("in the lead: published %v, signs %s, want two and the first", got, w.signs(r))
	}
	w.now = w.now.Add(day)
	second := w.signs(r)
	if second == first || len(w.published(r)) != 2 {
		t.Errorf("after the change: published %v, signs %s", w.published(r), second)
	}
	w.now = w.now.Add(30 * day)
	if got := w.published(r); len(got) != 1 || got[0] != second || len(w.records.records) != 1 {
		t.Errorf("after the old key's time: %v, %d records", got, len(w.records.records))
	}
}

func TestRotateNow(t *testing.T) {
	w := newWorld(t)
	node, command := w.ring(), w.ring()
	first := w.signs(node)
	made, err := command.Rotate(t.Context(), signing.EdDSA)
	w.must(err)
	if made.State != signing.Pending || w.signs(node) != first {
		t.Errorf("made %+v", made)
	}
	w.now = w.now.Add(2 * time.Minute)
	if w.signs(node) != made.ID || w.signs(command) != made.ID {
		t.Error("the new key doesn't sign after two minutes")
	}
	list, err := command.List(t.Context())
	w.must(err)
	if len(list) != 2 || list[0].ID != first || list[0].State != signing.Retired || list[1].State != signing.Active {
		t.Errorf("list %+v", list)
	}
	both := w.ring(signing.RS256, signing.EdDSA)
	if _, err := both.Rotate(t.Context(), "none"); err == nil || !strings.Contains(err.Error(), `"none" is not one of RS256, EdDSA`) {
		t.Errorf("an algorithm without keys: %v", err)
	}
}

func TestNodesAgree(t *testing.T) {
	w := newWorld(t)
	rings := make([]*signing.Ring, 8)
	for i := range rings {
		rings[i] = w.ring()
	}
	for range 3 {
		var all sync.WaitGroup
		ids := make([]string, len(rings))
		for i, r := range rings {
			all.Go(func() {
				if key, err := r.Signing(context.Background(), signing.EdDSA); err == nil {
					ids[i] = key.ID
				}
			})
		}
		all.Wait()
		if slices.Sort(ids); ids[0] == "" || len(slices.Compact(ids)) != 1 {
			t.Errorf("nodes sign with %v", ids)
		}
		w.now = w.now.Add(89*day + 2*time.Hour)
	}
}

func TestKeysAreSealed(t *testing.T) {
	w := newWorld(t)
	w.signs(w.ring())
	if bytes.Contains(w.records.records[0].Sealed, []byte("\x04\x22\x04\x20")) {
		t.Error("the record shows a private key's PKCS #8")
	}
	w.master = 2
	if _, err := w.ring().Signing(t.Context(), signing.EdDSA); !errors.Is(err, keyring.ErrSealed) {
		t.Errorf("another master key: %v", err)
	}
}

func TestADatabaseThatFailsLaterDoesNotStopSigning(t *testing.T) {
	w := newWorld(t)
	r := w.ring()
	first := w.signs(r)
	w.records.err = errors.New("database gone")
	w.now = w.now.Add(time.Hour)
	if w.signs(r) != first {
		t.Error("another key signs")
	}
	if _, err := w.ring().Signing(t.Context(), signing.EdDSA); !errors.Is(err, w.records.err) {
		t.Errorf("a node that never read: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	if _, err := signing.New(signing.Options{}); err == nil {
		t.Error("a ring without dependencies")
	}
	w := newWorld(t)
	k, err := keyring.New(make([]byte, keyring.MasterKeyBytes), nil)
	w.must(err)
	if _, err := signing.New(signing.Options{Records: w.records, Keyring: k, Now: time.Now, Algorithms: []string{"none"}}); err == nil {
		t.Error(`the algorithm "none" was accepted`)
	}
}

// TestAnyHistoryKeepsThePromises lets time pass and people rotate at random:
// there is always a key that signs, relying parties saw it before, and they can
// verify what it signed for as long as was promised.
func TestAnyHistoryKeepsThePromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		nodes := []*signing.Ring{w.ring(), w.ring()}
		seen := map[string]time.Time{}   // when a key was first published
		signed := map[string]time.Time{} // when a key signed last
		begin := w.now
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			node := nodes[rapid.IntRange(0, 1).Draw(t, "node")]
			if rapid.IntRange(0, 5).Draw(t, "rotate") == 0 {
				_, err := node.Rotate(context.Background(), signing.EdDSA)
				w.must(err)
			}
			public := w.published(node)
			for _, id := range public {
				if _, known := seen[id]; !known {
					seen[id] = w.now
				}
			}
			id := w.signs(node)
			if w.now.After(begin) && !w.now.After(seen[id]) && len(seen) > 1 {
				t.Fatalf("key %s signs in the moment it is published", id)
			}
			for old, at := range signed {
				if w.now.Before(at.Add(30*day)) && !slices.Contains(public, old) {
					t.Fatalf("key %s signed at %v and is gone at %v", old, at, w.now)
				}
			}
			signed[id] = w.now
			w.now = w.now.Add(time.Duration(rapid.Int64Range(0, int64(40*day)).Draw(t, "pass")))
		}
	})
}
