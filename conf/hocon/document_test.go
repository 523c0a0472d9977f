package hocon

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDocumentSet(t *testing.T) {
	for name, c := range map[string]struct{ before, path, literal, after string }{
		"replaces only the value": {"# top\na =   1  # one\n\nb = 2\n", "a", "5", "# top\na =   5  # one\n\nb = 2\n"},
		"the last of several":     {"a = 1\na = ${?A}\n", "a", "2", "a = 1\na = 2\n"},
		"inside objects":          {"a {\n  // note\n  b.c : old, d = 1\n}\n", "a.b.c", `"new"`, "a {\n  // note\n  b.c : \"new\", d = 1\n}\n"},
		"a concatenation":         {"a = x ${y} z // tail\n", "a", "[1]", "a = [1] // tail\n"},
		"an object without =":     {"a {\n b = 1\n}\n", "a", "1", "a = 1\n"},
		"an object glued":         {"a{b=1}", "a", "1", "a = 1"},
		"an object by an object":  {"a { b = 1 }\na.c = 2\n", "a", "{ d = 3 }", "a { d = 3 }\n"},
		"+= becomes =":            {"a += 1\n", "a", "[2]", "a = [2]\n"},
		"a new key":               {"a = 1\n", "b.c", "2", "a = 1\nb.c = 2\n"},
		"without a last newline":  {"a = 1 # one", "b", "2", "a = 1 # one\nb = 2\n"},
		"an empty file":           {"", "a", "1", "a = 1\n"},
		"a new key in an object":  {"a {\n    b = 1\n}\nz = 1\n", "a.c.d", "2", "a {\n    b = 1\n    c.d = 2\n}\nz = 1\n"},
		"in an object on a line":  {"a { b = 1 }\n", "a.c", "2", "a { b = 1, c = 2 }\n"},
		"after a comma on a line": {"a { b = 1, }\n", "a.c", "2", "a { b = 1, c = 2 }\n"},
		"in an empty object":      {"a {}\n", "a.c", "2", "a { c = 2 }\n"},
		"before a brace in line":  {"a {\n  b = 1 }\n", "a.c", "2", "a {\n  b = 1 \n  c = 2 }\n"},
		"in a braced root":        {"{\n  a = 1\n}\n", "b", "2", "{\n  a = 1\n  b = 2\n}\n"},
		"after what may hide it":  {"a { b = 1 }\na = ${x}\n", "a.b", "2", "a { b = 1 }\na = ${x}\na.b = 2\n"},
		"after an include":        {"a = 1\ninclude \"x\"\n", "a", "2", "a = 1\ninclude \"x\"\na = 2\n"},
		"CRLF":                    {"a = 1\r\nb = 2\r\n", "c", "3", "a = 1\r\nb = 2\r\nc = 3\r\n"},
		"a key with a dot":        {"\"x.y\" { z = 1 }\n", `"x.y".z`, "2", "\"x.y\" { z = 2 }\n"},
		"Russian":                 {"имя = старое # кто\n", "имя", "\"новое\"", "имя = \"новое\" # кто\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseDocument("main.conf", []byte(c.before))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Set(c.path, c.literal); err != nil {
				t.Fatal(err)
			}
			if got := string(d.Bytes()); got != c.after {
				t.Errorf("got\n%q\nwant\n%q", got, c.after)
			}
			if text, _, ok := d.Literal(c.path); !ok || text != c.literal {
				t.Errorf("the value is then %q", text)
			}
		})
	}
}

func TestDocumentRemove(t *testing.T) {
	for name, c := range map[string]struct{ before, path, after string }{
		"a line":           {"# top\na = 1\nb = 2 # two\n", "a", "# top\nb = 2 # two\n"},
		"keeps a comment":  {"a = 1 # why\nb = 2\n", "a", " # why\nb = 2\n"},
		"all that set it":  {"a = 1\nb = 2\na { c = 3 }\na.d = 4\n", "a", "b = 2\n"},
		"first on a line":  {"x { a = 1, b = 2 }", "x.a", "x {  b = 2 }"},
		"last on a line":   {"x { a = 1, b = 2 }", "x.b", "x { a = 1,  }"},
		"several lines":    {"a = [\n 1\n]\nb = 2\n", "a", "b = 2\n"},
		"comma below":      {"a = 1 # x\n, b = 2\n", "a", " # x\n b = 2\n"},
		"without an end":   {"b = 2\na = 1", "a", "b = 2\n"},
		"below the object": {"a {\n  b = 1\n  c = 2\n}\n", "a.b", "a {\n  c = 2\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseDocument("main.conf", []byte(c.before))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Remove(c.path); err != nil {
				t.Fatal(err)
			}
			if got := string(d.Bytes()); got != c.after {
				t.Errorf("got\n%q\nwant\n%q", got, c.after)
			}
		})
	}
}

