package drivers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops/trial"
)

func (s *Section) showCases(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.casesPage(w, r, a, false)
}

// runCases runs the cases and shows the page.
func (s *Section) runCases(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.casesPage(w, r, a, true)
}

func (s *Section) casesPage(w http.ResponseWriter, r *http.Request, a *admin.Actor, run bool) error {
	about, err := s.about(r, a, "/cases")
	if err != nil {
		return err
	}
	script := s.shown(r.Context(), about.Driver)
	page := casesPage{About: about, Cases: script.Cases}
	if about.Driver.Draft != nil {
		page.Edition = about.Driver.Draft.Edition
	}
	if run {
		page.Results = []trial.CaseResult{}
		if page.Results, err = s.service.Cases(r.Context(), about.Driver.Name, script); err != nil {
			return err
		}
	}
	return s.show(w, r, a, "cases", "Cases of "+about.Driver.Name, page)
}

// changeCases adds, replaces or drops a case of the draft; fields: edition, name, text, drop.
func (s *Section) changeCases(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	d, err := s.service.Draft(r.Context(), name)
	if err != nil {
		return err
	}
	script, notice := d.Script, ""
	if drop := r.PostForm.Get("drop"); drop != "" {
		script, notice = script.without(drop), fmt.Sprintf("The case %s was dropped.", drop)
	} else {
		file := CaseFile{Name: strings.TrimSpace(r.PostForm.Get("name")), Text: strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")}
		script, notice = script.with(file), fmt.Sprintf("The case %s was saved.", file.Name)
	}
	if _, err := s.service.Save(r.Context(), a, name, script, d.Base, number(r, "edition")); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/cases", notice)
	return nil
}
