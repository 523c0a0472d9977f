package hocon

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

// TestLimits holds documents made to cost much against the limits: each must be refused with ErrLimit, at a place.
func TestLimits(t *testing.T) {
	many := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i) + "\n")
		}
		return b.String()
	}
	for name, doc := range map[string]string{
		"deep objects":      "a" + strings.Repeat("{a", 100_000),
		"deep lists":        "a=" + strings.Repeat("[", 100_000),
		"deep path":         strings.Repeat("a.", 100_000) + "a = 1",
		"deep in both":      strings.Repeat("a.a.a.a.a{", 60),
		"too many bytes":    strings.Repeat("# a comment of twenty\n", 300_000),
		"text doubling":     "a = xxxxxxxx\n" + many(60, func(int) string { return "a = ${a}${a}" }),
		"list doubling":     "a = [1, 2]\n" + many(60, func(int) string { return "a = ${a} ${a}" }),
		"laughs":            "l0 = [x, x]\n" + many(60, func(i int) string { return fmt.Sprintf("l%d = [${l%d}, ${l%d}]", i+1, i, i) }),
		"laughs in objects": "l0 = x\n" + many(60, func(i int) string { return fmt.Sprintf("l%d { a = ${l%d}, b = ${l%d} }", i+1, i, i) }),
		"laughs in text":    "l0 = xxxxxxxx\n" + many(60, func(i int) string { return fmt.Sprintf("l%d = ${l%d}${l%d}", i+1, i, i) }),
		"laughs in a circle": many(40, func(i int) string {
			return fmt.Sprintf("l%d = ${?l%d}${?l%d}", i, (i+1)%40, (i+1)%40)
		}),
		"object grown by itself": "a { a = 1 }\n" + many(300, func(int) string { return "a = ${a} { b = ${a} }" }),
		"resolved deep":          "l0 = 1\n" + many(5000, func(i int) string { return fmt.Sprintf("l%d = [${l%d}]", i+1, i) }),
		"long chain":             many(20_000, func(i int) string { return fmt.Sprintf("l%d = ${l%d}", i, i+1) }) + "l20000 = 1",
		"many appends":           many(100_000, func(int) string { return "a += 1" }),
		"include bomb":           "include \"bomb\"",
		"include chain":          "include \"chain1\"",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse("main.conf", []byte(doc), Options{ReadFile: bomb})
			runtime.ReadMemStats(&after)
			if !errors.Is(err, ErrLimit) {
				t.Fatalf("it isn't refused for a limit: %.200v", err)
			}
			checkPlaced(t, err)
			if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 600 {
				t.Errorf("it took %d MiB to refuse it", spent)
			}
		})
	}
}

// bomb makes files that include two more, or one more, without end.
func bomb(name string) ([]byte, error) {
	switch {
	case strings.HasPrefix(name, "bomb") && strings.HasSuffix(name, ".conf"):
		stem := strings.TrimSuffix(name, ".conf")
		if len(stem) > 40 {
			return []byte("x = 1"), nil
		}
		return fmt.Appendf(nil, "include \"%sl.conf\"\ninclude \"%sr.conf\"", stem, stem), nil
	case strings.HasPrefix(name, "chain") && strings.HasSuffix(name, ".conf"):
		return fmt.Appendf(nil, "include \"%s1\"", strings.TrimSuffix(name, ".conf")), nil
	}
	return nil, fs.ErrNotExist
}

// TestWithinLimits reads what a large but honest settings file may hold.
func TestWithinLimits(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "section%d.sub.key%d = ${base} \"text %d\" // note\n", i%50, i, i)
	}
	b.WriteString("base = x\n")
	for range 1000 {
		b.WriteString("list += 1\n")
	}
	b.WriteString("deep = " + strings.Repeat("[", 200) + strings.Repeat("]", 200))
	if _, err := Parse("main.conf", []byte(b.String()), Options{}); err != nil {
		t.Fatal(err)
	}
}

// TestOwnLimits shows that each limit can be set.
func TestOwnLimits(t *testing.T) {
	include := func(string) ([]byte, error) { return []byte("b = 1"), nil }
	for name, c := range map[string]struct {
		doc    string
		limits Limits
	}{
		"bytes":    {"a = 1\n", Limits{MaxBytes: 5}},
		"includes": {"include \"x.conf\"\ninclude \"y.conf\"", Limits{MaxIncludes: 1}},
		"nested":   {"include \"x.conf\"\n", Limits{MaxNested: 1}},
		"depth":    {"a = [[1]]", Limits{MaxDepth: 2}},
		"chain":    {"a = ${b}, b = ${c}, c = 1", Limits{MaxChain: 1}},
		"size":     {"a = \"a text that is not short\"", Limits{MaxSize: 20}},
	} {
		t.Run(name, func(t *testing.T) {
			read := include
			if name == "nested" {
				read = func(string) ([]byte, error) { return []byte("include \"deeper.conf\""), nil }
			}
			if _, err := Parse("main.conf", []byte(c.doc), Options{ReadFile: read, Limits: c.limits}); !errors.Is(err, ErrLimit) {
				t.Errorf("it isn't refused for the limit: %v", err)
			}
			if name == "nested" {
				return
			}
			if _, err := Parse("main.conf", []byte(c.doc), Options{ReadFile: read}); err != nil {
				t.Errorf("it is refused with the default limits: %v", err)
			}
		})
	}
}
