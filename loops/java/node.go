package java

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	sitter "github.com/tree-sitter/go-tree-sitter"
	grammar "github.com/tree-sitter/tree-sitter-java/bindings/go"

	"github.com/ringtail-id/ringtail/loops"
)

// maxDepth bounds how deep a file's syntax may be nested. A chain of calls and a sum of texts take a level for each link.
const maxDepth = 250

// node is one piece of the file's syntax. The parser's own tree is freed before anything is translated.
type node struct {
	kind      string
	field     string // the name that the grammar gives it within its parent
	text      string
	named     bool
	line, col int // 1-based, col in characters
	kids      []*node
}

// child gives the child that the grammar calls field, or nil.
func (n *node) child(field string) *node {
	for _, k := range n.kids {
		if k.field == field {
			return k
		}
	}
	return nil
}

// children gives all children that the grammar calls field.
func (n *node) children(field string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.field == field && k.named {
			out = append(out, k)
		}
	}
	return out
}

// only gives the first child of one of the kinds, or nil.
func (n *node) only(kinds ...string) *node {
	for _, k := range n.kids {
		for _, kind := range kinds {
			if k.kind == kind {
				return k
			}
		}
	}
	return nil
}

// parts gives the named children.
func (n *node) parts() []*node {
	var out []*node
	for _, k := range n.kids {
		if k.named {
			out = append(out, k)
		}
	}
	return out
}

// has reports whether a token such as "static" is among the children.
func (n *node) has(token string) bool {
	if n == nil {
		return false
	}
	for _, k := range n.kids {
		if k.text == token {
			return true
		}
	}
	return false
}

// reader turns the parser's tree into nodes.
type reader struct {
	source   string  // with what \uXXXX stands for
	lines    []int32 // by byte
	columns  []int32 // by byte, in characters
	problems []Problem

	broken bool // the tree has a fault somewhere
	kinds  map[uint16]kindOf
	fields map[uint16]string
}

// kindOf is what the grammar says of a kind of node.
type kindOf struct {
	name  string
	named bool
}

// parse reads a file. The root is nil when there is a problem.
func parse(source []byte) (*node, []Problem) {
	if !utf8.Valid(source) {
		return nil, []Problem{{1, 1, loops.ReasonSyntax, "the file isn't UTF-8; save it in that encoding"}}
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff")) // some editors put it at the beginning
	r := &reader{kinds: map[uint16]kindOf{}, fields: map[uint16]string{}}
	r.decode(string(source))
	if len(r.problems) > 0 || !r.scan() {
		return nil, r.problems
	}
	parser := sitter.NewParser()
	defer parser.Close()
	if err := parser.SetLanguage(sitter.NewLanguage(grammar.Language())); err != nil {
		return nil, []Problem{{1, 1, loops.ReasonUnsupported, "the Java grammar can't be used: " + err.Error()}}
	}
	tree := r.parse(parser)
	if tree == nil {
		return nil, r.problems
	}
	defer tree.Close()
	cursor := tree.Walk()
	defer cursor.Close()
	root := r.read(cursor)
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return root, nil
}

// maxParse bounds how long the parser may look for a way to read each parseUnit bytes of a file. One without faults takes
// some milliseconds, one that is full of them could take many seconds.
const (
	maxParse  = time.Second
	parseUnit = 64 << 10
)

// parse runs the parser. Where it takes too long the tree is nil and the place that it came to is noted.
func (r *reader) parse(parser *sitter.Parser) *sitter.Tree {
	ctx, cancel := context.WithTimeout(context.Background(), maxParse*time.Duration(1+len(r.source)/parseUnit))
	defer cancel()
	at := 0
	options := &sitter.ParseOptions{ProgressCallback: func(state sitter.ParseState) bool {
		at = int(state.CurrentByteOffset)
		return ctx.Err() != nil
	}}
	tree := parser.ParseWithOptions(func(i int, _ sitter.Point) []byte {
		if i >= len(r.source) {
			return nil
		}
		return []byte(r.source[i:min(i+4096, len(r.source))])
	}, nil, options)
	if tree == nil {
		at = min(at, len(r.source))
		r.problems = append(r.problems, Problem{int(r.lines[at]), int(r.columns[at]), loops.ReasonSyntax, "what stands before this place can't be read as Java"})
	}
	return tree
}

// read copies the tree without recursion, since a hostile file may be nested as deep as it is long.
func (r *reader) read(cursor *sitter.TreeCursor) *node {
	top := cursor.Node()
	r.broken = top.HasError()
	root := r.node(cursor, top)
	stack := []*node{root}
	if !cursor.GotoFirstChild() {
		return root
	}
	for {
		parent := stack[len(stack)-1]
		raw := cursor.Node()
		n := r.node(cursor, raw)
		comment := n.kind == "line_comment" || n.kind == "block_comment"
		if !comment {
			parent.kids = append(parent.kids, n)
		}
		r.fault(raw, n, len(stack))
		if len(r.problems) >= maxProblems || len(stack) > maxDepth {
			return root
		}
		if n.named && !comment && n.kind != "ERROR" && cursor.GotoFirstChild() {
			stack = append(stack, n)
			continue
		}
		for !cursor.GotoNextSibling() {
			if !cursor.GotoParent() || len(stack) == 1 {
				return root
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// node copies one piece. Each question to the parser's tree costs as much as a hundred of ours, so names are asked once.
func (r *reader) node(cursor *sitter.TreeCursor, raw *sitter.Node) *node {
	id, fieldID := raw.KindId(), cursor.FieldId()
	k, known := r.kinds[id]
	if !known {
		k = kindOf{raw.Kind(), raw.IsNamed()}
		r.kinds[id] = k
	}
	field, known := r.fields[fieldID]
	if !known {
		field = cursor.FieldName()
		r.fields[fieldID] = field
	}
	start, end := raw.ByteRange()
	return &node{kind: k.name, field: field, text: r.source[start:end], named: k.named, line: int(r.lines[start]), col: int(r.columns[start])}
}

// fault notes what makes a piece unreadable.
func (r *reader) fault(raw *sitter.Node, n *node, depth int) {
	if depth <= maxDepth && !r.broken {
		return
	}
	message := ""
	switch {
	case depth > maxDepth:
		message = fmt.Sprintf("this is nested deeper than %d levels; split it with variables or methods", maxDepth)
	case raw.IsMissing():
		message = fmt.Sprintf("%q is missing here", n.kind)
	case raw.IsError():
		message = "this can't be read as Java"
		if word := strings.Fields(n.text); len(word) > 0 {
			message += fmt.Sprintf(", at %q", shorten(word[0]))
		}
	default:
		return
	}
	r.problems = append(r.problems, Problem{n.line, n.col, loops.ReasonSyntax, message})
}

// shorten keeps the first characters of a text that a message shows.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + ".."
	}
	return text
}
