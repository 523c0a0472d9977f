package flashcall_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

const (
	known         = "+7 999 000-00-01" // of the one person that world.find finds
	unknownNumber = "+7 999 000-00-02"
)

func (w *world) firstLogin() factors.Login {
	login := w.login()
	login.Factor, login.Person = 1, nil
	return login
}

func phoneField(number string) map[string]string {
	return map[string]string{flashcall.FieldPhone: number}
}

func TestFirstFactor(t *testing.T) {
	w := newWorld(t)
	login := w.firstLogin()
	if v := w.show(t, login); v.State != flashcall.StateNumber || len(v.Actions) != 0 {
		t.Errorf("at first the page is %+v", v)
	}
	w.typeNumber(t, login, "8 999 000-00-01") // in the form of the region
	w.work(t)
	if len(w.jobs) != 1 || w.jobs[0].Input[loops.InputPhoneE164] != "+79990000001" {
		t.Fatalf("the driver was asked for %+v", w.jobs)
	}
	proof, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("0042")})
	if err != nil || proof == nil || proof.PersonID != "person" || proof.Phone != "+79990000001" || !reflect.DeepEqual(proof.AMR, []string{"tel"}) {
		t.Errorf("the right code gave %+v, %v", proof, err)
	}
	if _, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("0042")}); err == nil {
		t.Error("the code counts twice")
	}
}

// TestBackToTheFirstFactor: who goes back after a call as second factor is asked
// for a number as anybody, with all that the page needs.
func TestBackToTheFirstFactor(t *testing.T) {
	w := newWorld(t)
	login := w.called(t)
	login.Factor, login.Person = 1, nil
	v := w.show(t, login)
	if v.State != flashcall.StateNumber || len(v.Actions) != 0 || v.Values[flashcall.ValueCodeLength] != 4 || len(v.Values) != 3 {
		t.Errorf("the page is %+v", v)
	}
}

// typeNumber posts the number; it gives neither proof nor problem.
func (w *world) typeNumber(t *testing.T, login factors.Login, number string) {
	t.Helper()
	if proof, err := w.Answer(context.Background(), login, factors.Answer{Fields: phoneField(number)}); proof != nil || err != nil {
		t.Fatalf("typing a number gave %+v, %v", proof, err)
	}
}

// what is all that somebody sees of a step, but for the number itself.
type what struct {
	State   string
	Values  map[string]any
	Actions []string
	Problem string
	Refresh time.Duration
}

