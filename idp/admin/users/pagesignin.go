package users

import (
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// signInData is what the page users/signin shows.
type signInData struct {
	head
	User    *idp.User
	Methods []methodData
	Limits  [][]console.Cell
	// Used says that there is something to lift.
	Used    bool
	Phone   Phone
	Number  string
	Calling bool
	// Codes are recovery codes, shown this once.
	Codes []string
}

type methodData struct {
	Enrolled
	Title, State string
}

func (s *Section) signInPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.signInWith(w, r, a, nil, nil)
}

func (s *Section) signInWith(w http.ResponseWriter, r *http.Request, a *admin.Actor, codes []string, faults []admin.FieldProblem) error {
	u, err := s.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	data := signInData{User: u, Codes: codes, Calling: s.Calls != nil}
	if data.head, err = s.headOf(r, a, u, "/sign-in"); err != nil {
		return err
	}
	if data.Phone, err = s.Phone(r.Context(), u); err != nil {
		return err
	}
	data.Number = masked(data.Phone.E164)
	methods, err := s.Methods(r.Context(), u)
	if err != nil {
		return err
	}
	for _, m := range methods {
		data.Methods = append(data.Methods, methodData{Enrolled: m, Title: methodTitle(m.Method), State: s.methodState(m, data.Phone)})
	}
	uses, err := s.Limits(r.Context(), u)
	if err != nil {
		return err
	}
	for _, use := range uses {
		data.Used = data.Used || use.Used > 0
		data.Limits = append(data.Limits, limitRow(use))
	}
	page := admin.Page{Name: "users/signin", Title: u.Login, Data: data, Problems: faults}
	if len(faults) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.View.Show(w, r, a, page)
}

func methodTitle(id string) string {
	titles := map[string]string{password.ID: "Password", flashcall.ID: "Phone call", recovery.ID: "Recovery codes"}
	if title, ok := titles[id]; ok {
		return title
	}
	return id
}

// methodState is how the method stands, in words.
func (s *Section) methodState(m Enrolled, p Phone) string {
	switch {
	case m.Method == recovery.ID && m.Set:
		return fmt.Sprintf("%d left of %d", m.Left, recovery.Count)
	case !m.Set:
		return "not set up"
	case m.Method != flashcall.ID:
		return "set"
	case p.Confirmed && p.Agreed:
		return "number confirmed, calls agreed to"
	case p.Confirmed:
		return "number confirmed"
	case p.Agreed:
		return "number not confirmed, calls agreed to"
	}
	return "number not confirmed"
}

func limitRow(u otp.Use) []console.Cell {
	titles := map[string]string{
		limitPasswords: "Wrong passwords in a row", limitTyped: "Calls and codes before sign-in, by the number",
		otp.BudgetTotal: "Calls and codes since the last success", otp.BudgetNumberHour: "Calls to the number in an hour", otp.BudgetNumberDay: "Calls to the number in a day",
	}
	most := "no limit"
	if u.Limit > 0 {
		most = fmt.Sprint(u.Limit)
	}
	state := console.Cell{Text: "open", Mark: "good"}
	if u.Over {
		state = console.Cell{Text: "used up", Mark: "bad"}
	}
	ends := console.TimeCell(u.Until)
	if u.Until.IsZero() {
		ends = console.Cell{Text: "–", Mark: "soft"}
	}
	return []console.Cell{{Text: titles[u.Budget]}, {Text: fmt.Sprint(u.Used)}, {Text: most}, state, ends}
}

func (s *Section) passwordPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	err := s.SetPassword(r.Context(), a, r.PathValue("id"), r.PostForm.Get("password"), r.PostForm.Get("must_change") != "")
	if faults := s.faults(err); faults != nil {
		return s.signInWith(w, r, a, nil, faults)
	}
	if err != nil {
		return err
	}
	return s.back(w, r, "/sign-in", "The password was set, and the user is signed out everywhere.")
}

func (s *Section) requirePage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	must, out := r.PostForm.Get("must_change") == "true", r.PostForm.Get("sign_out") != ""
	if err := s.RequireChange(r.Context(), a, r.PathValue("id"), must, out); err != nil {
		return err
	}
	notice := "The user chooses a new password at the next sign-in."
	if !must {
		notice = "The user may keep the password."
	}
	return s.back(w, r, "/sign-in", notice)
}

func (s *Section) resetPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	method := r.PostForm.Get("method")
	if err := s.Reset(r.Context(), a, r.PathValue("id"), method); err != nil {
		return err
	}
	return s.back(w, r, "/sign-in", methodTitle(method)+": reset.")
}

// recoveryPage shows the new codes in its answer: they are nowhere to be read later.
func (s *Section) recoveryPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	codes, err := s.IssueCodes(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.signInWith(w, r, a, codes, nil)
}

func (s *Section) liftPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := s.Lift(r.Context(), a, r.PathValue("id")); err != nil {
		return err
	}
	return s.back(w, r, "/sign-in", "All limits begin anew.")
}

func (s *Section) callsPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	stop := r.PostForm.Get("stop") == "true"
	if err := s.StopCalls(r.Context(), a, r.PathValue("id"), stop); err != nil {
		return err
	}
	notice := "Calls to the number are allowed again."
	if stop {
		notice = "Nobody is called at the number any more."
	}
	return s.back(w, r, "/sign-in", notice)
}
