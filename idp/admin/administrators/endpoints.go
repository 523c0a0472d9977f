package administrators

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
)

// shown is an administrator as answers have it.
type shown struct {
	ID      string       `json:"id"`
	Login   string       `json:"login"`
	Blocked bool         `json:"blocked"`
	Roles   []admin.Role `json:"roles"`
	GivenBy string       `json:"given_by,omitempty"`
	GivenAt time.Time    `json:"given_at,omitzero"`
}

func asShown(a Administrator) shown {
	s := shown{ID: a.UserID, Login: a.Login, Blocked: a.Blocked, Roles: a.Roles, GivenBy: a.GivenBy}
	if !a.GivenAt.IsZero() {
		s.GivenAt = api.Time(a.GivenAt)
	}
	return s
}

func (s *Section) list(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	all, err := s.service.Store.Administrators(r.Context())
	if err != nil {
		return err
	}
	answer := struct {
		Administrators []shown `json:"administrators"`
	}{[]shown{}}
	for _, one := range all {
		answer.Administrators = append(answer.Administrators, asShown(one))
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	one, err := s.service.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", Tag(one.Roles))
	return admin.WriteJSON(w, http.StatusOK, asShown(one))
}

// put gives exactly the roles of the body; none takes them all.
func (s *Section) put(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Roles *[]admin.Role `json:"roles"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	if body.Roles == nil { // a misspelt body must not take everything
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Field: "roles"}
	}
	one, err := s.service.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.Header.Get("If-Match") != Tag(one.Roles) { // also where it is missing: nobody changes what they haven't seen
		return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusPreconditionFailed}
	}
	if err := s.service.Set(r.Context(), a, one.UserID, *body.Roles, one.Roles); err != nil {
		return err
	}
	if one, err = s.service.one(r.Context(), one.UserID); err != nil {
		return err
	}
	w.Header().Set("ETag", Tag(one.Roles))
	return admin.WriteJSON(w, http.StatusOK, asShown(one))
}

// Tag is the version of the roles (RFC 9110, section 8.8.3), for If-Match.
func Tag(roles []admin.Role) string {
	sum := sha256.Sum256([]byte(words(roles)))
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
