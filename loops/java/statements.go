package java

import (
	"fmt"
	"slices"
	"strings"
)

// isStatement reports whether an expression may stand alone.
func isStatement(n *node) bool {
	return slices.Contains([]string{"assignment_expression", "update_expression", "method_invocation", "object_creation_expression", "switch_expression"}, n.kind)
}

func lets(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "let " + strings.Join(names, " = null, ") + " = null;\n"
}

// block writes a block with its braces.
func (c *checker) block(n *node) string {
	text, _ := c.blockEnds(n)
	return text
}

func (c *checker) blockEnds(n *node) (string, bool) {
	defer c.push()()
	text, completes := c.statements(n.parts(), nil)
	return "{\n" + text + "}\n", completes
}

// statements writes a list of statements; skip is one that was written already. completes tells whether what follows
// them can be reached.
func (c *checker) statements(list []*node, skip *node) (script string, completes bool) {
	var hoist []string
	c.scope.hoist = &hoist
	var out strings.Builder
	completes = true
	told := false
	for _, n := range list {
		if n == skip {
			continue
		}
		if !completes && !told {
			c.wrong(n, "this can never be reached")
			told = true
		}
		text, goes := c.statement(n)
		out.WriteString(text)
		completes = completes && goes
	}
	return lets(hoist) + out.String(), completes
}

// body writes a statement under if or a loop, in a block of its own.
func (c *checker) body(n *node) (string, bool) {
	if n.kind == "block" {
		return c.blockEnds(n)
	}
	defer c.push()()
	if n.kind == "local_variable_declaration" {
		c.wrong(n, "a variable can't be declared here; use braces")
	}
	text, completes := c.statements([]*node{n}, nil)
	return "{\n" + text + "}\n", completes
}

// statement writes one statement. completes tells whether what follows it can be reached.
func (c *checker) statement(n *node) (script string, completes bool) {
	switch n.kind {
	case "block":
		return c.blockEnds(n)
	case "local_variable_declaration":
		return c.localVariables(n), true
	case "expression_statement":
		return c.expressionStatement(n), true
	case "if_statement":
		return c.ifStatement(n)
	case "while_statement", "do_statement", "for_statement", "enhanced_for_statement":
		return c.loop(n, "")
	case "labeled_statement":
		return c.labeled(n)
	case "break_statement", "continue_statement":
		return c.jump(n)
	case "return_statement":
		return c.returnStatement(n), false
	case "yield_statement":
		return c.yield(n), false
	case "throw_statement":
		v := c.expr(n.parts()[0], nil)
		if !v.t.bad() && (v.t.kind != kClass || !v.t.cls.thrown) && v.t.kind != kNull {
			c.wrong(n, "only an exception can be thrown, not a %s", v.t)
			return "", true
		}
		return at(n) + "throw $j.thrown(" + v.js + ");\n", false
	case "try_statement":
		return c.try(n)
	case "switch_expression":
		return c.switchStatement(n, "")
	case "synchronized_statement":
		c.expr(n.only("parenthesized_expression"), nil)
		return c.blockEnds(n.child("body"))
	case "assert_statement":
		for _, k := range n.parts() { // off unless Java is told otherwise
			c.expr(k, nil)
		}
		return "", true
	case ";":
		return "", true
	case "try_with_resources_statement":
		c.refuse(n, "try with resources isn't supported; nothing here needs to be closed")
		return "", true
	case "class_declaration", "interface_declaration", "enum_declaration", "record_declaration":
		return c.localClass(n), true
	}
	c.refuse(n, "%s isn't supported", strings.ReplaceAll(n.kind, "_", " "))
	return "", true
}

