package java

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// checker goes over a file, tells every expression's type and writes the script.
type checker struct {
	table    *table
	problems []Problem
	entries  map[loops.Entry]string

	classes  []*class          // of the file, in its order
	named    map[string]*class // the same, by name, nested ones as Outer.Inner
	imported map[string]*class
	packages map[string]bool     // imported with *
	statics  map[string][]*class // static imports, by member; "*" for all members

	cls     *class    // the class being written
	fn      *function // the method, lambda or switch expression being written
	scope   *scope
	counter int
}

func newChecker() *checker {
	return &checker{
		table: library(), entries: map[loops.Entry]string{}, named: map[string]*class{},
		imported: map[string]*class{}, packages: map[string]bool{"java.lang": true}, statics: map[string][]*class{},
	}
}

// val is an expression that was written.
type val struct {
	js     string // an operand of JavaScript, in parentheses where it needs them
	t      *typ
	value  any    // of a constant: int64, string or bool
	solid  bool   // never null
	bare   string // the script of an assignment or step whose value isn't used
	object string // of an object's field: the script of the object
}

func badVal() val { return val{js: "null", t: tBad} }

// function is a body that return leaves.
type function struct {
	parent    *function
	ret       *typ // tHole where the type is to be found out
	found     *typ // of the returned values so far
	static    bool
	lambda    bool
	member    bool // of a class within a method
	starts    bool // a constructor or initialiser, which may set final fields
	yields    bool // a switch expression
	locals    []*local
	labels    []label
	loops     int // how many loops are open, for continue
	breakable int // how many loops and switches are open, for break
}

// label is the name of a statement around.
type label struct {
	name string
	loop bool
}

// local is a parameter or variable.
type local struct {
	js       string
	t        *typ
	fn       *function
	final    bool
	assigned int
	captured *node
	name     string
}

// scope holds the names of a block.
type scope struct {
	parent *scope
	vars   map[string]*local
	hoist  *[]string // names that the block declares at its beginning
	groups bool      // the block is that of a switch
	class  *class    // the scope is that of a class within a method
	types  map[string]*class
	self   *val // what unqualified calls may mean beside the class: the list of new ArrayList<>(){{ add(x); }}
}

func (c *checker) problem(n *node, reason loops.Reason, format string, args ...any) {
	if len(c.problems) > 10*maxProblems {
		return
	}
	p := Problem{n.line, n.col, reason, fmt.Sprintf(format, args...)}
	for _, old := range c.problems {
		if old.Line == p.Line && old.Column == p.Column {
			return
		}
	}
	c.problems = append(c.problems, p)
}

// wrong notes what no Java compiler would take either.
func (c *checker) wrong(n *node, format string, args ...any) val {
	c.problem(n, loops.ReasonSyntax, format, args...)
	return badVal()
}

// refuse notes Java that isn't done here.
func (c *checker) refuse(n *node, format string, args ...any) val {
	c.problem(n, loops.ReasonUnsupported, format, args...)
	return badVal()
}

func (c *checker) class(name string) *class { return c.table.classes[name] }

func (c *checker) object() *typ { return c.class("Object").of() }
func (c *checker) str() *typ    { return c.class("String").of() }

func (c *checker) box(t *typ) *typ {
	if name, ok := boxes()[t.kind]; ok {
		return c.class(name).of()
	}
	return t
}

func (c *checker) fresh(prefix string) string {
	c.counter++
	return prefix + strconv.Itoa(c.counter)
}

// push opens a scope and gives the function that closes it.
func (c *checker) push() func() {
	old := c.scope
	c.scope = &scope{parent: old, vars: map[string]*local{}}
	return func() { c.scope = old }
}

func (c *checker) lookup(name string) *local {
	for s := c.scope; s != nil; s = s.parent {
		if l := s.vars[name]; l != nil {
			return l
		}
		if s.class != nil && s.class.findField(name) != nil {
			return nil
		}
	}
	return nil
}

// declare adds a variable. Java lets none hide another of the same method.
func (c *checker) declare(n *node, name string, t *typ) *local {
	if old := c.lookup(name); old != nil && !c.hides(old) {
		c.wrong(n, "a variable %s is already declared here", name)
	}
	if t.kind == kVoid {
		c.wrong(n, "a variable can't be void")
	}
	l := &local{js: "v_" + mangle(name), t: t, fn: c.fn, name: name}
	c.scope.vars[name] = l
	c.fn.locals = append(c.fn.locals, l)
	return l
}

// hides reports whether a variable stands around the class that is being written, which may hide it.
func (c *checker) hides(l *local) bool {
	for s := c.scope; s != nil; s = s.parent {
		if s.vars[l.name] == l {
			return false
		}
		if s.class != nil {
			return true
		}
	}
	return false
}

