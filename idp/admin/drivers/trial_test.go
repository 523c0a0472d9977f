package drivers_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/trial"
)

func TestLint(t *testing.T) {
	w := newWorld(t)
	s := script("  retrun 1")
	s.Manifest = "title = X\nhostz = [a]\ncode { origin = caller }\n"
	problems, err := w.service.Lint(t.Context(), s)
	w.must(err)
	if len(problems) != 2 || problems[0].File != drivers.FileManifest || problems[0].Line != 2 || problems[0].Column != 1 ||
		problems[1].File != drivers.FileScript || problems[1].Line != 2 || problems[1].Column != 10 || problems[1].Reason != "syntax" {
		t.Errorf("%+v", problems)
	}
	for _, from := range []drivers.Origin{{Language: drivers.JavaScript}, {Language: drivers.Java}, {Ready: "new-tel"}} {
		w.wait(time.Second)
		d, err := w.service.Start(t.Context(), anna, fmt.Sprintf("own-%s%s", from.Language, from.Ready), from)
		w.must(err)
		if problems, err = w.service.Lint(t.Context(), d.Script); err != nil || len(problems) != 0 {
			t.Errorf("%+v has %+v, %v", from, problems, err)
		}
	}
}

// A ready driver passes its cases as a draft, and tells each step against the stand-in of its provider.
func TestTryAgainstAStandIn(t *testing.T) {
	w := newWorld(t)
	d, err := w.service.Start(t.Context(), anna, "own", drivers.Origin{Ready: "new-tel"})
	w.must(err)
	order := drivers.TrialOrder{Kind: drivers.TrialStandIn, Provider: "new-tel"}
	r, err := w.service.Try(t.Context(), anna, "own", d.Script, order)
	w.must(err)
	if r.Outcome.Outcome != trial.OutcomeOk || !r.Verdict.Good || r.Verdict.Text != "The code would be 1234." {
		t.Errorf("%+v", r)
	}
	if first := r.Outcome.Turns[0]; first.Returned != trial.ReturnedRequest || first.Memory == 0 || r.Outcome.Steps[0].Answer.Status != 200 {
		t.Errorf("%+v, %+v", r.Outcome.Turns, r.Outcome.Steps)
	}
	w.wait(time.Second)
	order.Fault = standin.FaultRateLimit
	r, err = w.service.Try(t.Context(), anna, "own", d.Script, order)
	w.must(err)
	if r.Outcome.Key != loops.RateLimited || r.Verdict.Good || !strings.Contains(r.Verdict.Text, "no other route") {
		t.Errorf("%+v", r)
	}
	for name, bad := range map[string]drivers.TrialOrder{
		"no kind": {}, "a call": {Kind: drivers.TrialCall}, "no provider": {Kind: drivers.TrialStandIn, Provider: "../x"},
		"no fault": {Kind: drivers.TrialStandIn, Provider: "new-tel", Fault: "none"}, "no entry": {Kind: drivers.TrialByHand, Entry: "x"},
		"no answer": byHand(trial.CaseAnswer{}), "many": byHand(make([]trial.CaseAnswer, 9)...),
	} {
		_, err := w.service.Try(t.Context(), anna, "own", d.Script, bad)
		w.wantProblem(name, err, drivers.ProblemInput)
	}
	if driver, err := w.service.Driver(t.Context(), "own"); err != nil || len(driver.Trials) != 2 || driver.Trials[0].Detail != "rate_limited" {
		t.Errorf("%+v, %v", driver.Trials, err)
	}
}

// What a trial without a call is given are no secrets, so a script that tells them in a form that nobody knows tells nothing.
func TestTrialsByHandKnowNoSecrets(t *testing.T) {
	w := newWorld(t)
	w.must(w.secrets.Put(t.Context(), "own", "KEY", "the-real-key"))
	w.facts.Given = func(string) map[string]string { return map[string]string{"KEY": "the-key-of-the-file"} }
	r, err := w.service.Try(t.Context(), anna, "own", script(`  return HttpLoop.Ok({caller: "1234", backwards: secrets.KEY.split("").reverse().join("")})`), byHand())
	w.must(err)
	if r.Outcome.Value["backwards"] != "YEK-pu-edam" {
		t.Errorf("the script was given %v", r.Outcome.Value)
	}
}

