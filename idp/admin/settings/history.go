package settings

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// perPage is how many revisions one page of the history has.
const perPage = 25

// revisionView is a revision as pages show it.
type revisionView struct {
	Number      int
	At          time.Time
	By, Comment string
	URL         string
	Changes     []changeView
	// Current is the newest.
	Current bool
}

// changeView is one setting before and after. Empty means the file's value.
type changeView struct{ Path, Old, New string }

type historyPage struct {
	Revisions []revisionView
	Older     string // address of the next page; empty where there is none
	Diff      string // path of the comparison
	Served    int
}

func (s *Section) revisionView(r saved.Revision, newest int) revisionView {
	return revisionView{
		Number: r.Number, At: r.At, By: r.By, Comment: r.Comment, URL: s.View.URL(revisionPath(r.Number)), Changes: changeViews(r.Changes),
		Current: r.Number == newest,
	}
}

func revisionPath(number int) string { return fmt.Sprintf("%s/%d", pathHistory, number) }

func changeViews(changes []saved.Change) (all []changeView) {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return short(*s)
	}
	for _, c := range changes {
		all = append(all, changeView{Path: c.Path, Old: text(c.Old), New: text(c.New)})
	}
	return all
}

func (s *Section) history(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	before, _ := strconv.Atoi(r.URL.Query().Get("before"))
	line, err := s.Store.History(r.Context(), max(before, 0), perPage+1)
	if err != nil {
		return err
	}
	now, err := s.Store.Current(r.Context())
	if err != nil {
		return err
	}
	p := &historyPage{Diff: s.View.URL(pathHistory + "/diff")}
	_, p.Served = s.Store.Served()
	if len(line) > perPage {
		line = line[:perPage]
		p.Older = s.View.URL(fmt.Sprintf("%s?before=%d", pathHistory, line[perPage-1].Number))
	}
	for _, rev := range line {
		p.Revisions = append(p.Revisions, s.revisionView(rev, now.Number))
	}
	return s.View.Show(w, r, a, admin.Page{Name: "settings/history", Title: "History of the settings", Data: p})
}

// revision reads the one that a path or a query names.
func (s *Section) revision(r *http.Request, text string) (saved.Revision, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return saved.Revision{}, &idp.Problem{ID: problemRevision, Status: http.StatusNotFound}
	}
	rev, err := s.Store.Revision(r.Context(), number)
	if err != nil {
		return rev, problem(err)
	}
	return rev, nil
}

type revisionPage struct {
	revisionView
	Layer   []saved.Value
	Restore string // path of the page that restores it; empty for the newest
	Before  string // address of the comparison with the newest
	MayEdit bool
}

func (s *Section) showRevision(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	rev, err := s.revision(r, r.PathValue("number"))
	if err != nil {
		return err
	}
	st, err := s.state(r.Context())
	if err != nil {
		return err
	}
	p := &revisionPage{revisionView: s.revisionView(rev, st.rev.Number), MayEdit: a.May(admin.SettingsEdit) && !st.readOnly()}
	for _, v := range rev.Layer.Values {
		v.HOCON = short(v.HOCON)
		p.Layer = append(p.Layer, v)
	}
	if !p.Current {
		p.Restore = s.View.URL(revisionPath(rev.Number) + "/restore")
		p.Before = s.View.URL(fmt.Sprintf("%s/diff?from=%d&to=%d", pathHistory, rev.Number, st.rev.Number))
	}
	return s.View.Show(w, r, a, admin.Page{Name: "settings/revision", Title: fmt.Sprintf("Revision %d", rev.Number), Data: p})
}

type diffPage struct {
	From, To int
	Action   string
	Changes  []changeView
}

// diff compares any two revisions; without a query, the newest and the one before.
func (s *Section) diff(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	now, err := s.Store.Current(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	from, to := q.Get("from"), q.Get("to")
	if to == "" {
		to = strconv.Itoa(now.Number)
	}
	if from == "" {
		from = strconv.Itoa(max(now.Number-1, 0))
	}
	older, err := s.revision(r, from)
	if err != nil {
		return err
	}
	newer, err := s.revision(r, to)
	if err != nil {
		return err
	}
	p := &diffPage{From: older.Number, To: newer.Number, Action: s.View.URL(pathHistory + "/diff"), Changes: changeViews(saved.Diff(older.Layer, newer.Layer))}
	return s.View.Show(w, r, a, admin.Page{Name: "settings/diff", Title: fmt.Sprintf("From revision %d to %d", p.From, p.To), Data: p})
}

type restorePage struct {
	Number  int
	Action  string // path
	Base    int
	Changes []changeView // that it would make
}

// askRestore shows what would change.
func (s *Section) askRestore(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.sendRestore(w, r, a, http.StatusOK, nil)
}

func (s *Section) sendRestore(w http.ResponseWriter, r *http.Request, a *admin.Actor, status int, problems []admin.FieldProblem) error {
	rev, err := s.revision(r, r.PathValue("number"))
	if err != nil {
		return err
	}
	now, err := s.Store.Current(r.Context())
	if err != nil {
		return err
	}
	p := &restorePage{
		Number: rev.Number, Action: revisionPath(rev.Number) + "/restore", Base: now.Number, Changes: changeViews(saved.Diff(now.Layer, rev.Layer)),
	}
	return s.View.Show(w, r, a, admin.Page{
		Name: "settings/restore", Title: fmt.Sprintf("Restore revision %d", rev.Number), Status: status, Data: p, Problems: problems,
	})
}

func (s *Section) restore(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	if err := parse(r); err != nil {
		return err
	}
	old, err := s.revision(r, r.PathValue("number"))
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(r.PostForm.Get(inputBase))
	if err != nil {
		return &idp.Problem{ID: idp.ProblemForm, Status: http.StatusBadRequest, Cause: err}
	}
	rev, saveErr := s.Store.Restore(r.Context(), a, base, old.Number, r.PostForm.Get(inputComment))
	notice, err := outcome(rev, saveErr)
	if err == nil {
		s.View.Redirect(w, r, pathHistory, notice)
		return nil
	}
	if problems, status := refusals(saveErr); problems != nil {
		return s.sendRestore(w, r, a, status, problems)
	}
	return err
}
