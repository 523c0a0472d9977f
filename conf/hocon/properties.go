package hocon

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// properties reads Java properties: keys are cut at every dot, values are always strings, and where a key is both a string and an
// object the object wins, whatever the order. depth is how deep the place of the include is. typed makes values that are written like
// a number, true, false or null into such: the reference implementation does so for a file that is included with its extension.
func (l *loader) properties(s Source, depth int, typed bool) (*objectNode, error) {
	if !utf8.Valid(s.Text) {
		return nil, errorAt(Pos{File: s.Name, Line: 1, Col: 1}, "the file isn't valid UTF-8")
	}
	type property struct {
		path []string
		val  *datum
	}
	var all []property
	for _, line := range logicalLines(string(s.Text)) {
		pos := Pos{File: s.Name, Line: line.number, Col: line.indent + 1}
		key, value, ok := splitProperty(line.text)
		if !ok {
			return nil, errorAt(pos, `'\u' must be followed by four hexadecimal digits`)
		}
		p := property{path: strings.Split(key, "."), val: newString(pos, value)}
		if typed {
			p.val = literal(pos, value)
		}
		if depth+len(p.path) > l.limits.MaxDepth {
			return nil, limitAt(pos, "objects nest deeper than %d levels here", l.limits.MaxDepth)
		}
		if err := l.spend(pos, p.val.weight); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	root := newObject(Pos{File: s.Name, Line: 1, Col: 1})
	// Shorter paths first: an object then comes later than a string with the same key, and hides it.
	slices.SortStableFunc(all, func(a, b property) int { return len(a.path) - len(b.path) })
	for _, p := range all {
		o := root
		for _, key := range p.path[:len(p.path)-1] {
			o.add(key, p.val.pos, newObject(p.val.pos))
			o = o.fields[key].last().(*objectNode)
		}
		o.add(p.path[len(p.path)-1], p.val.pos, p.val)
	}
	return root, nil
}

// literal gives the value that a text without quotes is, if the whole of it is one token.
func literal(pos Pos, text string) *datum {
	l := newLexer("", []byte(text))
	if t, err := l.next(); err == nil && t.literal() && t.kind != tokString && l.off == len(text) {
		t.pos = pos
		return newScalar(t)
	}
	return newString(pos, text)
}

type propertyLine struct {
	number, indent int
	text           string
}

// logicalLines gives the lines that hold a property, with the lines that a backslash continues put together.
func logicalLines(text string) []propertyLine {
	var out []propertyLine
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var open *propertyLine
	for i, raw := range strings.Split(text, "\n") {
		line := strings.TrimLeft(raw, " \t\f")
		if open == nil {
			if line == "" || line[0] == '#' || line[0] == '!' {
				continue
			}
			open = &propertyLine{number: i + 1, indent: len(raw) - len(line)}
		}
		slashes := len(line) - len(strings.TrimRight(line, `\`))
		if slashes%2 == 1 {
			open.text += line[:len(line)-1]
			continue
		}
		open.text += line
		out = append(out, *open)
		open = nil
	}
	if open != nil {
		out = append(out, *open)
	}
	return out
}

// splitProperty cuts a line at the first '=', ':' or blank that isn't escaped.
func splitProperty(line string) (key, value string, ok bool) {
	i := 0
	for i < len(line) && !strings.ContainsRune("=: \t\f", rune(line[i])) {
		if line[i] == '\\' {
			i++
		}
		i++
	}
	i = min(i, len(line))
	rest := strings.TrimLeft(line[i:], " \t\f")
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		rest = strings.TrimLeft(rest[1:], " \t\f")
	}
	key, ok1 := unescapeProperty(line[:i])
	value, ok2 := unescapeProperty(rest)
	return key, value, ok1 && ok2
}

func unescapeProperty(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			if i+5 > len(s) {
				return "", false
			}
			n, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
			if err != nil {
				return "", false
			}
			b.WriteRune(rune(n))
			i += 4
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}
