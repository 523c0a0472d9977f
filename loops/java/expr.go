package java

import "strings"

// expr writes an expression. want is the type that its place asks for, nil where any will do; it only helps to find out
// types and isn't checked here.
func (c *checker) expr(n *node, want *typ) val {
	switch n.kind {
	case "parenthesized_expression":
		return c.expr(n.parts()[0], want)
	case "decimal_integer_literal", "hex_integer_literal", "octal_integer_literal", "binary_integer_literal", "decimal_floating_point_literal",
		"hex_floating_point_literal", "true", "false", "null_literal", "character_literal", "string_literal":
		return c.literal(n)
	case "identifier":
		return c.name(n)
	case "this":
		return c.this(n)
	case "field_access":
		return c.fieldAccess(n)
	case "array_access":
		return c.lvalue(n).get()
	case "method_invocation":
		return c.methodCall(n, want)
	case "object_creation_expression":
		return c.creation(n, want)
	case "array_creation_expression":
		return c.arrayCreation(n)
	case "binary_expression":
		return c.binary(n)
	case "unary_expression":
		return c.unary(n)
	case "update_expression":
		return c.update(n)
	case "assignment_expression":
		return c.assignment(n)
	case "ternary_expression":
		return c.ternary(n, want)
	case "cast_expression":
		return c.cast(n)
	case "instanceof_expression":
		return c.instanceOf(n)
	case "lambda_expression", "method_reference":
		if want == nil || want.kind != kClass || want.cls.fun == nil {
			if want != nil && want.bad() {
				return badVal()
			}
			return c.wrong(n, "a lambda can't stand here; give it to a variable of a functional interface first")
		}
		return c.late(n, want, &inference{c: c, b: bindings{}, fixed: true})
	case "switch_expression":
		return c.switchExpression(n, want)
	case "array_initializer":
		return c.wrong(n, "values in braces can only follow new or an array variable")
	case "class_literal":
		return c.classLiteral(n)
	}
	return c.refuse(n, "%s isn't supported", strings.ReplaceAll(n.kind, "_", " "))
}

func (c *checker) this(n *node) val {
	if c.cls == nil || c.inStatic() {
		return c.wrong(n, "there is no this in a static method")
	}
	return val{js: "this", t: c.cls.self(), solid: true}
}

// name writes a variable or field that is named alone.
func (c *checker) name(n *node) val {
	if l := c.lookup(n.text); l != nil {
		return val{js: c.use(n, l), t: l.t}
	}
	if f, owner := c.ownField(n.text); f != nil {
		return c.fieldOf(n, f, owner)
	}
	for _, cls := range append(append([]*class{}, c.statics[n.text]...), c.statics["*"]...) {
		if f := cls.findField(n.text); f != nil && f.static {
			return c.staticField(f)
		}
	}
	if c.findClass(n.text) != nil {
		return c.wrong(n, "%s is a class, and a value is needed here", n.text)
	}
	return c.wrong(n, "%s isn't declared", shorten(n.text))
}

// ownField finds a field of the class being written or of one around it.
func (c *checker) ownField(name string) (*field, *class) {
	for s := c.cls; s != nil; s = s.own.outer {
		if f := s.findField(name); f != nil {
			return f, s
		}
	}
	return nil, nil
}

// fieldOf writes a field of a class of the file that is named alone.
func (c *checker) fieldOf(n *node, f *field, owner *class) val {
	if f.static {
		return c.staticField(f)
	}
	return fieldVal(c.outerPath(n, owner), f, f.t)
}

// fieldVal writes the field of an object.
func fieldVal(object string, f *field, t *typ) val {
	return val{js: object + "." + f.js, object: object, t: t}
}

func (c *checker) staticField(f *field) val {
	if f.owner.user {
		if f.final && c.constant(f) {
			v := c.literalOf(f)
			return v
		}
		return val{js: c.classRef(f.owner) + "." + f.js, t: f.t, solid: f.owner.own.enum && f.t.kind == kClass && f.t.cls == f.owner}
	}
	if i, ok := f.value.(int64); ok {
		return number(i, f.t)
	}
	return val{js: f.js, t: f.t, value: f.value, solid: true}
}

