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
