package calls_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
)

// post sends a form as the page does, and gives the notice.
func (w *world) post(values url.Values) (string, int) {
	w.t.Helper()
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, base+"/calls/stops", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w.server.Config.Handler.ServeHTTP(rec, r)
	return rec.Header().Get("X-Notice"), rec.Code
}

func switching(do, kind, value string) url.Values {
	return url.Values{"do": {do}, "kind": {kind}, "value": {value}, "comment": {" many calls, no codes "}}
}

// A switch holds from the next call on. What was placed goes on, whoever tells of it.
func TestSwitchStopsTheNextCall(t *testing.T) {
	w := newWorld(t)
	placed := w.login("+79260000001", "RU")
	w.pending = true
	told := w.login("+79260000002", "RU")
	w.pending = false
	notice, status := w.post(switching("stop", "country", "RU"))
	if notice != "Calls are switched off: country RU." || status != http.StatusSeeOther {
		t.Fatalf("%d, %q", status, notice)
	}
	err := w.engine.Request(t.Context(), otp.Target{LoginID: "next", PersonID: "next", Phone: "+79260000003", Country: "RU"})
	if p := factors.AsProblem(err); p == nil || p.ID != otp.ProblemNoRoute {
		t.Errorf("the next call: %v", err)
	}
	german := w.login("+4915112345678", "DE")
	w.enter(german)
	w.enter(placed)
	for id, reference := range w.references {
		w.must(w.engine.News(t.Context(), otp.News{Driver: "phone", CallID: id, Reference: reference, State: otp.NewsDelivered, Code: "0042"}))
	}
	w.must(w.engine.Enter(t.Context(), otp.Entered{LoginID: told.LoginID, PersonID: told.PersonID, Code: "0042"}))
	if got := cell(w.get(base+"/calls"), "Figures", "Confirmed", "This period"); got != "3" {
		t.Errorf("%s confirmed", got)
	}
	if len(w.rang("+79260000003")) != 0 {
		t.Error("the phone rang that must not be called")
	}
	if notice, _ := w.post(switching("allow", "country", "RU")); notice != "Calls are switched on again: country RU." {
		t.Errorf("%q", notice)
	}
	w.must(w.engine.Request(t.Context(), otp.Target{LoginID: "next", PersonID: "next", Phone: "+79260000003", Country: "RU"}))
}

// Who switched what, when and why stands in the history and in the trail, and what is
// switched off stands on every page.
func TestSwitchIsKept(t *testing.T) {
	w := newWorld(t)
	if got := w.section.Notices(t.Context(), w.actor); len(got) != 0 {
		t.Errorf("nothing is off, and the notice is %v", got)
	}
	for _, one := range [][2]string{{"driver", "phone"}, {"channel", "sms"}, {"country", "RU"}, {"country", "DE"}} {
		w.post(switching("stop", one[0], one[1]))
	}
	history, err := w.settings.History(t.Context(), 0, 10)
	w.must(err)
	if len(history) != 4 || history[3].Comment != "many calls, no codes" || history[3].By != "root" || history[3].Changes[0].Path != "login.methods.flashCall.stopped.drivers" {
		t.Errorf("%+v", history)
	}
	if n := len(w.trail.Events()); n != 4 {
		t.Errorf("%d events", n)
	}
	got := w.section.Notices(t.Context(), w.actor)
	want := admin.Notice{Text: "Calls are switched off: country DE, country RU, driver phone, channel sms.", Path: "/calls/stops"}
	if len(got) != 1 || got[0] != want {
		t.Errorf("the notice is %v", got)
	}
	page := w.get(base + "/calls/stops")
	if n := page.Find("table").First().Find("tbody tr").Length(); n != 4 || cell(page, "What is switched off now", "RU", "By") != "root" {
		t.Errorf("%d are off: %s", n, page.Find("main").Text())
	}
	link, _ := page.Find("a:contains('Switch on phone')").Attr("href")
	confirm := w.get(link)
	if confirm.Find("form textarea[name=comment]").Length() != 1 || confirm.Find("form input[name=form_token]").AttrOr("value", "") != "form" ||
		confirm.Find("input[name=do]").AttrOr("value", "") != "allow" {
		t.Errorf("the question is %s", confirm.Find("main").Text())
	}
	w.metrics.Switched(w.stops())
	if n := strings.Count(w.told(), "\nringtail_calls_stopped{"); n != 4 {
		t.Errorf("%d switches in the metrics", n)
	}
}

