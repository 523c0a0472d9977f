package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

func runLedger(t *testing.T, open func(t *testing.T) Stores) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s Stores)
	}{
		{"every field comes back", keepsCall},
		{"a call follows its challenge to the end", followsChallenge},
		{"the chain moves on, and a person asks anew", leavesCall},
		{"what is over is settled once", settlesCalls},
		{"calls are found by what they are", findsCalls},
		{"neighbouring numbers are told", tellsSeries},
		{"figures outlive their calls", sweepsCalls},
		{"figures are what a recount gives", recountsCalls},
	} {
		t.Run("ledger/"+test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// ordered is a challenge that goes by a route.
func ordered(login string, at time.Time) otp.Challenge {
	return otp.Challenge{
		ID: "call of " + login, LoginID: login, Method: "flashCall", PersonID: "u1", Phone: "+79261234567", RemoteIP: "192.0.2.1", Country: "RU",
		Route: "1-flashCall-test", Channel: "flashCall", Driver: "test", State: otp.Requested, CodeLength: 4, Price: 400_000, Currency: "RUB",
		RequestedAt: at, Until: at.Add(time.Minute), ResendAt: at,
	}
}

func challenge(t *testing.T, s Stores, c otp.Challenge, now time.Time) {
	t.Helper()
	must(t, s.Challenges.Update(t.Context(), otp.Key{Method: c.Method, LoginID: c.LoginID, PersonID: c.PersonID}, now, func(rec *otp.Record) error {
		if rec.Challenge = &c; c.Country == "RU" {
			rec.Operator = "MegaFon"
		}
		return nil
	}))
}

func oneCall(t *testing.T, s Stores, id string) ledger.Call {
	t.Helper()
	k, err := s.Ledger.OneCall(t.Context(), id)
	must(t, err)
	return k
}

// allFigures are those of everything, by key without its time.
func allFigures(t *testing.T, s Stores) (total ledger.Figures, sums []ledger.Sum) {
	t.Helper()
	sums, err := s.Ledger.CallSums(t.Context(), ledger.Filter{From: noon.AddDate(-1, 0, 0), To: noon.AddDate(1, 0, 0)})
	must(t, err)
	for _, sum := range sums {
		total = total.Add(sum.Figures)
	}
	return total, sums
}

func keepsCall(t *testing.T, s Stores) {
	c := ordered("login", noon)
	c.State, c.Failure, c.Attempts, c.Cost, c.Passed = otp.Failed, "no_funds", 2, 500_000, "unavailable"
	c.PlacedAt, c.CalledAt = noon.Add(time.Second), noon.Add(2*time.Second)
	challenge(t, s, c, noon.Add(3*time.Second))
	want := ledger.Call{
		ID: c.ID, LoginID: "login", PersonID: "u1", Phone: "+79261234567", RemoteIP: "192.0.2.1", Country: "RU", Operator: "MegaFon",
		Route: "1-flashCall-test", Channel: "flashCall", Driver: "test", State: otp.Failed, Failure: "no_funds", Attempts: 2, Price: 400_000,
		Cost: 500_000, Currency: "RUB", At: noon.Add(3 * time.Second), RequestedAt: noon, PlacedAt: c.PlacedAt, CalledAt: c.CalledAt,
		EndedAt: noon.Add(3 * time.Second),
	}
	if got := oneCall(t, s, c.ID); got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	_, err := s.Ledger.OneCall(t.Context(), "nobody's")
	wantError(t, "an unknown call", err, idp.ErrNotFound)
	decoy := ordered("decoy", noon)
	decoy.Decoy = true
	challenge(t, s, decoy, noon)
	nowhere := ordered("nowhere", noon)
	nowhere.Route, nowhere.State = "", otp.Refused
	challenge(t, s, nowhere, noon)
	if total, _ := allFigures(t, s); total.Calls != 1 {
		t.Errorf("%d calls, want one: nothing is ordered for a decoy, nor where a person refuses beforehand", total.Calls)
	}
}

func followsChallenge(t *testing.T, s Stores) {
	at := noon.Add(14 * time.Minute)
	c := ordered("login", at)
	challenge(t, s, c, at)
	claimed, err := s.Challenges.Claim(t.Context(), "flashCall", at.Add(time.Second), at.Add(time.Minute))
	must(t, err)
	if got := oneCall(t, s, c.ID); got.State != otp.Calling || !got.Until.Equal(at.Add(time.Minute)) {
		t.Errorf("claimed: %+v", got)
	}
	c = *claimed
	c.State, c.PlacedAt, c.Until = otp.Placed, at.Add(2*time.Second), at.Add(2*time.Minute)
	challenge(t, s, c, c.PlacedAt)
	if total, _ := allFigures(t, s); total.Placed != 1 || total.Reached != 0 || total.Underway != 1 || total.Spent != 400_000 || total.Told != 0 {
		t.Errorf("placed: %+v", total)
	}
	c.State, c.CalledAt, c.Cost = otp.Called, at.Add(3*time.Second), 700_000
	challenge(t, s, c, c.CalledAt)
	c.State, c.Until, c.Attempts = otp.Confirmed, time.Time{}, 1
	challenge(t, s, c, at.Add(17*time.Second))
	challenge(t, s, c, at.Add(18*time.Second)) // changes nothing
	want := ledger.Figures{Calls: 1, Confirmed: 1, Placed: 1, Reached: 1, Spent: 700_000, Told: 700_000}
	want.Waits[3] = 1
	total, sums := allFigures(t, s)
	if total != want || len(sums) != 1 || sums[0].Operator != "MegaFon" || sums[0].Driver != "test" {
		t.Errorf("confirmed: %+v\nwant %+v", total, want)
	}
	moments, err := s.Ledger.CallMoments(t.Context(), ledger.Filter{From: noon.Add(-time.Hour), To: noon.Add(time.Hour), Country: "RU", Driver: "test",
		Route: "1-flashCall-test", Channel: "flashCall", Operator: "MegaFon"})
	must(t, err)
	if len(moments) != 1 || moments[0].Figures != want || !moments[0].At.Equal(noon.Truncate(time.Hour)) || moments[0].Currency != "RUB" {
		t.Errorf("moments: %+v", moments)
	}
	if moments, err = s.Ledger.CallMoments(t.Context(), ledger.Filter{From: noon.Add(-time.Hour), To: noon.Add(time.Hour), Country: "DE"}); err != nil || len(moments) != 0 {
		t.Errorf("another country's: %+v, %v", moments, err)
	}
}

func leavesCall(t *testing.T, s Stores) {
	first := ordered("login", noon)
	first.State, first.Until = otp.Calling, noon.Add(time.Minute)
	challenge(t, s, first, noon)
	second := ordered("login", noon)
	second.ID, second.Route, second.Driver, second.Passed = "second", "2-sms-other", "other", "no_funds"
	challenge(t, s, second, noon.Add(10*time.Second))
	if got := oneCall(t, s, first.ID); got.State != otp.Failed || got.Failure != "no_funds" || !got.EndedAt.Equal(noon.Add(10*time.Second)) {
		t.Errorf("passed over: %+v", got)
	}
	second.State, second.Until = otp.Called, noon.Add(2*time.Minute)
	challenge(t, s, second, noon.Add(11*time.Second))
	third := ordered("login", noon.Add(time.Minute))
	third.ID = "third"
	challenge(t, s, third, third.RequestedAt)
	if got := oneCall(t, s, "second"); got.State != ledger.Replaced || !got.At.Equal(noon.Add(10*time.Second)) || !got.RequestedAt.Equal(noon) {
		t.Errorf("replaced: %+v", got)
	}
	fourth := ordered("login", noon.Add(time.Hour))
	fourth.ID = "fourth"
	challenge(t, s, fourth, fourth.RequestedAt)
	if got := oneCall(t, s, "third"); got.State != ledger.Unsent || !got.EndedAt.Equal(third.Until) {
		t.Errorf("asked anew after nobody sent it: %+v", got)
	}
	of, err := s.Ledger.CallsOfLogin(t.Context(), "login")
	must(t, err)
	if ids := idsOf(of); !slices.Equal(ids, []string{first.ID, "second", "third", "fourth"}) {
		t.Errorf("the login's calls are %v", ids)
	}
}

func idsOf(calls []ledger.Call) (ids []string) {
	for _, k := range calls {
		ids = append(ids, k.ID)
	}
	return ids
}

func settlesCalls(t *testing.T, s Stores) {
	for login, state := range map[string]otp.State{"a": otp.Requested, "b": otp.Calling, "c": otp.Placed, "d": otp.Called, "e": otp.Confirmed} {
		c := ordered(login, noon)
		if c.State = state; state == otp.Confirmed {
			c.Until = time.Time{}
		}
		challenge(t, s, c, noon)
	}
	later := ordered("f", noon)
	later.Until = noon.Add(time.Hour)
	challenge(t, s, later, noon)
	for _, want := range []int{3, 1, 0} {
		changes, err := s.Ledger.SettleCalls(t.Context(), noon.Add(time.Minute), 3)
		must(t, err)
		if len(changes) != want {
			t.Errorf("%d settled, want %d", len(changes), want)
		}
	}
	total, _ := allFigures(t, s)
	if total.Unsent != 1 || total.Unknown != 1 || total.Expired != 2 || total.Confirmed != 1 || total.Underway != 1 || total.Calls != 6 {
		t.Errorf("%+v", total)
	}
	if got := oneCall(t, s, "call of b"); got.State != otp.Unknown || !got.EndedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v", got)
	}
	late := ordered("b", noon) // a result after its lease counts still
	late.State, late.PlacedAt, late.Until = otp.Called, noon.Add(2*time.Minute), noon.Add(4*time.Minute)
	challenge(t, s, late, late.PlacedAt)
	if total, _ := allFigures(t, s); total.Unknown != 0 || total.Underway != 2 || total.Calls != 6 {
		t.Errorf("after a late result: %+v", total)
	}
}

func findsCalls(t *testing.T, s Stores) {
	for i := range 5 {
		c := ordered(fmt.Sprint(i), noon.Add(time.Duration(i/2)*time.Minute))
		if i == 3 {
			c.Country, c.Phone, c.Driver, c.Route, c.Channel, c.State, c.Failure = "DE", "+4915112345678", "other", "2-sms-other", "sms", otp.Failed, "no_funds"
		}
		challenge(t, s, c, noon)
	}
	day := ledger.Filter{From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}
	with := func(change func(*ledger.Find)) ledger.Find {
		f := ledger.Find{Filter: day, Limit: 10}
		change(&f)
		return f
	}
	for name, c := range map[string]struct {
		find ledger.Find
		want []string
	}{
		"all, the newest first": {with(func(*ledger.Find) {}), []string{"4", "3", "2", "1", "0"}},
		"at most so many":       {with(func(f *ledger.Find) { f.Limit = 2 }), []string{"4", "3"}},
		"the page after": {with(func(f *ledger.Find) { f.Before = ledger.Place{At: noon.Add(time.Minute), ID: "call of 3"} }),
			[]string{"2", "1", "0"}},
		"from":       {with(func(f *ledger.Find) { f.From = noon.Add(time.Minute) }), []string{"4", "3", "2"}},
		"to":         {with(func(f *ledger.Find) { f.To = noon.Add(time.Minute) }), []string{"1", "0"}},
		"country":    {with(func(f *ledger.Find) { f.Country = "DE" }), []string{"3"}},
		"state":      {with(func(f *ledger.Find) { f.State = otp.Failed }), []string{"3"}},
		"underway":   {with(func(f *ledger.Find) { f.State = ledger.Underway }), []string{"4", "2", "1", "0"}},
		"failure":    {with(func(f *ledger.Find) { f.Failure = "no_funds" }), []string{"3"}},
		"driver":     {with(func(f *ledger.Find) { f.Driver = "test" }), []string{"4", "2", "1", "0"}},
		"channel":    {with(func(f *ledger.Find) { f.Channel = "sms" }), []string{"3"}},
		"route":      {with(func(f *ledger.Find) { f.Route = "2-sms-other" }), []string{"3"}},
		"operator":   {with(func(f *ledger.Find) { f.Operator = "MegaFon" }), []string{"4", "2", "1", "0"}},
		"number":     {with(func(f *ledger.Find) { f.Phone = "+4915112345678" }), []string{"3"}},
		"that never": {with(func(f *ledger.Find) { f.Phone, f.Country = "+4915112345678", "RU" }), nil},
	} {
		got, err := s.Ledger.FindCalls(t.Context(), c.find)
		must(t, err)
		var want []string
		for _, login := range c.want {
			want = append(want, "call of "+login)
		}
		if !slices.Equal(idsOf(got), want) {
			t.Errorf("%s: %v, want %v", name, idsOf(got), want)
		}
	}
}

func tellsSeries(t *testing.T, s Stores) {
	for i := range 12 {
		c := ordered(fmt.Sprint(i), noon.Add(time.Duration(i)*time.Second))
		c.Phone = fmt.Sprintf("+7926123%04d", i)
		if i >= 9 {
			c.Phone = fmt.Sprintf("+7926124%04d", i)
		}
		if c.State = otp.Called; i%4 == 0 {
			c.State, c.Until = otp.Confirmed, time.Time{}
		}
		challenge(t, s, c, noon)
	}
	for _, c := range []struct {
		since time.Time
		least int
		want  []ledger.Series
	}{
		{noon, 3, []ledger.Series{{Prefix: "+7926123", Country: "RU", Calls: 9, Underway: 6, Confirmed: 3}, {Prefix: "+7926124", Country: "RU", Calls: 3, Underway: 3}}},
		{noon, 4, []ledger.Series{{Prefix: "+7926123", Country: "RU", Calls: 9, Underway: 6, Confirmed: 3}}},
		{noon.Add(8 * time.Second), 1, []ledger.Series{{Prefix: "+7926124", Country: "RU", Calls: 3, Underway: 3}, {Prefix: "+7926123", Country: "RU", Calls: 1, Confirmed: 1}}},
	} {
		got, err := s.Ledger.CallSeries(t.Context(), c.since, c.least, 2)
		must(t, err)
		if !slices.Equal(got, c.want) {
			t.Errorf("since %v, at least %d: %+v, want %+v", c.since, c.least, got, c.want)
		}
	}
}

func sweepsCalls(t *testing.T, s Stores) {
	for i := range 3 {
		challenge(t, s, ordered(fmt.Sprint(i), noon.Add(time.Duration(i)*time.Hour)), noon)
	}
	for _, want := range []int{1, 1, 0} {
		n, err := s.Ledger.SweepCalls(t.Context(), noon.Add(time.Hour+1), 1)
		must(t, err)
		if n != want {
			t.Errorf("%d calls went, want %d", n, want)
		}
	}
	if total, _ := allFigures(t, s); total.Calls != 3 {
		t.Errorf("%d calls in the figures, want 3", total.Calls)
	}
	if _, err := s.Ledger.OneCall(t.Context(), "call of 2"); err != nil {
		t.Error(err)
	}
	if _, err := s.Ledger.OneCall(t.Context(), "call of 0"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("swept: %v", err)
	}
	if _, err := s.Ledger.SweepFigures(t.Context(), noon.Add(30*time.Minute), 10); err != nil {
		t.Error(err)
	}
	if total, _ := allFigures(t, s); total.Calls != 2 {
		t.Errorf("%d calls in the figures, want those of 2 hours", total.Calls)
	}
}
