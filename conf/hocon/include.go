package hocon

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var urlScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// include merges what the statement names into the object around it.
func (b *builder) include(into *objectNode, inc *includeSyntax) error {
	l := b.load
	if l.includes++; l.includes > l.limits.MaxIncludes {
		return limitAt(inc.pos, "more than %d files are included", l.limits.MaxIncludes)
	}
	if len(b.within) > l.limits.MaxNested {
		return limitAt(inc.pos, "files include one another more than %d deep here", l.limits.MaxNested)
	}
	bases, err := b.candidates(inc)
	if err != nil {
		return err
	}
	for _, base := range bases {
		any := false
		for _, f := range variants(base) {
			ok, err := b.includeFile(into, inc, f)
			if err != nil {
				return err
			}
			any = any || ok
		}
		if any {
			return nil
		}
	}
	if inc.required {
		return &Error{Pos: inc.pos, Msg: fmt.Sprintf("the required file %s isn't there (looked for %s)", quote(inc.name), strings.Join(bases, ", ")), Err: fs.ErrNotExist}
	}
	return nil
}

type variant struct {
	name   string
	syntax syntax
}

// variants gives the files that a name stands for: itself where it has a known extension, or the name with each of them. As in
// the reference implementation, a file that is named in full is read a little more freely: .json as HOCON, .properties with numbers.
func variants(base string) []variant {
	switch filepath.Ext(base) {
	case ".conf", ".json":
		return []variant{{base, hoconSyntax}}
	case ".properties":
		return []variant{{base, typedPropertiesSyntax}}
	}
	return []variant{ // the later win
		{base + ".properties", propertiesSyntax}, {base + ".json", jsonSyntax}, {base + ".conf", hoconSyntax},
	}
}

// candidates gives the places where an included file may be, the first that is there counts. A plain name is beside the including
// file; file(..) is in the working directory or beside the outermost file; classpath(..) is beside the outermost file. Nothing is
// ever read from the network.
func (b *builder) candidates(inc *includeSyntax) ([]string, error) {
	name, root := inc.name, b.load.rootDir
	if inc.kind == includeURL || inc.kind == includeGuess && urlScheme.MatchString(name) {
		u, err := url.Parse(name)
		if err != nil || u.Scheme != "file" || u.Path == "" {
			return nil, errorAt(inc.pos, "include %s: a settings file isn't read from the network; store it beside this file", quote(name))
		}
		return []string{filepath.FromSlash(u.Path)}, nil
	}
	switch {
	case name == "":
		return nil, errorAt(inc.pos, "include needs the name of a file")
	case inc.kind == includeClasspath:
		return []string{filepath.Join(root, name)}, nil
	case filepath.IsAbs(name):
		return []string{name}, nil
	case inc.kind == includeFile:
		return slices.Compact([]string{filepath.Clean(name), filepath.Join(root, name)}), nil
	}
	return []string{filepath.Join(filepath.Dir(b.file), name)}, nil
}

func (b *builder) includeFile(into *objectNode, inc *includeSyntax, v variant) (there bool, err error) {
	if i := slices.Index(b.within, filepath.Clean(v.name)); i >= 0 {
		return false, errorAt(inc.pos, "include cycle: %s", strings.Join(append(slices.Clone(b.within[i:]), v.name), " -> "))
	}
	text, err := b.load.read(v.name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, &Error{Pos: inc.pos, Msg: fmt.Sprintf("can't read the included file %s: %s", quote(v.name), reason(err)), Err: err}
	}
	at := place{syntax: v.syntax, within: b.within, prefix: slices.Clone(b.path), noRefs: b.noRefs || b.lists > 0}
	o, err := b.load.document(Source{Name: v.name, Text: text}, at)
	if err != nil {
		return false, err
	}
	pos := into.pos
	into.merge(o)
	into.pos = pos
	return true, nil
}
