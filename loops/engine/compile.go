package engine

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"

	"github.com/ringtail-id/ringtail/loops"
)

// Problem is one fault that can be seen in a script without running it.
type Problem struct {
	At      string       `json:"at"` // FILE:LINE:COL
	Reason  loops.Reason `json:"reason"`
	Message string       `json:"message"`
}

// String gives "FILE:LINE:COL: message".
func (p Problem) String() string { return p.At + ": " + p.Message }

// program is a driver's script, compiled. It may be run by many runtimes.
type program struct {
	before  *goja.Program // what must have run before the script; nil for JavaScript
	script  *goja.Program
	makers  []*goja.Program // see makers
	file    string
	entries map[loops.Entry]*goja.Program     // each gives the function to call, or an object that has it
	place   func(line, column int) (int, int) // the author's place for one of the script; nil where they are the same
}

// at names a place of the author's file.
func (p *program) at(place file.Position) string {
	line, column := place.Line, place.Column
	if p.place != nil {
		line, column = p.place(line, column)
	}
	return fmt.Sprintf("%s:%d:%d", p.file, max(line, 1), max(column, 1))
}

// compile parses and compiles a script. It returns every problem that it finds; the program is nil when there is one.
func (e *Engine) compile(name, source string) (*program, []Problem) {
	top := name + ":1:1"
	switch {
	case len(source) > e.limits.Code:
		return nil, []Problem{{top, loops.ReasonContract, fmt.Sprintf("the script has %d bytes, at most %d are allowed", len(source), e.limits.Code)}}
	case path.Ext(name) == ".java":
		return e.compileJava(name, source)
	}
	tree, err := parser.ParseFile(nil, name, source, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, hintedSyntax(source, syntaxProblems(name, err))
	}
	if problems := unsupported(tree); len(problems) > 0 {
		return nil, problems
	}
	script, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, syntaxProblems(name, err)
	}
	entries, err := findEntries(tree)
	if err != nil {
		return nil, []Problem{{top, loops.ReasonContract, err.Error()}}
	}
	made, err := makers(kinds(tree)...)
	if err != nil {
		return nil, []Problem{{top, loops.ReasonContract, err.Error()}}
	}
	if entries[loops.EntryStart] == nil {
		return nil, []Problem{{top, loops.ReasonUnsupported, "there is no function run(obj, result), and no class with such a method"}}
	}
	return &program{script: script, makers: made, file: name, entries: entries}, nil
}

func syntaxProblems(name string, err error) []Problem {
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		var out []Problem
		for _, e := range list {
			out = append(out, Problem{position(name, e.Position), loops.ReasonSyntax, e.Message})
		}
		return inOrder(out)
	}
	at, message := name+":1:1", err.Error()
	var syntax *goja.CompilerSyntaxError
	if errors.As(err, &syntax) && syntax.File != nil {
		at, message = position(name, syntax.File.Position(syntax.Offset)), syntax.Message
	}
	return []Problem{{at, loops.ReasonSyntax, message}}
}

// inOrder sorts problems by their places in the file, each told once.
func inOrder(problems []Problem) []Problem {
	place := func(p Problem) (line, column int) {
		parts := strings.Split(p.At, ":")
		line, _ = strconv.Atoi(parts[len(parts)-2]) // position wrote them
		column, _ = strconv.Atoi(parts[len(parts)-1])
		return line, column
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		aLine, aColumn := place(a)
		bLine, bColumn := place(b)
		return cmp.Or(cmp.Compare(aLine, bLine), cmp.Compare(aColumn, bColumn))
	})
	return slices.Compact(problems)
}

func position(name string, p file.Position) string {
	return fmt.Sprintf("%s:%d:%d", name, max(p.Line, 1), max(p.Column, 1))
}

