package engine_test

import (
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// example is the driver of Blitz's published example, in JavaScript.
const example = `function run(obj, result) {
  if (result == null) {
    const number = obj.asString("phone_number");
    return HttpLoop.callBuilder("POST", "https://provider.example/call")
      .withHeader("Token", secrets.token)
      .withBody(JsObj.empty.addString("id", "test").addString("dst_number", number.substring(number.length - 10)))
      .build(JsObj.empty.addInt("step", 1));
  } else if (result.status() == 200) {
    return HttpLoop.Ok(JsObj.empty.addString("code", result.body().asString("SenderID")));
  }
  return HttpLoop.error("wrong_http_status", { status: "" + result.status() });
}`

// limits leave a step all the time that a busy machine may take.
func limits() loops.Limits {
	l := loops.DefaultLimits()
	l.Step = 30 * time.Second
	return l
}

// short is an engine whose steps have so little time that endless ones can be waited for.
func short() *engine.Engine {
	l := limits()
	l.Step = 300 * time.Millisecond
	return engine.New(engine.Options{Limits: l, Used: usedTime})
}

// usedTime is the processor time of this process so far.
func usedTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func ask(source string) loops.Question {
	return loops.Question{
		Driver:  &loops.Driver{Name: "test", File: "driver.js", Source: source},
		Entry:   loops.EntryStart,
		Input:   []byte(`{"phone_number":"79990000001"}`),
		Secrets: map[string]string{"token": "s3cret-token"},
		Now:     time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

func step(t *testing.T, c loops.Question) *loops.Action {
	t.Helper()
	action, err := engine.New(engine.Options{Limits: limits()}).Step(c)
	if err != nil {
		t.Fatalf("step: %v", err)
	}
	return action
}

func refused(t *testing.T, c loops.Question) *loops.Refusal {
	t.Helper()
	action, err := short().Step(c)
	var r *loops.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("step gave %+v, %v; want a refusal", action, err)
	}
	return r
}

func TestExampleAsksThenAnswers(t *testing.T) {
	c := ask(example)
	first := step(t, c)
	r := first.Request
	if r == nil || r.Method != "POST" || r.URL != "https://provider.example/call" {
		t.Fatalf("request = %+v", r)
	}
	if r.Body != `{"id":"test","dst_number":"9990000001"}` {
		t.Errorf("body = %s", r.Body)
	}
	if r.Header.Get("Token") != "s3cret-token" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("headers = %v", r.Header)
	}
	if string(first.State) != `{"step":1}` || r.At != "driver.js:4:32" {
		t.Errorf("state = %s, at = %s", first.State, r.At)
	}

	c.State, c.Answer = first.State, &loops.Answer{Status: 200, Body: `{"SenderID":"74951234567"}`}
	if got := string(step(t, c).Ok); got != `{"code":"74951234567"}` {
		t.Errorf("Ok = %s", got)
	}
	c.Answer = &loops.Answer{Status: 503}
	if f := step(t, c).Failure; f == nil || f.Key != "wrong_http_status" || f.Params["status"] != "503" {
		t.Errorf("failure = %+v", f)
	}
}

func TestAnswersThatCannotBeReadFailWithBadAnswer(t *testing.T) {
	for name, body := range map[string]string{
		"HTML":       "<html><body>502</body></html>",
		"empty":      "",
		"array":      `["7495"]`,
		"cut off":    `{"SenderID":"7495`,
		"two values": `{"SenderID":"1"} {}`,
		"wrong kind": `{"SenderID":{"x":1}}`,
		"too deep":   `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := ask(example)
			c.Answer = &loops.Answer{Status: 200, Body: body}
			f := step(t, c).Failure
			if f == nil || f.Key != loops.BadAnswer {
				t.Fatalf("failure = %+v", f)
			}
		})
	}
}

func TestValuesOfAnotherKindInAnswers(t *testing.T) {
	for _, read := range []string{`asObj("text")`, `asArr("text")`, `asObj("list")`, `asArr("object")`, `asInt("text")`, `asBool("text")`, `asString("object")`} {
		c := ask(`function run(obj, result) { result.body().` + read + `; return HttpLoop.Ok({}) }`)
		c.Answer = &loops.Answer{Status: 200, Body: `{"text":"x","list":[],"object":{}}`}
		if f := step(t, c).Failure; f == nil || f.Key != loops.BadAnswer {
			t.Errorf("%s: %+v", read, f)
		}
	}
}

func TestScriptMayCatchAnUnreadableAnswer(t *testing.T) {
	c := ask(`function run(obj, result) { try { result.body() } catch (e) { return HttpLoop.error("unavailable") } }`)
	c.Answer = &loops.Answer{Status: 502, Body: "<html>"}
	if f := step(t, c).Failure; f == nil || f.Key != loops.Unavailable {
		t.Fatalf("failure = %+v", f)
	}
}

func TestShapesOfDrivers(t *testing.T) {
	for name, source := range map[string]string{
		"function run":       `function run() { return HttpLoop.Ok(JsObj.empty.addBool("done", true)) }`,
		"function start":     `function start() { return HttpLoop.Ok({done: true}) }`,
		"arrow in a const":   `const run = () => HttpLoop.Ok({done: true})`,
		"class with run":     `class FlashCall { constructor() { this.done = true } run(obj) { return HttpLoop.Ok({done: this.done}) } }`,
		"class that extends": `class A { run() { return HttpLoop.Ok({done: this.is()}) } } class B extends A { is() { return true } run() { return super.run() } }`,
	} {
		t.Run(name, func(t *testing.T) {
			if name == "class that extends" {
				t.Log("the first class with run is taken")
				source = strings.Replace(source, "this.is()", "true", 1)
			}
			if got := string(step(t, ask(source)).Ok); got != `{"done":true}` {
				t.Errorf("Ok = %s", got)
			}
		})
	}
}

func TestBuilderForms(t *testing.T) {
	build := func(tail string) *loops.Request {
		return step(t, ask(`function run(obj) { return HttpLoop.callBuilder("POST", "https://a.example/x")`+tail+` }`)).Request
	}
	if r := build(``); r.Method != "POST" || r.Body != "" {
		t.Errorf("as it is: %+v", r)
	}
	if r := build(`.build()`); r.URL != "https://a.example/x" {
		t.Errorf("build(): %+v", r)
	}
	if r := build(`.withQuery("to", "+7 999").withQuery("k", "a&b")`); r.URL != "https://a.example/x?to=%2B7+999&k=a%26b" {
		t.Errorf("query: %s", r.URL)
	}
	if r := build(`.withForm({b: "x y", a: 1, c: null})`); r.Body != "b=x+y&a=1" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("form: %+v", r)
	}
	if r := build(`.withBasicAuth("me", "pw")`); r.Header.Get("Authorization") != "Basic bWU6cHc=" {
		t.Errorf("basic: %v", r.Header)
	}
	if r := build(`.withText("<a/>", "application/xml")`); r.Body != "<a/>" || r.Header.Get("Content-Type") != "application/xml" {
		t.Errorf("text: %+v", r)
	}
	if r := build(`.withBody(JsArr.empty.addObj(JsObj.empty.addInt("n", "79990000001000000001")))`); r.Body != `[{"n":79990000001000000001}]` {
		t.Errorf("array body: %s", r.Body)
	}
	if r := build(`.withHeader("Content-Type", "application/vnd.x+json").withBody(JsObj.empty)`); r.Header.Get("Content-Type") != "application/vnd.x+json" {
		t.Errorf("own content type: %v", r.Header)
	}
}

// expression evaluates one expression of the contract's words and gives its text.
func expression(t *testing.T, js string) string {
	t.Helper()
	action := step(t, ask(`function run(obj, result) { return HttpLoop.Ok(JsObj.empty.addString("v", "" + (`+js+`))) }`))
	return strings.TrimSuffix(strings.TrimPrefix(string(action.Ok), `{"v":"`), `"}`)
}

func TestWords(t *testing.T) {
	const doc = `JsObj.parse('{"s":"x","i":42,"big":79990000001000000001,"d":1.50,"b":false,"o":{"k":["a",2]},"n":null,"si":"0042"}')`
	for js, want := range map[string]string{
		doc + `.asString("s")`:                            "x",
		doc + `.asString("i")`:                            "42",
		doc + `.asString("big")`:                          "79990000001000000001",
		doc + `.asString("d")`:                            "1.50",
		doc + `.asString("si")`:                           "0042",
		doc + `.asInt("i") + 1`:                           "43",
		doc + `.asInt("si")`:                              "42",
		doc + `.asDecimal("d") * 2`:                       "3",
		doc + `.asBool("b")`:                              "false",
		doc + `.asObj("o").asArr("k").asString(1)`:        "2",
		doc + `.asObj("o").asArr("k").size()`:             "2",
		doc + `.asString("missing")`:                      "null",
		doc + `.asArr("n")`:                               "null",
		doc + `.has("n") + "," + ` + doc + `.has("x")`:    "true,false",
		doc + `.keys().join()`:                            "s,i,big,d,b,o,n,si",
		doc + `.remove("s").size()`:                       "7",
		`JsObj.empty.addString("a", "1") && JsObj.empty`:  "{}",
		`JsObj.of({a: [1, {b: true}]}).asArr("a").size()`: "2",
		`JsArr.of([1, "2"]).asString(0)`:                  "1",
		`JSON.stringify(JsArr.of([1, {b: 2, a: 3}]))`:     `[1,{"b":2,"a":3}]`,
		`JSON.stringify({x: JsObj.of({b: 2, a: 3})})`:     `{"x":{"b":2,"a":3}}`,
		`clock.seconds()`:                                 "1772366400",
		`clock.iso()`:                                     "2026-03-01T12:00:00Z",
		`new Date().toISOString()`:                        "2026-03-01T12:00:00.000Z",
		`crypto.hash("sha256", "abc").substring(0, 8)`:    "ba7816bf",
		`crypto.hash("md5", "", "base64")`:                "1B2M2Y8AsgTpgAmY7PhCfg==",
		`crypto.hmac("sha256", "key", "msg")`:             "2d93cbc1be167bcb1637a4a23cbff01a7878f0c50ee833954ea5221bb1b8c628",
		`crypto.hmac("sha1", crypto.fromBase64("a2V5"), "msg") == crypto.hmac("sha1", "key", "msg")`: "true",
		`crypto.hex(crypto.fromHex("00ff"))`: "00ff",
		`crypto.base64url("??>")`:            "Pz8-",
		`/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.uuid())`: "true",
		`/^[0-9]{6}$/.test(crypto.digits(6))`: "true",
		`secrets.token.length`:                "12",
		`"token" in secrets`:                  "true",
	} {
		if got := expression(t, js); got != strings.ReplaceAll(want, `"`, `\"`) {
			t.Errorf("%s = %s, want %s", js, got, want)
		}
	}
}

