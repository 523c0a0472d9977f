package engine

import (
	"fmt"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

// compileJava translates a Java procedure and compiles what came of it. The procedure's own places are kept.
func (e *Engine) compileJava(name, source string) (*program, []Problem) {
	translated, found := java.Translate(name, []byte(source))
	if translated == nil {
		var out []Problem
		for _, p := range found {
			out = append(out, Problem{fmt.Sprintf("%s:%d:%d", name, p.Line, p.Column), p.Reason, p.Message})
		}
		return nil, out
	}
	broken := func(err error) (*program, []Problem) {
		return nil, []Problem{{name + ":1:1", loops.ReasonContract, fmt.Sprintf("the translation can't be compiled: %v", err)}}
	}
	p := &program{file: name, entries: map[loops.Entry]*goja.Program{}, place: translated.Place}
	var err error
	if p.before, err = e.javaRuntime(); err != nil {
		return broken(err)
	}
	if p.makers, err = makers(generator, async); err != nil {
		return broken(err)
	}
	if p.script, err = compileText(name, translated.Script); err != nil {
		return broken(err)
	}
	for entry, expression := range translated.Entries {
		if p.entries[entry], err = compileText("", "("+expression+")"); err != nil {
			return broken(err)
		}
	}
	if p.entries[loops.EntryStart] == nil {
		return nil, []Problem{{name + ":1:1", loops.ReasonUnsupported, "there is no class with a method run(JsObj, HttpLoopResult)"}}
	}
	return p, nil
}

// javaRuntime is what every procedure needs, compiled once.
func (e *Engine) javaRuntime() (*goja.Program, error) {
	if e.java != nil {
		return e.java, nil
	}
	compiled, err := compileText("", java.Runtime())
	e.java = compiled
	return compiled, err
}

func compileText(name, text string) (*goja.Program, error) {
	tree, err := parser.ParseFile(nil, name, text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, err
	}
	return goja.CompileAST(tree, true)
}
