package java

import (
	"fmt"
	"strings"
)

// emitCtor writes a constructor: kN, which gives the object, and $kN, which is its body.
func (c *checker) emitCtor(m *method) string {
	cls := m.owner
	switch {
	case m.decl == nil && cls.own.record:
		return c.emitCanonical(m)
	case m.decl == nil && cls.own.within && cls.own.decl.child("name") == nil:
		return fmt.Sprintf("k0() { %s.prototype.$f.call(this); return this; }\n", cls.own.js)
	case m.decl == nil:
		return fmt.Sprintf("k0() { %s%s.prototype.$f.call(this); return this; }\n", c.impliedSuper(cls, cls.own.decl), cls.own.js)
	}
	var params []string
	var body strings.Builder
	c.inFunction(&function{ret: tVoid, starts: true}, func() {
		params = c.params(m)
		block := m.decl.child("body")
		first := block.only("explicit_constructor_invocation")
		if first != nil {
			body.WriteString(c.constructorCall(first))
		}
		if first == nil {
			body.WriteString(c.impliedSuper(cls, m.decl))
		}
		if first == nil || first.child("constructor").kind == "super" {
			fmt.Fprintf(&body, "%s.prototype.$f.call(this);\n", cls.own.js)
		}
		script, _ := c.statements(block.parts(), first)
		body.WriteString(script)
	})
	return c.ctorText(m, params, body.String())
}

// impliedSuper writes the call of the constructor above that a constructor without super(..) begins with.
func (c *checker) impliedSuper(cls *class, n *node) string {
	if cls.own.base == nil || cls.own.base.cls.own.enum {
		return ""
	}
	base := cls.own.base.cls
	return c.invoke(n, base.ctors, invocation{name: base.name, what: "constructor", owner: base, template: func(m *method) string {
		return base.own.js + ".prototype." + m.js + ".call(this, $*)"
	}}).js + ";\n"
}

// ctorText writes a constructor: return in it leaves its body alone.
func (c *checker) ctorText(m *method, params []string, body string) string {
	return fmt.Sprintf("%s(%s) { %s.prototype.$%s.call(this%s); return this; }\n$%s(%s) {\n%s}\n", m.js, strings.Join(params, ", "),
		m.owner.own.js, m.js, lead(params), m.js, strings.Join(params, ", "), body)
}

func lead(params []string) string {
	if len(params) == 0 {
		return ""
	}
	return ", " + strings.Join(params, ", ")
}

// constructorCall writes this(..) or super(..).
func (c *checker) constructorCall(n *node) string {
	args := n.child("arguments").parts()
	cls := c.cls
	if n.child("object") != nil {
		c.refuse(n, "this kind of constructor call isn't supported")
		return ""
	}
	call := invocation{name: cls.name, what: "constructor", args: args, owner: cls}
	if n.child("constructor").kind == "this" {
		call.template = func(m *method) string { return cls.own.js + ".prototype." + m.js + ".call(this, $*)" }
		return c.invoke(n, cls.ctors, call).js + ";\n"
	}
	if !cls.thrown && cls.own.base == nil {
		if len(args) > 0 {
			c.wrong(n, "Object's constructor takes nothing")
		}
		return ""
	}
	super := cls.supers[0].cls
	call.name, call.owner = super.name, super
	call.template = func(m *method) string {
		switch {
		case super.user:
			return super.own.js + ".prototype." + m.js + ".call(this, $*)"
		case len(m.params) == 0:
			return "this.$init(null)"
		case len(m.params) == 1 && m.params[0].is("Throwable"):
			return "this.$initFrom($1)"
		}
		return "this.$init($*)"
	}
	return c.invoke(n, super.ctors, call).js + ";\n"
}
