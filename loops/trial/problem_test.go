package trial_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// An Ok that no login would take is told, and stays an ok: only the driver's own word decides about the exit code.
func TestValueThatALoginWouldRefuse(t *testing.T) {
	pool := workers(t)
	four := map[string]any{"code_length": json.Number("4")}
	for name, tc := range map[string]struct {
		ok      string
		entry   loops.Entry
		driver  loops.Driver
		input   map[string]any
		problem string // a part of it; empty: none
	}{
		"no code":                  {ok: `{code: null}`, input: four, problem: "bad_answer: the driver's Ok holds neither code nor caller"},
		"too short":                {ok: `{code: "42"}`, input: four, problem: "code has 2 digits, the code needs 4"},
		"a code":                   {ok: `{code: "0042"}`, input: four},
		"zeros lost":               {ok: `{code: 42}`, input: four, problem: "code has 2 digits"},
		"zeros given back":         {ok: `{code: 42}`, input: four, driver: loops.Driver{Manifest: loops.Manifest{LeadingZero: true}}},
		"length unknown":           {ok: `{}`, input: map[string]any{}},
		"no start":                 {ok: `{valid: true}`, input: four, entry: loops.EntryCheck},
		"provider keeps the code":  {ok: `{}`, input: four, driver: loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCheck}}},
		"our code":                 {ok: `{}`, input: map[string]any{"code_length": 4, "code": "1234"}, driver: loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromUs}}},
		"not our code":             {ok: `{code: "4321"}`, input: map[string]any{"code_length": 4, "code": "1234"}, driver: loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromUs}}, problem: "another code than it was given"},
		"our code not given":       {ok: `{}`, input: four, driver: loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromUs}}, problem: `the input has no "code"`},
		"our code, no driver.conf": {ok: `{}`, input: map[string]any{"code_length": 4, "code": "1234"}, driver: loops.Driver{Bare: true}},
	} {
		t.Run(name, func(t *testing.T) {
			d := tc.driver
			d.Name, d.File = "script", "driver.js"
			d.Source = "function run() { return HttpLoop.Ok(" + tc.ok + ") }\nfunction check() { return HttpLoop.Ok(" + tc.ok + ") }"
			out, err := trial.Run(context.Background(), trial.Options{Driver: &d, Workers: pool, Entry: tc.entry, Input: tc.input})
			if err != nil || out.Outcome != trial.OutcomeOk || out.Failed() {
				t.Fatalf("%+v, %v", out, err)
			}
			if (out.Problem == "") != (tc.problem == "") || !strings.Contains(out.Problem, tc.problem) {
				t.Errorf("problem %q, want %q", out.Problem, tc.problem)
			}
		})
	}
}