func (w *world) sees(t *testing.T, login factors.Login, err error) what {
	t.Helper()
	v := w.show(t, login)
	delete(v.Values, flashcall.ValuePhone)
	out := what{State: v.State, Values: v.Values, Actions: v.Actions, Refresh: v.Refresh}
	if p := factors.AsProblem(err); p != nil {
		out.Problem = fmt.Sprint(p.ID, p.Args, p.Field, p.Status)
	} else if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNobodyLearnsWhoHasANumber does the same with a number that somebody has and
// with one that nobody has, whatever becomes of the call: the pages are equal all
// the way, and nobody is called at the second number.
func TestNobodyLearnsWhoHasANumber(t *testing.T) {
	slow := func(w *world) {} // the call is never placed
	for name, provider := range map[string]func(*world){
		"the call goes well": func(w *world) {
			w.answer = says(map[string]any{"code": "74950000042", "call_id": "1", "pending": true})
		},
		"it is refused": func(w *world) {
			w.answer = fails(&loops.Failure{Key: loops.RateLimited, Params: map[string]string{"retry_after": "600"}})
		},
		"the provider is out": func(w *world) { w.answer = fails(errors.New("boom")) },
		"no node works":       slow,
		"calls are stopped":   func(w *world) { _ = w.engine.Stop(context.Background(), "+79990000001") },
		"money is used up":    func(w *world) { w.settings.Limits.SpendDay = 1 },
		"a number's limit":    func(w *world) { w.settings.Limits.NumberHour = 2 },
		"an address's limit":  func(w *world) { w.settings.Limits.AddressHour = 2 },
		"a total of four":     func(w *world) { w.settings.TotalAttempts = 4 },
		"the provider checks": checks(says(map[string]any{"valid": false})),
		"it takes no more":    checks(says(map[string]any{"valid": false, "reason": "locked"})),
		"it can't check":      checks(fails(errors.New("boom"))),
		"a chain":             func(w *world) { w.answer = fails(errors.New("boom")); w.routes = append(w.routes, w.smsRoute()) },
	} {
		t.Run(name, func(t *testing.T) {
			real, nobody := journey(t, name != "no node works", provider, known), journey(t, true, provider, unknownNumber)
			for i := range real {
				if !reflect.DeepEqual(real[i], nobody[i]) {
					t.Errorf("step %d:\nsomebody's number %+v\nnobody's          %+v", i, real[i], nobody[i])
				}
			}
		})
	}
}

// checks has the provider check codes, and answer so.
func checks(answer func(loops.Job) (*loops.Result, error)) func(*world) {
	return func(w *world) {
		w.driver.Manifest.CodeOrigin = loops.CodeFromCheck
		w.answer = func(job loops.Job) (*loops.Result, error) {
			if job.Entry == loops.EntryStart {
				return says(map[string]any{"call_id": "1"})(job)
			}
			return answer(job)
		}
	}
}

// journey asks for a call, guesses, asks again, and waits.
func journey(t *testing.T, works bool, provider func(*world), number string) []what {
	w := newWorld(t)
	w.routes[0].Price = 5
	provider(w)
	login := w.firstLogin()
	var seen []what
	step := func(action string, fields map[string]string, wait time.Duration) {
		_, err := w.Answer(context.Background(), login, factors.Answer{Action: action, Fields: fields})
		seen = append(seen, w.sees(t, login, err))
		if works {
			w.work(t)
		}
		w.now = w.now.Add(wait)
		seen = append(seen, w.sees(t, login, nil))
	}
	step("", phoneField(number), time.Second)
	step("", code("9999"), time.Second)
	step(factors.ActionResend, nil, 29*time.Second)
	step(factors.ActionResend, nil, 0)
	step("", code("9998"), 3*time.Minute)
	step("", code("9997"), 0)
	step(factors.ActionResend, nil, 0)
	step("", code("9996"), 0)
	step(factors.ActionSMS, nil, time.Minute)
	step(factors.ActionNotMine, nil, 0)
	step("", phoneField(number), 0)
	step("", map[string]string{"caller": "74950009999"}, 0)
	step("", map[string]string{"caller": "4950009999 ext 12345678"}, time.Minute)
	step(factors.ActionResend, nil, time.Second)
	step("", code("+7 495 000 99 99"), 0)
	if number == unknownNumber && len(w.jobs) > 0 {
		t.Errorf("nobody's number was called: %+v", w.jobs)
	}
	return seen
}

func TestNumberAsFirstFactorIsRefused(t *testing.T) {
	for number, want := range map[string]string{
		"": factors.ProblemFieldMissing, "12": flashcall.ProblemNumberMalformed, "call me": flashcall.ProblemNumberMalformed,
		"+74951234567": flashcall.ProblemNumberUnfit, "+12025550123": flashcall.ProblemPhoneCountry,
	} {
		w := newWorld(t)
		login := w.firstLogin()
		_, err := w.Answer(context.Background(), login, factors.Answer{Fields: phoneField(number)})
		if p := factors.AsProblem(err); p == nil || p.ID != want || p.Field != flashcall.FieldPhone {
			t.Errorf("%q gave %v, want %s", number, err, want)
		}
		w.work(t)
		if len(w.jobs) != 0 {
			t.Errorf("%q was called", number)
		}
	}
}

// TestOneNumberManyLogins: attempts count for the number, not for the login.
func TestOneNumberManyLogins(t *testing.T) {
	w := newWorld(t)
	w.settings.ResendAfter = 0
	spent := 0
	for range 10 {
		login := w.firstLogin()
		login.IP = netip.MustParseAddr(fmt.Sprintf("198.51.100.%d", w.logins))
		if _, err := w.Answer(context.Background(), login, factors.Answer{Fields: phoneField(known)}); err != nil {
			continue
		}
		w.work(t)
		for range 3 {
			_, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("1111")})
			if p := factors.AsProblem(err); p != nil && (p.ID == otp.ProblemCodeWrong || p.ID == otp.ProblemCodeExhausted) {
				spent++
			}
		}
	}
	// Two calls with three guesses each, and a third one with the guess that begins
	// the block.
	if len(w.jobs) != 3 || spent != 6 {
		t.Errorf("%d calls, and %d guesses before the one that begins the block, with a total of %d", len(w.jobs), spent, w.settings.TotalAttempts)
	}
}
