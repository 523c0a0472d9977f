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
