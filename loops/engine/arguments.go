package engine

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"regexp"
	"strconv"

	"github.com/dop251/goja"
)

// maxSafe is the largest integer that a JavaScript number holds without loss.
const maxSafe = 1<<53 - 1

var (
	integerText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberText  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
)

func handleType[T any](o *goja.Object) (reflect.Type, bool) {
	t := o.ExportType()
	return t, t == reflect.TypeFor[T]()
}

// arguments are what a script gave to a function of the contract. The getters throw a TypeError that names function and
// position where the value isn't of the wanted kind.
type arguments struct {
	m      *machine
	name   string
	values []goja.Value
}

func (a arguments) has(i int) bool {
	return i < len(a.values) && !goja.IsUndefined(a.values[i]) && !goja.IsNull(a.values[i])
}

func (a arguments) raw(i int) goja.Value {
	if i < len(a.values) {
		return a.values[i]
	}
	return goja.Undefined()
}

// primitive gives the Go value of a string, number, boolean or BigInt, and nil for an object, whose export would run
// the script's code, and for a Symbol, which is no text although it exports one.
func primitive(v goja.Value) any {
	switch v.(type) {
	case *goja.Object, *goja.Symbol:
		return nil
	}
	return v.Export()
}

func (a arguments) wrong(i int, want string) {
	a.m.typeError("%s: argument %d must be %s", a.name, i+1, want)
}

// text accepts a string, and a number or boolean as its text.
func (a arguments) text(i int) string {
	if a.has(i) {
		switch v := primitive(a.values[i]).(type) {
		case string:
			return v
		case int64, bool:
			return a.values[i].String()
		case float64:
			if number, ok := numberOf(v); ok {
				return number.String()
			}
		case *big.Int:
			return v.String()
		}
	}
	a.wrong(i, "text")
	return ""
}

// textOrNull is text that also lets null and undefined through, as nil.
func (a arguments) textOrNull(i int) any {
	if !a.has(i) {
		return nil
	}
	return a.text(i)
}

// integer accepts a whole number, a BigInt, or digits as text where a number would lose some.
func (a arguments) integer(i int) json.Number {
	if a.has(i) {
		switch v := primitive(a.values[i]).(type) {
		case int64:
			return json.Number(strconv.FormatInt(v, 10))
		case float64:
			if v == math.Trunc(v) && math.Abs(v) <= maxSafe {
				return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
			}
		case *big.Int:
			return json.Number(v.String())
		case string:
			if integerText.MatchString(v) {
				return json.Number(v)
			}
		}
	}
	a.wrong(i, "a whole number (beyond 2^53 as text or BigInt)")
	return ""
}

// decimal accepts any finite number, or a number as text.
func (a arguments) decimal(i int) json.Number {
	if a.has(i) {
		switch v := primitive(a.values[i]).(type) {
		case int64:
			return json.Number(strconv.FormatInt(v, 10))
		case float64:
			if number, ok := numberOf(v); ok {
				return number
			}
		case string:
			if numberText.MatchString(v) {
				return json.Number(v)
			}
		}
	}
	a.wrong(i, "a finite number")
	return ""
}

func (a arguments) boolean(i int) bool {
	if a.has(i) {
		if v, ok := primitive(a.values[i]).(bool); ok {
			return v
		}
	}
	a.wrong(i, "true or false")
	return false
}

func (a arguments) index(i int) int {
	if a.has(i) {
		if v, ok := primitive(a.values[i]).(int64); ok && v >= 0 && v < math.MaxInt32 {
			return int(v)
		}
	}
	a.wrong(i, "an index, 0 or more")
	return 0
}

// object accepts a JsObj or a plain object.
func (a arguments) object(i int) *object {
	if o, ok := a.m.read(a.raw(i), 0).(*object); ok {
		return o
	}
	a.wrong(i, "a JsObj")
	return nil
}

func (a arguments) array(i int) *array {
	if arr, ok := a.m.read(a.raw(i), 0).(*array); ok {
		return arr
	}
	a.wrong(i, "a JsArr")
	return nil
}

func numberOf(f float64) (json.Number, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", false
	}
	if f == math.Trunc(f) && math.Abs(f) <= maxSafe {
		return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), true
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), true
}

// read turns a script's value into a JSON value. Handles are taken as they are; plain objects and arrays are copied,
// which may run getters of the script: they are the script's own time.
func (m *machine) read(v goja.Value, depth int) any {
	if depth > maxDepth {
		m.typeError("the value is nested deeper than %d levels", maxDepth)
	}
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return nil
	}
	if o, ok := unwrap[*object](v); ok {
		return o
	}
	if arr, ok := unwrap[*array](v); ok {
		return arr
	}
	if o, ok := v.(*goja.Object); ok {
		return m.readPlain(o, depth)
	}
	switch x := primitive(v).(type) {
	case string:
		return x
	case bool:
		return x
	case int64:
		return json.Number(strconv.FormatInt(x, 10))
	case *big.Int:
		return json.Number(x.String())
	case float64:
		if number, ok := numberOf(x); ok {
			return number
		}
	}
	m.typeError("the value can't be written as JSON")
	return nil
}

func (m *machine) readPlain(o *goja.Object, depth int) any {
	if _, callable := goja.AssertFunction(o); callable {
		m.typeError("a function can't be written as JSON")
	}
	switch o.ClassName() {
	case "Array":
		out := &array{}
		length := o.Get("length").ToInteger()
		if length > int64(m.limits.Request) {
			m.typeError("the array is too long")
		}
		for i := range length {
			out.items = append(out.items, m.read(o.Get(strconv.FormatInt(i, 10)), depth+1))
		}
		return out
	case "Object":
		out := newObject()
		for _, key := range o.Keys() {
			value := o.Get(key)
			if value == nil { // a key that lost half a character, or that a proxy made up
				m.typeError("a key of the object isn't text")
			}
			out.put(key, m.read(value, depth+1))
		}
		return out
	}
	m.typeError("an object of class %s can't be written as JSON", o.ClassName())
	return nil
}
