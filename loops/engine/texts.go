package engine

import (
	"reflect"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

// The kinds of functions that have a constructor of their own, which makes code from text as Function does.
const (
	generator = "(function*(){})"
	async     = "(async function(){})"
)

// kinds finds out which of them a script has. Where it has none of a kind, nothing in its runtime has: the interpreter makes
// such functions from their literals alone.
func kinds(tree *ast.Program) []string {
	found := map[string]bool{}
	walk(reflect.ValueOf(tree.Body), map[uintptr]bool{}, func(node any) {
		switch n := node.(type) {
		case *ast.FunctionLiteral:
			found[generator] = found[generator] || n.Generator
			found[async] = found[async] || n.Async
		case *ast.ArrowFunctionLiteral:
			found[async] = found[async] || n.Async
		}
	})
	var out []string
	for _, kind := range []string{generator, async} {
		if found[kind] {
			out = append(out, kind)
		}
	}
	return out
}

// makers compiles one function of each kind.
func makers(kinds ...string) ([]*goja.Program, error) {
	var out []*goja.Program
	for _, kind := range kinds {
		maker, err := goja.Compile("", kind, true)
		if err != nil {
			return nil, err
		}
		out = append(out, maker)
	}
	return out, nil
}

// removeEval takes away what makes code from text, so that everything a driver runs is what its author wrote and what
// the check of the script has seen.
func (m *machine) removeEval() {
	function := m.rt.Get("Function").ToObject(m.rt)
	prototype := function.Get("prototype").ToObject(m.rt)
	_ = prototype.Delete("constructor")
	for _, maker := range m.program.makers {
		if fn, err := m.rt.RunProgram(maker); err == nil {
			_ = fn.ToObject(m.rt).Prototype().Delete("constructor")
		}
	}
	_ = m.rt.GlobalObject().Delete("Function")
	_ = m.rt.GlobalObject().Delete("eval")
}
