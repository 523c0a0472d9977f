package java

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
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

// foldCase is Pattern.CASE_INSENSITIVE.
const foldCase = 2

// patternProblem says what of a regular expression with these flags can't be done, or nothing. What it doesn't see the
// runtime refuses.
func patternProblem(pattern string, flags int64) string {
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
	g := &groups{top: &group{end: endless}}
	g.read(pattern)
	if len(g.uses) > 0 && !g.certain() {
		return `a reference like \1 to a group that may take no part isn't supported; write the alternatives out`
	}
	if flags&foldCase == 0 && !withoutCase.MatchString(pattern) {
		return ""
	}
	if len(g.uses) > 0 {
		return `a reference like \1 isn't supported where case doesn't count`
	}
	if cases.MatchString(pattern) {
		return `\p{Lower} and \p{Upper} aren't supported where case doesn't count; write \p{Alpha}`
	}
	return ""
}

var (
	withoutCase = regexp.MustCompile(`^\(\?[ms]*i`)
	cases       = regexp.MustCompile(`\\[pP]\{(Lower|Upper)\}`)
	optional    = regexp.MustCompile(`^(?:[?*]|\{0)`)
	groupName   = regexp.MustCompile(`^\(\?<([A-Za-z][A-Za-z0-9]*)>`)
	reference   = regexp.MustCompile(`^\\(?:([1-9]\d*)|k<([^>]*)>)`)
)

// endless is where a group ends that isn't closed yet.
const endless = math.MaxInt

// group is one pair of parentheses. loose says that it may take no part, alternatives that it holds a |.
type group struct {
	up                  *group
	name                string
	end                 int
	loose, alternatives bool
}

// groups finds the groups of a pattern and the references to them, as the runtime does.
type groups struct {
	top  *group
	list []*group // those that can be referred to
	uses []groupUse
}

type groupUse struct {
	number, name string
	at           int
}

func (g *groups) read(pattern string) {
	for i := 0; i < len(pattern); {
		i += g.step(pattern[i:], i)
	}
}

// step passes over one piece of the pattern and gives its length.
func (g *groups) step(rest string, at int) int {
	switch rest[0] {
	case '\\':
		if m := reference.FindStringSubmatch(rest); m != nil {
			g.uses = append(g.uses, groupUse{m[1], m[2], at})
			return len(m[0])
		}
		if end := strings.Index(rest, `\E`); strings.HasPrefix(rest, `\Q`) && end > 0 {
			return end + 2
		}
		return min(2, len(rest))
	case '[':
		return bracketed(rest)
	case '(':
		g.open(rest)
	case ')':
		if g.top.up != nil {
			g.top.end, g.top.loose = at, g.top.loose || optional.MatchString(rest[1:])
			g.top = g.top.up
		}
	case '|':
		g.top.alternatives = true
	}
	return 1
}

func (g *groups) open(rest string) {
	next := &group{up: g.top, end: endless, loose: strings.HasPrefix(rest, "(?!") || strings.HasPrefix(rest, "(?<!")}
	if m := groupName.FindStringSubmatch(rest); m != nil {
		next.name = m[1]
	}
	if next.name != "" || !strings.HasPrefix(rest, "(?") {
		g.list = append(g.list, next)
	}
	g.top = next
}

// bracketed gives the length of a class of characters.
func bracketed(rest string) int {
	i := 1
	if strings.HasPrefix(rest, "[^") {
		i++
	}
	for first := true; i < len(rest) && (first || rest[i] != ']'); first = false {
		if rest[i] == '\\' {
			i++
		}
		i++
	}
	return min(i+1, len(rest))
}

// certain reports whether each reference is to a group that took part.
func (g *groups) certain() bool {
	return !slices.ContainsFunc(g.uses, func(u groupUse) bool {
		at := slices.IndexFunc(g.list, func(x *group) bool { return u.name != "" && x.name == u.name })
		if n, err := strconv.Atoi(u.number); err == nil {
			at = n - 1
		}
		if at < 0 || at >= len(g.list) || g.list[at].end > u.at {
			return true
		}
		for x := g.list[at]; x.up != nil && x.end < u.at; x = x.up {
			if x.loose || x.up.alternatives {
				return true
			}
		}
		return false
	})
}
