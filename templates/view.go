package templates

import (
	"fmt"
	"slices"
)

// view is what a page's template sees: the page, and the words.
type view struct {
	Page
	r *Renderer
}

// T is the key's sentence; pairs are argument names and values.
func (v view) T(key string, pairs ...any) (string, error) {
	args := map[string]any{"client": v.Client}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, ok := v.r.catalog(v.Lang).text(key, args)
	if !ok {
		return "", fmt.Errorf("no text for the key %s", key)
	}
	return text, nil
}

// Has says whether the key has a sentence.
func (v view) Has(key string) bool {
	_, ok := v.r.catalog(v.Lang).text(key, nil)
	return ok
}

// ProblemText is the problem's sentence.
func (v view) ProblemText(p *Problem) string {
	text, _ := v.r.ProblemText(v.Lang, p)
	return text
}

// ProblemHint is what the person may do about the problem.
func (v view) ProblemHint(p *Problem) string {
	_, hint := v.r.ProblemText(v.Lang, p)
	return hint
}

// Invalid says whether the problem is about the field.
func (v view) Invalid(field string) bool { return v.Problem != nil && v.Problem.Field == field }

// Can says whether the step offers the action.
func (s Step) Can(action string) bool { return slices.Contains(s.Actions, action) }
