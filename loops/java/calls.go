package java

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// invocation is a call of a method or constructor.
type invocation struct {
	name, what string // what is "method" or "constructor"
	owner      *class // for messages
	args       []*node
	given      []val // in place of args
	self       *typ  // the receiver's type, nil for a static call
	receiver   func(m *method) string
	explicit   []*typ
	want       *typ
	template   func(m *method) string // in place of the method's own
}

// argument is one argument of a call. A lambda is written when its type is known.
type argument struct {
	n    *node
	v    val
	late bool
}

// invoke chooses the method, writes the arguments and gives the call.
func (c *checker) invoke(n *node, candidates []*method, call invocation) val {
	count := len(call.args) + len(call.given)
	var fit []*method
	for _, m := range candidates {
		if len(m.params) == count || m.varargs && count >= len(m.params)-1 {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		for _, a := range call.args { // for their own problems
			if !isLate(a) {
				c.expr(a, nil)
			}
		}
		return c.wrong(n, "%s takes %s, not %d", call.name, counts(candidates), count)
	}
	if len(fit) == 1 && !fit[0].varargs {
		return c.complete(n, fit[0], call, c.arguments(call, false), false)
	}
	args := c.arguments(call, true)
	for _, a := range args {
		if a.v.t != nil && a.v.t.bad() {
			return badVal()
		}
	}
	m, spread := c.choose(fit, call, args)
	if m == nil {
		return c.wrong(n, "%s can't take (%s)", call.name, types(args))
	}
	return c.complete(n, m, call, args, spread)
}

func counts(candidates []*method) string {
	seen := map[int]bool{}
	for _, m := range candidates {
		seen[len(m.params)] = true
	}
	var list []int
	for k := range seen {
		list = append(list, k)
	}
	sort.Ints(list)
	var words []string
	for _, k := range list {
		words = append(words, strconv.Itoa(k))
	}
	if len(words) == 1 && words[0] == "1" {
		return "1 argument"
	}
	return strings.Join(words, " or ") + " arguments"
}

func types(args []argument) string {
	var out []string
	for _, a := range args {
		if a.late {
			out = append(out, "a lambda")
		} else {
			out = append(out, a.v.t.String())
		}
	}
	return strings.Join(out, ", ")
}

func isLate(n *node) bool {
	for n.kind == "parenthesized_expression" {
		n = n.parts()[0]
	}
	return n.kind == "lambda_expression" || n.kind == "method_reference"
}

// arguments writes those whose type doesn't hang on the method that is chosen, or none.
func (c *checker) arguments(call invocation, now bool) []argument {
	var out []argument
	for _, v := range call.given {
		out = append(out, argument{v: v})
	}
	for _, a := range call.args {
		switch {
		case isLate(a):
			out = append(out, argument{n: a, late: true})
		case now:
			out = append(out, argument{n: a, v: c.expr(a, nil)})
		default:
			out = append(out, argument{n: a})
		}
	}
	return out
}

// choose picks the method that the arguments fit best: without boxing before with, with a fixed number before any.
func (c *checker) choose(fit []*method, call invocation, args []argument) (*method, bool) {
	for phase := range 3 {
		var found []*method
		for _, m := range fit {
			if c.applicable(m, call, args, phase) {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			return mostSpecific(found), phase == 2
		}
	}
	return nil, false
}

func mostSpecific(list []*method) *method {
	for _, m := range list {
		best := true
		for _, o := range list {
			for i := range m.params {
				best = best && i < len(o.params) && (widens(m.params[i], o.params[i]) || o.params[i].kind == kVar)
			}
		}
		if best {
			return m
		}
	}
	return list[0]
}

func (c *checker) applicable(m *method, call invocation, args []argument, phase int) bool {
	if phase < 2 && len(m.params) != len(args) || phase == 2 && !m.varargs {
		return false
	}
	b := c.receiverBindings(m, call)
	for i, a := range args {
		p := paramAt(m, i, phase == 2).subst(b, tHole)
		if a.late {
			if !c.lateFits(a.n, p) {
				return false
			}
			continue
		}
		if how := c.accepts(a.v, p); how < 0 || how > 0 && phase == 0 {
			return false
		}
	}
	return true
}

func paramAt(m *method, i int, spread bool) *typ {
	if spread && i >= len(m.params)-1 {
		return m.params[len(m.params)-1].elem
	}
	return m.params[i]
}

// lateFits reports whether a lambda or method reference could be a p.
func (c *checker) lateFits(n *node, p *typ) bool {
	for n.kind == "parenthesized_expression" {
		n = n.parts()[0]
	}
	if p.kind == kHole {
		return true
	}
	if p.kind != kClass || p.cls.fun == nil {
		return false
	}
	if n.kind == "method_reference" {
		return true
	}
	names, _ := lambdaParams(n)
	if len(names) != len(p.cls.fun.params) {
		return false
	}
	body := n.child("body")
	void := p.cls.fun.ret.kind == kVoid
	if body.kind == "block" {
		return void != returnsValue(body)
	}
	return !void || isStatement(body)
}

func returnsValue(n *node) bool {
	if n.kind == "lambda_expression" || n.kind == "class_body" {
		return false
	}
	if n.kind == "return_statement" {
		return len(n.parts()) > 0
	}
	if n.kind == "throw_statement" {
		return true
	}
	return slices.ContainsFunc(n.kids, returnsValue)
}

// receiverBindings binds the type variables of the class that declares m.
func (c *checker) receiverBindings(m *method, call invocation) bindings {
	b := bindings{}
	if call.self == nil || m.owner == nil {
		return b
	}
	if super := call.self.asSuper(m.owner); super != nil {
		for k, v := range m.owner.bind(super.args) {
			b[k] = v
		}
	} else if m.owner.name != "Object" {
		for _, p := range m.owner.params {
			b[p] = tHole
		}
	}
	return b
}

// complete infers the type variables, writes what is left of the arguments and the call.
func (c *checker) complete(n *node, m *method, call invocation, args []argument, spread bool) val {
	b := c.receiverBindings(m, call)
	free := m.tvars
	if call.what == "constructor" && call.self == nil && m.owner != nil {
		free = append(slices.Clone(free), m.owner.params...)
	}
	inf := &inference{c: c, b: b, free: free}
	for i, t := range call.explicit {
		if i < len(free) {
			b[free[i]] = t
		}
	}
	inf.wanted(m.ret, call.want)
	for i := range args {
		if a := &args[i]; !a.late {
			p := paramAt(m, i, spread)
			if a.v.t == nil {
				a.v = c.expr(a.n, p.subst(b, tHole))
			}
			inf.unify(p, a.v.t)
		}
	}
	for i := range args {
		if a := &args[i]; a.late {
			a.v = c.late(a.n, paramAt(m, i, spread), inf)
		}
	}
	if m.ret.kind == kVar && slices.Contains(free, m.ret.name) && b[m.ret.name] == nil && call.want != nil && call.want.kind >= kArray {
		b[m.ret.name] = call.want
	}
	c.checkConstants(n, m, args)
	var written []string
	for i := range args {
		written = append(written, c.passed(n, args[i], paramAt(m, i, spread).subst(b, tHole), m))
	}
	if m.varargs && (spread || len(args) < len(m.params)) {
		written = gather(written, m)
	}
	out := val{t: m.ret.subst(b, tHole), js: c.written(n, m, call, written)}
	out.solid = call.what == "constructor"
	if m.owner != nil && !m.owner.user && !out.t.isPrimitive() {
		out.solid = out.solid || slices.Contains([]string{"StringBuilder", "HttpLoopRequest", "Stream", "IntStream"}, out.t.String())
	}
	return out
}

// passed writes one argument for its parameter.
func (c *checker) passed(n *node, a argument, p *typ, m *method) string {
	where := a.n
	if where == nil {
		where = n
	}
	if a.late {
		return a.v.js
	}
	v := c.coerce(where, a.v, p)
	if p.kind == kClass && p.cls.fun != nil && !m.owner.user && v.t.kind != kNull {
		return "$j.fz(" + v.js + ")"
	}
	return v.js
}

// gather puts the arguments of a varargs parameter into an array.
func gather(written []string, m *method) []string {
	fixed := len(m.params) - 1
	rest := strings.Join(written[min(fixed, len(written)):], ", ")
	return append(slices.Clone(written[:min(fixed, len(written))]), arrayLiteral(m.params[fixed].elem, rest))
}

// arrayLiteral writes an array with these values.
func arrayLiteral(elem *typ, values string) string {
	if name := arrayClass(elem); name != "" {
		return name + ".of(" + values + ")"
	}
	return "[" + values + "]"
}

// arrayClass gives the JavaScript class of an array of primitives; empty for booleans and objects, which are plain arrays.
func arrayClass(elem *typ) string {
	return map[kind]string{kByte: "Int8Array", kShort: "Int16Array", kChar: "Uint16Array", kInt: "Int32Array",
		kLong: "BigInt64Array", kFloat: "Float32Array", kDouble: "Float64Array"}[elem.kind]
}

// written fills the method's JavaScript in.
func (c *checker) written(n *node, m *method, call invocation, args []string) string {
	template := m.js
	switch {
	case call.template != nil:
		template = call.template(m)
	case m.owner.user && call.what == "constructor":
		template = c.create(n, m.owner) + "." + m.js + "($*)"
	case m.owner.user && m.static:
		template = c.classRef(m.owner) + "." + m.js + "($*)"
	case m.owner.user && m == m.owner.fun:
		template = "$j.im($0, " + quoteText(m.js) + ")($*)"
	case m.owner.user && m.owner.iface && !m.hollow:
		template = "$j.dm($0, " + m.owner.own.js + ", " + quoteText(m.js) + ")($*)"
	case m.owner.user:
		template = "$0." + m.js + "($*)"
	}
	receiver := ""
	if call.receiver != nil {
		receiver = call.receiver(m)
	}
	return fill(template, receiver, args, at(n))
}

// fill replaces $0, $1.. and $* of a template. mark is put behind the receiver, before the call's parenthesis.
func fill(template, receiver string, args []string, mark string) string {
	var out strings.Builder
	out.WriteString(mark)
	for i := 0; i < len(template); i++ {
		if template[i] != '$' || i+1 == len(template) {
			out.WriteByte(template[i])
			continue
		}
		switch next := template[i+1]; {
		case next == '0':
			out.WriteString(receiver + mark)
			i++
		case next == '*':
			out.WriteString(strings.Join(args, ", "))
			i++
		case next >= '1' && next <= '9':
			if k := int(next - '1'); k < len(args) {
				out.WriteString(args[k])
			}
			i++
		default:
			out.WriteByte('$')
		}
	}
	return out.String()
}

// classRef gives a class of the file. Java starts a class when it is first used, so one with static fields is started
// where another class names it.
func (c *checker) classRef(cls *class) string {
	if cls != c.cls && cls.starts() {
		return cls.own.js + ".$s()"
	}
	return cls.own.js
}

// starts reports whether a class, or one that it extends, has something to do when it is first used.
func (cls *class) starts() bool {
	return cls.own.enum || len(cls.own.start) > 0 || cls.own.base != nil && cls.own.base.cls.starts()
}

// create writes new for a class of the file, without the constructor.
func (c *checker) create(n *node, cls *class) string {
	ref := c.classRef(cls)
	if ref != cls.own.js {
		ref = "(" + ref + ")"
	}
	return "new " + ref + "(" + c.outerOf(n, cls) + ")"
}

// outerPath gives the object of an enclosing class.
func (c *checker) outerPath(n *node, target *class) string {
	if c.inStatic() {
		c.wrong(n, "a static method has no %s object; make one with new", target.name)
		return "this"
	}
	return c.pathFrom(n, "this", c.cls, target)
}

// pathFrom gives the object of a class around cls, whose object is path.
func (c *checker) pathFrom(n *node, path string, cls, target *class) string {
	for s := cls; s != nil; s = s.own.outer {
		if s == target || s.of().asSuper(target) != nil {
			return path
		}
		if !s.own.inner {
			break
		}
		path += ".$o_" + s.own.js
	}
	c.wrong(n, "there is no %s object here", target.name)
	return "null"
}

func (c *checker) inStatic() bool {
	f := c.fn
	for f != nil && f.parent != nil && f.lambda {
		f = f.parent
	}
	return f != nil && f.static
}

// unknownMethod refuses a method with the names that are alike.
func (c *checker) unknownMethod(n *node, cls *class, name string) val {
	if cls.user {
		return c.wrong(n, "%s has no method %s", cls.name, name)
	}
	hint := ""
	if h := c.table.refused[cls.name+"."+name]; h != "" {
		hint = ": " + h
	}
	return c.refuse(n, "%s.%s isn't known here%s", cls.name, name, hint)
}
