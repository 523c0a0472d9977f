package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// player is a sender of a chain of two routes that does what rapid draws.
type player struct{ fate, news string }

func (*player) Routes(phone string, _ time.Time) []otp.Route {
	return []otp.Route{
		{ID: "1", Channel: "flashCall", Driver: "first", Price: 400_000},
		{ID: "2", Channel: "sms", Driver: "second", Price: 3_000_000},
	}
}

func (p *player) Send(context.Context, otp.Delivery) (otp.Sent, error) {
	switch p.fate {
	case "pending":
		return otp.Sent{Pending: true, Code: "0042", PollAfter: time.Second}, nil
	case "told":
		return otp.Sent{Code: "0042", Cost: 550_000}, nil
	case "next":
		return otp.Sent{}, &otp.SendError{Kind: "no_funds", MovesOn: true}
	case "failed":
		return otp.Sent{}, &otp.SendError{Kind: "fraud_suspected"}
	}
	return otp.Sent{Code: "0042"}, nil
}

func (*player) Check(context.Context, otp.Delivery, string) (otp.Verdict, error) {
	return otp.VerdictWrong, nil
}

func (p *player) Poll(context.Context, otp.Delivery) (otp.News, error) {
	return otp.News{State: otp.NewsState(p.news), Failure: "unreachable", MovesOn: true, Cost: 600_000}, nil
}

func (*player) Report(context.Context, otp.Delivery, string, bool) error { return nil }

// recountsCalls plays logins of the real engine and compares the figures with a
// count of the calls one by one, which knows nothing of how figures are kept.
func recountsCalls(t *testing.T, s Stores) {
	now, logins, p := noon, 0, &player{}
	settings := otp.DefaultSettings()
	settings.ResendAfter, settings.TotalAttempts = 0, 100
	engine, err := otp.New(otp.Options{
		Method: "flashCall", Store: s.Challenges, Sender: p, Settings: func() otp.Settings { return settings }, Now: func() time.Time { return now },
		Hash: func(parts ...string) string { return fmt.Sprintf("%064x", fmt.Sprint(parts)) }, Timing: otp.Timing{Patience: -1},
	})
	must(t, err)
	rapid.Check(t, func(r *rapid.T) {
		from := logins
		logins += 3
		login := func() otp.Target {
			n := from + rapid.IntRange(0, 2).Draw(r, "login")
			return otp.Target{LoginID: fmt.Sprint(n), PersonID: fmt.Sprint(n), Phone: fmt.Sprintf("+7926%07d", n), Country: "RU"}
		}
		may := func(err error) {
			var fault interface{ HTTPStatus() int }
			if err != nil && !errors.As(err, &fault) {
				r.Fatal(err)
			}
		}
		ctx := context.Background()
		r.Repeat(map[string]func(*rapid.T){
			"request": func(*rapid.T) { may(engine.Request(ctx, login())) },
			"resend":  func(*rapid.T) { may(engine.Resend(ctx, login())) },
			"refuse":  func(*rapid.T) { may(engine.Refuse(ctx, login())) },
			"enter": func(*rapid.T) {
				t := login()
				code := rapid.SampledFrom([]string{"0042", "1111"}).Draw(r, "code")
				may(engine.Enter(ctx, otp.Entered{LoginID: t.LoginID, PersonID: t.PersonID, Code: code}))
			},
			"work": func(*rapid.T) {
				p.fate = rapid.SampledFrom([]string{"called", "told", "pending", "next", "failed"}).Draw(r, "fate")
				p.news = rapid.SampledFrom([]string{"pending", "delivered", "failed"}).Draw(r, "news")
				_, err := engine.Work(ctx)
				may(err)
			},
			"claim and die": func(*rapid.T) {
				_, err := s.Challenges.Claim(ctx, "flashCall", now, now.Add(time.Minute))
				may(err)
			},
			"wait": func(*rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(r, "seconds")) * time.Second)
			},
			"settle": func(*rapid.T) {
				_, err := s.Ledger.SettleCalls(ctx, now, 100)
				may(err)
			},
		})
		recount(r, t, s, now)
	})
}

// tally is what was counted, by driver and what it is.
type tally map[string]int64

func (c tally) add(driver, what string, n int64) {
	if key := driver + " " + what; n != 0 {
		c[key] += n
	}
}

func recount(r *rapid.T, t *testing.T, s Stores, now time.Time) {
	span := ledger.Filter{From: noon.Truncate(time.Hour), To: now.Add(time.Hour)}
	want, got := tally{}, tally{}
	for find, more := (ledger.Find{Filter: span, Limit: 1000}), true; more; {
		calls, err := s.Ledger.FindCalls(t.Context(), find)
		if err != nil {
			r.Fatal(err)
		}
		for _, k := range calls {
			want.call(k)
			find.Before = ledger.Place{At: k.At, ID: k.ID}
		}
		more = len(calls) == find.Limit
	}
	sums, err := s.Ledger.CallSums(t.Context(), span)
	if err != nil {
		r.Fatal(err)
	}
	for _, sum := range sums {
		got.sum(sum)
	}
	if !reflect.DeepEqual(got, want) {
		r.Fatalf("figures\n%v\na recount gives\n%v", got, want)
	}
}

func (c tally) call(k ledger.Call) {
	c.add(k.Driver, "calls", 1)
	switch k.State {
	case otp.Requested, otp.Calling, otp.Placed, otp.Called:
		c.add(k.Driver, "underway", 1)
	default:
		c.add(k.Driver, string(k.State)+k.Failure, 1)
	}
	if !k.PlacedAt.IsZero() {
		c.add(k.Driver, "placed", 1)
	}
	if !k.CalledAt.IsZero() || k.State == otp.Confirmed {
		c.add(k.Driver, "reached", 1)
	}
	if k.State == otp.Confirmed {
		c.add(k.Driver, "waits", 1)
	}
	if k.Cost > 0 {
		c.add(k.Driver, "spent", k.Cost)
		c.add(k.Driver, "told", k.Cost)
	} else if !k.PlacedAt.IsZero() || k.State == otp.Calling || k.State == otp.Unknown {
		c.add(k.Driver, "spent", k.Price)
	}
}

func (c tally) sum(s ledger.Sum) {
	c.add(s.Driver, "calls", s.Calls)
	c.add(s.Driver, "underway", s.Underway)
	for _, state := range ledger.Ends() {
		c.add(s.Driver, string(state)+s.Failure, s.Of(state))
	}
	c.add(s.Driver, "placed", s.Placed)
	c.add(s.Driver, "reached", s.Reached)
	for _, n := range s.Waits {
		c.add(s.Driver, "waits", n)
	}
	c.add(s.Driver, "spent", s.Spent)
	c.add(s.Driver, "told", s.Told)
}
