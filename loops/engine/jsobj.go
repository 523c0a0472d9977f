package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// value gives a JSON value to the script: objects and arrays as handles, numbers as JavaScript numbers where they lose
// nothing, else as text.
func (m *machine) value(v any) goja.Value {
	switch x := v.(type) {
	case nil:
		return goja.Null()
	case *object:
		return m.wrap(x, m.objects)
	case *array:
		return m.wrap(x, m.arrays)
	case json.Number:
		if i, err := strconv.ParseInt(x.String(), 10, 64); err == nil && i >= -maxSafe && i <= maxSafe {
			return m.rt.ToValue(i)
		}
		if integerText.MatchString(x.String()) {
			return m.rt.ToValue(x.String())
		}
		f, err := x.Float64()
		if err != nil {
			return m.rt.ToValue(x.String())
		}
		return m.rt.ToValue(f)
	}
	return m.rt.ToValue(v)
}

// getter gives a value in the kind that it is for, and whether it is of it.
type getter func(m *machine, v any) (goja.Value, bool)

// getters are the as.. functions that JsObj and JsArr share. Each takes null for a missing value and gives null.
func getters() map[string]getter {
	return map[string]getter{
		"asString": func(m *machine, v any) (goja.Value, bool) {
			switch x := v.(type) {
			case string:
				return m.rt.ToValue(x), true
			case json.Number:
				return m.rt.ToValue(x.String()), true
			case bool:
				return m.rt.ToValue(strconv.FormatBool(x)), true
			}
			return nil, false
		},
		"asInt":     (*machine).asInt,
		"asDecimal": (*machine).asDecimal,
		"asBool":    func(m *machine, v any) (goja.Value, bool) { x, ok := v.(bool); return m.rt.ToValue(x), ok },
		"asObj": func(m *machine, v any) (goja.Value, bool) {
			if !isObject(v) {
				return nil, false
			}
			return m.value(v), true
		},
		"asArr": func(m *machine, v any) (goja.Value, bool) {
			if !isArray(v) {
				return nil, false
			}
			return m.value(v), true
		},
	}
}

// asInt takes a whole number, or digits as text, since providers send both. One that a JavaScript number can't hold
// is not given rounded: asString gives its digits.
func (m *machine) asInt(v any) (goja.Value, bool) {
	i, err := strconv.ParseInt(scalarText(v), 10, 64)
	return m.rt.ToValue(i), err == nil && i >= -maxSafe && i <= maxSafe
}

func (m *machine) asDecimal(v any) (goja.Value, bool) {
	text := scalarText(v)
	f, err := strconv.ParseFloat(text, 64)
	return m.rt.ToValue(f), err == nil && !math.IsInf(f, 0) && numberText.MatchString(text)
}

func scalarText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

// get reads one value and throws where it isn't of the wanted kind: as an unreadable answer if a provider sent it.
func (m *machine) get(name, where string, v any, fromAnswer bool, convert getter) goja.Value {
	if v == nil {
		return goja.Null()
	}
	out, ok := convert(m, v)
	if ok {
		return out
	}
	what := fmt.Sprintf("%s(%s): the value is %s, not %s", name, where, kindOf(v), wanted(name))
	if fromAnswer {
		m.unreadable(what)
	}
	m.typeError("%s", what)
	return nil
}

// wanted is what a getter gives.
func wanted(getter string) string {
	return map[string]string{
		"asString": "a text", "asInt": "a whole number up to 2^53", "asDecimal": "a number", "asBool": "a boolean", "asObj": "an object", "asArr": "an array",
	}[getter]
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	case *object:
		return "an object"
	case *array:
		return "an array"
	}
	return "null"
}

func (m *machine) thisObject(v goja.Value) *object {
	o, ok := unwrap[*object](v)
	if !ok {
		m.typeError("this is not a JsObj")
	}
	return o
}

