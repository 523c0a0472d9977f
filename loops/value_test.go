package loops_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

func TestValueFault(t *testing.T) {
	for name, tc := range map[string]struct {
		entry loops.Entry
		value string
		want  string // empty: no fault
	}{
		"start":                        {loops.EntryStart, `{"code":"1","call_id":"7","prefix":null,"pending":true}`, ""},
		"start: call_id is a number":   {loops.EntryStart, `{"call_id":7}`, `"call_id" is no text`},
		"start: pending is a text":     {loops.EntryStart, `{"pending":"yes"}`, `"pending" is neither`},
		"check":                        {loops.EntryCheck, `{"valid":false,"reason":"expired"}`, ""},
		"check: nothing":               {loops.EntryCheck, `{"ok":true}`, `"valid" is neither`},
		"check: odd reason":            {loops.EntryCheck, `{"valid":false,"reason":"late"}`, `"reason" is not one of wrong, expired, locked`},
		"poll":                         {loops.EntryPoll, `{"state":"ringing","after":2000}`, ""},
		"poll: odd state":              {loops.EntryPoll, `{"state":"weird"}`, `"state" is not one of pending, ringing, delivered`},
		"poll: failed is a failure":    {loops.EntryPoll, `{"state":"failed"}`, `"state" is not one of`},
		"poll: negative time":          {loops.EntryPoll, `{"state":"pending","after":-1}`, `"after" is no number`},
		"callback":                     {loops.EntryCallback, `{"call_id":"7","state":"failed","error":"unreachable","answer":{"status":204}}`, ""},
		"callback: by reference":       {loops.EntryCallback, `{"reference":"r","state":"delivered"}`, ""},
		"callback: about nothing":      {loops.EntryCallback, `{"state":"delivered"}`, `neither "call_id" nor "reference"`},
		"callback: failed without why": {loops.EntryCallback, `{"call_id":"7","state":"failed"}`, `"error" is not one of invalid_number`},
		"callback: odd answer":         {loops.EntryCallback, `{"call_id":"7","state":"ringing","answer":"ok"}`, `"answer" is no object`},
		"report":                       {loops.EntryReport, `{}`, ""},
		"login":                        {loops.EntryLogin, `{"token":"t","expires_in":3600}`, ""},
		"login: empty token":           {loops.EntryLogin, `{"token":" "}`, `"token" is missing`},
		"login: odd time":              {loops.EntryLogin, `{"token":"t","expires_in":"soon"}`, `"expires_in" is no number`},
	} {
		t.Run(name, func(t *testing.T) {
			value := map[string]any{}
			dec := json.NewDecoder(strings.NewReader(tc.value))
			dec.UseNumber()
			if err := dec.Decode(&value); err != nil {
				t.Fatal(err)
			}
			got := loops.ValueFault(tc.entry, value)
			if (got == "") != (tc.want == "") || !strings.HasPrefix(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
