package flashcall_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// TestAFailedMessageTellsNothing: who has no number never has a message that
// fails, so after one the next code takes the same channel all the same.
func TestAFailedMessageTellsNothing(t *testing.T) {
	after := func(number string) what {
		w := newWorld(t)
		w.routes = append(w.routes, w.smsRoute())
		w.answer = fails(errors.New("boom"))
		login := w.firstLogin()
		w.typeNumber(t, login, number)
		w.work(t)
		for _, action := range []string{factors.ActionSMS, factors.ActionResend} {
			w.now = w.now.Add(time.Minute)
			if _, err := w.Answer(context.Background(), login, factors.Answer{Action: action}); err != nil {
				t.Fatalf("%s: %v", action, err)
			}
			w.work(t)
		}
		return w.sees(t, login, nil)
	}
	if real, nobody := after(known), after(unknownNumber); !reflect.DeepEqual(real, nobody) {
		t.Errorf("somebody's number %+v\nnobody's          %+v", real, nobody)
	}
}

// TestNoNumberIsThatLong: a page doesn't repeat whatever a provider says.
func TestNoNumberIsThatLong(t *testing.T) {
	long := strings.Repeat("7", 1000)
	for origin, value := range map[loops.CodeOrigin]map[string]any{
		loops.CodeFromCheck:  {"call_id": "1", "prefix": long},
		loops.CodeFromCaller: {"call_id": "1", "caller": long, "code": long},
	} {
		w := newWorld(t)
		w.driver.Manifest.CodeOrigin = origin
		w.answer = says(value)
		login := w.login()
		if err := w.Begin(context.Background(), login); err != nil {
			t.Fatal(err)
		}
		w.work(t)
		if mask := w.show(t, login).Values[flashcall.ValueCallerMask]; mask != nil {
			t.Errorf("%s: the page shows %v", origin, mask)
		}
	}
}

// TestANumberIsTypedAgain: it was right after all. The attempts of the login go
// on counting.
func TestANumberIsTypedAgain(t *testing.T) {
	w := newWorld(t)
	login := w.firstLogin()
	w.typeNumber(t, login, known)
	w.work(t)
	for range 2 {
		if _, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("9999")}); err == nil {
			t.Fatal("9999 is right")
		}
	}
	if _, err := w.Answer(context.Background(), login, factors.Answer{Action: factors.ActionNotMine}); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	w.typeNumber(t, login, known)
	w.work(t)
	if v := w.show(t, login); v.State != flashcall.StateCalled || len(w.jobs) != 2 {
		t.Errorf("the page is %+v, and there were %d calls", v, len(w.jobs))
	}
	_, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("9999")})
	if p := factors.AsProblem(err); p == nil || p.ID != otp.ProblemCodeExhausted {
		t.Errorf("the third wrong code gave %v", err)
	}
}
