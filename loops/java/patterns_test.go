package java_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

// TestPatternsThatAreRefused holds that a regular expression which can't be done as Java does it is refused where it is a
// constant, and throws where it isn't.
func TestPatternsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, pattern, flags, message string }{
		{"optional group", `(a)?\1b`, "0", "may take no part"},
		{"repeated group", `(a)*\1`, "0", "may take no part"},
		{"counted group", `(a){0,1}\1`, "0", "may take no part"},
		{"alternative", `(a)|\1b`, "0", "may take no part"},
		{"alternative inside", `(?:(a)|b)\1`, "0", "may take no part"},
		{"optional outside", `(?:x(a))?\1`, "0", "may take no part"},
		{"in what must not follow", `(?!(a))\1`, "0", "may take no part"},
		{"group that comes later", `\1(a)`, "0", "may take no part"},
		{"group within itself", `(a\1)`, "0", "may take no part"},
		{"no such group", `(a)\2`, "0", "may take no part"},
		{"number of two digits", `(a)\10`, "0", "may take no part"},
		{"optional named group", `(?<n>a)?\k<n>b`, "0", "may take no part"},
		{"behind brackets and quotes", `[)(]\Q)(\E(a)?\1`, "0", "may take no part"},
		{"reference without case", `(?i)(a)\1`, "0", "where case doesn't count"},
		{"reference with a flag", `(a)\1`, "Pattern.CASE_INSENSITIVE | Pattern.MULTILINE", "where case doesn't count"},
		{"cases without case", `(?mi)\p{Lower}`, "0", `write \p{Alpha}`},
		{"cases with a flag", `\p{Upper}`, "2", `write \p{Alpha}`},
		{"possessive", `a++`, "0", "possessive"},
		{"atomic", `(?>a)`, "0", "atomic"},
		{"intersection", `[a&&b]`, "0", "classes within classes"},
		{"property", `\p{IsGreek}`, "0", `of \p{..} only`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `"` + strings.ReplaceAll(c.pattern, `\`, `\\`) + `"`
			_, problems := java.Translate("driver.java", []byte(shell("Pattern.compile("+text+", "+c.flags+"); return null;", "")))
			if len(problems) != 1 || problems[0].Reason != loops.ReasonUnsupported || !strings.Contains(problems[0].Message, c.message) {
				t.Errorf("as a constant: %v", problems)
			}
			body := `String p = ` + text + `.trim(), s = "none"; int f = ` + c.flags + `; try { Pattern.compile(p, f); } catch (PatternSyntaxException e) { s = "thrown"; }`
			if got := value(t, body, "s", ""); got != "thrown" {
				t.Errorf("at run time: %s", got)
			}
		})
	}
}

// TestPatternsThatAreTaken holds that the refusals keep to what can't be done. What these mean is compared with Java.
func TestPatternsThatAreTaken(t *testing.T) {
	for _, pattern := range []string{`(['\"])(a|b)*\\1`, `((a)\\2)?b`, `(a|b)\\1`, `(?<q>a)+\\k<q>`, `[(]a?|b\\\\1`, `(?i)\\p{Alpha}`, `\\Q(\\E(a)\\1`, `(?:(a)x)+\\1`} {
		if got := value(t, `String s = "none"; try { Pattern.compile("`+pattern+`"); s = "taken"; } catch (PatternSyntaxException e) { s = e.getMessage(); }`, "s", ""); got != "taken" {
			t.Errorf("%s: %s", pattern, got)
		}
	}
}