// findEntries looks at the top level only: a function, a const with a function in it, or a class with a method.
func findEntries(tree *ast.Program) (map[loops.Entry]*goja.Program, error) {
	expressions := map[string]string{}
	for _, statement := range tree.Body {
		switch s := statement.(type) {
		case *ast.FunctionDeclaration:
			expressions[s.Function.Name.Name.String()] = s.Function.Name.Name.String()
		case *ast.LexicalDeclaration:
			addBindings(expressions, s.List)
		case *ast.VariableStatement:
			addBindings(expressions, s.List)
		case *ast.ClassDeclaration:
			addMethods(expressions, s.Class)
		}
	}
	out := map[loops.Entry]*goja.Program{}
	for _, entry := range loops.Entries() {
		for _, name := range entry.Names() {
			expression, ok := expressions[name]
			if !ok {
				continue
			}
			prog, err := goja.Compile("", "("+expression+")", true)
			if err != nil {
				return nil, fmt.Errorf("the function %s can't be called: %w", name, err)
			}
			out[entry] = prog
			break
		}
	}
	return out, nil
}

func addBindings(expressions map[string]string, list []*ast.Binding) {
	for _, b := range list {
		if id, ok := b.Target.(*ast.Identifier); ok && b.Initializer != nil && !isPlain(b.Initializer) {
			expressions[id.Name.String()] = id.Name.String()
		}
	}
}

// isPlain reports whether an expression can't give a function, whatever runs: a constant named poll that holds milliseconds must
// not pass for an entry.
func isPlain(e ast.Expression) bool {
	switch e.(type) {
	case *ast.NumberLiteral, *ast.StringLiteral, *ast.BooleanLiteral, *ast.NullLiteral, *ast.RegExpLiteral, *ast.ArrayLiteral, *ast.ObjectLiteral:
		return true
	}
	return false
}

func addMethods(expressions map[string]string, class *ast.ClassLiteral) {
	for _, element := range class.Body {
		method, ok := element.(*ast.MethodDefinition)
		if !ok || method.Static || method.Computed || method.Kind != "method" {
			continue
		}
		if key, ok := method.Key.(*ast.StringLiteral); ok {
			name := key.Value.String()
			if _, taken := expressions[name]; !taken {
				expressions[name] = "new " + class.Name.Name.String() + "()"
			}
		}
	}
}

// unicodeClass finds \p{..} and \P{..} whose backslash isn't itself escaped.
var unicodeClass = regexp.MustCompile(`(^|[^\\])(\\\\)*\\[pP]\{`)

// unsupported finds regular expressions with \p{..}: goja compiles them and they never match, which would show as a
// driver that fails for no visible reason. It sees literals and RegExp("literal").
func unsupported(tree *ast.Program) []Problem {
	var out []Problem
	check := func(idx file.Idx, pattern string) {
		if unicodeClass.MatchString(pattern) {
			at := position(tree.File.Name(), tree.File.Position(int(idx)-tree.File.Base()))
			out = append(out, Problem{at, loops.ReasonUnsupported, `\p{..} doesn't work in regular expressions here; write the characters out, like [A-Za-z\u0400-\u04ff]`})
		}
	}
	walk(reflect.ValueOf(tree.Body), map[uintptr]bool{}, func(node any) {
		switch n := node.(type) {
		case *ast.RegExpLiteral:
			check(n.Idx, n.Pattern)
		case *ast.NewExpression:
			checkRegExpCall(n.Callee, n.ArgumentList, check)
		case *ast.CallExpression:
			checkRegExpCall(n.Callee, n.ArgumentList, check)
		}
	})
	return inOrder(out)
}

func checkRegExpCall(callee ast.Expression, args []ast.Expression, check func(file.Idx, string)) {
	id, ok := callee.(*ast.Identifier)
	if !ok || id.Name != "RegExp" || len(args) == 0 {
		return
	}
	if text, ok := args[0].(*ast.StringLiteral); ok {
		check(text.Idx, text.Value.String())
	}
}

// walk visits every node of a syntax tree; goja has no visitor of its own.
func walk(v reflect.Value, seen map[uintptr]bool, visit func(node any)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), seen, visit)
		}
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] || v.Type() == reflect.TypeFor[*file.File]() {
			return
		}
		seen[v.Pointer()] = true
		visit(v.Interface())
		walk(v.Elem(), seen, visit)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), seen, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), seen, visit)
		}
	}
}
