package java

import (
	"slices"
	"strconv"
	"strings"
)

// ownClass is what more is known of a class that the file declares.
type ownClass struct {
	decl   *node
	body   *node
	outer  *class
	tvars  []string         // type variables of the class, and of the method being written
	bounds map[string]*node // what they extend
	inner  bool             // has an object of the outer class
	enum   bool
	js     string // the class in the script
	values []*node
	start  []*node // what initialises static fields, in order
	fields []*node // what initialises the others
	full   string  // as getClass().getName() gives it
	dotted string  // the same with dots alone
}

// declareAll finds the classes of a file, nested ones too.
func (c *checker) declareAll(root *node) {
	pkg := ""
	for _, n := range root.kids {
		switch n.kind {
		case "package_declaration":
			pkg = n.only("identifier", "scoped_identifier").text + "."
		case "class_declaration", "enum_declaration", "interface_declaration", "record_declaration", "annotation_type_declaration":
			c.declareClass(n, nil, pkg)
		case "import_declaration", ";":
		default:
			c.wrong(n, "this must stand within a class")
		}
	}
}

func (c *checker) declareClass(n *node, outer *class, pkg string) {
	id := n.child("name")
	switch n.kind {
	case "record_declaration":
		c.refuse(n, "records aren't supported; write a class with fields")
		return
	case "annotation_type_declaration":
		c.refuse(n, "annotation types aren't supported; leave it out")
		return
	}
	name := id.text
	if outer != nil {
		name = outer.name + "." + name
	}
	cls := &class{name: name, user: true, methods: map[string][]*method{}, fields: map[string]*field{}, iface: n.kind == "interface_declaration"}
	cls.own = &ownClass{
		decl: n, body: n.child("body"), outer: outer, enum: n.kind == "enum_declaration",
		js: "c" + strconv.Itoa(len(c.classes)) + "_" + mangle(id.text), full: pkg + strings.ReplaceAll(name, ".", "$"), dotted: pkg + name,
	}
	static := n.only("modifiers").has("static") || cls.own.enum || cls.iface || outer != nil && outer.iface
	cls.own.inner = outer != nil && !static
	if c.named[name] != nil {
		c.wrong(id, "there are two classes %s", name)
		return
	}
	if tp := n.child("type_parameters"); tp != nil {
		cls.params = cls.own.variables(tp)
		cls.own.tvars = cls.params
	}
	cls.is = "$0 instanceof " + cls.own.js
	if n.only("modifiers").has("abstract") {
		c.refuse(n, "abstract classes aren't supported; write a final class, or an interface with one method")
	}
	c.named[name] = cls
	c.classes = append(c.classes, cls)
	for _, k := range members(cls) {
		switch k.kind {
		case "class_declaration", "enum_declaration", "interface_declaration", "record_declaration", "annotation_type_declaration":
			c.declareClass(k, cls, pkg)
		}
	}
}

// variables reads type parameters and notes what they extend.
func (own *ownClass) variables(tp *node) []string {
	var names []string
	for _, p := range tp.parts() {
		name := p.only("type_identifier").text
		names = append(names, name)
		if own.bounds == nil {
			own.bounds = map[string]*node{}
		}
		delete(own.bounds, name)
		if bound := p.only("type_bound"); bound != nil {
			own.bounds[name] = bound.parts()[0]
		}
	}
	return names
}

// members gives what stands in a class's body, the constants of an enum left out.
func members(cls *class) []*node {
	var out []*node
	for _, k := range cls.own.body.parts() {
		if k.kind == "enum_body_declarations" {
			out = append(out, k.parts()...)
		} else {
			out = append(out, k)
		}
	}
	return out
}

