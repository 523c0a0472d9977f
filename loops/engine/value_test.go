package engine

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDecodeKeepsOrderAndDigits(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":1,"a":{"z":[1.50,79990000001000000001],"y":null}}`: `{"b":1,"a":{"z":[1.50,79990000001000000001],"y":null}}`,
		" \n{ \"a\" : true }\n":                                  `{"a":true}`,
		"\ufeff[]":                                               `[]`,
		`{"a":1,"b":2,"a":3}`:                                    `{"a":3,"b":2}`,
		`"<&>\u2028"`:                                            `"<&>\u2028"`,
		`-0.0`:                                                   `-0.0`,
		`{"__proto__":{"x":1}}`:                                  `{"__proto__":{"x":1}}`,
		`{"":"","\u0000":"\t"}`:                                  `{"":"","\u0000":"\t"}`,
	} {
		v, err := decode(in, true)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := encode(v); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, in := range []string{"", " ", "{", `{"a"}`, `{"a":}`, `[1,]`, `{} {}`, `{}x`, `nul`, `'a'`, `{a:1}`, `01`, `NaN`, "\"\n\"",
		strings.Repeat("[", 66) + strings.Repeat("]", 66), strings.Repeat("[", 1<<20)} {
		if v, err := decode(in, true); err == nil {
			t.Errorf("%.40q became %v", in, v)
		}
	}
}

// FuzzDecode holds that no answer makes the decoder crash; that it accepts nothing that isn't JSON; and that what it
// read comes out the same a second time.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x",null,true]}`, `[[[]]]`, `{"a":{"a":{"a":1}}}`, "\ufeff{}", `{} {}`, `"\ud800"`, `{"a":1,"a":2}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := decode(text, true)
		if err != nil {
			return
		}
		if !json.Valid([]byte(strings.TrimPrefix(text, "\ufeff"))) {
			t.Fatalf("%q isn't JSON and was read as %s", text, encode(v))
		}
		once := encode(v)
		again, err := decode(once, true)
		if err != nil || encode(again) != once {
			t.Fatalf("%q was read as %s, then as %v, %v", text, once, again, err)
		}
	})
}

// FuzzAnswerForms holds that no answer makes a decoder crash, that what one gives can be written as JSON and read again, and
// that nothing in it is deeper than JSON may be.
func FuzzAnswerForms(f *testing.F) {
	for _, seed := range []string{
		`<r id="7">text<a/><a>1</a></r>`, `<?xml version="1.0" encoding="utf-8"?><a><![CDATA[x]]></a>`, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
		"a=1&b=%D0%94&a=+", "1234,-2\n\"x\"\"y\",", "OK - 1 SMS, ID - 1234, CODE - 99 12 34", "\ufeff<a/>", "<a>" + strings.Repeat("<b>", 80),
	} {
		f.Add(seed, ';')
	}
	f.Fuzz(func(t *testing.T, text string, separator rune) {
		if !separates(separator) {
			separator = ','
		}
		for name, decoder := range map[string]func() (any, error){
			"xml":  func() (any, error) { return decodeXML(text) },
			"form": func() (any, error) { return decodeForm(text) },
			"csv":  func() (any, error) { return decodeCSV(text, separator) },
		} {
			v, err := decoder()
			if err != nil {
				continue
			}
			again, err := decode(encode(v), true)
			if err != nil {
				t.Errorf("%s of %q gave %s, which is not JSON: %v", name, text, encode(v), err)
			} else if name != "csv" && encode(again) != encode(v) {
				t.Errorf("%s of %q gave %s, read again %s", name, text, encode(v), encode(again))
			}
		}
	})
}
