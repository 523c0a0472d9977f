package main

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// These tests guard the repository itself: they fail when a change breaks a
// rule of the house that no compiler knows.

const module = "github.com/ringtail-id/ringtail/"

// goFile is one parsed file of the repository.
type goFile struct {
	path  string // from the repository's root, with slashes
	lines int
	ast   *ast.File
	fset  *token.FileSet
}

func (f goFile) dir() string   { return filepath.ToSlash(filepath.Dir(f.path)) }
func (f goFile) test() bool    { return strings.HasSuffix(f.path, "_test.go") }
func (f goFile) floor() string { return strings.SplitN(f.path, "/", 2)[0] }

func repository(t *testing.T) []goFile {
	t.Helper()
	root := filepath.Join("..", "..")
	var files []goFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") && name != ".." || name == "var" || name == "bin" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		lines, err := countLines(path)
		files = append(files, goFile{path: filepath.ToSlash(rel), lines: lines, ast: parsed, fset: fset})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d Go files were found; the guard looks in the wrong place", len(files))
	}
	return files
}

func countLines(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n := 0
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		n++
	}
	return n, s.Err()
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range repository(t) {
		if f.test() {
			continue
		}
		doc := f.ast.Doc.Text()
		said := strings.HasPrefix(doc, "Package "+f.ast.Name.Name+" ") || f.ast.Name.Name == "main" && strings.HasPrefix(doc, "Command ")
		documented[f.dir()] = documented[f.dir()] || said
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", dir)
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, f := range repository(t) {
		if f.test() || f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s: %s has no doc comment", f.path, name)
			}
		}
	}
}

// undocumented returns the exported names of a declaration without a comment.
func undocumented(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
		return names
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	id, ok := expr.(*ast.Ident)
	return ok && id.IsExported()
}

// mayImport is the house: each floor and the floors below it that it may use.
// conf/hocon is a reader of a format, usable by anyone.
var mayImport = map[string][]string{
	"cmd":       {"cmd", "conf", "idp", "factors", "loops", "templates", "static", "examples"},
	"bench":     {"bench", "cmd", "conf", "idp", "factors", "loops", "templates", "static", "examples"},
	"deploy":    {"deploy", "cmd", "conf", "idp", "factors", "loops"},
	"examples":  {"examples", "idp", "factors", "loops"},
	"conf":      {"conf"},
	"idp":       {"idp", "conf", "factors", "loops", "templates", "static"},
	"factors":   {"factors", "loops"},
	"loops":     {"loops"},
	"templates": {"templates"},
	"static":    {"static"},
}

func TestImportsPointDown(t *testing.T) {
	for _, f := range repository(t) {
		allowed, known := mayImport[f.floor()]
		if !known {
			t.Errorf("%s stands on a floor that the house does not have", f.path)
			continue
		}
		for _, spec := range f.ast.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			rest, ours := strings.CutPrefix(path, module)
			if !ours || rest == "conf/hocon" {
				continue
			}
			floor := strings.SplitN(rest, "/", 2)[0]
			if !contains(allowed, floor) || floor == "conf" && f.floor() == "idp" && !administers(f.path) {
				t.Errorf("%s imports %s: imports point down only", f.path, rest)
			}
		}
	}
}

// administers says whether the file belongs to what administrators change the
// settings with; the rest of idp doesn't know where its options come from.
func administers(path string) bool {
	return strings.HasPrefix(path, "idp/admin/") || strings.HasPrefix(path, "idp/settings/") || strings.HasPrefix(path, "idp/live/")
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func TestNoFileIsTooLong(t *testing.T) {
	for _, f := range repository(t) {
		if f.lines > 500 {
			t.Errorf("%s has %d lines, want at most 500", f.path, f.lines)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	var lengths []int
	for _, f := range repository(t) {
		if f.test() {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1
			lengths = append(lengths, n)
			if n > 100 {
				t.Errorf("%s: %s has %d lines, want at most 100", f.path, fn.Name.Name, n)
			}
		}
	}
	sort.Ints(lengths)
	if p90 := lengths[len(lengths)*9/10]; p90 > 45 {
		t.Errorf("one function in ten has %d lines or more, want at most 45", p90)
	}
}

// throws is the one file that may panic: it is how goja's host functions throw
// an exception into the script that called them.
const throws = "loops/engine/machine.go"

func TestNothingPanicsOutsideMain(t *testing.T) {
	for _, f := range repository(t) {
		if f.test() || f.floor() == "cmd" || f.path == throws {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
				t.Errorf("%s panics", f.fset.Position(call.Pos()))
			}
			return true
		})
	}
}

func TestNoPackageWorksAtInit(t *testing.T) {
	for _, f := range repository(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.path)
			}
		}
	}
}