// constant reports whether a static final field is a constant that can be written where it is used.
func (c *checker) constant(f *field) bool {
	if f.value == nil && !f.folded && f.decl != nil && f.decl.kind == "variable_declarator" && f.decl.child("value") != nil && (f.t.isPrimitive() || f.t.isString()) {
		c.fold(f)
	}
	return f.value != nil
}

// fold reckons a constant before its class is written.
func (c *checker) fold(f *field) {
	f.folded = true
	value := f.decl.child("value")
	if !plainConstant(value) {
		return
	}
	f.final = false // a constant that needs itself is none
	old, fn, names := c.cls, c.fn, c.scope
	c.cls, c.fn, c.scope = f.owner, &function{static: true, ret: tVoid}, &scope{vars: map[string]*local{}}
	v := c.coerce(value, c.expr(value, f.t), f.t)
	c.cls, c.fn, c.scope = old, fn, names
	f.final = true
	f.value = v.value
}

// plainConstant reports whether an expression holds only literals, names and operators.
func plainConstant(n *node) bool {
	switch n.kind {
	case "method_invocation", "object_creation_expression", "array_creation_expression", "lambda_expression", "method_reference", "array_initializer",
		"update_expression", "assignment_expression", "array_access", "this", "switch_expression", "instanceof_expression", "null_literal", "ternary_expression":
		return false
	}
	for _, k := range n.kids {
		if k.named && !plainConstant(k) {
			return false
		}
	}
	return true
}

func (c *checker) literalOf(f *field) val {
	switch v := f.value.(type) {
	case int64:
		if f.t.isIntegral() {
			return number(v, f.t)
		}
	case string:
		if len(v) > maxConstant {
			return val{js: c.classRef(f.owner) + "." + f.js, t: f.t, value: v, solid: true}
		}
		return val{js: quoteText(v), t: f.t, value: v, solid: true}
	case bool:
		return val{js: map[bool]string{true: "true", false: "false"}[v], t: f.t, value: v, solid: true}
	}
	return val{js: c.classRef(f.owner) + "." + f.js, t: f.t}
}

// target reads what stands before a dot: a class, or else a value.
func (c *checker) target(n *node) (*class, val) {
	if cls := c.classNamed(n); cls != nil {
		return cls, val{}
	}
	return nil, c.expr(n, nil)
}

// classNamed gives the class that an expression such as Map.Entry or java.util.List names, or nil.
func (c *checker) classNamed(n *node) *class {
	if n.kind != "identifier" && n.kind != "field_access" {
		return nil
	}
	first := n
	for first.kind == "field_access" {
		first = first.child("object")
	}
	if first.kind != "identifier" || c.lookup(first.text) != nil {
		return nil
	}
	if f, _ := c.ownField(first.text); f != nil {
		return nil
	}
	return c.findClass(strings.Join(strings.Fields(n.text), ""))
}

// missingClass refuses an undeclared name that looks like a class.
func (c *checker) missingClass(n *node) bool {
	if c.classNamed(n) != nil {
		return false
	}
	if n.kind == "field_access" {
		full := strings.Join(strings.Fields(n.text), "")
		if hint := c.hint(full); hint != "" && strings.Contains(full, ".") && full[0] >= 'a' && full[0] <= 'z' {
			c.refuse(n, "%s isn't available: %s", full, hint)
			return true
		}
	}
	if n.kind != "identifier" || c.lookup(n.text) != nil || n.text[0] < 'A' || n.text[0] > 'Z' {
		return false
	}
	if f, _ := c.ownField(n.text); f != nil {
		return false
	}
	if _, static := c.statics[n.text]; static || c.findClass(n.text) != nil {
		return false
	}
	if len(c.statics["*"]) > 0 && strings.ToUpper(n.text) == n.text {
		return false
	}
	c.unknownClass(n, n.text)
	return true
}

func (c *checker) fieldAccess(n *node) val {
	v, _ := c.fieldPlace(n)
	return v
}

