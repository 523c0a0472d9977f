package java

import (
	"fmt"
	"strings"
)

// binary writes an operator between two values. A long sum is a chain to the left, so it isn't deeper than it is long.
func (c *checker) binary(n *node) val {
	op, l, r := n.child("operator").text, n.child("left"), n.child("right")
	if op == "&&" || op == "||" {
		a, b := c.condition(l), c.condition(r)
		return val{js: "(" + a + " " + op + " " + b + ")", t: tBool, solid: true}
	}
	return c.operate(n, op, c.expr(l, nil), c.expr(r, nil))
}

// operate writes an operator between two values that were written already.
func (c *checker) operate(n *node, op string, a, b val) val {
	if a.t.bad() || b.t.bad() {
		return badVal()
	}
	switch op {
	case "+":
		if a.t.isString() || b.t.isString() {
			return c.concat(n, a, b)
		}
	case "==", "!=":
		return c.equality(n, op, a, b)
	case "<<", ">>", ">>>":
		return c.shift(n, op, a, b)
	}
	x, y := c.unbox(n, a), c.unbox(n, b)
	if x.t.kind == kBool && y.t.kind == kBool && strings.Contains("&|^", op) {
		if op == "^" {
			return val{js: "(" + x.js + " !== " + y.js + ")", t: tBool, solid: true}
		}
		return val{js: "!!(" + x.js + " " + op + " " + y.js + ")", t: tBool, solid: true}
	}
	if !x.t.isNumeric() || !y.t.isNumeric() {
		return c.wrong(n, "%s can't stand between a %s and a %s", op, a.t, b.t)
	}
	t := promoted(x.t, y.t)
	x.js, y.js = convert(x.js, x.t, t), convert(y.js, y.t, t)
	if strings.ContainsAny(op, "<>") {
		return val{js: "(" + x.js + " " + op + " " + y.js + ")", t: tBool, solid: true, value: compareConstants(op, x.value, y.value)}
	}
	if strings.Contains("&|^", op) && !t.isIntegral() {
		return c.wrong(n, "%s can't stand between a %s and a %s", op, a.t, b.t)
	}
	out := val{js: arithmetic(op, x.js, y.js, t, y.value), t: t, solid: true}
	if mayThrow(op, t, y.value) {
		out.js = at(n) + out.js
	}
	out.value = foldConstants(op, x.value, y.value, t)
	return out
}

func mayThrow(op string, t *typ, by any) bool {
	i, known := by.(int64)
	return (op == "/" || op == "%") && t.isIntegral() && (!known || i == 0)
}

// arithmetic writes + - * / % & | ^ in the type t. A divisor that is a constant needs no look at zero.
func arithmetic(op, a, b string, t *typ, by any) string {
	divisor, known := by.(int64)
	known = known && divisor != 0
	switch t.kind {
	case kInt:
		switch {
		case op == "*":
			return "$imul(" + a + ", " + b + ")"
		case op == "/" && !known:
			return "$idiv(" + a + ", " + b + ")"
		case op == "%" && !known:
			return "$irem(" + a + ", " + b + ")"
		case strings.Contains("&|^", op):
			return "(" + a + " " + op + " " + b + ")"
		}
		return "(" + a + " " + op + " " + b + " | 0)"
	case kLong:
		switch {
		case op == "/" && !known:
			return "$ldiv(" + a + ", " + b + ")"
		case op == "%" && !known:
			return "$lrem(" + a + ", " + b + ")"
		case strings.Contains("%&|^", op):
			return "(" + a + " " + op + " " + b + ")"
		}
		return "$L(" + a + " " + op + " " + b + ")"
	case kFloat:
		if op == "*" {
			return "$fr($j.times(" + a + ", " + b + "))"
		}
		return "$fr(" + a + " " + op + " " + b + ")"
	}
	if op == "*" {
		return "$j.times(" + a + ", " + b + ")"
	}
	return "(" + a + " " + op + " " + b + ")"
}

