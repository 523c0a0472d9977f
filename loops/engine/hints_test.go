package engine_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

// What other JavaScript has and a driver has not is refused with what to write in its place.
func TestHints(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		reason loops.Reason
		detail string
	}{
		"fetch":      {"function run() { return fetch('https://a.example/') }", loops.ReasonContract, "driver.js:1:30: ReferenceError: fetch is not defined: return HttpLoop.callBuilder(..)"},
		"console":    {"function run() { console.log('x') }", loops.ReasonContract, "--trace"},
		"eval":       {"function run() { eval('1') }", loops.ReasonContract, "no code is made of text"},
		"Function":   {"function run() { new Function('1') }", loops.ReasonContract, "no code is made of text"},
		"require":    {"const fs = require('fs'); function run() {}", loops.ReasonContract, "there are no modules"},
		"process":    {"function run() { return process.env.KEY }", loops.ReasonContract, "secrets.NAME"},
		"setTimeout": {"function run() { setTimeout(run, 10) }", loops.ReasonContract, "poll is asked again later"},
		"Buffer":     {"function run() { Buffer.from('x') }", loops.ReasonContract, "crypto has base64"},
		"URL":        {"function run() { new URL('x') }", loops.ReasonContract, "withQuery"},
		"import":     {"const a = 1;\nimport fs from 'fs';\nfunction run() {}", loops.ReasonSyntax, "driver.js:2:1: Unexpected reserved word: there are no modules"},
		"export":     {"export function run() {}", loops.ReasonSyntax, "there are no modules"},
		"another":    {"function run() { nothing() }", loops.ReasonContract, "ReferenceError: nothing is not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			r := refused(t, ask(c.source))
			if r.Reason != c.reason || !strings.Contains(r.Detail, c.detail) {
				t.Errorf("got %s: %s", r.Reason, r.Detail)
			}
			if name == "another" && !strings.HasSuffix(r.Detail, c.detail) {
				t.Errorf("a hint to nothing: %s", r.Detail)
			}
		})
	}
}
