package settings

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// factorsPage is what the page of a list of methods shows.
type factorsPage struct {
	Action            string
	Tabs              []tab
	Lead              string
	Base              int
	Methods           []methodView
	Origin            Origin
	Level             field
	Locked            bool // --set decides the lists
	ReadOnly, MayEdit bool
}

// methodView is one method of the list.
type methodView struct {
	ID, Title   string
	Enabled     bool
	First, Last bool   // of the list
	Settings    string // path of its form; empty where it has none
	Lacks       []lack
	Ready       bool // it can be enabled
}

// factor is one of the two lists.
type factor struct {
	index             int // 0 for the first
	path, title, lead string
}

func factors() []factor {
	return []factor{
		{0, pathFirst, "First factor", "With what people begin to sign in, in the order of offer. They take one of those that are on."},
		{1, pathSecond, "Second factor", "With what people confirm a sign-in, in the order of offer. They take one of those that are on."},
	}
}

func (s *Section) factorsPage(ctx context.Context, a *admin.Actor, f factor) (*factorsPage, *state, error) {
	st, err := s.state(ctx)
	if err != nil {
		return nil, nil, err
	}
	p := &factorsPage{
		Action: f.path, Tabs: s.tabs(st, f.path), Lead: f.lead, Base: st.rev.Number, Origin: st.origin(pathFactors), Locked: st.locked(pathFactors),
		Level: s.field(st, s.keys[pathLevel]), ReadOnly: st.readOnly(), MayEdit: a.May(admin.SettingsEdit),
	}
	p.Level.Unit = ""
	list := s.methodList(st, f.index)
	for i, b := range list {
		lacks, err := s.lacks(ctx, st, b.Method, f.index)
		if err != nil {
			return nil, nil, err
		}
		m := methodView{
			ID: b.Method, Title: methodTitle(b.Method), Enabled: b.Enabled, First: i == 0, Last: i == len(list)-1, Lacks: lacks, Ready: !stops(lacks),
		}
		if form := s.formOf(methodsOf + b.Method); form.root != "" {
			m.Settings = form.Path
		}
		p.Methods = append(p.Methods, m)
	}
	return p, st, nil
}

// methodList is the list as it is, with what could be in it.
func (s *Section) methodList(st *state, factor int) []block {
	v, _ := st.value(pathFactors)
	return s.complete(listsOf(v)[factor], factor)
}

func (s *Section) showFactors(f factor) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		p, _, err := s.factorsPage(r.Context(), a, f)
		if err != nil {
			return err
		}
		return s.sendFactors(w, r, a, f, p, http.StatusOK, nil)
	}
}

func (s *Section) sendFactors(w http.ResponseWriter, r *http.Request, a *admin.Actor, f factor, p *factorsPage, status int, problems []admin.FieldProblem) error {
	return s.View.Show(w, r, a, admin.Page{Name: "settings/factors", Title: f.title, Status: status, Data: p, Problems: problems})
}

// postFactors does what one button says, and saves it.
func (s *Section) postFactors(f factor) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		if err := parse(r); err != nil {
			return err
		}
		p, st, err := s.factorsPage(r.Context(), a, f)
		if err != nil {
			return err
		}
		base, err := strconv.Atoi(r.PostForm.Get(inputBase))
		if err != nil {
			base = p.Base
		}
		change, refused, err := s.factorChange(r, st, f)
		if err != nil {
			return err
		}
		if refused != "" {
			return s.sendFactors(w, r, a, f, p, http.StatusUnprocessableEntity, []admin.FieldProblem{{Text: refused}})
		}
		rev, err := s.Store.Save(r.Context(), a, base, []saved.Change{change}, "")
		return s.answerFactors(w, r, a, f, rev, err)
	}
}

// factorChange is what the button asks for, or why it can't be.
func (s *Section) factorChange(r *http.Request, st *state, f factor) (c saved.Change, refused string, err error) {
	do, method, _ := strings.Cut(r.PostForm.Get(inputAction), ":")
	if do == actionLevel {
		text := literal(s.keys[pathLevel].Ask, r.PostForm.Get(inputOf(pathLevel)))
		return saved.Change{Path: pathLevel, New: &text}, "", nil
	}
	if do == actionEnable {
		lacks, err := s.lacks(r.Context(), st, method, f.index)
		if err != nil {
			return c, "", err
		}
		if stops(lacks) {
			return c, methodTitle(method) + " can't be enabled yet. " + lacks[0].Text, nil
		}
	}
	v, _ := st.value(pathFactors)
	l := listsOf(v)
	l[f.index] = s.methodList(st, f.index)
	if !act(l[f.index], do, method) {
		return c, "There is no such button.", nil
	}
	text := l.text()
	return saved.Change{Path: pathFactors, New: &text}, "", nil
}

// answerFactors tells what became of the button.
func (s *Section) answerFactors(w http.ResponseWriter, r *http.Request, a *admin.Actor, f factor, rev saved.Revision, saveErr error) error {
	notice, err := outcome(rev, saveErr)
	if err == nil {
		s.View.Redirect(w, r, f.path, notice)
		return nil
	}
	problems, status := refusals(saveErr)
	if problems == nil {
		return err
	}
	p, _, err := s.factorsPage(r.Context(), a, f)
	if err != nil {
		return err
	}
	return s.sendFactors(w, r, a, f, p, status, problems)
}

// refusals are what stood in the way of a save, for a page without fields of its
// own; nil where it was something else.
func refusals(err error) (all []admin.FieldProblem, status int) {
	var conflict *saved.Conflict
	var invalid *saved.Invalid
	switch {
	case errors.As(err, &conflict):
		text := fmt.Sprintf("%s changed this in the meantime, in revision %d. Look at it as it is now, and do it again.", conflict.By, conflict.Number)
		return []admin.FieldProblem{{Text: text}}, http.StatusConflict
	case errors.As(err, &invalid):
		for _, f := range invalid.Findings {
			all = append(all, admin.FieldProblem{Text: below(f.Path) + " " + f.Msg})
		}
		return all, http.StatusUnprocessableEntity
	}
	return nil, 0
}
