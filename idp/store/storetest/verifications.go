package storetest

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/verify"
)

func someVerification(id string) *verify.Verification {
	return &verify.Verification{
		ID: id, ClientID: "shop", Phone: "+79990000001", Country: "RU", RemoteIP: "192.0.2.1", Lang: "ru", CreatedAt: noon,
		EndsAt: noon.Add(time.Hour), VerifiedAt: noon.Add(time.Minute), ForgetAt: noon.Add(24 * time.Hour),
	}
}

func keepsVerification(t *testing.T, s Stores) {
	want := someVerification("v1")
	wantFull(t, *want)
	must(t, s.Verifications.CreateVerification(t.Context(), want))
	got, err := s.Verifications.VerificationByID(t.Context(), "v1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("verification is %+v, want %+v", got, want)
	}
	wantError(t, "the same ID", s.Verifications.CreateVerification(t.Context(), someVerification("v1")), idp.ErrTaken)
	must(t, s.Verifications.DeleteVerification(t.Context(), "v1"))
	must(t, s.Verifications.DeleteVerification(t.Context(), "v1"))
	_, err = s.Verifications.VerificationByID(t.Context(), "v1")
	wantError(t, "a deleted one", err, idp.ErrNotFound)
	_, err = s.Verifications.SetVerified(t.Context(), "v1", noon)
	wantError(t, "a deleted one verified", err, idp.ErrNotFound)
}

func verifiesOnce(t *testing.T, s Stores) {
	v := someVerification("v1")
	v.VerifiedAt = time.Time{}
	must(t, s.Verifications.CreateVerification(t.Context(), v))
	for i := range 2 {
		first, err := s.Verifications.SetVerified(t.Context(), "v1", noon.Add(time.Duration(i)*time.Minute))
		must(t, err)
		if !first.Equal(noon) {
			t.Errorf("verified at %v, want the first time", first)
		}
	}
	got, err := s.Verifications.VerificationByID(t.Context(), "v1")
	must(t, err)
	if !got.VerifiedAt.Equal(noon) {
		t.Errorf("stored is %v", got.VerifiedAt)
	}
}

func someKept() verify.Kept {
	return verify.Kept{
		Request: "request", Subject: "v1", Holder: "h1", Until: noon.Add(time.Minute), Status: 201, Media: "application/json",
		Location: "/v1", Body: `{"a":"é"}`, ForgetAt: noon.Add(24 * time.Hour),
	}
}

// kept reads without changing.
func kept(t *testing.T, s Stores, client, key string) (found verify.Kept) {
	t.Helper()
	stop := errors.New("only looking")
	err := s.Answers.UpdateAnswer(t.Context(), client, key, func(k *verify.Kept) error {
		found = *k
		k.Body = "changed"
		return stop
	})
	if err != stop {
		t.Errorf("error is %v, want that of change itself", err)
	}
	return found
}

func keepsAnswer(t *testing.T, s Stores) {
	want := someKept()
	wantFull(t, want)
	put := func(k verify.Kept) {
		t.Helper()
		must(t, s.Answers.UpdateAnswer(t.Context(), "shop", "key", func(old *verify.Kept) error { *old = k; return nil }))
	}
	put(want)
	if got := kept(t, s, "shop", "key"); got != want {
		t.Errorf("kept is %+v, want %+v", got, want)
	}
	want.Holder, want.Body = "", "other"
	put(want)
	if got := kept(t, s, "shop", "key"); got != want {
		t.Errorf("changed to %+v, want %+v", got, want)
	}
	if got := kept(t, s, "other", "key"); got != (verify.Kept{}) {
		t.Errorf("another client's key gives %+v", got)
	}
	put(verify.Kept{})
	if got := kept(t, s, "shop", "key"); got != (verify.Kept{}) {
		t.Errorf("dropped, and still %+v", got)
	}
}

func claimsAnswerOnce(t *testing.T, s Stores) {
	var all sync.WaitGroup
	var winners atomic.Int32
	taken := errors.New("taken")
	for range 32 {
		all.Go(func() {
			err := s.Answers.UpdateAnswer(t.Context(), "shop", "key", func(k *verify.Kept) error {
				if k.Holder != "" {
					return taken
				}
				*k = someKept()
				return nil
			})
			switch {
			case err == nil:
				winners.Add(1)
			case !errors.Is(err, taken):
				t.Errorf("claiming: %v", err)
			}
		})
	}
	all.Wait()
	if winners.Load() != 1 {
		t.Errorf("%d of 32 claimed one key", winners.Load())
	}
}

func sweepsVerifications(t *testing.T, s Stores) {
	must(t, s.Verifications.CreateVerification(t.Context(), someVerification("v1")))
	must(t, s.Answers.UpdateAnswer(t.Context(), "shop", "key", func(k *verify.Kept) error { *k = someKept(); return nil }))
	_, err := s.Sweeper.Sweep(t.Context(), noon.Add(24*time.Hour-time.Second), 10)
	must(t, err)
	if _, err := s.Verifications.VerificationByID(t.Context(), "v1"); err != nil || kept(t, s, "shop", "key") == (verify.Kept{}) {
		t.Errorf("swept before its time: %v", err)
	}
	_, err = s.Sweeper.Sweep(t.Context(), noon.Add(24*time.Hour), 10)
	must(t, err)
	_, err = s.Verifications.VerificationByID(t.Context(), "v1")
	wantError(t, "a verification that is over", err, idp.ErrNotFound)
	if got := kept(t, s, "shop", "key"); got != (verify.Kept{}) {
		t.Errorf("an answer that is over: %+v", got)
	}
}
