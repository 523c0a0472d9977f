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
	record bool
	hollow bool   // abstract
	within bool   // stands in a method, without a name or with one
	base   *typ   // the class of the file that it extends
	nested int    // how many classes without a name it holds
	js     string // the class in the script
	values []*node
	start  []*node // what initialises static fields, in order
	fields []*node // what initialises the others
	full   string  // as getClass().getName() gives it
	simple string  // as getSimpleName() gives it
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
	if n.kind == "annotation_type_declaration" {
		c.refuse(n, "annotation types aren't supported; leave it out")
		return
	}
	name := id.text
	if outer != nil {
		name = outer.name + "." + name
	}
	cls := &class{name: name, user: true, methods: map[string][]*method{}, fields: map[string]*field{}, iface: n.kind == "interface_declaration"}
	cls.own = &ownClass{
		decl: n, body: n.child("body"), outer: outer, enum: n.kind == "enum_declaration", record: n.kind == "record_declaration",
		hollow: n.only("modifiers").has("abstract") || n.kind == "interface_declaration",
		js:     "c" + strconv.Itoa(len(c.classes)) + "_" + mangle(id.text), full: pkg + strings.ReplaceAll(name, ".", "$"), dotted: pkg + name,
		simple: id.text,
	}
	static := n.only("modifiers").has("static") || cls.own.enum || cls.own.record || cls.iface || outer != nil && outer.iface
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
	if cls.iface {
		cls.is = "$j.isA($0, " + cls.own.js + ")"
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
		cls.own.hollow = cls.own.hollow || k.child("body") != nil
	}
	c.declareComponents(cls)
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
			if !cls.own.record {
				c.wrong(k, "only a record can have this")
			}
		}
	}
	c.declareAccessors(cls)
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
		if cls.own.base != nil && cls.own.base.cls.findField(f.name) != nil {
			f.js += "_" + cls.own.js // it hides one of a class above, which keeps its own
		}
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
	if mods.has("native") {
		c.refuse(n, "native methods aren't supported")
	}
	m := &method{owner: cls, static: mods.has("static"), private: mods.has("private"), hollow: n.child("body") == nil, decl: n, name: n.child("name").text}
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
	m.js = c.methodName(m)
	c.once(n, cls.methods[m.name], m)
	cls.methods[m.name] = append(cls.methods[m.name], m)
	if m.hollow && !cls.own.hollow {
		c.wrong(n, "this method has no body, and %s isn't abstract", cls.name)
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