// A call gives the script the driver's secrets. They don't come back as they are, in the answer, an error or base64.
func TestSecretsDontComeBack(t *testing.T) {
	const secret = "s3cret-of-the-account"
	w := newWorld(t)
	w.must(w.secrets.Put(t.Context(), "own", "KEY", secret))
	for name, body := range map[string]string{
		"what run returned": strings.Replace(calling, `{caller: result`, `{plain: secrets.KEY, coded: crypto.base64("x" + secrets.KEY), caller: result`, 1),
		"an error":          `  return HttpLoop.error("own_" + secrets.KEY, {k: secrets.KEY})`,
		"thrown":            `  throw new Error("it was " + secrets.KEY)`,
		"echoed":            calling,
		"in the address":    strings.Replace(calling, `/call"`, `/call?k=" + encodeURIComponent(secrets.KEY)`, 1),
		"state":             strings.Replace(calling, `obj.asString("phone_number")))`, `obj.asString("phone_number"))).build({k: secrets.KEY})`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			w.wait(time.Hour) // a number is called five times in one
			w.answer = func(rw http.ResponseWriter, r *http.Request) {
				key := r.Header.Get("Key")
				rw.Header().Set("X-Echo", key)
				_ = json.NewEncoder(rw).Encode(map[string]string{"caller": "74950001234", "echo": key, "coded": base64.StdEncoding.EncodeToString([]byte("key " + key))})
			}
			r, err := w.service.Call(t.Context(), anna, "own", script(body), drivers.CallOrder{Phone: "+7 999 123-45-67"})
			w.must(err)
			text, err := json.Marshal(r)
			w.must(err)
			driver, err := w.store.TrialsOf(t.Context(), "own")
			w.must(err)
			kept, err := json.Marshal([]any{driver, w.trail.Events()})
			w.must(err)
			for _, what := range []string{string(text), string(kept)} {
				for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte("key " + secret))[8:24], base64.StdEncoding.EncodeToString([]byte("x" + secret))[4:24]} {
					if strings.Contains(what, form) {
						t.Errorf("%q is in %s", form, what)
					}
				}
			}
			if strings.Contains(string(kept), "1234567") || strings.Contains(string(kept), "0001234") {
				t.Errorf("a whole number or code is in %s", kept)
			}
		})
	}
}

func TestCall(t *testing.T) {
	w := newWorld(t)
	w.must(w.secrets.Put(t.Context(), "own", "KEY", "the-real-key"))
	r, err := w.service.Call(t.Context(), anna, "own", script(calling), drivers.CallOrder{Phone: "8 999 123-45-67", Region: "RU"})
	w.must(err)
	got := <-w.got
	if got.Header.Get("Key") != "the-real-key" || r.Verdict.Text != "The code would be 1234." || r.Phone != "+7 999 ***-**-67" {
		t.Errorf("key %q, %+v", got.Header.Get("Key"), r)
	}
	e := w.trail.Events()[len(w.trail.Events())-1]
	if e.Type != audit.TypeDriverCalled || e.Params["phone"] != "+7 999 ***-**-67" || e.Params["digest"] != script(calling).Digest() {
		t.Errorf("%+v", e)
	}
	for name, c := range map[string]struct{ phone, want string }{
		"no number":            {"12", flashcall.ProblemNumberMalformed},
		"a premium number":     {"+7 809 123-45-67", flashcall.ProblemNumberUnfit},
		"another country":      {"+49 151 23456789", flashcall.ProblemPhoneCountry},
		"nothing":              {"", "field_missing"},
		"a number and another": {"+79991234567, +79991234568", flashcall.ProblemNumberMalformed},
	} {
		_, err := w.service.Call(t.Context(), anna, "own", script(calling), drivers.CallOrder{Phone: c.phone})
		w.wantProblem(name, err, c.want)
	}
	for name, stops := range map[string]flashcall.Stops{
		"the country": {Countries: []string{"RU"}}, "the driver": {Drivers: []string{"own"}}, "the channel": {Channels: []loops.Channel{loops.ChannelFlashCall}},
	} {
		w.facts.Stops = stops
		_, err := w.service.Call(t.Context(), anna, "own", script(calling), drivers.CallOrder{Phone: "+79991234567"})
		w.wantProblem(name, err, drivers.ProblemStopped)
	}
	if len(w.got) != 0 {
		t.Error("a call was placed that was refused")
	}
}

// A number is called five times an hour, however it is written and whoever calls.
func TestCallsAreLimited(t *testing.T) {
	w := newWorld(t)
	call := func(a *admin.Actor, o drivers.CallOrder) error {
		_, err := w.service.Call(t.Context(), a, "own", script(calling), o)
		return err
	}
	forms := []drivers.CallOrder{
		{Phone: "+7 (999) 123-45-67"}, {Phone: "89991234567", Region: "RU"}, {Phone: "79991234567"}, {Phone: "tel:+7-999-123-45-67"}, {Phone: "９９９1234567", Region: "RU"},
	}
	for i, o := range forms {
		if err := call([]*admin.Actor{anna, boris}[i%2], o); err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
	}
	for _, o := range append(forms, drivers.CallOrder{Phone: "+79991234567"}) {
		w.wantProblem("a sixth call as "+o.Phone, call(boris, o), drivers.ProblemTrials)
	}
	w.wait(time.Hour)
	w.must(call(boris, forms[0]))

	for i := range 40 {
		w.wait(time.Second)
		err := call(person("clara", admin.RoleSysadmin), drivers.CallOrder{Phone: fmt.Sprintf("+79992%06d", i)})
		if i < 20 {
			w.must(err)
		} else {
			w.wantProblem("more than a day's", err, drivers.ProblemTrials)
		}
	}
}

