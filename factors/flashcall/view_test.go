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

// TestStates walks into each state of the page and looks at it.
func TestStates(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		state   string
		enter   func(t *testing.T, w *world) factors.Login
		problem string
		resend  bool
		refresh time.Duration
		values  []string // besides phone and code_length
	}{
		{flashcall.StateReady, func(t *testing.T, w *world) factors.Login { return w.login() }, "", true, 0, nil},
		{flashcall.StateCalling, func(t *testing.T, w *world) factors.Login {
			login := w.login()
			_ = w.Begin(ctx, login)
			return login
		}, "", false, time.Second, []string{flashcall.ValueResendAt}},
		{flashcall.StateCalled, func(t *testing.T, w *world) factors.Login { return w.called(t) }, "", true, 2 * time.Minute,
			[]string{flashcall.ValueResendAt, flashcall.ValueExpiresAt, flashcall.ValueCallerMask}},
		{flashcall.StateWrong, func(t *testing.T, w *world) factors.Login {
			login := w.called(t)
			w.post(t, login, "", code("1111"))
			return login
		}, otp.ProblemCodeWrong, true, 2 * time.Minute,
			[]string{flashcall.ValueResendAt, flashcall.ValueExpiresAt, flashcall.ValueCallerMask, flashcall.ValueTriesLeft}},
		{flashcall.StateExhausted, func(t *testing.T, w *world) factors.Login {
			login := w.called(t)
			for range 3 {
				w.post(t, login, "", code("1111"))
			}
			return login
		}, otp.ProblemCodeExhausted, true, 0, []string{flashcall.ValueResendAt, flashcall.ValueCallerMask}},
		{flashcall.StateExpired, func(t *testing.T, w *world) factors.Login {
			login := w.called(t)
			w.now = w.now.Add(2 * time.Minute)
			return login
		}, otp.ProblemCodeExpired, true, 0, []string{flashcall.ValueResendAt, flashcall.ValueCallerMask}},
		{flashcall.StateExpired, func(t *testing.T, w *world) factors.Login {
			login := w.called(t)
			w.post(t, login, "", code("0042"))
			return login
		}, otp.ProblemCodeUsed, true, 0, []string{flashcall.ValueResendAt, flashcall.ValueCallerMask}},
		{flashcall.StateFailed, func(t *testing.T, w *world) factors.Login {
			w.answer = fails(errors.New("boom"))
			return w.called(t)
		}, flashcall.ProblemCallUnavailable, true, 0, []string{flashcall.ValueResendAt}},
		{flashcall.StateUnknown, func(t *testing.T, w *world) factors.Login {
			login := w.login()
			_ = w.Begin(ctx, login)
			_, _ = w.store.Claim(ctx, flashcall.ID, w.now, w.now.Add(time.Minute))
			w.now = w.now.Add(time.Minute)
			return login
		}, flashcall.ProblemCallUnknown, true, 0, []string{flashcall.ValueResendAt}},
	}
	for _, test := range tests {
		t.Run(test.state, func(t *testing.T) {
			w := newWorld(t)
			login := test.enter(t, w)
			v := w.show(t, login)
			problem := ""
			if v.Problem != nil {
				problem = v.Problem.ID
			}
			if v.State != test.state || problem != test.problem || v.Refresh != test.refresh {
				t.Errorf("state %s, problem %q, refresh %v; want %s, %q, %v",
					v.State, problem, v.Refresh, test.state, test.problem, test.refresh)
			}
			if slices.Contains(v.Actions, factors.ActionResend) != test.resend {
				t.Errorf("actions are %v", v.Actions)
			}
			want := append([]string{flashcall.ValuePhone, flashcall.ValueCodeLength}, test.values...)
			if got := keys(v.Values); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("values are %v, want %v", got, want)
			}
			if v.Values[flashcall.ValuePhone] != "+7 999 ***-**-01" || v.Values[flashcall.ValueCodeLength] != 4 {
				t.Errorf("phone %v, code length %v", v.Values[flashcall.ValuePhone], v.Values[flashcall.ValueCodeLength])
			}
			if text := fmt.Sprint(v, v.Problem); strings.Contains(text, "0042") || strings.Contains(text, "9990000001") {
				t.Errorf("the page shows a code or a number: %s", text)
			}
		})
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
