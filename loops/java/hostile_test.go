package java_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops/java"
)

// size is how long a hostile file is: the limit of a script.
const size = 64 << 10

// TestHostileFiles holds that no file takes long or breaks the translator, however deep it is nested.
func TestHostileFiles(t *testing.T) {
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
	half := func(open, shut string) string {
		n := size / 2 / max(len(open), len(shut))
		return strings.Repeat(open, n) + "1" + strings.Repeat(shut, n)
	}
	for name, source := range map[string]string{
		"parentheses": shell("int a = "+half("(", ")")+";", ""), "open parentheses": shell("int a = "+fill("("), ""),
		"braces": shell(half("{", "}"), ""), "open braces": fill("{"), "brackets": shell("int a = b"+fill("[0]")+";", ""),
		"generics": shell(fill("List<")+" x;", ""), "less": shell("boolean b = a"+fill("<a")+";", ""), "not": shell("boolean b = "+fill("!")+"x;", ""),
		"minus": shell("int a = "+fill("- ")+"1;", ""), "sum": shell("String s = \"\""+fill("+\"x\"")+";", ""), "chain": shell("String s = \"\""+fill(".trim()")+";", ""),
		"ternaries": shell("int a = "+fill("true?1:")+"1;", ""), "lambdas": shell("Object o = "+fill("x->")+"1;", ""), "casts": shell("int a = "+fill("(int)")+"1;", ""),
		"ifs": shell(fill("if(true)")+";", ""), "elses": shell(fill("if(true);else ")+";", ""), "quotes": fill("\""), "classes": fill("class A{"),
		"nothing": fill("\x00"), "texts": shell(fill("\"x\" "), ""), "words": shell(fill("if else "), ""), "letters": fill("a"), "colons": fill("::"), "annotations": fill("@A("), "comments": fill("/*"), "text blocks": fill("\"\"\""),
		"switches": shell(fill("switch(1){default->"), ""), "array values": shell("int[] a = "+fill("{"), ""), "dots": fill("a."), "new": shell("Object o = "+fill("new A("), ""),
		"constants": shell("", constants()), "types that double": shell(doubled("var %s = Map.entry(%s, %s);"), ""),
		"texts that double": shell("", doubled("static final String %s = %s + %s;")), "arrays": shell("var x = new int"+fill("[1]")+";", ""),
		"long text": shell("String s = \"\""+strings.Repeat(" + A;\ns += A", 4000)+";", "static final String A = \""+strings.Repeat("x", 20000)+"\";"), "many lambdas": shell(fill("Runnable r=()->{"), ""), "labels": shell(fill("a:"), ""), "many problems": shell(fill("a=b;"), ""),
		"overloads with lambdas": shell(strings.Repeat("new TreeMap<String, String>((a, b) -> { ", 30)+strings.Repeat("return 1; });", 30), ""),
	} {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			check(t, []byte(source))
			if took := time.Since(started); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// constants are fields of which each is reckoned from the next twice.
func constants() string {
	var out strings.Builder
	for i := range 60 {
		n := string(rune('A'+i/26)) + string(rune('A'+i%26))
		m := string(rune('A'+(i+1)/26)) + string(rune('A'+(i+1)%26))
		out.WriteString("static final double " + n + " = " + m + " + " + m + ";\n")
	}
	return out.String()
}

// doubled are declarations of which each holds the one before twice.
func doubled(form string) string {
	var out strings.Builder
	last := `"x"`
	for i := range 80 {
		name := "n" + strconv.Itoa(i)
		fmt.Fprintf(&out, form+"\n", name, last, last)
		last = name
	}
	return out.String()
}

// check translates a file and holds what is true of any: either there are problems, with places within the file, or a
// script that can be compiled, with places within the file too.
func check(t *testing.T, source []byte) (accepted bool) {
	p, problems := java.Translate("driver.java", source)
	if (p == nil) == (len(problems) == 0) {
		t.Fatalf("program %v and %d problems", p != nil, len(problems))
	}
	lines := strings.Split(string(source), "\n")
	within := func(line, column int) bool {
		return line >= 1 && line <= len(lines) && column >= 1 && column <= len(lines[line-1])+1
	}
	for _, problem := range problems {
		if !within(problem.Line, problem.Column) || problem.Message == "" || strings.Contains(problem.Message, "broke the translator") || problem.Reason == "" {
			t.Errorf("problem %+v", problem)
		}
	}
	if p == nil {
		return false
	}
	if _, err := goja.Compile("driver.js", p.Script, true); err != nil {
		t.Errorf("the script can't be compiled: %v\n%s", err, p.Script)
	}
	for line := range strings.Count(p.Script, "\n") {
		if !within(p.Place(line+1, 20)) {
			t.Errorf("line %d has no place", line+1)
		}
	}
	return true
}
