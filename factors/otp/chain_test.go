package otp_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// chain are two providers of calls, and messages after them.
func chain() []otp.Route {
	return []otp.Route{
		{ID: "first", Channel: "flashCall", Driver: "alpha", Price: 1},
		{ID: "second", Channel: "flashCall", Driver: "beta", Price: 2},
		{ID: "third", Channel: "sms", Driver: "gamma", Price: 3, Wait: 10 * time.Second},
	}
}

// failing sends what by says for each route, and codes for the others.
func failing(by map[string]*otp.SendError) func(context.Context, otp.Delivery) (otp.Sent, error) {
	return func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
		if err := by[d.Route]; err != nil {
			return otp.Sent{}, err
		}
		return otp.Sent{Code: "0042"}, nil
	}
}

func chained(t *testing.T) *world {
	w := newWorld(t, settings())
	w.routes = chain
	return w
}

func (w *world) routesSent() string {
	var all []string
	for _, d := range w.sent {
		all = append(all, d.Route)
	}
	return strings.Join(all, " ")
}

func TestChainMovesOn(t *testing.T) {
	goes := &otp.SendError{Kind: "unavailable", MovesOn: true}
	stays := &otp.SendError{Kind: "rate_limited"}
	for name, test := range map[string]struct {
		fail  map[string]*otp.SendError
		sent  string
		state otp.State
		used  int
	}{
		"the first serves":           {nil, "first", otp.Called, 1},
		"the second behind it":       {map[string]*otp.SendError{"first": goes}, "first second", otp.Called, 2},
		"the third behind both":      {map[string]*otp.SendError{"first": goes, "second": goes}, "first second third", otp.Called, 3},
		"none":                       {map[string]*otp.SendError{"first": goes, "second": goes, "third": goes}, "first second third", otp.Failed, 3},
		"a limit of the provider's":  {map[string]*otp.SendError{"first": stays}, "first", otp.Failed, 1},
		"a limit behind a breakdown": {map[string]*otp.SendError{"first": goes, "second": stays}, "first second", otp.Failed, 2},
	} {
		w := chained(t)
		w.send = failing(test.fail)
		gives(t, w.Request(context.Background(), target("login")), "")
		w.work(t)
		if got := w.routesSent(); got != test.sent {
			t.Errorf("%s: sent by %q, want %q", name, got, test.sent)
		}
		w.is(t, "login", test.state)
		if w.used(t) != test.used {
			t.Errorf("%s: %d attempts are spent, want %d", name, w.used(t), test.used)
		}
		if test.state == otp.Called {
			gives(t, w.enter("login", "0042"), "")
		}
	}
}

// TestChainEndsAtABudget: moving on takes what a call takes, and where that isn't
// there the person learns how the last route failed.
func TestChainEndsAtABudget(t *testing.T) {
	goes := map[string]*otp.SendError{"first": {Kind: "unreachable", MovesOn: true}}
	for name, set := range map[string]func(*otp.Settings){
		"total attempts": func(s *otp.Settings) { s.TotalAttempts = 2 },
		"the number's":   func(s *otp.Settings) { s.Limits.NumberHour = 1 },
		"money":          func(s *otp.Settings) { s.Limits.SpendDay = 2 },
	} {
		w := chained(t)
		set(&w.settings)
		w.send = failing(goes)
		gives(t, w.Request(context.Background(), target("login")), "")
		w.work(t)
		if st := w.status(t, "login"); w.routesSent() != "first" || st.State != otp.Failed || st.Challenge.Failure != "unreachable" {
			t.Errorf("%s: sent by %q, then %s, %q", name, w.routesSent(), st.State, st.Challenge.Failure)
		}
		if w.used(t) != 1 {
			t.Errorf("%s: %d attempts are spent, want the one that was made", name, w.used(t))
		}
	}
}

