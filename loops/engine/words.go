package engine

import (
	"maps"
	"slices"

	"github.com/dop251/goja"
)

// native is a function of the contract. It throws through the machine's throw functions.
type native func(m *machine, this goja.Value, args arguments) goja.Value

// vocabulary is what an object of the contract holds, by name. It serves all steps of an Engine.
type vocabulary map[string]word

// word has one of the two.
type word struct {
	native native
	value  func(m *machine) goja.Value
}

// method adds a function.
func (v vocabulary) method(name string, fn native) { v[name] = word{native: fn} }

// value adds something that isn't a function.
func (v vocabulary) value(name string, of func(m *machine) goja.Value) { v[name] = word{value: of} }

// lexicon is the whole contract: what the handles can do, and the globals.
type lexicon struct {
	objects, arrays, builders, results vocabulary
	globals                            []global // in one order, which a script can see
}

type global struct {
	name string
	all  vocabulary
}

func newLexicon() lexicon {
	of := func(define func(vocabulary)) vocabulary {
		v := vocabulary{}
		define(v)
		return v
	}
	return lexicon{
		objects: of(objectWords), arrays: of(arrayWords), builders: of(builderWords), results: of(resultWords),
		globals: []global{
			{"JsObj", of(globalObjectWords)}, {"JsArr", of(globalArrayWords)}, {"HttpLoop", of(loopWords)},
			{"crypto", of(cryptoWords)}, {"clock", of(clockWords)}, {"tokens", of(tokenWords)},
		},
	}
}

// words are an object of the contract: a global like crypto, or what handles have for a prototype. A script can neither change
// nor remove what is in it. A word becomes a value of the script when the script uses it: making all of them would take
// longer than most steps.
type words struct {
	m    *machine
	all  vocabulary
	made map[string]goja.Value // those that the script has used
	own  map[string]goja.Value // what the script added
}

// words makes an object of the contract.
func (m *machine) words(all vocabulary) *goja.Object {
	return m.rt.NewDynamicObject(&words{m: m, all: all})
}

// Get gives a word, or nil where there is none of this name.
func (w *words) Get(key string) goja.Value {
	if v, ok := w.made[key]; ok {
		return v
	}
	is, ok := w.all[key]
	if !ok {
		return w.own[key]
	}
	if w.made == nil {
		w.made = map[string]goja.Value{}
	}
	w.made[key] = w.make(key, is)
	return w.made[key]
}

func (w *words) make(name string, is word) goja.Value {
	if is.value != nil {
		return is.value(w.m)
	}
	return w.m.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		return is.native(w.m, call.This, arguments{m: w.m, name: name, values: call.Arguments})
	})
}

// is reports whether it is a word of the contract.
func (w *words) is(key string) bool {
	_, ok := w.all[key]
	return ok
}

// Set adds a property of the script's own, and refuses to change a word of the contract.
func (w *words) Set(key string, v goja.Value) bool {
	if w.is(key) {
		return false
	}
	if w.own == nil {
		w.own = map[string]goja.Value{}
	}
	w.own[key] = v
	return true
}

// Has reports whether there is such a word.
func (w *words) Has(key string) bool { return w.is(key) || w.own[key] != nil }

// Delete removes what the script added.
func (w *words) Delete(key string) bool {
	delete(w.own, key)
	return !w.is(key)
}

// Keys names the words of the contract, in their order, and then what the script added.
func (w *words) Keys() []string {
	return slices.Concat(slices.Sorted(maps.Keys(w.all)), slices.Sorted(maps.Keys(w.own)))
}
