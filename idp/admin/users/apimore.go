package users

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/sessions"
)

func (s *Section) phone(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := s.Phone(r.Context(), u)
	if err != nil {
		return err
	}
	type way struct {
		Channel string `json:"channel"`
		Driver  string `json:"driver"`
		Broken  bool   `json:"broken"`
	}
	answer := struct {
		Number      string `json:"number,omitempty"`
		Country     string `json:"country,omitempty"`
		Kind        string `json:"kind,omitempty"`
		Operator    string `json:"operator,omitempty"`
		Zone        string `json:"zone,omitempty"`
		LocalTime   string `json:"local_time,omitempty"`
		Problem     string `json:"problem,omitempty"`
		Confirmed   bool   `json:"confirmed"`
		ConfirmedAt int64  `json:"confirmed_at,omitempty"`
		Agreed      bool   `json:"agreed"`
		Stopped     bool   `json:"stopped"`
		Ways        []way  `json:"ways"`
	}{
		Number: shown(a, p.E164), Country: p.Country, Kind: p.Kind, Operator: p.Operator, Zone: p.Zone, Problem: p.Problem,
		Confirmed: p.Confirmed, Agreed: p.Agreed, Stopped: p.Stopped, Ways: []way{},
	}
	if !p.Local.IsZero() {
		answer.LocalTime = p.Local.Format(time.RFC3339)
	}
	if at, err := strconv.ParseInt(p.ConfirmedAt, 10, 64); err == nil {
		answer.ConfirmedAt = at
	}
	for _, one := range p.Ways {
		answer.Ways = append(answer.Ways, way(one))
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

func (s *Section) methods(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	all, err := s.Methods(r.Context(), u)
	if err != nil {
		return err
	}
	type view struct {
		Method       string    `json:"method"`
		Set          bool      `json:"set"`
		Since        time.Time `json:"since,omitzero"`
		BlockedUntil time.Time `json:"blocked_until,omitzero"`
		Left         int       `json:"left,omitempty"`
	}
	answer := struct {
		Methods []view `json:"methods"`
	}{[]view{}}
	for _, m := range all {
		answer.Methods = append(answer.Methods, view{m.Method, m.Set, timeOf(m.Since), timeOf(m.Blocked), m.Left})
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

// timeOf is the time as answers have it, zero where it is zero.
func timeOf(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return api.Time(t)
}

func (s *Section) reset(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.Reset(r.Context(), a, r.PathValue("id"), r.PathValue("method")))
}

func (s *Section) issue(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	codes, err := s.IssueCodes(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"codes": codes})
}

func (s *Section) limits(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	uses, err := s.Limits(r.Context(), u)
	if err != nil {
		return err
	}
	type view struct {
		Limit string    `json:"limit"`
		Used  int64     `json:"used"`
		Most  int64     `json:"most"`
		Until time.Time `json:"until,omitzero"`
		Over  bool      `json:"over"`
	}
	answer := struct {
		Limits []view `json:"limits"`
	}{[]view{}}
	for _, one := range uses {
		answer.Limits = append(answer.Limits, view{one.Budget, one.Used, one.Limit, timeOf(one.Until), one.Over})
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

func (s *Section) liftAPI(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.Lift(r.Context(), a, r.PathValue("id")))
}

func (s *Section) stop(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.StopCalls(r.Context(), a, r.PathValue("id"), true))
}

func (s *Section) allow(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.StopCalls(r.Context(), a, r.PathValue("id"), false))
}

func (s *Section) sessions(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	all, err := s.Sessions(r.Context(), u)
	if err != nil {
		return err
	}
	views := []sessions.View{}
	for _, one := range all {
		views = append(views, sessions.ViewOf(one.Session, one.Clients))
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"sessions": views})
}

func (s *Section) end(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.EndSession(r.Context(), a, r.PathValue("id"), r.PathValue("session")))
}

func (s *Section) endAll(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	n, err := s.EndSessions(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"ended": n})
}

func (s *Section) access(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	all, err := s.Access(r.Context(), u)
	if err != nil {
		return err
	}
	type item struct {
		Kind consent.Kind `json:"kind"`
		Name string       `json:"name"`
	}
	type view struct {
		ClientID string    `json:"client_id"`
		Since    time.Time `json:"since"`
		Items    []item    `json:"items"`
	}
	views := []view{}
	for _, one := range all {
		v := view{ClientID: one.ClientID, Since: api.Time(one.Since), Items: []item{}}
		for _, i := range one.Items {
			v.Items = append(v.Items, item{i.Kind, i.Name})
		}
		views = append(views, v)
	}
	return admin.WriteJSON(w, http.StatusOK, map[string]any{"access": views})
}

func (s *Section) revoke(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return done(w, s.Revoke(r.Context(), a, r.PathValue("id"), r.PathValue("client")))
}

// export streams all users as CSV; it is a page and an endpoint.
func (s *Section) export(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present") // RFC 4180, section 3
	w.Header().Set("Content-Disposition", `attachment; filename="users.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	return s.Export(r.Context(), a, w)
}

// reportView is what an import did, or would do.
type reportView struct {
	DryRun  bool        `json:"dry_run"`
	Lines   int         `json:"lines"`
	Created int         `json:"created"`
	Changed int         `json:"changed"`
	Same    int         `json:"same"`
	Faults  []faultView `json:"faults"`
}

type faultView struct {
	Line    int    `json:"line"`
	Login   string `json:"login,omitempty"`
	Problem string `json:"problem"`
	Field   string `json:"field,omitempty"`
	Text    string `json:"text"`
}

// importAPI takes a file as the body. With dry_run=true it only looks. A file with
// faults changes nothing and is answered by 422 with all of them.
func (s *Section) importAPI(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	content, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &idp.Problem{ID: problemLarge, Status: http.StatusRequestEntityTooLarge, Args: map[string]any{"max": MaxLines}}
	}
	if err != nil {
		return &idp.Problem{ID: admin.ProblemBody, Status: http.StatusBadRequest, Cause: err}
	}
	dry := r.URL.Query().Get("dry_run") == "true"
	do := s.Import
	if dry {
		do = s.Look
	}
	report, err := do(r.Context(), a, content)
	if err != nil && len(report.Faults) == 0 {
		return err
	}
	v := reportView{DryRun: dry, Lines: report.Lines, Created: report.Created, Changed: report.Changed, Same: report.Same, Faults: []faultView{}}
	for _, f := range report.Faults {
		v.Faults = append(v.Faults, faultView{f.Line, f.Login, f.Problem.ID, f.Problem.Field, s.Describe(f.Problem)})
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
	}
	return admin.WriteJSON(w, status, v)
}