// fieldPlace writes what stands behind a dot. The field is nil for an array's length and where there is none.
func (c *checker) fieldPlace(n *node) (val, *field) {
	name, object := n.child("field"), n.child("object")
	if object.kind == "super" {
		return c.superField(n, name)
	}
	if name.kind == "this" {
		if cls := c.classNamed(object); cls != nil && cls.user {
			return val{js: c.outerPath(n, cls), t: cls.self(), solid: true}, nil
		}
		return c.wrong(n, "there is no such object"), nil
	}
	if c.missingClass(object) {
		return badVal(), nil
	}
	cls, v := c.target(object)
	if cls != nil {
		return c.staticPlace(name, cls)
	}
	if v.t.kind == kArray && name.text == "length" {
		return val{js: at(name) + "$n(" + v.js + ").length", t: tInt, solid: true}, nil
	}
	if v.t.bad() {
		return v, nil
	}
	if v.t.kind != kClass {
		return c.wrong(name, "a %s has no field %s", v.t, name.text), nil
	}
	f := v.t.cls.findField(name.text)
	if f == nil {
		return c.missingField(name, v.t.cls), nil
	}
	if f.static {
		return c.staticField(f), f
	}
	return fieldVal(c.notNull(name, v), f, f.t.subst(f.owner.bind(v.t.args), nil)), f
}

// superField writes super.name.
func (c *checker) superField(n, name *node) (val, *field) {
	base := c.cls.own.base
	if base == nil || c.inStatic() {
		return c.refuse(n, "super isn't supported; there is only Object above"), nil
	}
	f := base.cls.findField(name.text)
	if f == nil || f.static {
		return c.missingField(name, base.cls), nil
	}
	return fieldVal("this", f, f.t.subst(f.owner.bind(base.args), nil)), f
}

func (c *checker) staticPlace(name *node, cls *class) (val, *field) {
	f := cls.findField(name.text)
	if f != nil && f.static {
		return c.staticField(f), f
	}
	if nested := c.findClass(cls.name + "." + name.text); nested != nil {
		return c.wrong(name, "%s is a class, and a value is needed here", nested.name), nil
	}
	return c.missingField(name, cls), nil
}

func (c *checker) missingField(n *node, cls *class) val {
	if cls.user {
		return c.wrong(n, "%s has no field %s", cls.name, n.text)
	}
	if hint := c.table.refused[cls.name+"."+n.text]; hint != "" {
		return c.refuse(n, "%s.%s isn't available: %s", cls.name, n.text, hint)
	}
	return c.refuse(n, "%s.%s isn't known here", cls.name, n.text)
}

// classLiteral writes Name.class, of which only the name can be asked.
func (c *checker) classLiteral(n *node) val {
	t := c.resolve(n.parts()[0])
	if t.bad() {
		return badVal()
	}
	full, simple, of := t.String(), "undefined", "null"
	if t.kind == kClass && t.cls.user {
		full, simple = t.cls.own.full, quoteText(t.cls.own.simple)
		if t.cls.own.enum {
			of = c.classRef(t.cls)
		}
	} else if t.kind == kClass {
		full = t.cls.pkg + "." + t.cls.name
	}
	return val{js: "$j.classNamed(" + quoteText(full) + ", " + simple + ", " + of + ")", t: c.class("Class").of(c.box(t)), solid: true}
}

// notNull writes a value that throws a NullPointerException where it is null.
func (c *checker) notNull(n *node, v val) string {
	if v.solid {
		return v.js
	}
	return at(n) + "$n(" + v.js + ")"
}

func (c *checker) methodCall(n *node, want *typ) val {
	name := n.child("name")
	call := invocation{name: name.text, what: "method", args: n.child("arguments").parts(), want: want}
	if given := n.child("type_arguments"); given != nil {
		for _, t := range given.parts() {
			call.explicit = append(call.explicit, c.resolve(t))
		}
	}
	object := n.child("object")
	if object == nil {
		return c.ownCall(name, call)
	}
	if object.kind == "super" {
		return c.superCall(n, name, call)
	}
	if c.missingClass(object) {
		return badVal()
	}
	cls, v := c.target(object)
	if cls != nil {
		return c.staticCall(name, cls, call)
	}
	return c.callOn(name, v, call)
}

