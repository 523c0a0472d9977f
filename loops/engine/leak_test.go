package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/engine"
)

// A text is cut where it grows too long. A secret that stands across that place must not lose its end, since what is
// left of it would not be recognised as a secret any more.
func TestCutTextsHoldNoPartOfASecret(t *testing.T) {
	for name, source := range map[string]string{
		"error":     `throw new Error("x".repeat(%d) + secrets.token)`,
		"text":      `throw "x".repeat(%d) + secrets.token`,
		"parameter": `return HttpLoop.error("unavailable", {d: "x".repeat(%d) + secrets.token})`,
		"value":     `return "x".repeat(%d) + secrets.token`,
	} {
		for n := range 520 {
			c := ask("function run() { " + fmt.Sprintf(source, n) + " }")
			action, err := engine.New(engine.Options{Limits: limits()}).Step(c)
			said := fmt.Sprint(err)
			if err == nil {
				said = action.Failure.Params["d"]
			}
			if !strings.Contains(strings.ReplaceAll(said, c.Secrets["token"], ""), "s3c") {
				continue
			}
			t.Fatalf("%s, after %d characters: %s", name, n, said)
		}
	}
}

// In the middle of a detail nothing is cut: what is left of a secret in base64 would not be known.
func TestDetailsCutNothingInTheMiddle(t *testing.T) {
	for _, source := range []string{`return crypto.base64(secrets.token + "x".repeat(300))`, `throw crypto.base64(secrets.token + "x".repeat(300))`} {
		_, err := engine.New(engine.Options{Limits: limits()}).Step(ask("function run() { " + source + " }"))
		if err == nil || !strings.Contains(err.Error(), " a text of ") || strings.Contains(err.Error(), "eHh4") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestNoCodeFromText(t *testing.T) {
	for name, kind := range map[string]string{
		"function": "function(){}", "arrow": "() => {}", "generator": "function*(){}", "async": "async function(){}", "async arrow": "async () => {}",
	} {
		source := "function run() { const F = Object.getPrototypeOf(" + kind + ").constructor; F('return 1'); return HttpLoop.Ok({made: '' + F('return 1')}) }"
		action, err := engine.New(engine.Options{Limits: limits()}).Step(ask(source))
		if err == nil && strings.Contains(string(action.Ok), "return 1") && !strings.Contains(string(action.Ok), `"made":"return 1"`) {
			t.Errorf("%s: code was made from text: %s", name, action.Ok)
		}
	}
	if got := step(t, ask("function run() { return HttpLoop.Ok({v: [...(function*(){ yield 1 })()][0]}) }")); string(got.Ok) != `{"v":1}` {
		t.Errorf("generators don't work any more: %s", got.Ok)
	}
}

// Handles show the contract's words and nothing of the Go values behind them.
func TestHandlesHideGo(t *testing.T) {
	got := step(t, ask(`function run(obj) {
  const found = [];
  for (const handle of [obj, JsArr.empty, HttpLoop.Ok({}), HttpLoop.callBuilder("GET", "https://a.example/")])
    for (const name of ["MarshalJSON", "values", "Values", "keys", "request", "Request"])
      if (name !== "keys" && handle[name] !== undefined) found.push(name);
  return HttpLoop.Ok({found: found.join(), json: JSON.stringify(JsObj.empty.addInt("a", 1))});
}`))
	if string(got.Ok) != `{"found":"","json":"{\"a\":1}"}` {
		t.Errorf("got %s", got.Ok)
	}
}

func TestWhatLooksLikeTextAndIsNone(t *testing.T) {
	for name, source := range map[string]string{
		"a symbol in Ok":            `return HttpLoop.Ok({code: Symbol("1234")})`,
		"a symbol as an argument":   `return HttpLoop.Ok(JsObj.empty.addString("code", Symbol("1234")))`,
		"half a character in a key": `return HttpLoop.Ok({"a\ud800": "b"})`,
	} {
		action, err := engine.New(engine.Options{Limits: limits()}).Step(ask("function run() { " + source + " }"))
		if err == nil || !strings.Contains(err.Error(), "TypeError") {
			t.Errorf("%s: got %+v, %v", name, action, err)
		}
	}
}

// What every object has from its prototype is no secret.
func TestOnlySecretsAreInSecrets(t *testing.T) {
	got := string(step(t, ask(`function run() { return HttpLoop.Ok({ names: ["token", "constructor", "toString", "__proto__"].filter(n => n in secrets).join() }) }`)).Ok)
	if got != `{"names":"token"}` {
		t.Errorf("got %s", got)
	}
}
