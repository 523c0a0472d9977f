package flashcall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// stateTest is a way into a state of the page, and what the page is then.
type stateTest struct {
	state   string
	enter   func(t *testing.T, w *world) factors.Login
	problem string
	resend  bool
	refresh time.Duration
	values  []string // besides channel, phone and code_length
}

// guessed gives a called login after so many wrong codes.
func guessed(times int) func(t *testing.T, w *world) factors.Login {
	return func(t *testing.T, w *world) factors.Login {
		login := w.called(t)
		for range times {
			w.post(t, login, "", code("1111"))
		}
		return login
	}
}

func asked(t *testing.T, w *world) factors.Login {
	login := w.login()
	if err := w.Begin(context.Background(), login); err != nil {
		t.Fatal(err)
	}
	return login
}

func expired(t *testing.T, w *world) factors.Login {
	login := w.called(t)
	w.now = w.now.Add(2 * time.Minute)
	return login
}

func confirmed(t *testing.T, w *world) factors.Login {
	login := w.called(t)
	w.post(t, login, "", code("0042"))
	return login
}

func failed(t *testing.T, w *world) factors.Login {
	w.answer = fails(errors.New("boom"))
	return w.called(t)
}

// unknown gives a login whose node died while it called.
func unknown(t *testing.T, w *world) factors.Login {
	login := asked(t, w)
	if _, err := w.store.Claim(context.Background(), flashcall.ID, w.now, w.now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	return login
}

// TestStates walks into each state of the page and looks at it.
func TestStates(t *testing.T) {
	resendAt := []string{flashcall.ValueResendAt}
	ringing := []string{flashcall.ValueResendAt, flashcall.ValueCalledAt, flashcall.ValueCallerMask, flashcall.ValueExpiresAt}
	tests := map[string]stateTest{
		"nobody asked":     {flashcall.StateReady, func(_ *testing.T, w *world) factors.Login { return w.login() }, "", true, 0, nil},
		"called elsewhere": {flashcall.StateReady, func(t *testing.T, w *world) factors.Login { w.called(t); return w.login() }, "", true, 0, resendAt},
		"asked":            {flashcall.StateCalling, asked, "", false, time.Second, resendAt},
		"called":           {flashcall.StateCalled, guessed(0), "", true, 2 * time.Minute, ringing},
		"wrong":            {flashcall.StateWrong, guessed(1), otp.ProblemCodeWrong, true, 2 * time.Minute, append(ringing, flashcall.ValueTriesLeft)},
		"too many wrong":   {flashcall.StateExhausted, guessed(3), otp.ProblemCodeExhausted, true, 0, resendAt},
		"too late":         {flashcall.StateExpired, expired, otp.ProblemCodeExpired, true, 0, resendAt},
		"proof lost":       {flashcall.StateExpired, confirmed, otp.ProblemCodeUsed, true, 0, resendAt},
		"failed":           {flashcall.StateFailed, failed, flashcall.ProblemCallUnavailable, true, 0, resendAt},
		"node died":        {flashcall.StateUnknown, unknown, flashcall.ProblemCallUnknown, true, 0, resendAt},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			checkView(t, w.show(t, test.enter(t, w)), test)
		})
	}
}

func checkView(t *testing.T, v factors.View, want stateTest) {
	t.Helper()
	problem := ""
	if v.Problem != nil {
		problem = v.Problem.ID
	}
	if v.State != want.state || problem != want.problem || v.Refresh != want.refresh {
		t.Errorf("state %s, problem %q, refresh %v; want %s, %q, %v", v.State, problem, v.Refresh, want.state, want.problem, want.refresh)
	}
	if slices.Contains(v.Actions, factors.ActionResend) != want.resend {
		t.Errorf("actions are %v", v.Actions)
	}
	values := append([]string{flashcall.ValueChannel, flashcall.ValuePhone, flashcall.ValueCodeLength}, want.values...)
	if got := keys(v.Values); !slices.Equal(got, slices.Sorted(slices.Values(values))) {
		t.Errorf("values are %v, want %v", got, values)
	}
	if v.Values[flashcall.ValuePhone] != "+7 999 ***-**-01" || v.Values[flashcall.ValueCodeLength] != 4 {
		t.Errorf("phone %v, code length %v", v.Values[flashcall.ValuePhone], v.Values[flashcall.ValueCodeLength])
	}
	if text := fmt.Sprint(v, v.Problem); strings.Contains(text, "0042") || strings.Contains(text, "9990000001") {
		t.Errorf("the page shows a code or a number: %s", text)
	}
}

func keys(values map[string]any) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestReadyPageCalls(t *testing.T) {
	w := newWorld(t)
	login := w.login()
	if got := w.post(t, login, factors.ActionResend, nil); got != "" {
		t.Fatalf("call me: %s", got)
	}
	w.work(t)
	if v := w.show(t, login); v.State != flashcall.StateCalled || v.Values[flashcall.ValueCallerMask] != "+7 495 000-__-__" {
		t.Errorf("the page is %+v", v)
	}
	if got := w.post(t, login, factors.ActionResend, nil); got != otp.ProblemResendWait {
		t.Errorf("again at once: %q, want %s", got, otp.ProblemResendWait)
	}
}

