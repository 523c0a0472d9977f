package flashcall_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

func (w *world) smsRoute() flashcall.Route {
	return flashcall.Route{ID: "sms", Channel: loops.ChannelSMS, Secrets: w.secrets, Wait: 10 * time.Second,
		Driver: &loops.Driver{Name: "texts", Manifest: loops.Manifest{Channel: loops.ChannelSMS, CodeOrigin: loops.CodeFromUs}}}
}

func TestConditions(t *testing.T) {
	// 12:00 UTC is 15:00 in Moscow and 22:00 in Vladivostok.
	for name, test := range map[string]struct {
		route  flashcall.Route
		phone  string
		serves bool
	}{
		"none":                      {flashcall.Route{}, "+79990000001", true},
		"country":                   {flashcall.Route{Countries: []string{"KZ", "RU"}}, "+79990000001", true},
		"another country":           {flashcall.Route{Countries: []string{"RU"}}, "+77010000001", false}, // Kazakhstan has +7 too
		"prefix":                    {flashcall.Route{Prefixes: []string{"+7916", "+7999"}}, "+79990000001", true},
		"another prefix":            {flashcall.Route{Prefixes: []string{"+7916"}}, "+79990000001", false},
		"operator":                  {flashcall.Route{Operators: []string{"megafon"}}, "+79261234567", true},
		"another operator":          {flashcall.Route{Operators: []string{"Tele2"}}, "+79261234567", false},
		"the number's hour":         {flashcall.Route{From: 14 * 60, To: 16 * 60}, "+74951234567", true},
		"another hour":              {flashcall.Route{From: 14 * 60, To: 16 * 60}, "+74232345678", false}, // Vladivostok
		"the last minute":           {flashcall.Route{From: 0, To: 15 * 60}, "+74951234567", false},
		"over midnight":             {flashcall.Route{From: 21 * 60, To: 9 * 60}, "+74232345678", true},
		"over midnight, in the day": {flashcall.Route{From: 21 * 60, To: 9 * 60}, "+74951234567", false},
		"no number at all":          {flashcall.Route{Operators: []string{"MTS"}}, "nonsense", false},
	} {
		w := newWorld(t)
		test.route.ID, test.route.Driver = "one", &w.driver
		w.routes = []flashcall.Route{test.route}
		sender := flashcall.NewSender(flashcall.SenderOptions{Routes: func() []flashcall.Route { return w.routes }, Now: func() time.Time { return w.now }})
		if got := len(sender.Routes(test.phone, w.now)) == 1; got != test.serves {
			t.Errorf("%s: serves %v", name, got)
		}
	}
}

// TestBreaker: a provider that is out of order is passed over for a while, and
// then tried again, once.
func TestBreaker(t *testing.T) {
	w := newWorld(t)
	w.settings.ResendAfter, w.settings.TotalAttempts = 0, 100
	w.breaker = flashcall.Breaker{Failures: 2, Pause: time.Minute}
	second := w.routes[0]
	second.ID, second.Driver = "second", &loops.Driver{Name: "second", Manifest: w.driver.Manifest}
	w.routes = append(w.routes, second)
	broken := true
	var asked []string
	w.answer = func(job loops.Job) (*loops.Result, error) {
		asked = append(asked, job.Driver.Name)
		if broken && job.Driver.Name == "test" {
			return nil, &loops.Failure{Key: loops.Unavailable}
		}
		return &loops.Result{Value: map[string]any{"code": "74950000042"}}, nil
	}
	for _, step := range []struct {
		wait time.Duration
		want string
	}{
		{0, "test second"}, {0, "test second"}, // the breaker opens
		{0, "second"}, {30 * time.Second, "second"},
		{30 * time.Second, "test second"}, // half open: one try
		{0, "second"},
		{time.Minute, "test"}, {0, "test"}, // it works again
	} {
		if w.now = w.now.Add(step.wait); step.want == "test" {
			broken = false
		}
		asked = nil
		login := w.called(t)
		if got := strings.Join(asked, " "); got != step.want {
			t.Errorf("asked %q, want %q", got, step.want)
		}
		w.post(t, login, "", code("0042"))
	}
}

