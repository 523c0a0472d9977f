package otptest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// winsOnceAtProvider: a provider is asked as often as there are attempts, all at
// once, and says "right" each time. The login is confirmed by one.
func winsOnceAtProvider(t *testing.T, s otp.Store) {
	for i, attempts := range []int{3, 64} {
		engines, out := nodes(t, s, limits(attempts, 100))
		out.together = attempts
		login := fmt.Sprint("login-", i)
		requestAndCall(t, engines[0], otp.Target{LoginID: login, PersonID: login, Phone: "+79990000001"})
		var won, refused, other atomic.Int32
		atOnce(64, func(i int) {
			err := engines[i%2].Enter(context.Background(), otp.Entered{LoginID: login, PersonID: login, Code: code})
			switch p := factors.AsProblem(err); {
			case err == nil:
				won.Add(1)
			case p != nil && (p.ID == otp.ProblemCodeUsed || p.ID == otp.ProblemCodeExhausted):
				refused.Add(1)
			default:
				other.Add(1)
				t.Errorf("a right guess gave %v", err)
			}
		})
		if won.Load() != 1 || refused.Load() != 63 || out.checks != attempts {
			t.Errorf("of 64 right guesses with %d attempts %d won, %d were refused, %d were checked; want 1, 63 and %[1]d",
				attempts, won.Load(), refused.Load(), out.checks)
		}
		if b := load(t, s, key(login, login)).Budget; b.Used != 0 {
			t.Errorf("after a success %d attempts are used", b.Used)
		}
	}
}

func requestAndCall(t *testing.T, e *otp.Engine, target otp.Target) {
	t.Helper()
	if err := e.Request(context.Background(), target); err != nil {
		t.Fatalf("asking for a call: %v", err)
	}
	if did, err := e.Work(context.Background()); !did || err != nil {
		t.Fatalf("placing a call: %v, %v", did, err)
	}
}

// callsUpToLimits: logins of as many people meet in one counter, for each kind of
// counter in turn.
func callsUpToLimits(t *testing.T, s otp.Store) {
	for _, test := range []struct {
		budget  string
		limit   otp.Limits
		target  func(i int) (phone, address, country string)
		problem string
	}{
		{"number an hour", otp.Limits{NumberHour: 10}, func(int) (string, string, string) { return "+79990000001", "", "" }, otp.ProblemNumberLimited},
		{"number a day", otp.Limits{NumberDay: 10}, func(int) (string, string, string) { return "+79990000001", "", "" }, otp.ProblemNumberLimited},
		{"address", otp.Limits{AddressHour: 10}, func(i int) (string, string, string) { return phoneOf(i), "192.0.2.1", "" }, otp.ProblemNumberLimited},
		{"network", otp.Limits{NetworkHour: 10}, func(i int) (string, string, string) { return phoneOf(i), fmt.Sprint("192.0.2.", i), "" }, otp.ProblemNumberLimited},
		{"prefix", otp.Limits{PrefixHour: 10}, func(i int) (string, string, string) { return phoneOf(i), "", "" }, otp.ProblemCallsLimited},
		{"country", otp.Limits{CountryHour: 10}, func(i int) (string, string, string) { return phoneOf(i * 10000), "", "RU" }, otp.ProblemCallsLimited},
		{"spend", otp.Limits{SpendDay: 10 * price}, func(i int) (string, string, string) { return phoneOf(i * 10000), "", "RU" }, otp.ProblemCallsLimited},
	} {
		set := limits(3, 100)
		set.Limits = test.limit
		engines, out := nodes(t, s, set)
		var accepted atomic.Int32
		atOnce(64, func(i int) {
			login := fmt.Sprint(test.budget, " ", i)
			phone, address, country := test.target(i)
			err := engines[i%2].Request(context.Background(), otp.Target{LoginID: login, PersonID: login, Phone: phone, RemoteIP: address, Country: country})
			if err == nil {
				accepted.Add(1)
			} else if p := factors.AsProblem(err); p == nil || p.ID != test.problem {
				t.Errorf("%s: asking for a call gave %v, want %s", test.budget, err, test.problem)
			}
		})
		atOnce(64, func(i int) {
			if _, err := engines[i%2].Work(context.Background()); err != nil {
				t.Errorf("placing a call: %v", err)
			}
		})
		if n := accepted.Load(); n != 10 || out.calls != 10 {
			t.Errorf("%s: %d of 64 requests were accepted and %d calls placed, want 10", test.budget, n, out.calls)
		}
	}
}

func phoneOf(i int) string { return fmt.Sprintf("+7999%07d", i) }