// TestOtherChannel: the next way out has a wait of its own; the way back has not.
func TestOtherChannel(t *testing.T) {
	w := chained(t)
	w.called(t, "login")
	sms, call := target("login"), target("login")
	sms.Channel, call.Channel = "sms", "flashCall"
	w.now = w.now.Add(9 * time.Second)
	gives(t, w.Resend(context.Background(), sms), otp.ProblemResendWait)
	ways := w.Ways(w.status(t, "login"), phone)
	if len(ways) != 2 || ways[1].Channel != "sms" || !ways[1].At.Equal(w.now.Add(time.Second)) {
		t.Errorf("the ways are %+v", ways)
	}
	w.now = w.now.Add(time.Second)
	gives(t, w.Resend(context.Background(), sms), "")
	w.work(t)
	if c := w.status(t, "login").Challenge; c.Channel != "sms" || c.Driver != "gamma" {
		t.Errorf("the code went by %s, %s", c.Channel, c.Driver)
	}
	w.now = w.now.Add(10 * time.Second)
	gives(t, w.Resend(context.Background(), call), otp.ProblemResendWait)
	w.now = w.now.Add(20 * time.Second)
	gives(t, w.resend("login"), "") // "send it again" is the same channel again
	w.work(t)
	if w.routesSent() != "first third third" {
		t.Errorf("sent by %q", w.routesSent())
	}
	voice := target("login")
	voice.Channel = "voice"
	w.now = w.now.Add(time.Minute)
	gives(t, w.Resend(context.Background(), voice), otp.ProblemNoRoute)
}

func TestNoRoute(t *testing.T) {
	w := chained(t)
	w.routes = func() []otp.Route { return []otp.Route{} }
	gives(t, w.Request(context.Background(), target("login")), otp.ProblemNoRoute)
	if w.used(t) != 0 {
		t.Errorf("%d attempts are spent for nothing", w.used(t))
	}
}

func TestLimits(t *testing.T) {
	for name, test := range map[string]struct {
		limits  otp.Limits
		change  func(*otp.Target) // of the second request
		problem string
	}{
		"number an hour":               {otp.Limits{NumberHour: 1}, nil, otp.ProblemNumberLimited},
		"number a day":                 {otp.Limits{NumberDay: 1}, nil, otp.ProblemNumberLimited},
		"another number":               {otp.Limits{NumberHour: 1, NumberDay: 1}, func(t *otp.Target) { t.Phone = "+79990000002" }, ""},
		"address":                      {otp.Limits{AddressHour: 1}, nil, otp.ProblemNumberLimited},
		"another address":              {otp.Limits{AddressHour: 1}, func(t *otp.Target) { t.RemoteIP = "192.0.2.8" }, ""},
		"network":                      {otp.Limits{NetworkHour: 1}, func(t *otp.Target) { t.RemoteIP = "192.0.2.8" }, otp.ProblemNumberLimited},
		"another network":              {otp.Limits{NetworkHour: 1}, func(t *otp.Target) { t.RemoteIP = "192.0.3.7" }, ""},
		"the same address, mapped":     {otp.Limits{NetworkHour: 1}, func(t *otp.Target) { t.RemoteIP = "::ffff:192.0.2.9" }, otp.ProblemNumberLimited},
		"no address":                   {otp.Limits{AddressHour: 1, NetworkHour: 1}, func(t *otp.Target) { t.RemoteIP = "" }, ""},
		"prefix":                       {otp.Limits{PrefixHour: 1}, func(t *otp.Target) { t.Phone = "+79990009999" }, otp.ProblemCallsLimited},
		"another prefix":               {otp.Limits{PrefixHour: 1}, func(t *otp.Target) { t.Phone = "+79990010001" }, ""},
		"country":                      {otp.Limits{CountryHour: 1}, func(t *otp.Target) { t.Phone = "+79220010001" }, otp.ProblemCallsLimited},
		"another country":              {otp.Limits{CountryHour: 1}, func(t *otp.Target) { t.Country = "KZ" }, ""},
		"money":                        {otp.Limits{SpendDay: 7}, func(t *otp.Target) { t.Phone = "+79220010001" }, otp.ProblemCallsLimited},
		"money that is just enough":    {otp.Limits{SpendDay: 8}, nil, ""},
		"limits that are switched off": {otp.Limits{}, nil, ""},
	} {
		w := newWorld(t, withoutWait())
		w.settings.Limits = test.limits
		w.routes = func() []otp.Route { return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 4}} }
		one := targetOf("one")
		one.Country, one.RemoteIP = "RU", "192.0.2.7"
		gives(t, w.Request(context.Background(), one), "")
		two := targetOf("two")
		two.Country, two.RemoteIP = "RU", "192.0.2.7"
		if test.change != nil {
			test.change(&two)
		}
		foreseen, err := w.Limited(context.Background(), two)
		if err != nil || (foreseen != nil) != (test.problem != "") {
			t.Errorf("%s: Limited says %v, %v", name, foreseen, err)
		}
		p := gives(t, w.Request(context.Background(), two), test.problem)
		w.work(t)
		if want := map[bool]int{true: 2, false: 1}[test.problem == ""]; w.calls() != want {
			t.Errorf("%s: %d calls, want %d", name, w.calls(), want)
		}
		if test.problem == "" {
			continue
		}
		until, _ := p.Args["until"].(time.Time)
		if until.Before(w.now.Add(time.Hour)) || until.After(w.now.Add(24*time.Hour)) {
			t.Errorf("%s: limited until %v", name, until)
		}
		w.now = until
		gives(t, w.Request(context.Background(), two), "")
	}
}

