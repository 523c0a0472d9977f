package engine

import (
	"maps"
	"slices"

	"github.com/dop251/goja"
)

// native is a function of the contract. It throws through the machine's throw functions.
type native func(this goja.Value, args arguments) goja.Value

// words are an object of the contract: a global like crypto, or what handles have for a prototype. A script can neither change
// nor remove what is in it. A word becomes a value of the script when the script uses it: making all of them would take
// longer than most steps.
type words struct {
	m       *machine
	define  func(w *words)    // adds the words; gone once it has run
	natives map[string]native // all of the contract; nil for what isn't a function
	made    map[string]goja.Value
	own     map[string]goja.Value // what the script added
}

// words makes an object of the contract; define is called when the script first looks into it.
func (m *machine) words(define func(w *words)) *goja.Object {
	return m.rt.NewDynamicObject(&words{m: m, define: define, natives: map[string]native{}, made: map[string]goja.Value{}})
}

// method adds a function.
func (w *words) method(name string, fn native) { w.natives[name] = fn }

// value adds something that isn't a function.
func (w *words) value(name string, v goja.Value) { w.natives[name], w.made[name] = nil, v }

func (w *words) defined() {
	if w.define != nil {
		w.define(w)
		w.define = nil
	}
}

// Get gives a word, or nil where there is none of this name.
func (w *words) Get(key string) goja.Value {
	w.defined()
	if v, ok := w.made[key]; ok {
		return v
	}
	fn, ok := w.natives[key]
	if !ok {
		return w.own[key]
	}
	v := w.m.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		return fn(call.This, arguments{m: w.m, name: key, values: call.Arguments})
	})
	w.made[key] = v
	return v
}

// is reports whether it is a word of the contract.
func (w *words) is(key string) bool {
	w.defined()
	_, ok := w.natives[key]
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
	w.defined()
	return slices.Concat(slices.Sorted(maps.Keys(w.natives)), slices.Sorted(maps.Keys(w.own)))
}
