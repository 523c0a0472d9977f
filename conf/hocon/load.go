package hocon

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Options say how a document is read. The zero value reads files from disk and knows no environment.
type Options struct {
	LookupEnv func(string) (string, bool)       // os.LookupEnv, say; nil: ${NAME} is never taken from the environment
	ReadFile  func(name string) ([]byte, error) // for includes and ParseFile; a missing file is fs.ErrNotExist; nil: from disk
	Limits    Limits
}

// Source is one document among several that make a configuration. Name is used for positions and for finding includes.
type Source struct {
	Name string
	Text []byte
}

// ParseFile reads a file, carries out its includes and resolves its substitutions. A name that ends in .json is strict JSON, one
// that ends in .properties is Java properties, any other is HOCON. Its errors are *Error or Errors.
func ParseFile(name string, o Options) (*Config, error) {
	l := newLoader(o)
	text, err := l.read(name)
	if err != nil {
		return nil, &Error{Pos: Pos{File: name}, Msg: "can't read the file: " + reason(err), Err: err}
	}
	return l.config(Source{Name: name, Text: text})
}

// Parse is ParseFile for a text that is already in memory. The name may be made up; includes are looked for beside it.
func Parse(name string, src []byte, o Options) (*Config, error) {
	return Load(o, Source{Name: name, Text: src})
}

// Load lays documents over one another, the later over the earlier, and resolves substitutions after that: a settings file over
// built-in defaults may refer to a default, and a default to what the file sets.
func Load(o Options, layers ...Source) (*Config, error) {
	return newLoader(o).config(layers...)
}

// loader is what one load shares: its options and what it has spent of its limits.
type loader struct {
	opts     Options
	limits   Limits
	rootDir  string // of the layer under way
	bytes    int
	includes int
	spent    int64
	circles  int // substitutions met while they were being resolved
}

func newLoader(o Options) *loader {
	return &loader{opts: o, limits: o.Limits.withDefaults()}
}

func (l *loader) config(layers ...Source) (*Config, error) {
	root := newObject(Pos{})
	for _, s := range layers {
		l.rootDir = filepath.Dir(s.Name)
		o, err := l.document(s, place{syntax: syntaxOf(s.Name)})
		if err != nil {
			return nil, err
		}
		root.merge(o)
	}
	d, err := l.resolve(root)
	if err != nil {
		return nil, err
	}
	return &Config{root: d}, nil
}

// syntax is the language of a document.
type syntax int

const (
	hoconSyntax syntax = iota
	jsonSyntax
	propertiesSyntax
	typedPropertiesSyntax // see properties
)

func syntaxOf(name string) syntax {
	switch filepath.Ext(name) {
	case ".json":
		return jsonSyntax
	case ".properties":
		return propertiesSyntax
	}
	return hoconSyntax
}

// place is how and where a document is read.
type place struct {
	syntax syntax
	within []string // the chain of files that include it
	prefix []string // the keys down to where it is included
	noRefs bool     // that is inside of a list, where ${..} has no path to stand on
}

// document makes nodes of one document.
func (l *loader) document(s Source, at place) (*objectNode, error) {
	if l.bytes += len(s.Text); l.bytes > l.limits.MaxBytes {
		return nil, limitAt(Pos{File: s.Name, Line: 1, Col: 1}, "the document and its includes have more than %d bytes", l.limits.MaxBytes)
	}
	if at.syntax >= propertiesSyntax {
		return l.properties(s, len(at.prefix), at.syntax == typedPropertiesSyntax)
	}
	p := &parser{lex: newLexer(s.Name, s.Text), json: at.syntax == jsonSyntax, maxDepth: l.limits.MaxDepth - len(at.prefix)}
	tree, err := p.document()
	if err != nil {
		return nil, err
	}
	b := &builder{load: l, file: s.Name, place: at, path: slices.Clone(at.prefix)}
	b.within = append(slices.Clone(at.within), filepath.Clean(s.Name))
	return b.object(tree)
}

// spend takes n bytes from Limits.MaxSize.
func (l *loader) spend(pos Pos, n int64) error {
	if l.spent += n; l.spent > l.limits.MaxSize {
		return l.tooLarge(pos)
	}
	return nil
}

// check holds a finished value against the limits. Parts of it that are shared count each time, for they will be written each time.
func (l *loader) check(d *datum) error {
	if d.weight > l.limits.MaxSize {
		return l.tooLarge(d.pos)
	}
	if d.depth > l.limits.MaxDepth {
		return limitAt(d.pos, "objects and lists nest deeper than %d levels here, with substitutions resolved", l.limits.MaxDepth)
	}
	if d.kind == Object {
		return l.spend(d.pos, objectWeight+valueWeight*int64(len(d.keys)))
	}
	return nil
}

func (l *loader) tooLarge(pos Pos) error {
	return limitAt(pos, "with substitutions resolved, the document grows past %d bytes here", l.limits.MaxSize)
}

func (l *loader) read(name string) ([]byte, error) {
	if l.opts.ReadFile != nil {
		return l.opts.ReadFile(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(l.limits.MaxBytes)+1))
}

// reason gives an error's cause without the file's name, which the message has already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
