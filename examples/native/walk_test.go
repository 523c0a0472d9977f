package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// scripted is a provider that answers one request after the other as a test
// says, and the phone beside it.
type scripted struct {
	t       *testing.T
	answers []string
	posts   []string
	calls   []entry
	rings   map[int]entry // the phone rings with the answer of that number, the first being 0
	told    int
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/api/calls" {
		if err := json.NewEncoder(w).Encode(s.calls); err != nil {
			s.t.Error(err)
		}
		return
	}
	if r.Method == http.MethodPost {
		s.posts = append(s.posts, s.fields(r))
	}
	if len(s.answers) == 0 {
		s.t.Error("more was asked than the test expects")
		http.Error(w, "{}", http.StatusInternalServerError)
		return
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	if ring, rings := s.rings[s.told]; rings {
		s.calls = append([]entry{ring}, s.calls...)
	}
	s.told++
	fmt.Fprint(w, answer)
}

// fields of a post but for the form's own, "caller=74950000042".
func (s *scripted) fields(r *http.Request) string {
	var fields map[string]string
	if err := json.NewDecoder(r.Body).Decode(&fields); err != nil {
		s.t.Error(err)
	}
	if fields["form"] != "F" || fields["step"] == "" {
		s.t.Errorf("posted %v without the form or the step that was shown", fields)
	}
	var told []string
	for name, value := range fields {
		if name != "form" && name != "step" {
			told = append(told, name+"="+value)
		}
	}
	slices.Sort(told)
	return strings.Join(told, " ")
}

// at is a state of the flash call as JSON; more is added to it.
func at(state string, more ...string) string {
	return `{"step":"flashCall","form":"F","state":"` + state + `","actions":["resend","cancel"]` + strings.Join(append([]string{""}, more...), ",") + `}`
}

func problemOf(id string) string {
	return `"problem":{"id":"` + id + `","text":"` + id + ` happened.","hint":"See to it."}`
}

const (
	passwordStep = `{"step":"password","form":"F","state":"ready"}`
	done         = `{"step":"done","redirect_to":"http://provider/end"}`
	passwordPost = "login=demo password=secret"
	mask         = `"values":{"phone":"+7 999 ***-**-01","caller_mask":"+7 495 000-__-__"}`
)

func soon(name string) string { return `"values":{"` + name + `":"2026-03-04T12:00:45Z"}` }