func (c *checker) shift(n *node, op string, a, b val) val {
	x, y := c.unbox(n, a), c.unbox(n, b)
	if !x.t.isIntegral() || !y.t.isIntegral() {
		return c.wrong(n, "%s can't stand between a %s and a %s", op, a.t, b.t)
	}
	by := y.js
	if y.t.kind == kLong {
		by = "$num(" + by + " & 63n)"
	}
	if x.t.kind != kLong {
		out := val{js: "(" + x.js + " " + op + " " + by + ")", t: tInt, solid: true}
		if op == ">>>" {
			out.js = "(" + x.js + " >>> " + by + " | 0)"
		}
		return withShift(out, op, x.value, y.value)
	}
	by = "$big(" + by + " & 63)"
	js := "(" + x.js + " " + op + " " + by + ")"
	switch op {
	case "<<":
		js = "$L(" + x.js + " << " + by + ")"
	case ">>>":
		js = "$L($big.asUintN(64, " + x.js + ") >> " + by + ")"
	}
	return withShift(val{js: js, t: tLong, solid: true}, op, x.value, y.value)
}

func withShift(v val, op string, a, b any) val {
	x, ok := a.(int64)
	y, ok2 := b.(int64)
	if !ok || !ok2 {
		return v
	}
	bits := int64(31)
	if v.t.kind == kLong {
		bits = 63
	}
	switch s := uint(y & bits); op {
	case "<<":
		v.value = wrap(x<<s, v.t)
	case ">>":
		v.value = x >> s
	case ">>>":
		if v.t.kind == kLong {
			v.value = int64(uint64(x) >> s)
		} else {
			v.value = int64(int32(uint32(int32(x)) >> s))
		}
	}
	return v
}

// maxConstant is how long a text may be that is written wherever its constant is used, in bytes.
const maxConstant = 256

// concat joins texts. One side must be a JavaScript string for + to join.
func (c *checker) concat(n *node, a, b val) val {
	if a.t.kind == kVoid || b.t.kind == kVoid {
		return c.wrong(n, "this gives nothing that could be joined")
	}
	js := c.textOf(a) + " + " + c.textOf(b)
	if !(a.t.isString() && a.solid) && !(b.t.isString() && b.solid) && a.t.kind != kChar && b.t.kind != kChar {
		js = `"" + ` + js
	}
	out := val{js: "(" + js + ")", t: c.str(), solid: true}
	if x, ok := constantText(a); ok {
		if y, ok := constantText(b); ok && len(x)+len(y) <= maxConstant {
			out.value = x + y
		}
	}
	return out
}

func constantText(v val) (string, bool) {
	switch x := v.value.(type) {
	case string:
		return x, true
	case bool:
		return fmt.Sprint(x), true
	case int64:
		if v.t.kind == kChar {
			return string(rune(x)), x < 0xd800 || x > 0xdfff
		}
		return fmt.Sprint(x), v.t.isPrimitive()
	}
	return "", false
}

// textOf writes a value so that JavaScript's + joins it as Java does.
func (c *checker) textOf(v val) string {
	switch {
	case v.t.kind == kChar:
		return "$ch(" + v.js + ")"
	case v.t.kind == kDouble:
		return "$j.dstr(" + v.js + ")"
	case v.t.kind == kFloat:
		return "$j.fstr(" + v.js + ")"
	case v.t.isPrimitive(), v.t.isString(), v.t.is("Integer"), v.t.is("Long"), v.t.is("Boolean"), v.t.kind == kNull:
		return v.js
	}
	return "$str(" + v.js + ")"
}

