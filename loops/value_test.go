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
		"start: cost":                  {loops.EntryStart, `{"cost":0.4}`, ""},
		"start: cost as text":          {loops.EntryStart, `{"cost":"0.59"}`, ""},
		"start: cost in words":         {loops.EntryStart, `{"cost":"cheap"}`, `"cost" is neither`},
		"start: cost below nothing":    {loops.EntryStart, `{"cost":-1}`, `"cost" is neither`},
		"poll: cost is an object":      {loops.EntryPoll, `{"state":"pending","cost":{}}`, `"cost" is neither`},
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

func TestCostOf(t *testing.T) {
	for name, tc := range map[string]struct {
		cost any
		want int64 // below 0: not told
	}{
		"number":             {json.Number("0.4"), 400_000},
		"text":               {"0.59", 590_000},
		"text of zeros":      {"0.00", 0},
		"for nothing":        {json.Number("0"), 0},
		"exponent":           {json.Number("4e-1"), 400_000},
		"below a millionth":  {json.Number("0.0000004"), 0},
		"the most":           {json.Number("1e9"), 1e15},
		"more than the most": {json.Number("1e10"), -1},
		"beyond a float":     {json.Number("1e999999"), -1},
		"negative":           {json.Number("-0.4"), -1},
		"comma":              {"0,40", -1},
		"currency":           {"0.40 RUB", -1},
		"blank":              {" 0.40", -1},
		"empty":              {"", -1},
		"infinite":           {"Inf", -1},
		"not a number":       {"NaN", -1},
		"hexadecimal":        {"0x1p4", -1},
		"exponent as text":   {"1e3", -1},
		"long":               {strings.Repeat("1", 400), -1},
		"null":               {nil, -1},
		"boolean":            {true, -1},
		"Go number":          {0.4, -1}, // never decoded from JSON here
	} {
		t.Run(name, func(t *testing.T) {
			got, told := loops.CostOf(map[string]any{loops.ValueCost: tc.cost})
			if told != (tc.want >= 0) || got != max(tc.want, 0) {
				t.Errorf("%d, told %v, want %d", got, told, tc.want)
			}
		})
	}
	if _, told := loops.CostOf(nil); told {
		t.Error("a cost was told by nothing")
	}
}
