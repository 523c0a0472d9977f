package java

import (
	"fmt"
	"slices"
	"strings"
)

// inherit reads extends and implements.
func (c *checker) inherit(cls *class) {
	c.cls = cls
	n := cls.own.decl
	if cls.own.enum {
		cls.supers = append(cls.supers, c.class("Enum").of(cls.of()))
		cls.own.values = enumConstants(cls)
	}
	if sup := n.child("superclass"); sup != nil {
		c.extends(cls, sup, c.resolve(sup.parts()[0]))
	}
	if ext := n.only("extends_interfaces"); ext != nil {
		for _, k := range ext.only("type_list").parts() {
			c.implements(cls, k)
		}
	}
	if impl := n.child("interfaces"); impl != nil {
		for _, k := range impl.only("type_list").parts() {
			c.implements(cls, k)
		}
	}
}

func (c *checker) extends(cls *class, n *node, t *typ) {
	switch {
	case t.bad() || t.is("Object"):
	case t.kind == kClass && t.cls.user && !t.cls.iface && !t.cls.own.record && (!t.cls.own.enum || cls.own.within):
		cls.own.base = t
		cls.thrown = c.isThrowable(t.cls, 0)
		cls.supers = append([]*typ{t}, cls.supers...)
	case t.kind == kClass && t.cls.thrown:
		cls.thrown = true
		cls.supers = append([]*typ{t}, cls.supers...)
	default:
		c.refuse(n, "a class can only extend your own classes and exceptions here; hold a %s in a field instead of extending it", t)
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
	if !t.bad() && t.kind == kClass {
		c.takes(cls, n, t)
	}
}

// takes adds an interface to what a class implements.
func (c *checker) takes(cls *class, n *node, t *typ) {
	allowed := t.cls.fun != nil && !t.cls.user || t.cls.user && t.cls.iface ||
		slices.Contains([]string{"HttpLoop", "Serializable", "Cloneable", "Comparable", "Iterable", "Iterator", "AutoCloseable"}, t.cls.name)
	if !allowed {
		c.refuse(n, "a class can't implement %s here; only your own and functional interfaces, Comparable, Iterable, Iterator and HttpLoop", t)
		return
	}
	cls.supers = append(cls.supers, t)
}

// circular notes classes that extend themselves.
func (c *checker) circular() {
	state := map[*class]int{}
	var visit func(cls *class) bool
	visit = func(cls *class) bool {
		if !cls.user || state[cls] == 2 {
			return false
		}
		if state[cls] == 1 {
			c.wrong(cls.own.decl, "%s extends itself", cls.name)
			return true
		}
		state[cls] = 1
		for _, s := range cls.supers {
			if visit(s.cls) {
				return true
			}
		}
		state[cls] = 2
		return false
	}
	for _, cls := range c.classes {
		if visit(cls) {
			return
		}
	}
}

// above gives the classes and interfaces of the file that a class inherits from, nearer ones first.
func above(cls *class) []*class {
	var out []*class
	var add func(cls *class)
	add = func(cls *class) {
		for _, s := range cls.supers {
			if s.cls.user && !slices.Contains(out, s.cls) {
				out = append(out, s.cls)
				add(s.cls)
			}
		}
	}
	add(cls)
	return out
}

// overrides reports whether m, seen from cls, takes the place of a method of a class above.
func overrides(cls *class, m, old *method) bool {
	if m.name != old.name || m == old || m.static || old.static || old.private || len(m.params) != len(old.params) {
		return false
	}
	b := bindings{}
	if super := cls.self().asSuper(old.owner); super != nil {
		b = old.owner.bind(super.args)
	}
	own := bindings{}
	if super := cls.self().asSuper(m.owner); super != nil {
		own = m.owner.bind(super.args)
	}
	for i, p := range old.params {
		if !same(m.params[i].subst(own, nil), p.subst(b, nil)) {
			return false
		}
	}
	return true
}

// methodName names a method in the script. One that overrides another has its name, so that a call finds it.
func (c *checker) methodName(m *method) string {
	if !m.static && !m.private {
		for _, up := range above(m.owner) {
			for _, old := range up.methods[m.name] {
				if overrides(m.owner, m, old) {
					return old.js
				}
			}
		}
	}
	return c.fresh("m") + "_" + mangle(m.name)
}

// implementation finds the method with a body that an object of cls has for one of a class or interface above.
func implementation(cls *class, want *method) *method {
	find := func(in *class) *method {
		for _, m := range in.methods[want.name] {
			if !m.hollow && !m.static && (m == want || overrides(cls, m, want)) {
				return m
			}
		}
		return nil
	}
	for s := cls; s != nil; {
		if m := find(s); m != nil {
			return m
		}
		if s.own.base == nil {
			break
		}
		s = s.own.base.cls
	}
	var found *method
	for _, up := range above(cls) {
		if m := find(up); up.iface && m != nil && (found == nil || up.of().asSuper(found.owner) != nil) {
			found = m
		}
	}
	return found
}

// bridges writes the methods by which a class answers to what its interfaces and the classes above call it by, and notes
// what is missing.
func (c *checker) bridges(cls *class) string {
	if cls.iface {
		return ""
	}
	var out strings.Builder
	done := map[string]bool{}
	for _, up := range above(cls) {
		for _, list := range sortedMethods(up) {
			for _, old := range list {
				if old.static || old.private || done[old.js] {
					continue
				}
				m := implementation(cls, old)
				switch {
				case m == nil && c.libraryHas(old), cls.own.hollow && m == nil:
				case m == nil:
					c.wrong(cls.own.decl, "%s must have the method %s of %s", cls.name, old.name, up.name)
				case m.owner.iface && m.js == old.js:
					done[old.js] = true
					fmt.Fprintf(&out, "%s(...a) { return %s.prototype.%s.call(this, ...a); }\n", old.js, m.owner.own.js, m.js)
				case m.js != old.js:
					done[old.js] = true
					fmt.Fprintf(&out, "%s(...a) { return this.%s(...a); }\n", old.js, m.js)
				}
			}
		}
	}
	return out.String()
}

// libraryHas reports whether every object has such a method anyway, as an interface may say of equals.
func (c *checker) libraryHas(m *method) bool {
	for _, o := range c.class("Object").methods[m.name] {
		if len(o.params) == len(m.params) {
			return true
		}
	}
	return false
}

// sortedMethods gives the methods of a class by name, so that the script is always the same.
func sortedMethods(cls *class) [][]*method {
	var names []string
	for name := range cls.methods {
		names = append(names, name)
	}
	slices.Sort(names)
	var out [][]*method
	for _, name := range names {
		out = append(out, cls.methods[name])
	}
	return out
}

// declareFunctional finds the one method of an interface that a lambda can be.
func (c *checker) declareFunctional(cls *class) {
	var found *method
	count := 0
	for _, in := range append([]*class{cls}, above(cls)...) {
		for _, list := range sortedMethods(in) {
			for _, m := range list {
				if m.hollow && !c.libraryHas(m) && implementation(cls, m) == nil && (found == nil || m.js != found.js) {
					found = m
					count++
				}
			}
		}
	}
	for _, in := range append([]*class{cls}, above(cls)...) {
		for _, s := range in.supers {
			if !s.cls.user && s.cls.fun != nil && s.cls.name != "Comparable" {
				found = s.cls.fun
				count++
			}
		}
	}
	if count == 1 {
		cls.fun = found
	}
}

// functional gives the functional interfaces of Java's library that a class has.
func functional(cls *class) []*typ {
	var out []*typ
	for _, in := range append([]*class{cls}, above(cls)...) {
		for _, s := range in.supers {
			if !s.cls.user && s.cls.fun != nil && s.cls.name != "Comparable" {
				out = append(out, s)
			}
		}
	}
	return out
}