// inherit reads extends and implements.
func (c *checker) inherit(cls *class) {
	c.cls = cls
	n := cls.own.decl
	if cls.own.enum {
		cls.supers = append(cls.supers, c.class("Enum").of(cls.of()))
		cls.own.values = enumConstants(cls)
	}
	if sup := n.child("superclass"); sup != nil {
		t := c.resolve(sup.parts()[0])
		switch {
		case t.bad():
		case t.kind == kClass && c.isThrowable(t.cls, 0):
			cls.thrown = true
			cls.supers = append(cls.supers, t)
		case t.kind == kClass && t.cls.name == "Object":
		default:
			c.refuse(sup, "a class can only extend an exception here; hold a %s in a field instead of extending it", t)
		}
	}
	if ext := n.only("extends_interfaces"); ext != nil {
		c.refuse(ext, "an interface can't extend another here; write its one method out")
	}
	if impl := n.child("interfaces"); impl != nil {
		for _, k := range impl.only("type_list").parts() {
			c.implements(cls, k)
		}
	}
}

// isThrowable follows extends of the file's own classes, which may not have been read yet.
func (c *checker) isThrowable(cls *class, depth int) bool {
	if cls.thrown || !cls.user || depth > len(c.classes) {
		return cls.thrown
	}
	sup := cls.own.decl.child("superclass")
	if sup == nil {
		return false
	}
	next := c.findClass(sup.parts()[0].text)
	return next != nil && c.isThrowable(next, depth+1)
}

func (c *checker) implements(cls *class, n *node) {
	t := c.resolve(n)
	if t.bad() || t.kind != kClass {
		return
	}
	allowed := t.cls.fun != nil || t.cls.user && t.cls.iface ||
		slices.Contains([]string{"HttpLoop", "Serializable", "Cloneable", "Comparable", "Iterable", "AutoCloseable"}, t.cls.name)
	if !allowed {
		c.refuse(n, "a class can't implement %s here; only functional interfaces, Comparable and HttpLoop", t)
		return
	}
	cls.supers = append(cls.supers, t)
}

func enumConstants(cls *class) []*node {
	var out []*node
	for _, k := range cls.own.body.parts() {
		if k.kind == "enum_constant" {
			out = append(out, k)
		}
	}
	return out
}

// declareMembers reads the signatures of a class.
func (c *checker) declareMembers(cls *class) {
	c.cls = cls
	for _, k := range enumConstants(cls) {
		name := k.child("name").text
		c.addField(cls, k, &field{name: name, t: cls.of(), static: true, final: true, js: "s_" + mangle(name)})
		if k.child("body") != nil {
			c.refuse(k, "an enum constant can't have a body here")
		}
	}
	for _, k := range members(cls) {
		switch k.kind {
		case "field_declaration", "constant_declaration":
			c.declareFields(cls, k)
		case "method_declaration":
			c.declareMethod(cls, k)
		case "constructor_declaration":
			c.declareMethod(cls, k)
		case "static_initializer":
			cls.own.start = append(cls.own.start, k)
		case "block":
			cls.own.fields = append(cls.own.fields, k)
		case "compact_constructor_declaration":
			c.wrong(k, "only a record can have this")
		}
	}
	if cls.own.enum {
		cls.methods["values"] = append(cls.methods["values"], &method{name: "values", owner: cls, static: true, ret: arrayOf(cls.of()), js: "e_values"})
		cls.methods["valueOf"] = append(cls.methods["valueOf"],
			&method{name: "valueOf", owner: cls, static: true, params: []*typ{c.str()}, ret: cls.of(), js: "e_valueOf"})
	}
	if cls.iface {
		c.declareFunctional(cls)
	}
	if len(cls.ctors) == 0 {
		cls.ctors = append(cls.ctors, &method{name: "new", owner: cls, ret: cls.self(), js: "k0"})
	}
}

func (c *checker) addField(cls *class, n *node, f *field) {
	f.owner, f.decl = cls, n
	if cls.fields[f.name] != nil {
		c.wrong(n, "there are two fields %s", f.name)
		return
	}
	cls.fields[f.name] = f
}

