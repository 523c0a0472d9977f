package otptest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func charge(key string, amount, limit int64) otp.Charge {
	return otp.Charge{Budget: "test", Key: key, Amount: amount, Limit: limit, Until: noon.Add(time.Hour)}
}

// take charges at the time given, together with a change of the person's budget.
func take(s otp.Store, person string, at time.Time, charges ...otp.Charge) error {
	return s.Update(context.Background(), key("login-"+person, person), at, func(rec *otp.Record) error {
		rec.Budget.Used++
		rec.Charges = charges
		return nil
	})
}

func counts(t *testing.T, s otp.Store, at time.Time, keys ...string) map[string]otp.Counter {
	t.Helper()
	found, err := s.Count(context.Background(), keys, at)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func chargesAll(t *testing.T, s otp.Store) {
	if err := take(s, "person", noon, charge("one", 1, 2), charge("money", 700, 1000), charge("none", 0, 0)); err != nil {
		t.Fatal(err)
	}
	err := take(s, "person", noon, charge("one", 1, 2), charge("money", 700, 1000))
	var over *otp.OverError
	if !errors.As(err, &over) || over.Charge.Key != "money" || !over.Until.Equal(noon.Add(time.Hour)) {
		t.Fatalf("passing a limit gave %v", err)
	}
	found := counts(t, s, noon, "one", "money", "none", "unknown")
	if found["one"].Count != 1 || found["money"].Count != 700 {
		t.Errorf("after a refused charge the counters are %v", found)
	}
	if rec := load(t, s, key("login-person", "person")); rec.Budget.Used != 1 {
		t.Errorf("a refused charge left a budget of %d, want 1", rec.Budget.Used)
	}
	if err := take(s, "person", noon, charge("money", 300, 1000), charge("one", 1, 2)); err != nil {
		t.Errorf("a charge up to the limit gave %v", err)
	}
}

func windowsEnd(t *testing.T, s otp.Store) {
	for range 2 {
		if err := take(s, "person", noon, charge("one", 1, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := take(s, "person", noon.Add(time.Hour-time.Second), charge("one", 1, 2)); err == nil {
		t.Error("a third charge in the window was taken")
	}
	if found := counts(t, s, noon.Add(time.Hour), "one"); len(found) != 0 {
		t.Errorf("after its window the counter is %v", found)
	}
	next := charge("one", 1, 2)
	next.Until = noon.Add(2 * time.Hour)
	if err := take(s, "person", noon.Add(time.Hour), next); err != nil {
		t.Fatalf("a new window gave %v", err)
	}
	if c := counts(t, s, noon.Add(time.Hour), "one")["one"]; c.Count != 1 || !c.Until.Equal(next.Until) {
		t.Errorf("the new window is %+v", c)
	}
}

// givesBack: an order cost less than was taken for it; where the window of that is
// over, the next one isn't any larger.
func givesBack(t *testing.T, s otp.Store) {
	for _, step := range []struct {
		at           time.Time
		amount, want int64
	}{
		{noon, 400, 400}, {noon, -100, 300}, {noon, -400, 0}, {noon, 1000, 1000},
		{noon.Add(time.Hour), -100, 0}, {noon.Add(time.Hour), 1000, 1000},
	} {
		c := charge("money", step.amount, 1000)
		c.Until = step.at.Add(time.Hour)
		if err := take(s, "person", step.at, c, charge("other", -1, 1000)); err != nil {
			t.Fatal(err)
		}
		if found := counts(t, s, step.at, "money")["money"]; found.Count != step.want {
			t.Errorf("after %d the counter is %+v, want %d", step.amount, found, step.want)
		}
	}
}

func chargesAtOnce(t *testing.T, s otp.Store) {
	var taken atomic.Int64
	atOnce(64, func(int) {
		switch err := take(s, "person", noon, charge("one", 1, 10)); {
		case err == nil:
			taken.Add(1)
		case !errors.As(err, new(*otp.OverError)):
			t.Errorf("a charge gave %v", err)
		}
	})
	if taken.Load() != 10 || counts(t, s, noon, "one")["one"].Count != 10 {
		t.Errorf("%d of 64 charges were taken, want 10; the counter is %v", taken.Load(), counts(t, s, noon, "one"))
	}
}

func setsCounters(t *testing.T, s otp.Store) {
	ctx := context.Background()
	forever := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := s.SetCounter(ctx, "stop", otp.Counter{Count: 1, Until: forever}); err != nil {
		t.Fatal(err)
	}
	zero := otp.Charge{Budget: "test", Key: "stop", Until: noon}
	if err := take(s, "person", noon, zero); !errors.As(err, new(*otp.OverError)) {
		t.Errorf("a stop gave %v", err)
	}
	if err := s.SetCounter(ctx, "stop", otp.Counter{}); err != nil {
		t.Fatal(err)
	}
	if err := take(s, "person", noon, zero); err != nil {
		t.Errorf("after a stop: %v", err)
	}
	if found := counts(t, s, noon, "stop"); len(found) != 0 {
		t.Errorf("a removed counter is %v", found)
	}
}

func placed(id, login string, pollAt time.Time) *otp.Challenge {
	c := requested(id, login, "person", noon)
	c.State, c.PollAt, c.Driver, c.CallID = otp.Placed, pollAt, "driver", "call of "+id
	return c
}

func claimsPolls(t *testing.T, s otp.Store) {
	put(t, s, placed("due", "one", noon))
	put(t, s, placed("later", "two", noon.Add(time.Second)))
	put(t, s, placed("never", "three", time.Time{}))
	put(t, s, requested("requested", "four", "person", noon))
	asked := func(now time.Time, want bool) {
		t.Helper()
		if _, due, err := s.Due(context.Background(), method, now); due != want || err != nil {
			t.Errorf("a call is to be asked about: %v, %v", due, err)
		}
	}
	asked(noon.Add(-time.Second), false)
	asked(noon, true)
	var claimed atomic.Int64
	next := noon.Add(5 * time.Second)
	atOnce(8, func(int) {
		c, err := s.ClaimPoll(context.Background(), method, noon, next)
		if err != nil {
			t.Error(err)
		}
		if c == nil {
			return
		}
		claimed.Add(1)
		if c.ID != "due" || !c.PollAt.Equal(next) || c.CallID != "call of due" {
			t.Errorf("claimed %+v", c)
		}
	})
	if claimed.Load() != 1 {
		t.Errorf("the call was claimed %d times", claimed.Load())
	}
	asked(noon, false)
	asked(noon.Add(2*time.Minute), false)
	if c, err := s.ClaimPoll(context.Background(), method, noon.Add(2*time.Minute), noon.Add(time.Hour)); c != nil || err != nil {
		t.Errorf("an expired call was claimed: %+v, %v", c, err)
	}
}

func finds(t *testing.T, s otp.Store) {
	put(t, s, placed("one", "login-one", noon))
	put(t, s, placed("two", "login-two", noon))
	for name, test := range map[string]struct {
		by    otp.Lookup
		login string
	}{
		"by our id":             {otp.Lookup{ID: "two"}, "login-two"},
		"by the provider's":     {otp.Lookup{Driver: "driver", CallID: "call of one"}, "login-one"},
		"ours wins":             {otp.Lookup{ID: "two", Driver: "driver", CallID: "call of one"}, "login-two"},
		"another driver":        {otp.Lookup{Driver: "other", CallID: "call of one"}, ""},
		"unknown":               {otp.Lookup{ID: "three"}, ""},
		"a call without an id":  {otp.Lookup{Driver: "driver"}, ""},
		"nothing to look up by": {otp.Lookup{}, ""},
	} {
		found, ok, err := s.Find(context.Background(), method, test.by)
		if err != nil || ok != (test.login != "") || ok && (found.LoginID != test.login || found.PersonID != "person" || found.Method != method) {
			t.Errorf("%s: %+v, %v, %v", name, found, ok, err)
		}
	}
	if _, ok, err := s.Find(context.Background(), "another method", otp.Lookup{ID: "two"}); ok || err != nil {
		t.Errorf("of another method: %v, %v", ok, err)
	}
}
