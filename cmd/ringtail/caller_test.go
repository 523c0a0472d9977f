package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// nativeApp is what a native app does, without the example's good manners.
type nativeApp struct {
	t    *testing.T
	http *http.Client
	at   string
	step struct {
		Step, State, Form string
		Values            map[string]any
		Problem           struct{ ID, Field string }
		RedirectTo        string `json:"redirect_to"`
	}
	status int
}

// newApp begins a login.
func newApp(t *testing.T, d *demo) *nativeApp {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &nativeApp{t: t, http: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	query := url.Values{
		"client_id": {"demo-native"}, "redirect_uri": {"com.example.native:/callback"}, "response_type": {"code"}, "scope": {"openid"},
		"state": {"state"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	a.at = a.redirect(d.provider + "/blitz/oauth/ae?" + query.Encode()).String()
	a.look()
	return a
}

// redirect gives where an address redirects to.
func (a *nativeApp) redirect(address string) *url.URL {
	a.t.Helper()
	res, err := a.http.Get(address)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	to, err := res.Location()
	if err != nil {
		a.t.Fatalf("%s answers %s: %v", address, res.Status, err)
	}
	return to
}

func (a *nativeApp) look() { a.t.Helper(); a.send(http.MethodGet, "") }

// post answers the step, and returns the problem's id.
func (a *nativeApp) post(fields map[string]string) string {
	a.t.Helper()
	fields["form"], fields["step"] = a.step.Form, a.step.Step
	body, err := json.Marshal(fields)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.send(http.MethodPost, string(body))
}

func (a *nativeApp) send(method, body string) string {
	a.t.Helper()
	req, err := http.NewRequest(method, a.at, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	res, err := a.http.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	form := a.step.Form
	a.step, a.status = nativeApp{}.step, res.StatusCode
	if err := json.NewDecoder(res.Body).Decode(&a.step); err != nil {
		a.t.Fatal(err)
	}
	if a.step.Form == "" {
		a.step.Form = form
	}
	return a.step.Problem.ID
}

// await looks until the flash call has the state.
func (a *nativeApp) await(state string) {
	a.t.Helper()
	if a.step.State == state {
		return
	}
	eventually(a.t, func() bool { a.look(); return a.step.State == state },
		func() string { return fmt.Sprintf("the step is %+v, not %s", a.step, state) })
}

// called is an app whose phone was called, and the number that called.
func called(t *testing.T, d *demo) (*nativeApp, string) {
	t.Helper()
	a := newApp(t, d)
	before := len(d.calls(t, demoNumber))
	if got := a.post(map[string]string{"login": "demo", "password": demoPassword}); got != "" {
		t.Fatalf("the password: %s", got)
	}
	d.ring(t, before+1)
	a.await("called")
	return a, d.calls(t, demoNumber)[0].From
}

// calledUnlike is called, from a number that doesn't end as the other does: one
// call in ten thousand would.
func calledUnlike(t *testing.T, d *demo, other string) (*nativeApp, string) {
	t.Helper()
	for {
		if a, from := called(t, d); tail(from) != tail(other) {
			return a, from
		}
	}
}

// spent is how many of the three attempts of a login are.
func (a *nativeApp) spent() int {
	a.t.Helper()
	a.look()
	switch left, told := a.step.Values["tries_left"].(float64); {
	case a.step.State == "exhausted":
		return 3
	case told:
		return 3 - int(left)
	}
	return 0
}

func TestACallerNumberIsWorthOneCode(t *testing.T) {
	d := startDemo(t, "--set", "login.methods.flashCall.attemptsPerLogin=3")
	_, other := called(t, d)
	for _, test := range []struct {
		name   string
		fields func(from string) map[string]string
		want   string // problem
		spent  int
	}{
		{"another call's", func(string) map[string]string { return map[string]string{"caller": other} }, "code_wrong", 1},
		{"one digit off", func(from string) map[string]string {
			return map[string]string{"caller": from[:len(from)-4] + wrong(tail(from))}
		}, "code_wrong", 1},
		{"the code in the middle", func(from string) map[string]string {
			return map[string]string{"caller": "7495" + tail(from) + wrong(tail(from))}
		}, "code_wrong", 1},
		{"the code at the front", func(from string) map[string]string {
			return map[string]string{"caller": tail(from) + "7495" + wrong(tail(from))}
		}, "code_wrong", 1},
		{"backwards", func(from string) map[string]string { return map[string]string{"caller": backwards(from) + "0"} }, "code_wrong", 1},
		{"empty", func(string) map[string]string { return map[string]string{"caller": ""} }, "code_format", 0},
		{"blanks", func(string) map[string]string { return map[string]string{"caller": "  "} }, "code_format", 0},
		{"too short", func(from string) map[string]string { return map[string]string{"caller": from[len(from)-3:]} }, "code_format", 0},
		{"letters", func(from string) map[string]string { return map[string]string{"caller": "x" + from} }, "code_format", 0},
		{"a hidden number", func(string) map[string]string { return map[string]string{"caller": "anonymous"} }, "code_format", 0},
		{"a pattern", func(from string) map[string]string { return map[string]string{"caller": from[:len(from)-4] + "____"} }, "code_format", 0},
		{"digits of another script", func(from string) map[string]string { return map[string]string{"caller": arabic(from)} }, "code_format", 0},
		{"two numbers", func(from string) map[string]string { return map[string]string{"caller": from + "," + other} }, "code_format", 0},
		{"all numbers", func(from string) map[string]string { return map[string]string{"caller": strings.Repeat(from, 10)} }, "field_too_long", 0},
		{"with a wrong code", func(from string) map[string]string {
			return map[string]string{"caller": from, "code": wrong(tail(from))}
		}, "code_wrong", 1},
		{"as a phone", func(from string) map[string]string { return map[string]string{"phone": from} }, "code_format", 0},
	} {
		a, from := calledUnlike(t, d, other)
		if got := a.post(test.fields(from)); got != test.want || a.step.RedirectTo != "" {
			t.Errorf("%s: %q and %q, want %q", test.name, got, a.step.RedirectTo, test.want)
		}
		if got := a.spent(); got != test.spent {
			t.Errorf("%s: %d attempts are spent, want %d", test.name, got, test.spent)
		}
		// The right one still counts, and makes the person's total new.
		if a.post(map[string]string{"caller": "+" + from}); a.step.Step != "done" {
			t.Errorf("%s: the right number leads to %+v", test.name, a.step)
		}
	}
}

func tail(from string) string { return from[len(from)-4:] }

func backwards(text string) string {
	b := []byte(text)
	slices.Reverse(b)
	return string(b)
}

func arabic(digits string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '٠' }, digits)
}

// Only one value can be posted, by the app that has the login's cookies.
func TestACallerNumberIsPostedOnceByItsApp(t *testing.T) {
	d := startDemo(t)
	a, from := called(t, d)
	for name, body := range map[string]string{
		"twice":                   `{"caller":"` + from + `","caller":"` + from + `"}`,
		"a list":                  `{"caller":["` + from + `"]}`,
		"a number":                `{"caller":` + from + `}`,
		"a field of another name": `{"Caller":"` + from + `"}`,
	} {
		got := a.send(http.MethodPost, body)
		if a.status/100 != 4 || a.step.RedirectTo != "" || got == "" {
			t.Errorf("%s: %d %q", name, a.status, got)
		}
		if a.spent() != 0 {
			t.Errorf("%s: an attempt is spent", name)
		}
	}
	thief := newApp(t, d)
	thief.at = a.at
	if got := thief.post(map[string]string{"caller": from}); got != "login_other_browser" || thief.step.RedirectTo != "" {
		t.Errorf("another app: %q", got)
	}

	a.look()
	form := a.step.Form
	if a.post(map[string]string{"caller": from}); a.step.Step != "done" {
		t.Fatalf("the right number leads to %+v", a.step)
	}
	end := a.step.RedirectTo
	a.step.Form = form
	if a.post(map[string]string{"caller": from}); a.step.RedirectTo != end {
		t.Errorf("posted again: %+v, want the same end", a.step)
	}
	if back := a.redirect(end).Query(); back.Get("code") == "" || back.Get("state") != "state" {
		t.Errorf("the app gets %v", back)
	}
	res, err := a.http.Get(end)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if to, err := res.Location(); err == nil && to.Query().Get("code") != "" {
		t.Errorf("one login gave a second code: %s", to)
	}
	again, _ := calledUnlike(t, d, from)
	if got := again.post(map[string]string{"caller": from}); got != "code_wrong" {
		t.Errorf("a used number in the next login: %q", got)
	}
}

// Numbers and codes share the count of the login and the person's budget.
func TestAttacksByCallersAndCodes(t *testing.T) {
	byCode := func(from string) map[string]string { return map[string]string{"code": wrong(tail(from))} }
	byCaller := func(from string) map[string]string {
		return map[string]string{"caller": from[:len(from)-4] + wrong(tail(from))}
	}
	type way = func(string) map[string]string
	ways := map[string][]way{
		"codes": {byCode, byCode, byCode}, "callers": {byCaller, byCaller, byCaller},
		"a caller in between": {byCode, byCaller, byCode}, "a code in between": {byCaller, byCode, byCaller},
	}
	for _, limit := range []struct {
		name, driver, set, last, state string
	}{
		{"login", "virtual-phone", "login.methods.flashCall.totalAttempts=30", "code_exhausted", "exhausted"},
		{"person", "virtual-phone", "login.methods.flashCall.totalAttempts=4", "method_blocked", "blocked"}, // a call and three codes
		{"login, the provider checks", "virtual-phone-check", "login.methods.flashCall.totalAttempts=30", "code_exhausted", "exhausted"},
		{"person, the provider checks", "virtual-phone-check", "login.methods.flashCall.totalAttempts=4", "method_blocked", "blocked"},
	} {
		for name, way := range ways {
			t.Run(limit.name+"/"+name, func(t *testing.T) {
				d := startDemo(t, "--set", "login.methods.flashCall.attemptsPerLogin=3", "--set", limit.set,
					"--set", "login.methods.flashCall.driver="+limit.driver)
				a, from := called(t, d)
				var got []string
				for _, fields := range way {
					got = append(got, a.post(fields(from)))
				}
				if want := []string{"code_wrong", "code_wrong", limit.last}; !slices.Equal(got, want) || a.step.State != limit.state {
					t.Errorf("problems %v and state %s, want %v and %s", got, a.step.State, want, limit.state)
				}
				if got := a.post(map[string]string{"caller": from}); got != limit.last || a.step.RedirectTo != "" {
					t.Errorf("the right number comes too late: %q", got)
				}
				if limit.state != "blocked" {
					return
				}
				next := newApp(t, d)
				if next.post(map[string]string{"login": "demo", "password": demoPassword}); next.step.State != "blocked" {
					t.Errorf("the next login is %+v", next.step)
				}
				if n := len(d.calls(t, demoNumber)); n != 1 {
					t.Errorf("%d calls were placed", n)
				}
			})
		}
	}
}