// equality writes == and !=.
func (c *checker) equality(n *node, op string, a, b val) val {
	not := map[string]string{"==": "", "!=": "!"}[op]
	strict := op + "="
	x, y := a.t.unboxed(), b.t.unboxed()
	switch {
	case a.t.kind == kVoid || b.t.kind == kVoid:
		return c.wrong(n, "this gives nothing that could be compared")
	case a.t.isPrimitive() || b.t.isPrimitive():
		if x == nil || y == nil || x.isNumeric() != y.isNumeric() {
			return c.wrong(n, "a %s can't be compared with a %s", a.t, b.t)
		}
		u, w := c.unbox(n, a), c.unbox(n, b)
		if x.isNumeric() {
			t := promoted(x, y)
			u.js, w.js = convert(u.js, x, t), convert(w.js, y, t)
		}
		return val{js: "(" + u.js + " " + strict + " " + w.js + ")", t: tBool, solid: true}
	case a.t.kind == kNull || b.t.kind == kNull:
		return val{js: "(" + a.js + " " + strict + " " + b.js + ")", t: tBool, solid: true}
	case a.t.isString() && b.t.isString():
		_, known := a.value.(string)
		_, known2 := b.value.(string)
		if !known || !known2 {
			return c.refuse(n, "%s on texts asks in Java whether they are one object; write .equals(..)", op)
		}
		return val{js: "(" + a.js + " " + strict + " " + b.js + ")", t: tBool, solid: true}
	case !related(a.t, b.t):
		return c.wrong(n, "a %s can't be compared with a %s", a.t, b.t)
	case x != nil || y != nil || a.t.is("Object") || b.t.is("Object") || a.t.is("Number") || b.t.is("Number"):
		return val{js: not + "$j.one(" + a.js + ", " + b.js + ")", t: tBool, solid: true}
	}
	return val{js: "(" + a.js + " " + strict + " " + b.js + ")", t: tBool, solid: true}
}

// related reports whether a value could be of both types.
func related(a, b *typ) bool {
	if widens(a, b) || widens(b, a) {
		return true
	}
	if a.kind == kVar || b.kind == kVar {
		return true
	}
	if a.kind != kClass || b.kind != kClass {
		return false
	}
	final := func(c *class) bool { return !c.iface }
	return !(final(a.cls) && final(b.cls)) && !(a.isString() || b.isString() || a.unboxed() != nil || b.unboxed() != nil) || a.asSuper(b.cls) != nil || b.asSuper(a.cls) != nil
}

func (c *checker) unary(n *node) val {
	op, operand := n.child("operator").text, n.child("operand")
	if op == "!" {
		return val{js: "!" + c.condition(operand), t: tBool, solid: true}
	}
	if op == "-" && operand.kind == "decimal_integer_literal" {
		return c.integer(operand, operand.text, true)
	}
	v := c.unbox(operand, c.expr(operand, nil))
	if v.t.bad() {
		return v
	}
	if !v.t.isNumeric() || op == "~" && !v.t.isIntegral() {
		return c.wrong(n, "%s can't stand before a %s", op, v.t)
	}
	t := promoted(v.t, tInt)
	v.js = convert(v.js, v.t, t)
	out := val{t: t, solid: true}
	i, known := v.value.(int64)
	known = known && t.isIntegral()
	switch op {
	case "+":
		out.js = v.js
		if known {
			out.value = i
		}
		return out
	case "~":
		out.js = "(~" + v.js + ")"
		if known {
			out.value = ^i
		}
		return out
	}
	if known {
		out.value = wrap(-i, t)
	}
	switch t.kind {
	case kInt:
		out.js = "(-" + v.js + " | 0)"
	case kLong:
		out.js = "$L(-" + v.js + ")"
	default:
		out.js = "(-" + v.js + ")"
	}
	return out
}

func (c *checker) ternary(n *node, want *typ) val {
	cond := c.condition(n.child("condition"))
	a, b := c.expr(n.child("consequence"), want), c.expr(n.child("alternative"), want)
	if a.t.bad() || b.t.bad() {
		return badVal()
	}
	if a.t.kind == kVoid || b.t.kind == kVoid {
		return c.wrong(n, "both sides of ?: must give a value")
	}
	t := c.common(a, b)
	a, b = c.coerce(n.child("consequence"), a, t), c.coerce(n.child("alternative"), b, t)
	return val{js: "(" + cond + " ? " + a.js + " : " + b.js + ")", t: t, solid: a.solid && b.solid}
}

// common gives the type of a value that is either a or b.
func (c *checker) common(a, b val) *typ {
	x, y := a.t.unboxed(), b.t.unboxed()
	switch {
	case x != nil && y != nil && (a.t.isPrimitive() || b.t.isPrimitive() || x.kind != y.kind):
		switch {
		case x.kind == y.kind:
			return x
		case fits(b, x):
			return x
		case fits(a, y):
			return y
		case x.isNumeric() && y.isNumeric():
			return promoted(x, y)
		}
		return c.object()
	case a.t.kind == kNull:
		return c.box(b.t)
	case b.t.kind == kNull:
		return c.box(a.t)
	}
	return c.lub(c.box(a.t), c.box(b.t))
}