func TestWalk(t *testing.T) {
	first, second := entry{"1", "74950000042"}, entry{"2", "74950000077"}
	friend := entry{"3", "79161234567"}
	tests := []struct {
		name    string
		answers []string
		rings   map[int]entry
		posts   []string
		code    int    // how it ends, 0: at the end of the login
		says    string // what the person reads at the end
		waits   time.Duration
	}{
		{"a call", []string{passwordStep, at("calling", `"refresh_millis":500`), at("called"), done}, map[int]entry{2: first},
			[]string{passwordPost, "caller=74950000042"}, 0, "74950000042 called", 500 * time.Millisecond},
		{"the phone rings before the provider says so", []string{passwordStep, at("calling"), done}, map[int]entry{1: first},
			[]string{passwordPost, "caller=74950000042"}, 0, "", 0},
		{"posted too early, and once more", []string{passwordStep, at("calling"), at("calling", problemOf("code_pending")), done}, map[int]entry{1: first},
			[]string{passwordPost, "caller=74950000042", "caller=74950000042"}, 0, "", time.Second},
		{"a friend calls meanwhile", []string{passwordStep, at("called", mask), at("called", mask), done}, map[int]entry{1: friend, 2: first},
			[]string{passwordPost, "caller=74950000042"}, 0, "", time.Second},
		{"a friend calls, and there is no mask", []string{passwordStep, at("called"), at("wrong", problemOf("code_wrong")), at("wrong"), done},
			map[int]entry{1: friend, 3: first}, []string{passwordPost, "caller=79161234567", "caller=74950000042"}, 0, "79161234567 called", time.Second},
		{"the call log has nothing", slices.Concat([]string{passwordStep}, slices.Repeat([]string{at("called")}, 32), []string{at("calling"), done}), map[int]entry{33: second},
			[]string{passwordPost, "action=resend", "caller=74950000077"}, 0, "", 0},
		{"call me", []string{passwordStep, at("ready"), at("calling"), done}, map[int]entry{2: first},
			[]string{passwordPost, "action=resend", "caller=74950000042"}, 0, "", 0},
		{"called a moment ago", []string{passwordStep, at("ready", soon("resend_at")), at("calling"), done}, map[int]entry{2: first},
			[]string{passwordPost, "action=resend", "caller=74950000042"}, 0, "next call is possible at", 45 * time.Second},
		{"our clock is early", []string{passwordStep, at("ready"), at("ready", problemOf("resend_wait")), at("calling"), done}, map[int]entry{3: first},
			[]string{passwordPost, "action=resend", "action=resend", "caller=74950000042"}, 0, "", time.Second},
		{"failed, and called again", []string{passwordStep, at("failed", problemOf("call_unreachable")), at("calling"), done}, map[int]entry{2: first},
			[]string{passwordPost, "action=resend", "caller=74950000042"}, 0, "call_unreachable happened", 0},
		{"expired twice", []string{passwordStep, at("expired", problemOf("code_expired")), at("expired", problemOf("code_expired"))}, nil,
			[]string{passwordPost, "action=resend"}, exitRetry, "code_expired happened. See to it.", 0},
		{"exhausted, and the next call is too far away", []string{passwordStep, at("exhausted", `"values":{"resend_at":"2026-03-04T13:00:00Z"}`)}, nil,
			[]string{passwordPost}, exitWait, "next call is possible at", 0},
		{"unknown, and no call may be asked for", []string{passwordStep, `{"step":"flashCall","state":"unknown","form":"F","actions":["cancel"]}`}, nil,
			[]string{passwordPost}, exitRetry, "No other call", 0},
		{"blocked", []string{passwordStep, at("blocked", problemOf("method_blocked"), soon("until"))}, nil, []string{passwordPost}, exitWait, "method_blocked happened", 0},
		{"limited", []string{passwordStep, at("limited", problemOf("number_limited"), soon("until"))}, nil, []string{passwordPost}, exitWait, "number_limited happened", 0},
		{"stopped", []string{passwordStep, at("stopped", problemOf("calls_stopped"))}, nil, []string{passwordPost}, exitNumber, "calls_stopped happened", 0},
		{"not mine", []string{passwordStep, at("not_mine", problemOf("number_not_mine"))}, nil, []string{passwordPost}, exitNumber, "number_not_mine happened", 0},
		{"no phone", []string{passwordStep, at("no_phone", problemOf("no_phone"))}, nil, []string{passwordPost}, exitNumber, "no_phone happened", 0},
		{"a state of a newer provider", []string{passwordStep, at("dreaming")}, nil, []string{passwordPost}, exitOther, "dreaming", 0},
		{"first factor", []string{at("number"), at("called"), done}, map[int]entry{1: first}, []string{"phone=79990000001", "caller=74950000042"}, 0, "", 0},
		{"first factor, an unfit number", []string{at("number"), at("number", problemOf("number_unfit"))}, nil, []string{"phone=79990000001"}, exitNumber, "number_unfit", 0},
		{"the wrong password", []string{passwordStep, `{"step":"password","form":"F",` + problemOf("password_wrong") + `}`}, nil,
			[]string{passwordPost}, exitAnew, "password_wrong happened", 0},
		{"too many passwords", []string{passwordStep, `{"step":"password","form":"F",` + problemOf("password_wait") + `}`}, nil,
			[]string{passwordPost}, exitWait, "password_wait happened", 0},
		{"the login is over", []string{passwordStep, `{` + problemOf("login_expired") + `}`}, nil, []string{passwordPost}, exitAnew, "login_expired happened", 0},
		{"a message", []string{passwordStep, at("called", `"values":{"channel":"sms"}`)}, map[int]entry{1: first}, []string{passwordPost}, exitOther, "by sms", 0},
		{"a call by name", []string{passwordStep, at("called", `"values":{"channel":"flashCall"}`), done}, map[int]entry{1: first},
			[]string{passwordPost, "caller=74950000042"}, 0, "", 0},
		{"a choice", []string{passwordStep, `{"step":"choose","form":"F","methods":["totp","flashCall"]}`, at("called"), done}, map[int]entry{2: first},
			[]string{passwordPost, "method=flashCall", "caller=74950000042"}, 0, "", 0},
		{"a choice without a call", []string{passwordStep, `{"step":"choose","form":"F","methods":["totp"]}`}, nil, []string{passwordPost}, exitOther, "choose", 0},
		{"another factor", []string{passwordStep, `{"step":"totp","form":"F"}`}, nil, []string{passwordPost}, exitOther, "totp", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &scripted{t: t, answers: test.answers, rings: test.rings, calls: []entry{{"0", "74950000099"}}}
			screen, waited, end := walkOn(t, p)
			var ended *ending
			switch {
			case test.code == 0 && end != nil:
				t.Errorf("ended with %v", end)
			case test.code != 0 && (!errors.As(end, &ended) || ended.code != test.code):
				t.Errorf("ended with %v, want exit code %d", end, test.code)
			}
			if !slices.Equal(p.posts, test.posts) {
				t.Errorf("posted %q, want %q", p.posts, test.posts)
			}
			if len(p.answers) > 0 {
				t.Errorf("never asked for %q", p.answers)
			}
			if ended != nil {
				screen += ended.text
			}
			if !strings.Contains(screen, test.says) {
				t.Errorf("the person reads %q, want %q in it", screen, test.says)
			}
			if test.waits > 0 && waited != test.waits {
				t.Errorf("waited %v, want %v", waited, test.waits)
			}
		})
	}
}

