package engine_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// read runs a driver that gives what expression reads from an answer.
func read(t *testing.T, expression, body string) *loops.Action {
	t.Helper()
	c := ask(`function run(obj, result) { return HttpLoop.Ok({ v: ` + expression + ` }) }`)
	c.Answer = &loops.Answer{Status: 200, Body: body}
	return step(t, c)
}

func TestAnswersInOtherForms(t *testing.T) {
	for name, tc := range map[string]struct{ expression, body, want string }{
		"XML error":            {`result.xml()`, `<?xml version="1.0"?><result><error>no</error><error_code>2</error_code></result>`, `{"result":{"error":"no","error_code":"2"}}`},
		"XML attributes":       {`result.xml()`, `<r id="7">text<a/></r>`, `{"r":{"@id":"7","a":"","#text":"text"}}`},
		"XML list":             {`result.xml()`, "<r>\n <a>1</a> <a>2</a><b/><a x='y'>3</a></r>", `{"r":{"a":["1","2",{"@x":"y","#text":"3"}],"b":""}}`},
		"XML entities, CDATA":  {`result.xml()`, `<r>&lt;a&gt; &#1044;<![CDATA[<b>]]></r>`, `{"r":"<a> Д<b>"}`},
		"XML namespaces":       {`result.xml()`, `<s:Envelope xmlns:s="urn:x"><s:Body>1</s:Body></s:Envelope>`, `{"Envelope":{"Body":"1"}}`},
		"XML leading zeros":    {`result.xml().asObj("r").asString("code")`, `<r><code>0042</code></r>`, `"0042"`},
		"XML with a mark":      {`result.xml()`, "\ufeff<r/>", `{"r":""}`},
		"form":                 {`result.form()`, "status=ok&code=0042&text=a+b%2Bc%D0%94", `{"status":"ok","code":"0042","text":"a b+cД"}`},
		"form, twice":          {`result.form()`, "a=1&a=2&b&=x\n", `{"a":"2","b":"","":"x"}`},
		"form of nothing":      {`result.form()`, "", `{}`},
		"CSV":                  {`result.csv()`, "1234,-2\n", `[["1234","-2"]]`},
		"CSV with semicolons":  {`result.csv(";")`, "a;\"b;c\";0042\r\nd\n", `[["a","b;c","0042"],["d"]]`},
		"CSV of nothing":       {`result.csv()`, "", `[]`},
		"CSV by cell":          {`result.csv().asArr(0).asString(1)`, "0,-9", `"-9"`},
		"text":                 {`/CODE - ([\d ]+)/.exec(result.text())[1].replace(/ /g, "")`, "OK - 1 SMS, ID - 1234, CODE - 99 12 34", `"991234"`},
		"a number as text":     {`result.text()`, "-1", `"-1"`},
		"JSON list":            {`result.bodyArr().asObj(0).asInt("n")`, `[{"n":7}]`, `7`},
		"integers beyond 2^53": {`result.body().asString("id")`, `{"id":12345678901234567890}`, `"12345678901234567890"`},
	} {
		t.Run(name, func(t *testing.T) {
			action := read(t, tc.expression, tc.body)
			if got := string(action.Ok); got != `{"v":`+tc.want+`}` {
				t.Errorf("got %s %+v, want %s", got, action.Failure, tc.want)
			}
		})
	}
}

func TestAnswersInOtherFormsThatCannotBeRead(t *testing.T) {
	for name, tc := range map[string]struct{ expression, body string }{
		"XML: empty":           {`result.xml()`, ""},
		"XML: JSON":            {`result.xml()`, `{"a":1}`},
		"XML: cut off":         {`result.xml()`, `<r><a>1</a>`},
		"XML: two roots":       {`result.xml()`, `<a/><b/>`},
		"XML: text after":      {`result.xml()`, `<a/>x`},
		"XML: mismatched":      {`result.xml()`, `<a></b>`},
		"XML: own entity":      {`result.xml()`, `<!DOCTYPE r [<!ENTITY a "boom">]><r>&a;</r>`},
		"XML: external entity": {`result.xml()`, `<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>`},
		"XML: other encoding":  {`result.xml()`, `<?xml version="1.0" encoding="windows-1251"?><r/>`},
		"XML: too deep":        {`result.xml()`, strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000)},
		"XML: not UTF-8":       {`result.xml()`, "<r>\xff</r>"},
		"form: bad escape":     {`result.form()`, "a=%zz"},
		"form: not UTF-8":      {`result.form()`, "a=%ff"},
		"JSON: no object":      {`result.body().asObj("a")`, `{"a":[1]}`},
		"JSON: no array":       {`result.body().asArr("a")`, `{"a":{}}`},
		"XML: another kind":    {`result.xml().asObj("r").asString("a")`, `<r><a><b/></a></r>`},
		"CSV: another kind":    {`result.csv().asObj(0)`, "a,b"},
	} {
		t.Run(name, func(t *testing.T) {
			if f := read(t, tc.expression, tc.body).Failure; f == nil || f.Key != loops.BadAnswer {
				t.Errorf("failure = %+v", f)
			}
			if got := string(read(t, `(() => { try { return `+tc.expression+` } catch (e) { return "caught" } })()`, tc.body).Ok); got != `{"v":"caught"}` {
				t.Errorf("the script can't catch it: %s", got)
			}
		})
	}
	c := ask(`function run(obj, result) { return result.csv('"') }`)
	c.Answer = &loops.Answer{Status: 200}
	if r := refused(t, c); !strings.Contains(r.Detail, "csv: argument 1 must be one character") {
		t.Errorf("a quote as separator: %s", r.Detail)
	}
}

