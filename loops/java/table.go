package java

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed signatures/*.sig
var signatureFiles embed.FS

// class is a class or interface, known from the signatures or declared in the file.
type class struct {
	name    string // simple, or Outer.Inner
	pkg     string
	params  []string
	supers  []*typ
	methods map[string][]*method
	ctors   []*method
	fields  map[string]*field
	fun     *method // of a functional interface: what a lambda is
	is      string  // the JavaScript that tells whether $0 is of the class
	iface   bool
	thrown  bool // Throwable and all below
	user    bool
	own     *ownClass // what more is known of a class that the file declares
}

// method is a method or constructor.
type method struct {
	name    string
	owner   *class
	tvars   []string
	params  []*typ
	varargs bool
	static  bool
	private bool // of the file
	hollow  bool // of the file: it has no body
	ret     *typ
	js      string // $0 is the receiver, $1.. the arguments, $* all of them
	decl    *node
}

// field is a field, static or not.
type field struct {
	name   string
	owner  *class
	t      *typ
	static bool
	final  bool
	js     string
	value  any  // of a constant
	folded bool // whether value was looked for
	decl   *node
}

// table is what is known of Java's library.
type table struct {
	classes  map[string]*class
	packages map[string]bool
	refused  map[string]string // a full name, or package.*, and what to do instead
	faults   []string
}

// library reads the signatures once. What it gives is shared and never changed.
var library = sync.OnceValue(readLibrary)

// The signatures are lines:
//
//	class java.util.ArrayList<E> : List<E>          a class, its supertypes
//	interface ..., exception ...                    the same for others
//	function java.util.function.Predicate<T> boolean test(T)
//	  static <T> List<T> of(T...) = $j.listOf($1)   a member and the JavaScript that does it, $0 being the receiver
//	  new(int) = new $j.List()                      a constructor
//	  const int MAX_VALUE = 2147483647              a constant
//	  is = $j.isList($0)                            what instanceof asks
//	no java.lang.Thread = there are no threads      a class that is refused, and the hint
func readLibrary() *table {
	t := &table{classes: map[string]*class{}, packages: map[string]bool{}, refused: map[string]string{}}
	entries, err := signatureFiles.ReadDir("signatures")
	if err != nil {
		t.faults = append(t.faults, err.Error())
	}
	var lines []string
	for _, e := range entries {
		text, err := signatureFiles.ReadFile("signatures/" + e.Name())
		if err != nil {
			t.faults = append(t.faults, err.Error())
		}
		lines = append(lines, strings.Split(string(text), "\n")...)
	}
	type header struct {
		c    *class
		rest string
	}
	var headers []header
	var members []func()
	var current *class
	for _, line := range lines {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "no "):
			name, hint, _ := strings.Cut(strings.TrimPrefix(line, "no "), " = ")
			t.refused[name] = hint
		case strings.HasPrefix(line, " "):
			owner := current
			members = append(members, func() { t.member(owner, strings.TrimSpace(line)) })
		default:
			c, rest := t.header(line)
			current = c
			headers = append(headers, header{c, rest})
		}
	}
	for _, h := range headers {
		t.supers(h.c, h.rest)
	}
	for _, read := range members {
		read()
	}
	return t
}

var headerForm = regexp.MustCompile(`^(class|interface|function|exception) ((?:[a-z][a-z0-9]*\.)*)([A-Z][A-Za-z0-9.]*)(?:<([A-Z0-9,]+)>)?(.*)$`)

func (t *table) header(line string) (*class, string) {
	m := headerForm.FindStringSubmatch(line)
	if m == nil {
		t.faults = append(t.faults, "header: "+line)
		return &class{name: "?", methods: map[string][]*method{}, fields: map[string]*field{}}, ""
	}
	c := &class{name: m[3], pkg: strings.TrimSuffix(m[2], "."), methods: map[string][]*method{}, fields: map[string]*field{}}
	if m[4] != "" {
		c.params = strings.Split(m[4], ",")
	}
	c.iface = m[1] == "interface" || m[1] == "function"
	c.thrown = m[1] == "exception"
	if c.thrown {
		c.is = "$0 instanceof $j.ex." + c.name
	}
	if t.classes[c.name] != nil {
		t.faults = append(t.faults, "twice: "+c.name)
	}
	t.classes[c.name] = c
	t.packages[c.pkg] = true
	return c, strings.TrimSpace(m[5])
}

// supers reads what stands after a class's name: its supertypes, or the method of a functional interface.
func (t *table) supers(c *class, rest string) {
	list, ok := strings.CutPrefix(rest, ": ")
	if !ok {
		rest, list, ok = strings.Cut(rest, " : ")
		if !ok {
			list = ""
		}
	} else {
		rest = ""
	}
	if ok {
		p := &typeParser{t: t, text: list, vars: c.params}
		for {
			c.supers = append(c.supers, p.parse())
			if !p.eat(',') {
				break
			}
		}
		t.check(p, list)
	}
	if rest != "" {
		c.fun = t.signature(c, rest)
		c.fun.js = "$j.fn($0)($*)"
		c.methods[c.fun.name] = append(c.methods[c.fun.name], c.fun)
	}
	if c.thrown {
		t.exceptionCtors(c)
	}
}

// exceptionCtors gives an exception the four constructors that nearly all have.
func (t *table) exceptionCtors(c *class) {
	for _, ctor := range []string{"new()", "new(String)", "new(String,Throwable)", "new(Throwable)"} {
		m := t.signature(c, "void "+ctor)
		m.js = "$j.raise($j.ex." + c.name + ", $*)"
		if ctor == "new(Throwable)" {
			m.js = "$j.raiseFrom($j.ex." + c.name + ", $1)"
		}
		if ctor == "new()" {
			m.js = "$j.raise($j.ex." + c.name + ", null)"
		}
		m.ret = c.self()
		c.ctors = append(c.ctors, m)
	}
}

func (t *table) member(c *class, line string) {
	sig, js, hasJS := strings.Cut(line, " = ")
	switch {
	case sig == "is":
		c.is = js
		return
	case strings.HasPrefix(sig, "const "):
		t.constant(c, strings.TrimPrefix(sig, "const "), js)
		return
	case strings.HasPrefix(sig, "new("):
		m := t.signature(c, "void "+sig)
		m.ret, m.js = c.self(), js
		if !hasJS {
			m.js = "new $j." + c.name + "($*)"
		}
		c.ctors = append(c.ctors, m)
		return
	}
	m := t.signature(c, sig)
	m.js = js
	if !hasJS {
		m.js = "$0." + m.name + "($*)"
		if m.static {
			m.js = "$j." + strings.ReplaceAll(c.name, ".", "") + "." + m.name + "($*)"
		}
	}
	c.methods[m.name] = append(c.methods[m.name], m)
}

func (t *table) constant(c *class, sig, js string) {
	p := &typeParser{t: t, text: sig, vars: c.params}
	ct := p.parse()
	f := &field{name: p.word(), owner: c, t: ct, static: true, final: true, js: js}
	if n, err := strconv.ParseInt(strings.TrimSuffix(js, "n"), 10, 64); err == nil && ct.isIntegral() {
		f.value = n
	}
	t.check(p, sig)
	c.fields[f.name] = f
}

// signature reads "static <R> Ret name(Param,Param...)".
func (t *table) signature(c *class, sig string) *method {
	m := &method{owner: c}
	rest, static := strings.CutPrefix(sig, "static ")
	m.static = static
	p := &typeParser{t: t, text: rest, vars: append([]string{}, c.params...)}
	if p.eat('<') {
		for {
			m.tvars = append(m.tvars, p.word())
			if !p.eat(',') {
				break
			}
		}
		p.eat('>')
		p.vars = append(p.vars, m.tvars...)
	}
	m.ret = p.parse()
	m.name = p.word()
	p.eat('(')
	for !p.eat(')') && !p.bad {
		m.params = append(m.params, p.parse())
		if p.dots() {
			m.varargs = true
			m.params[len(m.params)-1] = arrayOf(m.params[len(m.params)-1])
		}
		p.eat(',')
	}
	t.check(p, sig)
	return m
}

func (t *table) check(p *typeParser, line string) {
	if p.bad || strings.TrimSpace(p.text) != "" {
		t.faults = append(t.faults, fmt.Sprintf("%q: can't be read at %q", line, p.text))
	}
}

// typeParser reads the types of a signature.
type typeParser struct {
	t    *table
	text string
	vars []string
	bad  bool
}

func (p *typeParser) eat(b byte) bool {
	p.text = strings.TrimLeft(p.text, " ")
	if p.text == "" || p.text[0] != b {
		return false
	}
	p.text = p.text[1:]
	return true
}

func (p *typeParser) dots() bool {
	rest, ok := strings.CutPrefix(p.text, "...")
	p.text = rest
	return ok
}

var wordForm = regexp.MustCompile(`^[A-Za-z0-9_]+(\.[A-Z][A-Za-z0-9]*)*`)

func (p *typeParser) word() string {
	p.text = strings.TrimLeft(p.text, " ")
	w := wordForm.FindString(p.text)
	p.text = p.text[len(w):]
	p.bad = p.bad || w == ""
	return w
}

func (p *typeParser) parse() *typ {
	name := p.word()
	out := primitive(name)
	for _, v := range p.vars {
		if v == name {
			out = &typ{kind: kVar, name: name}
		}
	}
	if out == nil {
		c := p.t.classes[name]
		if c == nil {
			p.bad = true
			return tBad
		}
		var args []*typ
		if p.eat('<') {
			for {
				args = append(args, p.parse())
				if !p.eat(',') {
					break
				}
			}
			p.bad = p.bad || !p.eat('>')
		}
		p.bad = p.bad || len(args) != len(c.params)
		out = c.of(args...)
	}
	for strings.HasPrefix(p.text, "[]") {
		p.text = p.text[2:]
		out = arrayOf(out)
	}
	return out
}

// find gives the methods of that name, those of subclasses before those of their supertypes, an overridden one once.
func (c *class) find(name string) []*method {
	var out []*method
	c.collect(name, map[*class]bool{}, &out)
	return out
}

func (c *class) collect(name string, seen map[*class]bool, out *[]*method) {
	if seen[c] {
		return
	}
	seen[c] = true
	for _, m := range c.methods[name] {
		if !overridden(*out, m) {
			*out = append(*out, m)
		}
	}
	for _, s := range c.supers {
		s.cls.collect(name, seen, out)
	}
}

func overridden(list []*method, m *method) bool {
	for _, o := range list {
		if o.owner == m.owner || len(o.params) != len(m.params) || o.static != m.static {
			continue
		}
		equal := true
		for i := range o.params {
			equal = equal && same(o.params[i], m.params[i])
		}
		if equal {
			return true
		}
	}
	return false
}

// findField gives the field of that name, of the class or of a supertype.
func (c *class) findField(name string) *field {
	if f := c.fields[name]; f != nil {
		return f
	}
	for _, s := range c.supers {
		if f := s.cls.findField(name); f != nil {
			return f
		}
	}
	return nil
}

// Signatures declare the words of the contract in Java and our own Ringtail, for editors: lines as library reads them.
func Signatures() string {
	text, _ := signatureFiles.ReadFile("signatures/loop.sig") // an embedded file can always be read
	return string(text)
}