// objectWords are those of a JsObj. Every add.. returns a new JsObj and leaves the old one as it was.
func objectWords(p vocabulary) {
	for name, convert := range getters() {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			o, key := m.thisObject(this), a.text(0)
			return m.get(name, strconv.Quote(key), o.values[key], o.answer, convert)
		})
	}
	for name, read := range adders() {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			o := m.thisObject(this)
			return m.value(o.with(a.text(0), read(a, 1)))
		})
	}
	p.method("remove", func(m *machine, this goja.Value, a arguments) goja.Value {
		return m.value(m.thisObject(this).without(a.text(0)))
	})
	p.method("has", func(m *machine, this goja.Value, a arguments) goja.Value {
		_, ok := m.thisObject(this).values[a.text(0)]
		return m.rt.ToValue(ok)
	})
	p.method("size", func(m *machine, this goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(len(m.thisObject(this).keys))
	})
	p.method("keys", func(m *machine, this goja.Value, _ arguments) goja.Value {
		var keys []any
		for _, k := range m.thisObject(this).keys {
			keys = append(keys, k)
		}
		return m.rt.NewArray(keys...)
	})
	p.method("toString", func(m *machine, this goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(encode(m.thisObject(this)))
	})
}

// globalObjectWords are those of the global JsObj.
func globalObjectWords(w vocabulary) {
	w.value("empty", func(m *machine) goja.Value { return m.value(newObject()) })
	w.method("of", func(m *machine, _ goja.Value, a arguments) goja.Value { return m.value(a.object(0)) })
	w.method("parse", func(m *machine, _ goja.Value, a arguments) goja.Value { return m.parse(a.text(0), isObject) })
}

// adders are the add.. functions that JsObj and JsArr share; i is the argument that holds the value.
func adders() map[string]func(a arguments, i int) any {
	return map[string]func(arguments, int) any{
		"addString":  arguments.textOrNull,
		"addInt":     func(a arguments, i int) any { return a.integer(i) },
		"addDecimal": func(a arguments, i int) any { return a.decimal(i) },
		"addBool":    func(a arguments, i int) any { return a.boolean(i) },
		"addObj":     func(a arguments, i int) any { return a.object(i) },
		"addArr":     func(a arguments, i int) any { return a.array(i) },
		"addNull":    func(arguments, int) any { return nil },
	}
}

func (m *machine) thisArray(v goja.Value) *array {
	arr, ok := unwrap[*array](v)
	if !ok {
		m.typeError("this is not a JsArr")
	}
	return arr
}

// arrayWords are those of a JsArr: the words of a JsObj, where a key becomes an index.
func arrayWords(p vocabulary) {
	for name, convert := range getters() {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			arr, i := m.thisArray(this), a.index(0)
			var v any
			if i < len(arr.items) {
				v = arr.items[i]
			}
			return m.get(name, strconv.Itoa(i), v, arr.answer, convert)
		})
	}
	for name, read := range adders() {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			old := m.thisArray(this)
			items := append(make([]any, 0, len(old.items)+1), old.items...)
			return m.value(&array{items: append(items, read(a, 0))})
		})
	}
	p.method("size", func(m *machine, this goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(len(m.thisArray(this).items))
	})
	p.method("toString", func(m *machine, this goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(encode(m.thisArray(this)))
	})
}

// globalArrayWords are those of the global JsArr.
func globalArrayWords(w vocabulary) {
	w.value("empty", func(m *machine) goja.Value { return m.value(&array{}) })
	w.method("of", func(m *machine, _ goja.Value, a arguments) goja.Value { return m.value(a.array(0)) })
	w.method("parse", func(m *machine, _ goja.Value, a arguments) goja.Value { return m.parse(a.text(0), isArray) })
}

func isObject(v any) bool { _, ok := v.(*object); return ok }
func isArray(v any) bool  { _, ok := v.(*array); return ok }

// parse reads JSON text; anything else, or a value of another kind, throws an unreadable answer, since text that a
// driver parses came from a provider.
func (m *machine) parse(text string, want func(any) bool) goja.Value {
	v, err := decode(text, true)
	if err != nil {
		m.unreadable(err.Error())
	}
	if !want(v) {
		m.unreadable("the JSON value is " + kindOf(v))
	}
	return m.value(v)
}
