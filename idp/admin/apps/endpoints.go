package apps

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/register"
)

// answer is an application as answers have it. The secret is there in the answer to
// the request that made it, and never again.
type answer struct {
	register.Record
	Secret string `json:"client_secret,omitempty"`
	// Origin is file, registered or dynamic.
	Origin string `json:"origin"`
}

func (s *Service) answer(app App, secret string) answer {
	out := answer{Record: register.RecordOf(app.Client), Secret: secret, Origin: "registered"}
	switch {
	case app.File:
		out.Origin = "file"
	case app.Dynamic():
		out.Origin = "dynamic"
	}
	return out
}

// Bounds of a list.
const (
	defaultLimit = 100
	maxLimit     = 500
)

func (s *Section) list(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > maxLimit {
		limit = defaultLimit
	}
	all, err := s.service.search(r.Context(), query.Get("q"), query.Get("after"), limit)
	if err != nil {
		return err
	}
	out := struct {
		Apps []answer `json:"apps"`
	}{[]answer{}}
	for _, app := range all {
		out.Apps = append(out.Apps, s.service.answer(app, ""))
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	return s.write(w, r, http.StatusOK, r.PathValue("id"), "")
}

// write answers with the application as it is now.
func (s *Section) write(w http.ResponseWriter, r *http.Request, status int, id, secret string) error {
	app, err := s.service.app(r.Context(), id)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", `"`+s.service.Tag(app.Client)+`"`)
	return admin.WriteJSON(w, status, s.service.answer(app, secret))
}

func (s *Section) post(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var record register.Record
	if err := admin.ReadJSON(r, &record); err != nil {
		return err
	}
	secret, err := s.service.Create(r.Context(), a, record)
	if err != nil {
		return told(err)
	}
	return s.write(w, r, http.StatusCreated, record.ID, secret)
}

// put changes the whole registration: what the body leaves out is taken away.
func (s *Section) put(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var record register.Record
	if err := admin.ReadJSON(r, &record); err != nil {
		return err
	}
	id := r.PathValue("id")
	if record.ID != "" && record.ID != id {
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Field: "client_id"}
	}
	record.ID = id
	secret, err := s.service.Update(r.Context(), a, match(r), record)
	if err != nil {
		return told(err)
	}
	return s.write(w, r, http.StatusOK, id, secret)
}

func (s *Section) postSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	id := r.PathValue("id")
	secret, err := s.service.Rotate(r.Context(), a, id, match(r))
	if err != nil {
		return told(err)
	}
	return s.write(w, r, http.StatusOK, id, secret)
}

func (s *Section) remove(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.service.Delete(r.Context(), a, r.PathValue("id")); err != nil {
		return told(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// match is the tag of If-Match.
func match(r *http.Request) string {
	tag, err := strconv.Unquote(r.Header.Get("If-Match"))
	if err != nil {
		return ""
	}
	return tag
}

// told are errors as the API tells them.
func told(err error) error {
	var faults idp.Faults
	if errors.As(err, &faults) {
		return &idp.Problem{
			ID: problemInvalid, Status: http.StatusUnprocessableEntity, Field: faults[0].Field, Args: map[string]any{"faults": faults.Error()},
		}
	}
	var problem *idp.Problem
	if errors.As(err, &problem) && problem.ID == admin.ProblemConflict {
		return &idp.Problem{ID: problem.ID, Status: http.StatusPreconditionFailed}
	}
	return err
}
