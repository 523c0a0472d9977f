package trial_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/trial"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "loop-worker" {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func workers(t *testing.T) *sandbox.Pool {
	t.Helper()
	return workersWith(t, loops.DefaultLimits())
}

// patient workers have the time for a first Java procedure on a busy machine, with the race detector.
func patient(t *testing.T) *sandbox.Pool {
	t.Helper()
	limits := loops.DefaultLimits()
	limits.Step = 20 * time.Second
	return workersWith(t, limits)
}

func workersWith(t *testing.T, limits loops.Limits) *sandbox.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 1, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// folder is where the source of a driver that ships is.
func folder(name string) string { return filepath.Join("..", "drivers", name) }

// The procedure of Blitz's published example runs as it is, in Java.
func TestExampleProcedurePassesItsCases(t *testing.T) {
	dir := filepath.Join("..", "..", "examples", "drivers", "blitz-flashcall")
	d, err := drivers.ReadFolder(dir)
	if err != nil || !strings.HasSuffix(d.File, "driver.java") {
		t.Fatalf("%+v, %v", d, err)
	}
	// It is also compared with Java itself, where javac wants it under its class's name.
	compared, err := os.ReadFile(filepath.Join("..", "java", "testdata", "procedures", "FlashCallFlow.java"))
	if err != nil || string(compared) != d.Source {
		t.Errorf("the example and the procedure that is compared with Java are not the same: %v", err)
	}
	results, err := trial.Cases(context.Background(), os.DirFS(dir), trial.Options{Driver: d, Workers: patient(t)})
	if err != nil || len(results) != 4 {
		t.Fatalf("%d cases, %v", len(results), err)
	}
	for _, r := range results {
		for _, p := range r.Problems {
			t.Error(p)
		}
	}
}

// Every driver that ships passes its own cases.
func TestShippedDriversPassTheirCases(t *testing.T) {
	pool := workers(t)
	list, err := drivers.Shipped()
	if err != nil || len(list) < 2 {
		t.Fatalf("%d drivers, %v", len(list), err)
	}
	for _, d := range list {
		t.Run(d.Name, func(t *testing.T) {
			results, err := trial.Cases(context.Background(), os.DirFS(folder(d.Name)), trial.Options{Driver: d, Workers: pool})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range results {
				for _, p := range r.Problems {
					t.Error(p)
				}
			}
			problems, err := pool.Check(context.Background(), d.File, d.Source)
			if err != nil || len(problems) > 0 {
				t.Errorf("check: %v, %v", problems, err)
			}
		})
	}
}

