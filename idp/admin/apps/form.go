package apps

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// shownField is a field as the template shows it.
type shownField struct {
	Name, Label, Hint, Kind, Value string
	Checked                        bool
	Options                        []console.Option
	Rows                           int
}

// shownGroup is a group as the template shows it.
type shownGroup struct {
	Title  string
	Fields []shownField
	Open   bool
}

// form is what the pages apps/new and apps/edit show.
type form struct {
	ID, Action, Tag, Cancel string
	New                     bool
	Groups                  []shownGroup
}

// newForm is the form of the members; wrong are fields with problems, whose groups
// are open.
func newForm(all []group, m members, problems []admin.FieldProblem) form {
	f := form{ID: m.text("client_id")}
	for i, g := range all {
		shown := shownGroup{Title: g.title, Open: i == 0}
		for _, one := range g.fields {
			field := one.shown(m)
			wrong := slices.ContainsFunc(problems, func(p admin.FieldProblem) bool { return p.Field == one.name })
			shown.Open = shown.Open || wrong || one.kind != kindChoice && (field.Value != "" || field.Checked)
			shown.Fields = append(shown.Fields, field)
		}
		f.Groups = append(f.Groups, shown)
	}
	return f
}

func (f field) shown(m members) shownField {
	out := shownField{Name: f.name, Label: f.label, Hint: f.hint, Kind: f.kind, Value: m.text(f.name), Rows: 3}
	switch f.kind {
	case kindCheck:
		out.Checked, out.Value = out.Value == "true", ""
	case kindJSON:
		out.Rows = 8
	case kindChoice, kindChecks:
		chosen := []string{out.Value}
		if f.kind == kindChecks {
			chosen = strings.Split(out.Value, "\n")
		}
		for _, o := range f.choices {
			o.Selected = slices.Contains(chosen, o.Value)
			out.Options = append(out.Options, o)
		}
	}
	return out
}

// fill reads a form over what is there, so that members without a field stay.
func (s *Section) fill(posted url.Values, m members) (members, []admin.FieldProblem) {
	problems := read(posted, groups(s.service.Rules), m)
	return plain(m), problems
}

// faults are what is wrong with a registration, at the fields of the form.
func faults(err error) []admin.FieldProblem {
	var all idp.Faults
	var problem *idp.Problem
	switch {
	case errors.As(err, &all):
	case errors.As(err, &problem) && problem.ID == problemTaken:
		return []admin.FieldProblem{{Field: "client_id", Text: "ID: there is an application of this ID already."}}
	case errors.As(err, &problem) && problem.ID == problemScope:
		return []admin.FieldProblem{{Field: "scope", Text: "Scopes: those of the admin API, and applications that have one, are for who appoints administrators."}}
	}
	var shown []admin.FieldProblem
	for _, f := range all {
		shown = append(shown, admin.FieldProblem{Field: f.Field, Text: labelOf(f.Field) + " " + f.Text + "."})
	}
	return shown
}

func labelOf(name string) string {
	for _, g := range groups(idp.ClientRules{}) {
		for _, f := range g.fields {
			if f.name == name {
				return f.label
			}
		}
	}
	if name == "client_id" {
		return "ID"
	}
	return name
}
