package settings

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// parse reads the form that was sent.
func parse(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &idp.Problem{ID: idp.ProblemForm, Status: http.StatusBadRequest, Cause: err}
	}
	return nil
}

// post saves the form, or does what the button of a row says.
func (s *Section) post(f *form) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		p, _, err := s.page(r, a, f)
		if err != nil {
			return err
		}
		if err := parse(r); err != nil {
			return err
		}
		p.fill(r.PostForm)
		if r.PostForm.Get(inputAction) != "" {
			return s.send(w, r, a, f, p, http.StatusOK, nil)
		}
		if undecided := p.undecided(); len(undecided) > 0 {
			return s.send(w, r, a, f, p, http.StatusConflict, undecided)
		}
		changes := p.changes()
		if len(changes) == 0 {
			s.View.Redirect(w, r, f.Path, "There was nothing to save.")
			return nil
		}
		rev, err := s.Store.Save(r.Context(), a, p.Base, changes, p.Comment)
		return s.answer(w, r, a, f, p, rev, err)
	}
}

// answer tells what became of the form.
func (s *Section) answer(w http.ResponseWriter, r *http.Request, a *admin.Actor, f *form, p *formPage, rev saved.Revision, err error) error {
	var conflict *saved.Conflict
	var invalid *saved.Invalid
	switch {
	case errors.As(err, &conflict):
		return s.tellConflict(w, r, a, f, p, conflict)
	case errors.As(err, &invalid):
		return s.send(w, r, a, f, p, http.StatusUnprocessableEntity, p.tell(invalid.Findings))
	}
	notice, err := outcome(rev, err)
	if err == nil {
		s.View.Redirect(w, r, f.Path, notice)
	}
	return err
}

// outcome is the notice after Save and Restore, or the error that is told.
func outcome(rev saved.Revision, err error) (string, error) {
	var behind *saved.NotServed
	switch {
	case err == nil:
		return fmt.Sprintf("Saved as revision %d. It serves the next login.", rev.Number), nil
	case errors.Is(err, saved.ErrNothing):
		return "There was nothing to save.", nil
	case errors.As(err, &behind):
		return fmt.Sprintf("Saved as revision %d, but this node doesn't serve it yet: %v", behind.Number, behind.Cause), nil
	}
	return "", problem(err)
}

// problem is the error as people and programs are told it.
func problem(err error) error {
	switch {
	case errors.Is(err, saved.ErrReadOnly):
		return &idp.Problem{ID: admin.ProblemReadOnly, Status: http.StatusForbidden, Cause: err}
	case errors.Is(err, saved.ErrDenied):
		return &idp.Problem{ID: admin.ProblemForbidden, Status: http.StatusForbidden, Cause: err}
	case errors.Is(err, idp.ErrNotFound):
		return &idp.Problem{ID: problemRevision, Status: http.StatusNotFound, Cause: err}
	}
	return err
}

// problemRevision: there is no such revision, 404.
const problemRevision = "settings_revision_unknown"

// tell puts findings at their fields; what belongs to none stands above them all.
func (p *formPage) tell(findings []conf.Finding) []admin.FieldProblem {
	var all []admin.FieldProblem
	for _, f := range findings {
		path := below(f.Path)
		i := slices.IndexFunc(p.fields(), func(field *field) bool { return field.Path == path })
		switch {
		case i >= 0:
			all = append(all, admin.FieldProblem{Field: inputOf(path), Text: p.fields()[i].Label + " " + f.Msg})
		case p.Chain != nil && (path == pathDriver || path == pathChannels || strings.HasPrefix(path, pathChannels+".")):
			p.Chain.judge()
			all = append(all, admin.FieldProblem{Field: inputOf(pathChannels), Text: "The chain: " + strings.TrimPrefix(path, flashCall+".") + " " + f.Msg})
		default:
			all = append(all, admin.FieldProblem{Text: path + " " + f.Msg})
		}
	}
	return all
}

// tellConflict shows at each field what somebody else made of it, and lets the
// administrator decide. Everything else that they typed stays.
func (s *Section) tellConflict(w http.ResponseWriter, r *http.Request, a *admin.Actor, f *form, p *formPage, c *saved.Conflict) error {
	now, st, err := s.page(r, a, f)
	if err != nil {
		return err
	}
	mine := p.changes()
	now.Comment, now.Conflict, now.New = p.Comment, c, p.New
	var problems []admin.FieldProblem
	for i, n := range now.fields() {
		typed := p.fields()[i]
		if !slices.ContainsFunc(mine, func(c saved.Change) bool { return c.Path == n.Path }) {
			continue
		}
		n.Value, n.Back = typed.Value, typed.Back
		n.choose(values(typed.Options))
		if slices.Contains(c.Paths, n.Path) {
			n.Conflict = &conflict{Theirs: n.Was}
			problems = append(problems, conflictProblem(n.Path, n.Label, c))
		}
	}
	if now.Chain != nil && (slices.Contains(c.Paths, pathChannels) || slices.Contains(c.Paths, pathDriver)) {
		now.Chain.Conflict = &conflict{Theirs: now.Chain.Was}
		problems = append(problems, conflictProblem(pathChannels, "The chain", c))
	}
	if now.Chain != nil && slices.ContainsFunc(mine, func(c saved.Change) bool { return c.Path == pathChannels }) {
		now.Chain.Rows, now.Chain.Value, now.Chain.Back = p.Chain.Rows, p.Chain.Value, p.Chain.Back
	}
	now.Base = st.rev.Number
	return s.send(w, r, a, f, now, http.StatusConflict, problems)
}

func values(options []option) (all []string) {
	for _, o := range options {
		all = append(all, o.Value)
	}
	return all
}

func conflictProblem(path, label string, c *saved.Conflict) admin.FieldProblem {
	return admin.FieldProblem{
		Field: inputOf(path),
		Text:  fmt.Sprintf("%s was changed by %s in the meantime, in revision %d. Say which value it shall have.", label, c.By, c.Number),
	}
}

// undecided are the fields of a form with conflicts where nobody said yet whose
// value counts.
func (p *formPage) undecided() []admin.FieldProblem {
	all := p.fields()
	if p.Chain != nil {
		all = append(all, &p.Chain.field)
	}
	var problems []admin.FieldProblem
	for _, f := range all {
		if f.Conflict != nil && f.Conflict.Take != takeMine && f.Conflict.Take != takeTheirs {
			problems = append(problems, admin.FieldProblem{Field: f.Input(), Text: "Say for " + f.Label + " which value it shall have."})
		}
	}
	return problems
}
