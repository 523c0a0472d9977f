package java_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

const (
	generatedMethods = 100 // of a class
	generatedCalls   = 4   // of each method
	levels           = 4   // a method calls those of lower levels, so that nothing calls itself
)

func (g *generator) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat("    ", len(g.vars)+1))
	fmt.Fprintf(&g.out, format+"\n", args...)
}

func (g *generator) fresh(t string) string {
	g.names++
	name := fmt.Sprintf("v%d", g.names)
	last := len(g.vars) - 1
	g.vars[last] = append(g.vars[last], variable{name: name, t: t})
	return name
}

// block writes statements within braces that stand already.
func (g *generator) block(count, depth int) {
	g.vars = append(g.vars, nil)
	for range count {
		g.statement(depth)
	}
	g.vars = g.vars[:len(g.vars)-1]
}

func (g *generator) statement(depth int) {
	k := g.n(20)
	switch {
	case k < 6 || depth <= 0 && k < 10:
		t := g.of(generatedTypes...)
		value := g.expr(t, 3)
		g.line("%s %s = %s;", t, g.fresh(t), value)
	case k < 12 || depth <= 0:
		g.assign()
	case k < 14:
		g.line("if (%s) {", g.expr("boolean", 2))
		g.block(1+g.n(2), depth-1)
		if g.chance(60) {
			g.line("} else {")
			g.block(1+g.n(2), depth-1)
		}
		g.line("}")
	case k < 16:
		g.loop(depth)
	case k < 18:
		g.try(depth)
	default:
		g.choose(depth)
	}
}

func (g *generator) assign() {
	t := g.of(generatedTypes...)
	v := g.reading(t, true)
	if v == "" {
		return
	}
	switch {
	case t == "int" || t == "long" || t == "double" || t == "float" || t == "byte" || t == "short" || t == "char":
		switch k := g.n(5); {
		case k == 0:
			g.line("%s%s;", v, g.of("++", "--"))
		case k == 1:
			g.line("%s = %s;", v, g.expr(t, 3))
		case k == 2 && t != "double" && t != "float":
			g.line("%s %s %s;", v, g.of("&=", "|=", "^=", "<<=", ">>=", ">>>="), g.expr(g.of("int", "long", "byte"), 2))
		default:
			g.line("%s %s %s;", v, g.of("+=", "-=", "*=", "/=", "%="), g.expr(g.of("int", "long", "double", "char", "float", "Integer"), 2))
		}
	case t == "String":
		g.line("%s %s %s;", v, g.of("=", "+="), g.expr("String", 2))
	case t == "int[]":
		g.line("%s[%s] %s %s;", v, g.expr("int", 1), g.of("=", "+=", "-=", "*=", "<<=", "^="), g.expr(g.of("int", "char", "short"), 2))
	case t == "char[]":
		g.line("%s[%s] %s %s;", v, g.expr("int", 1), g.of("=", "+="), g.expr("char", 2))
	case t == "List<Integer>":
		g.line("%s;", g.of(v+".add("+g.expr("int", 2)+")", v+".remove("+g.expr("Integer", 2)+")", v+".set("+g.expr("int", 1)+", "+g.expr("int", 1)+")", "Collections.reverse("+v+")", v+".add(0, "+g.expr("Integer", 1)+")", v+".removeIf(x -> x != null && x > 3)"))
	default:
		g.line("%s = %s;", v, g.expr(t, 2))
	}
}

// loop writes a loop that ends after a few turns.
func (g *generator) loop(depth int) {
	g.names++
	name := fmt.Sprintf("i%d", g.names)
	g.loops++
	defer func() { g.loops-- }()
	counter := variable{name: name, t: "int", fixed: true}
	switch g.n(3) {
	case 0:
		g.line("for (int %s = %d; %s < %d; %s++) {", name, g.n(3), name, 3+g.n(3), name)
	case 1:
		g.line("for (int %s = %d; %s > 0; %s -= 2) {", name, 3+g.n(6), name, name)
	default:
		counter.t = g.of("int", "char")
		over := map[string]string{"int": g.expr("int[]", 1), "char": "(" + g.expr("String", 1) + ").toCharArray()"}[counter.t]
		g.line("for (%s %s : %s) {", counter.t, name, over)
	}
	g.vars = append(g.vars, []variable{counter})
	g.block(1+g.n(3), depth-1)
	if g.chance(30) {
		g.line("if (%s) %s;", g.expr("boolean", 1), g.of("break", "continue"))
	}
	g.vars = g.vars[:len(g.vars)-1]
	g.line("}")
}

func (g *generator) try(depth int) {
	g.line("try {")
	g.block(1+g.n(3), depth-1)
	g.names++
	g.line("} catch (%s e%d) {", g.of("ArithmeticException", "IndexOutOfBoundsException", "RuntimeException", "NullPointerException | IllegalArgumentException", "NumberFormatException"), g.names)
	g.block(g.n(2), depth-1)
	if g.chance(40) {
		g.line("} finally {")
		g.block(1, depth-1)
	}
	g.line("}")
}

