package console

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/idp/pages"
	frame "github.com/ringtail-id/ringtail/templates/console"
)

// language of the console.
const language = "en"

// Show implements admin.View.
func (h *Handler) Show(w http.ResponseWriter, r *http.Request, a *admin.Actor, page admin.Page) error {
	shown := frame.Page{Name: page.Name, Title: page.Title, Status: page.Status, Data: page.Data}
	for _, p := range page.Problems {
		shown.Problems = append(shown.Problems, frame.Problem{Field: p.Field, Text: p.Text})
	}
	if a != nil {
		shown.Menu, shown.Person, shown.Token, shown.ReadOnly = h.menu(a, r), a.Login, a.FormToken, h.ReadOnly && len(a.Roles) > 0
		shown.Warnings = h.warnings(r.Context(), a)
	}
	shown.Notice = h.takeNotice(w, r)
	return h.render.Render(w, shown)
}

// warnings are the sections' notices for an administrator.
func (h *Handler) warnings(ctx context.Context, a *admin.Actor) (all []frame.Link) {
	if len(a.Roles) == 0 {
		return nil
	}
	for _, section := range h.sections {
		noticing, ok := section.(admin.Noticing)
		if !ok {
			continue
		}
		for _, n := range noticing.Notices(ctx, a) {
			link := frame.Link{Title: n.Text}
			if n.Path != "" {
				link.URL = h.URL(n.Path)
			}
			all = append(all, link)
		}
	}
	return all
}

// menu is what the actor may go to, in the order of the sections.
func (h *Handler) menu(a *admin.Actor, r *http.Request) []frame.Group {
	var groups []frame.Group
	if len(a.Roles) == 0 {
		return nil
	}
	here := "/" + strings.TrimLeft(strings.TrimPrefix(r.URL.Path, h.base), "/")
	current := h.currentItem(here)
	add := func(group string, link frame.Link) {
		at := slices.IndexFunc(groups, func(g frame.Group) bool { return g.Title == group })
		if at < 0 {
			groups, at = append(groups, frame.Group{Title: group}), len(groups)
		}
		groups[at].Links = append(groups[at].Links, link)
	}
	add("", frame.Link{Title: "Overview", URL: h.URL("/"), Current: here == "/"})
	for _, section := range h.sections {
		for _, item := range section.Menu() {
			if a.May(item.Right) {
				add(item.Group, frame.Link{Title: item.Title, URL: h.URL(item.Path), Current: item.Path == current})
			}
		}
	}
	return groups
}

// currentItem is the path of the menu's entry that the page is below: the longest.
func (h *Handler) currentItem(here string) (current string) {
	for _, section := range h.sections {
		for _, item := range section.Menu() {
			path, _, _ := strings.Cut(item.Path, "?")
			if (here == path || strings.HasPrefix(here, path+"/")) && len(item.Path) > len(current) {
				current = item.Path
			}
		}
	}
	return current
}

func (h *Handler) showHome(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return h.Show(w, r, a, admin.Page{Name: "console/home", Title: "Overview", Data: map[string]any{"Roles": a.Roles}})
}

func (h *Handler) showProved(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return h.Show(w, r, a, admin.Page{Name: "console/proved", Title: "It is you"})
}

// showOut tells somebody that they aren't signed in; the path is where the sign-in leads.
func (h *Handler) showOut(w http.ResponseWriter, r *http.Request, status int, text, path string) error {
	return h.Show(w, r, nil, admin.Page{
		Name: "console/out", Title: "Not signed in", Status: status, Data: map[string]any{"Text": text, "Path": path},
	})
}

// sent is a field of a form that can be sent once more.
type sent struct{ Name, Value string }

// showAgain offers to prove who it is and to send the form once more. Secrets do
// not go back into a page: where the form has one it must be given again.
func (h *Handler) showAgain(w http.ResponseWriter, r *http.Request, v *visit) error {
	var fields []sent
	if r.MultipartForm == nil && !slices.ContainsFunc(keys(r.PostForm), secretive) {
		for _, name := range keys(r.PostForm) {
			for _, value := range r.PostForm[name] {
				fields = append(fields, sent{name, value})
			}
		}
	}
	fields = slices.DeleteFunc(fields, func(f sent) bool { return f.Name == fieldToken })
	return h.Show(w, r, v.actor, admin.Page{
		Name: "console/again", Title: "Prove that it is you", Status: http.StatusForbidden,
		Data: map[string]any{"Minutes": minutes(h.FreshFor), "Fields": fields, "Action": r.URL.RequestURI()},
	})
}

func keys(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// secretive says whether a field of that name may hold a secret.
func secretive(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"password", "secret", "value", "key"}, func(word string) bool { return strings.Contains(name, word) })
}

// refuse tells of err: a page, or a problem in JSON where a script asked.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if wantsJSON(r) {
		h.teller.Refuse(w, r, err)
		return
	}
	p := pages.AsProblem(err)
	h.Pages.LogCause(r.Context(), p)
	text := h.Pages.Describe(language, p)
	var actor *admin.Actor
	if v := visitOf(r); v != nil {
		actor = v.actor
	}
	page := frame.Page{
		Name: "console/problem", Title: title(p), Status: p.HTTPStatus(),
		Problems:  []frame.Problem{{ID: p.ID, Text: text.Text, Hint: text.Hint}},
		RequestID: observe.RequestID(r.Context()),
	}
	if actor != nil {
		page.Menu, page.Person, page.Token = h.menu(actor, r), actor.Login, actor.FormToken
	}
	oauth.ComeAgain(w, page.Status)
	if err := h.render.Render(w, page); err != nil {
		h.Log.ErrorContext(r.Context(), "page not shown", "problem", p.ID, "error", err)
	}
}

func title(p *idp.Problem) string {
	switch p.HTTPStatus() {
	case http.StatusNotFound:
		return "Not found"
	case http.StatusForbidden, http.StatusUnauthorized:
		return "Not allowed"
	case http.StatusInternalServerError:
		return "A fault of ours"
	case http.StatusServiceUnavailable:
		return "Out of order for a moment"
	}
	return "Not done"
}

// noticeCookie holds a notice until the next page; a keyed hash ties it to the session.
const noticeCookie = "ringtail-console-notice"

// maxNotice bounds a notice, in bytes.
const maxNotice = 1024

// noticeSeconds is how long a notice waits for its page.
const noticeSeconds = 60

// Redirect implements admin.View.
func (h *Handler) Redirect(w http.ResponseWriter, r *http.Request, path, notice string) {
	if v := visitOf(r); v != nil && notice != "" && len(notice) <= maxNotice {
		text := base64.RawURLEncoding.EncodeToString([]byte(notice))
		h.putNotice(w, text+"."+h.Hash("notice", v.record.ID, text), noticeSeconds)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, h.URL(path), http.StatusSeeOther)
}

func (h *Handler) putNotice(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: noticeCookie, Value: value, Path: h.base, MaxAge: age, HttpOnly: true, Secure: h.secure, SameSite: http.SameSiteStrictMode,
	})
}

// takeNotice is the notice for this page, once.
func (h *Handler) takeNotice(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(noticeCookie)
	v := visitOf(r)
	if err != nil || v == nil {
		return ""
	}
	h.putNotice(w, "", -1)
	text, proof, _ := strings.Cut(c.Value, ".")
	if !hmac.Equal([]byte(proof), []byte(h.Hash("notice", v.record.ID, text))) {
		return ""
	}
	notice, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(notice)
}
