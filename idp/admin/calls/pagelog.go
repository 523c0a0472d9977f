package calls

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/templates/console"
)

// Problems of the list.
const (
	problemUnknown = "calls_unknown"        // the call isn't kept, or never was; 404
	problemFilter  = "calls_filter_invalid" // what was asked for can't be read; field; 400
)

// pageSize is how many calls a page lists.
const pageSize = 50

func sortedKeys(m map[string]int64) []string { return slices.Sorted(maps.Keys(m)) }

// logPage is what the page calls/log shows.
type logPage struct {
	Choose         choose
	State, Failure string
	Phone          string
	States         []console.Option
	Rows           [][]console.Cell
	Previous, Next string
	Kept           string
	Overview       string
}

// findOf reads what single calls are asked for.
func findOf(q url.Values, p Period) (ledger.Find, error) {
	f := ledger.Find{Filter: filterOf(q), State: ledger.State(q.Get("state")), Failure: q.Get("failure"), Limit: pageSize}
	f.From, f.To = p.From(), p.To()
	if f.State != "" && !slices.Contains(append(ledger.States(), ledger.Underway), f.State) {
		return f, badFilter("state")
	}
	if raw := q.Get("phone"); raw != "" {
		e164, _, err := flashcall.Number(raw, "")
		if err != nil {
			return f, badFilter("phone")
		}
		f.Phone = e164
	}
	if after := q.Get("after"); after != "" {
		micros, id, ok := strings.Cut(after, "-")
		n, err := strconv.ParseInt(micros, 10, 64)
		if !ok || err != nil {
			return f, badFilter("after")
		}
		f.Before = ledger.Place{At: time.UnixMicro(n).UTC(), ID: id}
	}
	return f, nil
}

func badFilter(field string) error {
	return &idp.Problem{ID: problemFilter, Status: http.StatusBadRequest, Field: field}
}

// placeOf is where the list goes on after the call.
func placeOf(k ledger.Call) string { return strconv.FormatInt(k.At.UnixMicro(), 10) + "-" + k.ID }

// find lists one call more than asked for, so that it is known whether there are more.
func (s *Section) find(r *http.Request, p Period, limit int) (calls []ledger.Call, next string, err error) {
	f, err := findOf(r.URL.Query(), p)
	if err != nil {
		return nil, "", err
	}
	f.Limit = limit + 1
	if calls, err = s.service.o.Records.FindCalls(r.Context(), f); err != nil {
		return nil, "", err
	}
	if len(calls) > limit {
		calls = calls[:limit]
		next = placeOf(calls[limit-1])
	}
	return calls, next, nil
}

func (s *Section) showLog(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	q := r.URL.Query()
	p, err := s.service.period(q)
	if err != nil {
		return err
	}
	calls, next, err := s.find(r, p, pageSize)
	if err != nil {
		return err
	}
	chosen := []string{"state", q.Get("state"), "failure", q.Get("failure"), "phone", q.Get("phone")}
	data := logPage{
		Choose: s.choose(q, p, pathLog), State: q.Get("state"), Failure: q.Get("failure"), Phone: q.Get("phone"), States: stateOptions(q.Get("state")),
		Overview: s.address(path, q, p),
	}
	if keep := s.service.o.Keep; keep > 0 {
		data.Kept = strconv.Itoa(int(keep / (24 * time.Hour)))
	}
	for _, k := range calls {
		data.Rows = append(data.Rows, s.row(k, a))
	}
	if next != "" {
		data.Next = s.address(pathLog, q, p, append(chosen, "after", next)...)
	}
	if q.Get("after") != "" {
		data.Previous = s.address(pathLog, q, p, chosen...)
	}
	return s.view.Show(w, r, a, admin.Page{Name: "calls/log", Title: "Single calls", Data: data})
}

func stateOptions(chosen string) []console.Option {
	all := []console.Option{{Text: "all"}, {Value: string(ledger.Underway), Text: word(string(ledger.Underway)), Selected: chosen == string(ledger.Underway)}}
	for _, state := range ledger.Ends() {
		all = append(all, console.Option{Value: string(state), Text: word(string(state)), Selected: chosen == string(state)})
	}
	return all
}

// shownPhone is the number as the actor may see it.
func shownPhone(phone string, a *admin.Actor) string {
	if a.May(admin.UsersEdit) {
		return phone
	}
	return flashcall.Mask(phone)
}