func (c *checker) localVariables(n *node) string {
	typeNode := n.child("type")
	inferred := typeNode.text == "var" && c.findClass("var") == nil
	var base *typ
	if !inferred {
		base = c.resolve(typeNode)
	}
	var out strings.Builder
	for _, d := range n.children("declarator") {
		name, value := d.child("name"), d.child("value")
		t := base
		var v val
		if inferred {
			t, v = c.inferred(d, value)
		} else {
			t = c.dims(base, d.child("dimensions"))
			if t.kind == kVoid {
				c.wrong(typeNode, "a variable can't be void")
				t = tBad
			}
		}
		l := c.declare(name, name.text, t)
		l.final = n.only("modifiers").has("final")
		switch {
		case value == nil:
			fmt.Fprintf(&out, "%s%s = %s;\n", c.letOf(l), l.js, defaultOf(t))
			continue
		case !inferred:
			v = c.assignable(value, t)
		}
		l.assigned++
		fmt.Fprintf(&out, "%s%s%s = %s;\n", at(d), c.letOf(l), l.js, v.js)
	}
	return out.String()
}

// letOf declares a variable where it stands. Within the groups of a switch it is declared before the switch, since a
// later group may use it without having run its declaration.
func (c *checker) letOf(l *local) string {
	if c.scope.groups {
		*c.scope.hoist = append(*c.scope.hoist, l.js)
		return ""
	}
	return "let "
}

// inferred gives type and value of a variable declared with var.
func (c *checker) inferred(d, value *node) (*typ, val) {
	if value == nil || value.kind == "array_initializer" || isLate(value) {
		c.wrong(d, "var needs a value that tells its type")
		return tBad, badVal()
	}
	v := c.expr(value, nil)
	switch v.t.kind {
	case kVoid, kNull:
		c.wrong(value, "var needs a value that tells its type")
		return tBad, v
	}
	return v.t.filledHoles(c.object()), v
}

func (c *checker) expressionStatement(n *node) string {
	e := n.parts()[0]
	if e.kind == "switch_expression" {
		script, _ := c.switchStatement(e, "")
		return script
	}
	if !isStatement(e) {
		c.wrong(e, "this is no statement; call a method or assign a value")
		return ""
	}
	v := c.expr(e, nil)
	if v.bare != "" {
		return v.bare + ";\n"
	}
	return v.js + ";\n"
}

func (c *checker) ifStatement(n *node) (string, bool) {
	cond := c.condition(n.child("condition"))
	then, completes := c.body(n.child("consequence"))
	script := "if (" + cond + ") " + then
	other := n.child("alternative")
	if other == nil {
		return script, true
	}
	text, otherCompletes := c.body(other)
	return script + "else " + text, completes || otherCompletes
}

func (c *checker) labeled(n *node) (string, bool) {
	parts := n.parts()
	name := parts[0].text
	if c.labelled(name) != nil {
		c.wrong(n, "there is a label %s already", name)
	}
	c.fn.labels = append(c.fn.labels, label{name, strings.HasSuffix(parts[1].kind, "for_statement") || parts[1].kind == "while_statement" || parts[1].kind == "do_statement"})
	defer func() { c.fn.labels = c.fn.labels[:len(c.fn.labels)-1] }()
	switch s := parts[1]; s.kind {
	case "while_statement", "do_statement", "for_statement", "enhanced_for_statement":
		return c.loop(s, name)
	case "switch_expression":
		return c.switchStatement(s, name)
	default:
		text, completes := c.body(s)
		return labelOf(name) + text, completes || breaks(s, name)
	}
}

func (c *checker) labelled(name string) *label {
	for i := range c.fn.labels {
		if c.fn.labels[i].name == name {
			return &c.fn.labels[i]
		}
	}
	return nil
}

// breaks reports whether a break out of the statement labelled label, or out of the innermost where label is empty, is
// within n.
func breaks(n *node, label string) bool {
	switch n.kind {
	case "break_statement":
		id := n.only("identifier")
		return id == nil && label == "" || id != nil && id.text == label
	case "lambda_expression", "class_body":
		return false
	case "while_statement", "do_statement", "for_statement", "enhanced_for_statement", "switch_expression":
		if label == "" {
			return false
		}
	}
	for _, k := range n.kids {
		if breaks(k, label) {
			return true
		}
	}
	return false
}

// labelOf writes the label before a statement, or nothing for one without.
func labelOf(name string) string {
	if name == "" {
		return ""
	}
	return "l_" + mangle(name) + ": "
}