// TestNegativeLimits: each of them is named, and all at once.
func TestNegativeLimits(t *testing.T) {
	none := otp.Limits{NumberHour: -1, NumberDay: -1, AddressHour: -1, NetworkHour: -1, PrefixHour: -1, CountryHour: -1, SpendDay: -1}
	err := none.Validate()
	if err == nil {
		t.Fatal("they are taken")
	}
	for _, of := range []string{"number an hour", "number a day", "address", "network", "prefix", "country", "spending"} {
		if !strings.Contains(err.Error(), of) {
			t.Errorf("nothing is said of the limit %q: %v", of, err)
		}
	}
	if err := (otp.Limits{}).Validate(); err != nil {
		t.Errorf("limits that are switched off: %v", err)
	}
}

// TestOrderAboveTheWholeBudget: one that costs more than a day's money is refused,
// also where nothing is spent yet.
func TestOrderAboveTheWholeBudget(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.settings.Limits = otp.Limits{SpendDay: 3}
	w.routes = func() []otp.Route { return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 4}} }
	if p, err := w.Limited(context.Background(), target("login")); err != nil || p == nil || p.ID != otp.ProblemCallsLimited {
		t.Errorf("Limited says %v, %v", p, err)
	}
	gives(t, w.Request(context.Background(), target("login")), otp.ProblemCallsLimited)
	if w.work(t); w.calls() != 0 || w.used(t) != 0 {
		t.Errorf("%d calls, and %d attempts are spent", w.calls(), w.used(t))
	}
}

// TestCostOfAnOrder: what the provider says wins over the price, even where it
// passes the budget: the money is gone.
func TestCostOfAnOrder(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.settings.Limits = otp.Limits{SpendDay: 10_500_000}
	w.routes = func() []otp.Route { return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 4e6}} }
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return otp.Sent{Code: "0042", Cost: 11e6}, nil }
	gives(t, w.Request(context.Background(), targetOf("one")), "")
	w.work(t)
	gives(t, w.Request(context.Background(), targetOf("two")), otp.ProblemCallsLimited)
	if log := w.log.String(); !strings.Contains(log, "level=ERROR msg=\"budget used up\"") || !strings.Contains(log, " budget=spend limit=10.5 ") {
		t.Errorf("money that is used up raises no alarm:\n%s", w.log.String())
	}
}

// TestCostWithoutPrice: where the settings name no price, what the provider tells
// uses the budget up all the same.
func TestCostWithoutPrice(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.settings.Limits = otp.Limits{SpendDay: 10}
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return otp.Sent{Code: "0042", Cost: 5}, nil }
	for _, login := range []string{"one", "two"} {
		gives(t, w.Request(context.Background(), targetOf(login)), "")
		w.work(t)
	}
	if p, err := w.Limited(context.Background(), targetOf("three")); err != nil || p == nil {
		t.Errorf("Limited says %v, %v", p, err)
	}
	gives(t, w.Request(context.Background(), targetOf("three")), otp.ProblemCallsLimited)
}