func TestMultipartBody(t *testing.T) {
	r := step(t, ask(`function run() { return HttpLoop.callBuilder("POST", "https://a.example/")
		.withMultipart({ phone: "79990000001", n: 5, none: null, text: "a\r\n--b" }) }`)).Request
	request, err := http.NewRequest(r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = r.Header
	if err := request.ParseMultipartForm(1 << 20); err != nil {
		t.Fatalf("%v: %v %s", err, r.Header, r.Body)
	}
	if f := request.MultipartForm.Value; len(f) != 3 || f["phone"][0] != "79990000001" || f["n"][0] != "5" || f["text"][0] != "a\r\n--b" {
		t.Errorf("fields = %v", f)
	}
	if r := refused(t, ask(`function run() { HttpLoop.callBuilder("POST", "https://a.example/").withMultipart({ a: {} }) }`)); !strings.Contains(r.Detail, "withMultipart: a is neither") {
		t.Errorf("a nested value: %s", r.Detail)
	}
}

// What bodyText gives is what is sent, byte for byte, so that a signature over it holds.
func TestBodyTextIsWhatIsSent(t *testing.T) {
	for _, body := range []string{
		`.withBody(JsObj.empty.addString("a", "<&>\u2028\"").addDecimal("n", "1.50"))`, `.withBody(JsArr.of([1, "x"]))`,
		`.withForm({ a: "b c", d: "+" })`, `.withMultipart({ a: "b" })`, `.withText("Д\r\n")`, ``,
	} {
		r := step(t, ask(`function run() {
			const r = HttpLoop.callBuilder("POST", "https://a.example/")`+body+`;
			return r.withHeader("Signed", crypto.base64(r.bodyText()));
		}`)).Request
		if signed, err := base64.StdEncoding.DecodeString(r.Header.Get("Signed")); err != nil || string(signed) != r.Body {
			t.Errorf("%s: signed %q, sent %q, %v", body, signed, r.Body, err)
		}
	}
}

// The last body counts, with its own Content-Type, unless the script gave one, whenever it did.
func TestContentTypeOfTheLastBody(t *testing.T) {
	for chain, want := range map[string]string{
		`.withBody({ a: 1 }).withForm({ a: 1 })`:                                               "application/x-www-form-urlencoded",
		`.withForm({ a: 1 }).withText("x")`:                                                    "text/plain; charset=utf-8",
		`.withBody({ a: 1 }).withHeader("content-type", "application/vnd.x+json")`:             "application/vnd.x+json",
		`.withHeader("Content-Type", "application/vnd.x+json").withBody({ a: 1 })`:             "application/vnd.x+json",
		`.withHeader("Content-Type", "text/x").withForm({ a: 1 }).withText("x", "text/plain")`: "text/x",
	} {
		r := step(t, ask(`function run() { return HttpLoop.callBuilder("POST", "https://a.example/")`+chain+` }`)).Request
		if got := strings.Join(r.Header.Values("Content-Type"), "|"); got != want {
			t.Errorf("%s: %s, want %s", chain, got, want)
		}
	}
	r := step(t, ask(`function run() { return HttpLoop.callBuilder("POST", "https://a.example/").withMultipart({ a: 1 }).withMultipart({ b: 2 }) }`)).Request
	if _, boundary, _ := strings.Cut(r.Header.Get("Content-Type"), "boundary="); boundary == "" || !strings.Contains(r.Body, boundary) || strings.Contains(r.Body, `"a"`) {
		t.Errorf("%s: %s", r.Header.Get("Content-Type"), r.Body)
	}
}

func TestProblemsStandInTheirOrder(t *testing.T) {
	e := engine.New(engine.Options{Limits: limits()})
	problems := e.Check("driver.js", "function run() {\n"+strings.Repeat("/\\p{L}/u;\n", 12)+"}")
	if len(problems) != 12 || problems[1].At != "driver.js:3:1" || problems[11].At != "driver.js:13:1" {
		t.Errorf("%v", problems)
	}
	if problems := e.Check("driver.js", "function run() {"); len(problems) != 1 {
		t.Errorf("one fault is told as %v", problems)
	}
}
