package hocon

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// generator writes random documents over few keys, so that they meet: they merge, hide, refer to and include one another.
type generator struct {
	*rand.Rand
	depth int
	plain bool // no substitutions, includes and +=
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g *generator) document() string {
	body := g.fields(1 + g.IntN(7))
	if g.IntN(5) == 0 {
		body = g.blank() + "{" + body + "}" + g.blank()
	}
	if g.IntN(12) == 0 { // a slip of the keyboard
		at := g.IntN(len(body) + 1)
		for at < len(body) && !utf8.RuneStart(body[at]) {
			at++
		}
		body = body[:at] + g.pick("}", "{", "]", "[", ",", ":", "=", "\"", "$", "+", "#", "//", "\\", "@", "\n", " ", "\"\"\"", ".", "?") + body[at:]
	}
	return body
}

func (g *generator) fields(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(g.pick("\n", "\n", "\n", ",", ", ", "\n  ", "\r\n", " # note\n", "\n,", ",\n", "// n, {\n"))
		}
		b.WriteString(g.field())
	}
	b.WriteString(g.pick("\n", "\n", "", " ", ",", "\n# end\n"))
	return b.String()
}

func (g *generator) field() string {
	if g.IntN(25) == 0 && !g.plain {
		return "include " + g.pick(`"inc1.conf"`, `"inc2"`, `required("inc1.conf")`, `"missing"`, `required("missing.conf")`, `classpath("none.conf")`, `"sub/inc3"`)
	}
	if g.IntN(5) == 0 {
		return g.pick("b", "d", "d.o", "b") + g.blank() + g.pick("", "=", ":", "= "+g.optional("d"), ": "+g.optional("p")) + g.blank() + g.object()
	}
	key := g.path()
	if g.IntN(12) == 0 {
		key = g.pick(`"a b"`, "a b", `"x.y"`, "3.14", "10", "true", `""`, "a-b", "_a", "ключ", `a."b"`, `a"b"`, "0", "null.b", "1e3", "a . b", "-1")
	}
	if g.IntN(12) == 0 && !g.plain {
		return key + g.blank() + "+=" + g.blank() + g.value()
	}
	return key + g.blank() + g.pick("=", ":") + g.blank() + g.value()
}

// path prefers b and d for objects and the others for the rest, so that most documents make sense.
func (g *generator) path() string {
	switch g.IntN(8) {
	case 0:
		return g.pick("a", "b", "c", "d", "a.b", "a.c.d", "c.d", "b.d.a")
	case 1, 2, 3:
		return g.pick("a", "c", "e", "f")
	}
	return g.pick("b", "d", "b.o", "d.o", "p") + "." + g.pick("a", "c", "e", "f")
}

func (g *generator) value() string {
	n := 1
	if g.IntN(4) == 0 {
		n += 1 + g.IntN(3)
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(g.blank())
		}
		b.WriteString(g.piece())
	}
	return b.String()
}

func (g *generator) piece() string {
	switch k := g.IntN(12); {
	case k < 4 && !g.plain:
		return g.substitution()
	case k == 4 && g.depth < 3 && g.IntN(3) == 0:
		return g.object()
	case k == 5 && g.depth < 3:
		return g.list()
	}
	return g.scalar()
}

func (g *generator) optional(path string) string {
	if g.plain {
		return ""
	}
	return "${?" + path + "}"
}

func (g *generator) substitution() string {
	path := g.path()
	if g.IntN(8) == 0 {
		path = g.pick("FOO", "EMPTY", "UNSET", `"a"`, " a ", `a."b"`, "a b", "10", "i.x")
	}
	if g.IntN(4) > 0 {
		return "${?" + path + "}"
	}
	return "${" + path + "}"
}

func (g *generator) object() string {
	g.depth++
	defer func() { g.depth-- }()
	if g.IntN(6) == 0 {
		return fmt.Sprintf(`{"%d":%s}`, g.IntN(3), g.scalar())
	}
	return "{" + g.blank() + g.fields(g.IntN(4)) + "}"
}

func (g *generator) list() string {
	g.depth++
	defer func() { g.depth-- }()
	var b strings.Builder
	b.WriteString("[" + g.pick("", " ", "\n"))
	for range g.IntN(4) {
		b.WriteString(g.value() + g.pick(",", ", ", "\n", " \n ", "#c\n"))
	}
	b.WriteString("]")
	return b.String()
}

func (g *generator) scalar() string {
	return g.pick("1", "2", "3.5", "1.0", "-7", "0", "true", "false", "null", "x", "y", "foo/bar", `"q"`, `""`, `"a\tb"`, `"é\u00e9"`, `"""t"""`,
		`"""a"b""""`, "\"\"\"x\ny\"\"\"", "10s", "1e3", "1.5e-3", "007", "-", "1.2.3", "12345678901234567890", "-0", "truex", "yes", "off", "a.b", "é", "(x)", "0x1f")
}

func (g *generator) blank() string {
	return g.pick("", "", " ", " ", "  ", "\t", " ")
}
