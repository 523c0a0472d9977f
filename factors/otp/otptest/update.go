package otptest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func loadsNothing(t *testing.T, s otp.Store) {
	rec := load(t, s, key("login", "person"))
	if rec.Challenge != nil || rec.Budget != (otp.Budget{}) {
		t.Errorf("record of an unknown key is %+v, want an empty one", rec)
	}
}

func keepsFields(t *testing.T, s otp.Store) {
	want := otp.Challenge{
		ID: "challenge", LoginID: "login", Method: method, PersonID: "person",
		Phone: "+79990000001", RemoteIP: "2001:db8::1", State: otp.Failed, CodeLength: 6, CodeHash: "hash",
		Country: "RU", Lang: "ru", Decoy: true, Blind: true, Route: "main", Channel: "sms", Driver: "driver",
		ByProvider: true, CallID: "call", Prefix: "7495000", Early: "ringing", Charged: 400_000,
		Price: 300_000, Cost: 400_000, Currency: "RUB", Passed: "no_funds",
		Attempts: 2, Wrong: true, Failure: "unavailable", CallerMask: "+7 495 000-__-__",
		PlacedAt: noon.Add(time.Second), CalledAt: noon.Add(2 * time.Second), PollAt: noon.Add(3 * time.Second),
		RequestedAt: noon, Until: noon.Add(time.Minute), ResendAt: noon.Add(time.Hour),
	}
	budget := otp.Budget{Used: 7, BlockedUntil: noon.Add(30 * time.Minute), NextCall: noon.Add(45 * time.Second)}
	set := func(c otp.Challenge, b otp.Budget) {
		t.Helper()
		err := s.Update(context.Background(), key("login", "person"), noon, func(rec *otp.Record) error {
			rec.Challenge, rec.Budget = &c, b
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := load(t, s, key("login", "person"))
		if got.Challenge == nil || !sameChallenge(*got.Challenge, c) {
			t.Errorf("challenge is %+v, want %+v", got.Challenge, c)
		}
		if got.Budget.Used != b.Used || !got.Budget.BlockedUntil.Equal(b.BlockedUntil) || !got.Budget.NextCall.Equal(b.NextCall) {
			t.Errorf("budget is %+v, want %+v", got.Budget, b)
		}
	}
	set(want, budget)
	want.State, want.Failure, want.Wrong, want.Until = otp.Called, "", false, time.Time{}
	set(want, otp.Budget{})
	if got := load(t, s, key("login", "person")); !got.Challenge.Until.IsZero() || !got.Budget.BlockedUntil.IsZero() {
		t.Error("a zero time came back as another")
	}
}

func separatesKeys(t *testing.T, s otp.Store) {
	put(t, s, requested("one", "login-1", "person", noon))
	put(t, s, requested("two", "login-2", "person", noon))
	if got := load(t, s, key("login-1", "person")); got.Challenge.ID != "one" || got.Budget.Used != 2 {
		t.Errorf("first login: %+v, %+v; want challenge one and the budget of both logins", got.Challenge, got.Budget)
	}
	if got := load(t, s, key("login-2", "stranger")); got.Challenge.ID != "two" || got.Budget.Used != 0 {
		t.Errorf("second login, other person: %+v, %+v; want challenge two and an unused budget", got.Challenge, got.Budget)
	}
	other := otp.Key{Method: "sms", LoginID: "login-1", PersonID: "person"}
	if got := load(t, s, other); got.Challenge != nil || got.Budget.Used != 0 {
		t.Errorf("other method: %+v, want an empty record", got)
	}
}

func replaces(t *testing.T, s otp.Store) {
	put(t, s, requested("old", "login", "person", noon))
	put(t, s, requested("new", "login", "person", noon.Add(time.Minute)))
	if got := load(t, s, key("login", "person")); got.Challenge.ID != "new" {
		t.Errorf("the login's challenge is %s, want new", got.Challenge.ID)
	}
	now := noon.Add(time.Minute)
	if c := claim(t, s, now); c == nil || c.ID != "new" {
		t.Errorf("claimed %+v, want new", c)
	}
	if c := claim(t, s, now); c != nil {
		t.Errorf("claimed %s, which was replaced", c.ID)
	}
}

func refusesChange(t *testing.T, s otp.Store) {
	put(t, s, requested("one", "login", "person", noon))
	refusal := errors.New("refused")
	err := s.Update(context.Background(), key("login", "person"), noon, func(rec *otp.Record) error {
		rec.Challenge.State = otp.Confirmed
		rec.Budget.Used = 99
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("error is %v, want that of change", err)
	}
	if got := load(t, s, key("login", "person")); got.Challenge.State != otp.Requested || got.Budget.Used != 1 {
		t.Errorf("a refused change was stored: %+v, %+v", got.Challenge, got.Budget)
	}
}

func loadsCopies(t *testing.T, s otp.Store) {
	put(t, s, requested("one", "login", "person", noon))
	load(t, s, key("login", "person")).Challenge.State = otp.Confirmed
	if got := load(t, s, key("login", "person")); got.Challenge.State != otp.Requested {
		t.Error("a loaded challenge is the stored one, not a copy")
	}
}

// writers is how many goroutines race in the tests of atomicity.
const writers = 32

func countsChallenge(t *testing.T, s otp.Store) {
	put(t, s, requested("one", "login", "person", noon))
	race(t, s, func(int) otp.Key { return key("login", "person") }, func(rec *otp.Record) error {
		rec.Challenge.Attempts++
		return nil
	})
	if got := load(t, s, key("login", "person")); got.Challenge.Attempts != writers {
		t.Errorf("%d of %d parallel changes are there", got.Challenge.Attempts, writers)
	}
}

// countsBudget races logins of one person, so that only the budget is shared.
func countsBudget(t *testing.T, s otp.Store) {
	login := func(i int) otp.Key { return key("login-"+string(rune('A'+i)), "person") }
	race(t, s, login, func(rec *otp.Record) error {
		rec.Budget.Used++
		return nil
	})
	if got := load(t, s, key("login", "person")); got.Budget.Used != writers {
		t.Errorf("%d of %d parallel changes are there", got.Budget.Used, writers)
	}
}

func race(t *testing.T, s otp.Store, keyOf func(i int) otp.Key, change func(*otp.Record) error) {
	t.Helper()
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			if err := s.Update(context.Background(), keyOf(i), noon, change); err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

func cancels(t *testing.T, s otp.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := s.Update(ctx, key("login", "person"), noon, func(rec *otp.Record) error {
		rec.Challenge = requested("one", "login", "person", noon)
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
	if load(t, s, key("login", "person")).Challenge != nil {
		t.Error("a cancelled update was stored")
	}
}
