package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

func someKey(id string, generation int) signing.Record {
	return signing.Record{
		ID: id, Alg: signing.ES256, Generation: generation, Sealed: []byte{0, 1, 0xff},
		CreatedAt: noon, ActiveFrom: noon.Add(time.Hour),
	}
}

func keepsKey(t *testing.T, s Stores) {
	want := someKey("k1", 1)
	wantFull(t, want)
	must(t, s.Keys.AddSigningKey(t.Context(), want))
	got, err := s.Keys.SigningKeys(t.Context())
	must(t, err)
	if !reflect.DeepEqual(got, []signing.Record{want}) {
		t.Errorf("keys are %+v, want %+v", got, want)
	}
	must(t, s.Keys.DeleteSigningKey(t.Context(), "k1"))
	must(t, s.Keys.DeleteSigningKey(t.Context(), "k1"))
	if got, err := s.Keys.SigningKeys(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after the deletion: %v, %v", got, err)
	}
}

func addsGenerationOnce(t *testing.T, s Stores) {
	var all sync.WaitGroup
	var added, taken atomic.Int32
	for i := range 8 {
		all.Go(func() {
			switch err := s.Keys.AddSigningKey(t.Context(), someKey(fmt.Sprint("k", i), 1)); {
			case err == nil:
				added.Add(1)
			case errors.Is(err, idp.ErrTaken):
				taken.Add(1)
			default:
				t.Errorf("adding: %v", err)
			}
		})
	}
	all.Wait()
	if added.Load() != 1 || taken.Load() != 7 {
		t.Errorf("%d nodes made the generation, %d were told that it is taken", added.Load(), taken.Load())
	}
	other := someKey("other", 1)
	other.Alg = signing.EdDSA
	must(t, s.Keys.AddSigningKey(t.Context(), other))
}

// A key that takes another's place does so whole or not at all.
func replacesKeys(t *testing.T, s Stores) {
	must(t, s.Keys.AddSigningKey(t.Context(), someKey("k1", 1)))
	must(t, s.Keys.AddSigningKey(t.Context(), someKey("k2", 2)))
	moved := someKey("k2", 2)
	moved.ActiveFrom = noon
	must(t, s.Keys.ReplaceSigningKeys(t.Context(), []string{"k1", "k2", "none"}, []signing.Record{moved}))
	got, err := s.Keys.SigningKeys(t.Context())
	must(t, err)
	if !reflect.DeepEqual(got, []signing.Record{moved}) {
		t.Errorf("keys are %+v, want %+v alone", got, moved)
	}
	err = s.Keys.ReplaceSigningKeys(t.Context(), nil, []signing.Record{someKey("k3", 2)})
	wantError(t, "a generation that is taken", err, idp.ErrTaken)
	must(t, s.Keys.AddSigningKey(t.Context(), someKey("k4", 4)))
	err = s.Keys.ReplaceSigningKeys(t.Context(), []string{"k2"}, []signing.Record{someKey("k5", 5), someKey("k6", 4)})
	wantError(t, "the second of two is taken", err, idp.ErrTaken)
	if got, err := s.Keys.SigningKeys(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("after a replacement that failed: %+v, %v", got, err)
	}
}

func tellsLongestLife(t *testing.T, s Stores) {
	wants := func(want time.Duration) {
		t.Helper()
		if got, err := s.Clients.LongestTokenLife(t.Context()); err != nil || got != want {
			t.Errorf("the longest life is %v, %v; want %v", got, err, want)
		}
	}
	wants(0)
	for id, lives := range map[string][2]time.Duration{"a": {time.Hour, 0}, "b": {0, 40 * time.Hour}, "c": {0, 0}} {
		c := someClient(id)
		c.IDTokenLife, c.AccessTokenLife = lives[0], lives[1]
		must(t, s.Clients.CreateClient(t.Context(), c))
	}
	wants(40 * time.Hour)
	must(t, s.Clients.DeleteClient(t.Context(), "b"))
	wants(time.Hour)
}