// Who may not set secrets can't have them told by a script of their own; what serves anyway may be tried.
func TestWhoseScriptsGetSecrets(t *testing.T) {
	w := newWorld(t)
	w.must(w.secrets.Put(t.Context(), "own", "KEY", "the-real-key"))
	tester := &admin.Actor{ClientID: "ci", Scopes: []string{admin.DriversTrial.Scope(), admin.DriversEdit.Scope()}}
	order := drivers.CallOrder{Phone: "+79991234567"}
	_, err := w.service.Call(t.Context(), tester, "own", script(calling), order)
	w.wantProblem("a script that never served", err, drivers.ProblemSecretsWanted)
	_, err = w.publish(anna, w.saved("own", script(calling)), 0)
	w.must(err)
	if _, err = w.service.Call(t.Context(), tester, "own", script(calling), order); err != nil {
		t.Errorf("the script that serves: %v", err)
	}
	elsewhere := script(strings.Replace(calling, "api.provider", "evil", 1))
	elsewhere.Manifest = strings.Replace(elsewhere.Manifest, "api.provider.example", "evil.example", 1)
	if _, err = w.service.Call(t.Context(), anna, "own", elsewhere, order); err != nil {
		t.Errorf("who may set secrets: %v", err)
	}
	w.facts.SecondAdministrator = true
	_, err = w.service.Call(t.Context(), anna, "own", elsewhere, order)
	w.wantProblem("new hosts, where two must agree", err, drivers.ProblemHosts)
}

// Scripts that never end or take all memory end at their limits, and the next one runs.
func TestHostileScripts(t *testing.T) {
	w := worldWith(t, 200*time.Millisecond)
	for name, c := range map[string]struct{ body, want string }{
		"a loop": {"  for (;;) {}", "time"},
		"memory": {"  const a = []; for (;;) a.push(new Array(100000).fill(1))", "memory"},
		"nested": {"  const f = () => f(); return f()", "memory"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := w.service.Try(t.Context(), anna, "own", script(c.body), byHand())
			w.must(err)
			if r.Outcome.Outcome != trial.OutcomeRefused || string(r.Outcome.Reason) != c.want && string(r.Outcome.Reason) != "time" {
				t.Errorf("%+v", r.Outcome)
			}
		})
	}
	deep := script("")
	deep.Source = "function run() { return " + strings.Repeat("[", 60000) + " }"
	if problems, err := w.service.Lint(t.Context(), deep); err != nil || len(problems) == 0 {
		t.Errorf("%+v, %v", problems, err)
	}
}

func TestSizesAndNames(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"", "../etc", "a/b", "A", "a--b", "new", "words", "lint", strings.Repeat("a", 41), "a\x00", "own\n"} {
		_, err := w.service.Start(t.Context(), anna, name, drivers.Origin{})
		w.wantProblem(fmt.Sprintf("%q", name), err, drivers.ProblemName)
	}
	for _, from := range []string{"../example", "none", "example/cases", "."} {
		_, err := w.service.Start(t.Context(), anna, "own", drivers.Origin{Ready: from})
		w.wantProblem(from, err, drivers.ProblemUnknown)
	}
	large := func(change func(*drivers.Script)) drivers.Script { s := script(calling); change(&s); return s }
	for name, s := range map[string]drivers.Script{
		"script":   large(func(s *drivers.Script) { s.Source = strings.Repeat("/", 64<<10+1) }),
		"manifest": large(func(s *drivers.Script) { s.Manifest = strings.Repeat("#", 16<<10+1) }),
		"case": large(func(s *drivers.Script) {
			s.Cases = []drivers.CaseFile{{Name: "a", Text: strings.Repeat(" ", 64<<10+1)}}
		}),
		"cases": large(func(s *drivers.Script) { s.Cases = make([]drivers.CaseFile, 51) }),
	} {
		_, err := w.service.Save(t.Context(), anna, "own", s, 0, 0)
		w.wantProblem(name, err, drivers.ProblemSize)
		_, err = w.service.Lint(t.Context(), s)
		w.wantProblem(name+", linted", err, drivers.ProblemSize)
		_, err = w.service.Try(t.Context(), anna, "own", s, byHand())
		w.wantProblem(name+", tried", err, drivers.ProblemSize)
	}
	for _, name := range []string{"../x", "A", "", "a.json"} {
		s := script(calling)
		s.Cases = []drivers.CaseFile{{Name: name, Text: `{"title": "t", "outcome": {"outcome": "ok"}}`}}
		_, err := w.service.Save(t.Context(), anna, "own", s, 0, 0)
		w.wantProblem("the case "+name, err, drivers.ProblemCase)
	}
}