// TestCostIsTakenOnce: providers tell what an order cost when it is placed, at
// every poll and in callbacks, before the answer and after it; it is money once.
func TestCostIsTakenOnce(t *testing.T) {
	for name, test := range map[string]struct {
		sent otp.Sent
		news []otp.News
		want int64
	}{
		"told with each poll":         {otp.Sent{Pending: true, Code: "0042"}, []otp.News{{Cost: 3}, {Cost: 3}, {Cost: 3, State: otp.NewsRinging}}, 3},
		"told twice":                  {otp.Sent{Pending: true, Code: "0042", Cost: 6}, []otp.News{{Cost: 6, State: otp.NewsRinging}}, 6},
		"the last word":               {otp.Sent{Pending: true, Code: "0042", Cost: 6}, []otp.News{{Cost: 2}}, 2},
		"with news before it":         {otp.Sent{Pending: true, Code: "0042", Cost: 6}, []otp.News{}, 6},
		"of a route that moved on":    {otp.Sent{Pending: true, Code: "0042"}, []otp.News{{Cost: 6, State: otp.NewsFailed, MovesOn: true}}, 6 + 5},
		"never told, and it rang":     {otp.Sent{Code: "0042"}, []otp.News{{Cost: 9, State: otp.NewsRinging}}, 4},
		"moved on without being told": {otp.Sent{Pending: true, Code: "0042"}, []otp.News{{State: otp.NewsFailed, MovesOn: true}}, 4 + 5},
	} {
		w := newWorld(t, withoutWait())
		w.settings.Limits = otp.Limits{SpendDay: 100}
		w.routes = func() []otp.Route {
			return []otp.Route{{ID: "one", Channel: "flashCall", Driver: "test", Price: 4}, {ID: "two", Channel: "sms", Driver: "test", Price: 5}}
		}
		early := name == "with news before it"
		w.send = func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
			if early {
				w.news(t, otp.News{Reference: d.ID, State: otp.NewsRinging})
			}
			return test.sent, nil
		}
		gives(t, w.Request(context.Background(), target("login")), "")
		w.work(t)
		for _, n := range test.news {
			n.Reference = w.status(t, "login").Challenge.ID
			w.news(t, n)
		}
		found, err := w.store.Count(context.Background(), []string{otp.BudgetSpend}, w.now)
		if err != nil || found[otp.BudgetSpend].Count != test.want {
			t.Errorf("%s: %d was taken, %v; want %d", name, found[otp.BudgetSpend].Count, err, test.want)
		}
	}
}

func TestStop(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "before")
	if err := w.Stop(context.Background(), phone); err != nil {
		t.Fatal(err)
	}
	if stopped, err := w.Stopped(context.Background(), phone); err != nil || !stopped {
		t.Errorf("stopped: %v, %v", stopped, err)
	}
	w.now = w.now.Add(400 * 24 * time.Hour)
	gives(t, w.Request(context.Background(), targetOf("after")), otp.ProblemCallsStopped)
	other := targetOf("other number")
	other.Phone = "+79990000002"
	gives(t, w.Request(context.Background(), other), "")
	if err := w.Allow(context.Background(), phone); err != nil {
		t.Fatal(err)
	}
	gives(t, w.Request(context.Background(), targetOf("after")), "")
}

func TestNotMyNumber(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	if err := w.Refuse(context.Background(), target("login")); err != nil {
		t.Fatal(err)
	}
	w.is(t, "login", otp.Refused)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeNone)
	w.now = w.now.Add(time.Hour)
	gives(t, w.resend("login"), otp.ProblemNumberNotMine)
	w.called(t, "another login")
	if err := w.Refuse(context.Background(), target("before any call")); err != nil {
		t.Fatal(err)
	}
	w.is(t, "before any call", otp.Refused)
}

func TestUnblock(t *testing.T) {
	w := newWorld(t, settings())
	w.settings.TotalAttempts = 2
	w.called(t, "login")
	gives(t, w.enter("login", "1111"), otp.ProblemMethodBlocked)
	if err := w.Unblock(context.Background(), "person"); err != nil {
		t.Fatal(err)
	}
	w.called(t, "another")
	gives(t, w.enter("another", "0042"), "")
}

// TestAgreement: who asked for a call themselves agreed to it, for that number,
// and a success doesn't forget it.
func TestAgreement(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.called(t, "unasked")
	if got := w.status(t, "unasked").Agreed; got != "" {
		t.Errorf("nobody agreed, but %q", got)
	}
	gives(t, w.resend("asked"), "")
	w.work(t)
	gives(t, w.enter("asked", "0042"), "")
	if got := w.status(t, "next").Agreed; got != w.Agreement(phone) || got == w.Agreement("+79990000002") {
		t.Errorf("the agreement is %q", got)
	}
}

// TestStopWinsTheRace: a code that was asked for before the stop, and wasn't sent
// yet, isn't sent.
func TestStopWinsTheRace(t *testing.T) {
	w := chained(t)
	gives(t, w.Request(context.Background(), target("login")), "")
	if err := w.Stop(context.Background(), phone); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	if st := w.status(t, "login"); w.calls() != 0 || st.State != otp.Failed || st.Challenge.Failure != "stopped" {
		t.Errorf("%d calls, then %s, %q", w.calls(), st.State, st.Challenge.Failure)
	}
}

var errBoom = errors.New("boom")
