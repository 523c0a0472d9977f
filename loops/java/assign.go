package java

import (
	"slices"
	"strings"
)

// lvalue is something that can be assigned to. once are the pieces that must be reckoned only once, such as an array and
// its index; take and put write a reading and an assignment with the pieces, or with names for them, in their place.
type lvalue struct {
	t    *typ
	once []string
	temp []string
	take func(pieces []string) string
	put  func(pieces []string, value string) string
	src  val // its value, read where it stands
	bad  bool
}

func badLvalue() lvalue {
	return lvalue{t: tBad, bad: true, put: func([]string, string) string { return "null" }}
}

// plainLvalue is one without pieces.
func plainLvalue(v val) lvalue {
	return lvalue{
		t: v.t, src: v, take: func([]string) string { return v.js },
		put: func(_ []string, value string) string { return "(" + v.js + " = " + value + ")" },
	}
}

func (l lvalue) read() string            { return l.take(l.temp) }
func (l lvalue) set(value string) string { return l.put(l.temp, value) }

// get gives the value, reckoning everything where it stands.
func (l lvalue) get() val {
	if l.bad {
		return badVal()
	}
	return l.src
}

func (c *checker) lvalue(n *node) lvalue {
	bad := badLvalue()
	switch n.kind {
	case "parenthesized_expression":
		return c.lvalue(n.parts()[0])
	case "identifier":
		return c.nameLvalue(n)
	case "array_access":
		return c.elementLvalue(n)
	case "field_access":
		v, f := c.fieldPlace(n)
		if v.t.bad() {
			return bad
		}
		if f == nil || !f.owner.user {
			c.wrong(n, "this can't be assigned to")
			return bad
		}
		return c.fieldLvalue(n, f, v)
	}
	c.wrong(n, "this can't be assigned to")
	return bad
}

func (c *checker) nameLvalue(n *node) lvalue {
	if l := c.lookup(n.text); l != nil {
		l.assigned++
		if l.final && l.assigned > 1 {
			c.wrong(n, "%s is final and can't be assigned again", l.name)
		}
		js := c.use(n, l)
		return plainLvalue(val{js: js, t: l.t})
	}
	f, owner := c.ownField(n.text)
	if f == nil {
		c.name(n)
		return badLvalue()
	}
	if !f.owner.user {
		c.wrong(n, "this can't be assigned to")
		return badLvalue()
	}
	if f.static {
		return c.fieldLvalue(n, f, val{t: f.t})
	}
	return c.fieldLvalue(n, f, fieldVal(c.outerPath(n, owner), f, f.t))
}

// fieldLvalue gives a field to assign to. v is how it is read.
func (c *checker) fieldLvalue(n *node, f *field, v val) lvalue {
	if f.final && (c.cls != f.owner || !c.initialising(f)) {
		c.wrong(n, "%s is final and can't be assigned here", f.name)
	}
	if f.static {
		return plainLvalue(val{js: c.classRef(f.owner) + "." + f.js, t: f.t})
	}
	if v.object == "this" {
		return plainLvalue(v)
	}
	return lvalue{
		t: v.t, once: []string{v.object}, temp: []string{c.fresh("$t")}, src: v,
		take: func(p []string) string { return p[0] + "." + f.js },
		put:  func(p []string, value string) string { return "(" + p[0] + "." + f.js + " = " + value + ")" },
	}
}

// initialising reports whether the body being written may set a final field.
func (c *checker) initialising(f *field) bool {
	return f.static == c.inStatic() && c.fn.starts
}

func (c *checker) elementLvalue(n *node) lvalue {
	array, index := c.expr(n.child("array"), nil), c.expr(n.child("index"), nil)
	bad := badLvalue()
	if array.t.bad() || index.t.bad() {
		return bad
	}
	if array.t.kind != kArray {
		c.wrong(n, "a %s is no array", array.t)
		return bad
	}
	i := c.coerce(n.child("index"), index, tInt)
	mark := at(n)
	take := func(p []string) string { return mark + "$ai(" + p[0] + ", " + p[1] + ")" }
	once := []string{array.js, i.js}
	return lvalue{
		t: array.t.elem, once: once, temp: []string{c.fresh("$t"), c.fresh("$t")}, take: take,
		put: func(p []string, value string) string { return mark + "$as(" + p[0] + ", " + p[1] + ", " + value + ")" },
		src: val{js: take(once), t: array.t.elem},
	}
}

// around puts what must be reckoned once before an expression that uses it.
func (l lvalue) around(js string) string {
	if len(l.temp) == 0 {
		return js
	}
	return "((" + strings.Join(l.temp, ", ") + ") => " + js + ")(" + strings.Join(l.once, ", ") + ")"
}