// pattern adds the variable of an instanceof. It is declared at the beginning of the block, and a later pattern of the
// same name replaces it.
func (c *checker) pattern(name string, t *typ) *local {
	l := &local{js: c.fresh("p") + "_" + mangle(name), t: t, fn: c.fn, name: name}
	c.scope.vars[name] = l
	for s := c.scope; s != nil; s = s.parent {
		if s.hoist != nil {
			*s.hoist = append(*s.hoist, l.js)
			break
		}
	}
	return l
}

// inFunction runs write with a function of its own, and checks what its lambdas captured.
func (c *checker) inFunction(f *function, write func()) {
	f.parent, f.member = c.fn, !f.lambda
	c.fn = f
	defer c.push()()
	write()
	for _, l := range f.locals {
		if l.captured != nil && l.assigned > 1 {
			c.wrong(l.captured, "%s is used in a lambda or an inner class, so it must not be assigned more than once", l.name)
		}
	}
	c.fn = f.parent
}

// use gives a variable's script and notes whether a lambda captures it.
func (c *checker) use(n *node, l *local) string {
	for f := c.fn; f != nil && f != l.fn; f = f.parent {
		if f.lambda && !f.yields || f.member {
			l.captured = n
		}
	}
	return l.js
}

// mangle writes a Java name in letters, digits and _ alone, each name in another way: what is neither a letter nor a digit
// is written by its number between _x and _, and _ itself twice. A $ would be read as a place of a template. Every name of
// the script gets a prefix, so no name can mean anything of JavaScript.
func mangle(name string) string {
	var out strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		case r == '_':
			out.WriteString("__")
		default:
			fmt.Fprintf(&out, "_x%x_", r)
		}
	}
	return out.String()
}

func defaultOf(t *typ) string {
	switch {
	case t.kind == kLong:
		return "0n"
	case t.isNumeric():
		return "0"
	case t.kind == kBool:
		return "false"
	}
	return "null"
}

// resolve reads a type.
func (c *checker) resolve(n *node) *typ {
	switch n.kind {
	case "void_type", "integral_type", "floating_point_type", "boolean_type":
		return primitive(n.text)
	case "type_identifier", "scoped_type_identifier", "identifier", "scoped_identifier":
		return c.plainType(n)
	case "generic_type":
		return c.genericType(n)
	case "array_type":
		return c.dims(c.resolve(n.child("element")), n.child("dimensions"))
	case "annotated_type":
		parts := n.parts()
		return c.resolve(parts[len(parts)-1])
	case "wildcard":
		parts := n.parts()
		if len(parts) > 0 {
			return c.resolve(parts[len(parts)-1])
		}
		return c.object()
	}
	return c.refuse(n, "this kind of type isn't supported").t
}

func (c *checker) dims(t *typ, dimensions *node) *typ {
	if dimensions != nil {
		for range strings.Count(dimensions.text, "[") {
			t = arrayOf(t)
		}
	}
	return t
}

func (c *checker) plainType(n *node) *typ {
	if v := c.typeVariable(n.text); v != nil {
		return v
	}
	cls := c.findClass(n.text)
	if cls == nil {
		return c.unknownClass(n, n.text)
	}
	return cls.filled(c.object())
}

// typeVariable gives the type variable that a name means in the class and method being read.
func (c *checker) typeVariable(name string) *typ {
	for s := c.cls; s != nil; s = s.own.outer {
		if slices.Contains(s.own.tvars, name) {
			return &typ{kind: kVar, name: name}
		}
	}
	return nil
}

// bound gives what a type variable extends: Object where it says nothing.
func (c *checker) bound(t *typ) *typ {
	for s := c.cls; s != nil && t.kind == kVar; s = s.own.outer {
		if n := s.own.bounds[t.name]; n != nil && slices.Contains(s.own.tvars, t.name) {
			return c.resolve(n)
		}
	}
	return c.object()
}

func (c *checker) genericType(n *node) *typ {
	parts := n.parts()
	base := c.plainType(parts[0])
	if base.kind != kClass {
		return base
	}
	var args []*typ
	for _, a := range n.only("type_arguments").parts() {
		t := c.resolve(a)
		if t.isPrimitive() {
			c.wrong(a, "%s can't be a type argument; write %s", t, c.box(t))
		}
		args = append(args, t)
	}
	if len(args) == 0 {
		return base.cls.filled(tHole)
	}
	if len(args) != len(base.cls.params) {
		return c.wrong(n, "%s takes %d type arguments, not %d", base.cls.name, len(base.cls.params), len(args)).t
	}
	return base.cls.of(args...)
}

