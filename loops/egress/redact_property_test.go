package egress_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// secretText draws a secret of four characters and more, with all that encodings treat in a way of their own.
func secretText(t *rapid.T) string {
	special := rapid.SampledFrom([]rune("%+&=/?#\"'<>\\ ~-_.:;,@!$()|[]{}\t\n\x00йЖéß中😀\u2028"))
	plain := rapid.SampledFrom([]rune("abcxyzABCXYZ0123456789"))
	return string(rapid.SliceOfN(rapid.OneOf(special, plain, rapid.Rune()), 4, 40).
		Filter(func(s []rune) bool { return !strings.ContainsRune(string(s), '*') }).Draw(t, "secret"))
}

// hexDigits writes a number with its letters in either case.
func hexDigits(t *rapid.T, format string, n int) string {
	text := fmt.Sprintf(format, n)
	if rapid.Bool().Draw(t, "upper") {
		return strings.ToUpper(text)
	}
	return text
}

// percentSome encodes the characters that must be and any others. In a form a blank may be "+".
func percentSome(t *rapid.T, text string, form bool) string {
	var out strings.Builder
	for _, c := range text {
		switch {
		case form && c == ' ' && rapid.Bool().Draw(t, "plus"):
			out.WriteByte('+')
		case c == '%' || form && c == '+' || rapid.Bool().Draw(t, "encoded"):
			for _, b := range []byte(string(c)) {
				out.WriteString("%" + hexDigits(t, "%02x", int(b)))
			}
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// jsonSome escapes what JSON wants escaped and any other characters.
func jsonSome(t *rapid.T, text string) string {
	var out strings.Builder
	for _, c := range text {
		short := map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\t': `\t`, '/': `\/`}[c]
		switch {
		case short != "" && rapid.Bool().Draw(t, "short"):
			out.WriteString(short)
		case c < ' ' || c == '"' || c == '\\' || rapid.Bool().Draw(t, "escaped"):
			for _, unit := range utf16.Encode([]rune{c}) {
				out.WriteString(`\u` + hexDigits(t, "%04x", int(unit)))
			}
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// xmlSome writes what XML wants written otherwise and any other characters.
func xmlSome(t *rapid.T, text string) string {
	var out strings.Builder
	for _, c := range text {
		name := map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&apos;"}[c]
		switch {
		case name != "" && rapid.Bool().Draw(t, "name"):
			out.WriteString(name)
		case c == '&' || c == '<' || rapid.Bool().Draw(t, "number"):
			out.WriteString(rapid.SampledFrom([]string{fmt.Sprintf("&#%d;", c), fmt.Sprintf("&#x%x;", c), fmt.Sprintf("&#x%X;", c)}).Draw(t, "form"))
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// base64Inside writes the secret among other bytes, and gives the characters that it alone decides too.
func base64Inside(t *rapid.T, secret string) (text, core string) {
	before := rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "before")
	after := rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "after")
	alphabet := rapid.SampledFrom([]*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}).Draw(t, "alphabet")
	text = alphabet.EncodeToString([]byte(string(before) + secret + string(after)))
	return text, text[(len(before)*8+5)/6 : (len(before)+len(secret))*8/6]
}

// spelled draws one spelling of a secret, and what of it must not survive.
func spelled(t *rapid.T, secret string) (text, core string) {
	same := func(s string) (string, string) { return s, s }
	switch rapid.SampledFrom([]string{"as it is", "lower", "hex", "HEX", "base64", "base64 in an address", "percent", "form", "JSON", "XML", "Go",
		"JSON in an address", "a form in JSON", "JSON in JSON", "JSON in a form in JSON", "percent twice", "hex in percent"}).Draw(t, "spelling") {
	case "lower":
		return same(strings.ToLower(secret))
	case "hex":
		return same(hex.EncodeToString([]byte(secret)))
	case "HEX":
		return same(strings.ToUpper(hex.EncodeToString([]byte(secret))))
	case "base64":
		return base64Inside(t, secret)
	case "base64 in an address":
		text, _ := base64Inside(t, secret)
		return percentSome(t, text, true), "no part of this is the same"
	case "percent":
		return same(percentSome(t, secret, false))
	case "form":
		return same(percentSome(t, secret, true))
	case "JSON":
		return same(jsonSome(t, secret))
	case "XML":
		return same(xmlSome(t, secret))
	case "Go":
		quoted := fmt.Sprintf("%+q", secret)
		return same(quoted[1 : len(quoted)-1])
	case "JSON in an address":
		return same(percentSome(t, jsonSome(t, secret), false))
	case "a form in JSON":
		return same(jsonSome(t, percentSome(t, secret, true)))
	case "JSON in JSON":
		return same(jsonSome(t, jsonSome(t, secret)))
	case "JSON in a form in JSON":
		return same(jsonSome(t, percentSome(t, jsonSome(t, secret), true)))
	case "percent twice":
		return same(percentSome(t, percentSome(t, secret, false), false))
	case "hex in percent":
		return same(percentSome(t, hex.EncodeToString([]byte(secret)), false))
	}
	return same(secret)
}

// No spelling of a secret survives in anything that people see.
func TestNoSpellingOfASecretSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := secretText(t)
		text, core := spelled(t, secret)
		r := egress.NewRedactor(map[string]string{"key": secret, "other": "an-other-secret"})
		inside := "v=" + text + "~z"
		step := r.Step(loops.Step{
			Request: loops.Request{Method: text, URL: "https://a.example/" + inside + "/call", Header: http.Header{inside: {inside}}, Body: inside},
			Answer:  &loops.Answer{Header: http.Header{inside: {inside}}, Body: inside},
		})
		for name, out := range map[string]string{
			"text": r.Text(inside), "alone": r.Text(text), "URL": step.Request.URL, "method": step.Request.Method, "body": step.Request.Body, "answer": step.Answer.Body,
			"headers": fmt.Sprint(step.Request.Header), "answer's headers": fmt.Sprint(step.Answer.Header), "params": fmt.Sprint(r.Params(map[string]string{inside: inside})),
			"value": fmt.Sprint(r.Value(map[string]any{inside: []any{inside}})),
		} {
			if !strings.Contains(out, egress.Mask) || strings.Contains(out, core) {
				t.Fatalf("%s: of %q, spelled %q, there is left: %q", name, secret, text, out)
			}
		}
	})
}

func TestRedactionOfNumbersNamesAndCuts(t *testing.T) {
	r := egress.NewRedactor(map[string]string{"pin": "12345678", "token": "S3cret-Token-1", "key": "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nAnd+more/of+it+here\n-----END KEY-----\n"})
	value := r.Value(map[string]any{"number": json.Number("12345678"), "float": float64(12345678), "plain": json.Number("12"), "list": []any{true, nil}})
	if text := fmt.Sprint(value); text != "map[float:*** list:[true <nil>] number:*** plain:12]" {
		t.Errorf("value = %s", text)
	}
	long := strings.Repeat("a text that is long enough to have been cut ", 5)
	for text, want := range map[string]string{
		"the host s3cret-token-1 isn't in the manifest": "the host *** isn't in the manifest",
		long + "S3cret-Tok":                             long + "***",
		long + hex.EncodeToString([]byte("S3cret-")):    long + "***",
		long + "S3cret-":                                long + "S3cret-",
		"caller: S3cret-Tok":                            "caller: S3cret-Tok",
		"S3cret-Tok is no end":                          "S3cret-Tok is no end",
		"MIIEvQIBADANBgkqhkiG9w0BAQAnd+more/of+it+here": "***",
		"escape: S3cret%2DToken%u002D1":                 "escape: ***",
		"S3cret-Token-1S3cret-Token-1":                  "***",
		"100% of a+b \\ & more":                         "100% of a+b \\ & more",
		"%zz%u12 \\u12 \\x &#x; &#; &; &#1114112; %":    "%zz%u12 \\u12 \\x &#x; &#; &; &#1114112; %",
	} {
		if got := r.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzRedactorText(f *testing.F) {
	f.Add("s3cret-token", `%73\u0033cret-token&#x61;+%`)
	f.Add("ключ", `%u043a\ud83d\ude00%d0`)
	f.Fuzz(func(t *testing.T, secret, text string) {
		r := egress.NewRedactor(map[string]string{"key": secret})
		out := r.Text("." + text + "." + secret)
		if len(secret) > 3 && (!strings.HasSuffix(out, egress.Mask) || !strings.HasPrefix(out, ".")) {
			t.Errorf("%q is left in %q", secret, out)
		}
	})
}

func BenchmarkRedactStep(b *testing.B) {
	r := egress.NewRedactor(map[string]string{"key": "a-key-of-32-characters-0123456789", "secret": "another-of-32-characters-01234567"})
	step := loops.Step{
		Request: loops.Request{URL: "https://a.example/v1/call?to=79990000001&sign=%2Babc%3D", Header: http.Header{"Authorization": {"Bearer x"}, "Content-Type": {"application/json"}},
			Body: `{"to":"+79990000001","text":"\u043a\u043e\u0434"}`},
		Answer: &loops.Answer{Status: 200, Header: http.Header{"Date": {"Wed, 25 Nov 2026 20:00:00 GMT"}}, Body: `{"status":"ok","call_id":"1234567890","cost":0.35}`},
	}
	for b.Loop() {
		r.Step(step)
	}
}