// lub gives a type that takes both.
func (c *checker) lub(a, b *typ) *typ {
	switch {
	case a.kind <= kNull:
		return b
	case widens(b, a):
		return a
	case widens(a, b):
		return b
	case a.kind == kClass && b.kind == kClass && a.cls.thrown && b.cls.thrown:
		return c.lub(a.cls.supers[0], b)
	}
	if a.kind == kClass {
		for _, s := range a.cls.supers {
			if super := s.subst(a.cls.bind(a.args), tHole); widens(b, super) {
				return super
			}
		}
	}
	return c.object()
}

func (c *checker) cast(n *node) val {
	if len(n.children("type")) != 1 {
		return c.refuse(n, "a cast to several types isn't supported")
	}
	to := c.resolve(n.child("type"))
	v := c.expr(n.child("value"), to)
	if v.t.bad() || to.bad() {
		return val{js: v.js, t: to}
	}
	from := v.t.unboxed()
	switch {
	case to.isPrimitive() && from != nil:
		if (from.kind == kBool) != (to.kind == kBool) || !v.t.isPrimitive() && !widens(from, to) {
			return c.wrong(n, "a %s can't be cast to %s", v.t, to)
		}
		u := c.unbox(n, v)
		out := val{js: convert(u.js, u.t, to), t: to, solid: true}
		if i, ok := u.value.(int64); ok && to.isIntegral() {
			out.value = wrap(i, to)
		}
		return out
	case to.isPrimitive():
		if v.t.kind == kClass && !related(v.t, c.box(to)) {
			return c.wrong(n, "a %s can't be cast to %s", v.t, to)
		}
		boxed := c.box(to)
		return c.unbox(n, val{js: c.checked(n, v, boxed), t: boxed})
	case v.t.isPrimitive():
		out := c.coerce(n, v, to)
		if !out.t.bad() {
			out.t, out.value = to, nil
		}
		return out
	case v.t.kind == kVoid || !related(v.t, to):
		return c.wrong(n, "a %s can't be cast to %s", v.t, to)
	case widens(v.t, to) && v.t.kind > kNull:
		return val{js: v.js, t: to, solid: v.solid, value: v.value}
	}
	return val{js: c.checked(n, v, to), t: to, solid: v.solid}
}

// checked writes a cast that throws a ClassCastException.
func (c *checker) checked(n *node, v val, to *typ) string {
	test := c.test(to, "o")
	if test == "" {
		return v.js
	}
	return at(n) + "$j.cast(" + v.js + ", (o) => " + test + ", " + quoteText(fullName(to)) + ")"
}

// test writes whether a value that isn't null is of a type; empty where anything is.
func (c *checker) test(t *typ, value string) string {
	switch {
	case t.kind == kArray:
		if name := arrayClass(t.elem); name != "" {
			return value + " instanceof " + name
		}
		return "$j.isArray(" + value + ")"
	case t.kind != kClass || t.cls.is == "":
		return ""
	}
	return strings.ReplaceAll(t.cls.is, "$0", value)
}

func (c *checker) instanceOf(n *node) val {
	if n.child("pattern") != nil {
		return c.refuse(n, "record patterns aren't supported")
	}
	t := c.resolve(n.child("right"))
	v := c.expr(n.child("left"), nil)
	if v.t.bad() || t.bad() {
		v.t = tBad
	} else if v.t.isPrimitive() || !related(v.t, t) {
		return c.wrong(n, "a %s is never a %s", v.t, t)
	}
	test := c.test(t, "o")
	if test == "" {
		test = "true"
	}
	bind := ""
	if name := n.child("name"); name != nil {
		l := c.pattern(name.text, t)
		bind = "(" + l.js + " = o, true) && "
	}
	if bind != "" {
		return val{js: "((o) => o !== null && (" + test + ") && (" + strings.TrimSuffix(bind, " && ") + "))(" + v.js + ")", t: tBool, solid: true}
	}
	return val{js: "((o) => o !== null && (" + test + "))(" + v.js + ")", t: tBool, solid: true}
}
