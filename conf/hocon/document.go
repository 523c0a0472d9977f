package hocon

import (
	"slices"
	"strings"
)

// Document is a document as it is written, for changing values in it: all that isn't changed stays as it is, byte for byte, with
// comments and blanks. It knows nothing of includes and substitutions. It isn't for several goroutines at once.
type Document struct {
	name string
	src  string
	root *objectSyntax
}

// ParseDocument reads HOCON (not strict JSON, not properties) for editing. The limits are the default ones.
func ParseDocument(name string, src []byte) (*Document, error) {
	limits := Limits{}.withDefaults()
	if len(src) > limits.MaxBytes {
		return nil, limitAt(Pos{File: name, Line: 1, Col: 1}, "the document has more than %d bytes", limits.MaxBytes)
	}
	p := &parser{lex: newLexer(name, src), maxDepth: limits.MaxDepth}
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	return &Document{name: name, src: string(src), root: root}, nil
}

// Bytes gives the document with all changes made so far.
func (d *Document) Bytes() []byte { return []byte(d.src) }

// Literal gives the text of the value that is written last at the path, and where; ok is false where none is.
func (d *Document) Literal(path string) (text string, pos Pos, ok bool) {
	keys, err := SplitPath(path)
	if err != nil {
		return "", Pos{}, false
	}
	t := d.touching(keys)
	if t.last == nil {
		return "", Pos{}, false
	}
	v := t.last.value
	return d.src[v.start:v.end], v.pos, true
}

// Set makes the value at the path be what the literal says: any HOCON value on its own, such as 5, "text", [1, 2] or {a = 1}. It
// replaces the value that is written last where that is enough, and adds a field otherwise, in the object that fits best. When
// it fails the document is as before. An object can't be set where a substitution or an include may add fields to it.
func (d *Document) Set(path, literal string) error {
	keys, err := SplitPath(path)
	if err != nil {
		return err
	}
	literal = strings.TrimFunc(literal, isSpace)
	object, err := checkLiteral(literal)
	if err != nil {
		return err
	}
	t := d.touching(keys)
	var edits []edit
	if object {
		if t.opaque != nil {
			return &Error{Pos: t.opaque.pos, Path: path, Msg: "this line may add fields to the object, so it can't be set as a whole"}
		}
		for _, f := range t.literal {
			if f != t.last {
				edits = append(edits, d.removal(f)...)
			}
		}
		t.later = false
	}
	switch {
	case t.last != nil && !t.later:
		edits = append(edits, d.replacement(t.last, literal))
	case t.later:
		edits = append(edits, d.insertion(d.root, keys, literal))
	default:
		o, rest := d.container(keys)
		edits = append(edits, d.insertion(o, rest, literal))
	}
	return d.apply(edits)
}

// Remove takes away every field that sets the path or something below it. It is an error where none does; what an include or a
// substitution brings stays.
func (d *Document) Remove(path string) error {
	keys, err := SplitPath(path)
	if err != nil {
		return err
	}
	t := d.touching(keys)
	if len(t.literal) == 0 {
		return &Error{Pos: Pos{File: d.name}, Path: path, Msg: "isn't set in this document"}
	}
	var edits []edit
	for _, f := range t.literal {
		edits = append(edits, d.removal(f)...)
	}
	return d.apply(edits)
}

// checkLiteral says whether the literal may be an object. It is an error where it isn't one value and nothing else.
func checkLiteral(literal string) (object bool, err error) {
	const key = "x="
	p := &parser{lex: newLexer("value", []byte(key+literal)), maxDepth: Limits{}.withDefaults().MaxDepth}
	root, err := p.document()
	if err != nil {
		return false, &Error{Msg: "this isn't a HOCON value: " + err.(*Error).Msg}
	}
	v := root.fields[0].value
	if len(root.fields) != 1 || v == nil || v.end != len(key)+len(literal) {
		return false, &Error{Msg: "this isn't one HOCON value; a text with special characters needs double quotes"}
	}
	return slices.ContainsFunc(v.pieces, func(p pieceSyntax) bool { return p.obj != nil || p.tok.kind == tokSubst }), nil
}

// touch is what a document says about a path.
type touch struct {
	literal []*fieldSyntax // fields that set the path or something below it, in order
	last    *fieldSyntax   // the last of them that sets the path itself
	opaque  *fieldSyntax   // an include or a value from elsewhere that may set it too
	later   bool           // something after last may change the value
}

func (d *Document) touching(keys []string) touch {
	var t touch
	t.walk(d.root, keys)
	return t
}

func (t *touch) walk(o *objectSyntax, keys []string) {
	for _, f := range o.fields {
		below := len(f.path) > len(keys)
		common := min(len(f.path), len(keys))
		switch {
		case f.include != nil:
			t.opaque, t.later = f, true
		case !slices.Equal(f.path[:common], keys[:common]):
		case below:
			t.literal = append(t.literal, f)
			t.later = true
		case len(f.path) == len(keys):
			t.literal = append(t.literal, f)
			t.last, t.later = f, false
		case len(f.value.pieces) == 1 && f.value.pieces[0].obj != nil && f.sep.kind != tokPlusEquals:
			t.walk(f.value.pieces[0].obj, keys[len(f.path):])
		default: // an object from a substitution, or no object at all: it may hide what was there
			t.opaque, t.later = f, true
		}
	}
}

// container gives the deepest object that is written out on the way to the path, the last such, and the rest of the path.
func (d *Document) container(keys []string) (*objectSyntax, []string) {
	best, rest := d.root, keys
	var walk func(o *objectSyntax, keys []string)
	walk = func(o *objectSyntax, keys []string) {
		if len(keys) <= len(rest) {
			best, rest = o, keys
		}
		for _, f := range o.fields {
			n := len(f.path)
			if f.include != nil || n >= len(keys) || !slices.Equal(f.path, keys[:n]) {
				continue
			}
			if len(f.value.pieces) == 1 && f.value.pieces[0].obj != nil && f.sep.kind != tokPlusEquals {
				walk(f.value.pieces[0].obj, keys[n:])
			}
		}
	}
	walk(d.root, keys)
	return best, rest
}
