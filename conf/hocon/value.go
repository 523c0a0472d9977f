package hocon

import "fmt"

// Kind is the type of a resolved value.
type Kind int

// The kinds are those of JSON.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind in an error.
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "list", "object"}[k]
}

func (k Kind) article() string {
	if k == Null {
		return "null"
	}
	if k == Object {
		return "an object"
	}
	return "a " + k.String()
}

// Config is a document with everything included, merged and resolved. It can't be changed, and many goroutines may use it at once.
type Config struct{ root *datum }

// Root gives the whole document, an object.
func (c *Config) Root() Value { return Value{d: c.root} }

// Lookup gives the value at a path expression (`a."b.c"`). Its second result is false where there is no such value, or where the
// path isn't a path. A null that is written in the document is there.
func (c *Config) Lookup(path string) (Value, bool) {
	keys, err := SplitPath(path)
	if err != nil {
		return Value{}, false
	}
	return c.Root().At(keys...)
}

// JSON gives the document as JSON on one line, keys sorted.
func (c *Config) JSON() ([]byte, error) { return c.Root().MarshalJSON() }

// Value is a resolved value. The zero Value is null, nowhere.
type Value struct {
	d    *datum
	path string
}

func (v Value) datum() *datum {
	if v.d == nil {
		return &datum{kind: Null, text: "null"}
	}
	return v.d
}

// Kind gives the type of the value as the document has it; the getters convert where the specification allows.
func (v Value) Kind() Kind { return v.datum().kind }

// Pos gives where the value is written: for one that came through a substitution, the place that it came from; for one out of the
// environment, the substitution; for an object of several parts, the last.
func (v Value) Pos() Pos { return v.datum().pos }

// Path gives the path expression from the root to the value, with [0] for the first element of a list. The root's is empty.
func (v Value) Path() string { return v.path }

// Keys gives an object's keys in order of appearance, and nothing for any other value. The caller may keep it.
func (v Value) Keys() []string { return append([]string(nil), v.datum().keys...) }

// Get gives a field of an object; ok is false where there is none, and for every value that isn't an object.
func (v Value) Get(key string) (field Value, ok bool) {
	m, ok := v.datum().fields[key]
	if !ok {
		return Value{}, false
	}
	path := quoteKey(key)
	if v.path != "" {
		path = v.path + "." + path
	}
	return Value{d: m.val, path: path}, true
}

// At follows keys from one object to the next.
func (v Value) At(keys ...string) (Value, bool) {
	for _, k := range keys {
		var ok bool
		if v, ok = v.Get(k); !ok {
			return Value{}, false
		}
	}
	return v, true
}

// KeyPos gives where a field's key is written last; the zero Pos where there is no such field.
func (v Value) KeyPos(key string) Pos { return v.datum().fields[key].pos }

// Elems gives the elements of a list, and nothing for any other value.
func (v Value) Elems() []Value {
	d := v.datum()
	out := make([]Value, len(d.elems))
	for i, e := range d.elems {
		out[i] = Value{d: e, path: fmt.Sprintf("%s[%d]", v.path, i)}
	}
	return out
}

// errorf makes an error at the value.
func (v Value) errorf(format string, args ...any) error {
	return &Error{Pos: v.Pos(), Path: v.path, Msg: fmt.Sprintf(format, args...)}
}
