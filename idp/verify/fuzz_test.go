package verify

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What is read is what every other reader of JSON reads, and nothing that two
// readers could read in two ways is taken.
func FuzzReadFields(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"phone":"+79990000001"}`, `{"phone":"a","phone":"b"}`, `{"phone":1}`, `{"phone":"a"}x`, `{"phone":{"a":"b"}}`, `[]`,
		`{"code":"\u0030\ud800"}`, "{\"ip\":\"\xff\"}", `{"PHONE":"a"}`, ` { "lang" : "ru" } `,
	} {
		f.Add(seed)
	}
	known := []string{fieldPhone, fieldIP, fieldLang, fieldCode}
	f.Fuzz(func(t *testing.T, body string) {
		fields, err := readFields([]byte(body), known)
		if err != nil || body == "" {
			return
		}
		var want map[string]string
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatalf("%q was taken: %v", body, err)
		}
		if len(fields) != len(want) {
			t.Fatalf("%q gives %v, want %v", body, fields, want)
		}
		for name, value := range fields {
			if want[name] != value || len(value) > maxField || !utf8.ValidString(value) || !strings.Contains("phone ip lang code", name) {
				t.Errorf("%q gives %q = %q", body, name, value)
			}
		}
	})
}
