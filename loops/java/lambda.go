package java

import (
	"strings"
)

// lambdaParams gives the parameters of a lambda, and their types where it names them.
func lambdaParams(n *node) (names, types []*node) {
	p := n.child("parameters")
	switch p.kind {
	case "identifier":
		return []*node{p}, nil
	case "inferred_parameters":
		return p.parts(), nil
	}
	for _, k := range p.parts() {
		names = append(names, k.child("name"))
		types = append(types, k.child("type"))
	}
	return names, types
}

// late writes a lambda or method reference as a p, and binds what it gives.
func (c *checker) late(n *node, p *typ, inf *inference) val {
	for n.kind == "parenthesized_expression" {
		n = n.parts()[0]
	}
	rest := tHole
	if inf.fixed {
		rest = nil // the variables in p are those of the method around
	}
	target := p.subst(inf.b, rest)
	if target.bad() {
		return badVal()
	}
	if target.kind != kClass || target.cls.fun == nil {
		return c.wrong(n, "a lambda can't be a %s", target)
	}
	fun := target.cls.fun
	seen := fun.owner.bind(target.asSuper(fun.owner).args)
	var params []*typ
	for _, t := range fun.params {
		params = append(params, t.subst(seen, tHole))
	}
	ret := fun.ret.subst(seen, tHole)
	var v val
	var gives *typ
	if n.kind == "method_reference" {
		if cls := c.receiverClass(n, params); cls != nil {
			params[0] = cls.filled(tHole)
			inf.unify(fun.params[0].subst(fun.owner.bind(p.args), nil), cls.filled(c.object()))
		}
		v, gives = c.reference(n, params, ret)
	} else {
		v, gives = c.lambda(n, params, ret, func(types []*typ) {
			for i, t := range types {
				inf.unify(fun.params[i].subst(fun.owner.bind(p.args), nil), t)
			}
		})
	}
	if gives != nil && fun.ret.kind != kVoid {
		inf.unify(fun.ret.subst(fun.owner.bind(p.args), nil), gives)
	}
	v.t, v.solid = p.subst(inf.b, rest), true
	return v
}

// receiverClass gives the class of Class::method where nothing else tells the type of the function's first parameter, and the
// method is called on it.
func (c *checker) receiverClass(n *node, params []*typ) *class {
	if len(params) == 0 || params[0].kind != kHole {
		return nil
	}
	cls := c.classNamed(n.parts()[0])
	if cls == nil {
		return nil
	}
	methods := c.methodsOf(cls, n.kids[len(n.kids)-1].text)
	if len(methods) != 1 || methods[0].static || len(methods[0].params) != len(params)-1 {
		return nil
	}
	return cls
}

// lambda writes the arrow function. gives is the type of its value.
func (c *checker) lambda(n *node, params []*typ, ret *typ, named func([]*typ)) (out val, gives *typ) {
	names, types := lambdaParams(n)
	if len(names) != len(params) {
		return c.wrong(n, "this lambda needs %d parameters, not %d", len(params), len(names)), nil
	}
	f := &function{ret: ret, lambda: true, static: false}
	body := n.child("body")
	c.inFunction(f, func() {
		var script []string
		var known []*typ
		for i, name := range names {
			t := params[i].filledHoles(c.object())
			if types != nil && types[i] != nil && types[i].text != "var" {
				t = c.resolve(types[i])
				known = append(known, t)
			}
			l := c.declare(name, name.text, t)
			l.assigned = 1
			script = append(script, l.js)
		}
		if len(known) > 0 {
			named(known)
		}
		head := "((" + strings.Join(script, ", ") + ") => "
		if body.kind == "block" {
			text, completes := c.statements(body.parts(), nil)
			if completes && ret.kind != kVoid && !ret.bad() {
				c.wrong(n, "this lambda doesn't return a value on every way")
			}
			out.js, gives = head+"{\n"+text+"})", f.found
			return
		}
		out.js, gives = c.lambdaValue(head, body, ret)
	})
	return out, gives
}

