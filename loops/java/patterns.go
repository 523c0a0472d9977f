package java

import (
	"regexp"
	"slices"
)

// unsupportedPatterns are the pieces of regular expressions that JavaScript has no match for, each with what to do.
var unsupportedPatterns = []struct {
	form    *regexp.Regexp
	message string
}{
	{regexp.MustCompile(`(^|[^\\+*?}])[*+?]\+|\}\+`), "possessive quantifiers like a++ aren't supported; write a+"},
	{regexp.MustCompile(`\[[^\]\\]*(\\.[^\]\\]*)*(&&|\[)`), "classes within classes like [a&&[b]] aren't supported; write the characters out"},
	{regexp.MustCompile(`\(\?>`), "atomic groups (?>..) aren't supported; write (?:..)"},
	{regexp.MustCompile(`.\(\?[a-zA-Z-]+[:)]|^\(\?[a-zA-Z-]*[^ims:)=!<>][a-zA-Z-]*[:)]|^\(\?[a-zA-Z-]+:`),
		"flags like (?i) can only stand at the beginning; only i, m and s are supported"},
	{regexp.MustCompile(`(^|[^\\])(\\\\)*\\([GXNcvV]|x\{)`), `\G, \X, \N, \c, \v and \x{..} aren't supported`},
}

// property finds \p{..}. The runtime knows the names of properties.
var property = regexp.MustCompile(`\\[pP]\{([^}]*)\}`)

// patternProblem says what of a regular expression can't be done, or nothing.
func patternProblem(pattern string) string {
	for _, u := range unsupportedPatterns {
		if u.form.MatchString(pattern) {
			return u.message
		}
	}
	known := []string{"Lower", "Upper", "Alpha", "Digit", "Alnum", "Punct", "Space", "XDigit", "Blank", "ASCII", "L", "N", "IsAlphabetic", "IsDigit"}
	for _, m := range property.FindAllStringSubmatch(pattern, -1) {
		if !slices.Contains(known, m[1]) {
			return `of \p{..} only Lower, Upper, Alpha, Digit, Alnum, Punct, Space, XDigit, L and N are supported`
		}
	}
	return ""
}