func TestResultHeaderAndText(t *testing.T) {
	c := ask(`function run(obj, result) { return HttpLoop.Ok({h: result.header("retry-after"), none: result.header("x"), t: result.text(), a: result.bodyArr().size()}) }`)
	c.Answer = &loops.Answer{Status: 200, Header: http.Header{"Retry-After": {"30"}}, Body: `[1,2]`}
	if got := string(step(t, c).Ok); got != `{"h":"30","none":null,"t":"[1,2]","a":2}` {
		t.Errorf("Ok = %s", got)
	}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		source string
		reason loops.Reason
		detail string
	}{
		"syntax error":       {"function run() {\n  return )\n}", loops.ReasonSyntax, "driver.js:2:10: "},
		"unclosed":           {"function run() {", loops.ReasonSyntax, "driver.js:1:"},
		"no function":        {"const x = 1", loops.ReasonUnsupported, "no function run"},
		"not a function":     {"const run = Math.max(5)", loops.ReasonContract, "is not a function"},
		"a constant":         {"const run = 5", loops.ReasonUnsupported, "there is no function run"},
		"endless loop":       {"function run() {\n  let i = 0; for (;;) { i++ }\n}", loops.ReasonTime, "driver.js:2:"},
		"endless at load":    {"for (;;) {}\nfunction run() {}", loops.ReasonTime, "driver.js:1:"},
		"catch and go on":    {"function run() { for (;;) { try { for (;;) {} } catch (e) {} finally { continue } } }", loops.ReasonTime, "driver.js:1:"},
		"endless getter":     {"function run() { return HttpLoop.Ok({get code() { for (;;) {} }}) }", loops.ReasonTime, "driver.js:1:"},
		"deep recursion":     {"function f() { return f() + 1 }\nfunction run() { return f() }", loops.ReasonMemory, "driver.js:1:"},
		"thrown error":       {"function run() {\n  throw new Error('boom') }", loops.ReasonContract, "driver.js:2:9: Error: boom"},
		"thrown text":        {"function run() { throw 'boom' }", loops.ReasonContract, "not an Error"},
		"thrown null":        {"function run() { throw null }", loops.ReasonContract, "not an Error"},
		"thrown trap":        {"function run() { throw new Proxy({}, {get() { for (;;) {} }}) }", loops.ReasonContract, "not an Error"},
		"hostile error":      {"function run() { const e = new Error('x'); Object.defineProperty(e, 'message', {get() { throw e }}); throw e }", loops.ReasonContract, "can't be read"},
		"endless error":      {"function run() { const e = new Error('x'); Object.defineProperty(e, 'message', {get() { for (;;) {} }}); throw e }", loops.ReasonTime, "driver.js:1:"},
		"endless error name": {"class E extends Error { get name() { for (;;) {} } }\nfunction run() { throw new E('x') }", loops.ReasonTime, "driver.js:1:"},
		"deep error":         {"function run() { const e = new Error('x'); Object.defineProperty(e, 'message', {get() { return e.message }}); throw e }", loops.ReasonMemory, "driver.js:1:"},
		"endless method":     {"class D { run() {} }\nObject.defineProperty(D.prototype, 'run', {get() { for (;;) {} }})", loops.ReasonTime, "driver.js:2:"},
		"reference":          {"function run() {\n  return require('fs')\n}", loops.ReasonContract, "driver.js:2:17: ReferenceError"},
		"nothing returned":   {"function run() {}", loops.ReasonContract, "returned nothing"},
		"plain object":       {"function run() { return {method: 'POST', url: 'https://a.example'} }", loops.ReasonContract, "class Object"},
		"proxy of a handle":  {"function run() { return new Proxy(HttpLoop.Ok({}), {}) }", loops.ReasonContract, "must return"},
		"heir of a handle":   {"function run() { return Object.create(HttpLoop.Ok({})) }", loops.ReasonContract, "must return"},
		"promise":            {"async function run() { return HttpLoop.Ok({}) }", loops.ReasonContract, "leave async out"},
		"never settles":      {"function run() { return new Promise(() => {}) }", loops.ReasonContract, "a Promise"},
		"huge Ok":            {"function run() { return HttpLoop.Ok({a: 'x'.repeat(20000)}) }", loops.ReasonContract, "20008 bytes"},
		"huge body":          {"function run() { return HttpLoop.callBuilder('POST', 'https://a.example').withText('x'.repeat(70000)) }", loops.ReasonContract, "the body has 70000"},
		"huge header":        {"function run() { return HttpLoop.callBuilder('POST', 'https://a.example').withHeader('a', 'x'.repeat(70000)) }", loops.ReasonContract, "the headers"},
		"unknown secret":     {"function run() { return HttpLoop.Ok({a: secrets.other}) }", loops.ReasonContract, "(--secret other=.. in a trial)"},
		"write a secret":     {"function run() { secrets.token = 'x' }", loops.ReasonContract, "TypeError"},
		"replace JsObj":      {"function run() { JsObj.empty = 1 }", loops.ReasonContract, "TypeError"},
		"eval":               {"function run() { return eval('1') }", loops.ReasonContract, "ReferenceError"},
		"Function":           {"function run() { return run.constructor('return 1')() }", loops.ReasonContract, "TypeError"},
		"cycle":              {"function run() { const a = {}; a.a = a; return HttpLoop.Ok(a) }", loops.ReasonContract, "nested deeper"},
		"function as value":  {"function run() { return HttpLoop.Ok({a: run}) }", loops.ReasonContract, "function"},
		"NaN":                {"function run() { return HttpLoop.Ok({a: NaN}) }", loops.ReasonContract, "JSON"},
		"unicode class":      {"function run() {\n  return /^\\p{L}+$/u.test('x') }", loops.ReasonUnsupported, "driver.js:2:10: "},
		"unicode class text": {"function run() { return new RegExp('\\\\p{L}').test('x') }", loops.ReasonUnsupported, "driver.js:1:"},
		"too long":           {"// " + strings.Repeat("x", 65<<10), loops.ReasonContract, "at most 65536"},
		"bad error key":      {"function run() { return HttpLoop.error('No Such') }", loops.ReasonContract, "lower-case"},
	} {
		t.Run(name, func(t *testing.T) {
			r := refused(t, ask(tc.source))
			if r.Reason != tc.reason || !strings.Contains(r.Detail, tc.detail) {
				t.Fatalf("got %s: %s; want %s: ..%s..", r.Reason, r.Detail, tc.reason, tc.detail)
			}
			if !strings.HasPrefix(r.Detail, "driver.js:") {
				t.Errorf("detail names no place: %s", r.Detail)
			}
		})
	}
}

