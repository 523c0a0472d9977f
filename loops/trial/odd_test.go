package trial_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// What isn't as it looks is told beside an outcome that is well formed.
func TestProblemsOfOutcomes(t *testing.T) {
	pool := workers(t)
	for name, tc := range map[string]struct {
		script string
		entry  loops.Entry
		want   string // empty: no problem
	}{
		"poll":              {`function run() {} function poll() { return HttpLoop.Ok({ state: "weird" }) }`, loops.EntryPoll, `"state" is not one of pending`},
		"check":             {`function run() {} function check() { return HttpLoop.Ok({ ok: true }) }`, loops.EntryCheck, `"valid" is neither true nor false`},
		"login":             {`function run() {} function login() { return HttpLoop.Ok({}) }`, loops.EntryLogin, `"token" is missing`},
		"report":            {`function run() {} function report() { return HttpLoop.Ok() }`, loops.EntryReport, "1 of the answers given were not asked for"},
		"unknown word":      {`function run() { return HttpLoop.error("foo", {}) }`, loops.EntryStart, "foo is not one of the ten words: a login counts it as bad_answer"},
		"Blitz's word":      {`function run(o, r) { return r ? HttpLoop.error("wrong_http_status", {}) : HttpLoop.callBuilder("GET", "https://a.example/") }`, loops.EntryStart, ""},
		"a word of the ten": {`function run(o, r) { return r ? HttpLoop.error("no_funds", {}) : HttpLoop.callBuilder("GET", "https://a.example/") }`, loops.EntryStart, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "script.js")
			write(t, file, tc.script)
			d, err := drivers.ReadScript(file)
			if err != nil {
				t.Fatal(err)
			}
			out, err := trial.Run(context.Background(), trial.Options{Driver: d, Entry: tc.entry, Workers: pool,
				Answers: []trial.Answer{{Answer: loops.Answer{Status: 500}}}})
			if err != nil || (out.Problem == "") != (tc.want == "") || !strings.Contains(out.Problem, tc.want) {
				t.Errorf("%+v, %v; want the problem %q", out, err, tc.want)
			}
		})
	}
}

func TestCasesThatAreNone(t *testing.T) {
	const outcome = `"outcome": {"outcome": "ok"}`
	for name, text := range map[string]string{
		"no title":   `{` + outcome + `}`,
		"odd fault":  `{"title": "t", "steps": [{"answer": {"fault": "slow"}}], ` + outcome + `}`,
		"no status":  `{"title": "t", "steps": [{"answer": {}}], ` + outcome + `}`,
		"odd status": `{"title": "t", "steps": [{"answer": {"status": 99}}], ` + outcome + `}`,
		"no outcome": `{"title": "t"}`,
		"odd key":    `{"title": "t", "answers": [], ` + outcome + `}`,
	} {
		if c, err := trial.ParseCase([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
