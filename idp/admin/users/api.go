package users

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
)

// userView is a user as answers have it.
type userView struct {
	ID                 string            `json:"id"`
	Login              string            `json:"login"`
	Attributes         map[string]string `json:"attributes"`
	RequiredFactor     int               `json:"required_factor"`
	Blocked            bool              `json:"blocked"`
	HasPassword        bool              `json:"has_password"`
	PasswordSetAt      time.Time         `json:"password_set_at,omitzero"`
	MustChangePassword bool              `json:"must_change_password"`
	CreatedAt          time.Time         `json:"created_at"`
	UpdatedAt          time.Time         `json:"updated_at"`
}

func (s *Section) view(a *admin.Actor, u *idp.User) userView {
	v := userView{
		ID: u.ID, Login: u.Login, Attributes: map[string]string{}, RequiredFactor: u.RequiredFactor, Blocked: u.Blocked,
		HasPassword: u.PasswordHash != "", MustChangePassword: u.MustChangePassword, CreatedAt: api.Time(u.CreatedAt), UpdatedAt: api.Time(u.UpdatedAt),
	}
	if !u.PasswordSetAt.IsZero() {
		v.PasswordSetAt = api.Time(u.PasswordSetAt)
	}
	for _, name := range s.names(a, u.Attributes) {
		v.Attributes[name] = shown(a, u.Attributes[name])
	}
	return v
}

// tell answers with the user and the version of what can be edited.
func (s *Section) tell(w http.ResponseWriter, a *admin.Actor, status int, u *idp.User) error {
	w.Header().Set("ETag", `"`+Version(u)+`"`)
	return admin.WriteJSON(w, status, s.view(a, u))
}

func (s *Section) list(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil {
		limit = 0 // the store's own
	}
	page, err := s.Search(r.Context(), a, idp.UserQuery{Text: query.Get("q"), Blocked: query.Get("blocked") == "true", After: query.Get("after"), Limit: limit})
	if err != nil {
		return err
	}
	answer := struct {
		Users []userView `json:"users"`
		Next  string     `json:"next,omitempty"`
	}{[]userView{}, page.Next}
	for _, u := range page.Users {
		answer.Users = append(answer.Users, s.view(a, u))
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

func (s *Section) create(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Login          string            `json:"login"`
		Attributes     map[string]string `json:"attributes"`
		Password       string            `json:"password"`
		MustChange     bool              `json:"must_change_password"`
		RequiredFactor int               `json:"required_factor"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	u, err := s.Create(r.Context(), a, Draft(body))
	if err != nil {
		return err
	}
	if u, err = s.one(r.Context(), u.ID); err != nil {
		return err
	}
	return s.tell(w, a, http.StatusCreated, u)
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.tell(w, a, http.StatusOK, u)
}

// edit changes what the body names; null takes an attribute away.
func (s *Section) edit(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Login          *string            `json:"login"`
		Attributes     map[string]*string `json:"attributes"`
		RequiredFactor *int               `json:"required_factor"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	c := Change{Base: base(r), Login: body.Login, RequiredFactor: body.RequiredFactor, Attributes: map[string]string{}}
	for name, value := range body.Attributes {
		c.Attributes[name] = ""
		if value != nil {
			c.Attributes[name] = *value
		}
	}
	u, err := s.Edit(r.Context(), a, r.PathValue("id"), c)
	if err != nil {
		return precondition(r, err)
	}
	return s.tell(w, a, http.StatusOK, u)
}

// base is the version that If-Match names, empty for any.
func base(r *http.Request) string {
	match := r.Header.Get("If-Match")
	if match == "" || match == "*" {
		return ""
	}
	if text, err := strconv.Unquote(match); err == nil {
		return text
	}
	return match // equals no version
}

// precondition tells of an edit conflict as of a failed If-Match (RFC 9110, section 15.5.13).
func precondition(r *http.Request, err error) error {
	var p *idp.Problem
	if r.Header.Get("If-Match") == "" || !errors.As(err, &p) || p.ID != admin.ProblemConflict {
		return err
	}
	return problem(admin.ProblemConflict, http.StatusPreconditionFailed)
}

func (s *Section) remove(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.Delete(r.Context(), a, r.PathValue("id")))
}

func done(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// authView is Blitz's, but for methodsLocked: see limits.
type authView struct {
	RequiredFactor     *int  `json:"requiredFactor,omitempty"`
	NeedPasswordChange *bool `json:"needPasswordChange,omitempty"`
}

func (s *Section) auth(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, authView{&u.RequiredFactor, &u.MustChangePassword})
}

func (s *Section) setAuth(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body authView
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	id := r.PathValue("id")
	if body.RequiredFactor != nil {
		if _, err := s.Edit(r.Context(), a, id, Change{RequiredFactor: body.RequiredFactor}); err != nil {
			return err
		}
	}
	if body.NeedPasswordChange != nil {
		if err := s.RequireChange(r.Context(), a, id, *body.NeedPasswordChange, false); err != nil {
			return err
		}
	}
	return s.auth(w, r, a)
}

func (s *Section) setPassword(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Password   string `json:"password"`
		MustChange bool   `json:"must_change_password"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	return done(w, s.SetPassword(r.Context(), a, r.PathValue("id"), body.Password, body.MustChange))
}

func (s *Section) block(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Block(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return s.get(w, r, a)
}

func (s *Section) unblock(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Unblock(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return s.get(w, r, a)
}
