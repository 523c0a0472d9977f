package hocon

import "strings"

type tokenKind int

const (
	tokEnd tokenKind = iota
	tokNewline
	tokSpace
	tokComment
	tokOpenBrace
	tokCloseBrace
	tokOpenSquare
	tokCloseSquare
	tokComma
	tokColon
	tokEquals
	tokPlusEquals
	tokText   // unquoted text
	tokString // quoted text
	tokNumber
	tokBool
	tokNull
	tokSubst
)

// token is a piece of a document. text is what it stands for: decoded for a quoted string, as written for the rest.
type token struct {
	kind       tokenKind
	text       string
	start, end int // byte offsets
	pos        Pos
	path       []string // of a substitution
	optional   bool     // ${?path}
	list       bool     // ${path[]}
}

// literal says whether the token may be a part of a key.
func (t token) literal() bool { return t.kind >= tokText && t.kind <= tokNull }

// simple says whether the token is a whole value that isn't an object or a list.
func (t token) simple() bool { return t.literal() || t.kind == tokSubst }

func (t token) blank() bool {
	return t.kind == tokSpace || t.kind == tokNewline || t.kind == tokComment
}

// String names the token in an error.
func (t token) String() string {
	switch t.kind {
	case tokEnd:
		return "the end of the file"
	case tokNewline:
		return "the end of the line"
	case tokComment:
		return "a comment"
	case tokString:
		return "the string " + quote(shorten(t.text))
	case tokSubst:
		return "the substitution ${" + shorten(JoinPath(t.path...)) + "}"
	}
	return "'" + shorten(t.text) + "'"
}

func shorten(s string) string {
	if r := []rune(s[:min(len(s), 400)]); len(r) > 60 {
		return string(r[:60]) + ".."
	}
	return strings.ToValidUTF8(s[:min(len(s), 400)], "")
}
