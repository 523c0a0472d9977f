package users

import (
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// head is what all pages about one user show.
type head struct {
	ID, Login string
	Blocked   bool
	Tabs      []console.Tab
	// MayEdit says that the reader may change this account.
	MayEdit bool
	// Administrator says that the user is one, so that few may change the account.
	Administrator bool
	// Own is the reader's own account.
	Own bool
}

// headOf reads what stands above a page about the user.
func (s *Section) headOf(r *http.Request, a *admin.Actor, u *idp.User, current string) (head, error) {
	roles, err := s.Store.RolesOf(r.Context(), u.ID)
	if err != nil {
		return head{}, err
	}
	h := head{
		ID: u.ID, Login: u.Login, Blocked: u.Blocked, MayEdit: a.May(admin.UsersEdit) && outranks(a, roles),
		Administrator: len(roles) > 0, Own: u.ID == a.UserID,
	}
	for _, tab := range []struct{ title, path string }{{"Profile", ""}, {"Sign-in and limits", "/sign-in"}, {"Sessions and access", "/sessions"}} {
		h.Tabs = append(h.Tabs, console.Tab{Title: tab.title, URL: s.View.URL(path + "/" + u.ID + tab.path), Current: tab.path == current})
	}
	return h, nil
}

// showData is what the page users/show shows.
type showData struct {
	head
	// Base is the version of the form.
	Base       string
	LoginTyped string
	Attributes []attribute
	Factors    []console.Option
	User       *idp.User
	Phone      Phone
	PhoneText  string // the problem of the number, in words
	Number     string // as the reader may see it
	Calling    bool
}

func (s *Section) showPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showForm(w, r, a, u, Change{}, nil)
}

// showForm shows the user, with what was typed where it wasn't accepted.
func (s *Section) showForm(w http.ResponseWriter, r *http.Request, a *admin.Actor, u *idp.User, typed Change, faults []admin.FieldProblem) error {
	above, err := s.headOf(r, a, u, "")
	if err != nil {
		return err
	}
	data := showData{head: above, Base: Version(u), LoginTyped: u.Login, User: u, Calling: s.Calls != nil}
	if data.Phone, err = s.Phone(r.Context(), u); err != nil {
		return err
	}
	if data.Number = data.Phone.Shown; !a.May(admin.UsersEdit) {
		data.Number = masked(data.Phone.E164)
	}
	if data.Phone.Problem != "" {
		data.PhoneText = s.Describe(&idp.Problem{ID: data.Phone.Problem})
	}
	factor := u.RequiredFactor
	if faults != nil {
		data.Base, data.LoginTyped, factor = typed.Base, *typed.Login, *typed.RequiredFactor
	}
	data.Factors = factorOptions(factor)
	values := merged(u.Attributes, typed.Attributes)
	for _, name := range s.names(a, values) {
		value := shown(a, values[name])
		data.Attributes = append(data.Attributes, attribute{Name: name, Value: value, Fixed: guarded(name), Long: len(value) > 80 || strings.Contains(value, "\n")})
	}
	page := admin.Page{Name: "users/show", Title: u.Login, Data: data, Problems: faults}
	if len(faults) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.View.Show(w, r, a, page)
}

func (s *Section) editPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	login, factor := r.PostForm.Get("login"), postedFactor(r.PostForm)
	c := Change{Base: r.PostForm.Get("base"), Login: &login, RequiredFactor: &factor, Attributes: postedAttributes(r.PostForm)}
	before, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	u, err := s.Edit(r.Context(), a, before.ID, c)
	if faults := s.faults(err); faults != nil {
		return s.showForm(w, r, a, before, c, faults)
	}
	if err != nil {
		return err
	}
	notice := "Saved."
	if u.Attribute(s.PhoneAttribute) != before.Attribute(s.PhoneAttribute) {
		notice = "Saved. The number is another one: it isn't confirmed any more, and calls to the old one have ended."
	}
	return s.back(w, r, "", notice)
}

// back leads to a page of the user.
func (s *Section) back(w http.ResponseWriter, r *http.Request, page, notice string) error {
	s.View.Redirect(w, r, path+"/"+r.PathValue("id")+page, notice)
	return nil
}

func (s *Section) blockPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Block(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return s.back(w, r, "", "The user is blocked and signed out everywhere.")
}

func (s *Section) unblockPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Unblock(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return s.back(w, r, "", "The user can sign in again.")
}

// deleteData is what the page users/delete shows.
type deleteData struct {
	head
	// Sessions and Clients are how many end, and lose their access.
	Sessions, Clients int
	Base              string
}

func (s *Section) askDeletePage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	above, err := s.headOf(r, a, u, "")
	if err != nil {
		return err
	}
	sessions, err := s.Store.SessionsOf(r.Context(), u.ID, s.Now())
	if err != nil {
		return err
	}
	access, err := s.Access(r.Context(), u)
	if err != nil {
		return err
	}
	data := deleteData{head: above, Sessions: len(sessions), Clients: len(access)}
	return s.View.Show(w, r, a, admin.Page{Name: "users/delete", Title: "Delete " + u.Login, Data: data})
}

// deletePage wants the login typed: a click alone is too little for what can't be undone.
func (s *Section) deletePage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if idp.NormalizeLogin(r.PostForm.Get("login")) != u.Login {
		return problem(admin.ProblemConflict, http.StatusConflict)
	}
	if err := s.Delete(r.Context(), a, u.ID); err != nil {
		return err
	}
	s.View.Redirect(w, r, path, "The user "+u.Login+" was deleted.")
	return nil
}