func TestSwitchRefuses(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		stop    calls.Stop
		comment string
		want    string
	}{
		"no kind":                 {calls.Stop{Kind: "planet", Value: "Mars"}, "", "calls_stop_invalid"},
		"no country":              {calls.Stop{Kind: "country", Value: "XX"}, "", "calls_stop_invalid"},
		"a country in small type": {calls.Stop{Kind: "country", Value: "ru"}, "", "calls_stop_invalid"},
		"a driver that isn't":     {calls.Stop{Kind: "driver", Value: "nobody"}, "", "calls_stop_invalid"},
		"a channel that isn't":    {calls.Stop{Kind: "channel", Value: "fax"}, "", "calls_stop_invalid"},
		"a long comment":          {calls.Stop{Kind: "country", Value: "RU"}, strings.Repeat("x", 501), "calls_stop_comment"},
	} {
		if p := factors.AsProblem(w.service.Switch(t.Context(), w.actor, c.stop, true, c.comment)); p == nil || p.ID != c.want {
			t.Errorf("%s: %v", name, p)
		}
	}
	for range 2 { // twice is once
		w.must(w.service.Switch(t.Context(), w.actor, calls.Stop{Kind: "country", Value: "RU"}, true, ""))
	}
	support := &admin.Actor{UserID: "s", Login: "sam", Roles: []admin.Role{admin.RoleSupport}}
	if err := w.service.Switch(t.Context(), support, calls.Stop{Kind: "country", Value: "DE"}, true, ""); factors.AsProblem(err) == nil {
		t.Errorf("support switches: %v", err)
	}
	bare := newWorld(t, func(o *calls.Options) { o.Settings = nil })
	if p := factors.AsProblem(bare.service.Switch(t.Context(), w.actor, calls.Stop{Kind: "country", Value: "RU"}, true, "")); p == nil || p.ID != "calls_stop_unsaved" {
		t.Errorf("without settings: %v", p)
	}
}

// Two who switch at the same moment both succeed.
func TestSwitchesAtOnce(t *testing.T) {
	w := newWorld(t)
	countries := []string{"RU", "DE", "FR", "KZ"}
	errs := make(chan error, len(countries))
	for _, country := range countries {
		go func() {
			errs <- w.service.Switch(context.Background(), w.actor, calls.Stop{Kind: "country", Value: country}, true, "")
		}()
	}
	for range countries {
		w.must(<-errs)
	}
	if got := w.stops().Countries; !slices.Equal(got, []string{"DE", "FR", "KZ", "RU"}) {
		t.Errorf("%v are off", got)
	}
}

func TestAPI(t *testing.T) {
	w, _ := busy(t)
	var list struct {
		Calls []struct{ ID, Phone, State, Spent string }
		Next  string
	}
	if status := w.ask("GET", "/calls?limit=5", nil, &list); status != http.StatusOK || len(list.Calls) != 5 || list.Next == "" {
		t.Fatalf("%d: %+v", status, list)
	}
	w.actor = &admin.Actor{ClientID: "ci", Scopes: []string{"blitz_admin_calls", "blitz_admin_calls_stop"}}
	if status := w.ask("GET", "/calls?after="+url.QueryEscape(list.Next), nil, &list); status != http.StatusOK || len(list.Calls) != 3 || strings.Contains(list.Calls[0].Phone, "0000") {
		t.Errorf("%d: %+v", status, list)
	}
	var one struct {
		ID    string
		Tries []struct{ ID string }
	}
	if status := w.ask("GET", "/calls/"+list.Calls[0].ID, nil, &one); status != http.StatusOK || one.ID != list.Calls[0].ID || len(one.Tries) != 1 {
		t.Errorf("%d: %+v", status, one)
	}
	var problem struct{ ID, Field string }
	if status := w.ask("GET", "/calls/x", nil, &problem); status != http.StatusNotFound || problem.ID != "calls_unknown" {
		t.Errorf("%d: %+v", status, problem)
	}
	var statistics struct {
		Total struct {
			Calls    int
			Outcomes map[string]int
			Spent    []struct{ Amount, Currency string }
		}
		By    map[string][]struct{ Name string }
		Steps []struct{ At time.Time }
	}
	if status := w.ask("GET", "/calls/statistics?zone=Europe/Moscow&days=7", nil, &statistics); status != http.StatusOK || statistics.Total.Calls != 8 ||
		statistics.Total.Outcomes["confirmed"] != 3 || statistics.Total.Spent[0].Amount != "3.85" || len(statistics.By["country"]) != 2 || len(statistics.Steps) != 7 ||
		statistics.Steps[0].At.Hour() != 21 {
		t.Errorf("%d: %+v", status, statistics)
	}
	var stops struct {
		Stops []struct{ Kind, Value, By string }
	}
	body := map[string]string{"kind": "country", "value": "DE", "comment": "fraud"}
	if status := w.ask("POST", "/calls/stop", body, &stops); status != http.StatusOK || len(stops.Stops) != 1 || stops.Stops[0].By != "client ci" {
		t.Errorf("%d: %+v", status, stops)
	}
	if status := w.ask("POST", "/calls/allow", body, &stops); status != http.StatusOK || len(stops.Stops) != 0 {
		t.Errorf("%d: %+v", status, stops)
	}
	if status := w.ask("POST", "/calls/stop", map[string]string{"kind": "country", "value": "XX"}, &problem); status != http.StatusBadRequest || problem.Field != "value" {
		t.Errorf("%d: %+v", status, problem)
	}
}