// A case that can't fail tests nothing: each part of one is made wrong and must be reported.
func TestCasesCanFail(t *testing.T) {
	pool := workers(t)
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := drivers.Find(list, "example")
	good, err := os.ReadFile(filepath.Join(folder("example"), "cases", "call.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"method":      {`"POST"`, `"PUT"`},
		"url":         {`provider.example/call`, `provider.example/other`},
		"header":      {`"Token": "example-token"`, `"Token": "other"`},
		"body":        {`"dst_number": "9991234567"`, `"dst_number": "79991234567"`},
		"value":       {`{"code": "74950001234"}`, `{"code": "1234"}`},
		"outcome":     {`"outcome": "ok", "value": {"code": "74950001234"}`, `"outcome": "error", "key": "no_funds"`},
		"unknown key": {`"title"`, `"titel"`},
		"no answer":   {`"steps": [{`, `"steps": [{"answer": {"fault": "unavailable"}}, {`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.ReplaceAll(string(good), change[0], change[1])
			if bad == string(good) {
				t.Fatal("nothing was changed")
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "cases", "call.json"), bad)
			results, err := trial.Cases(context.Background(), os.DirFS(dir), trial.Options{Driver: d, Workers: pool})
			if err != nil || len(results) != 1 || len(results[0].Problems) == 0 {
				t.Errorf("results %+v, %v", results, err)
			}
		})
	}
	if _, err := trial.Cases(context.Background(), os.DirFS(t.TempDir()), trial.Options{Driver: d, Workers: pool}); err == nil {
		t.Error("a driver without cases passed")
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const example = `function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://provider.example/call").withHeader("Token", secrets.token)
      .withBody(JsObj.empty.addString("dst_number", obj.asString("phone_number")));
  }
  if (result.status() == 200) return HttpLoop.Ok({code: result.body().asString("SenderID"), token: secrets.token});
  return HttpLoop.error("wrong_http_status", {status: "" + result.status()});
}`

func TestOutcomesAsJSON(t *testing.T) {
	pool := workers(t)
	dir := t.TempDir()
	body := filepath.Join(dir, "answer.json")
	write(t, body, `{"SenderID":"74951234567"}`)
	write(t, filepath.Join(dir, "huge.json"), strings.Repeat("x", 1<<20))
	step := `{"request":{"method":"POST","url":"https://provider.example/call","headers":{"Content-Type":"application/json","Token":"***"},"body":"{\"dst_number\":\"79991234567\"}"}`
	for name, tc := range map[string]struct{ source, answer, want string }{
		"ok":         {example, "200:" + body, `{"outcome":"ok","value":{"code":"74951234567","token":"***"},"steps":[` + step + `,"answer":{"status":200}}],"millis":0}`},
		"error":      {example, "503:-", `{"outcome":"error","key":"wrong_http_status","params":{"status":"503"},"steps":[` + step + `,"answer":{"status":503}}],"millis":0}`},
		"bad answer": {example, "200:-", `{"outcome":"error","key":"bad_answer","params":{"detail":"not JSON: EOF"},"steps":[` + step + `,"answer":{"status":200}}],"millis":0}`},
		"too long":   {example, "200:" + dir + "/huge.json", `{"outcome":"error","key":"bad_answer","cause":"the answer is longer than 65536 bytes","steps":[` + step + `}],"millis":0}`},
		"time":       {"function run() { let i = 0; for (;;) i++ }", "", `{"outcome":"refused","reason":"time","detail":"DIR/driver.js:1:38: the script ran longer than 1s","steps":[],"millis":0}`},
		"syntax":     {"function run() {\n  retrun 1\n}", "", `{"outcome":"refused","reason":"syntax","detail":"DIR/driver.js:2:10: Unexpected number","steps":[],"millis":0}`},
		"plain http": {"function run() {\n  return HttpLoop.callBuilder('GET', 'http://a.example/')\n}", "200:-", `{"outcome":"refused","reason":"egress","detail":"DIR/driver.js:2:30: plain http to a.example isn't allowed: use https, or name the host in loops.egress.allowHttp","steps":[{"request":{"method":"GET","url":"http://a.example/","headers":{},"body":""}}],"millis":0}`},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, "driver.js")
			write(t, file, tc.source)
			d, err := drivers.ReadScript(file)
			if err != nil {
				t.Fatal(err)
			}
			o := trial.Options{Driver: d, Workers: pool, Input: map[string]any{"phone_number": "79991234567"}, Secrets: map[string]string{"token": "s3cret"}}
			if tc.answer != "" {
				a, err := trial.ParseAnswer(tc.answer, loops.DefaultLimits())
				if err != nil {
					t.Fatal(err)
				}
				o.Answers = []trial.Answer{a}
			}
			out, err := trial.Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			if out.Failed() != (name != "ok") {
				t.Errorf("failed: %v", out.Failed())
			}
			out.Millis = 0
			var text bytes.Buffer
			enc := json.NewEncoder(&text)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(out); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(strings.ReplaceAll(text.String(), dir, "DIR")); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestTraceAndMissingAnswer(t *testing.T) {
	d := &loops.Driver{Name: "script", File: "driver.js", Source: example, Bare: true}
	o := trial.Options{Driver: d, Workers: workers(t), Input: map[string]any{"phone_number": "79991234567"}, Secrets: map[string]string{"token": "s3cret"}, Trace: true}
	o.Answers = []trial.Answer{{Answer: loops.Answer{Status: 200, Body: `{"SenderID":"s3cret"}`}}}
	out, err := trial.Run(context.Background(), o)
	if err != nil || *out.Steps[0].Answer.Body != `{"SenderID":"***"}` || out.Steps[0].Request.At != "driver.js:3:32" || out.Steps[0].Millis == nil {
		t.Errorf("trace: %+v, %v", out.Steps, err)
	}
	o.Answers = nil
	out, err = trial.Run(context.Background(), o)
	if err != nil || out.Key != loops.Unavailable || !strings.Contains(out.Cause, "--answer") {
		t.Errorf("no answer: %+v, %v", out, err)
	}
}

func TestLive(t *testing.T) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: "t0ken"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(phone)
	defer server.Close()
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	o := trial.Options{
		Driver: drivers.Find(list, "virtual-phone"), Workers: workers(t), Input: map[string]any{"phone_number": "79990000001"},
		Secrets: map[string]string{"URL": server.URL, "TOKEN": "t0ken"},
		Live:    egress.New(egress.Options{Allow: []egress.Allowance{{Host: "127.0.0.1:*", Plain: true, Private: true}}}),
	}
	out, err := trial.Run(context.Background(), o)
	if err != nil || out.Outcome != trial.OutcomeOk || len(phone.Calls("79990000001")) != 1 {
		t.Errorf("out %+v, %v", out, err)
	}
	o.Live = egress.New(egress.Options{})
	if out, err = trial.Run(context.Background(), o); err != nil || out.Reason != loops.ReasonEgress {
		t.Errorf("without the settings' leave: %+v, %v", out, err)
	}
}

func TestCheck(t *testing.T) {
	pool := patient(t)
	check := func(file string) ([]string, error) {
		d, faults := drivers.ReadScript(file)
		return trial.Check(context.Background(), pool, d, faults)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "driver.js")
	write(t, file, "function run() {\n  return /\\p{L}/u.test('x')\n}")
	write(t, filepath.Join(dir, "driver.conf"), "title = X\nhostz = [a]\ncode { origin = nobody }\n")
	problems, err := check(file)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.ReplaceAll(strings.Join(problems, "\n"), dir, "DIR")
	for _, want := range []string{"driver.conf:2:1: hostz: there is no such key", "DIR/driver.js:2:10: \\p{..} doesn't work"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q isn't in\n%s", want, all)
		}
	}
	problems, err = check(filepath.Join(dir, "none.js"))
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0], "none.js:1:1: ") {
		t.Errorf("a missing file: %v, %v", problems, err)
	}
	java := filepath.Join(dir, "Flow.java")
	write(t, java, "package flashcall;\npublic class Flow {\n  int x = new Thread();\n}\n")
	problems, err = check(java)
	if err != nil || !strings.Contains(strings.Join(problems, "\n"), "Flow.java:3:15: Thread isn't available") {
		t.Errorf("Java: %v, %v", problems, err)
	}
}

func TestParseAnswer(t *testing.T) {
	for _, text := range []string{"", "200", "200:", "abc:-", "99:-", "600:-", "200:/no/such/file"} {
		if _, err := trial.ParseAnswer(text, loops.DefaultLimits()); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestListAndLimits(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(trial.List(list))
	for _, want := range []string{`"name":"example"`, `"hosts":["provider.example"]`, `"origin":"caller"`, `"lengths":[]`, `"channel":"flashCall"`, `"written":"2026-11-25"`,
		`"caution":"SMSC picks the codes itself`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s isn't in %s", want, text)
		}
	}
	if report := trial.Limits(workers(t)); report.Limits["steps"] != 8 || report.Limits["step"] != "1s" || !report.Confinement.Memory {
		t.Errorf("limits: %+v", report)
	}
}
