package apps

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// pageSize is how many applications a page lists.
const pageSize = 50

// at is the path of the application's page, or of one below it.
func at(id string, below ...string) string {
	return path + "/app/" + url.PathEscape(id) + strings.Join(below, "")
}

// listData is what the page apps/list shows.
type listData struct {
	Query   string
	Rows    [][]console.Cell
	Next    string
	MayEdit bool
}

func (s *Section) showList(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	query := r.URL.Query()
	data := listData{Query: query.Get("q"), MayEdit: a.May(admin.AppsEdit)}
	all, err := s.service.search(r.Context(), data.Query, query.Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	if len(all) > pageSize {
		all = all[:pageSize]
		data.Next = s.view.URL(path) + "?" + url.Values{"q": {data.Query}, "after": {all[pageSize-1].ID}}.Encode()
	}
	for _, app := range all {
		data.Rows = append(data.Rows, []console.Cell{
			{Text: app.ID, URL: s.view.URL(at(app.ID))}, {Text: app.Name}, {Text: app.origin()}, {Text: app.authentication()}, console.TimeCell(app.CreatedAt),
		})
	}
	return s.view.Show(w, r, a, admin.Page{Name: "apps/list", Title: "Applications", Data: data})
}

// origin is where the registration comes from.
func (app App) origin() string {
	switch {
	case app.File:
		return "settings file"
	case app.Dynamic():
		return "registered itself"
	}
	return "registered here"
}

func (app App) authentication() string {
	switch {
	case app.AuthMethod == idp.AuthNone:
		return "none (public)"
	case app.AuthMethod == idp.AuthPrivateKeyJWT:
		return "key"
	}
	return "secret"
}

// line is a member of a registration as the page shows it.
type line struct{ Label, Text string }

// oneData is what the page apps/show shows.
type oneData struct {
	App
	Origin                                     string
	Lines                                      []line
	Tag                                        string
	Edit, Connect                              string
	RotatePath, DeletePath                     string
	MayEdit, HasSecret, Administers, MayTryNow bool
	TryPath                                    string
}

func (s *Section) showOne(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	app, err := s.service.app(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	data := oneData{
		App: app, Origin: app.origin(), Tag: s.service.Tag(app.Client), Edit: s.view.URL(at(app.ID, "/edit")), Connect: s.view.URL(at(app.ID, "/connect")),
		RotatePath: at(app.ID, "/secret"), DeletePath: at(app.ID, "/delete"), TryPath: s.view.URL(at(app.ID, "/try")),
		MayEdit:   a.May(admin.AppsEdit) && !app.File && mayHave(a, app.Client) == nil,
		HasSecret: app.TakesSecret(), Administers: administers(app.Client), MayTryNow: s.trial != nil && app.Allows(idp.GrantCode),
	}
	m := membersOf(app.Client)
	for _, g := range groups(s.service.Rules) {
		for _, f := range g.fields {
			if text := m.text(f.name); text != "" {
				data.Lines = append(data.Lines, line{f.label, strings.ReplaceAll(text, "\n", ", ")})
			}
		}
	}
	return s.view.Show(w, r, a, admin.Page{Name: "apps/show", Title: app.DisplayName(), Data: data})
}

func (s *Section) showNew(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	fresh := &idp.Client{Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256"}
	return s.formPage(w, r, a, true, "", membersOf(fresh), nil)
}

// formPage shows the form of a new registration, or of one that is there.
func (s *Section) formPage(w http.ResponseWriter, r *http.Request, a *admin.Actor, isNew bool, tag string, m members, problems []admin.FieldProblem) error {
	data := newForm(groups(s.service.Rules), m, problems)
	data.New, data.Tag = isNew, tag
	page := admin.Page{Name: "apps/form", Title: "Register an application", Data: &data, Problems: problems}
	data.Action, data.Cancel = s.view.URL(path+"/new"), s.view.URL(path)
	if !isNew {
		page.Title = "Change " + data.ID
		data.Action, data.Cancel = s.view.URL(at(data.ID, "/edit")), s.view.URL(at(data.ID))
	}
	if len(problems) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.view.Show(w, r, a, page)
}

func (s *Section) create(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	m, problems := s.fill(r.PostForm, members{"client_id": strings.TrimSpace(r.PostForm.Get("client_id"))})
	if len(problems) > 0 {
		return s.formPage(w, r, a, true, "", m, problems)
	}
	record, err := m.record()
	if err != nil {
		return err
	}
	secret, err := s.service.Create(r.Context(), a, record)
	if problems := faults(err); len(problems) > 0 {
		return s.formPage(w, r, a, true, "", m, problems)
	}
	if err != nil {
		return err
	}
	return s.showSecret(w, r, a, record.ID, secret, record.ID+" is registered.")
}

func (s *Section) showEdit(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	app, err := s.service.app(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if app.File {
		return &idp.Problem{ID: problemFile, Status: http.StatusConflict}
	}
	return s.formPage(w, r, a, false, s.service.Tag(app.Client), membersOf(app.Client), nil)
}

func (s *Section) edit(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	app, err := s.service.app(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	tag := r.PostForm.Get("tag")
	m, problems := s.fill(r.PostForm, membersOf(app.Client))
	if len(problems) > 0 {
		return s.formPage(w, r, a, false, tag, m, problems)
	}
	record, err := m.record()
	if err != nil {
		return err
	}
	secret, err := s.service.Update(r.Context(), a, tag, record)
	if problems := faults(err); len(problems) > 0 {
		return s.formPage(w, r, a, false, tag, m, problems)
	}
	if err != nil {
		return err
	}
	return s.showSecret(w, r, a, app.ID, secret, app.ID+" was changed.")
}

func (s *Section) rotate(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	id := r.PathValue("id")
	secret, err := s.service.Rotate(r.Context(), a, id, r.PostForm.Get("tag"))
	if err != nil {
		return err
	}
	return s.showSecret(w, r, a, id, secret, "The old secret of "+id+" is void.")
}

// showSecret shows a secret, this once: it is in no cookie and in no address. Where
// there is none the application's page follows.
func (s *Section) showSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor, id, secret, notice string) error {
	if secret == "" {
		s.view.Redirect(w, r, at(id), notice)
		return nil
	}
	return s.view.Show(w, r, a, admin.Page{Name: "apps/secret", Title: "The secret of " + id, Data: map[string]any{
		"ID": id, "Secret": secret, "Notice": notice, "Back": s.view.URL(at(id)), "Connect": s.view.URL(at(id, "/connect")),
	}})
}

func (s *Section) delete(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	id := r.PathValue("id")
	if err := s.service.Delete(r.Context(), a, id); err != nil {
		return err
	}
	s.view.Redirect(w, r, path, id+" is gone, with all that it was given.")
	return nil
}

func (s *Section) showConnect(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	app, err := s.service.app(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.view.Show(w, r, a, admin.Page{Name: "apps/connect", Title: "Settings for " + app.DisplayName(), Data: map[string]any{
		"Recipes": recipes(s.issuer, app.Client), "Back": s.view.URL(at(app.ID)), "Issuer": s.issuer, "ID": app.ID,
	}})
}
