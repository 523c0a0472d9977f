package sandbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

func TestEntries(t *testing.T) {
	const start, check, poll, callback, report, login = loops.EntryStart, loops.EntryCheck, loops.EntryPoll, loops.EntryCallback, loops.EntryReport, loops.EntryLogin
	p := pool(t, patient)
	for name, tc := range map[string]struct {
		file, source string
		want         []loops.Entry
	}{
		"run alone":         {"driver.js", good, []loops.Entry{start}},
		"in another order":  {"driver.js", `function login() {} const report = () => {}; let poll = function () {}; function start() {}`, []loops.Entry{start, poll, report, login}},
		"both names":        {"driver.js", `function run() {} function start() {}`, []loops.Entry{start}},
		"a class":           {"driver.js", `class Call { run() {} check() {} static poll() {} get report() { return 1 } }`, []loops.Entry{start, check}},
		"inner functions":   {"driver.js", `function run() { function check() {} }`, []loops.Entry{start}},
		"constants":         {"driver.js", `const poll = 2000, report = "x", callback = {url: "x"}, check = [1], login = /x/; function run() {}`, []loops.Entry{start}},
		"without running":   {"driver.js", `while (true) {} function run() {} function callback() {}`, []loops.Entry{start, callback}},
		"a Java procedure":  {"driver.java", procedure(""), []loops.Entry{start}},
		"another Java one":  {"driver.java", procedure("public HttpLoopRequest poll(final JsObj obj, final HttpLoopResult result) { return HttpLoop.Ok(JsObj.empty); }"), []loops.Entry{start, poll}},
		"a private in Java": {"driver.java", procedure("private int poll(int n) { return n; }"), []loops.Entry{start}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Entries(context.Background(), tc.file, tc.source)
			if err != nil || !slices.Equal(got, tc.want) {
				t.Errorf("got %v, %v; want %v", got, err, tc.want)
			}
		})
	}
}

// patient gives a step the time that a first Java procedure may take on a busy machine.
func patient(o *sandbox.Options) { o.Limits.Step = 30 * time.Second }

// procedure is a Java driver with this beside its run.
func procedure(more string) string {
	return "import com.identityblitz.core.loop.http.*;\nimport com.identityblitz.core.loop.*;\npublic class Flow implements HttpLoop {\n" +
		"public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) { return HttpLoop.Ok(JsObj.empty); }\n" + more + "\n}\n"
}

func TestEntriesOfNoDriver(t *testing.T) {
	p := pool(t, patient)
	for name, tc := range map[string]struct {
		file, source string
		reason       loops.Reason
		detail       string
	}{
		"syntax":       {"driver.js", "function run() {", loops.ReasonSyntax, "driver.js:1:"},
		"no run":       {"driver.js", "function check() {}", loops.ReasonUnsupported, "there is no function run"},
		"too long":     {"driver.js", good + strings.Repeat(" ", 64<<10), loops.ReasonContract, "at most 65536"},
		"no procedure": {"driver.java", "class Empty {}", loops.ReasonSyntax, "driver.java:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Entries(context.Background(), tc.file, tc.source)
			var r *loops.Refusal
			if got != nil || !errors.As(err, &r) || r.Reason != tc.reason || !strings.Contains(r.Detail, tc.detail) {
				t.Errorf("got %v, %v; want %s: %s", got, err, tc.reason, tc.detail)
			}
		})
	}
}

// What a worker says that was taken over is never an entry that the contract doesn't have.
func TestEntriesThatAreNone(t *testing.T) {
	for _, how := range []string{"an entry of its own", "no start", "an entry twice", "entries in disorder", "well"} {
		t.Run(how, func(t *testing.T) {
			p := pool(t, func(o *sandbox.Options) { o.Command = []string{o.Command[0], "loop-fake", how} })
			got, err := p.Entries(context.Background(), "driver.js", good)
			var r *loops.Refusal
			if got != nil || !errors.As(err, &r) || r.Detail != "driver.js:1:1: the worker gave entries that are none" {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