func (c *checker) assignment(n *node) val {
	op := n.child("operator").text
	left, right := n.child("left"), n.child("right")
	if op == "=" {
		l := c.lvalue(left)
		v := c.assignable(right, l.t)
		if l.bad {
			return badVal()
		}
		return val{js: l.put(l.once, v.js), t: l.t, solid: v.solid}
	}
	l := c.lvalue(left)
	r := c.expr(right, nil)
	if l.bad || r.t.bad() {
		return badVal()
	}
	return val{js: l.around(l.set(c.compound(n, strings.TrimSuffix(op, "="), l, r).js)), t: l.t, solid: true}
}

// compound reckons "left op right" and narrows it to the type of left, as op= does.
func (c *checker) compound(n *node, op string, l lvalue, r val) val {
	v := c.operate(n, op, val{js: l.read(), t: l.t}, r)
	if v.t.bad() {
		return v
	}
	if l.t.isString() {
		return v
	}
	p := l.t.unboxed()
	if p == nil || !v.t.isPrimitive() || (p.kind == kBool) != (v.t.kind == kBool) {
		return c.wrong(n, "%s= can't give a %s to a %s", op, v.t, l.t)
	}
	out := val{js: convert(v.js, v.t, p), t: p, solid: true}
	if !l.t.isPrimitive() {
		return c.boxed(out)
	}
	return out
}

// update writes ++ and --. bare is the script where the value isn't used.
func (c *checker) update(n *node) val {
	target, op := n.parts()[0], "+"
	prefix := n.kids[0] != target
	if n.has("--") {
		op = "-"
	}
	if target.kind == "cast_expression" && !prefix { // the grammar reads (int) a++ as ((int) a)++
		step, outer := *n, *target
		step.kids = []*node{target.child("value"), n.kids[1]}
		inner := step
		inner.field = "value"
		outer.kids = append(slices.Clone(target.kids[:len(target.kids)-1]), &inner)
		return c.cast(&outer)
	}
	l := c.lvalue(target)
	if l.bad {
		return badVal()
	}
	if p := l.t.unboxed(); p == nil || !p.isNumeric() {
		return c.wrong(n, "%s%s needs a number, not a %s", op, op, l.t)
	}
	v := c.compound(n, op, l, number(1, tInt))
	bare := l.around(l.set(v.js))
	out := val{js: bare, bare: bare, t: l.t, solid: true}
	if !prefix {
		old := c.fresh("$t")
		again := l
		again.take = func([]string) string { return old }
		next := c.compound(n, op, again, number(1, tInt))
		out.js = l.around("((" + old + ") => (" + l.set(next.js) + ", " + old + "))(" + l.read() + ")")
		if len(l.temp) == 0 && l.t.kind == kInt {
			out.js = "(" + l.set(v.js) + ", " + l.read() + map[string]string{"+": " - 1 | 0)", "-": " + 1 | 0)"}[op]
		}
	}
	return out
}

func (c *checker) arrayCreation(n *node) val {
	elem := c.resolve(n.child("type"))
	if value := n.child("value"); value != nil {
		return c.arrayValues(value, c.dims(elem, n.child("dimensions")))
	}
	var sizes []string
	t := elem
	for _, d := range n.children("dimensions") {
		if d.kind == "dimensions" {
			elem = c.dims(elem, d)
			t = c.dims(t, d)
			continue
		}
		parts := d.parts()
		size := parts[len(parts)-1]
		sizes = append(sizes, c.coerce(size, c.expr(size, tInt), tInt).js)
	}
	if t.bad() {
		return badVal()
	}
	for range sizes {
		t = arrayOf(t)
	}
	maker := "(n) => $j.plain(n, " + defaultOf(elem) + ")"
	if name := arrayClass(elem); name != "" {
		maker = "(n) => new " + name + "(n)"
	}
	return val{js: at(n) + "$j.array(" + maker + ", " + strings.Join(sizes, ", ") + ")", t: t, solid: true}
}

// arrayValues writes values in braces.
func (c *checker) arrayValues(n *node, t *typ) val {
	if t.bad() {
		return badVal()
	}
	if t.kind != kArray {
		return c.wrong(n, "values in braces make an array, not a %s", t)
	}
	var out []string
	for _, k := range n.parts() {
		out = append(out, c.assignable(k, t.elem).js)
	}
	return val{js: arrayLiteral(t.elem, strings.Join(out, ", ")), t: t, solid: true}
}
