package java

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write the letters of the runtime anew")

// TestLetters holds that the runtime's classes of characters are those of Unicode.
func TestLetters(t *testing.T) {
	var out strings.Builder
	out.WriteString("// The characters of some classes of Unicode, as they stand between brackets. The test of the letters writes this file.\n\nj.Letters = {\n")
	for _, class := range []struct {
		name   string
		tables []*unicode.RangeTable
	}{
		{"L", []*unicode.RangeTable{unicode.L}}, {"N", []*unicode.RangeTable{unicode.N}}, {"Nd", []*unicode.RangeTable{unicode.Nd}},
		{"Alphabetic", []*unicode.RangeTable{unicode.Nl, unicode.Other_Alphabetic}}, // beside the letters
	} {
		fmt.Fprintf(&out, "  %s: \"%s\",\n", class.name, brackets(class.tables))
	}
	out.WriteString("};\n")
	const file = "runtime/78_letters.js"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != out.String() {
		t.Errorf("%s isn't what Unicode %s has (%v); run this test with -update", file, unicode.Version, err)
	}
}

func brackets(tables []*unicode.RangeTable) string {
	var out strings.Builder
	last := rune(-1)
	first := last
	flush := func() {
		if first < 0 {
			return
		}
		out.WriteString(escaped(first))
		if last > first {
			out.WriteString("-" + escaped(last))
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, tables...) {
			continue
		}
		if r != last+1 || first < 0 {
			flush()
			first = r
		}
		last = r
	}
	flush()
	return out.String()
}

func escaped(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\\u{%x}`, r)
	}
	return fmt.Sprintf(`\\u%04x`, r)
}
