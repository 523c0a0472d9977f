package drivers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops/words"
	"github.com/ringtail-id/ringtail/templates/console"
)

func (s *Section) show(w http.ResponseWriter, r *http.Request, a *admin.Actor, name, title string, data any) error {
	return s.view.Show(w, r, a, admin.Page{Name: "drivers/" + name, Title: title, Data: data})
}

// about reads the driver that the path names; tab is the path of the page among its tabs.
func (s *Section) about(r *http.Request, a *admin.Actor, tab string) (About, error) {
	d, err := s.service.Driver(r.Context(), r.PathValue("name"))
	if err != nil {
		return About{}, err
	}
	out := About{Driver: d, May: s.may(a, d)}
	for _, t := range [][2]string{{"", "Script"}, {"/trial", "Trial"}, {"/cases", "Cases"}, {"/versions", "Versions"}, {"/secrets", "Secrets"}} {
		if t[0] == "/secrets" && !a.May(admin.DriversSecrets) {
			continue
		}
		out.Tabs = append(out.Tabs, console.Tab{Title: t[1], URL: s.view.URL(s.path(d.Name) + t[0]), Current: t[0] == tab})
	}
	return out, nil
}

func (s *Section) path(name string) string { return root + "/" + name }

func (s *Section) showList(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	list, faults, err := s.service.List(r.Context())
	if err != nil {
		return err
	}
	return s.show(w, r, a, "list", "Drivers", listPage{Drivers: list, Faults: faults, May: s.may(a, nil)})
}

func (s *Section) showNew(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	page := newPage{Name: r.URL.Query().Get("name")}
	for _, d := range s.service.o.Facts().Shipped {
		page.Origins = append(page.Origins, console.Option{Value: "ready:" + d.Name, Text: d.Manifest.Title + " (" + d.Name + ")", Selected: r.URL.Query().Get("from") == d.Name})
	}
	page.Origins = append(page.Origins, console.Option{Value: string(JavaScript), Text: "nothing, in JavaScript"},
		console.Option{Value: string(Java), Text: "nothing, in Java"})
	return s.show(w, r, a, "new", "New driver", page)
}

// create makes the draft of a new driver; fields: name, from.
func (s *Section) create(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name, from := strings.TrimSpace(r.PostForm.Get("name")), r.PostForm.Get("from")
	origin := Origin{Language: Language(from)}
	if ready, is := strings.CutPrefix(from, "ready:"); is {
		origin = Origin{Ready: ready}
		if name == "" {
			name = ready
		}
	}
	return s.begin(w, r, a, name, origin)
}

// start makes the draft of a driver that is there; fields: version, ready, language.
func (s *Section) start(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.begin(w, r, a, r.PathValue("name"), Origin{
		Ready: r.PostForm.Get("ready"), Version: number(r, "version"), Language: Language(r.PostForm.Get("language")),
	})
}

func (s *Section) begin(w http.ResponseWriter, r *http.Request, a *admin.Actor, name string, from Origin) error {
	if _, err := s.service.Start(r.Context(), a, name, from); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name), "A draft was begun. It serves nobody until it is published.")
	return nil
}

func (s *Section) showDriver(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "")
	if err != nil {
		return err
	}
	return s.driverPage(w, r, a, about, s.shown(r.Context(), about.Driver), admin.Page{})
}

// driverPage shows the first page of a driver with a script, its draft or what somebody typed.
func (s *Section) driverPage(w http.ResponseWriter, r *http.Request, a *admin.Actor, about About, script Script, frame admin.Page) (err error) {
	page := showPage{About: about, Saved: about.Driver.Draft, Script: script}
	if page.Saved != nil {
		page.Edition, page.Base = page.Saved.Edition, page.Saved.Base
	}
	for _, l := range [][2]string{{string(JavaScript), "JavaScript"}, {string(Java), "Java"}} {
		page.Languages = append(page.Languages, console.Option{Value: l[0], Text: l[1], Selected: l[0] == string(page.Script.Language)})
	}
	if page.Script.Source != "" && page.Saved != nil {
		if page.Problems, err = s.service.Lint(r.Context(), page.Script); err != nil {
			return err
		}
	}
	frame.Name, frame.Title, frame.Data = "drivers/show", "Driver "+about.Driver.Name, page
	return s.view.Show(w, r, a, frame)
}

