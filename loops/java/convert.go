package java

import (
	"unicode/utf16"
)

func utf16Of(text string) []uint16 { return utf16.Encode([]rune(text)) }

// boxed writes a primitive as its box. Integer, Long and Boolean are the values themselves; the others are objects, so
// that equals and text know what they hold.
func (c *checker) boxed(v val) val {
	names := map[kind]string{kChar: "C", kDouble: "D", kFloat: "F", kShort: "S", kByte: "B"}
	out := val{js: v.js, t: c.box(v.t), solid: true, value: v.value}
	if name, ok := names[v.t.kind]; ok {
		out.js = "$j." + name + "(" + v.js + ")"
		out.value = nil
	}
	return out
}

// unbox gives a primitive's value, or null pointer's exception at run time.
func (c *checker) unbox(n *node, v val) val {
	p := v.t.unboxed()
	if p == nil || v.t.isPrimitive() {
		return v
	}
	js := v.js
	if !v.solid {
		js = at(n) + "$n(" + js + ")"
	}
	if p.kind != kInt && p.kind != kLong && p.kind != kBool {
		js += ".v"
	}
	return val{js: js, t: p, solid: true, value: v.value}
}

// convert writes a primitive as another, as a cast does.
func convert(js string, from, to *typ) string {
	if from.kind == to.kind {
		return js
	}
	switch {
	case from.small():
		return convertSmall(js, from, to)
	case from.kind == kLong:
		switch to.kind {
		case kFloat:
			return "$fr($num(" + js + "))"
		case kDouble:
			return "$num(" + js + ")"
		}
		return convertSmall("$num($big.asIntN(32, "+js+"))", tInt, to)
	}
	switch to.kind {
	case kLong:
		return "$j.d2l(" + js + ")"
	case kFloat:
		return "$fr(" + js + ")"
	case kDouble:
		return js
	}
	return convertSmall("$j.d2i("+js+")", tInt, to)
}

func convertSmall(js string, from, to *typ) string {
	switch {
	case to.kind == kByte:
		return "(" + js + " << 24 >> 24)"
	case to.kind == kShort && from.kind != kByte:
		return "(" + js + " << 16 >> 16)"
	case to.kind == kChar:
		return "(" + js + " & 65535)"
	case to.kind == kLong:
		return "$big(" + js + ")"
	case to.kind == kFloat && from.kind == kInt:
		return "$fr(" + js + ")"
	}
	return js
}

// fits reports whether a constant may be narrowed to t without a cast.
func fits(v val, t *typ) bool {
	i, ok := v.value.(int64)
	return ok && v.t.small() && (t.kind == kByte || t.kind == kShort || t.kind == kChar) && wrap(i, t) == i
}

// accepts reports how well a value stands where a type is wanted: 0 as it is, 1 with boxing, -1 not at all.
func (c *checker) accepts(v val, to *typ) int {
	from := v.t
	switch {
	case from.kind == kVoid || to.kind == kVoid:
		return -1
	case from.bad() || to.bad():
		return 0
	case from.isPrimitive() == to.isPrimitive() || from.kind == kNull && !to.isPrimitive():
		if widens(from, to) && !(from.kind == kNull && to.isPrimitive()) {
			return 0
		}
		if b := c.bound(from); from.kind == kVar && to.kind == kClass && b.kind == kClass && widens(b, to) {
			return 0
		}
	case from.isPrimitive():
		if to.kind == kVar || to.kind == kHole || widens(c.box(from), to) {
			return 1
		}
	case from.kind == kHole:
		return 1
	default:
		if p := from.unboxed(); p != nil && widens(p, to) {
			return 1
		}
	}
	return -1
}

// coerce writes v as an assignment to a variable of the type does, or notes that it doesn't fit.
func (c *checker) coerce(n *node, v val, to *typ) val {
	from := v.t
	if from.bad() || to.bad() {
		return val{js: v.js, t: to, solid: v.solid}
	}
	if from.kind == kVoid {
		return c.wrong(n, "this gives nothing, and a value is needed here")
	}
	if from.isPrimitive() && to.kind == kHole {
		return c.boxed(v)
	}
	if p := to.unboxed(); p != nil && from.isPrimitive() && fits(v, p) {
		v.js, v.t, from = convert(v.js, from, p), p, p
	}
	if c.accepts(v, to) < 0 {
		return c.mismatch(n, v, to)
	}
	switch {
	case to.isPrimitive():
		u := c.unbox(n, v)
		if u.t.kind == kHole {
			return val{js: "$n(" + v.js + ")", t: to}
		}
		out := val{js: convert(u.js, u.t, to), t: to, solid: true}
		if i, ok := u.value.(int64); ok && to.isIntegral() {
			out.value = i
		} else if u.t == to {
			out.value = u.value
		}
		return out
	case from.isPrimitive():
		return c.boxed(v)
	}
	return val{js: v.js, t: from, solid: v.solid, value: v.value}
}

func (c *checker) mismatch(n *node, v val, to *typ) val {
	switch {
	case v.t.kind == kNull:
		return c.wrong(n, "null can't be a %s", to)
	case v.t.isNumeric() && to.isNumeric():
		return c.wrong(n, "%s doesn't fit %s; write a cast: (%s)", v.t, to, to)
	case to.isString():
		return c.wrong(n, "a %s is here where String is wanted; write String.valueOf(..)", v.t)
	}
	return c.wrong(n, "a %s is here where %s is wanted", v.t, to)
}

// promoted gives the type in which two numbers are reckoned.
func promoted(a, b *typ) *typ {
	for _, t := range []*typ{tDouble, tFloat, tLong} {
		if a.kind == t.kind || b.kind == t.kind {
			return t
		}
	}
	return tInt
}

// condition writes an expression that must be a boolean.
func (c *checker) condition(n *node) string {
	for n.kind == "parenthesized_expression" {
		n = n.parts()[0]
	}
	v := c.expr(n, tBool)
	if v.t.kind != kBool && !v.t.is("Boolean") && !v.t.bad() {
		c.wrong(n, "a boolean is wanted here, not a %s", v.t)
	}
	return c.unbox(n, v).js
}

// assignable writes an expression, or an array's values in braces, for a variable of the type.
func (c *checker) assignable(n *node, t *typ) val {
	if n.kind == "array_initializer" {
		return c.arrayValues(n, t)
	}
	return c.coerce(n, c.expr(n, t), t)
}
