package settings_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	section "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/templates/console"
)

// base is where the pages are in these tests.
const base = "/console"

// world is the section behind a mux, without the shell's checks.
type world struct {
	t       *testing.T
	service *settings.Service
	trail   *audit.Memory
	section *section.Section
	drivers *drivers
	numbers []string
	server  *httptest.Server
	actor   *admin.Actor
}

// drivers are some drivers and the secrets that they lack.
type drivers struct {
	known   []*loops.Driver
	missing map[string][]string
}

func (d *drivers) Known(context.Context) ([]*loops.Driver, error) { return d.known, nil }
func (d *drivers) Missing(_ context.Context, driver *loops.Driver) ([]string, error) {
	return d.missing[driver.Name], nil
}

func (w *world) NumberAttributes(context.Context) ([]string, error) { return w.numbers, nil }

func newWorld(t *testing.T, set ...string) *world {
	t.Helper()
	return worldOf(t, conf.Options{Set: append([]string{}, set...)})
}

// fileOf gives the settings a file with that text below the root.
func fileOf(text string) conf.Options {
	return conf.Options{File: "/etc/ringtail/blitz.conf", ReadFile: func(string) ([]byte, error) {
		return []byte("blitz.prod.local.idp {\n" + text + "\n}"), nil
	}}
}

// withDriver is a file in which calls are set up.
const withDriver = "login.methods.flashCall.driver = example"

func worldOf(t *testing.T, o conf.Options) *world {
	t.Helper()
	service, trail := settingstest.NewService(t, o)
	return worldOn(t, service, trail)
}

// worldOnDisk keeps what is saved in a real database, as the program does.
func worldOnDisk(t *testing.T, o conf.Options) *world {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	node, err := settingstest.NewNode(o, data)
	if err != nil {
		t.Fatal(err)
	}
	trail := &audit.Memory{}
	service, err := settings.New(settings.Options{Store: data, Node: node, Trail: trail, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return worldOn(t, service, trail)
}

func worldOn(t *testing.T, service *settings.Service, trail *audit.Memory) *world {
	t.Helper()
	w := &world{service: service, trail: trail, t: t, numbers: []string{"phone_number", "work_phone"}, actor: person("anna", admin.RoleRoot)}
	w.drivers = &drivers{missing: map[string][]string{}, known: []*loops.Driver{
		{Name: "example", Manifest: loops.Manifest{Title: "Example", CodeOrigin: loops.CodeFromUs, LeadingZero: true}},
		{Name: "text", Manifest: loops.Manifest{Title: "Text", Channel: loops.ChannelSMS, CodeOrigin: loops.CodeFromUs, LeadingZero: true}},
	}}
	view := &view{}
	var err error
	view.pages, err = console.New(console.Options{Asset: func(name string) string { return "/static/" + name }, URL: view.URL})
	if err != nil {
		t.Fatal(err)
	}
	w.section, err = section.New(section.Options{Store: w.service, Drivers: w.drivers, Attributes: w, View: view})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for prefix, routes := range map[string][]admin.Route{base: w.section.Pages(), "/api": w.section.Endpoints()} {
		for _, route := range routes {
			mux.HandleFunc(route.Method+" "+prefix+route.Path, w.serve(route))
		}
	}
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	return w
}

func person(login string, roles ...admin.Role) *admin.Actor {
	return &admin.Actor{UserID: "u-" + login, Login: login, Roles: roles, FormToken: "token"}
}

// serve answers with the ID of a problem, where there is one.
func (w *world) serve(route admin.Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		err := route.Serve(rw, r, w.actor)
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			http.Error(rw, p.ID+" "+p.Field, p.Status)
		case err != nil:
			http.Error(rw, err.Error(), http.StatusInternalServerError)
		}
	}
}

// view shows pages in the console's own layout.
type view struct{ pages *console.Renderer }

func (v *view) Show(w http.ResponseWriter, _ *http.Request, a *admin.Actor, p admin.Page) error {
	page := console.Page{Name: p.Name, Title: p.Title, Status: p.Status, Data: p.Data, Token: a.FormToken, Person: a.Login}
	for _, f := range p.Problems {
		page.Problems = append(page.Problems, console.Problem{Field: f.Field, Text: f.Text})
	}
	return v.pages.Render(w, page)
}

func (v *view) Redirect(w http.ResponseWriter, r *http.Request, path, notice string) {
	w.Header().Set("X-Notice", notice)
	http.Redirect(w, r, v.URL(path), http.StatusSeeOther)
}

func (v *view) URL(path string) string { return base + path }

// answer is what came back.
type answer struct {
	*goquery.Document
	t        *testing.T
	status   int
	notice   string
	location string
}

// send makes one request and follows nothing.
func (w *world) send(method, path string, form url.Values) *answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return &answer{Document: doc, t: w.t, status: res.StatusCode, notice: res.Header.Get("X-Notice"), location: res.Header.Get("Location")}
}

func (w *world) get(path string) *answer {
	w.t.Helper()
	a := w.send(http.MethodGet, base+path, nil)
	if a.status != http.StatusOK {
		w.t.Fatalf("%s answers %d: %s", path, a.status, a.Text())
	}
	return a
}

// form is what a browser would send of the form that posts, without any button.
func (a *answer) form() url.Values {
	a.t.Helper()
	sent := url.Values{}
	form := a.Find(`main form[method="post"]`).First()
	if form.Length() == 0 {
		a.t.Fatalf("there is no form: %s", a.Text())
	}
	form.Find("input, select, textarea").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		kind, _ := in.Attr("type")
		_, checked := in.Attr("checked")
		if _, off := in.Attr("disabled"); off || name == "" || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value, _ := in.Attr("value")
		switch goquery.NodeName(in) {
		case "textarea":
			value = in.Text()
		case "select":
			chosen := in.Find("option[selected]")
			if value = chosen.AttrOr("value", chosen.Text()); chosen.Length() == 0 {
				value = in.Find("option").First().AttrOr("value", "")
			}
		}
		sent.Add(name, value)
	})
	return sent
}

// errors are the texts of what is wrong, at fields and above the form.
func (a *answer) errors() string { return a.Find(".alert, .error").Text() }

// with is the form with other values.
func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// post sends the form and wants a redirect.
func (w *world) post(path string, form url.Values) *answer {
	w.t.Helper()
	a := w.send(http.MethodPost, base+path, form)
	if a.status != http.StatusSeeOther {
		w.t.Fatalf("posting %s answers %d: %s", path, a.status, a.errors())
	}
	return a
}

// served are the settings that the node serves now.
func (w *world) served() *conf.Settings {
	s, _ := w.service.Served()
	return s
}
