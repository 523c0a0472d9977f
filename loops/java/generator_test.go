package java_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator writes well-typed Java. The same seed gives the same text.
type generator struct {
	random *rand.Rand
	out    strings.Builder
	made   []generated  // the methods so far
	vars   [][]variable // of the method being written, by block
	level  int          // of the method being written: it calls those of lower levels alone
	loops  int          // how many loops are open
	names  int
}

// generated is a method that was written.
type generated struct {
	name   string
	ret    string
	params []string
	level  int
}

type variable struct {
	name, t string
	fixed   bool // a loop's counter, which the body may only read
}

// generatedTypes are the types of parameters and variables, those of numbers more often.
var generatedTypes = []string{"int", "int", "int", "long", "long", "short", "byte", "char", "boolean", "double", "float", "String", "Integer", "Long", "int[]", "String[]", "char[]", "Object", "List<Integer>"}

func (g *generator) n(n int) int { return g.random.IntN(n) }

func (g *generator) chance(percent int) bool { return g.n(100) < percent }

func (g *generator) of(list ...string) string { return list[g.n(len(list))] }

// reading gives a variable of the type, or nothing.
func (g *generator) reading(t string, write bool) string {
	var found []string
	for _, block := range g.vars {
		for _, v := range block {
			if v.t == t && !(write && v.fixed) {
				found = append(found, v.name)
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return g.of(found...)
}

// expr writes an expression of the type itself, no deeper than depth.
func (g *generator) expr(t string, depth int) string {
	if v := g.reading(t, false); v != "" && (depth <= 0 || g.chance(30)) {
		return v
	}
	if depth > 0 {
		if g.chance(12) {
			if call := g.call(t, depth-1); call != "" {
				return call
			}
		}
		if g.chance(8) && t != "Object" && t != "float" {
			return fmt.Sprintf("((%s) (%s ? %s : %s))", t, g.expr("boolean", depth-1), g.expr(t, depth-1), g.expr(t, depth-1))
		}
	}
	switch t {
	case "int", "long", "double", "float":
		return g.number(t, depth)
	case "short", "byte", "char":
		return g.narrow(t, depth)
	case "boolean":
		return g.truth(depth)
	case "String":
		return g.text(depth)
	}
	return g.object(t, depth)
}

func (g *generator) object(t string, depth int) string {
	switch t {
	case "Integer":
		if g.chance(12) {
			return "(Integer) null"
		}
		return g.of("Integer.valueOf(", "(Integer) (") + g.expr("int", depth-1) + ")"
	case "Long":
		return "Long.valueOf(" + g.expr("long", depth-1) + ")"
	case "Object":
		return "(Object) " + g.of("("+g.expr("int", depth-1)+")", "("+g.expr("String", depth-1)+")", "("+g.expr("char", depth-1)+")", "("+g.expr("long", depth-1)+")", "("+g.expr("boolean", depth-1)+")")
	case "int[]":
		return fmt.Sprintf("new int[]{%s, %s, %s}", g.expr("int", depth-1), g.expr("char", depth-1), g.expr("short", depth-1))
	case "char[]":
		return g.of("("+g.expr("String", depth-1)+").toCharArray()", fmt.Sprintf("new char[]{%s, %s}", g.expr("char", depth-1), g.expr("char", depth-1)), "new char[3]")
	case "String[]":
		return fmt.Sprintf("new String[]{%s, %s}", g.expr("String", depth-1), g.expr("String", depth-1))
	}
	return fmt.Sprintf("list(%s, %s)", g.expr("int", depth-1), g.expr("Integer", depth-1))
}

// literal writes a constant of a numeric type.
func (g *generator) literal(t string) string {
	switch t {
	case "long":
		return g.of("0L", "1L", "-1L", "7L", "63L", "4294967296L", "9223372036854775807L", "(-9223372036854775807L - 1)", "1_000_000_007L", "0xFFFFFFFFL", fmt.Sprint(g.n(1000)-500)+"L")
	case "double":
		return g.of("0.0", "1.0", "-1.5", "0.5", "2.5", "1e10", "-1e-3", "3.0", "1e300", fmt.Sprint(g.n(1000))+".25")
	case "float":
		return g.of("0f", "1.5f", "-2.25f", "1e10f", "0.1f", fmt.Sprint(g.n(100))+"f")
	case "char":
		return g.of("'a'", "'Z'", "'0'", "' '", "'\\n'", "'ж'", "'\\uffff'", "'\\0'")
	}
	return g.of("0", "1", "-1", "2", "3", "5", "10", "31", "32", "255", "-128", "65535", "2147483647", "-2147483648", "0x7fff", "0b1011", "017", fmt.Sprint(g.n(2000)-1000))
}

// operand writes a number that is promoted to the type.
func (g *generator) operand(t string, depth int) string {
	fits := map[string][]string{
		"int": {"int", "int", "int", "short", "byte", "char", "Integer"}, "long": {"long", "long", "int", "char", "byte", "Long"},
		"double": {"double", "double", "int", "long", "float", "short"}, "float": {"float", "float", "int", "short"},
	}[t]
	return g.expr(g.of(fits...), depth)
}

func (g *generator) number(t string, depth int) string {
	if depth <= 0 {
		return g.literal(t)
	}
	a := g.expr(t, depth-1) // at least one of the type itself
	b := g.operand(t, depth-1)
	if g.chance(50) {
		a, b = b, a
		if g.chance(50) {
			a = g.expr(t, depth-1)
		} else if t != "int" {
			b = g.expr(t, depth-1)
		}
	}
	whole := t == "int" || t == "long"
	switch k := g.n(20); {
	case k < 8:
		return "(" + a + " " + g.of("+", "-", "*") + " " + b + ")"
	case k < 10:
		return "(" + a + " " + g.of("/", "%") + " " + b + ")"
	case k < 12 && whole:
		return "(" + a + " " + g.of("&", "|", "^") + " " + b + ")"
	case k < 14 && whole:
		return "(" + g.expr(t, depth-1) + " " + g.of("<<", ">>", ">>>") + " " + g.expr(g.of("int", "long", "byte"), depth-1) + ")"
	case k < 15:
		return g.of("-", "+") + "(" + g.expr(t, depth-1) + ")"
	case k < 16 && whole:
		return "~" + g.expr(t, depth-1)
	case k < 18:
		return "((" + t + ") (" + g.expr(g.of("int", "long", "double", "float", "char", "byte"), depth-1) + "))"
	}
	return g.special(t, depth)
}

// special writes what a method of the library gives.
func (g *generator) special(t string, depth int) string {
	e := func(t string) string { return g.expr(t, depth-1) }
	if v := g.reading(t, true); v != "" && g.chance(40) {
		return g.of("("+v+"++)", "(--"+v+")", "("+v+" += "+e("int")+")", "("+v+" = "+e(t)+")")
	}
	switch t {
	case "int":
		return g.of("("+e("String")+").length()", "("+e("String")+").hashCode()", "("+e("String")+").indexOf("+e("String")+")", "("+e("String")+").compareTo("+e("String")+")", "(("+e("String")+").charAt("+e("int")+") * 1)",
			"Math.max("+e("int")+", "+e("int")+")", "Math.floorMod("+e("int")+", "+e("int")+")", "Integer.bitCount("+e("int")+")", e("int[]")+".length", "("+e("int[]")+")["+e("int")+"]", "(("+e("char[]")+")["+e("byte")+"] + 0)",
			"Integer.compare("+e("int")+", "+e("int")+")", "Integer.parseInt("+e("String")+")", "("+e("List<Integer>")+").size()", "(0 + ("+e("List<Integer>")+").get("+e("int")+"))", "Objects.hash("+e("Object")+", "+e("int")+")", "Arrays.hashCode("+e("int[]")+")",
			"Integer.reverse("+e("int")+")", "Math.abs("+e("int")+")", "Character.getNumericValue("+e("char")+")", "Long.hashCode("+e("long")+")", "Double.compare("+e("double")+", "+e("double")+")")
	case "long":
		return g.of("Math.abs("+e("long")+")", "Math.min("+e("long")+", "+e("int")+")", "Math.floorMod("+e("long")+", "+e("long")+")", "Math.round("+e("double")+")", "Long.parseLong("+e("String")+")", "Integer.toUnsignedLong("+e("int")+")", "Long.rotateLeft("+e("long")+", "+e("int")+")", "Math.floorDiv("+e("long")+", "+e("long")+")")
	case "double":
		return g.of("Math.floor("+e("double")+")", "Math.ceil("+e("double")+")", "Math.rint("+e("double")+")", "Math.sqrt("+e("double")+")", "Math.max("+e("double")+", "+e("double")+")", "Math.abs("+e("double")+")", "Math.signum("+e("double")+")", "Math.min("+e("double")+", "+e("float")+")")
	}
	return "Math.max(" + e("float") + ", " + e("float") + ")"
}

func (g *generator) narrow(t string, depth int) string {
	if depth <= 0 {
		if t == "char" {
			return g.literal(t)
		}
		return "((" + t + ") " + g.literal("int") + ")"
	}
	if t == "char" && g.chance(30) {
		return g.of("("+g.expr("String", depth-1)+").charAt("+g.expr("int", depth-1)+")", "Character.toUpperCase("+g.expr("char", depth-1)+")", "Character.forDigit("+g.expr("int", depth-1)+", 16)")
	}
	if v := g.reading(t, true); v != "" && g.chance(30) {
		return g.of("("+v+"++)", "(++"+v+")", "("+v+" "+g.of("+=", "-=", "*=", "^=", ">>=", ">>>=", "<<=")+" "+g.expr("int", depth-1)+")", "("+v+" /= "+g.expr("double", depth-1)+")")
	}
	return "((" + t + ") (" + g.expr(g.of("int", "int", "long", "double", "char"), depth-1) + "))"
}

func (g *generator) truth(depth int) string {
	if depth <= 0 {
		return g.of("true", "false")
	}
	e := func(t string) string { return g.expr(t, depth-1) }
	pair := func(op string, types ...string) string {
		return "(" + e(g.of(types...)) + " " + op + " " + e(g.of(types...)) + ")"
	}
	numbers := []string{"int", "long", "double", "char", "byte", "float"}
	return g.of(pair(g.of("<", "<=", ">", ">=", "==", "!="), numbers...), pair(g.of("&&", "||"), "boolean"), pair(g.of("&", "|", "^", "==", "!="), "boolean"), "!"+e("boolean"),
		"("+e("String")+").equals("+e("Object")+")", "("+e("String")+").startsWith("+e("String")+")", "("+e("String")+").contains("+e("String")+")", "("+e("String")+").isEmpty()", "Character.isLetterOrDigit((char) ("+e("char")+" & 255))",
		"("+e("Object")+" instanceof "+g.of("String", "Integer", "Long", "Number", "Character", "Comparable")+")", "Objects.equals("+e("Object")+", "+e("Object")+")", "("+e("List<Integer>")+").contains("+e("Integer")+")", "("+e("Integer")+" == null)", "Arrays.equals("+e("int[]")+", "+e("int[]")+")")
}

func (g *generator) text(depth int) string {
	if depth <= 0 {
		return g.of(`""`, `"a"`, `"abc"`, `"42"`, `"-7"`, `"x,y,,z"`, `"Hello World"`, `"ß"`, `"😀"`, `" t "`, `"é"`)
	}
	e := func(t string) string { return g.expr(t, depth-1) }
	joined := e("String") + " + " + g.of(e("int"), e("long"), e("char"), e("boolean"), e("String"), e("Integer"), e("byte"), "null", e("Object"))
	s := "(" + e("String") + ")"
	return g.of("("+joined+")", "("+joined+")", "("+e("char")+" + "+e("String")+")", "("+e("int")+" + "+e("char")+" + "+e("String")+")", s+".substring("+e("int")+")", s+".substring("+e("byte")+", "+e("int")+")", s+".toUpperCase()", s+".trim()", s+".replace("+e("char")+", "+e("char")+")",
		s+".replace("+e("String")+", "+e("String")+")", "String.valueOf("+g.of(e("int"), e("char"), e("boolean"), e("Object"), e("long"), e("char[]"))+")", "Integer.toHexString("+e("int")+")", "Long.toString("+e("long")+", 36)", "Integer.toBinaryString("+e("short")+")",
		"Arrays.toString("+g.of(e("int[]"), e("String[]"), e("char[]"))+")", "String.format(\"%d|%s|%5s|%x\", "+e("int")+", "+e("Object")+", "+e("char")+", "+e("long")+")", "new StringBuilder("+e("String")+").reverse().toString()", "(\"\" + "+e("List<Integer>")+")", "String.join(\"-\", "+e("String")+", "+e("String")+")",
		"("+e("String[]")+")["+e("int")+"]", "Arrays.toString("+s+".split(\",\"))", s+".repeat("+e("int")+" & 3)", "new String("+e("char[]")+")")
}

// call writes a call of a method of a lower level, or nothing where none gives the type.
func (g *generator) call(t string, depth int) string {
	if g.loops > 1 {
		return ""
	}
	var found []generated
	for _, m := range g.made {
		if m.ret == t && m.level < g.level {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return ""
	}
	m := found[g.n(len(found))]
	var args []string
	for _, p := range m.params {
		args = append(args, g.expr(p, min(depth, 1)))
	}
	return m.name + "(" + strings.Join(args, ", ") + ")"
}
