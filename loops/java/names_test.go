package java

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// names draws Java names, many of them of the characters that mangle treats in a way of their own.
func names() *rapid.Generator[string] {
	odd := rapid.SampledFrom([]string{"$", "_", "__", "_x", "x", "24", "_x24_", "$1", "$u3b1_", "α", "ё", "é", "漢", "𝒳", "a", "Z", "0"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(odd, rapid.StringMatching(`[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}]`)), 1, 8).Draw(t, "pieces"), "")
	})
}

// TestNamesStayApart holds that no two names of Java become one of the script, and that none holds what a template reads.
func TestNamesStayApart(t *testing.T) {
	plain := regexp.MustCompile(`^[a-zA-Z0-9_]*$`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := names().Draw(t, "a"), names().Draw(t, "b")
		if (a == b) != (mangle(a) == mangle(b)) {
			t.Fatalf("%q is %q and %q is %q", a, mangle(a), b, mangle(b))
		}
		if !plain.MatchString(mangle(a)) {
			t.Fatalf("%q is %q", a, mangle(a))
		}
		if back := unmangle(mangle(a)); back != a {
			t.Fatalf("%q is %q, which is %q", a, mangle(a), back)
		}
	})
}

// unmangle reads the name again. That it can, from left to right and in one way, is why names stay apart.
func unmangle(script string) string {
	piece := regexp.MustCompile(`__|_x([0-9a-f]+)_|[a-zA-Z0-9]`)
	return piece.ReplaceAllStringFunc(script, func(p string) string {
		switch m := piece.FindStringSubmatch(p); {
		case p == "__":
			return "_"
		case m[1] != "":
			var r rune
			for _, d := range m[1] {
				r = r<<4 | rune(strings.IndexRune("0123456789abcdef", d))
			}
			return string(r)
		}
		return p
	})
}
