package drivers

import (
	_ "embed"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

//go:embed openapi.json
var openapi []byte

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return openapi }

// Endpoints implements admin.Section. Nobody confirms what somebody else published by the API: a client is no second person.
func (s *Section) Endpoints() []admin.Route {
	const one = root + "/{name}"
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	routes := []admin.Route{
		{Method: get, Path: root, Right: admin.DriversView, Serve: s.apiList},
		{Method: get, Path: one, Right: admin.DriversView, Serve: s.apiDriver},
		{Method: get, Path: one + "/draft", Right: admin.DriversView, Serve: s.apiDraft},
		{Method: put, Path: one + "/draft", Right: admin.DriversEdit, Body: maxForm, Serve: s.apiSave},
		{Method: del, Path: one + "/draft", Right: admin.DriversEdit, Serve: s.apiDrop},
		{Method: post, Path: one + "/lint", Right: admin.DriversEdit, Reads: true, Body: maxForm, Serve: s.apiLint},
		{Method: post, Path: one + "/trials", Right: admin.DriversEdit, Reads: true, Body: maxForm, Serve: s.apiTry},
		{Method: post, Path: one + "/calls", Right: admin.DriversTrial, Serve: s.apiCall},
		{Method: post, Path: one + "/publish", Right: admin.DriversPublish, Serve: s.apiPublish},
		{Method: post, Path: one + "/rollback", Right: admin.DriversPublish, Serve: s.apiRollBack},
		{Method: get, Path: one + "/versions/{number}", Right: admin.DriversView, Serve: s.apiVersion},
		{Method: get, Path: one + "/diff", Right: admin.DriversView, Serve: s.apiDiff},
		{Method: get, Path: one + "/export", Right: admin.DriversView, Serve: s.export},
		{Method: get, Path: one + "/secrets", Right: admin.DriversSecrets, Serve: s.apiSecrets},
		{Method: put, Path: one + "/secrets/{secret}", Right: admin.DriversSecrets, Serve: s.apiPutSecret},
		{Method: del, Path: one + "/secrets/{secret}", Right: admin.DriversSecrets, Serve: s.apiRemoveSecret},
	}
	for i := range routes {
		routes[i].Serve = preconditioned(routes[i].Serve)
	}
	return routes
}

// preconditioned tells a conflict as RFC 9110 has it for If-Match.
func preconditioned(serve func(http.ResponseWriter, *http.Request, *admin.Actor) error) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		err := serve(w, r, a)
		var p *idp.Problem
		if errors.As(err, &p) && p.ID == admin.ProblemConflict {
			other := *p
			other.Status = http.StatusPreconditionFailed
			return &other
		}
		return err
	}
}

// editionTag names an edition of a draft.
func editionTag(edition int) string { return `"` + strconv.Itoa(edition) + `"` }

// seen is the edition that If-Match names; 0 where there is none.
func seen(r *http.Request) (int, error) {
	match := r.Header.Get("If-Match")
	if match == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.Trim(match, `"`))
	if err != nil || n < 1 {
		return 0, conflict(errors.New("If-Match names no edition"))
	}
	return n, nil
}

func (s *Section) apiList(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	list, faults, err := s.service.List(r.Context())
	if err != nil {
		return err
	}
	out := struct {
		Drivers []listed `json:"drivers"`
		Faults  []string `json:"faults"`
	}{[]listed{}, append([]string{}, faults...)}
	for _, l := range list {
		out.Drivers = append(out.Drivers, asListed(l))
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

func (s *Section) apiDriver(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	d, err := s.service.Driver(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, asDetailed(d))
}

func (s *Section) apiDraft(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	d, err := s.service.Draft(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	return writeDraft(w, http.StatusOK, d)
}

func writeDraft(w http.ResponseWriter, status int, d *Draft) error {
	w.Header().Set("ETag", editionTag(d.Edition))
	return admin.WriteJSON(w, status, asDrafted(d))
}

// apiSave makes a draft, or changes the edition that If-Match names.
func (s *Section) apiSave(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Script
		Base int `json:"base"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	edition, err := seen(r)
	if err != nil {
		return err
	}
	d, err := s.service.Save(r.Context(), a, r.PathValue("name"), body.Script, body.Base, edition)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if edition == 0 {
		status = http.StatusCreated
	}
	return writeDraft(w, status, d)
}

func (s *Section) apiDrop(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	edition, err := seen(r)
	if err != nil {
		return err
	}
	if err := s.service.Drop(r.Context(), a, r.PathValue("name"), edition); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Section) apiLint(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	var script Script
	if err := admin.ReadJSON(r, &script); err != nil {
		return err
	}
	problems, err := s.service.Lint(r.Context(), script)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"problems": problems})
}

func (s *Section) apiTry(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Of string `json:"of"`
		TrialOrder
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	script, err := s.service.Script(r.Context(), r.PathValue("name"), body.Of)
	if err != nil {
		return err
	}
	result, err := s.service.Try(r.Context(), a, r.PathValue("name"), script, body.TrialOrder)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, result)
}

func (s *Section) apiCall(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Of string `json:"of"`
		CallOrder
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	script, err := s.service.Script(r.Context(), r.PathValue("name"), body.Of)
	if err != nil {
		return err
	}
	result, err := s.service.Call(r.Context(), a, r.PathValue("name"), script, body.CallOrder)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, result)
}

func (s *Section) apiPublish(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body PublishOrder
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	done, err := s.service.Publish(r.Context(), a, r.PathValue("name"), body)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, asPublished(done))
}

func (s *Section) apiRollBack(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		To        *int   `json:"to"`
		Published int    `json:"published"`
		Comment   string `json:"comment"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	if body.To == nil || *body.To < 0 {
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Field: "to"}
	}
	done, err := s.service.RollBack(r.Context(), a, r.PathValue("name"), *body.To, body.Published, body.Comment)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, asPublished(done))
}

func (s *Section) apiVersion(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return unknown()
	}
	v, err := s.service.version(r.Context(), r.PathValue("name"), n)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, asVersioned(v))
}

func (s *Section) apiDiff(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	parts, err := s.service.Diff(r.Context(), r.PathValue("name"), r.URL.Query().Get("from"), r.URL.Query().Get("to"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"files": parts})
}

func (s *Section) apiSecrets(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	states, err := s.service.Secrets(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"secrets": states})
}

func (s *Section) apiPutSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	var body struct {
		Value string `json:"value"`
	}
	if err := admin.ReadJSON(r, &body); err != nil {
		return err
	}
	if err := s.service.PutSecret(r.Context(), a, r.PathValue("name"), r.PathValue("secret"), body.Value); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Section) apiRemoveSecret(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.service.RemoveSecret(r.Context(), a, r.PathValue("name"), r.PathValue("secret")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
