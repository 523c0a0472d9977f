package users

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// listData is what the page users/list shows.
type listData struct {
	Query   string
	Blocked bool // the blocked ones alone
	Rows    [][]console.Cell
	Next    string
	MayEdit bool
}

// pageSize is how many users a page of the list has.
const pageSize = 50

func (s *Section) listPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	query := r.URL.Query()
	q := idp.UserQuery{Text: query.Get("q"), Blocked: query.Get("blocked") == "true", After: query.Get("after"), Limit: pageSize}
	found, err := s.Search(r.Context(), a, q)
	if err != nil {
		return err
	}
	data := listData{Query: q.Text, Blocked: q.Blocked, MayEdit: a.May(admin.UsersEdit)}
	for _, u := range found.Users {
		data.Rows = append(data.Rows, s.row(a, u))
	}
	if found.Next != "" {
		query.Set("after", found.Next)
		data.Next = s.View.URL(path) + "?" + query.Encode()
	}
	return s.View.Show(w, r, a, admin.Page{Name: "users/list", Title: "Users", Data: data})
}

func (s *Section) row(a *admin.Actor, u *idp.User) []console.Cell {
	state := console.Cell{Text: "can sign in", Mark: "good"}
	switch {
	case u.Blocked:
		state = console.Cell{Text: "blocked", Mark: "bad"}
	case u.MustChangePassword:
		state = console.Cell{Text: "must change the password"}
	}
	return []console.Cell{
		{Text: u.Login, URL: s.View.URL(path + "/" + u.ID)}, {Text: personName(u)}, {Text: u.Attribute(attributeEmail)},
		{Text: shown(a, u.Attribute(s.PhoneAttribute))}, state, console.TimeCell(u.CreatedAt),
	}
}

// personName is what the person is called, as far as it is known.
func personName(u *idp.User) string {
	return cmp.Or(u.Attribute("name"), strings.TrimSpace(u.Attribute("given_name")+" "+u.Attribute("family_name")))
}

// attribute is one of a form, or one to look at.
type attribute struct {
	Name, Value string
	// Fixed ones are set by the provider itself.
	Fixed bool
	// Long values get more room.
	Long bool
}

// formData is what the page users/new shows.
type formData struct {
	Login      string
	Attributes []attribute
	Factors    []console.Option
	MustChange bool
}

// usual are the attributes that the form of a new user offers.
func (s *Section) usual() []string { return []string{"name", attributeEmail, s.PhoneAttribute} }

func (s *Section) newPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.newForm(w, r, a, Draft{MustChange: true}, nil)
}

func (s *Section) newForm(w http.ResponseWriter, r *http.Request, a *admin.Actor, d Draft, faults []admin.FieldProblem) error {
	data := formData{Login: d.Login, Factors: factorOptions(d.RequiredFactor), MustChange: d.MustChange}
	for _, name := range s.usual() {
		data.Attributes = append(data.Attributes, attribute{Name: name, Value: d.Attributes[name]})
	}
	for _, name := range s.names(a, d.Attributes) {
		if one := (attribute{Name: name, Value: d.Attributes[name]}); !slices.Contains(s.usual(), name) {
			data.Attributes = append(data.Attributes, one)
		}
	}
	page := admin.Page{Name: "users/new", Title: "New user", Data: data, Problems: faults}
	if len(faults) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.View.Show(w, r, a, page)
}

func factorOptions(now int) []console.Option {
	return []console.Option{
		{Value: "0", Text: "as the settings say", Selected: now < 2},
		{Value: "2", Text: "always two factors", Selected: now == 2},
	}
}

func (s *Section) createPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	d := Draft{
		Login: r.PostForm.Get("login"), Password: r.PostForm.Get("password"), MustChange: r.PostForm.Get("must_change") != "",
		Attributes: postedAttributes(r.PostForm), RequiredFactor: postedFactor(r.PostForm),
	}
	u, err := s.Create(r.Context(), a, d)
	if faults := s.faults(err); faults != nil {
		return s.newForm(w, r, a, d, faults)
	}
	if err != nil {
		return err
	}
	s.View.Redirect(w, r, path+"/"+u.ID, "The user "+u.Login+" was made.")
	return nil
}

// postedAttributes are fields named attributes.NAME, and one more whose name was
// typed too. One that was left empty isn't set, or is taken away.
func postedAttributes(form url.Values) map[string]string {
	all := map[string]string{}
	for field, values := range form {
		if name, ok := strings.CutPrefix(field, columnPrefix); ok {
			all[name] = values[0]
		}
	}
	if name := strings.TrimSpace(form.Get("new_name")); name != "" {
		all[name] = form.Get("new_value")
	}
	return all
}

func postedFactor(form url.Values) int {
	switch form.Get("required_factor") {
	case "", "0":
		return 0
	case "1":
		return 1
	case "2":
		return 2
	}
	return -1
}

// faults are those of a form that was sent; nil for what isn't about the form.
func (s *Section) faults(err error) []admin.FieldProblem {
	var p *idp.Problem
	if !errors.As(err, &p) || p.Field == "" {
		return nil
	}
	return []admin.FieldProblem{{Field: p.Field, Text: s.Describe(p)}}
}
