package storetest

import (
	"cmp"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/account"
)

func putChallenge(t *testing.T, s Stores, c otp.Challenge) {
	t.Helper()
	c.Method, c.ID, c.Channel = "flashCall", "challenge of "+c.LoginID, cmp.Or(c.Channel, "flashCall")
	key := otp.Key{Method: c.Method, LoginID: c.LoginID, PersonID: c.PersonID}
	must(t, s.Challenges.Update(t.Context(), key, Clock(), func(rec *otp.Record) error {
		rec.Challenge = &c
		return nil
	}))
}

// A person sees the calls of their own logins and those to their number, and
// nobody else's.
func tellsCalls(t *testing.T, s Stores) {
	now := Clock()
	own := someLogin("own")
	must(t, s.Logins.CreateLogin(t.Context(), own))
	must(t, s.Verifications.CreateVerification(t.Context(), someVerification("site's")))
	for _, c := range []otp.Challenge{
		{LoginID: "site's", PersonID: "number", Phone: "+79990000001", State: otp.Requested, RequestedAt: now.Add(-4 * time.Hour), Until: now.Add(time.Minute)},
		{LoginID: "own", PersonID: "u1", Phone: "+79990000001", State: otp.Confirmed, RequestedAt: now.Add(-2 * time.Minute), CalledAt: now.Add(-time.Minute)},
		{LoginID: "swept", PersonID: "u1", Phone: "+79990000009", State: otp.Calling, RequestedAt: now.Add(-time.Hour), Until: now.Add(-time.Minute)},
		{LoginID: "shared", PersonID: "u2", Phone: "+79990000001", Channel: "sms", State: otp.Called, RequestedAt: now.Add(-2 * time.Hour), Until: now},
		{LoginID: "typed", PersonID: "number", Phone: "+79990000001", State: otp.Placed, RequestedAt: now.Add(-3 * time.Hour), PlacedAt: now.Add(-150 * time.Minute)},
		{LoginID: "decoy", PersonID: "number", Phone: "+79990000001", State: otp.Called, Decoy: true, RequestedAt: now},
		{LoginID: "other", PersonID: "u2", Phone: "+79990000002", State: otp.Called, RequestedAt: now},
		{LoginID: "nobody's", PersonID: "u3", State: otp.Failed, RequestedAt: now},
	} {
		putChallenge(t, s, c)
	}
	want := []account.Call{
		{At: now.Add(-time.Minute), Channel: "flashCall", ClientID: "shop", State: "confirmed"},
		{At: now.Add(-time.Hour), Channel: "flashCall", State: "unknown"},
		{At: now.Add(-2 * time.Hour), Channel: "sms", State: "expired"},
		{At: now.Add(-150 * time.Minute), Channel: "flashCall", State: "placed"},
		{At: now.Add(-4 * time.Hour), Channel: "flashCall", ClientID: "shop", State: "requested"},
	}
	for name, c := range map[string]struct {
		person, phone string
		limit         int
		want          []account.Call
	}{
		"person and number":      {"u1", "+79990000001", 10, want},
		"at most so many":        {"u1", "+79990000001", 2, want[:2]},
		"without a number":       {"u1", "", 10, want[:2]},
		"somebody without calls": {"u9", "+79990000007", 10, nil},
	} {
		got, err := s.Calls.RecentCalls(t.Context(), c.person, c.phone, c.limit)
		must(t, err)
		if len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
