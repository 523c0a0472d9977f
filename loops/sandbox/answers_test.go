package sandbox_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// A worker that has locked itself in still does all that a driver may want: nothing of it needs a file or a call that is refused.
func TestEverythingWorksLockedIn(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	q := ask(`function run(obj, result) {
  const did = {
    rs256: crypto.rs256(secrets.key, "x", "hex").length,
    jwt: crypto.jwt({a: 1}, secrets.key, {kid: "k"}).split(".").length,
    random: crypto.random(8, "hex").length + crypto.uuid().length + crypto.digits(4).length,
    hmac: crypto.hmac("sha512", "k", "x").length,
    json: result.body().asInt("a"),
    xml: JsObj.of({}).size(),
    date: new Date().toLocaleString().length > 5 && new Date("2026-03-01T12:00:00+03:00").getTimezoneOffset(),
    text: "\u0041\u030a".normalize("NFC") + "İ".toLocaleLowerCase().length + "a".localeCompare("b"),
    expression: /^(?=a)a+$/.test("aaa") && /([0-9]+)-\1/.test("12-12"),
    sorted: [3, 1, 2].sort((a, b) => a - b).join(""),
    body: HttpLoop.callBuilder("POST", "https://a.example/").withMultipart({a: "b"}).bodyText().length > 50,
  };
  return HttpLoop.Ok(did);
}`)
	q.Answer = &loops.Answer{Status: 200, Body: `{"a":1}`}
	q.Secrets = map[string]string{"key": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))}
	p := pool(t, func(o *sandbox.Options) { o.Size = 1; o.Limits.Step = 30 * time.Second })
	for range 20 {
		action, err := p.Step(context.Background(), q)
		want := `{"rs256":512,"jwt":3,"random":56,"hmac":128,"json":1,"xml":0,"date":0,"text":"Å2-1","expression":true,"sorted":"123","body":true}`
		if err != nil || string(action.Ok) != want {
			t.Fatalf("got %s, %v; want %s", said(action), err, want)
		}
	}
	if s := p.Stats(); s.Started != 1 {
		t.Errorf("%d workers were started: one died", s.Started)
	}
}

// A provider's answer is hostile too. Reading it ends in a value or in bad_answer, in time, whatever it is.
func TestHostileAnswers(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1; o.Limits.Step = 30 * time.Second })
	most := loops.DefaultLimits().Answer
	fill := func(s string) string { return strings.Repeat(s, most/len(s)) }
	for name, tc := range map[string]struct{ read, body string }{
		"JSON, deep":                {"body()", fill("[")},
		"JSON, deep objects":        {"body()", fill(`{"a":`)},
		"JSON, huge number":         {`body().asDecimal("n")`, `{"n":1e999999999}`},
		"JSON, long number":         {`body().asInt("n")`, `{"n":` + fill("9")[:60000] + `}`},
		"JSON, one key many times":  {"body()", "{" + fill(`"a":1,`) + `"a":1}`},
		"JSON, half characters":     {`body().asString("a")`, `{"a":"\ud800\udfff\udfff"}`},
		"JSON, no UTF-8":            {"body()", "{\"\xff\xfe\":\"\xc0\xaf\"}"},
		"JSON, __proto__":           {`body().asObj("__proto__")`, `{"__proto__":{"valid":true}}`},
		"XML, deep":                 {"xml()", fill("<a>")},
		"XML, entities":             {"xml()", `<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;</a>`},
		"XML, a file as an entity":  {"xml()", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`},
		"XML, many attributes":      {"xml()", "<a " + fill(`b="c" `) + "/>"},
		"XML, many elements":        {"xml()", "<a>" + fill("<b/>") + "</a>"},
		"XML, another encoding":     {"xml()", `<?xml version="1.0" encoding="` + fill("x")[:1000] + `"?><a/>`},
		"a form, many keys":         {"form()", fill("a=1&b=2&")},
		"a form, broken":            {"form()", fill("%zz&")},
		"CSV, many fields":          {"csv()", fill(",")},
		"CSV, many rows":            {"csv()", fill("\n")},
		"CSV, a quote without end":  {"csv()", `"` + fill("x")},
		"text, an expression":       {`text().match(/(x+x+)+y/)`, "y"},
		"a header that isn't there": {`header("\r\n")`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := ask(fmt.Sprintf(`function run(obj, result) { const v = result.%s; return HttpLoop.Ok({read: true, valid: {}.valid}); }`, tc.read))
			q.Answer = &loops.Answer{Status: 200, Body: tc.body}
			action, err := p.Step(context.Background(), q)
			switch {
			case err != nil:
				t.Errorf("err = %v", err)
			case action.Failure != nil && action.Failure.Key == loops.BadAnswer && len(fmt.Sprint(action.Failure.Params)) < 2000:
			case string(action.Ok) == `{"read":true,"valid":null}`:
			default:
				t.Errorf("got %s", said(action))
			}
			if strings.Contains(fmt.Sprint(action), "root:") {
				t.Errorf("a file was read: %s", said(action))
			}
		})
	}
	mustAnswer(t, p)
}
