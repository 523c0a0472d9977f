package hocon

// The syntax tree: a document as it is written, with byte offsets, before includes, merging and substitutions.

type objectSyntax struct {
	pos        Pos
	start, end int // of the braces, or of the whole file for a root without them
	braces     bool
	fields     []*fieldSyntax
}

type arraySyntax struct {
	pos        Pos
	start, end int
	elems      []*valueSyntax
}

// fieldSyntax is `path = value` or, where include isn't nil, an include statement.
type fieldSyntax struct {
	path       []string
	pos        Pos
	start, end int
	sep        token // ':', '=' or '+='; '{' where there is none of them
	value      *valueSyntax
	include    *includeSyntax
}

// valueSyntax is one or more pieces on a line, to be put together.
type valueSyntax struct {
	pos        Pos
	start, end int
	pieces     []pieceSyntax
}

// pieceSyntax is one of: a simple token (or the blanks between two of them), an object, a list.
type pieceSyntax struct {
	tok token
	obj *objectSyntax
	arr *arraySyntax
}

type includeKind string

const (
	includeGuess     includeKind = "" // include "name"
	includeFile      includeKind = "file"
	includeClasspath includeKind = "classpath"
	includeURL       includeKind = "url"
)

type includeSyntax struct {
	pos      Pos
	kind     includeKind
	name     string
	required bool
}
