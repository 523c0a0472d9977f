package hocon

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	reserved    = "$\"{}[]:=,+#`^?!@*&\\" // end unquoted text, and can't begin it
	numberStart = "0123456789-"
	numberChars = "0123456789eE+-."
	end         = rune(-1)
)

// punctuation gives the kind of a token that is one character.
func punctuation(r rune) (tokenKind, bool) {
	switch r {
	case '{':
		return tokOpenBrace, true
	case '}':
		return tokCloseBrace, true
	case '[':
		return tokOpenSquare, true
	case ']':
		return tokCloseSquare, true
	case ',':
		return tokComma, true
	case ':':
		return tokColon, true
	case '=':
		return tokEquals, true
	}
	return tokEnd, false
}

// lexer cuts a document into tokens, one at a call.
type lexer struct {
	src       string
	off       int
	line, col int
	file      string
}

func newLexer(file string, src []byte) *lexer {
	return &lexer{src: string(src), line: 1, col: 1, file: file}
}

func (l *lexer) pos() Pos { return Pos{File: l.file, Line: l.line, Col: l.col} }

// peek gives the next character without taking it.
func (l *lexer) peek() (rune, int) {
	if l.off >= len(l.src) {
		return end, 0
	}
	if c := l.src[l.off]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(l.src[l.off:])
}

func (l *lexer) take() rune {
	r, n := l.peek()
	l.off += n
	if r == '\n' {
		l.line++
		l.col = 1
	} else if n > 0 {
		l.col++
	}
	return r
}

func (l *lexer) takeIf(prefix string) bool {
	if !strings.HasPrefix(l.src[l.off:], prefix) {
		return false
	}
	for range prefix {
		l.take()
	}
	return true
}

// takeWhile takes characters for as long as ok says so.
func (l *lexer) takeWhile(ok func(rune) bool) string {
	from := l.off
	for {
		if r, _ := l.peek(); r == end || !ok(r) {
			return l.src[from:l.off]
		}
		l.take()
	}
}

func (l *lexer) next() (token, error) {
	t := token{start: l.off, pos: l.pos()}
	err := l.scan(&t)
	t.end = l.off
	return t, err
}

func (l *lexer) scan(t *token) error {
	r, n := l.peek()
	kind, punct := punctuation(r)
	switch {
	case r == end:
		t.kind = tokEnd
	case r == utf8.RuneError && n == 1:
		return errorAt(t.pos, "the file isn't valid UTF-8 here")
	case r == '\n':
		l.take()
		t.kind, t.text = tokNewline, "\n"
	case isSpace(r):
		t.kind, t.text = tokSpace, l.takeWhile(func(r rune) bool { return r != '\n' && isSpace(r) })
	case l.atComment():
		t.kind, t.text = tokComment, l.takeWhile(func(r rune) bool { return r != '\n' })
		if !utf8.ValidString(t.text) {
			return errorAt(t.pos, "this comment isn't valid UTF-8")
		}
	case punct:
		l.take()
		t.kind, t.text = kind, string(r)
	case r == '"':
		return l.scanString(t)
	case r == '$':
		return l.scanSubstitution(t)
	case r == '+':
		if l.take(); !l.takeIf("=") {
			return errorAt(t.pos, "'+' is only allowed in '+='; put text with it in double quotes")
		}
		t.kind, t.text = tokPlusEquals, "+="
	case strings.ContainsRune(numberStart, r):
		return l.scanNumber(t)
	case strings.ContainsRune(reserved, r):
		return errorAt(t.pos, "'%c' isn't allowed outside of quotes; put the text in double quotes", r)
	default:
		return l.scanText(t)
	}
	return nil
}

func (l *lexer) atComment() bool {
	rest := l.src[l.off:]
	return strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "//")
}

// scanText takes unquoted text. true, false and null are values of their own whatever follows them: "truex" is true, then x.
func (l *lexer) scanText(t *token) error {
	t.kind = tokText
	for {
		r, n := l.peek()
		if r == utf8.RuneError && n == 1 {
			return errorAt(l.pos(), "the file isn't valid UTF-8 here")
		}
		if r == end || isSpace(r) || strings.ContainsRune(reserved, r) || l.atComment() {
			break
		}
		l.take()
		switch l.src[t.start:l.off] {
		case "true", "false":
			t.kind = tokBool
		case "null":
			t.kind = tokNull
		default:
			continue
		}
		break
	}
	t.text = l.src[t.start:l.off]
	return nil
}

// scanNumber takes a number, or text that begins like one. A whole number past 64 bits is text, as in the reference
// implementation; its digits are kept either way.
func (l *lexer) scanNumber(t *token) error {
	t.text = l.takeWhile(func(r rune) bool { return strings.ContainsRune(numberChars, r) })
	t.kind = tokNumber
	if isNumber(t.text) {
		return nil
	}
	t.kind = tokText
	if i := strings.IndexByte(t.text, '+'); i >= 0 {
		at := t.pos
		at.Col += i
		return errorAt(at, "'+' isn't allowed outside of quotes; put the text in double quotes")
	}
	return nil
}

func isNumber(s string) bool {
	if !strings.ContainsAny(s, ".eE") {
		_, err := strconv.ParseInt(s, 10, 64)
		return err == nil
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || strings.Contains(err.Error(), strconv.ErrRange.Error())
}

func (l *lexer) scanSubstitution(t *token) error {
	l.take()
	if !l.takeIf("{") {
		return errorAt(t.pos, "'$' is only allowed in '${path}'; put text with it in double quotes")
	}
	t.kind, t.optional = tokSubst, l.takeIf("?")
	var parts []token
	for {
		p, err := l.next()
		if err != nil {
			return err
		}
		switch {
		case p.kind == tokCloseBrace:
			t.path, err = pathOf(parts, t.pos)
			return err
		case p.kind == tokOpenSquare && len(parts) > 0 && l.takeIf("]"):
			if !l.takeIf("}") {
				return errorAt(l.pos(), "'[]' must be the last thing in ${..[]}")
			}
			t.list = true
			t.path, err = pathOf(parts, t.pos)
			return err
		case p.kind == tokEnd:
			return errorAt(t.pos, "'${' has no '}'")
		case !p.literal() && p.kind != tokSpace:
			return errorAt(p.pos, "%s isn't allowed inside of ${..}", p)
		}
		parts = append(parts, p)
	}
}

// isSpace follows the specification's list: Unicode separators, the ASCII blanks and separators, and the byte order mark.
func isSpace(r rune) bool {
	switch {
	case r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f || r == 0xfeff:
		return true
	case r < utf8.RuneSelf:
		return false
	}
	return unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}
