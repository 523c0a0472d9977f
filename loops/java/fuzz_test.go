package java_test

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzTranslate holds that no file breaks the translator; that a problem has its place within the file; and that a script
// that comes out can be compiled.
func FuzzTranslate(f *testing.F) {
	names, err := filepath.Glob("testdata/procedures/*.java")
	if err != nil || len(names) == 0 {
		f.Fatal("there are no procedures to begin with", err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	for _, body := range []string{
		"", "int a = 1;", "for (int i = 0; i < 3; i++) { i += 'c'; }", "switch (1) { case 1 -> f(); default -> { } }", "String s = switch (2) { case 1: yield \"a\"; default: yield \"b\"; };",
		"Function<String, Integer> f = String::length; f.apply(\"x\");", "try { throw new Exception(); } catch (Exception e) { } finally { }", "int[][] a = {{1}, {2}}; a[0][1] += a.length;",
		"Object o = 1; if (o instanceof Integer i && i > 0) { }", "new ArrayList<String>() {{ add(\"x\"); }};", "outer: while (true) { break outer; }", "var s = \"\"\"\n  x\\n\"\"\";",
	} {
		f.Add([]byte(shell(body+"\nreturn null;", "enum E { A, B } static class C extends Exception { int x; C(int x) { super(\"m\"); this.x = x; } }")))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > size {
			return
		}
		check(t, source)
	})
}