// callOn writes a call on a value.
func (c *checker) callOn(name *node, v val, call invocation) val {
	t := v.t
	switch {
	case t.bad():
		for _, a := range call.args {
			if !isLate(a) {
				c.expr(a, nil)
			}
		}
		return badVal()
	case t.isPrimitive() || t.kind == kVoid:
		return c.wrong(name, "a %s has no methods", t)
	case t.kind == kArray && name.text == "clone" && len(call.args) == 0:
		return val{js: c.notNull(name, v) + ".slice()", t: t, solid: true}
	case t.kind != kClass:
		if t = c.bound(t); t.kind != kClass {
			t = c.object()
		}
	}
	candidates := c.methodsOf(t.cls, name.text)
	if len(candidates) == 0 {
		return c.unknownMethod(name, t.cls, name.text)
	}
	call.self, call.owner = t, t.cls
	call.receiver = func(*method) string { return c.notNull(name, v) }
	if name.text == "equals" && len(call.args) == 1 && v.solid {
		call.receiver = func(*method) string { return v.js }
	}
	return c.invoke(name, candidates, call)
}

// methodsOf gives the methods of that name, Object's among them.
func (c *checker) methodsOf(cls *class, name string) []*method {
	out := cls.find(name)
	for _, m := range c.class("Object").methods[name] {
		if !overridden(out, m) {
			out = append(out, m)
		}
	}
	return out
}

func (c *checker) staticCall(name *node, cls *class, call invocation) val {
	if c.table.classes[cls.name] == cls {
		if hint := c.table.refused[cls.name+"."+name.text]; hint != "" {
			return c.refuse(name, "%s.%s isn't available: %s", cls.name, name.text, hint)
		}
	}
	var candidates []*method
	for _, m := range cls.find(name.text) {
		if m.static && (m.owner == cls || !m.owner.iface) {
			candidates = append(candidates, m)
		}
	}
	if len(candidates) == 0 {
		if len(cls.find(name.text)) > 0 {
			return c.wrong(name, "%s isn't static; call it on an object of %s", name.text, cls.name)
		}
		return c.unknownMethod(name, cls, name.text)
	}
	call.owner = cls
	return c.invoke(name, candidates, call)
}

// ownCall writes a call without a receiver.
func (c *checker) ownCall(name *node, call invocation) val {
	for s := c.scope; s != nil; s = s.parent {
		if s.self != nil && len(c.methodsOf(s.self.t.cls, name.text)) > 0 {
			return c.callOn(name, *s.self, call)
		}
	}
	for s := c.cls; s != nil; s = s.own.outer {
		candidates := s.find(name.text)
		if s == c.cls && len(candidates) == 0 {
			candidates = c.class("Object").methods[name.text]
		}
		if len(candidates) == 0 {
			continue
		}
		call.owner, call.self = s, s.self()
		call.receiver = func(m *method) string {
			if m.static {
				return ""
			}
			if s == c.cls && c.inStatic() {
				c.wrong(name, "%s isn't static, and there is no object here; make it static", name.text)
				return "null"
			}
			return c.outerPath(name, s)
		}
		return c.invoke(name, candidates, call)
	}
	for _, cls := range append(append([]*class{}, c.statics[name.text]...), c.statics["*"]...) {
		if len(cls.find(name.text)) > 0 {
			return c.staticCall(name, cls, call)
		}
	}
	return c.wrong(name, "there is no method %s", shorten(name.text))
}

// superCall writes super.name(..).
func (c *checker) superCall(n, name *node, call invocation) val {
	if c.inStatic() {
		return c.wrong(n, "there is no super in a static method")
	}
	if base := c.cls.own.base; base != nil {
		var candidates []*method
		for _, m := range base.cls.find(name.text) {
			if own := implementation(base.cls, m); m.owner.user && own != nil {
				candidates = append(candidates, own)
			}
		}
		if len(candidates) > 0 {
			call.self, call.owner = base, base.cls
			call.template = func(m *method) string { return m.owner.own.js + ".prototype." + m.js + ".call(this, $*)" }
			return c.invoke(name, candidates, call)
		}
	}
	if !c.cls.thrown {
		return c.refuse(n, "super.%s isn't supported; it is no method of your own class above", name.text)
	}
	script, known := map[string]string{"getMessage": "getMessage", "getCause": "getCause", "toString": "$str"}[name.text]
	if !known || len(call.args) > 0 {
		return c.refuse(n, "super.%s isn't supported", name.text)
	}
	t := c.str()
	if name.text == "getCause" {
		t = c.class("Throwable").of()
	}
	return val{js: "$j.ex.Throwable.prototype." + script + ".call(this)", t: t}
}
