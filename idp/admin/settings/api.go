package settings

import (
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// Paths below the API.
const (
	endSettings  = "/settings"
	endSaved     = endSettings + "/saved"
	endMethods   = endSettings + "/methods"
	endRevisions = endSettings + "/revisions"
)

// Problems that the endpoints tell of.
const (
	problemInvalid   = "settings_invalid"  // the provider couldn't serve them; 422
	problemNoIfMatch = "if_match_required" // the request must say which revision it was made for; 428
)

//go:embed openapi.json
var openapi []byte

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return openapi }

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	view, edit := admin.SettingsView, admin.SettingsEdit
	return []admin.Route{
		{Method: http.MethodGet, Path: endSettings, Right: view, Serve: s.getSettings},
		{Method: http.MethodGet, Path: endSaved, Right: view, Serve: s.getSaved},
		{Method: http.MethodPut, Path: endSaved, Right: edit, Body: largestForm, Serve: s.putSaved},
		{Method: http.MethodPatch, Path: endSaved, Right: edit, Body: largestForm, Serve: s.patchSaved},
		{Method: http.MethodGet, Path: endMethods, Right: view, Serve: s.getMethods},
		{Method: http.MethodPut, Path: endMethods, Right: edit, Serve: s.putMethods},
		{Method: http.MethodGet, Path: endRevisions, Right: view, Serve: s.getRevisions},
		{Method: http.MethodGet, Path: endRevisions + "/{number}", Right: view, Serve: s.getRevision},
		{Method: http.MethodPost, Path: endRevisions + "/{number}/restore", Right: edit, Serve: s.postRestore},
	}
}

// settingJSON is one setting.
type settingJSON struct {
	Path    string          `json:"path"`
	Value   json.RawMessage `json:"value"`
	Default string          `json:"default"`
	Type    string          `json:"type"`
	Meaning string          `json:"meaning"`
	Origin  Origin          `json:"origin"`
}

// settingsJSON are all that can be changed, with what is served.
type settingsJSON struct {
	Revision int           `json:"revision"`
	Served   int           `json:"served"`
	ReadOnly bool          `json:"read_only"`
	Settings []settingJSON `json:"settings"`
}

func (s *Section) getSettings(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	st, err := s.state(r.Context())
	if err != nil {
		return err
	}
	out := settingsJSON{Revision: st.rev.Number, Served: st.number, ReadOnly: st.readOnly()}
	for _, k := range s.order {
		v, ok := st.value(k.Path)
		if !ok {
			continue
		}
		out.Settings = append(out.Settings, settingJSON{
			Path: k.Path, Value: json.RawMessage(canonical(v)), Default: k.Default, Type: k.Type, Meaning: k.Meaning, Origin: st.origin(k.Path),
		})
	}
	tag(w, st.rev.Number)
	return admin.WriteJSON(w, http.StatusOK, out)
}

// savedJSON is the layer.
type savedJSON struct {
	Revision int                        `json:"revision"`
	At       time.Time                  `json:"at,omitzero"`
	By       string                     `json:"by,omitempty"`
	Values   map[string]json.RawMessage `json:"values"`
	Drivers  map[string]int             `json:"drivers"`
}

func savedOf(rev saved.Revision) savedJSON {
	out := savedJSON{Revision: rev.Number, At: rev.At, By: rev.By, Values: map[string]json.RawMessage{}, Drivers: map[string]int{}}
	for _, v := range rev.Layer.Values {
		out.Values[v.Path] = jsonOf(v.HOCON)
	}
	for name, version := range rev.Layer.Drivers {
		out.Drivers[name] = version
	}
	return out
}

// jsonOf is a saved value as JSON.
func jsonOf(text string) json.RawMessage {
	if v, ok := parseValue(text); ok {
		return json.RawMessage(canonical(v))
	}
	return json.RawMessage(asJSON(text))
}

func (s *Section) getSaved(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	rev, err := s.Store.Current(r.Context())
	if err != nil {
		return err
	}
	tag(w, rev.Number)
	return admin.WriteJSON(w, http.StatusOK, savedOf(rev))
}

