package hocon

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// MarshalJSON gives the value as JSON on one line. Keys that are numbers come first, in the order of the numbers, then the others
// in the order of their characters. A whole number is written as such (1.0 and 1e0 are 1), any other as the document has it.
func (v Value) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	v.datum().json(&b)
	return b.Bytes(), nil
}

func (d *datum) json(b *bytes.Buffer) {
	switch d.kind {
	case String:
		writeQuoted(b, d.text)
	case Number:
		b.WriteString(numberText(d.text))
	case Array:
		b.WriteByte('[')
		for i, e := range d.elems {
			if i > 0 {
				b.WriteByte(',')
			}
			e.json(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, k := range slices.SortedFunc(slices.Values(d.keys), compareKeys) {
			if i > 0 {
				b.WriteByte(',')
			}
			writeQuoted(b, k)
			b.WriteByte(':')
			d.fields[k].val.json(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(d.text)
	}
}

func compareKeys(a, b string) int {
	aDigits, bDigits := isDigits(a), isDigits(b)
	switch {
	case aDigits && bDigits:
		x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y), cmp.Compare(a, b))
	case aDigits:
		return -1
	case bDigits:
		return 1
	}
	return cmp.Compare(a, b)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// numberText gives a number as JSON has it.
func numberText(text string) string {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	f, err := strconv.ParseFloat(text, 64)
	if n := int64(f); err == nil && f > -(1<<63) && f < 1<<63 && float64(n) == f {
		return strconv.FormatInt(n, 10)
	}
	if json.Valid([]byte(text)) {
		return text
	}
	return completeNumber(text)
}

// completeNumber gives a number that JSON doesn't allow (-.5, 1., 01.5) as one that it does.
func completeNumber(text string) string {
	digits, minus := strings.CutPrefix(text, "-")
	whole, rest, dot := strings.Cut(digits, ".")
	if !dot {
		if e := strings.IndexAny(digits, "eE"); e >= 0 {
			whole, rest = digits[:e], digits[e:]
		}
	} else if rest == "" || !isDigits(rest[:1]) {
		rest = ".0" + rest
	} else {
		rest = "." + rest
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if minus {
		whole = "-" + whole
	}
	return whole + rest
}

func quote(s string) string {
	var b bytes.Buffer
	writeQuoted(&b, s)
	return b.String()
}

// writeQuoted writes a string as JSON, which is a quoted string of HOCON as well. Only what must be is escaped.
func writeQuoted(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch i := strings.IndexRune("\"\\\b\f\n\r\t", r); {
		case i >= 0:
			b.WriteByte('\\')
			b.WriteByte(`"\bfnrt`[i])
		case r < ' ':
			b.WriteString(`\u00`)
			b.WriteString(strconv.FormatInt(int64(r)+0x100, 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