// TestNumberIsNoFault: a number that can't be called says nothing about the
// provider; where all routes are broken, one is tried all the same.
func TestNumberIsNoFault(t *testing.T) {
	w := newWorld(t)
	w.settings.ResendAfter, w.settings.TotalAttempts = 0, 100
	w.breaker = flashcall.Breaker{Failures: 1, Pause: time.Hour}
	w.answer = fails(&loops.Failure{Key: loops.InvalidNumber})
	for range 3 {
		w.called(t)
	}
	w.answer = fails(&loops.Failure{Key: loops.NoFunds})
	for range 3 {
		w.called(t)
	}
	if len(w.jobs) != 6 {
		t.Errorf("%d calls were tried, want 6", len(w.jobs))
	}
}

func TestMessage(t *testing.T) {
	w := newWorld(t)
	w.routes = append(w.routes, w.smsRoute())
	w.answer = func(job loops.Job) (*loops.Result, error) {
		if job.Driver.Name == "test" {
			return nil, &loops.Failure{Key: loops.DestinationForbidden}
		}
		return &loops.Result{Value: map[string]any{"call_id": "m1"}}, nil
	}
	login := w.login()
	login.Lang = "ru"
	if err := w.Begin(context.Background(), login); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	in := w.jobs[1].Input
	ours, _ := in[loops.InputCode].(string)
	if len(ours) != 4 || in[loops.InputText] != "ru code "+ours {
		t.Fatalf("the driver of messages gets %v", in)
	}
	v := w.show(t, login)
	if v.State != flashcall.StateCalled || v.Values[flashcall.ValueChannel] != "sms" || v.Values[flashcall.ValueCallerMask] != nil {
		t.Errorf("the page is %+v", v)
	}
	proof, err := w.Answer(context.Background(), login, factors.Answer{Fields: code(ours)})
	if err != nil || !reflect.DeepEqual(proof.AMR, []string{"sms"}) {
		t.Errorf("the proof is %+v, %v", proof, err)
	}
}

// TestTimesOfButtons: a time stands only beside a button that has to wait, and
// nowhere as the year 1.
func TestTimesOfButtons(t *testing.T) {
	times := func(v factors.View) (names []string) {
		for _, name := range []string{flashcall.ValueResendAt, flashcall.ValueSMSAt, flashcall.ValueExpiresAt} {
			if v.Values[name] != nil {
				names = append(names, name)
			}
		}
		return names
	}
	for name, test := range map[string]struct {
		enter func(w *world) factors.Login
		state string
		times []string
	}{
		"ready":   {func(w *world) factors.Login { return w.login() }, flashcall.StateReady, nil},
		"called":  {func(w *world) factors.Login { return w.called(t) }, flashcall.StateCalled, []string{"resend_at", "sms_at", "expires_at"}},
		"refused": {func(w *world) factors.Login { l := w.called(t); w.post(t, l, factors.ActionNotMine, nil); return l }, flashcall.StateNotMine, nil},
		"stopped": {func(w *world) factors.Login { w.stop(t); return w.login() }, flashcall.StateStopped, nil},
		"blocked": {func(w *world) factors.Login {
			w.settings.TotalAttempts = 2
			l := w.called(t)
			w.post(t, l, "", code("9999"))
			return l
		}, flashcall.StateBlocked, nil},
		"blocked, first": {func(w *world) factors.Login {
			w.settings.TotalAttempts = 2
			l := w.firstLogin()
			w.typeNumber(t, l, known)
			w.post(t, l, "", code("9999"))
			return l
		}, flashcall.StateBlocked, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.routes = append(w.routes, w.smsRoute())
			v := w.show(t, test.enter(w))
			if got := times(v); v.State != test.state || !slices.Equal(got, test.times) {
				t.Errorf("%s has the times %v, want %s with %v", v.State, got, test.state, test.times)
			}
		})
	}
}

func (w *world) stop(t *testing.T) {
	t.Helper()
	if err := w.engine.Stop(context.Background(), "+79990000001"); err != nil {
		t.Fatal(err)
	}
}

