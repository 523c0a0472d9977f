package hocon

import (
	"math"
	"strconv"
)

// String gives a string as it is, a scalar as it is written, and an object or a list as JSON. It is for messages and %v; use Str
// for a setting.
func (v Value) String() string {
	d := v.datum()
	if d.scalar() {
		return d.text
	}
	text, _ := v.MarshalJSON()
	return string(text)
}

// Str gives a string; a number, true and false are strings as they are written. Null, an object and a list are errors.
func (v Value) Str() (string, error) {
	switch d := v.datum(); d.kind {
	case String, Number, Bool:
		return d.text, nil
	}
	return "", v.wrong("a string")
}

// Bool gives true for true, yes and on, false for false, no and off; anything else is an error.
func (v Value) Bool() (bool, error) {
	if d := v.datum(); d.kind == Bool || d.kind == String {
		switch d.text {
		case "true", "yes", "on":
			return true, nil
		case "false", "no", "off":
			return false, nil
		}
	}
	return false, v.wrong("true or false")
}

// Int64 gives a whole number, also one that is written as a string or as 5.0. A fraction and a number past 64 bits are errors.
func (v Value) Int64() (int64, error) {
	d := v.datum()
	if d.kind != Number && d.kind != String {
		return 0, v.wrong("a whole number")
	}
	if n, err := strconv.ParseInt(d.text, 10, 64); err == nil {
		return n, nil
	}
	f, ok := parseDecimal(d.text)
	switch {
	case !ok || f != math.Trunc(f):
		return 0, v.wrong("a whole number")
	case f < -(1<<63) || f >= 1<<63:
		return 0, v.errorf("%s is too large for a whole number", shorten(d.text))
	}
	return int64(f), nil
}

// Int is Int64 for int.
func (v Value) Int() (int, error) {
	n, err := v.Int64()
	if err == nil && int64(int(n)) != n {
		err = v.errorf("%d is too large for a whole number", n)
	}
	return int(n), err
}

// Float gives a number, also one that is written as a string. Infinity and NaN are never given.
func (v Value) Float() (float64, error) {
	if d := v.datum(); d.kind == Number || d.kind == String {
		if f, ok := parseDecimal(d.text); ok {
			return f, nil
		}
	}
	return 0, v.wrong("a number")
}

// parseDecimal is ParseFloat without hexadecimal, infinity, NaN and underscores.
func parseDecimal(s string) (float64, bool) {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// List gives the elements of a list, and those of an object whose keys are numbers ({"0" = a, "1" = b}).
func (v Value) List() ([]Value, error) {
	if list, ok := v.datum().asList(); ok {
		return Value{d: list, path: v.path}.Elems(), nil
	}
	return nil, v.wrong("a list")
}

// Strings gives a list of strings; see List and Str.
func (v Value) Strings() ([]string, error) {
	elems, err := v.List()
	if err != nil {
		return nil, v.wrong("a list of strings")
	}
	out := make([]string, len(elems))
	for i, e := range elems {
		if out[i], err = e.Str(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// wrong makes the error of a value that isn't what was asked for. It never shows a string, which may be a secret.
func (v Value) wrong(want string) error {
	switch d := v.datum(); d.kind {
	case Number, Bool:
		return v.errorf("should be %s, not %s", want, shorten(d.text))
	default:
		return v.errorf("should be %s, not %s", want, d.kind.article())
	}
}
