package java_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

// TestRefusals holds that what is wrong or not done is told with its place. In each source » stands where the problem is.
func TestRefusals(t *testing.T) {
	const syntax, unsupported = loops.ReasonSyntax, loops.ReasonUnsupported
	for _, c := range []struct {
		name, body, members string
		reason              loops.Reason
		message             string
	}{
		{"undeclared name", "int a = »b;", "", syntax, "b isn't declared"},
		{"undeclared method", "»foo(1);", "", syntax, "there is no method foo"},
		{"declared twice", "int a = 1; int »a = 2;", "", syntax, "already declared"},
		{"wrong type", "int a = »\"x\";", "", syntax, "a String is here where int is wanted"},
		{"narrowing", "int a = »1L;", "", syntax, "long doesn't fit int; write a cast: (int)"},
		{"narrowing constant", "byte b = »200;", "", syntax, "int doesn't fit byte"},
		{"double to int", "int a = »1.5;", "", syntax, "write a cast: (int)"},
		{"int to text", "String s = »5;", "", syntax, "String.valueOf"},
		{"null to int", "int a = »null;", "", syntax, "null can't be a int"},
		{"boolean wanted", "if (»1) { }", "", syntax, "a boolean is wanted here, not a int"},
		{"minus on text", "int a = »\"x\" - 1;", "", syntax, "- can't stand between"},
		{"not on int", "boolean b = !»5;", "", syntax, "a boolean is wanted"},
		{"too many arguments", "\"x\".»substring(1, 2, 3);", "", syntax, "substring takes 1 or 2 arguments, not 3"},
		{"wrong argument", "\"x\".charAt(»\"y\");", "", syntax, "a String is here where int is wanted"},
		{"wrong argument to text", "String.valueOf(1).startsWith(»1);", "", syntax, "where String is wanted"}, {"no such overload", "new StringBuilder().»insert(\"x\", 1);", "", syntax, "insert can't take (String, int)"},
		{"unknown method of String", "\"x\".»describeConstable();", "", unsupported, "String.describeConstable isn't known here"},
		{"unknown method of own class", "this.»foo();", "", syntax, "Test has no method foo"},
		{"unknown field", "int a = this.»foo;", "", syntax, "Test has no field foo"},
		{"unknown class", "»Foo f = null;", "", unsupported, "the class Foo isn't known here"},
		{"unknown static class", "»Foo.bar();", "", unsupported, "the class Foo isn't known here"},
		{"not imported", "»Duration d = null;", "", unsupported, ""},
		{"thread", "»Thread.sleep(5);", "", unsupported, "there are no threads"},
		{"new thread", "new »Thread();", "", unsupported, "there are no threads"},
		{"exit", "System.»exit(1);", "", unsupported, "HttpLoop.Ok or HttpLoop.error"},
		{"environment", "String s = System.»getenv(\"X\");", "", unsupported, "Ringtail.secret"},
		{"print", "System.»out.println(\"x\");", "", unsupported, "nothing is printed"},
		{"reflection", "Class.»forName(\"x\");", "", unsupported, "there is no reflection"},
		{"file", "new »File(\"x\");", "", unsupported, "File isn't known"},
		{"big decimal", "»java.math.BigDecimal d = null;", "", unsupported, "smallest unit"},
		{"sockets", "»java.net.Socket s = null;", "", unsupported, "HttpLoop.callBuilder"},
		{"http client", "»java.net.http.HttpClient.newHttpClient();", "", unsupported, "HttpLoop.callBuilder"},
		{"texts with ==", "String a = \"x\"; if (»a == a + \"\") { }", "", unsupported, "write .equals(..)"},
		{"never equal", "String a = \"x\"; if (»a == 5) { }", "", syntax, "can't be compared"},
		{"return nothing", "if (true) { »return; }", "", syntax, "must be returned"},
		{"unreachable", "return null; »int a = 1;", "", syntax, "never be reached"},
		{"after endless loop", "while (true) { } »int a = 1;", "", syntax, "never be reached"},
		{"missing return", "", "int »f(int a) { if (a > 0) return 1; }", syntax, "doesn't return a int on every way"},
		{"return in void", "", "void f() { »return 1; }", syntax, "a value can't be returned here"},
		{"break outside", "»break;", "", syntax, "can only stand in a loop"},
		{"continue in switch", "switch (1) { case 1: »continue; default: break; }", "", syntax, "can only stand in a loop"},
		{"continue of block", "a: { if (result == null) { »continue a; } }", "", syntax, "isn't the label of a loop"},
		{"label missing", "while (result == null) { »break x; }", "", syntax, "there is no label x"},
		{"final variable", "final int a = 1; »a = 2;", "", syntax, "final"},
		{"final field", "»k = 2;", "final int k = 1;", syntax, "final"},
		{"final parameter", "»obj = null;", "", syntax, "final"},
		{"captured", "int a = 1; a = 2; Runnable r = () -> f(»a);", "static void f(int x) { }", syntax, "must not be assigned more than once"},
		{"lambda arity", "Function<String, String> f = »() -> \"x\";", "", syntax, "needs 1 parameters, not 0"},
		{"lambda as text", "String s = »() -> \"x\";", "", syntax, "a lambda can't"},
		{"lambda result", "Function<String, Integer> f = x -> »x;", "", syntax, "a String is here where Integer is wanted"},
		{"method reference", "Function<String, Integer> f = »String::foo;", "", unsupported, "String.foo isn't known here"},
		{"cast", "Integer i = »(Integer) \"x\";", "", syntax, "can't be cast"},
		{"instanceof", "boolean b = »\"x\" instanceof Integer;", "", syntax, "is never a Integer"},
		{"list of other", "List<String> l = »new ArrayList<Integer>();", "", syntax, "ArrayList<Integer> is here where List<String> is wanted"},
		{"add to list", "List<String> l = new ArrayList<>(); l.add(»5);", "", syntax, "where String is wanted"},
		{"for over int", "for (int i : »5) { }", "", syntax, "needs an array or a collection"},
		{"for type", "for (int i : »List.of(\"x\")) { }", "", syntax, "a String is here where int is wanted"},
		{"index of other", "int[] a = {1}; int b = a[»\"x\"];", "", syntax, "a String is here where int is wanted"},
		{"no array", "int a = 1; int b = »a[0];", "", syntax, "a int is no array"},
		{"array value", "int[] a = {1, »\"x\"};", "", syntax, "a String is here"},
		{"void value", "int a = »f();", "void f() { }", syntax, "this gives nothing"},
		{"catch of other", "try { } catch (»String e) { }", "", syntax, "only an exception can be caught"},
		{"throw of other", "»throw \"x\";", "", syntax, "only an exception can be thrown"},
		{"try with resources", "»try (StringReader r = null) { }", "", unsupported, "try with resources"},
		{"case twice", "switch (1) { case 1: case »1: break; }", "", syntax, "there twice"},
		{"case of other", "switch (1) { case »\"x\": break; }", "", syntax, ""},
		{"case not constant", "int a = 1; switch (1) { case »a: break; }", "", syntax, "must be a constant"},
		{"switch without default", "int a = »switch (1) { case 1 -> 2; };", "", syntax, "needs a default"},
		{"switch over long", "switch »(1L) { default: break; }", "", syntax, "can't choose by a long"},
		{"unknown constant", "E e = E.A; switch (e) { case »C: break; }", "enum E { A, B }", syntax, "has no constant C"},
		{"static needs object", "", "int k; static int f() { return »k; }", syntax, "static"},
		{"static calls object", "", "int g() { return 1; } static int f() { return »g(); }", syntax, "static"},
		{"object's method on class", "Test.»g();", "int g() { return 1; }", syntax, "isn't static"},
		{"inheritance", "", "static class B »extends ArrayList<String> { }", unsupported, "can only extend your own classes"},
		{"circle of classes", "", "»static class A extends B { } static class B extends A { }", syntax, "extends itself"},
		{"abstract", "Object o = »new A();", "static abstract class A { }", syntax, "can't be made with new"},
		{"abstract method", "", "»static class A extends B { } static abstract class B { abstract int f(); }", syntax, "must have the method f of Test.B"},
		{"no body", "", "static class A { »int f(); }", syntax, "isn't abstract"},
		{"class in a class of a method", "class A { »class B { } }", "", unsupported, "move it out of the method"},
		{"record of many", "", "record P»(int... x) { }", unsupported, "in a record"},
		{"two methods", "", "interface A { int f(); int g(); } »static class B implements A { public int f() { return 1; } }", syntax, "must have the method g of Test.A"},
		{"no lambda", "A a = »() -> 1;", "interface A { int f(); int g(); }", syntax, "a lambda can't stand here"},
		{"implements other", "", "static class A implements »Map<String, String> { }", unsupported, "can't implement"},
		{"interface not met", "", "»static class A implements Runnable { }", syntax, "must have the method run"},
		{"two methods alike", "", "int f(int a) { return 1; } »int f(int b) { return 2; }", syntax, "two f with the same parameters"},
		{"two fields", "", "int a; String »a;", syntax, "two fields a"},
		{"anonymous of Java's", "List<String> l = new ArrayList<String>() { »int x = 1; };", "", unsupported, "can't be extended here"},
		{"anonymous without method", "Runnable r = »new Runnable() { int x = 1; };", "", syntax, "must have the method run"},
		{"super of Object", "String s = »super.toString();", "", unsupported, "no method of your own class above"},
		{"number too large", "int a = »3000000000;", "", syntax, "write an L"},
		{"character too long", "char c = »'ab';", "", syntax, "one character"},
		{"bad escape", "String s = »\"\\q\";", "", syntax, "escape"},
		{"var without value", "var »a;", "", syntax, "tells its type"},
		{"var of null", "var a = »null;", "", syntax, "tells its type"},
		{"statement of no use", "»1 + 1;", "", syntax, ""},
		{"pattern possessive", "\"x\".matches(»\"a++\");", "", unsupported, "regular expression"},
		{"pattern class", "Pattern p = Pattern.compile(»\"[a&&[b]]\");", "", unsupported, "regular expression"},
		{"pattern property", "\"x\".replaceAll(»\"\\\\p{InGreek}\", \"\");", "", unsupported, "of \\p{..} only"},
		{"new of a box", "Object o = »new Integer(5);", "", unsupported, "use Integer.valueOf(..)"},
		{"new of a text's box", "boolean b = 5L == »new Long(\"5\");", "", unsupported, "use Long.valueOf(..)"},
		{"new of a box as a function", "Function<Integer, Boolean> f = »Boolean::new;", "", unsupported, "use Boolean.valueOf(..)"},
		{"end of the input", "Pattern.compile(\"a\").matcher(\"a\").»hitEnd();", "", unsupported, "where the match stands"},
		{"digest", "MessageDigest.getInstance(»\"SHA-384\");", "", unsupported, "SHA-512 are"},
		{"digest of a constant", "MessageDigest.getInstance(»ALGORITHM);", "static final String ALGORITHM = \"MD\" + 2;", unsupported, "MD2 isn't available"},
		{"mac", "Mac.getInstance(»\"AESCMAC\");", "", unsupported, "HmacSHA512 are"},
		{"character set", "\"x\".getBytes(»\"windows-1251\");", "", unsupported, "UTF-16 are"},
		{"character set of bytes", "new String(new byte[0], »\"koi8-r\");", "", unsupported, "UTF-16 are"},
		{"date format", "String.format(»\"%tY\", 1L);", "", unsupported, "the format %t isn't supported"},
		{"unclosed", "int a = »(1 + 2;", "", syntax, "isn't closed before the }"},
		{"missing semicolon", "int a = 1» int b = 2;", "", syntax, ""},
		{"primitive argument", "List<»int> l = null;", "", syntax, "write Integer"},
		{"type arguments", "»Map<String> m = null;", "", syntax, "takes 2 type arguments, not 1"},
		{"super", "»super.foo();", "", unsupported, "super"},
		{"new of interface", "Object o = »new List<String>();", "", syntax, "can't be made with new"},
		{"builder word", "HttpLoop.callBuilder(\"GET\", \"https://x\").»withBodyAsForm(JsObj.empty);", "", unsupported, "withBodyAsForm isn't known here"},
		{"not a request", "if (result == null) return »obj;", "", syntax, "a JsObj is here where HttpLoopRequest is wanted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			marked := shell(c.body+"\n    return null;", c.members)
			if strings.HasPrefix(c.name, "unreachable") || strings.HasPrefix(c.name, "after endless") {
				marked = shell(c.body, c.members)
			}
			before, after, found := strings.Cut(marked, "»")
			if !found {
				t.Fatal("no place is marked")
			}
			line := strings.Count(before, "\n") + 1
			column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
			p, problems := java.Translate("driver.java", []byte(before+after))
			if p != nil || len(problems) == 0 {
				t.Fatal("it was accepted")
			}
			got := problems[0]
			if got.Line != line || got.Column != column || got.Reason != c.reason || !strings.Contains(got.Message, c.message) {
				t.Errorf("got %d:%d %s %q, want %d:%d %s %q", got.Line, got.Column, got.Reason, got.Message, line, column, c.reason, c.message)
			}
			if len(problems) > 1 {
				t.Errorf("one fault made %d problems: %v", len(problems), problems)
			}
		})
	}
}