// TestInsteadOfACall: the page offers the other channels with their waits.
func TestInsteadOfACall(t *testing.T) {
	w := newWorld(t)
	w.routes = append(w.routes, w.smsRoute())
	w.answer = says(map[string]any{"code": "74950000042"})
	login := w.called(t)
	began := w.now
	v := w.show(t, login)
	at, _ := v.Values[flashcall.ValueSMSAt].(time.Time)
	if !slices.Contains(v.Actions, factors.ActionSMS) || slices.Contains(v.Actions, factors.ActionVoice) || !at.Equal(began.Add(10*time.Second)) {
		t.Errorf("the page is %+v", v)
	}
	if got := w.post(t, login, factors.ActionSMS, nil); got != otp.ProblemResendWait {
		t.Errorf("too early: %q", got)
	}
	if got := w.post(t, login, factors.ActionVoice, nil); got != otp.ProblemNoRoute {
		t.Errorf("a channel that isn't there: %q", got)
	}
	w.now = w.now.Add(10 * time.Second)
	w.answer = says(map[string]any{})
	if got := w.post(t, login, factors.ActionSMS, nil); got != "" {
		t.Errorf("in time: %q", got)
	}
	w.work(t)
	if v := w.show(t, login); v.Values[flashcall.ValueChannel] != "sms" || slices.Contains(v.Actions, factors.ActionSMS) {
		t.Errorf("the page of a message is %+v", v)
	}
}

// TestStopWhileAsking: who stops calls to their number in between is told so, and
// not that the provider is out of order.
func TestStopWhileAsking(t *testing.T) {
	w := newWorld(t)
	login := w.login()
	if err := w.Begin(context.Background(), login); err != nil {
		t.Fatal(err)
	}
	w.stop(t)
	w.work(t)
	st, err := w.engine.Status(context.Background(), login.ID, "person")
	if err != nil || len(w.jobs) != 0 || flashcall.ProblemOf(st.Challenge.Failure) != otp.ProblemCallsStopped {
		t.Errorf("%d calls, then %+v, %v", len(w.jobs), st.Challenge, err)
	}
}

// TestBackToACall: after a message a flash call may be asked for again, when the
// wait between two codes is over.
func TestBackToACall(t *testing.T) {
	w := newWorld(t)
	w.routes = append(w.routes, w.smsRoute())
	login := w.called(t)
	w.now = w.now.Add(10 * time.Second)
	w.answer = says(map[string]any{})
	w.post(t, login, factors.ActionSMS, nil)
	w.work(t)
	v := w.show(t, login)
	at, _ := v.Values[flashcall.ValueCallAt].(time.Time)
	if !slices.Contains(v.Actions, factors.ActionCall) || !at.Equal(w.now.Add(30*time.Second)) {
		t.Errorf("the page of a message is %+v", v)
	}
	if got := w.post(t, login, factors.ActionCall, nil); got != otp.ProblemResendWait {
		t.Errorf("too early: %q", got)
	}
	w.now, w.answer = at, says(map[string]any{"code": "74950000042"})
	if got := w.post(t, login, factors.ActionCall, nil); got != "" {
		t.Errorf("in time: %q", got)
	}
	w.work(t)
	if v := w.show(t, login); v.Values[flashcall.ValueChannel] != "flashCall" || slices.Contains(v.Actions, factors.ActionCall) {
		t.Errorf("the page of the call is %+v", v)
	}
}

func TestAsking(t *testing.T) {
	for ask, rings := range map[string][]bool{
		flashcall.AskNever: {true, true, true}, flashcall.AskFirstTime: {false, true, false}, flashcall.AskAlways: {false, false, false},
	} {
		w := newWorld(t)
		w.own.Ask = ask
		w.settings.ResendAfter = 0
		for i, want := range rings {
			login := w.login()
			if i == 2 {
				login.Person.Attributes["phone_number"] = "79990000009" // a new number is asked for anew
			}
			before := len(w.jobs)
			if err := w.Begin(context.Background(), login); err != nil {
				t.Fatal(err)
			}
			w.work(t)
			if rang := len(w.jobs) > before; rang != want {
				t.Errorf("%s: login %d rang %v", ask, i+1, rang)
			}
			if v := w.show(t, login); !want && (v.State != flashcall.StateReady || v.Actions[0] != factors.ActionResend) {
				t.Errorf("%s: the page that asks is %+v", ask, v)
			}
			w.post(t, login, factors.ActionResend, nil)
			w.work(t)
			if got := w.post(t, login, "", code("0042")); got != "" {
				t.Errorf("%s: the right code gave %q", ask, got)
			}
		}
	}
}