func (g *generator) choose(depth int) {
	t := g.of("int", "char", "String", "byte")
	labels := map[string][]string{"int": {"0", "1", "-1", "3"}, "char": {"'a'", "'0'", "'Z'"}, "String": {`"a"`, `"42"`, `""`}, "byte": {"0", "1", "-128"}}[t]
	g.line("switch (%s) {", g.expr(t, 2))
	for i, l := range labels {
		if i == 1 && g.chance(30) {
			g.line("default:")
			g.switchBody(depth)
		}
		g.line("case %s:", l)
		g.switchBody(depth)
	}
	g.line("}")
}

func (g *generator) switchBody(depth int) {
	if g.chance(20) {
		return
	}
	g.line("{")
	g.block(1, depth-1)
	g.line("}")
	if g.chance(60) {
		g.line("break;")
	}
}

func (g *generator) method(i int) {
	m := generated{name: fmt.Sprintf("m%d", i), ret: g.of(generatedTypes...), level: i % levels}
	g.level, g.loops, g.vars = m.level, 0, [][]variable{nil}
	var params []string
	for range 1 + g.n(3) {
		t := g.of(generatedTypes...)
		params = append(params, t+" "+g.fresh(t))
		m.params = append(m.params, t)
	}
	fmt.Fprintf(&g.out, "    static %s %s(%s) {\n", m.ret, m.name, strings.Join(params, ", "))
	for range 2 + g.n(5) {
		g.statement(2)
	}
	g.line("return %s;", g.expr(m.ret, 3))
	g.out.WriteString("    }\n\n")
	g.vars = nil
	g.made = append(g.made, m)
}

// generatedShown are methods of every generated class that write a value so that all of it can be seen.
const generatedShown = `    static String shown(String s) {
        if (s == null) return "null";
        StringBuilder b = new StringBuilder();
        for (char c : s.length() > 300 ? (s.substring(0, 300) + s.hashCode()).toCharArray() : s.toCharArray()) {
            if (c >= ' ' && c <= '~') b.append(c); else b.append('{').append((int) c).append('}');
        }
        return b.toString();
    }

    static List<Integer> list(Integer a, Integer b) {
        List<Integer> out = new ArrayList<>();
        out.add(a);
        out.add(b);
        return out;
    }

    static String shown(double d) { return Long.toHexString(Double.doubleToLongBits(d)); }
    static String shown(float f) { return Long.toHexString(Double.doubleToLongBits(f)); }
    static String shown(int v) { return "" + v; }
    static String shown(long v) { return "" + v; }
    static String shown(boolean v) { return "" + v; }
    static String shown(char v) { return "" + (int) v; }
    static String shown(int[] v) { return Arrays.toString(v); }
    static String shown(char[] v) { return shown(Arrays.toString(v)); }
    static String shown(String[] v) { return shown(Arrays.toString(v)); }
    static String shown(Object v) { return shown(String.valueOf(v)); }

`

// generate writes a procedure of generated methods, whose run calls each with several arguments.
func generate(class string, seed uint64) string {
	g := &generator{random: rand.New(rand.NewPCG(seed, 7))}
	fmt.Fprintf(&g.out, "package flashcall;\n\nimport com.identityblitz.core.loop.*;\nimport com.identityblitz.core.loop.http.*;\nimport java.util.*;\n\npublic class %s implements HttpLoop {\n", class)
	for i := range generatedMethods {
		g.method(i)
	}
	g.out.WriteString(generatedShown)
	var parts strings.Builder
	for i, m := range g.made {
		fmt.Fprintf(&g.out, "    static void call%d(StringBuilder out) {\n", i)
		fmt.Fprintf(&parts, "        call%d(out);\n", i)
		for range generatedCalls {
			var args []string
			for _, p := range m.params {
				args = append(args, g.expr(p, g.n(2)))
			}
			call := m.name + "(" + strings.Join(args, ", ") + ")"
			fmt.Fprintf(&g.out, "        try { out.append(%q).append(shown(%s)).append('\\n'); } catch (RuntimeException e) { out.append(%q).append(e.getClass().getName()).append(e instanceof ClassCastException ? \"\" : shown(e.getMessage())).append('\\n'); }\n",
				m.name+" ", call, m.name+" threw ")
		}
		g.out.WriteString("    }\n\n")
	}
	fmt.Fprintf(&g.out, "    public HttpLoopRequest run(JsObj obj, HttpLoopResult result) {\n        StringBuilder out = new StringBuilder();\n%s        return HttpLoop.Ok(JsObj.empty.addString(\"v\", out.toString()));\n    }\n}\n", parts.String())
	return g.out.String()
}
