package java_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

// TestTextsStayTexts holds that what stands in the texts and names of a file is never read as a piece of the script.
func TestTextsStayTexts(t *testing.T) {
	const arrays = "static int[] pick(String a) { return new int[] {a.length(), 2, 3, 4, 5}; } static int at(String a) { return a.length() % 5; }"
	for _, c := range []struct{ name, body, expression, members, want string }{
		{"array and index", `int[] v = pick("$t2,"); pick("$t2,")[at("+(globalThis.pwned=1)+")] = 5;`, `v[0] + " " + (pick("$t1")[at("$t2")] += 7) + pick("$t2,")[at("$t1, $t2")]++`, arrays, "4 114"},
		{"places of a template", `String s = "$0";`, `s.replace("$1", "$*").concat("$2").indexOf("$2", at("$1$2$3")) + String.join("$*", "$1", "$0")`, arrays, "2$1$*$0"},
		{"field of a call", `t("f_x", ".f_x").x = 4; t("$t1", "$t2").x += t(".f_x = ", "$t3").x++;`, "t(\"\", \"\").x", "static Test one = new Test(); int x; static Test t(String a, String b) { return one; }", "8"},
		{"words of the runtime", "", `"$j.Regex.compile" + "\"" + "\\$j.nothing"`, "", `$j.Regex.compile"\$j.nothing`},
		{"marks of places", "", `("\u0001" + "1:1\u0002" + "\\").length()`, "", "6"},
		{"ends of literals", "", `"\"; throw 1; \"".length() + "\u2028\u2029</script>".length() + "${1}` + "`" + `".length()`, "", "29"},
		{"comments", "/* \" */ int a = 1; // '; throw 1\n", `a /* + "*/ + 1`, "", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := value(t, c.body, c.expression, c.members); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestNamesOfAnyKind holds that a name may hold whatever Java lets it.
func TestNamesOfAnyKind(t *testing.T) {
	for _, c := range []struct{ name, body, expression, members, want string }{
		{"method", "", `x$1("toString") + x("a")`, `static String x(String s) { return "one " + s; } static String x$1(String... s) { return "many " + s[0] + " "; }`, "many toString one a"},
		{"method of an object", "", `x$0("a", "b")`, `String x$0(String a, String $1) { return a + $1; }`, "ab"},
		{"class", "int q = 5;", "K$1.m(q) + new K$1().n$0(1) + (((Object) new K$1()) instanceof K$1 ? K$1.class.getSimpleName() + new K$1().getClass().getSimpleName() + new K$1().getClass().getName() : \"\")", "static class K$1 { static int m(int x) { return x; } int n$0(int y) { return y; } }", "6K$1K$1flashcall.Test$K$1"},
		{"exception", `String s = ""; try { throw new E$0("x"); } catch (E$0 $1) { s = $1.getMessage(); }`, "s", "static class E$0 extends RuntimeException { E$0(String m) { super(m); } }", "x"},
		{"no enum constant", "String s = null; try { A$1.valueOf(\"x\"); } catch (IllegalArgumentException e) { s = e.getMessage(); }", "s", "enum A$1 { B }", "No enum constant flashcall.Test.A$1.x"},
		{"enum", "A$1 a = A$1.B$0;", `A$1.valueOf("B$0") == a ? a : null`, "enum A$1 { B$0, $1 }", "B$0"},
		{"fields", "α = 1; $u3b1_ = 2; _x3b1_ = 3;", "α + $u3b1_ + _x3b1_", "int α, $u3b1_, _x3b1_;", "6"},
		{"variables", "int a_b = 1, a__b = 2, a$b = 4, a_x24_b = 8, ё = 16, $ = 32;", "a_b + a__b + a$b + a_x24_b + ё + $", "", "63"},
		{"words of the script", "int await = 1, arguments = 2, eval = 3, undefined = 4, NaN = 5, of = 6;", "await + arguments + eval + undefined + NaN + of", "", "21"},
		{"lambda", "Function<String, String> $1 = $0 -> $0 + $0;", `$1.apply("$1")`, "", "$1$1"},
		{"label", "int n = 0; $0: while (true) { ё: while (true) { if (++n < 3) continue ё; break $0; } }", "n", "", "3"},
		{"label of a switch", "int n = 1; a_b: switch (n) { case 1: while (true) { n = 7; break a_b; } }", "n", "", "7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := value(t, c.body, c.expression, c.members); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestTextsLoadNothing holds that a text which looks like a word of the runtime loads no part of it.
func TestTextsLoadNothing(t *testing.T) {
	p, problems := java.Translate("driver.java", []byte(shell(`return HttpLoop.Ok(JsObj.empty.addString("\"", "\\ $j.Regex.compile $j.format"));`, "")))
	if len(problems) > 0 || p.Entries[loops.EntryStart] == "" {
		t.Fatal(problems)
	}
	if head, _, _ := strings.Cut(p.Script, "\n$n"); strings.Contains(strings.SplitN(head, ", $n", 2)[0], `"regex"`) {
		t.Errorf("the script begins with %s", head)
	}
}
