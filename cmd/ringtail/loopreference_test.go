package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/engine"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// TestLoopReference writes docs/reference/loops.md: names come from the engine,
// meanings of constants from the comments beside them.
func TestLoopReference(t *testing.T) {
	page := &loopPage{t: t, found: namesInScripts(t)}
	tmpl, err := template.New("loops.md.tmpl").Funcs(template.FuncMap{
		"words": page.words, "globals": page.globals, "hashes": page.hashes, "manifest": page.manifest,
		"inputs": page.constants("run.go", "Input"), "values": page.constants("run.go", "Value"), "reasons": page.constants("refusal.go", "Reason"),
		"failures": page.failures, "statuses": page.statuses, "limits": page.limits,
		"unavailable": func() string { return page.text(loops.Unavailable) },
	}).ParseFiles(filepath.Join("testdata", "loops.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, nil); err != nil {
		t.Fatal(err)
	}
	for object := range page.found {
		if !page.shown[object] && object != "globals" && object != "removed" {
			t.Errorf("the page has no table of %s", object)
		}
	}
	for _, v := range []any{trial.Outcome{}, trial.StepJSON{}, trial.RequestJSON{}, trial.AnswerJSON{}, trial.Case{}, trial.CaseStep{}, trial.CaseRequest{}, trial.CaseAnswer{}, trial.CaseOutcome{}} {
		for f := range fields(reflect.TypeOf(v)) {
			if !strings.Contains(out.String(), "`"+f+"`") && !strings.Contains(out.String(), "."+f+"`") {
				t.Errorf("the page lacks %s of %T", f, v)
			}
		}
	}
	golden(t, "loops.md", out.String())
}

// TestLoopTypes writes loops.d.ts, which tells editors what a script has.
func TestLoopTypes(t *testing.T) {
	tmpl, err := template.New("loops.d.ts.tmpl").Funcs(template.FuncMap{"words": declared, "inputs": inputs, "key": inputKey, "keys": failureKeys, "entries": entrySignatures}).
		ParseFiles(filepath.Join("testdata", "loops.d.ts.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, nil); err != nil {
		t.Fatal(err)
	}
	for object := range loopWords() {
		if !strings.Contains(readFile(t, filepath.Join("testdata", "loops.d.ts.tmpl")), fmt.Sprintf("words %q", object)) {
			t.Errorf("loops.d.ts doesn't declare %s", object)
		}
	}
	goldenFile(t, filepath.Join("..", "..", "loops", "drivers", "loops.d.ts"), out.String())
}

// inputKeys are the keys of obj.
func inputKeys() []string {
	var keys []string
	p := &loopPage{}
	p.walk("run.go", func(spec *ast.ValueSpec, value, _ string) {
		if strings.HasPrefix(spec.Names[0].Name, "Input") {
			keys = append(keys, value)
		}
	}, nil)
	return keys
}

// oneOf is the type of a text that is one of these.
func oneOf(texts []string) string {
	var quoted []string
	for _, text := range texts {
		quoted = append(quoted, strconv.Quote(text))
	}
	return strings.Join(quoted, " | ")
}

func inputs() string { return oneOf(inputKeys()) }

// inputKey is one key of obj, which must be there.
func inputKey(key string) (string, error) {
	if !slices.Contains(inputKeys(), key) {
		return "", fmt.Errorf("obj has no key %s", key)
	}
	return strconv.Quote(key), nil
}

func failureKeys() string {
	var keys []string
	for _, key := range loops.Keys() {
		keys = append(keys, string(key))
	}
	return oneOf(keys)
}

// entrySignatures show what a driver may define.
func entrySignatures() string {
	var lines []string
	for _, e := range loops.Entries() {
		lines = append(lines, fmt.Sprintf("//   function %s(obj, result, state)", e.Names()[0]))
	}
	return strings.Join(lines, "\n")
}

// link is a link of Markdown, which leads nowhere in an editor.
var link = regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`)

// declared are the members of one object in TypeScript.
func declared(object string) string {
	var lines []string
	for _, w := range loopWords()[object] {
		lines = append(lines, fmt.Sprintf("  /** %s */\n  %s;", link.ReplaceAllString(w.means, "$1"), w.types))
	}
	return strings.Join(lines, "\n")
}
func fields(of reflect.Type) map[string]bool {
	out := map[string]bool{}
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		out[name] = true
	}
	return out
}

// namesInScripts asks the engine itself which names a script has.
func namesInScripts(t *testing.T) map[string][]string {
	t.Helper()
	const script = `function run(obj, result) {
  const own = o => Object.getOwnPropertyNames(o), proto = o => own(Object.getPrototypeOf(o));
  return HttpLoop.Ok({
    HttpLoop: own(HttpLoop), builder: proto(HttpLoop.callBuilder("GET", "https://a.example/")), result: proto(result),
    JsObj: own(JsObj), "a JsObj": proto(JsObj.empty), JsArr: own(JsArr), "a JsArr": proto(JsArr.empty),
    crypto: own(crypto), tokens: own(tokens), clock: own(clock), globals: own(globalThis).filter(name => name !== "run"),
  });
}`
	e := engine.New(engine.Options{Limits: loops.DefaultLimits()})
	action, err := e.Step(loops.Question{
		Driver: &loops.Driver{Name: "names", File: "names.js", Source: script}, Entry: loops.EntryStart,
		Input: []byte("{}"), Answer: &loops.Answer{Status: 200}, Now: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	if err := json.Unmarshal(action.Ok, &names); err != nil {
		t.Fatal(err)
	}
	plain := goja.New().GlobalObject().GetOwnPropertyNames()
	for _, name := range plain {
		if !slices.Contains(names["globals"], name) {
			names["removed"] = append(names["removed"], name)
		}
	}
	names["globals"] = slices.DeleteFunc(names["globals"], func(name string) bool { return slices.Contains(plain, name) })
	return names
}

type loopPage struct {
	t     *testing.T
	found map[string][]string
	shown map[string]bool
}

// words is the table of one object, which must have all its names and no other.
func (p *loopPage) words(object string) string {
	if p.shown == nil {
		p.shown = map[string]bool{}
	}
	p.shown[object] = true
	out := "| " + object + " | is | whose |\n|---|---|---|"
	var names []string
	for _, w := range loopWords()[object] {
		name, _, _ := strings.Cut(w.form(), "(")
		names = append(names, name)
		out += fmt.Sprintf("\n| `%s` | %s | %s |", w.form(), w.means, map[bool]string{true: "Blitz", false: "ours"}[w.blitz])
	}
	found := slices.Sorted(slices.Values(p.found[object]))
	if slices.Sort(names); !slices.Equal(names, found) {
		p.t.Errorf("%s: a script has %v, loopWords describes %v", object, found, names)
	}
	return out
}

func (p *loopPage) globals() string {
	quote := func(names []string) string {
		return "`" + strings.Join(slices.Sorted(slices.Values(names)), "`, `") + "`"
	}
	return "Beside what JavaScript itself has, a script finds " + quote(p.found["globals"]) + ". Missing are " + quote(p.found["removed"]) +
		" and all else that makes code from text."
}

// hashes are the algorithms, which the engine names where it knows one not.
func (p *loopPage) hashes() string {
	_, err := engine.New(engine.Options{Limits: loops.DefaultLimits()}).Step(loops.Question{
		Driver: &loops.Driver{File: "x.js", Source: "function run() { crypto.hash('none', '') }"}, Entry: loops.EntryStart, Input: []byte("{}"),
	})
	_, list, ok := strings.Cut(fmt.Sprint(err), "must be ")
	if !ok {
		p.t.Errorf("an unknown algorithm: %v", err)
	}
	return "`" + strings.NewReplacer(", ", "`, `", " or ", "` or `").Replace(list) + "`"
}

func (p *loopPage) manifest() string {
	_, err := drivers.ParseManifest("driver.conf", []byte("none = 1\ncode { none = 1 }"))
	var known, rows []string
	for _, line := range strings.Split(fmt.Sprint(err), "\n") {
		prefix := ""
		if strings.Contains(line, "code.none") {
			prefix = "code."
		}
		if _, list, ok := strings.Cut(line, "known are "); ok {
			for name := range strings.SplitSeq(list, ", ") {
				known = append(known, prefix+name)
			}
		}
	}
	known = slices.DeleteFunc(known, func(name string) bool { return name == "code" })
	for _, key := range loopManifest() {
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", key[0], key[1]))
		known = slices.DeleteFunc(known, func(name string) bool { return name == key[0] })
	}
	if len(known) > 0 || len(rows) < 8 {
		p.t.Errorf("the manifest's keys %v are not described", known)
	}
	return strings.Join(rows, "\n")
}

// text is what a person reads after a failure.
func (p *loopPage) text(key loops.Key) string {
	id := flashcall.ProblemOf(string(key))
	for line := range strings.Lines(readFile(p.t, filepath.Join("..", "..", "templates", "messages", "messages.en"))) {
		if m := problemLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil && m[1] == id && m[2] == "text" {
			return m[3]
		}
	}
	p.t.Errorf("there is no text for %s", id)
	return ""
}

func (p *loopPage) failures() string {
	means := p.source("failure.go")
	var rows []string
	for _, key := range loops.Keys() {
		next := map[bool]string{true: "yes", false: "no"}[(&loops.Failure{Key: key}).MovesOn()]
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s (`%s`) | %s |", key, means[string(key)], p.text(key), flashcall.ProblemOf(string(key)), next))
	}
	return strings.Join(rows, "\n")
}

func (p *loopPage) statuses() string {
	kind := func(status int) loops.Key {
		return (&loops.Failure{Key: "wrong_http_status", Params: map[string]string{"status": strconv.Itoa(status)}}).Kind()
	}
	var rows []string
	for from := 100; from < 600; {
		to := from
		for to < 599 && kind(to+1) == kind(from) {
			to++
		}
		span := strconv.Itoa(from)
		if to > from {
			span += " to " + strconv.Itoa(to)
		}
		rows = append(rows, fmt.Sprintf("| %s | `%s` |", span, kind(from)))
		from = to + 1
	}
	return strings.Join(rows, "\n")
}

func (p *loopPage) limits() string {
	means := p.source("limits.go")
	var rows []string
	for _, l := range loops.DefaultLimits().List() {
		value := fmt.Sprint(l.Value)
		if n := reflect.ValueOf(l.Value).Int(); reflect.TypeOf(l.Value).Kind() != reflect.Int64 || l.Name == "memory" {
			switch {
			case n >= 1<<20:
				value = fmt.Sprintf("%d MiB", n>>20)
			case n >= 1<<10:
				value = fmt.Sprintf("%d KiB", n>>10)
			}
		}
		if l.Fixed {
			value += ", fixed"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", l.Name, value, means[l.Name]))
	}
	return strings.Join(rows, "\n")
}

// constants are the rows of a file's constants whose names begin like prefix.
func (p *loopPage) constants(file, prefix string) func() (string, error) {
	return func() (string, error) {
		var rows []string
		p.walk(file, func(spec *ast.ValueSpec, value, comment string) {
			if strings.HasPrefix(spec.Names[0].Name, prefix) {
				rows = append(rows, fmt.Sprintf("| `%s` | %s |", value, comment))
			}
		}, nil)
		if len(rows) == 0 {
			return "", errors.New("no constants " + prefix + " in " + file)
		}
		return strings.Join(rows, "\n"), nil
	}
}

// source gives the comment beside each constant, by its value, and beside each
// field of a struct, by its name in small letters.
func (p *loopPage) source(file string) map[string]string {
	out := map[string]string{}
	p.walk(file, func(_ *ast.ValueSpec, value, comment string) { out[value] = comment },
		func(name, comment string) { out[strings.ToLower(name)] = comment })
	return out
}

func (p *loopPage) walk(file string, constant func(spec *ast.ValueSpec, value, comment string), field func(name, comment string)) {
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "loops", file), nil, parser.ParseComments)
	if err != nil {
		p.t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if len(n.Values) == 1 && n.Comment != nil {
				if literal, ok := n.Values[0].(*ast.BasicLit); ok {
					value, _ := strconv.Unquote(literal.Value)
					constant(n, value, strings.TrimSpace(n.Comment.Text()))
				}
			}
		case *ast.Field:
			if field != nil && len(n.Names) == 1 && n.Comment != nil {
				field(n.Names[0].Name, strings.TrimSpace(n.Comment.Text()))
			}
		}
		return true
	})
}