func (c *checker) declareFields(cls *class, n *node) {
	mods := n.only("modifiers")
	base := c.resolve(n.child("type"))
	static := mods.has("static") || cls.iface
	for _, d := range n.children("declarator") {
		f := &field{name: d.child("name").text, t: c.dims(base, d.child("dimensions")), static: static, final: mods.has("final") || cls.iface}
		f.js = map[bool]string{true: "s_", false: "f_"}[static] + mangle(f.name)
		c.addField(cls, d, f)
		if static {
			cls.own.start = append(cls.own.start, d)
		} else {
			cls.own.fields = append(cls.own.fields, d)
		}
	}
}

func (c *checker) declareMethod(cls *class, n *node) {
	mods := n.only("modifiers")
	for _, word := range []string{"abstract", "native"} {
		if mods.has(word) && !cls.iface {
			c.refuse(n, "%s methods aren't supported", word)
		}
	}
	m := &method{owner: cls, static: mods.has("static"), decl: n, name: n.child("name").text}
	old := cls.own.tvars
	if tp := n.child("type_parameters"); tp != nil {
		m.tvars = cls.own.variables(tp)
		cls.own.tvars = append(slices.Clone(old), m.tvars...)
	}
	for _, p := range n.child("parameters").parts() {
		t, _ := c.parameter(p)
		m.params = append(m.params, t)
		m.varargs = p.kind == "spread_parameter"
	}
	defer func() { cls.own.tvars = old }()
	if n.kind == "constructor_declaration" {
		if m.name != cls.own.decl.child("name").text {
			c.wrong(n, "a method needs a type; a constructor must be named %s", cls.name)
		}
		m.ret, m.js = cls.self(), "k"+strconv.Itoa(len(cls.ctors))
		c.once(n, cls.ctors, m)
		cls.ctors = append(cls.ctors, m)
		return
	}
	m.ret = c.dims(c.resolve(n.child("type")), n.child("dimensions"))
	m.js = "m" + strconv.Itoa(len(cls.methods[m.name])) + "_" + mangle(m.name)
	c.once(n, cls.methods[m.name], m)
	cls.methods[m.name] = append(cls.methods[m.name], m)
	if n.child("body") == nil && !cls.iface {
		c.wrong(n, "this method has no body")
	}
	if cls.iface && n.child("body") != nil && !m.static {
		c.refuse(n, "default methods of interfaces aren't supported; write a static method")
	}
}

func (c *checker) once(n *node, list []*method, m *method) {
	for _, o := range list {
		if len(o.params) != len(m.params) {
			continue
		}
		if slices.EqualFunc(o.params, m.params, func(a, b *typ) bool { return a.String() == b.String() }) {
			c.wrong(n, "there are two %s with the same parameters", m.name)
		}
	}
}

// parameter reads a formal parameter.
func (c *checker) parameter(p *node) (*typ, *node) {
	switch p.kind {
	case "formal_parameter":
		return c.dims(c.resolve(p.child("type")), p.child("dimensions")), p.child("name")
	case "spread_parameter":
		for _, k := range p.parts() {
			if k.kind == "variable_declarator" {
				return arrayOf(c.resolve(typeOfSpread(p))), k.child("name")
			}
		}
	}
	c.refuse(p, "this kind of parameter isn't supported")
	return tBad, p
}

func typeOfSpread(p *node) *node {
	for _, k := range p.parts() {
		if k.kind != "modifiers" {
			return k
		}
	}
	return p
}

// declareFunctional finds the one method of an interface.
func (c *checker) declareFunctional(cls *class) {
	var found []*method
	for _, list := range cls.methods {
		for _, m := range list {
			if m.decl.child("body") == nil {
				found = append(found, m)
			}
		}
	}
	if len(found) > 1 {
		c.refuse(cls.own.decl, "an interface can have only one method here, so that a lambda can be it")
	}
	if len(found) > 0 {
		cls.fun = found[0]
		cls.fun.js = "$j.fn($0)($*)"
		cls.is = "typeof $0 === \"function\""
	}
}
