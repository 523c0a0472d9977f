package java

import (
	"fmt"
	"strconv"
	"strings"
)

// within makes a class that stands in a method. Its methods may use the variables around it.
func (c *checker) within(decl, body *node, name string, static bool) *class {
	outer := c.cls
	outer.own.nested++
	cls := &class{name: name, user: true, methods: map[string][]*method{}, fields: map[string]*field{}, iface: decl.kind == "interface_declaration"}
	cls.own = &ownClass{
		decl: decl, body: body, outer: outer, within: true, inner: !static && !c.inStatic(), enum: decl.kind == "enum_declaration",
		record: decl.kind == "record_declaration", hollow: decl.only("modifiers").has("abstract") || cls.iface,
		js: c.fresh("c") + "_" + mangle(name), full: outer.own.full + "$" + strconv.Itoa(outer.own.nested) + name,
		simple: name, dotted: name,
	}
	cls.is = "$0 instanceof " + cls.own.js
	if cls.iface {
		cls.is = "$j.isA($0, " + cls.own.js + ")"
	}
	for _, k := range members(cls) {
		switch k.kind {
		case "class_declaration", "enum_declaration", "interface_declaration", "record_declaration":
			c.refuse(k, "a class within a class of a method isn't supported; move it out of the method")
		}
	}
	return cls
}

// emitWithin writes a class that stands in a method, where it stands.
func (c *checker) emitWithin(cls *class) string {
	old, oldScope, variables := c.cls, c.scope, cls.own.tvars
	c.scope = &scope{parent: oldScope, vars: map[string]*local{}, class: cls}
	c.declareMembers(cls)
	script := c.emitClass(cls)
	c.cls, c.scope, cls.own.tvars = old, oldScope, variables
	return script
}

// localClass writes a class with a name that is declared in a method.
func (c *checker) localClass(n *node) string {
	id := n.child("name")
	if n.kind == "annotation_type_declaration" {
		c.refuse(n, "annotation types aren't supported; leave it out")
		return ""
	}
	if c.scope.types[id.text] != nil {
		c.wrong(id, "there are two classes %s", id.text)
		return ""
	}
	cls := c.within(n, n.child("body"), id.text, n.kind != "class_declaration")
	if tp := n.child("type_parameters"); tp != nil {
		cls.params = cls.own.variables(tp)
		cls.own.tvars = cls.params
	}
	if c.scope.types == nil {
		c.scope.types = map[string]*class{}
	}
	c.scope.types[id.text] = cls
	old := c.cls
	before := len(c.problems)
	c.inherit(cls)
	c.cls = old
	if cls.own.base != nil && cls.own.base.cls == cls {
		c.wrong(n, "%s extends itself", cls.name)
	}
	if len(c.problems) > before {
		return ""
	}
	return c.emitWithin(cls)
}

// anonymous writes new T(..) { .. }: a class without a name, and its one object.
func (c *checker) anonymous(n *node, t *typ, body *node, diamond bool, want *typ) val {
	if diamond && want != nil && want.kind == kClass && want.cls == t.cls {
		t = want
	}
	t = t.filledHoles(c.object())
	decl := *n
	decl.kind = "class_declaration"
	cls := c.within(&decl, body, "", false)
	before := len(c.problems)
	if t.cls.iface {
		c.takes(cls, n, t)
	} else {
		c.extends(cls, n, t)
	}
	args := n.child("arguments").parts()
	if t.cls.iface && len(args) > 0 {
		c.wrong(n, "an interface has no constructor that takes anything")
	}
	if len(c.problems) > before {
		return badVal()
	}
	for _, k := range body.parts() {
		if k.kind == "constructor_declaration" {
			return c.wrong(k, "a class without a name has no constructors")
		}
	}
	script := c.emitWithin(cls)
	made := "new (" + strings.TrimSuffix(script, "\n") + ")(" + c.outerOf(n, cls) + ")"
	if t.cls.iface || t.is("Object") {
		return val{js: made + ".k0()", t: t, solid: true}
	}
	v := c.invoke(n, t.cls.ctors, invocation{name: t.cls.name, what: "constructor", args: args, owner: t.cls, explicit: t.args,
		template: func(m *method) string { return made + ".$new(" + quoteText(m.js) + ", $*)" }})
	v.t, v.solid = t, true
	return v
}

// outerOf gives what a new object of a class gets as the object around it, or nothing.
func (c *checker) outerOf(n *node, cls *class) string {
	if !cls.own.inner {
		return ""
	}
	return c.outerPath(n, cls.own.outer)
}

// bodyOf writes the class of an enum's constant that has a body.
func (c *checker) bodyOf(cls *class, k *node) string {
	decl := *k
	decl.kind = "class_declaration"
	own := c.within(&decl, k.child("body"), "", true)
	c.extends(own, k, cls.of())
	return fmt.Sprintf("new (%s)()", strings.TrimSuffix(c.emitWithin(own), "\n"))
}
