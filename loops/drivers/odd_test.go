package drivers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// An answer that no page has ends a run, with a word or even well, but never stops the script: that would be told to the
// administrator as a fault of the driver's.
func TestOddAnswersStopNoScript(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"asterisk", "bird", "devino", "exolve", "exolve-make-call", "i-digital", "new-tel", "plusofon", "sinch",
		"sms-aero", "sms-ru", "sms-ru-sms", "smsc", "smsc-sms", "telediscount", "telnyx", "twilio-sms", "ucaller", "zvonok",
		"virtual-phone", "virtual-phone-callback", "virtual-phone-check", "virtual-phone-code", "virtual-phone-sms", "virtual-phone-voice"} {
		t.Run(name, func(t *testing.T) {
			d := drivers.Find(list, name)
			for entry, c := range goodCases(t, name) {
				for _, last := range oddAnswers(t, c) {
					out, err := trial.Run(context.Background(), trial.Options{Driver: d, Entry: entry, Workers: pool, Input: c.Input, Secrets: c.Secrets, Answers: answers(c, last)})
					if err != nil {
						t.Fatal(err)
					}
					if out.Outcome == trial.OutcomeRefused {
						t.Errorf("%s: %s: %d %s", entry, out.Detail, last.Status, last.Body)
					}
				}
			}
		})
	}
}

// goodCases gives one case of each entry that asks something and ends well.
func goodCases(t *testing.T, driver string) map[loops.Entry]trial.Case {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(driver, "cases", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[loops.Entry]trial.Case{}
	for _, file := range files {
		raw, err := os.ReadFile(file) //nolint:gosec // a case of this repository
		if err != nil {
			t.Fatal(err)
		}
		c, err := trial.ParseCase(raw)
		if err != nil {
			t.Fatal(err)
		}
		if c.Outcome.Outcome != trial.OutcomeOk || len(c.Steps) == 0 {
			continue
		}
		if c.Entry == "" {
			c.Entry = loops.EntryStart
		}
		if old, ok := out[c.Entry]; !ok || len(c.Steps[0].Answer.Body) > len(old.Steps[0].Answer.Body) {
			out[c.Entry] = c
		}
	}
	if len(out) == 0 {
		t.Fatal("no case of the driver's ends well")
	}
	return out
}

// answers are those of a case, with another one last.
func answers(c trial.Case, last loops.Answer) []trial.Answer {
	var out []trial.Answer
	for _, s := range c.Steps[:len(c.Steps)-1] {
		out = append(out, trial.Answer{Answer: loops.Answer{Status: s.Answer.Status, Header: http.Header{}, Body: string(s.Answer.Body)}})
	}
	return append(out, trial.Answer{Answer: last})
}

// oddAnswers are a case's last answer with each part of it made odd or left out, and some bodies at all kinds of status.
func oddAnswers(t *testing.T, c trial.Case) []loops.Answer {
	t.Helper()
	last := c.Steps[len(c.Steps)-1].Answer
	var out []loops.Answer
	var whole any
	dec := json.NewDecoder(bytes.NewReader(last.Body))
	dec.UseNumber()
	if len(last.Body) > 0 && dec.Decode(&whole) == nil {
		for _, v := range odd(whole) {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, loops.Answer{Status: last.Status, Header: http.Header{}, Body: string(text)})
		}
	}
	for _, status := range []int{200, 204, 301, 400, 401, 403, 404, 409, 422, 429, 503} {
		for _, body := range []string{"", "{}", "[]", `{"error":null,"errors":[null]}`, `{"errors":"x","error":"x","errorCode":"x"}`} {
			out = append(out, loops.Answer{Status: status, Header: http.Header{}, Body: body})
		}
	}
	return out
}

// odd gives a value as other kinds of value, and with each part of it made odd or left out.
func odd(v any) []any {
	out := []any{nil, json.Number("7.5"), "constructor", true, map[string]any{}, []any{}}
	switch x := v.(type) {
	case map[string]any:
		for k, part := range x {
			without := maps.Clone(x)
			delete(without, k)
			out = append(out, without)
			for _, o := range odd(part) {
				with := maps.Clone(x)
				with[k] = o
				out = append(out, with)
			}
		}
	case []any:
		for i, part := range x {
			for _, o := range odd(part) {
				with := slices.Clone(x)
				with[i] = o
				out = append(out, with)
			}
		}
	}
	return out
}
