package java

import (
	"fmt"
	"slices"
	"strings"
)

// selector is what a switch chooses by.
type selector struct {
	js   string
	t    *typ
	enum *class
	seen map[string]bool
	all  bool // default was seen
}

func (c *checker) selector(n *node) *selector {
	v := c.expr(n.child("condition"), nil)
	s := &selector{js: v.js, t: v.t, seen: map[string]bool{}}
	p := v.t.unboxed()
	switch {
	case v.t.bad():
	case p != nil && p.small():
		s.js, s.t = c.unbox(n, v).js, p
	case v.t.isString():
		s.js = c.notNull(n, v)
	case v.t.kind == kClass && v.t.cls.user && v.t.cls.own.enum:
		s.js, s.enum = c.notNull(n, v), v.t.cls
	default:
		c.wrong(n.child("condition"), "switch can't choose by a %s; use if", v.t)
		s.t = tBad
	}
	return s
}

// label writes "case ..:" for a label.
func (c *checker) label(s *selector, label *node) string {
	if label.has("default") {
		if s.all {
			c.wrong(label, "there are two defaults")
		}
		s.all = true
		return "default:"
	}
	if label.only("pattern", "guard") != nil {
		c.refuse(label, "patterns in switch aren't supported; use if with instanceof")
		return ""
	}
	var out strings.Builder
	for _, k := range label.parts() {
		js := c.caseValue(s, k)
		if s.seen[js] && js != "null" {
			c.wrong(k, "this case is there twice")
		}
		s.seen[js] = true
		out.WriteString("case " + js + ": ")
	}
	return out.String()
}

func (c *checker) caseValue(s *selector, k *node) string {
	if s.enum != nil && k.kind == "identifier" {
		f := s.enum.fields[k.text]
		if f == nil || f.decl.kind != "enum_constant" {
			c.wrong(k, "%s has no constant %s", s.enum.name, k.text)
			return "null"
		}
		return c.classRef(s.enum) + "." + f.js
	}
	if k.kind == "null_literal" {
		c.refuse(k, "case null isn't supported; ask for null before the switch")
		return "null"
	}
	v := c.expr(k, s.t)
	if s.t.bad() || v.t.bad() {
		return "null"
	}
	if v.value == nil {
		c.wrong(k, "a case must be a constant")
		return "null"
	}
	v = c.coerce(k, v, s.t)
	switch x := v.value.(type) {
	case int64:
		return fmt.Sprint(x)
	case string:
		return quoteText(x)
	}
	return v.js
}

// exhaustive reports whether every value is met.
func (s *selector) exhaustive() bool {
	if s.all {
		return true
	}
	return s.enum != nil && len(s.seen) == len(s.enum.own.values)
}

// switchStatement writes a switch that gives no value.
func (c *checker) switchStatement(n *node, label string) (string, bool) {
	s := c.selector(n)
	c.fn.breakable++
	defer func() { c.fn.breakable-- }()
	body := n.child("body")
	defer c.push()()
	var hoist []string
	c.scope.hoist, c.scope.groups = &hoist, true
	var out strings.Builder
	ends, last, arrows := false, true, false
	for _, k := range body.parts() {
		switch k.kind {
		case "switch_block_statement_group":
			text, goes := c.group(s, k)
			out.WriteString(text)
			last = goes
		case "switch_rule":
			arrows = true
			text, goes := c.rule(s, k, false)
			ends = ends || goes
			out.WriteString(text)
		}
	}
	script := lets(hoist) + at(n) + labelOf(label) + "switch (" + s.js + ") {\n" + out.String() + "}\n"
	ends = ends || !arrows && last || !s.all && !(arrows && s.exhaustive()) || exits(body, label)
	return "{\n" + script + "}\n", ends
}

// group writes the old form, which falls through.
func (c *checker) group(s *selector, k *node) (string, bool) {
	var out strings.Builder
	completes := true
	for _, p := range k.parts() {
		if p.kind == "switch_label" {
			out.WriteString(c.label(s, p) + "\n")
			continue
		}
		if !completes {
			c.wrong(p, "this can never be reached")
		}
		text, goes := c.statement(p)
		out.WriteString(text)
		completes = goes
	}
	return out.String(), completes
}

// rule writes the form with an arrow, which doesn't fall through.
func (c *checker) rule(s *selector, k *node, value bool) (string, bool) {
	parts := k.parts()
	head := c.label(s, parts[0]) + " {\n"
	action := parts[len(parts)-1]
	defer c.push()()
	switch {
	case action.kind == "block":
		text, completes := c.blockEnds(action)
		if value {
			if completes {
				c.wrong(action, "this block must end with yield")
			}
			return head + text + "}\n", completes
		}
		return head + text + "break; }\n", completes
	case action.kind == "throw_statement":
		text, _ := c.statement(action)
		return head + text + "}\n", false
	case value:
		return head + at(action) + "return " + c.result(action.parts()[0]) + ";\n}\n", true
	}
	var hoist []string
	c.scope.hoist = &hoist
	text := c.expressionStatement(action)
	return head + lets(hoist) + text + "break; }\n", true
}

// switchExpression writes a switch that gives a value, as a function that is called at once.
func (c *checker) switchExpression(n *node, want *typ) val {
	s := c.selector(n)
	ret := want
	if ret == nil || ret.kind == kVoid {
		ret = c.switchType(n)
	}
	f := &function{ret: ret, lambda: true, yields: true}
	var script string
	c.inFunction(f, func() {
		var hoist []string
		c.scope.hoist, c.scope.groups = &hoist, true
		var out strings.Builder
		last := false
		for _, k := range n.child("body").parts() {
			switch k.kind {
			case "switch_block_statement_group":
				text, goes := c.group(s, k)
				out.WriteString(text)
				last = goes
			case "switch_rule":
				text, _ := c.rule(s, k, true)
				out.WriteString(text)
			}
		}
		if last {
			c.wrong(n, "this switch must give a value on every way")
		}
		script = lets(hoist) + "switch (" + s.js + ") {\n" + out.String() + "}\n"
	})
	if !s.exhaustive() && !s.t.bad() {
		c.wrong(n, "this switch needs a default, since it gives a value")
	}
	t := ret
	if ret.kind == kHole && f.found != nil {
		t = f.found
	}
	return val{js: at(n) + "(() => {\n" + script + "throw $j.raise($j.ex.IllegalStateException, null); })()", t: t}
}

// switchType finds the type of a switch whose place asks for none, from its first plain value.
func (c *checker) switchType(n *node) *typ {
	for _, k := range n.child("body").parts() {
		parts := k.parts()
		if k.kind != "switch_rule" {
			continue
		}
		action := parts[len(parts)-1]
		if action.kind != "expression_statement" {
			continue
		}
		switch e := action.parts()[0]; {
		case slices.Contains([]string{"decimal_integer_literal", "string_literal", "true", "false", "character_literal", "decimal_floating_point_literal"}, e.kind):
			return c.literal(e).t
		}
	}
	return tHole
}