func TestNotMine(t *testing.T) {
	w := newWorld(t)
	login := w.called(t)
	if got := w.post(t, login, factors.ActionNotMine, nil); got != "" {
		t.Fatal(got)
	}
	if v := w.show(t, login); v.State != flashcall.StateNotMine || v.Problem.ID != otp.ProblemNumberNotMine || len(v.Actions) != 0 {
		t.Errorf("the page is %+v", v)
	}
	w.now = w.now.Add(time.Hour)
	if got := w.post(t, login, factors.ActionResend, nil); got != otp.ProblemNumberNotMine {
		t.Errorf("asking again gave %q", got)
	}
}

func TestLimitedAndStopped(t *testing.T) {
	w := newWorld(t)
	w.settings.Limits.NumberHour = 1
	w.called(t)
	w.now = w.now.Add(time.Minute)
	login := w.login()
	err := w.Begin(context.Background(), login)
	if p := factors.AsProblem(err); p == nil || p.ID != otp.ProblemNumberLimited {
		t.Errorf("a second call gave %v", err)
	}
	if p := factors.AsProblem(w.Ready(context.Background(), login)); p == nil || p.ID != otp.ProblemNumberLimited {
		t.Errorf("Ready says %v", p)
	}
	v := w.show(t, login)
	if until, _ := v.Values[flashcall.ValueUntil].(time.Time); v.State != flashcall.StateLimited || !until.Equal(w.now.Add(59*time.Minute)) || len(v.Actions) != 0 {
		t.Errorf("the page is %+v", v)
	}
	if err := w.engine.Stop(context.Background(), "+79990000001"); err != nil {
		t.Fatal(err)
	}
	if v := w.show(t, login); v.State != flashcall.StateStopped || v.Problem.ID != otp.ProblemCallsStopped {
		t.Errorf("after a stop the page is %+v", v)
	}
}

// TestProviderKeepsTheCode: all that was typed, or read by an app, goes to the
// provider, with what it gave before.
func TestProviderKeepsTheCode(t *testing.T) {
	for name, test := range map[string]struct {
		fields map[string]string
		asks   string
	}{
		"the last digits":  {code("00-42"), "0042"},
		"the whole number": {code("+7 495 000-00-42"), "74950000042"},
		"an app's caller":  {map[string]string{"caller": "+7 (495) 000-00-42"}, "74950000042"},
	} {
		w := newWorld(t)
		w.driver.Manifest.CodeOrigin = loops.CodeFromCheck
		w.answer = says(map[string]any{"call_id": number("17"), "prefix": "7495000"})
		login := w.called(t)
		if v := w.show(t, login); v.State != flashcall.StateCalled || v.Values[flashcall.ValueWholeNumber] != true || v.Values[flashcall.ValueCallerMask] != "+7 495 000-__-__" {
			t.Errorf("%s: the page is %+v", name, v)
		}
		w.answer = says(map[string]any{"valid": true})
		if got := w.post(t, login, "", test.fields); got != "" {
			t.Errorf("%s: %q", name, got)
		}
		job := w.jobs[1]
		if job.Entry != loops.EntryCheck || job.Input[loops.InputCode] != test.asks || job.Input[loops.InputCallID] != "17" || job.Input[loops.InputPrefix] != "7495000" {
			t.Errorf("%s: the provider is asked %+v", name, job.Input)
		}
	}
	for name, answer := range map[string]func(loops.Job) (*loops.Result, error){
		otp.ProblemCodeWrong:     says(map[string]any{"valid": false}),
		otp.ProblemCodeExpired:   says(map[string]any{"valid": false, "reason": "expired"}),
		otp.ProblemCodeExhausted: says(map[string]any{"valid": false, "reason": "locked"}),
		otp.ProblemCheckFailed:   fails(errors.New("boom")),
	} {
		w := newWorld(t)
		w.driver.Manifest.CodeOrigin = loops.CodeFromCheck
		login := w.called(t)
		w.answer = answer
		if got := w.post(t, login, "", code("0042")); got != name {
			t.Errorf("%q, want %q", got, name)
		}
	}
}

