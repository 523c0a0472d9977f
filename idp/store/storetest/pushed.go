package storetest

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func somePushed(hash string) oidc.PushedRequest {
	age := int64(60)
	return oidc.PushedRequest{
		Hash: hash, ClientID: "shop", CreatedAt: noon, ExpiresAt: noon.Add(time.Minute),
		Request: idp.AuthorizationRequest{
			ClientID: "shop", RedirectURI: "https://shop.example/cb", ResponseType: "code", Scopes: []string{"openid"}, State: "s", MaxAge: &age,
			Claims: &idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"name": nil, "email": {Essential: true, Values: []any{"a"}}}},
		},
	}
}

func takesPushedOnce(t *testing.T, s Stores) {
	want := somePushed("p1")
	wantFull(t, want)
	must(t, s.Pushed.CreatePushedRequest(t.Context(), want))
	wantError(t, "the same again", s.Pushed.CreatePushedRequest(t.Context(), want), idp.ErrTaken)
	for what, take := range map[string]struct {
		hash, client string
		now          time.Time
	}{
		"another client's":  {"p1", "other", noon},
		"an unknown one":    {"p2", "shop", noon},
		"one that is over":  {"p1", "shop", noon.Add(time.Minute)},
		"nothing at all":    {"", "", noon},
		"the client's name": {"shop", "shop", noon},
	} {
		_, err := s.Pushed.TakePushedRequest(t.Context(), take.hash, take.client, take.now)
		wantError(t, what, err, idp.ErrNotFound)
	}
	got, err := s.Pushed.TakePushedRequest(t.Context(), "p1", "shop", noon.Add(time.Minute-time.Microsecond))
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pushed request is %+v, want %+v", got, want)
	}
	_, err = s.Pushed.TakePushedRequest(t.Context(), "p1", "shop", noon)
	wantError(t, "a second time", err, idp.ErrNotFound)
}

func takesPushedInParallel(t *testing.T, s Stores) {
	must(t, s.Pushed.CreatePushedRequest(t.Context(), somePushed("p1")))
	var all sync.WaitGroup
	var winners atomic.Int32
	for range 64 {
		all.Go(func() {
			_, err := s.Pushed.TakePushedRequest(t.Context(), "p1", "shop", noon)
			if err == nil {
				winners.Add(1)
			} else if !errors.Is(err, idp.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if winners.Load() != 1 {
		t.Errorf("%d of 64 had the request", winners.Load())
	}
}

func sweepsPushed(t *testing.T, s Stores) {
	must(t, s.Pushed.CreatePushedRequest(t.Context(), somePushed("p1")))
	later := somePushed("p2")
	later.ExpiresAt = noon.Add(2 * time.Minute)
	must(t, s.Pushed.CreatePushedRequest(t.Context(), later))
	if n, err := s.Sweeper.Sweep(t.Context(), noon.Add(time.Minute), 100); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	_, err := s.Pushed.TakePushedRequest(t.Context(), "p2", "shop", noon)
	must(t, err)
}
