package engine

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops"
)

// machine is one step's runtime with the words of the contract in it.
type machine struct {
	rt        *goja.Runtime
	question  loops.Question
	program   *program
	limits    loops.Limits
	random    *rand.ChaCha8
	usedToken bool // the script used its login token

	objects, arrays, builders, results *goja.Object // prototypes
}

// newMachine makes a fresh runtime. Nothing in it outlives the step.
func newMachine(q loops.Question, p *program, limits loops.Limits, l lexicon) *machine {
	m := &machine{rt: goja.New(), question: q, program: p, limits: limits, random: rand.NewChaCha8(q.Seed)}
	m.rt.SetFieldNameMapper(noGoNames{})
	m.rt.SetMaxCallStackSize(limits.Stack)
	m.rt.SetTimeSource(func() time.Time { return q.Now.UTC() })
	m.rt.SetRandSource(rand.New(m.random).Float64)
	m.removeEval()
	m.objects, m.arrays, m.builders, m.results = m.words(l.objects), m.words(l.arrays), m.words(l.builders), m.words(l.results)
	for _, g := range l.globals {
		m.global(g.name, m.words(g.all))
	}
	held := m.rt.NewDynamicObject(&secrets{m})
	_ = held.SetPrototype(nil) // else "constructor" would be in it
	m.global("secrets", held)
	return m
}

// noGoNames hides the fields and methods of the Go values behind handles: a script sees the contract's words alone.
type noGoNames struct{}

// FieldName hides every field.
func (noGoNames) FieldName(reflect.Type, reflect.StructField) string { return "" }

// MethodName hides every method.
func (noGoNames) MethodName(reflect.Type, reflect.Method) string { return "" }

// global defines a word that a script can neither change nor remove.
func (m *machine) global(name string, value goja.Value) {
	_ = m.rt.GlobalObject().DefineDataProperty(name, value, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}

// wrap makes a script's handle for a Go value: an object without properties of its own, whose methods are those of the
// prototype and which no script can imitate.
func (m *machine) wrap(value any, prototype *goja.Object) goja.Value {
	o := m.rt.ToValue(value).ToObject(m.rt)
	_ = o.SetPrototype(prototype)
	return o
}

// unwrap gives the Go value behind a handle, or false for anything else, proxies of handles included.
func unwrap[T any](v goja.Value) (T, bool) {
	var none T
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Object" {
		return none, false
	}
	if _, ok := handleType[T](o); !ok {
		return none, false
	}
	value, ok := o.Export().(T)
	return value, ok
}

// typeError throws a TypeError into the script. goja's way to throw from Go is to panic with a value of the script;
// this function and unreadable below are the only places that do.
func (m *machine) typeError(format string, args ...any) {
	panic(m.rt.NewTypeError(append([]any{format}, args...)...))
}

// unreadableAnswer is thrown when a provider's answer isn't what the driver expected. A script may catch it; where it
// doesn't, the run fails with bad_answer.
type unreadableAnswer struct{ what string }

func (u *unreadableAnswer) Error() string { return u.what }

func (m *machine) unreadable(what string) {
	panic(m.rt.NewGoError(&unreadableAnswer{what}))
}

// here is the place in the script that is being run now, FILE:LINE:COL.
func (m *machine) here() string { return m.place(m.rt.CaptureCallStack(0, nil)) }

// errorText reads what an Error says of itself. That may run getters of the script: stopped is the overrun where one of
// them passed its time, memory or stack.
func errorText(o *goja.Object) (text string, stopped error) {
	defer func() {
		if fault := recover(); fault != nil { // out of a getter
			text, stopped = "the script threw an Error that can't be read", overrun(fault)
		}
	}()
	parts := []string{}
	for _, key := range []string{"name", "message"} {
		if v := o.Get(key); v != nil {
			if s, ok := v.Export().(string); ok && s != "" {
				parts = append(parts, s)
			}
		}
	}
	return strings.Join(parts, ": "), nil
}

// invoke runs the script and calls its function with (obj, result, state).
func (m *machine) invoke(entry *goja.Program) (goja.Value, error) {
	input, err := decode(string(m.question.Input), false)
	if err != nil {
		return nil, err
	}
	args := []goja.Value{m.value(input), goja.Null(), goja.Null()}
	if m.question.Answer != nil {
		args[1] = m.wrap(&result{answer: m.question.Answer}, m.results)
	}
	if m.question.State != nil {
		state, err := decode(string(m.question.State), false)
		if err != nil {
			return nil, err
		}
		args[2] = m.value(state)
	}
	if m.program.before != nil {
		if _, err := m.rt.RunProgram(m.program.before); err != nil {
			return nil, err
		}
	}
	if _, err := m.rt.RunProgram(m.program.script); err != nil {
		return nil, err
	}
	target, err := m.rt.RunProgram(entry)
	if err != nil {
		return nil, err
	}
	fn, this, err := m.function(target)
	if err != nil {
		return nil, err
	}
	return fn(this, args...)
}

// function finds what to call: target itself, or its method that serves the entry.
func (m *machine) function(target goja.Value) (fn goja.Callable, this goja.Value, err error) {
	if fn, ok := goja.AssertFunction(target); ok {
		return fn, goja.Undefined(), nil
	}
	if o, ok := target.(*goja.Object); ok {
		for _, name := range m.question.Entry.Names() {
			if fn, ok := goja.AssertFunction(o.Get(name)); ok {
				return fn, o, nil
			}
		}
	}
	return nil, nil, refuse(loops.ReasonContract, "%s:1:1: %s is not a function", m.program.file, m.question.Entry)
}

// hide takes the driver's secrets and its token out of a text that is about to be cut: what takes them out of traces later
// wouldn't know one that lost its end. Secrets of up to 3 bytes stay, as there.
func (m *machine) hide(text string) string {
	hidden := slices.Collect(maps.Values(m.question.Secrets))
	if m.question.Token != nil {
		hidden = append(hidden, *m.question.Token)
	}
	slices.SortFunc(hidden, func(a, b string) int { return len(b) - len(a) }) // the longest first
	for _, secret := range hidden {
		if len(secret) > 3 {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}

// secrets is the script's secrets.NAME: read-only, and loud about a name that isn't there.
type secrets struct{ m *machine }

// Get gives a secret, or throws where the driver has none of this name.
func (s *secrets) Get(key string) goja.Value {
	if value, ok := s.m.question.Secrets[key]; ok {
		return s.m.rt.ToValue(value)
	}
	s.m.typeError("there is no secret %s: name it under secrets in driver.conf and give it a value (--secret %s=.. in a trial)", key, key)
	return nil
}

// Set refuses.
func (s *secrets) Set(string, goja.Value) bool { return false }

// Has reports whether the secret is there.
func (s *secrets) Has(key string) bool { _, ok := s.m.question.Secrets[key]; return ok }

// Delete refuses.
func (s *secrets) Delete(string) bool { return false }

// Keys names nothing, so that a loop over the secrets finds none.
func (s *secrets) Keys() []string { return nil }