// findClass finds a class by the name that the file may call it: nested, of the file, imported, or with its package.
func (c *checker) findClass(name string) *class {
	for s := c.scope; s != nil; s = s.parent {
		if found := s.types[name]; found != nil {
			return found
		}
	}
	for s := c.cls; s != nil; s = s.own.outer {
		if found := c.nestedIn(s, name); found != nil {
			return found
		}
	}
	if found := c.named[name]; found != nil {
		return found
	}
	if found := c.imported[name]; found != nil {
		return found
	}
	if known := c.table.classes[name]; known != nil && (c.packages[known.pkg] || c.outerImported(name)) {
		return known
	}
	return c.qualified(name)
}

// nestedIn finds a class within another one or what that inherits from.
func (c *checker) nestedIn(cls *class, name string) *class {
	for _, in := range append([]*class{cls}, above(cls)...) {
		if found := c.named[in.name+"."+name]; found != nil {
			return found
		}
	}
	return nil
}

// outerImported allows Map.Entry where Map is imported.
func (c *checker) outerImported(name string) bool {
	outer, _, nested := strings.Cut(name, ".")
	return nested && (c.imported[outer] != nil || c.table.classes[outer] != nil && c.packages[c.table.classes[outer].pkg])
}

// qualified finds a class by its full name.
func (c *checker) qualified(name string) *class {
	for i, part := range strings.Split(name, ".") {
		if part == "" || part[0] < 'A' || part[0] > 'Z' {
			continue
		}
		parts := strings.Split(name, ".")
		if found := c.table.classes[strings.Join(parts[i:], ".")]; found != nil && i > 0 && found.pkg == strings.Join(parts[:i], ".") {
			return found
		}
		return nil
	}
	return nil
}

// unknownClass refuses a class with the best hint there is.
func (c *checker) unknownClass(n *node, name string) *typ {
	if known := c.table.classes[name]; known != nil {
		return c.wrong(n, "%s isn't imported; add: import %s.%s;", name, known.pkg, name).t
	}
	if name == "var" {
		return c.wrong(n, "var can only stand before a variable with a value").t
	}
	if hint := c.hint(name); hint != "" {
		return c.refuse(n, "%s isn't available: %s", name, hint).t
	}
	return c.refuse(n, "the class %s isn't known here", shorten(name)).t
}

// hint says what to do without a class, its name being full or simple.
func (c *checker) hint(name string) string {
	if hint := c.table.refused[name]; hint != "" {
		return hint
	}
	best := ""
	for full, hint := range c.table.refused {
		if pkg, all := strings.CutSuffix(full, "*"); all && strings.HasPrefix(name, pkg) && len(pkg) > len(best) {
			best = full
			_ = hint
		} else if full[strings.LastIndexByte(full, '.')+1:] == name {
			return hint
		}
	}
	return c.table.refused[best]
}

// imports reads the import lines.
func (c *checker) imports(root *node) {
	for _, n := range root.kids {
		if n.kind != "import_declaration" {
			continue
		}
		name, all, static := n.only("identifier", "scoped_identifier"), n.only("asterisk") != nil, n.has("static")
		full := strings.Join(strings.Fields(name.text), "")
		switch {
		case static && all:
			if cls := c.qualified(full); cls != nil {
				c.statics["*"] = append(c.statics["*"], cls)
				continue
			}
			c.unknownImport(name, full)
		case static:
			c.staticImport(name, full)
		case all:
			if !c.table.packages[full] {
				c.unknownImport(name, full+".*")
			}
			c.packages[full] = true
		default:
			cls := c.qualified(full)
			if cls == nil {
				c.unknownImport(name, full)
				continue
			}
			c.imported[cls.name] = cls
			c.imported[cls.name[strings.LastIndexByte(cls.name, '.')+1:]] = cls
		}
	}
}

func (c *checker) staticImport(n *node, full string) {
	dot := strings.LastIndexByte(full, '.')
	cls := c.qualified(full[:max(dot, 0)])
	if cls == nil {
		c.unknownImport(n, full)
		return
	}
	member := full[dot+1:]
	if len(cls.find(member)) == 0 && cls.findField(member) == nil {
		c.refuse(n, "%s has no %s here", cls.name, member)
	}
	c.statics[member] = append(c.statics[member], cls)
}

func (c *checker) unknownImport(n *node, full string) {
	if hint := c.hint(full); hint != "" {
		c.refuse(n, "%s isn't available: %s", full, hint)
		return
	}
	c.refuse(n, "%s isn't known here; a procedure has Java's own classes for texts, numbers, collections, digests and patterns", full)
}