func (c *checker) lambdaValue(head string, body *node, ret *typ) (string, *typ) {
	var hoist []string
	c.scope.hoist = &hoist
	if ret.kind == kVoid {
		if !isStatement(body) {
			c.wrong(body, "a value is of no use here; call a method or assign")
		}
		v := c.expr(body, nil)
		return head + "{ " + lets(hoist) + v.js + "; })", nil
	}
	v := c.expr(body, ret)
	v = c.coerce(body, v, ret)
	if len(hoist) > 0 {
		return head + "{ " + lets(hoist) + "return " + v.js + "; })", v.t
	}
	return head + v.js + ")", v.t
}

// reference writes a method reference as an arrow function with these parameters.
func (c *checker) reference(n *node, params []*typ, ret *typ) (val, *typ) {
	parts := n.parts()
	left, word := parts[0], n.kids[len(n.kids)-1].text
	var names []string
	var given []val
	for _, t := range params {
		name := c.fresh("$a")
		names = append(names, name)
		given = append(given, val{js: name, t: t})
	}
	want := ret
	if ret.kind == kVoid || ret.kind == kHole {
		want = nil
	}
	v := c.referenced(n, left, word, given, want)
	if v.t.bad() {
		return v, nil
	}
	head := "((" + strings.Join(names, ", ") + ") => "
	if ret.kind == kVoid {
		return val{js: head + "{ " + v.js + "; })"}, nil
	}
	out := c.coerce(n, v, ret)
	return val{js: head + out.js + ")"}, out.t
}

func (c *checker) referenced(n, left *node, word string, given []val, want *typ) val {
	if word == "new" {
		t := c.resolve(left)
		if t.kind == kArray && len(given) == 1 {
			return c.newArray(n, t, given[0])
		}
		if t.kind != kClass || !c.creatable(n, t.cls) {
			return badVal()
		}
		return c.invoke(n, t.cls.ctors, invocation{name: t.cls.name, what: "constructor", given: given, want: want, owner: t.cls})
	}
	cls := c.classNamed(left)
	if cls == nil && (left.kind == "generic_type" || left.kind == "type_identifier" || left.kind == "scoped_type_identifier" || left.kind == "array_type") {
		if t := c.resolve(left); t.kind == kClass {
			cls = t.cls
		} else {
			return c.wrong(n, "this method reference isn't supported; write a lambda")
		}
	}
	if cls == nil {
		if c.missingClass(left) {
			return badVal()
		}
		return c.boundReference(n, left, word, given, want)
	}
	return c.classReference(n, cls, word, given, want)
}

// newArray is what int[]::new does.
func (c *checker) newArray(n *node, t *typ, size val) val {
	size = c.coerce(n, size, tInt)
	if name := arrayClass(t.elem); name != "" {
		return val{js: "new " + name + "(" + size.js + ")", t: t, solid: true}
	}
	return val{js: "$j.plain(" + size.js + ", " + defaultOf(t.elem) + ")", t: t, solid: true}
}

// boundReference is object::method.
func (c *checker) boundReference(n, left *node, word string, given []val, want *typ) val {
	if left.kind == "super" {
		return c.refuse(n, "super isn't supported")
	}
	v := c.expr(left, nil)
	if v.t.kind != kClass {
		if !v.t.bad() {
			c.wrong(n, "a %s has no methods", v.t)
		}
		return badVal()
	}
	candidates := c.methodsOf(v.t.cls, word)
	if len(candidates) == 0 {
		return c.unknownMethod(n, v.t.cls, word)
	}
	return c.invoke(n, candidates, invocation{name: word, what: "method", given: given, want: want, owner: v.t.cls, self: v.t,
		receiver: func(*method) string { return c.notNull(n, v) }})
}

