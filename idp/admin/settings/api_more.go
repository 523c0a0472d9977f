package settings

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// writeProblem answers with a problem that has members of its own.
func writeProblem(w http.ResponseWriter, status int, v any) error {
	a, err := api.NewAnswer(status, api.MediaProblem, v)
	if err != nil {
		return fmt.Errorf("writing the problem: %w", err)
	}
	a.Write(w)
	return nil
}

// changeJSON is a change of a revision; a member that isn't there means the file's
// value.
type changeJSON struct {
	Path string          `json:"path"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// revisionJSON is a revision.
type revisionJSON struct {
	Number  int          `json:"number"`
	At      time.Time    `json:"at"`
	By      string       `json:"by"`
	Comment string       `json:"comment"`
	Changes []changeJSON `json:"changes"`
	Saved   *savedJSON   `json:"saved,omitempty"` // the whole layer, where one revision was asked for
}

func revisionOf(rev saved.Revision) revisionJSON {
	out := revisionJSON{Number: rev.Number, At: api.Time(rev.At), By: rev.By, Comment: rev.Comment, Changes: []changeJSON{}}
	for _, c := range rev.Changes {
		one := changeJSON{Path: c.Path}
		if c.Old != nil {
			one.Old = jsonOf(*c.Old)
		}
		if c.New != nil {
			one.New = jsonOf(*c.New)
		}
		out.Changes = append(out.Changes, one)
	}
	return out
}

// mostRevisions bounds one answer.
const mostRevisions = 100

func (s *Section) getRevisions(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	q := r.URL.Query()
	before, _ := strconv.Atoi(q.Get("before"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 {
		limit = perPage
	}
	line, err := s.Store.History(r.Context(), max(before, 0), min(limit, mostRevisions))
	if err != nil {
		return err
	}
	out := struct {
		Revisions []revisionJSON `json:"revisions"`
	}{Revisions: []revisionJSON{}}
	for _, rev := range line {
		out.Revisions = append(out.Revisions, revisionOf(rev))
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

func (s *Section) getRevision(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	rev, err := s.revision(r, r.PathValue("number"))
	if err != nil {
		return err
	}
	out, layer := revisionOf(rev), savedOf(rev)
	out.Saved = &layer
	return admin.WriteJSON(w, http.StatusOK, out)
}

func (s *Section) postRestore(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	base, err := match(r)
	if err != nil {
		return err
	}
	old, err := s.revision(r, r.PathValue("number"))
	if err != nil {
		return err
	}
	var sent struct {
		Comment string `json:"comment"`
	}
	if err := admin.ReadJSON(r, &sent); err != nil {
		return err
	}
	rev, err := s.Store.Restore(r.Context(), a, base, old.Number, sent.Comment)
	return s.answerJSON(w, r, a, rev, err)
}

// methodJSON is a method in a list.
type methodJSON struct {
	Method  string `json:"method"`
	Enabled bool   `json:"enabled"`
	Title   string `json:"title,omitempty"`
	Lacks   []lack `json:"lacks,omitempty"` // before it can be enabled
}

type methodsJSON struct {
	Revision int             `json:"revision"`
	Level    json.RawMessage `json:"level"`
	First    []methodJSON    `json:"first"`
	Second   []methodJSON    `json:"second"`
}

func (s *Section) getMethods(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	st, err := s.state(r.Context())
	if err != nil {
		return err
	}
	level, _ := st.value(pathLevel)
	out := methodsJSON{Revision: st.rev.Number, Level: json.RawMessage(canonical(level))}
	for i, list := range []*[]methodJSON{&out.First, &out.Second} {
		*list = []methodJSON{}
		for _, b := range s.methodList(st, i) {
			lacks, err := s.lacks(r.Context(), st, b.Method, i)
			if err != nil {
				return err
			}
			*list = append(*list, methodJSON{Method: b.Method, Enabled: b.Enabled, Title: methodTitle(b.Method), Lacks: lacks})
		}
	}
	tag(w, st.rev.Number)
	return admin.WriteJSON(w, http.StatusOK, out)
}

// putMethods makes the lists what was sent, and the level where it was sent. What
// can't be served is refused as any other setting is.
func (s *Section) putMethods(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	base, err := match(r)
	if err != nil {
		return err
	}
	var sent struct {
		Comment string          `json:"comment"`
		Level   json.RawMessage `json:"level"`
		First   *[]block        `json:"first"`
		Second  *[]block        `json:"second"`
	}
	if err := admin.ReadJSON(r, &sent); err != nil {
		return err
	}
	if sent.First == nil || sent.Second == nil {
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Field: "first"}
	}
	text := lists{*sent.First, *sent.Second}.text()
	changes := []saved.Change{{Path: pathFactors, New: &text}}
	if sent.Level != nil {
		changes = append(changes, set(pathLevel, sent.Level))
	}
	return s.saveJSON(w, r, a, base, changes, sent.Comment)
}