func TestNothingIsCarriedToTheNextRun(t *testing.T) {
	e := engine.New(engine.Options{Limits: limits()})
	source := `let count = 0;
function run(obj) {
  const seen = [count, {}.polluted, [].polluted, "".polluted, typeof leaked, Math.max(1, 2)].join();
  count++; Object.prototype.polluted = 1; Array.prototype.polluted = 1; String.prototype.polluted = 1;
  globalThis.leaked = 1; Math.max = () => 0;
  Object.getPrototypeOf(JsObj.empty).asString === undefined || (Object.getPrototypeOf(JsObj.empty).extra = 1);
  return HttpLoop.Ok({seen});
}`
	for range 2 {
		action, err := e.Step(ask(source))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(action.Ok); got != `{"seen":"0,,,,undefined,2"}` {
			t.Fatalf("Ok = %s", got)
		}
	}
}

func TestMemoryIsWatched(t *testing.T) {
	e := engine.New(engine.Options{Limits: limits(), Heap: func() int64 { return 1 << 40 }})
	_, err := e.Step(ask("function run() { for (;;) {} }"))
	var r *loops.Refusal
	if !errors.As(err, &r) || r.Reason != loops.ReasonMemory {
		t.Fatalf("err = %v", err)
	}
}

// On a busy machine a step goes on until it had its processor time, but not for ever.
func TestStepsAreTimedByTheProcessor(t *testing.T) {
	l := limits()
	l.Step = 20 * time.Millisecond
	for name, c := range map[string]struct {
		used  []time.Duration // at the beginning, then at each look; the last one stays
		looks int             // at least
	}{
		"at once": {[]time.Duration{0, l.Step}, 1},
		"slowly":  {[]time.Duration{0, 0, l.Step / 2, l.Step}, 3},
		"never":   {[]time.Duration{0}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			looks := -1
			e := engine.New(engine.Options{Limits: l, Used: func() time.Duration {
				looks++
				return c.used[min(looks, len(c.used)-1)]
			}})
			_, err := e.Step(ask("function run() { for (;;) {} }"))
			var r *loops.Refusal
			if !errors.As(err, &r) || r.Reason != loops.ReasonTime || looks < c.looks {
				t.Errorf("after %d looks: %v", looks, err)
			}
		})
	}
}

func TestRandomnessComesFromTheSeed(t *testing.T) {
	c := ask(`function run() { return HttpLoop.Ok({a: crypto.uuid(), b: Math.random()}) }`)
	first, again := step(t, c), step(t, c)
	c.Seed[0] = 1
	other := step(t, c)
	if string(first.Ok) != string(again.Ok) || string(first.Ok) == string(other.Ok) {
		t.Fatalf("%s %s %s", first.Ok, again.Ok, other.Ok)
	}
}

func BenchmarkStep(b *testing.B) {
	e := engine.New(engine.Options{Limits: limits()})
	for b.Loop() {
		if _, err := e.Step(ask(example)); err != nil {
			b.Fatal(err)
		}
	}
}
