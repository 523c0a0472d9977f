package words_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/java"
	"github.com/ringtail-id/ringtail/loops/words"
)

// member gives the word OBJECT.NAME of a list.
func member(t *testing.T, objects []words.Object, name string) words.Member {
	t.Helper()
	object, name, _ := strings.Cut(name, ".")
	for _, o := range objects {
		for _, m := range o.Members {
			if o.Name == object && m.Name == name {
				return m
			}
		}
	}
	t.Errorf("there is no %s.%s", object, name)
	return words.Member{}
}

func TestWhatWordsGive(t *testing.T) {
	all := words.All()
	for name, test := range map[string]struct {
		objects     []words.Object
		gives, form string
	}{
		"HttpLoop.callBuilder":     {all.JavaScript.Globals, "Builder", "callBuilder(method: string, url: string): Builder"},
		"JsObj.empty":              {all.JavaScript.Globals, "JsObj", "empty: JsObj"},
		"clock.seconds":            {all.JavaScript.Globals, "number", "seconds(): number"},
		"Result.body":              {all.JavaScript.Types, "JsObj", "body(): JsObj"},
		"JsObj.asObj":              {all.JavaScript.Types, "JsObj", "asObj(key: string): JsObj | null"},
		"JsObj.keys":               {all.JavaScript.Types, "string[]", "keys(): string[]"},
		"HttpLoop.error":           {all.Java.Globals, "HttpLoopRequest", "HttpLoopRequest error(String, Map<String, String>)"},
		"Ringtail.hmac":            {all.Java.Globals, "String", "String hmac(String, String, String)"},
		"HttpLoopResult.body":      {all.Java.Types, "JsObj", "JsObj body()"},
		"HttpLoopRequest.withBody": {all.Java.Types, "HttpLoopRequest", "HttpLoopRequest withBody(JsObj)"},
	} {
		t.Run(name, func(t *testing.T) {
			m := member(t, test.objects, name)
			if m.Gives != test.gives || m.Form != test.form || m.Means == "" {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestChoicesAndEntries(t *testing.T) {
	js := words.All().JavaScript
	for _, key := range []string{loops.InputPhone, loops.InputCode} {
		if !slices.Contains(js.Choices["InputKey"], key) {
			t.Errorf("obj has no key %s: %q", key, js.Choices["InputKey"])
		}
	}
	for _, key := range loops.Keys() {
		if !slices.Contains(js.Choices["Word"], string(key)) {
			t.Errorf("no failure %s: %q", key, js.Choices["Word"])
		}
	}
	if want := []string{"run", "check", "poll", "callback", "report", "login"}; !slices.Equal(js.Entries, want) {
		t.Errorf("entries %q", js.Entries)
	}
}

// No declaration is lost: what has a comment, or a signature, is a word.
func TestNothingIsLost(t *testing.T) {
	all := words.All()
	count := func(objects ...words.Object) (n int) {
		for _, o := range objects {
			n += len(o.Members)
		}
		return n
	}
	if got, want := count(slices.Concat(all.JavaScript.Globals, all.JavaScript.Types)...), strings.Count(drivers.Types(), "\n  /** "); got != want || want < 60 {
		t.Errorf("loops.d.ts has %d words, %d were read", want, got)
	}
	declared := 0
	for line := range strings.Lines(java.Signatures()) {
		if strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "  is = ") {
			declared++
		}
	}
	if got := count(slices.Concat(all.Java.Globals, all.Java.Types)...); got != declared || declared < 60 {
		t.Errorf("Java has %d words, %d were read", declared, got)
	}
}
