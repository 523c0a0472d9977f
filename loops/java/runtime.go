package java

import (
	"embed"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed runtime/*.js
var runtimeFiles embed.FS

// Runtime gives the JavaScript that must have run in a runtime before a Script: it defines the constant $java, which
// can't be changed, and touches nothing else. It finds the engine's words (crypto, clock, HttpLoop, JsObj ..) when they
// are used. A script loads only the parts that it needs, since making all of them would take longer than most steps.
func Runtime() string { return runtime().text }

// parts are the pieces of the runtime, one a file.
type parts struct {
	text  string
	words map[string]string   // what the script may call, and the part that has it
	needs map[string][]string // the parts that a part needs
	order []string
}

// shared are the names that parts give each other beside what they put into j.
const shared = "D, F, C, S, B, size, blank, Coll, List, unsupported, SetBase, Entry, JMap, JSet, HashMap, buffer, fromHex, Iter"

var (
	runtime = sync.OnceValue(readRuntime)
	ownUse  = regexp.MustCompile(`\bj\.([A-Za-z0-9]+)`)
	gives   = regexp.MustCompile(`(?m)^(?:j\.)?([A-Za-z0-9]+) = `)
	anyWord = regexp.MustCompile(`[A-Za-z0-9]+`)
)

// readRuntime puts the files together. The core is run at once, each other part when a script loads it.
func readRuntime() parts {
	p := parts{words: map[string]string{}, needs: map[string][]string{}}
	bodies := map[string]string{}
	entries, _ := runtimeFiles.ReadDir("runtime") // an embedded folder can always be read
	for _, e := range entries {
		body, _ := runtimeFiles.ReadFile("runtime/" + e.Name())
		name := strings.TrimSuffix(e.Name()[3:], ".js")
		bodies[name] = string(body)
		p.order = append(p.order, name)
		for _, m := range gives.FindAllStringSubmatch(string(body), -1) {
			p.words[m[1]] = name
		}
	}
	var out strings.Builder
	out.WriteString("\"use strict\";\nconst $java = (() => {\nconst j = {}, parts = {};\nlet " + shared + ";\n" + bodies["core"])
	for _, name := range p.order {
		if name == "core" {
			continue
		}
		p.needs[name] = p.needed(name, bodies[name])
		out.WriteString("parts." + name + " = () => {\n" + bodies[name] + "};\n")
	}
	out.WriteString("return Object.freeze({ load(names) { for (const name of names) parts[name](); return j; } });\n})();\n")
	p.text = out.String()
	return p
}

// needed finds the parts whose words a part uses.
func (p parts) needed(name, body string) []string {
	found := map[string]bool{}
	for _, m := range ownUse.FindAllStringSubmatch(body, -1) {
		found[p.words[m[1]]] = true
	}
	names := strings.Split(shared, ", ")
	for _, w := range anyWord.FindAllString(body, -1) {
		if slices.Contains(names, w) {
			found[p.words[w]] = true
		}
	}
	delete(found, name)
	delete(found, "core")
	delete(found, "")
	return slices.Sorted(maps.Keys(found))
}

// load gives the parts that a script needs, each behind those that it needs itself where they don't need each other.
func (p parts) load(script string) []string {
	wanted := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if name == "" || name == "core" || wanted[name] {
			return
		}
		wanted[name] = true
		for _, n := range p.needs[name] {
			add(n)
		}
	}
	for _, word := range used(script) {
		add(p.words[word])
	}
	var out []string
	for _, name := range p.order {
		if wanted[name] {
			out = append(out, name)
		}
	}
	return out
}

// used finds the words of the runtime in a script. What stands in a text is no use: texts hold no quote but in an escape.
func used(script string) []string {
	var out []string
	for i, piece := range strings.Split(script, `"`) {
		if i%2 == 1 {
			continue
		}
		for _, use := range strings.Split(piece, "$j.")[1:] {
			out = append(out, anyWord.FindString(use))
		}
	}
	return out
}
