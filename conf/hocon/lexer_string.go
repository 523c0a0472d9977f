package hocon

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const tripleQuote = `"""`

func (l *lexer) scanString(t *token) error {
	t.kind = tokString
	if l.takeIf(tripleQuote) {
		return l.scanTriple(t)
	}
	l.take()
	var b strings.Builder
	for {
		at := l.pos()
		r, n := l.peek()
		switch l.take(); {
		case r == end:
			return errorAt(t.pos, "this string has no closing '\"'")
		case r == utf8.RuneError && n == 1:
			return errorAt(at, "the file isn't valid UTF-8 here")
		case r == '"':
			t.text = b.String()
			return nil
		case r == '\n':
			return errorAt(t.pos, "this string has no closing '\"' on its line (use \\n or triple quotes for several lines)")
		case r < ' ':
			return errorAt(at, "a control character (U+%04X) isn't allowed in a quoted string; write it as \\u%04X", r, r)
		case r == '\\':
			if err := l.scanEscape(&b, at); err != nil {
				return err
			}
		default:
			b.WriteRune(r)
		}
	}
}

// scanTriple takes a """string""". Nothing in it is an escape; of four or more closing quotes the last three close it.
func (l *lexer) scanTriple(t *token) error {
	from := l.off
	i := strings.Index(l.src[from:], tripleQuote)
	if i < 0 {
		return errorAt(t.pos, `this string has no closing """`)
	}
	stop := from + i + len(tripleQuote)
	for stop < len(l.src) && l.src[stop] == '"' {
		stop++
	}
	t.text = l.src[from : stop-len(tripleQuote)]
	if !utf8.ValidString(t.text) {
		return errorAt(t.pos, "this string isn't valid UTF-8")
	}
	for l.off < stop {
		l.take()
	}
	return nil
}

func (l *lexer) scanEscape(b *strings.Builder, at Pos) error {
	r := l.take()
	if i := strings.IndexRune(`"\/bfnrt`, r); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		return nil
	}
	if r != 'u' {
		return errorAt(at, `'\' may only be followed by one of " \ / b f n r t or uXXXX; write \\ for a backslash`)
	}
	unit, ok := l.hex()
	if !ok {
		return errorAt(at, `'\u' must be followed by four hexadecimal digits`)
	}
	if utf16.IsSurrogate(unit) && strings.HasPrefix(l.src[l.off:], `\u`) {
		low := *l // look ahead: the second half of a pair may follow
		low.take()
		low.take()
		if second, ok := low.hex(); ok && utf16.DecodeRune(unit, second) != utf8.RuneError {
			unit = utf16.DecodeRune(unit, second)
			*l = low
		}
	}
	b.WriteRune(unit)
	return nil
}

func (l *lexer) hex() (rune, bool) {
	if l.off+4 > len(l.src) {
		return 0, false
	}
	n, err := strconv.ParseUint(l.src[l.off:l.off+4], 16, 16)
	if err != nil {
		return 0, false
	}
	for range 4 {
		l.take()
	}
	return rune(n), true
}