// A trial that is kept as a case passes, and is run before each publication.
func TestKeepATrial(t *testing.T) {
	w := newWorld(t)
	d := w.saved("own", script(calling))
	keep := drivers.KeepOrder{Name: "call", Title: "it calls", Trial: byHand(answered(200, `{"caller":"74950001234"}`))}
	d, err := w.service.Keep(t.Context(), anna, "own", d.Edition, keep)
	w.must(err)
	if results, err := w.service.Cases(t.Context(), "own", d.Script); err != nil || len(results) != 1 || len(results[0].Problems) != 0 || results[0].Title != "it calls" {
		t.Errorf("%+v, %v", results, err)
	}
	changed := d.Script
	changed.Source = strings.Replace(changed.Source, "/call", "/order", 1)
	d, err = w.service.Save(t.Context(), anna, "own", changed, 0, d.Edition)
	w.must(err)
	_, err = w.publish(anna, d, 0)
	w.wantProblem("a case that doesn't pass any more", err, drivers.ProblemFaulty)

	for fault, outcome := range map[standin.Fault]string{"": trial.OutcomeOk, standin.FaultError: trial.OutcomeError, standin.FaultClose: trial.OutcomeError} {
		w.wait(time.Second)
		d, err := w.service.Start(t.Context(), anna, "nt-"+outcome+strings.ReplaceAll(string(fault), "_", ""), drivers.Origin{Ready: "new-tel"})
		w.must(err)
		keep := drivers.KeepOrder{Name: "stand-in", Trial: drivers.TrialOrder{Kind: drivers.TrialStandIn, Provider: "new-tel", Fault: fault}}
		if _, err = w.service.Keep(t.Context(), anna, d.Driver, d.Edition, keep); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
	}
	_, err = w.service.Keep(t.Context(), anna, "own", d.Edition+7, keep)
	w.wantProblem("of another edition", err, admin.ProblemConflict)
}

func TestSecrets(t *testing.T) {
	w := newWorld(t)
	w.saved("own", script(calling))
	state := func() drivers.SecretState {
		all, err := w.service.Secrets(t.Context(), "own")
		w.must(err)
		if len(all) != 1 {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	if s := state(); s.Name != "KEY" || !s.Needed {
		t.Errorf("%+v", s)
	}
	w.wantProblem("a secret that nobody wants", w.service.PutSecret(t.Context(), anna, "own", "OTHER", "v"), drivers.ProblemSecret)
	w.wantProblem("an empty one", w.service.PutSecret(t.Context(), anna, "own", "KEY", ""), drivers.ProblemSecret)
	w.wantProblem("a long one", w.service.PutSecret(t.Context(), anna, "own", "KEY", strings.Repeat("x", 10001)), drivers.ProblemSecret)
	w.wantProblem("of no driver", w.service.PutSecret(t.Context(), anna, "../own", "KEY", "v"), drivers.ProblemUnknown)
	for _, value := range []string{"first-key", "second-key"} { // each serves at once
		w.must(w.service.PutSecret(t.Context(), anna, "own", "KEY", value))
		_, err := w.service.Call(t.Context(), anna, "own", script(calling), drivers.CallOrder{Phone: "+79991234567"})
		w.must(err)
		if got := (<-w.got).Header.Get("Key"); got != value {
			t.Errorf("the call had %q after %q was set", got, value)
		}
	}
	w.facts.Given = func(string) map[string]string { return map[string]string{"KEY": "v"} }
	if s := state(); !s.Console || !s.File || s.Needed || s.SetAt.IsZero() {
		t.Errorf("%+v", s)
	}
	w.must(w.service.RemoveSecret(t.Context(), anna, "own", "KEY"))
	w.wantProblem("removed twice", w.service.RemoveSecret(t.Context(), anna, "own", "KEY"), drivers.ProblemUnknown)
	if s := state(); s.Console || !s.File {
		t.Errorf("%+v", s)
	}
	for _, e := range w.trail.Events() {
		if text := fmt.Sprint(e); strings.Contains(text, "first-key") || strings.Contains(text, "second-key") {
			t.Errorf("a secret is on record: %s", text)
		}
	}
}