// walkOn takes an app through what the provider has to say. Its clock goes on by
// its own pauses alone.
func walkOn(t *testing.T, p *scripted) (screen string, waited time.Duration, end error) {
	t.Helper()
	web := httptest.NewServer(p)
	defer web.Close()
	var told strings.Builder
	now := noon
	a := &app{
		settings: settings{login: "demo", password: "secret", number: "79990000001", again: 1, timeout: 10 * time.Minute},
		screen:   &told, now: func() time.Time { return now },
		pause: func(_ context.Context, d time.Duration) error {
			waited += d
			now = now.Add(d)
			return nil
		},
		log: callLog{http: web.Client(), phone: web.URL, number: "79990000001"},
	}
	var err error
	if a.known, err = a.log.ids(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, end = a.walk(t.Context(), &steps{http: web.Client(), at: web.URL + "/login"})
	return told.String(), waited, end
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		mask, number string
		want         bool
	}{
		{"", "74950000042", true},
		{"+7 495 000-__-__", "74950000042", true},
		{"+7 495 000-__-__", "+7 495 000-00-42", true},
		{"+7 495 000-__-__", "74950010042", false},
		{"+7 495 000-__-__", "749500000420", false},
		{"+7 495 000-__-__", "", false},
	} {
		if got := fits(test.mask, test.number); got != test.want {
			t.Errorf("%q fits %q: %v", test.number, test.mask, got)
		}
	}
}

func TestFlags(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
	}{
		"no password":          {nil, exitUsage},
		"an argument":          {[]string{"--password", "x", "more"}, exitUsage},
		"an unknown flag":      {[]string{"--nonsense"}, exitUsage},
		"http elsewhere":       {[]string{"--password", "x", "--issuer", "http://login.example/blitz"}, exitUsage},
		"no address":           {[]string{"--password", "x", "--issuer", "blitz"}, exitUsage},
		"help":                 {[]string{"--help"}, exitOK},
		"nobody listens there": {[]string{"--password", "x", "--issuer", "http://127.0.0.1:1/blitz"}, exitBroken},
	} {
		var out, screen strings.Builder
		if got := run(t.Context(), test.args, func(string) string { return "" }, &out, &screen); got != test.code {
			t.Errorf("%s: exit code %d, want %d: %s", name, got, test.code, screen.String())
		}
		if out.Len() > 0 || screen.Len() == 0 {
			t.Errorf("%s: printed %q, and %q for the person", name, out.String(), screen.String())
		}
	}
}