// exits reports whether a loop or switch, which may have a label, is left by a break.
func exits(body *node, label string) bool {
	return breaks(body, "") || label != "" && breaks(body, label)
}

func (c *checker) loop(n *node, label string) (string, bool) {
	prefix := labelOf(label)
	c.fn.loops++
	c.fn.breakable++
	defer func() { c.fn.loops--; c.fn.breakable-- }()
	switch n.kind {
	case "while_statement":
		cond, always := c.loopCondition(n.child("condition"))
		text, _ := c.body(n.child("body"))
		return prefix + "while (" + cond + ") " + text, !always || exits(n.child("body"), label)
	case "do_statement":
		text, completes := c.body(n.child("body"))
		cond, always := c.loopCondition(n.child("condition"))
		_ = completes
		return prefix + "do " + text + "while (" + cond + ");\n", !always || exits(n.child("body"), label)
	case "for_statement":
		return c.forLoop(n, label)
	}
	return c.forEach(n, label)
}

// loopCondition also tells whether the condition is the constant true.
func (c *checker) loopCondition(n *node) (string, bool) {
	inner := n
	for inner.kind == "parenthesized_expression" {
		inner = inner.parts()[0]
	}
	return c.condition(n), inner.kind == "true"
}

func (c *checker) forLoop(n *node, label string) (string, bool) {
	defer c.push()()
	var hoist []string
	c.scope.hoist = &hoist
	var init strings.Builder
	for _, k := range n.children("init") {
		if k.kind == "local_variable_declaration" {
			init.WriteString(c.localVariables(k))
		} else {
			init.WriteString(c.stepOf(k) + ";\n")
		}
	}
	cond, always := "true", true
	if k := n.child("condition"); k != nil {
		cond, always = c.loopCondition(k)
	}
	var steps []string
	body, _ := c.body(n.child("body"))
	for _, k := range n.children("update") {
		steps = append(steps, c.stepOf(k))
	}
	return fmt.Sprintf("{\n%s%s%sfor (; %s; %s) %s}\n", lets(hoist), init.String(), labelOf(label), cond, strings.Join(steps, ", "), body),
		!always || exits(n.child("body"), label)
}

func (c *checker) stepOf(k *node) string {
	if !isStatement(k) {
		c.wrong(k, "this is no statement; call a method or assign a value")
		return ""
	}
	v := c.expr(k, nil)
	if v.bare != "" {
		return v.bare
	}
	return v.js
}

func (c *checker) forEach(n *node, label string) (string, bool) {
	over := c.expr(n.child("value"), nil)
	elem := tBad
	switch {
	case over.t.kind == kArray:
		elem = over.t.elem
	case over.t.kind == kClass && over.t.asSuper(c.class("Iterable")) != nil:
		elem = over.t.asSuper(c.class("Iterable")).args[0].filledHoles(c.object())
	case !over.t.bad():
		c.wrong(n.child("value"), "for can't go over a %s; it needs an array or a collection", over.t)
	}
	defer c.push()()
	typeNode := n.child("type")
	t := elem
	if typeNode.text != "var" {
		t = c.dims(c.resolve(typeNode), n.child("dimensions"))
	}
	it, item := c.fresh("$i"), c.fresh("$e")
	value := c.coerce(n.child("value"), val{js: item, t: elem}, t)
	l := c.declare(n.child("name"), n.child("name").text, t)
	l.assigned = 1
	l.final = n.only("modifiers").has("final")
	body, _ := c.body(n.child("body"))
	mark := at(n.child("value"))
	if over.t.kind == kArray {
		return fmt.Sprintf("{ const %s = %s$n(%s);\n%sfor (let %s = 0; %s < %s.length; %s++) { const %s = %s[%s]; let %s = %s;\n%s}}\n",
			it, mark, over.js, labelOf(label), it+"k", it+"k", it, it+"k", item, it, it+"k", l.js, value.js, body), true
	}
	return fmt.Sprintf("{ const %s = %s$j.iterator(%s);\n%swhile (%s%s.hasNext()) { const %s = %s%s.next(); let %s = %s;\n%s}}\n",
		it, mark, over.js, labelOf(label), mark, it, item, mark, it, l.js, value.js, body), true
}