// TestNewLoginWaits: a new login within the wait rings nobody; its page offers
// the call for later, and places it then.
func TestNewLoginWaits(t *testing.T) {
	w := newWorld(t)
	w.called(t)
	end := w.now.Add(30 * time.Second)
	w.now = w.now.Add(10 * time.Second)
	second := w.login()
	p := factors.AsProblem(w.Begin(context.Background(), second))
	if p == nil || p.ID != otp.ProblemResendWait || p.Args["resend_at"] != end {
		t.Errorf("Begin gives %+v, want %s until %v", p, otp.ProblemResendWait, end)
	}
	if got := w.post(t, second, factors.ActionResend, nil); got != otp.ProblemResendWait {
		t.Errorf("call me, too early: %q, want %s", got, otp.ProblemResendWait)
	}
	w.work(t)
	if len(w.jobs) != 1 {
		t.Errorf("the phone rang %d times, want once", len(w.jobs))
	}
	v := w.show(t, second)
	if v.State != flashcall.StateReady || v.Values[flashcall.ValueResendAt] != end || !slices.Contains(v.Actions, factors.ActionResend) {
		t.Errorf("the page is %+v, want ready with %s from %v on", v, factors.ActionResend, end)
	}
	w.now = end
	if got := w.post(t, second, factors.ActionResend, nil); got != "" {
		t.Errorf("call me, after the wait: %s", got)
	}
	w.work(t)
	if v := w.show(t, second); v.State != flashcall.StateCalled || len(w.jobs) != 2 {
		t.Errorf("the page is %+v after %d calls", v, len(w.jobs))
	}
}

// TestResendAtIsThePersons: every page that tells of a wait tells of the one
// that holds, even where a later call in another login began it.
func TestResendAtIsThePersons(t *testing.T) {
	w := newWorld(t)
	first := w.called(t)
	for range 3 {
		w.post(t, first, "", code("1111"))
	}
	w.now = w.now.Add(30 * time.Second)
	w.called(t)
	end := w.now.Add(30 * time.Second)
	v := w.show(t, first)
	_, err := w.Answer(context.Background(), first, factors.Answer{Fields: code("1111")})
	p := factors.AsProblem(err)
	if p == nil || v.Problem == nil {
		t.Fatalf("used up, but the page has %v, an answer %v", v.Problem, err)
	}
	if v.Values[flashcall.ValueResendAt] != end || v.Problem.Args["resend_at"] != end || p.Args["resend_at"] != end {
		t.Errorf("the page says %v and %v, an answer %v; want %v", v.Values, v.Problem.Args, p.Args, end)
	}
}

// TestTriesLeftOnlyWhenFew: counting down from many only invites guessing.
func TestTriesLeftOnlyWhenFew(t *testing.T) {
	w := newWorld(t)
	w.settings.AttemptsPerLogin = 5
	login := w.called(t)
	for _, want := range []any{nil, nil, 2, 1} {
		w.post(t, login, "", code("1111"))
		v := w.show(t, login)
		if v.Values[flashcall.ValueTriesLeft] != want || v.Problem.Args["tries_left"] != want {
			t.Errorf("tries left: %v and %v, want %v", v.Values[flashcall.ValueTriesLeft], v.Problem.Args, want)
		}
	}
}

// TestFailures: each word of the vocabulary has its text, and no provider's
// detail reaches the page.
func TestFailures(t *testing.T) {
	want := map[loops.Key]string{
		loops.InvalidNumber: flashcall.ProblemCallRefused, loops.DestinationForbidden: flashcall.ProblemCallRefused,
		loops.NumberBlocked: flashcall.ProblemCallRefused, loops.RateLimited: flashcall.ProblemCallLimited,
		loops.FraudSuspected: flashcall.ProblemCallLimited, loops.Unreachable: flashcall.ProblemCallUnreachable,
		loops.NoFunds: flashcall.ProblemCallUnavailable, loops.AuthFailed: flashcall.ProblemCallUnavailable,
		loops.Unavailable: flashcall.ProblemCallUnavailable, loops.BadAnswer: flashcall.ProblemCallUnavailable,
		"words_of_a_driver": flashcall.ProblemCallUnavailable,
	}
	if len(want) != len(loops.Keys())+1 {
		t.Errorf("%d words are tested, the vocabulary has %d", len(want)-1, len(loops.Keys()))
	}
	for key, id := range want {
		w := newWorld(t)
		w.answer = fails(&loops.Failure{Key: key, Params: map[string]string{"retry_after": "90", "balance": "-12 EUR"}})
		v := w.show(t, w.called(t))
		if v.State != flashcall.StateFailed || v.Problem.ID != id {
			t.Errorf("%s: state %s, problem %s; want %s", key, v.State, v.Problem.ID, id)
		}
		if at := v.Values[flashcall.ValueResendAt].(time.Time); !at.Equal(w.now.Add(90 * time.Second)) {
			t.Errorf("%s: the next call is possible at %v", key, at)
		}
		if strings.Contains(fmt.Sprint(v, v.Problem.Args), "EUR") {
			t.Errorf("%s: the page tells the provider's detail", key)
		}
	}
}
