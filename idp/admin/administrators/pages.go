package administrators

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// choice is a role that can be given, with what it is for.
type choice struct {
	Role    admin.Role
	What    string
	Checked bool
}

// choices are all roles; those among given are checked.
func choices(given []admin.Role) []choice {
	what := map[admin.Role]string{
		admin.RoleRoot:      "everything",
		admin.RoleSecurity:  "administrators and the audit trail",
		admin.RoleSysadmin:  "settings, drivers (all but to publish them), calls, health",
		admin.RoleAppAdmin:  "applications",
		admin.RoleUIAdmin:   "how pages look and speak",
		admin.RoleSupport:   "users, calls, the audit trail",
		admin.RolePublisher: "to publish drivers",
	}
	var all []choice
	for _, r := range admin.Roles() {
		all = append(all, choice{Role: r, What: what[r], Checked: slices.Contains(given, r)})
	}
	return all
}

// listData is what the page administrators/list shows.
type listData struct {
	Rows    [][]console.Cell
	MayEdit bool
	Login   string // as it was typed
	Choices []choice
}

func (s *Section) showList(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.listPage(w, r, a, "", nil, nil)
}

func (s *Section) listPage(w http.ResponseWriter, r *http.Request, a *admin.Actor, login string, roles []admin.Role, problems []admin.FieldProblem) error {
	all, err := s.service.Store.Administrators(r.Context())
	if err != nil {
		return err
	}
	data := listData{MayEdit: a.May(admin.AdministratorsEdit), Login: login, Choices: choices(roles)}
	for _, one := range all {
		state := console.Cell{Text: "can sign in"}
		if one.Blocked {
			state = console.Cell{Text: "blocked", Mark: "bad"}
		}
		data.Rows = append(data.Rows, []console.Cell{
			{Text: one.Login, URL: s.view.URL(path + "/" + one.UserID)}, {Text: words(one.Roles)}, state, {Text: one.GivenBy}, console.TimeCell(one.GivenAt),
		})
	}
	page := admin.Page{Name: "administrators/list", Title: "Administrators", Data: data, Problems: problems}
	if len(problems) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.view.Show(w, r, a, page)
}

func words(roles []admin.Role) string { return strings.Join(names(roles), ", ") }

func posted(r *http.Request, field string) (roles []admin.Role) {
	for _, name := range r.PostForm[field] {
		if name != "" {
			roles = append(roles, admin.Role(name))
		}
	}
	return roles
}

// add gives roles to a user by login, beside those that they have.
func (s *Section) add(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	login, roles := r.PostForm.Get("login"), posted(r, "roles")
	if len(roles) == 0 {
		return s.listPage(w, r, a, login, roles, []admin.FieldProblem{{Field: "roles", Text: "Choose at least one role."}})
	}
	user, err := s.service.Users.UserByLogin(r.Context(), login)
	if errors.Is(err, idp.ErrNotFound) {
		text := "There is nobody with this login. Make the user first."
		return s.listPage(w, r, a, login, roles, []admin.FieldProblem{{Field: "login", Text: text}})
	}
	if err != nil {
		return err
	}
	before, err := s.service.Store.RolesOf(r.Context(), user.ID)
	if err != nil {
		return err
	}
	if err := s.service.Set(r.Context(), a, user.ID, append(roles, before...), before); err != nil {
		return err
	}
	s.view.Redirect(w, r, path, "Roles were given to "+user.Login+".")
	return nil
}

// oneData is what the page administrators/show shows.
type oneData struct {
	Administrator
	Action  string
	Base    string // roles as they were read
	Choices []choice
	MayEdit bool
	Own     bool // the reader's own account
}

func (s *Section) showOne(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	one, err := s.service.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.view.Show(w, r, a, admin.Page{Name: "administrators/show", Title: "Roles of " + one.Login, Data: oneData{
		Administrator: one, Action: s.view.URL(path + "/" + one.UserID), Base: words(one.Roles), Choices: choices(one.Roles),
		MayEdit: a.May(admin.AdministratorsEdit) && a.UserID != one.UserID, Own: a.UserID == one.UserID,
	}})
}

// change gives exactly the roles that are checked.
func (s *Section) change(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	base := []admin.Role{}
	for name := range strings.SplitSeq(r.PostForm.Get("base"), ", ") {
		if name != "" {
			base = append(base, admin.Role(name))
		}
	}
	one, err := s.service.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	roles := posted(r, "roles")
	if err := s.service.Set(r.Context(), a, one.UserID, roles, base); err != nil {
		return err
	}
	notice := fmt.Sprintf("The roles of %s were changed.", one.Login)
	if len(roles) == 0 {
		notice = one.Login + " is no administrator any more."
	}
	s.view.Redirect(w, r, path, notice)
	return nil
}

// one is the administrator of the ID; a user without roles is one that can get some.
func (s *Service) one(ctx context.Context, id string) (Administrator, error) {
	all, err := s.Store.Administrators(ctx)
	if err != nil {
		return Administrator{}, err
	}
	if i := slices.IndexFunc(all, func(a Administrator) bool { return a.UserID == id }); i >= 0 {
		return all[i], nil
	}
	user, err := s.Users.UserByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return Administrator{}, &idp.Problem{ID: problemUser, Status: http.StatusNotFound}
	}
	if err != nil {
		return Administrator{}, err
	}
	return Administrator{UserID: user.ID, Login: user.Login, Blocked: user.Blocked, Roles: []admin.Role{}}, nil
}