func TestPollsAndReports(t *testing.T) {
	w := newWorld(t)
	w.routes[0].Entries = []loops.Entry{loops.EntryStart, loops.EntryPoll, loops.EntryReport}
	w.answer = func(job loops.Job) (*loops.Result, error) {
		switch job.Entry {
		case loops.EntryPoll:
			return &loops.Result{Value: map[string]any{"state": "ringing", "caller": "74950000042"}}, nil
		case loops.EntryReport:
			return &loops.Result{Value: map[string]any{}}, nil
		}
		return &loops.Result{Value: map[string]any{"call_id": "17", "pending": true}}, nil
	}
	login := w.called(t)
	if v := w.show(t, login); v.State != flashcall.StateCalling || v.Refresh != time.Second {
		t.Errorf("of an order the page is %+v", v)
	}
	w.now = w.now.Add(2 * time.Second)
	w.work(t)
	if v := w.show(t, login); v.State != flashcall.StateCalled || v.Values[flashcall.ValueCallerMask] != "+7 495 000-__-__" {
		t.Errorf("of a call that rings the page is %+v", v)
	}
	if got := w.post(t, login, "", code("0042")); got != "" {
		t.Fatal(got)
	}
	w.work(t)
	last := w.jobs[len(w.jobs)-1]
	if last.Entry != loops.EntryReport || last.Input[loops.InputVerified] != true || last.Input[loops.InputCallID] != "17" || last.Input[loops.InputCode] != "0042" {
		t.Errorf("the provider is told %+v", last)
	}
	if !slices.Equal(w.watched, []string{"test +79990000001 0042"}) {
		t.Errorf("codes that the provider chose: %q", w.watched)
	}
}

// TestACodeIsWatchedOnce: a provider that tells the same code at each question
// has drawn one.
func TestACodeIsWatchedOnce(t *testing.T) {
	w := newWorld(t)
	w.routes[0].Entries = []loops.Entry{loops.EntryStart, loops.EntryPoll}
	w.answer = func(job loops.Job) (*loops.Result, error) {
		if job.Entry == loops.EntryPoll {
			return &loops.Result{Value: map[string]any{"state": "pending", "code": "0042"}}, nil
		}
		return &loops.Result{Value: map[string]any{"call_id": "17", "pending": true}}, nil
	}
	w.called(t)
	for range 3 {
		w.now = w.now.Add(10 * time.Second)
		w.work(t)
	}
	polls := 0
	for _, job := range w.jobs {
		if job.Entry == loops.EntryPoll {
			polls++
		}
	}
	if polls < 2 || !slices.Equal(w.watched, []string{"test +79990000001 0042"}) {
		t.Errorf("after %d questions the codes are %q", polls, w.watched)
	}
}

// TestPollEndsCall: only a word about the number ends a call; one about the
// question leaves it open.
func TestPollEndsCall(t *testing.T) {
	for key, want := range map[loops.Key]string{
		loops.Unreachable: flashcall.StateFailed, loops.NumberBlocked: flashcall.StateFailed,
		loops.Unavailable: flashcall.StateCalling, loops.AuthFailed: flashcall.StateCalling, loops.RateLimited: flashcall.StateCalling,
	} {
		w := newWorld(t)
		w.routes[0].Entries = []loops.Entry{loops.EntryPoll}
		w.answer = says(map[string]any{"call_id": "17", "pending": true})
		login := w.called(t)
		w.answer = fails(&loops.Failure{Key: key})
		w.now = w.now.Add(2 * time.Second)
		w.work(t)
		if v := w.show(t, login); v.State != want {
			t.Errorf("%s: %s, want %s", key, v.State, want)
		}
	}
}

func TestCosts(t *testing.T) {
	for written, want := range map[string]bool{ // whether a second call is left of a budget of 1
		"0.4": true, "1": false, "1.00": false, "1e9": true, "-5": true, "NaN": true, "": true, "99999999999999999999999999": true, "0.9999999": false,
	} {
		w := newWorld(t)
		w.settings.ResendAfter = 0
		w.settings.Limits.SpendDay = 1_000_000
		w.routes[0].Price = 1
		w.answer = says(map[string]any{"code": "74950000042", "cost": written})
		w.post(t, w.called(t), "", code("0042"))
		err := w.Begin(context.Background(), w.login())
		if (err == nil) != want {
			t.Errorf("after a call for %q: %v", written, err)
		}
	}
}
