package otp_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// blindTarget is a first factor's, of a number that somebody has or nobody.
func (w *world) blindTarget(nobody bool) otp.Target {
	return otp.Target{LoginID: "login", PersonID: w.NumberKey(phone), Phone: phone, Blind: true, Decoy: nobody}
}

func (w *world) enterBlind(code string) error {
	return w.Enter(context.Background(), otp.Entered{LoginID: "login", PersonID: w.NumberKey(phone), Code: code, Blind: true})
}

// checked has the provider check what is typed.
func (w *world) checked() {
	w.routes = func() []otp.Route {
		return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Checks: true}}
	}
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{ByProvider: true, CallID: "1"}, nil
	}
}

// TestBlindChecksTellNothing: whatever a provider answers to a wrong code, a number
// that nobody has gives the same answers; the right one counts all the same.
func TestBlindChecksTellNothing(t *testing.T) {
	answers := func(nobody bool, verdict otp.Verdict, err error) (all []string) {
		w := newWorldWith(t, settings(), otp.Timing{Patience: -1, BlindWait: -1})
		w.checked()
		w.check = func(otp.Delivery, string) (otp.Verdict, error) { return verdict, err }
		gives(t, w.Request(context.Background(), w.blindTarget(nobody)), "")
		w.work(t)
		for _, code := range []string{"9999", "74950009999", "749500", "12", "9998", "9997"} {
			p := factors.AsProblem(w.enterBlind(code))
			all = append(all, fmt.Sprint(p.ID, p.Args, p.Status, p.Field))
		}
		return all
	}
	want := fmt.Sprint(answers(true, "", nil))
	for name, test := range map[string]struct {
		verdict otp.Verdict
		err     error
	}{"wrong": {verdict: otp.VerdictWrong}, "expired": {verdict: otp.VerdictExpired}, "locked": {verdict: otp.VerdictLocked}, "out of order": {err: errBoom}} {
		if got := fmt.Sprint(answers(false, test.verdict, test.err)); got != want {
			t.Errorf("%s: somebody's number answers\n%s, nobody's\n%s", name, got, want)
		}
	}
	w := newWorldWith(t, settings(), otp.Timing{Patience: -1, BlindWait: -1})
	w.checked()
	w.settings.AttemptsPerLogin = 1
	w.check = func(otp.Delivery, string) (otp.Verdict, error) { return otp.VerdictRight, nil }
	gives(t, w.Request(context.Background(), w.blindTarget(false)), "")
	w.work(t)
	gives(t, w.enterBlind("0042"), "")
	gives(t, w.enterBlind("0042"), otp.ProblemCodeUsed)
}

// TestBlindCallThatFailed: no provider is asked about a call that failed.
func TestBlindCallThatFailed(t *testing.T) {
	w := newWorldWith(t, settings(), otp.Timing{Patience: -1, BlindWait: -1})
	w.checked()
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{ByProvider: true, Pending: true, CallID: "1"}, nil
	}
	gives(t, w.Request(context.Background(), w.blindTarget(false)), "")
	w.work(t)
	if err := w.News(context.Background(), otp.News{Driver: "test", CallID: "1", State: otp.NewsFailed, Failure: "unreachable"}); err != nil {
		t.Fatal(err)
	}
	w.check = func(otp.Delivery, string) (otp.Verdict, error) {
		t.Error("the provider was asked about a call that failed")
		return otp.VerdictRight, nil
	}
	gives(t, w.enterBlind("0042"), otp.ProblemCodeWrong)
}

// TestBlindKeepsTheChannel: that a message couldn't be sent doesn't show in the
// channel of the next code.
func TestBlindKeepsTheChannel(t *testing.T) {
	for _, nobody := range []bool{false, true} {
		w := newWorldWith(t, withoutWait(), otp.Timing{Patience: -1, BlindWait: -1})
		w.routes = chain
		w.send = failing(map[string]*otp.SendError{"third": {Kind: "unavailable"}})
		sms := w.blindTarget(nobody)
		sms.Channel = "sms"
		gives(t, w.Request(context.Background(), sms), "")
		w.work(t)
		gives(t, w.Resend(context.Background(), w.blindTarget(nobody)), "")
		c, err := w.Current(context.Background(), "login")
		if err != nil || c.Channel != "sms" {
			t.Errorf("nobody's: %v: the next code goes by %s, %v", nobody, c.Channel, err)
		}
	}
}

// TestBlindWholeNumber: what a native app posts is taken without a word about who
// chooses the code.
func TestBlindWholeNumber(t *testing.T) {
	w := newWorldWith(t, settings(), otp.Timing{Patience: -1, BlindWait: -1})
	gives(t, w.Request(context.Background(), w.blindTarget(false)), "")
	w.work(t)
	gives(t, w.enterBlind("74950009999"), otp.ProblemCodeWrong)
	gives(t, w.enterBlind("7495000004200042"), otp.ProblemCodeFormat) // no number is that long
	gives(t, w.enterBlind("74950000042"), "")
}

// TestBlindWrongGuessTakesAsLong: the provider takes its time, and a decoy has none
// to ask.
func TestBlindWrongGuessTakesAsLong(t *testing.T) {
	for _, test := range []struct {
		nobody, checks bool
		want           time.Duration
	}{{false, true, 3 * time.Second}, {true, true, 3 * time.Second}, {false, false, 0}, {true, false, 0}} {
		running(t, otp.Timing{}, func(t *testing.T, w *world) {
			if test.checks {
				w.checked()
			}
			w.check = func(otp.Delivery, string) (otp.Verdict, error) {
				time.Sleep(2 * time.Second)
				return otp.VerdictWrong, nil
			}
			gives(t, w.Request(t.Context(), w.blindTarget(test.nobody)), "")
			time.Sleep(5 * time.Second)
			begun := time.Now()
			gives(t, w.enterBlind("9999"), otp.ProblemCodeWrong)
			if took := time.Since(begun); took != test.want {
				t.Errorf("%+v: it took %v", test, took)
			}
		})
	}
}