// putSaved makes the values of the layer those that were sent. Published drivers
// stay: they have an endpoint and a right of their own.
func (s *Section) putSaved(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	base, err := match(r)
	if err != nil {
		return err
	}
	var sent struct {
		Comment string                     `json:"comment"`
		Values  map[string]json.RawMessage `json:"values"`
	}
	if err := admin.ReadJSON(r, &sent); err != nil {
		return err
	}
	if sent.Values == nil {
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Field: "values", Cause: errors.New("the body has no values")}
	}
	seen, err := s.Store.Revision(r.Context(), base)
	if err != nil {
		return problem(err)
	}
	var changes []saved.Change
	for _, v := range seen.Layer.Values {
		if _, kept := sent.Values[v.Path]; !kept {
			changes = append(changes, saved.Change{Path: v.Path})
		}
	}
	for path, value := range sent.Values {
		if old, ok := seen.Layer.Of(path); !ok || string(jsonOf(old)) != compact(value) {
			changes = append(changes, set(path, value))
		}
	}
	return s.saveJSON(w, r, a, base, changes, sent.Comment)
}

// patchSaved sets some values and takes others back.
func (s *Section) patchSaved(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	base, err := match(r)
	if err != nil {
		return err
	}
	var sent struct {
		Comment string                     `json:"comment"`
		Set     map[string]json.RawMessage `json:"set"`
		Unset   []string                   `json:"unset"`
	}
	if err := admin.ReadJSON(r, &sent); err != nil {
		return err
	}
	var changes []saved.Change
	for path, value := range sent.Set {
		changes = append(changes, set(path, value))
	}
	for _, path := range sent.Unset {
		changes = append(changes, saved.Change{Path: path})
	}
	return s.saveJSON(w, r, a, base, changes, sent.Comment)
}

// set is the change to a value that was sent as JSON, which is HOCON.
func set(path string, value json.RawMessage) saved.Change {
	text := compact(value)
	return saved.Change{Path: path, New: &text}
}

// compact is JSON without blanks, as canonical writes it.
func compact(value json.RawMessage) string {
	if v, ok := parseValue(string(value)); ok {
		return canonical(v)
	}
	return string(value)
}

// saveJSON answers with the layer as it is then.
func (s *Section) saveJSON(w http.ResponseWriter, r *http.Request, a *admin.Actor, base int, changes []saved.Change, comment string) error {
	slices.SortFunc(changes, func(a, b saved.Change) int { return strings.Compare(a.Path, b.Path) })
	if len(changes) == 0 {
		return s.getSaved(w, r, a)
	}
	rev, err := s.Store.Save(r.Context(), a, base, changes, comment)
	return s.answerJSON(w, r, a, rev, err)
}

func (s *Section) answerJSON(w http.ResponseWriter, r *http.Request, a *admin.Actor, rev saved.Revision, err error) error {
	var conflict *saved.Conflict
	var invalid *saved.Invalid
	var behind *saved.NotServed
	switch {
	case err == nil, errors.As(err, &behind):
		tag(w, rev.Number)
		return admin.WriteJSON(w, http.StatusOK, savedOf(rev))
	case errors.Is(err, saved.ErrNothing):
		return s.getSaved(w, r, a)
	case errors.As(err, &conflict):
		return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusPreconditionFailed, Field: conflict.Paths[0], Cause: err}
	case errors.As(err, &invalid):
		return s.invalid(w, invalid)
	}
	return problem(err)
}

// findingJSON is one thing that is wrong.
type findingJSON struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// invalid tells every finding: a problem has room for one.
func (s *Section) invalid(w http.ResponseWriter, invalid *saved.Invalid) error {
	out := struct {
		Type     string        `json:"type"`
		Title    string        `json:"title"`
		Status   int           `json:"status"`
		Detail   string        `json:"detail"`
		ID       string        `json:"id"`
		Findings []findingJSON `json:"findings"`
	}{
		Type: "urn:ringtail:problem:" + problemInvalid, Title: "Settings invalid", Status: http.StatusUnprocessableEntity,
		Detail: "These settings couldn't be served; nothing was saved.", ID: problemInvalid,
	}
	for _, f := range invalid.Findings {
		out.Findings = append(out.Findings, findingJSON{Path: below(f.Path), Message: f.Msg})
	}
	return writeProblem(w, out.Status, out)
}

// tag names the revision that an answer is about.
func tag(w http.ResponseWriter, number int) {
	w.Header().Set("ETag", strconv.Quote(strconv.Itoa(number)))
}

// match is the revision that a request was made for.
func match(r *http.Request) (int, error) {
	text := strings.TrimSpace(r.Header.Get("If-Match"))
	if text == "" {
		return 0, &idp.Problem{ID: problemNoIfMatch, Status: http.StatusPreconditionRequired}
	}
	number, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil || number < 0 {
		return 0, &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusPreconditionFailed, Cause: errors.New("If-Match names no revision")}
	}
	return number, nil
}
