package conf

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestFormsKnowHowToAsk(t *testing.T) {
	keys, err := AllKeys()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"login.methods.flashCall.codeLength":      "number 3 to 8  [] null false",
		"login.methods.flashCall.validity":        "number 10 to 600 seconds [] null false",
		"login.methods.flashCall.ask":             "choice 0 to 0  [never firstTime always] null false",
		"login.methods.flashCall.driver":          "text 0 to 0  [] null true",
		"login.methods.flashCall.channels":        "routes 0 to 0  [] null false",
		"login.methods.flashCall.numbers.voip":    "switch 0 to 0  [] null false",
		"login.factors":                           "lists 0 to 0  [] null false",
		"lang.languages":                          "list 0 to 0  [] null false",
		"registration.authMethods":                "list 0 to 0  [client_secret_basic client_secret_post private_key_jwt none] null false",
		"registration.unusedFor":                  "text 0 to 0  [] null true",
		"keys.master":                             "secret 0 to 0  [] null true",
		"login.methods.flashCall.channels.N.wait": "number 0 to 600 seconds [] null false",
	}
	for _, k := range keys {
		a := k.Ask
		got := fmt.Sprintf("%s %d to %d %s %v null %v", a.Form, a.Least, a.Most, a.Unit, a.Choices, a.Null)
		if text, ok := want[k.Path]; ok && got != text {
			t.Errorf("%s is asked for as %q, want %q", k.Path, got, text)
		}
		delete(want, k.Path)
		if !k.Section && (a.Null != strings.HasSuffix(k.Type, ", or null") || a.Form == "") {
			t.Errorf("%s, %s: asked for as %q", k.Path, k.Type, got)
		}
	}
	if len(want) > 0 {
		t.Errorf("there are no %v", slices.Sorted(maps.Keys(want)))
	}
}

func TestValueIsWhatWasWritten(t *testing.T) {
	s, _, err := Load(Options{Set: []string{"login.methods.flashCall.driver=example", "login.session.idle=7h"}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"login.session.idle":                        `"7h"`,
		"blitz.prod.local.idp.login.session.idle":   `"7h"`,
		"login.methods.flashCall.numbers.countries": `["RU"]`,
		"login.methods.flashCall.codeLength":        "4",
	} {
		v, ok := s.Value(path)
		got, err := v.MarshalJSON()
		if !ok || err != nil || string(got) != want {
			t.Errorf("%s is %s, %v, %v; want %s", path, got, ok, err, want)
		}
	}
	if _, ok := s.Value("login.nothing"); ok {
		t.Error("a setting that nobody wrote has a value")
	}
}
