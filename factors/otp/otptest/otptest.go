// Package otptest is the suite that every otp.Store passes.
//
// It owns what a store must do for challenges and budgets, up to two engines
// that share it and never pass a budget. It does not own the engine's other
// rules: those are tested beside the engine, on otp.Memory.
package otptest

import (
	"context"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

const method = "flashCall"

// noon is any time; whole milliseconds, as stores need keep no more.
var noon = time.Date(2026, 3, 4, 12, 0, 0, int(5*time.Millisecond), time.UTC)

// Run runs the suite. newStore returns an empty store, which the test closes
// through t.Cleanup. It is called once per test.
func Run(t *testing.T, newStore func(t *testing.T) otp.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s otp.Store)
	}{
		{"an unknown key loads an empty record", loadsNothing},
		{"every field comes back", keepsFields},
		{"challenges belong to login and method, budgets to person and method", separatesKeys},
		{"a new challenge replaces the login's old one", replaces},
		{"an error of change changes nothing and comes back", refusesChange},
		{"changing a loaded record changes nothing", loadsCopies},
		{"parallel updates of one login lose nothing", countsChallenge},
		{"parallel updates of one person lose nothing", countsBudget},
		{"the oldest requested challenge is claimed first, each once", claimsInOrder},
		{"only requested challenges in time of the method are claimed", claimsOnlyDue},
		{"parallel claims share out the challenges", claimsOnce},
		{"old challenges are swept in batches", sweeps},
		{"numbers that weren't called for long are swept in batches", sweepsNumbers},
		{"all charges are taken, or none", chargesAll},
		{"a window that is over begins anew", windowsEnd},
		{"what is given back makes no counter negative", givesBack},
		{"parallel charges never pass a limit", chargesAtOnce},
		{"counters are set and removed", setsCounters},
		{"a placed call is asked about when it is due, by one node", claimsPolls},
		{"a challenge is found by our id and by the provider's", finds},
		{"a cancelled context ends an update", cancels},
		{"two nodes call once for each login", callsOnce},
		{"of 32 new logins of one person at two nodes one calls", ringsOnce},
		{"of 64 right guesses at two nodes one wins", winsOnce},
		{"of 64 right guesses that the provider checks one wins", winsOnceAtProvider},
		{"of 64 logins at two nodes a limit lets 10 call", callsUpToLimits},
		{"wrong guesses at two nodes stay in the login's budget", staysInLoginBudget},
		{"wrong guesses at two nodes stay in the total", staysInTotal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, newStore(t)) })
	}
}

func key(login, person string) otp.Key {
	return otp.Key{Method: method, LoginID: login, PersonID: person}
}

func requested(id, login, person string, at time.Time) *otp.Challenge {
	return &otp.Challenge{
		ID: id, LoginID: login, Method: method, PersonID: person,
		Phone: "+79990000001", State: otp.Requested, CodeLength: 4,
		RequestedAt: at, Until: at.Add(time.Minute), ResendAt: at.Add(30 * time.Second),
	}
}

// put stores the challenge and spends one of its person's budget.
func put(t *testing.T, s otp.Store, c *otp.Challenge) {
	t.Helper()
	err := s.Update(context.Background(), otp.Key{Method: c.Method, LoginID: c.LoginID, PersonID: c.PersonID}, noon,
		func(rec *otp.Record) error {
			rec.Challenge = c
			rec.Budget.Used++
			return nil
		})
	if err != nil {
		t.Fatalf("storing challenge %s: %v", c.ID, err)
	}
}

func load(t *testing.T, s otp.Store, k otp.Key) otp.Record {
	t.Helper()
	rec, err := s.Load(context.Background(), k)
	if err != nil {
		t.Fatalf("loading %+v: %v", k, err)
	}
	return rec
}

// sameChallenge compares field by field, times as instants.
func sameChallenge(a, b otp.Challenge) bool {
	same := true
	times := func(c *otp.Challenge) []*time.Time {
		return []*time.Time{&c.RequestedAt, &c.PlacedAt, &c.CalledAt, &c.PollAt, &c.Until, &c.ResendAt}
	}
	for i, at := range times(&a) {
		same = same && at.Equal(*times(&b)[i])
		*at, *times(&b)[i] = time.Time{}, time.Time{}
	}
	return same && a == b
}
