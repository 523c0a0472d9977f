package java

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// components gives the parameters of a record's head.
func components(cls *class) []*node {
	if !cls.own.record {
		return nil
	}
	var out []*node
	for _, p := range cls.own.decl.child("parameters").parts() {
		if p.kind == "formal_parameter" {
			out = append(out, p)
		}
	}
	return out
}

// declareComponents declares the fields of a record.
func (c *checker) declareComponents(cls *class) {
	if cls.own.record && len(components(cls)) != len(cls.own.decl.child("parameters").parts()) {
		c.refuse(cls.own.decl.child("parameters"), "this kind of parameter isn't supported in a record")
	}
	for _, p := range components(cls) {
		t, name := c.parameter(p)
		c.addField(cls, p, &field{name: name.text, t: t, final: true, js: "f_" + mangle(name.text)})
	}
}

// declareAccessors declares what a record has beside what its author wrote: the constructor and a method for each field.
func (c *checker) declareAccessors(cls *class) {
	if !cls.own.record {
		return
	}
	var params []*typ
	for _, p := range components(cls) {
		t, name := c.parameter(p)
		params = append(params, t)
		written := slices.ContainsFunc(cls.methods[name.text], func(m *method) bool { return len(m.params) == 0 })
		if !written {
			m := &method{name: name.text, owner: cls, ret: t}
			m.js = c.methodName(m)
			cls.methods[name.text] = append(cls.methods[name.text], m)
		}
	}
	for _, k := range cls.ctors {
		if len(k.params) == len(params) && slices.EqualFunc(k.params, params, func(a, b *typ) bool { return a.String() == b.String() }) {
			return
		}
	}
	cls.ctors = append(cls.ctors, &method{name: "new", owner: cls, ret: cls.self(), params: params, js: "k" + strconv.Itoa(len(cls.ctors))})
}

// emitRecord writes the accessors of a record, and what all records are compared and written by.
func (c *checker) emitRecord(cls *class, has func(name string, params int) bool) string {
	var out strings.Builder
	var names, mine []string
	for _, p := range components(cls) {
		_, name := c.parameter(p)
		f := cls.fields[name.text]
		for _, m := range cls.methods[name.text] {
			if m.decl == nil {
				fmt.Fprintf(&out, "%s() { return this.%s; }\n", m.js, f.js)
			}
		}
		names = append(names, quoteText(name.text))
		mine = append(mine, c.boxed(val{js: "this." + f.js, t: f.t}).js)
	}
	fmt.Fprintf(&out, "$all() { return [%s]; }\n", strings.Join(mine, ", "))
	if !has("equals", 1) {
		fmt.Fprintf(&out, "$eq(o) { return o instanceof %s && $j.Record.equal(this, o); }\n", cls.own.js)
	}
	if !has("hashCode", 0) {
		out.WriteString("$hash() { return $j.Record.hash(this); }\n")
	}
	if !has("toString", 0) {
		fmt.Fprintf(&out, "$str() { return $j.Record.str(this, %s, [%s]); }\n", quoteText(cls.own.decl.child("name").text), strings.Join(names, ", "))
	}
	return out.String()
}

// emitCanonical writes the constructor that a record has by itself, with the body of a compact one before the fields are set.
func (c *checker) emitCanonical(m *method) string {
	cls := m.owner
	var params []string
	var body strings.Builder
	c.inFunction(&function{ret: tVoid, starts: true}, func() {
		for _, p := range components(cls) {
			t, name := c.parameter(p)
			l := c.declare(name, name.text, t)
			l.assigned = 1
			params = append(params, l.js)
		}
		fmt.Fprintf(&body, "%s.prototype.$f.call(this);\n", cls.own.js)
		for _, k := range members(cls) {
			if k.kind == "compact_constructor_declaration" {
				body.WriteString(c.block(k.child("body")))
			}
		}
		for i, p := range components(cls) {
			_, name := c.parameter(p)
			fmt.Fprintf(&body, "this.%s = %s;\n", cls.fields[name.text].js, params[i])
		}
	})
	return c.ctorText(m, params, body.String())
}
