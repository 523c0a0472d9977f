package templates

import (
	"fmt"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// view is what a page's template sees: of the page what its templates use, and the words. A template finds its own fields and
// those behind a pointer much faster than those of a struct within it.
type view struct {
	Lang, Client, RequestID string
	Problem                 *Problem
	Data                    any // a Step as a pointer
	// Of a Step: its hidden fields, whether a code can be typed, how it travels, and whether the whole number may be.
	Hidden  template.HTML
	Open    bool
	Channel string
	Whole   bool
	r       *Renderer
	page    *Page
}

func (r *Renderer) view(page *Page) *view {
	v := &view{Lang: page.Lang, Client: page.Client, RequestID: page.RequestID, Problem: page.Problem, Data: page.Data, r: r, page: page}
	if s, ok := page.Data.(Step); ok {
		v.Data, v.Open, v.Channel, v.Whole = &s, s.Open(), s.Channel(), s.Whole()
	}
	return v
}

// T is the key's sentence; pairs are argument names and values.
func (v *view) T(key string, pairs ...any) (template.HTML, error) {
	if text, ok := v.r.catalog(v.Lang).plain[key]; ok {
		return template.HTML(text), nil
	}
	args := map[string]any{"client": v.Client}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, ok := v.html(key, args)
	if !ok {
		return "", fmt.Errorf("no text for the key %s", key)
	}
	return text, nil
}

// Word is the sentence for one of several values: that of the key KEY.VALUE, or
// the value itself where it has none.
func (v *view) Word(key, value string) string {
	if text, ok := v.r.text(v.Lang, key+"."+value, nil); ok {
		return text
	}
	return value
}

// Has says whether the key has a sentence.
func (v *view) Has(key string) bool {
	_, ok := v.r.catalog(v.Lang).find(key, nil)
	return ok
}

// Seconds is what is left until the time, rounded up; 0 for a time that is
// over and for what is no time.
func (v *view) Seconds(until any) int {
	t, ok := until.(time.Time)
	if !ok {
		return 0
	}
	return max(0, int(math.Ceil(t.Sub(v.r.now()).Seconds())))
}

// Link is the URI for a link, where its scheme is one that a browser may be sent
// to; empty otherwise. html/template would take a native app's own scheme for an
// attack.
func (v *view) Link(uri string) template.URL {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" && !strings.Contains(u.Scheme, ".") {
		return ""
	}
	return template.URL(uri)
}

// Framed are the page's frames that its policy lets a browser load.
func (v *view) Framed() []string {
	return slices.DeleteFunc(slices.Clone(v.page.Frames), func(uri string) bool { return frameSource(uri) == "" })
}

// Millis are the milliseconds until the page's Refresh.
func (v *view) Millis() int64 {
	if v.page.Refresh == nil {
		return 0
	}
	return v.page.Refresh.After.Milliseconds()
}

// ProblemText is the problem's sentence.
func (v *view) ProblemText(p *Problem) template.HTML { return v.problem(p, "text") }

// ProblemHint is what the person may do about the problem.
func (v *view) ProblemHint(p *Problem) template.HTML { return v.problem(p, "hint") }

func (v *view) problem(p *Problem, part string) template.HTML {
	text, _ := v.html("problem."+v.r.told(v.Lang, p)+"."+part, p.Args)
	return text
}

// Invalid says whether the problem is about the field.
func (v *view) Invalid(field string) bool { return v.Problem != nil && v.Problem.Field == field }

// Can says whether the step offers the action.
func (s Step) Can(action string) bool { return slices.Contains(s.Actions, action) }