// classReference is Class::method: static, or with the first parameter as the receiver.
func (c *checker) classReference(n *node, cls *class, word string, given []val, want *typ) val {
	var static, object []*method
	for _, m := range c.methodsOf(cls, word) {
		switch {
		case m.static && len(m.params) == len(given):
			static = append(static, m)
		case m.static && m.varargs:
			static = append(static, m)
		case !m.static && len(given) > 0 && len(m.params) == len(given)-1:
			object = append(object, m)
		}
	}
	if len(static) > 0 && len(object) == 0 || len(static) > 0 && c.anyApplicable(static, given) {
		return c.invoke(n, static, invocation{name: word, what: "method", given: given, want: want, owner: cls})
	}
	if len(object) == 0 {
		if len(c.methodsOf(cls, word)) > 0 {
			return c.wrong(n, "%s.%s can't take %d arguments", cls.name, word, len(given))
		}
		return c.unknownMethod(n, cls, word)
	}
	recv := given[0]
	if recv.t.kind != kClass || recv.t.asSuper(cls) == nil {
		if recv.t.kind > kNull && !widens(recv.t, cls.filled(tHole)) && !recv.t.is("Object") && recv.t.unboxed() == nil {
			return c.wrong(n, "a %s is here where %s is wanted", recv.t, cls.name)
		}
		if recv.t.isPrimitive() {
			recv = c.boxed(recv)
		}
		recv.t = cls.filled(tHole)
	}
	return c.invoke(n, object, invocation{name: word, what: "method", given: given[1:], want: want, owner: cls, self: recv.t,
		receiver: func(*method) string { return c.notNull(n, recv) }})
}

func (c *checker) anyApplicable(list []*method, given []val) bool {
	var args []argument
	for _, v := range given {
		args = append(args, argument{v: v})
	}
	m, _ := c.choose(list, invocation{}, args)
	return m != nil
}

// creation writes new.
func (c *checker) creation(n *node, want *typ) val {
	typeNode := n.child("type")
	body := n.only("class_body")
	if len(n.kids) > 0 && n.kids[0].text != "new" {
		return c.refuse(n, "outer.new Inner() isn't supported; make the nested class static")
	}
	t := c.resolve(typeNode)
	if t.bad() {
		for _, a := range n.child("arguments").parts() {
			if !isLate(a) {
				c.expr(a, nil)
			}
		}
		return badVal()
	}
	if t.kind != kClass {
		return c.wrong(n, "a %s can't be made with new", t)
	}
	diamond := typeNode.kind == "generic_type" && len(typeNode.only("type_arguments").parts()) == 0
	if body != nil && (t.cls.iface || t.cls.user || t.is("Object")) && !(t.cls.user && t.cls.own.enum) {
		return c.anonymous(n, t, body, diamond, want)
	}
	if !c.creatable(n, t.cls) {
		return badVal()
	}
	call := invocation{name: t.cls.name, what: "constructor", args: n.child("arguments").parts(), owner: t.cls}
	if diamond {
		call.want = want
	} else {
		call.explicit = t.args
	}
	v := c.invoke(n, t.cls.ctors, call)
	if body != nil && !v.t.bad() {
		return c.anonymousBlock(n, v, body)
	}
	return v
}

// creatable refuses new for a class that has none.
func (c *checker) creatable(n *node, cls *class) bool {
	hint := c.table.refused[cls.name+".new"]
	switch {
	case hint != "" && !cls.user:
		c.refuse(n, "new %s isn't available: %s", cls.name, hint)
	case len(cls.ctors) == 0 || cls.own != nil && (cls.own.enum || cls.own.hollow) || cls.iface:
		c.wrong(n, "%s can't be made with new", cls.name)
	default:
		return true
	}
	return false
}

// anonymousBlock writes new ArrayList<String>(){{ add("x"); }}: the object, on which the block then works.
func (c *checker) anonymousBlock(n *node, v val, body *node) val {
	self := val{js: c.fresh("$o"), t: v.t, solid: true}
	var out strings.Builder
	f := &function{ret: tVoid, lambda: true}
	c.inFunction(f, func() {
		c.scope.self = &self
		for _, k := range body.parts() {
			if k.kind != "block" {
				c.refuse(k, "a class of Java's own can't be extended here; only an initialiser block can stand in these braces")
				continue
			}
			out.WriteString(c.block(k))
		}
	})
	if out.Len() == 0 {
		return v
	}
	return val{js: "((" + self.js + ") => {\n" + out.String() + "return " + self.js + ";\n})(" + v.js + ")", t: v.t, solid: true}
}