func (s *Section) row(k ledger.Call, a *admin.Actor) []console.Cell {
	when := console.TimeCell(k.At)
	return []console.Cell{
		{Text: when.Text, URL: s.view.URL(pathLog + "/" + k.ID)}, {Text: shownPhone(k.Phone, a)}, {Text: named(k.Country)}, {Text: named(k.Operator)},
		{Text: k.Driver}, {Text: k.Channel}, outcomeCell(k, s.service.o.Now()), {Text: priceOf(k)},
	}
}

func outcomeCell(k ledger.Call, now time.Time) console.Cell {
	k = k.Settle(now)
	c := console.Cell{Text: word(string(k.State))}
	switch k.State {
	case otp.Confirmed:
		c.Mark = "good"
	case otp.Failed:
		c.Text, c.Mark = c.Text+": "+named(k.Failure), "bad"
	case otp.Refused, otp.Exhausted, otp.Unknown, ledger.Unsent:
		c.Mark = "bad"
	}
	return c
}

func priceOf(k ledger.Call) string {
	spent := k.Spent()
	if spent == 0 {
		return "–"
	}
	return Amount(spent, k.Currency)
}

// onePage is what the page calls/one shows.
type onePage struct {
	Facts   []fact
	Tries   []try
	Person  string // the address of the user's page; empty where there is none to see
	Back    string
	MayStop bool
	Stops   []console.Cell
}

type fact struct{ Name, Text string }

// try is one order of the login, with its steps.
type try struct {
	Title string
	This  bool
	Steps []step
	Facts []fact
}

type step struct {
	At   time.Time
	Text string
}

func (s *Section) showOne(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	k, tries, err := s.service.one(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	data := onePage{Back: s.view.URL(pathLog), MayStop: a.May(admin.CallsStop), Facts: []fact{
		{"Number", shownPhone(k.Phone, a)}, {"Country", named(k.Country)}, {"Operator", named(k.Operator) + " (as the range was given out)"},
		{"Address that asked", named(k.RemoteIP)}, {"Reference at the provider", k.ID}, {"Sign-in", k.LoginID},
	}}
	if a.May(admin.UsersView) && !strings.HasPrefix(k.PersonID, otp.NumberPrefix) {
		data.Person = s.view.URL("/users/" + url.PathEscape(k.PersonID))
	}
	if data.MayStop {
		data.Stops = []console.Cell{s.switchCell(KindCountry, k.Country), s.switchCell(KindDriver, k.Driver), s.switchCell(KindChannel, k.Channel)}
	}
	now := s.service.o.Now()
	for _, one := range tries {
		data.Tries = append(data.Tries, tryOf(one.Settle(now), one.ID == k.ID))
	}
	return s.view.Show(w, r, a, admin.Page{Name: "calls/one", Title: "One call", Data: data})
}

// one is the call, and all of its login, the oldest first.
func (s *Service) one(r *http.Request, id string) (ledger.Call, []ledger.Call, error) {
	k, err := s.o.Records.OneCall(r.Context(), id)
	if errors.Is(err, idp.ErrNotFound) {
		return k, nil, &idp.Problem{ID: problemUnknown, Status: http.StatusNotFound}
	}
	if err != nil {
		return k, nil, err
	}
	tries, err := s.o.Records.CallsOfLogin(r.Context(), k.LoginID)
	return k, tries, err
}

func tryOf(k ledger.Call, this bool) try {
	t := try{Title: k.Channel + " by " + k.Driver + ", route " + k.Route, This: this}
	add := func(at time.Time, text string) {
		if !at.IsZero() {
			t.Steps = append(t.Steps, step{at, text})
		}
	}
	add(k.RequestedAt, "asked for by the person")
	if !k.At.Equal(k.RequestedAt) {
		add(k.At, "ordered here, because the route before failed")
	}
	add(k.PlacedAt, "taken by the provider")
	add(k.CalledAt, "the phone rings, or the message is there")
	outcome := outcomeCell(k, k.EndedAt)
	add(k.EndedAt, outcome.Text)
	if k.EndedAt.IsZero() {
		t.Facts = append(t.Facts, fact{"Stands at", outcome.Text})
	}
	t.Facts = append(t.Facts, fact{"Codes typed in the sign-in", strconv.Itoa(k.Attempts)}, fact{"Price of the route", Amount(k.Price, k.Currency)},
		fact{"Cost as the provider told", told(k)}, fact{"Counted as", priceOf(k)})
	return t
}

func told(k ledger.Call) string {
	if k.Cost == 0 {
		return "not told"
	}
	return Amount(k.Cost, k.Currency)
}
