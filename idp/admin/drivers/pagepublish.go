package drivers

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp/admin"
)

func (s *Section) showPublish(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "")
	if err != nil {
		return err
	}
	if about.Driver.Draft == nil {
		return unknown()
	}
	review, err := s.service.Review(r.Context(), about.Driver.Name, about.Driver.Draft.Script)
	if err != nil {
		return err
	}
	return s.show(w, r, a, "publish", "Publish "+about.Driver.Name, publishPage{
		About: about, Edition: about.Driver.Draft.Edition, Base: review.Published, Digest: review.Digest, Problems: review.Problems,
		Cases: review.Cases, Parts: review.Diff, Hosts: review.Hosts, HostsGone: review.HostsGone, Missing: review.Missing, Code: review.Code,
		Second: review.Second, Publishable: review.Passes() && about.May.Publish,
	})
}

// publish publishes the draft that the page showed; fields: edition, digest, base, comment.
func (s *Section) publish(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	done, err := s.service.Publish(r.Context(), a, name, PublishOrder{
		Edition: number(r, "edition"), Digest: r.PostForm.Get("digest"), Published: number(r, "base"), Comment: r.PostForm.Get("comment"),
	})
	if err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/versions", done.notice())
	return nil
}

// notice says what became of a publication.
func (p *Published) notice() string {
	switch {
	case p.Waiting:
		return fmt.Sprintf("Version %d waits for another administrator to confirm it.", p.Version.Number)
	case p.Warning != "":
		return "It is saved, and this node doesn't serve it yet: " + p.Warning
	}
	return "From the next login on, " + inWords(p.Version.Number) + " serves."
}

func (s *Section) showRequest(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/versions")
	if err != nil {
		return err
	}
	request, v, err := s.service.Asked(r.Context(), about.Driver.Name)
	if err != nil {
		return err
	}
	review, err := s.service.Review(r.Context(), about.Driver.Name, v.Script)
	if err != nil {
		return err
	}
	return s.show(w, r, a, "request", fmt.Sprintf("Confirm version %d of %s", v.Number, v.Driver), requestPage{
		About: about, Request: request, Version: v, Parts: review.Diff, Hosts: review.Hosts, HostsGone: review.HostsGone, Missing: review.Missing, Code: review.Code,
		Own: request.ByID == a.UserID, Base: review.Published,
	})
}

// confirm publishes what somebody else asked for; field: digest.
func (s *Section) confirm(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	done, err := s.service.Confirm(r.Context(), a, name, r.PostForm.Get("digest"))
	if err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/versions", done.notice())
	return nil
}

// refuse ends a request; fields: digest, comment.
func (s *Section) refuse(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	if err := s.service.Refuse(r.Context(), a, name, r.PostForm.Get("digest"), r.PostForm.Get("comment")); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/versions", "The version was not published.")
	return nil
}

// showRollback asks once more; parameter: to.
func (s *Section) showRollback(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/versions")
	if err != nil {
		return err
	}
	d := about.Driver
	to, err := strconv.Atoi(r.URL.Query().Get("to"))
	if err != nil || to < 0 {
		return unknown()
	}
	var target, serving Script
	switch {
	case to > 0:
		v, err := s.service.version(r.Context(), d.Name, to)
		if err != nil {
			return err
		}
		target = v.Script
	case d.Ready != nil:
		target = *d.Ready
	}
	if d.Serving != nil {
		serving = *d.Serving
	}
	return s.show(w, r, a, "rollback", "Back to "+inWords(to)+" of "+d.Name, rollbackPage{
		About: about, To: to, Base: d.Published, Parts: Compare(serving, target), Comment: fmt.Sprintf("Back from %s to %s.", inWords(d.Published), inWords(to)),
	})
}

// rollback lets an earlier version serve again; fields: to, base, comment.
func (s *Section) rollback(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name := r.PathValue("name")
	to, err := strconv.Atoi(r.PostForm.Get("to"))
	if err != nil || to < 0 {
		return unknown()
	}
	done, err := s.service.RollBack(r.Context(), a, name, to, number(r, "base"), r.PostForm.Get("comment"))
	if err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/versions", done.notice())
	return nil
}