func (c *checker) jump(n *node) (script string, completes bool) {
	word := strings.TrimSuffix(n.kind, "_statement")
	if id := n.only("identifier"); id != nil {
		l := c.labelled(id.text)
		if l == nil {
			c.wrong(n, "there is no label %s here", id.text)
			return "", true
		}
		if word == "continue" && !l.loop {
			c.wrong(n, "%s isn't the label of a loop", id.text)
			return "", true
		}
		return word + " l_" + mangle(id.text) + ";\n", false
	}
	if c.fn.breakable == 0 || word == "continue" && c.fn.loops == 0 {
		c.wrong(n, "%s can only stand in a loop", word)
		return "", true
	}
	return word + ";\n", false
}

func (c *checker) returnStatement(n *node) string {
	parts := n.parts()
	f := c.fn
	switch {
	case f.yields:
		c.wrong(n, "return can't leave a switch that gives a value; write yield")
		return ""
	case f.ret.kind == kVoid:
		if len(parts) > 0 {
			c.wrong(n, "a value can't be returned here")
		}
		return "return;\n"
	case len(parts) == 0:
		c.wrong(n, "a %s must be returned here", f.ret)
		return ""
	}
	return at(n) + "return " + c.result(parts[0]) + ";\n"
}

// result writes the value of return or yield and notes its type.
func (c *checker) result(n *node) string {
	f := c.fn
	v := c.coerce(n, c.expr(n, f.ret), f.ret)
	if f.found == nil {
		f.found = v.t
	} else if !v.t.bad() {
		f.found = c.lub(f.found, v.t)
	}
	return v.js
}

func (c *checker) yield(n *node) string {
	if !c.fn.yields {
		c.wrong(n, "yield can only stand in a switch that gives a value")
		return ""
	}
	return at(n) + "return " + c.result(n.parts()[0]) + ";\n"
}

func (c *checker) try(n *node) (string, bool) {
	script, completes := c.blockEnds(n.child("body"))
	script = "try " + script
	catches, ends := c.catches(n)
	script += catches
	completes = completes || ends
	if f := n.only("finally_clause"); f != nil {
		text, goes := c.blockEnds(f.only("block"))
		if catches != "" {
			// goja lets a catch have what its own finally throws, where the try went well.
			script = "try {\n" + script + "}\n"
		}
		script += "finally " + text
		completes = completes && goes
	}
	return script, completes
}

// catches writes all catch clauses as one. What is caught by none is thrown on as it was.
func (c *checker) catches(n *node) (string, bool) {
	var out strings.Builder
	raw, caught := c.fresh("$x"), c.fresh("$x")
	ends := false
	for _, k := range n.kids {
		if k.kind != "catch_clause" {
			continue
		}
		text, goes := c.catch(k, caught)
		ends = ends || goes
		out.WriteString(text)
	}
	if out.Len() == 0 {
		return "", false
	}
	return fmt.Sprintf("catch (%s) { const %s = $j.caught(%s);\n%s{ throw %s; }}\n", raw, caught, raw, out.String(), raw), ends
}

func (c *checker) catch(k *node, caught string) (string, bool) {
	param := k.only("catch_formal_parameter")
	var tests []string
	var t *typ
	for _, one := range param.only("catch_type").parts() {
		next := c.resolve(one)
		if !next.bad() && (next.kind != kClass || !next.cls.thrown) {
			c.wrong(one, "only an exception can be caught, not a %s", next)
			next = tBad
		}
		if !next.bad() {
			tests = append(tests, strings.ReplaceAll(next.cls.is, "$0", caught))
		}
		if t == nil {
			t = next
		} else {
			t = c.lub(t, next)
		}
	}
	defer c.push()()
	name := param.child("name")
	l := c.declare(name, name.text, t)
	l.assigned = 1
	body, completes := c.blockEnds(k.child("body"))
	return fmt.Sprintf("if (%s) { let %s = %s;\n%s} else ", strings.Join(tests, " || "), l.js, caught, body), completes
}