// TestDocumentRefuses shows what isn't changed, and that the document is then as before.
func TestDocumentRefuses(t *testing.T) {
	const text = "a = ${x} # note\nb { c = 1 }\n"
	d, err := ParseDocument("main.conf", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"no value":                d.Set("b.c", ""),
		"two fields":              d.Set("b.c", "1\nd = 2"),
		"a second field inline":   d.Set("b.c", "1, d = 2"),
		"a comment":               d.Set("b.c", "1 # one"),
		"a brace that closes":     d.Set("b.c", "1 } z {"),
		"an open string":          d.Set("b.c", `"x`),
		"no path":                 d.Set("b..c", "1"),
		"an empty path":           d.Set("", "1"),
		"an object over a subst":  d.Set("a.b", "{ z = 1 }"),
		"removing what isn't set": d.Remove("b.d"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if string(d.Bytes()) != text {
		t.Errorf("the document changed: %q", d.Bytes())
	}
}

// TestDocumentKeepsTheRest changes random documents: the value must be read back, comments must stay, and every other setting with it.
func TestDocumentKeepsTheRest(t *testing.T) {
	literals := []string{"1", `"text # no comment"`, "[1, [2], { x = 3 }]", "{ k = 1 }", "true", "null", `"""a"b"""`, "plain text", "[]", "{}"}
	rapid.Check(t, func(t *rapid.T) {
		g := newGenerator(rapid.Uint64().Draw(t, "document"))
		g.plain = rapid.Bool().Draw(t, "plain")
		doc := g.document()
		d, err := ParseDocument("main.conf", []byte(doc))
		if err != nil {
			t.Skip("not a document")
		}
		path := g.path()
		literal := literals[rand.New(g).IntN(len(literals))]
		if d.Set(path, literal) != nil {
			if string(d.Bytes()) != doc {
				t.Fatalf("a failed change changed the document")
			}
			return
		}
		got, _, ok := d.Literal(path)
		if !ok || got != literal {
			t.Fatalf("%s = %s in\n%s\ngives\n%s", path, literal, doc, d.Bytes())
		}
		if before, after := comments(doc), comments(string(d.Bytes())); !subset(after, before) || (literal[0] != '{' && len(after) < len(before)-inValue(doc, path)) {
			t.Fatalf("comments %q became %q", before, after)
		}
		if g.plain {
			sameElsewhere(t, doc, string(d.Bytes()), path, literal)
		}
	})
}

// sameElsewhere resolves both texts and compares them at the path and beside it.
func sameElsewhere(t *rapid.T, before, after, path, literal string) {
	old, err := Parse("main.conf", []byte(before), Options{})
	if err != nil {
		return
	}
	c, err := Parse("main.conf", []byte(after), Options{})
	if err != nil {
		t.Fatalf("%s = %s in\n%s\ngives\n%s\nwhich is refused: %v", path, literal, before, after, err)
	}
	want, err := Parse("value", []byte("x = "+literal), Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantValue, _ := want.Lookup("x")
	got, ok := c.Lookup(path)
	if !ok || got.String() != wantValue.String() {
		t.Fatalf("%s = %s in\n%s\ngives\n%s\nwhich has %s", path, literal, before, after, got)
	}
	top, _ := SplitPath(path)
	for _, key := range old.Root().Keys() {
		a, _ := old.Root().Get(key)
		b, _ := c.Root().Get(key)
		if key != top[0] && a.String() != b.String() {
			t.Fatalf("%s = %s in\n%s\ngives\n%s\nwhich changes %s from %s to %s", path, literal, before, after, key, a, b)
		}
	}
}

func comments(doc string) (all []string) {
	l := newLexer("", []byte(doc))
	for {
		t, err := l.next()
		if err != nil || t.kind == tokEnd {
			return all
		}
		if t.kind == tokComment {
			all = append(all, strings.TrimRight(t.text, "\r"))
		}
	}
}

// inValue counts the comments inside of the value that is replaced; they go with it.
func inValue(doc, path string) int {
	d, err := ParseDocument("", []byte(doc))
	if err != nil {
		return 0
	}
	text, _, _ := d.Literal(path)
	return len(comments(text))
}

func subset(part, whole []string) bool {
	for _, s := range part {
		if !slices.Contains(whole, s) {
			return false
		}
	}
	return true
}
