package drivers

import (
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
)

func (s *Section) showSecrets(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/secrets")
	if err != nil {
		return err
	}
	states, err := s.service.Secrets(r.Context(), about.Driver.Name)
	if err != nil {
		return err
	}
	return s.show(w, r, a, "secrets", "Secrets of "+about.Driver.Name, secretsPage{About: about, Secrets: states})
}

// putSecret sets a secret; fields: name, value. The last line break of a key that was pasted is not part of it.
func (s *Section) putSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name, secret := r.PathValue("name"), r.PostForm.Get("name")
	value := strings.TrimSuffix(strings.ReplaceAll(r.PostForm.Get("value"), "\r\n", "\n"), "\n")
	if err := s.service.PutSecret(r.Context(), a, name, secret, value); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/secrets", "The secret "+secret+" was set. The next call has it.")
	return nil
}

// removeSecret takes a secret away; field: name.
func (s *Section) removeSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	name, secret := r.PathValue("name"), r.PostForm.Get("name")
	if err := s.service.RemoveSecret(r.Context(), a, name, secret); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/secrets", "The secret "+secret+" was removed here.")
	return nil
}