// shown is the script that the first page of a driver has.
func (s *Section) shown(ctx context.Context, d *Driver) Script {
	switch {
	case d.Draft != nil:
		return d.Draft.Script
	case d.Managed:
		script, err := s.service.fromFolder(d.Name)
		if err == nil {
			return script
		}
		if own := s.service.file(d.Name); own != nil {
			return Script{Language: languageOf(own.File), Source: own.Source}
		}
	case d.Serving != nil:
		return *d.Serving
	case len(d.Versions) > 0:
		return d.Versions[0].Script
	}
	return Script{Language: JavaScript}
}

func languageOf(file string) Language {
	if strings.HasSuffix(file, ".java") {
		return Java
	}
	return JavaScript
}

// save stores the draft; fields: language, script, manifest, base, edition, then.
func (s *Section) save(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name, edition := r.PathValue("name"), number(r, "edition")
	script := scriptIn(r)
	if edition > 0 {
		d, err := s.service.Draft(r.Context(), name)
		if err != nil {
			return err
		}
		script.Cases = d.Cases // a save of an older edition is refused, so these are those that were seen
	}
	_, err := s.service.Save(r.Context(), a, name, script, number(r, "base"), edition)
	if errors.Is(err, ErrEdited) && edition > 0 {
		return s.overtaken(w, r, a, script)
	}
	if err != nil {
		return err
	}
	to := s.path(name)
	if then := r.PostForm.Get("then"); then == "trial" || then == "publish" {
		to += "/" + then
	}
	s.view.Redirect(w, r, to, "The draft was saved.")
	return nil
}

// overtaken shows what was typed to who is told that somebody else was faster. Saving it once more takes the place of what
// the other one saved, knowingly.
func (s *Section) overtaken(w http.ResponseWriter, r *http.Request, a *admin.Actor, typed Script) error {
	about, err := s.about(r, a, "")
	if err != nil {
		return err
	}
	if about.Driver.Draft == nil {
		return conflict(ErrEdited)
	}
	text := fmt.Sprintf("%s saved this draft meanwhile. What you typed is below and isn't saved: to save it again takes the place of theirs.", about.Driver.Draft.Author)
	return s.driverPage(w, r, a, about, typed, admin.Page{Status: http.StatusConflict, Problems: []admin.FieldProblem{{Text: text}}})
}

// scriptIn reads a script as it is posted: browsers send line breaks as CR LF.
func scriptIn(r *http.Request) Script {
	plain := func(field string) string { return strings.ReplaceAll(r.PostForm.Get(field), "\r\n", "\n") }
	return Script{Language: Language(r.PostForm.Get("language")), Source: plain("script"), Manifest: plain("manifest"), Cases: []CaseFile{}}
}

// drop deletes the draft; field: edition.
func (s *Section) drop(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	if err := s.service.Drop(r.Context(), a, name, number(r, "edition")); err != nil {
		return err
	}
	s.view.Redirect(w, r, root, "The draft of "+name+" was dropped.")
	return nil
}

// lint answers the editor; fields: language, script, manifest.
func (s *Section) lint(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	problems, err := s.service.Lint(r.Context(), scriptIn(r))
	if r.Context().Err() != nil {
		return nil // who typed on doesn't wait for it
	}
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"problems": problems})
}

// words answers the editor with what a script has.
func (s *Section) words(w http.ResponseWriter, _ *http.Request, _ *admin.Actor) error {
	return admin.WriteJSON(w, http.StatusOK, words.All())
}

// number reads a whole number of a form; 0 where it is none.
func number(r *http.Request, field string) int {
	n, err := strconv.Atoi(r.PostForm.Get(field))
	if err != nil {
		return 0
	}
	return n
}

// inWords is a version as people read it.
func inWords(version int) string {
	if version == 0 {
		return "the ready driver"
	}
	return fmt.Sprintf("version %d", version)
}
