package java

import (
	"fmt"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// prelude gives the script short names for what it uses most.
const prelude = `, $n = $j.nn, $str = $j.str, $ai = $j.ai, $as = $j.as, $imul = Math.imul, $num = Number, $big = BigInt, $fr = Math.fround;
const $L = $j.wrap, $idiv = $j.idiv, $irem = $j.irem, $ldiv = $j.ldiv, $lrem = $j.lrem, $ch = String.fromCharCode;
`

// file writes the whole script.
func (c *checker) file(root *node) string {
	c.imports(root)
	c.declareAll(root)
	for _, cls := range c.classes {
		c.inherit(cls)
	}
	if c.circular(); len(c.problems) > 0 {
		return ""
	}
	for _, cls := range c.ordered() {
		c.declareMembers(cls)
	}
	if len(c.problems) > 0 {
		return "" // what a wrong declaration makes of its uses would only be noise
	}
	main := c.mainClass(root)
	var out strings.Builder
	for _, cls := range c.ordered() {
		out.WriteString(c.emitClass(cls))
	}
	if main != nil {
		fmt.Fprintf(&out, "%s.$s();\nreturn {%s};\n", main.own.js, c.entryFunctions(main))
	}
	out.WriteString("})();\n")
	var names []string
	for _, part := range runtime().load(out.String()) {
		names = append(names, `"`+part+`"`)
	}
	head := "\"use strict\";\nconst $program = (() => {\nconst $j = $java.load([" + strings.Join(names, ", ") + "])"
	return head + prelude + out.String()
}

// ordered gives the classes behind those that they inherit from, since JavaScript needs these first.
func (c *checker) ordered() []*class {
	var out []*class
	done := map[*class]bool{}
	var add func(cls *class)
	add = func(cls *class) {
		if done[cls] {
			return
		}
		done[cls] = true
		for _, s := range cls.supers {
			if s.cls.user {
				add(s.cls)
			}
		}
		out = append(out, cls)
	}
	for _, cls := range c.classes {
		add(cls)
	}
	return out
}

// mainClass finds the class that implements HttpLoop.
func (c *checker) mainClass(root *node) *class {
	var found *class
	loop := c.class("HttpLoop")
	for _, cls := range c.classes {
		if cls.iface || cls.own.hollow || cls.of().asSuper(loop) == nil {
			continue
		}
		if found != nil {
			c.wrong(cls.own.decl, "two classes implement HttpLoop; a file has one procedure")
		}
		found = cls
	}
	if found == nil {
		at := root
		if len(c.classes) > 0 {
			at = c.classes[0].own.decl
		}
		c.wrong(at, "no class implements HttpLoop; write: public class .. implements HttpLoop")
	}
	return found
}

// entryNames are the methods that serve an entry.
func entryNames() map[string]loops.Entry {
	return map[string]loops.Entry{"run": loops.EntryStart, "check": loops.EntryCheck, "poll": loops.EntryPoll, "callback": loops.EntryCallback,
		"report": loops.EntryReport, "login": loops.EntryLogin}
}

func (c *checker) entryFunctions(main *class) string {
	var out []string
	ctor := ""
	for _, k := range main.ctors {
		if len(k.params) == 0 {
			ctor = k.js
		}
	}
	if ctor == "" || main.own.inner {
		c.wrong(main.own.decl, "%s needs a constructor without parameters", main.name)
	}
	for _, name := range []string{"run", "check", "poll", "callback", "report", "login"} {
		for _, m := range main.find(name) {
			if !c.isEntry(m) {
				continue
			}
			entry := entryNames()[name]
			c.entries[entry] = "$program." + name
			out = append(out, fmt.Sprintf("%s: (o, r, s) => new %s().%s().%s(o, r, s)", name, main.own.js, ctor, m.js))
			break
		}
	}
	if c.entries[loops.EntryStart] == "" {
		c.wrong(main.own.decl, "%s has no method: public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result)", main.name)
	}
	return strings.Join(out, ", ")
}

// isEntry reports whether a method has the form (JsObj, HttpLoopResult[, JsObj]) -> HttpLoopRequest.
func (c *checker) isEntry(m *method) bool {
	want := []string{"JsObj", "HttpLoopResult", "JsObj"}
	if m.static || m.varargs || !m.ret.is("HttpLoopRequest") || len(m.params) < 2 || len(m.params) > 3 {
		return false
	}
	for i, p := range m.params {
		if !p.is(want[i]) {
			return false
		}
	}
	return true
}

// emitClass writes a class: $f sets the fields, k0.. are the constructors, m0_name.. the methods, $s starts the statics.
func (c *checker) emitClass(cls *class) string {
	c.cls = cls
	own := cls.own
	var out strings.Builder
	fmt.Fprintf(&out, "class %s extends %s {\n", own.js, c.baseOf(cls))
	out.WriteString(c.emitOuter(cls))
	fmt.Fprintf(&out, "static $name = %s;\n", quoteText(own.full))
	if own.within || strings.Contains(own.simple, "$") { // which getSimpleName couldn't tell from the whole
		fmt.Fprintf(&out, "static $simple = %s;\n", quoteText(own.simple))
	}
	out.WriteString(c.emitStart(cls))
	out.WriteString(c.emitFields(cls))
	for _, m := range cls.ctors {
		out.WriteString(c.emitCtor(m))
	}
	if own.base != nil && own.within {
		fmt.Fprintf(&out, "$new(k, ...a) { %s.prototype[k].call(this, ...a); %s.prototype.$f.call(this); return this; }\n", own.base.cls.own.js, own.js)
	}
	for _, k := range members(cls) {
		for _, list := range cls.methods {
			for _, m := range list {
				if m.decl == k && m.decl.child("body") != nil {
					out.WriteString(c.emitMethod(m))
				}
			}
		}
	}
	if own.enum {
		fmt.Fprintf(&out, "static e_values() { return %s.$values.slice(); }\n", own.js)
		fmt.Fprintf(&out, "static e_valueOf(n) { return $j.enumOf(%s, n, %s); }\n", own.js, quoteText(own.dotted))
	}
	out.WriteString(c.protocol(cls))
	out.WriteString(c.bridges(cls))
	out.WriteString("}\n")
	return out.String()
}

// baseOf gives the class of the script that a class extends.
func (c *checker) baseOf(cls *class) string {
	switch {
	case cls.own.base != nil:
		return cls.own.base.cls.own.js
	case cls.thrown:
		return "$j.ex." + cls.supers[0].cls.name
	case cls.own.enum:
		return "$j.Enum"
	}
	return "$j.Obj"
}

// emitOuter writes how an object learns of the object around it, and which interfaces a class has.
func (c *checker) emitOuter(cls *class) string {
	own := cls.own
	var out strings.Builder
	if own.inner {
		given := ""
		if own.base != nil && own.base.cls.own.inner {
			given = c.pathFrom(cls.own.decl, "o", own.outer, own.base.cls.own.outer)
		}
		fmt.Fprintf(&out, "constructor(o) { super(%s); this.$o_%s = o; }\n", given, own.js)
	} else if own.base != nil && own.base.cls.own.inner {
		c.refuse(own.decl, "a static class can't extend %s, which isn't static", own.base)
	}
	var names []string
	for _, s := range cls.supers {
		if s.cls.user && s.cls.iface {
			names = append(names, s.cls.own.js)
		}
	}
	fmt.Fprintf(&out, "static $is = [%s];\n", strings.Join(names, ", "))
	if cls.iface {
		fmt.Fprintf(&out, "static $lambda = %t;\n", cls.fun != nil)
	}
	return out.String()
}

func quoteText(text string) string { return quote(utf16Of(text)) }

// emitStart writes $s, which starts the static fields once and gives the class.
func (c *checker) emitStart(cls *class) string {
	own := cls.own
	var body strings.Builder
	c.inFunction(&function{ret: tVoid, static: true, starts: true}, func() {
		names := []string{}
		for i, k := range own.values {
			body.WriteString(c.enumConstant(cls, k, i))
			names = append(names, own.js+"."+cls.fields[k.child("name").text].js)
		}
		if own.enum {
			fmt.Fprintf(&body, "%s.$values = [%s];\n", own.js, strings.Join(names, ", "))
		}
		for _, k := range own.start {
			body.WriteString(c.initialise(cls, k, own.js))
		}
	})
	var defaults strings.Builder
	for _, k := range own.start {
		if k.kind == "variable_declarator" {
			f := cls.fields[k.child("name").text]
			fmt.Fprintf(&defaults, "static %s = %s;\n", f.js, defaultOf(f.t))
		}
	}
	first := ""
	if own.base != nil && own.base.cls.starts() {
		first = own.base.cls.own.js + ".$s();\n"
	}
	return fmt.Sprintf("%sstatic $done = false;\nstatic $s() {\nif (!%s.$done) { %s.$done = true;\n%s%s}\nreturn %s; }\n",
		defaults.String(), own.js, own.js, first, body.String(), own.js)
}

func (c *checker) enumConstant(cls *class, k *node, i int) string {
	name := k.child("name").text
	var args []*node
	if list := k.child("arguments"); list != nil {
		args = list.parts()
	}
	call := c.invoke(k, cls.ctors, invocation{name: cls.name, what: "constructor", args: args, owner: cls, template: func(m *method) string {
		if k.child("body") != nil {
			return "$new(" + quoteText(m.js) + ", $*)"
		}
		return m.js + "($*)"
	}})
	made := "new " + cls.own.js + "()"
	if k.child("body") != nil {
		made = c.bodyOf(cls, k)
	}
	return fmt.Sprintf("%s.%s = %s.$e(%s, %d).%s;\n", cls.own.js, cls.fields[name].js, made, quoteText(name), i, call.js)
}

// initialise writes one field's value, or one initialiser block.
func (c *checker) initialise(cls *class, k *node, target string) string {
	if k.kind != "variable_declarator" {
		block := k
		if k.kind == "static_initializer" {
			block = k.only("block")
		}
		return c.block(block)
	}
	f := cls.fields[k.child("name").text]
	value := k.child("value")
	if value == nil {
		return ""
	}
	v := c.assignable(value, f.t)
	if f.final && f.static && v.value != nil && f.value == nil {
		f.value = v.value
	}
	return fmt.Sprintf("%s%s.%s = %s;\n", at(value), target, f.js, v.js)
}

// emitFields writes the fields as they are before a constructor runs, and $f, which gives them their first values.
func (c *checker) emitFields(cls *class) string {
	if len(cls.own.fields) == 0 {
		return "$f() {}\n"
	}
	var defaults strings.Builder
	for _, k := range cls.own.fields {
		if k.kind != "variable_declarator" {
			continue
		}
		f := cls.fields[k.child("name").text]
		before := defaultOf(f.t)
		if value := k.child("value"); f.final && value != nil && strings.HasSuffix(value.kind, "_literal") && c.constant(f) {
			before = c.literalOf(f).js
		}
		fmt.Fprintf(&defaults, "%s = %s;\n", f.js, before)
	}
	var body strings.Builder
	c.inFunction(&function{ret: tVoid, starts: true}, func() {
		for _, k := range cls.own.fields {
			body.WriteString(c.initialise(cls, k, "this"))
		}
	})
	return defaults.String() + "$f() {\n" + body.String() + "}\n"
}

// params declares a method's parameters and gives their names.
func (c *checker) params(m *method) []string {
	var out []string
	for i, p := range m.decl.child("parameters").parts() {
		_, name := c.parameter(p)
		l := c.declare(name, name.text, m.params[i])
		l.final = p.only("modifiers").has("final")
		l.assigned = 1
		out = append(out, l.js)
	}
	return out
}

func (c *checker) emitMethod(m *method) string {
	old := m.owner.own.tvars
	m.owner.own.tvars = append(append([]string{}, old...), m.tvars...)
	if tp := m.decl.child("type_parameters"); tp != nil {
		m.owner.own.variables(tp)
	}
	defer func() { m.owner.own.tvars = old }()
	var params []string
	var script string
	c.inFunction(&function{ret: m.ret, static: m.static}, func() {
		params = c.params(m)
		body := m.decl.child("body")
		text, completes := c.statements(body.parts(), nil)
		if completes && m.ret.kind != kVoid && !m.ret.bad() {
			c.wrong(m.decl.child("name"), "%s doesn't return a %s on every way", m.name, m.ret)
		}
		script = text
	})
	static := ""
	if m.static {
		static = "static "
	}
	return fmt.Sprintf("%s%s(%s) {\n%s}\n", static, m.js, strings.Join(params, ", "), script)
}

// protocol writes what the runtime library asks of any object, where the class has it, and what makes an object that
// implements a functional interface callable.
func (c *checker) protocol(cls *class) string {
	var out strings.Builder
	find := func(name string, params int) *method {
		for _, m := range cls.methods[name] {
			if len(m.params) == params && !m.static && m.decl != nil && m.decl.child("body") != nil {
				return m
			}
		}
		return nil
	}
	if m := find("equals", 1); m != nil && m.params[0].is("Object") {
		fmt.Fprintf(&out, "$eq(o) { return this.%s(o); }\n", m.js)
	}
	for _, pair := range [][2]string{{"hashCode", "$hash"}, {"toString", "$str"}, {"getMessage", "getMessage"}, {"iterator", "iterator"}} {
		if m := find(pair[0], 0); m != nil {
			fmt.Fprintf(&out, "%s() { return this.%s(); }\n", pair[1], m.js)
		}
	}
	if m := find("compareTo", 1); m != nil {
		fmt.Fprintf(&out, "$cmp(o) { return this.%s(o); }\n", m.js)
	}
	if m := find("getMessage", 0); m != nil && cls.thrown {
		out.WriteString("get message() { return this.getMessage() ?? \"\"; }\nset message(text) {}\n")
	}
	if cls.own.record {
		out.WriteString(c.emitRecord(cls, func(name string, params int) bool { return find(name, params) != nil }))
	}
	for _, s := range cls.supers {
		if s.is("Iterator") {
			out.WriteString(c.iterating(cls, find))
		}
	}
	if cls.iface {
		return out.String()
	}
	for i, s := range functional(cls) {
		m := implementation(cls, &method{name: s.cls.fun.name, owner: s.cls, params: s.cls.fun.params})
		if m == nil && cls.own.hollow {
			continue
		}
		if m == nil || i > 0 {
			c.wrong(cls.own.decl, "%s must have the method %s of %s, and can implement one such interface", cls.name, s.cls.fun.name, s)
			continue
		}
		fmt.Fprintf(&out, "$fn(...a) { return this.%s(...a); }\n", m.js)
	}
	return out.String()
}

// iterating writes what the library asks of an Iterator.
func (c *checker) iterating(cls *class, find func(name string, params int) *method) string {
	var out strings.Builder
	for _, name := range []string{"hasNext", "next", "remove"} {
		m := find(name, 0)
		switch {
		case m != nil:
			fmt.Fprintf(&out, "%s() { return this.%s(); }\n", name, m.js)
		case name == "remove":
			out.WriteString("remove() { throw $j.raise($j.ex.UnsupportedOperationException, \"remove\"); }\n")
		default:
			c.wrong(cls.own.decl, "%s must have the method %s of Iterator", cls.name, name)
		}
	}
	return out.String()
}
