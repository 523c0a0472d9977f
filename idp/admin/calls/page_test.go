package calls_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// busy is a world in which something of everything happened.
func busy(t *testing.T) (w *world, numbers []string) {
	w = newWorld(t)
	for i := range 5 {
		phone := "+7926000000" + strconv.Itoa(i)
		numbers = append(numbers, phone)
		login := w.login(phone, "RU")
		switch i {
		case 0, 1:
			w.now = w.now.Add(7 * time.Second)
			w.enter(login)
		case 2:
			w.wrong(login)
		}
	}
	german := w.login("+4915112345678", "DE")
	numbers = append(numbers, german.Phone)
	w.enter(german)
	w.must(w.phone.Play(standin.FaultError, 1)) // the chain moves on to a message
	numbers = append(numbers, w.login("+79260000009", "RU").Phone)
	return w, numbers
}

// The page tells what the stand-in was asked for.
func TestPageTellsWhatTheProviderSaw(t *testing.T) {
	w, numbers := busy(t)
	rang, texts := map[string]int{}, 0
	for _, number := range numbers {
		rang[number[:2]] += len(w.rang(number))
		var messages []any
		w.list("/api/messages?to="+url.QueryEscape(strings.TrimPrefix(number, "+")), &messages)
		texts += len(messages)
	}
	if rang["+7"] != 5 || rang["+4"] != 1 || texts != 1 {
		t.Fatalf("the stand-in lists %v calls and %d messages", rang, texts)
	}
	page := w.get(base + "/calls")
	for _, c := range []struct{ caption, row, column, want string }{
		{"Figures", "Calls", "This period", strconv.Itoa(rang["+7"] + rang["+4"] + texts + 1)}, // and the one that failed
		{"Figures", "Confirmed", "This period", "3"},
		{"Figures", "Answer rate", "This period", "100 %"},
		{"Figures", "Confirmation rate", "This period", "75 %"}, // of four that are over
		{"Figures", "Money", "This period", "3.85 RUB"},         // 0.55 each, as the stand-in tells
		{"Outcome", "confirmed", "Calls", "3"},
		{"Outcome", "too many wrong codes", "Calls", "1"},
		{"Outcome", "underway", "Calls", "3"},
		{"Outcome", "failed", "Calls", "1"},
		{"Why calls failed", "no_funds", "Calls", "1"},
		{"Provider", "phone", "Calls", strconv.Itoa(rang["+7"] + rang["+4"] + 1)},
		{"Provider", "text", "Calls", strconv.Itoa(texts)},
		{"Channel", "sms", "Calls", strconv.Itoa(texts)},
		{"Route", "2-sms-text", "Money", "0.55 RUB"},
		{"Country", "DE", "Calls", strconv.Itoa(rang["+4"])},
		{"Country", "DE", "Confirmed", "100 %"},
		{"Operator", "MegaFon", "Calls", "7"},
	} {
		if got := cell(page, c.caption, c.row, c.column); got != c.want {
			t.Errorf("%s, %s, %s: %q, want %q", c.caption, c.row, c.column, got, c.want)
		}
	}
	if got := cell(w.get(base+"/calls?country=DE"), "Figures", "Calls", "This period"); got != "1" {
		t.Errorf("those to Germany alone: %q", got)
	}
	if got := cell(w.get(base+"/calls?day=2026-11-25"), "Figures", "Calls", "This period"); got != "0" {
		t.Errorf("the day before: %q", got)
	}
	w.now = w.now.Add(time.Hour)
	w.must(w.service.Settle(t.Context()))
	if got := cell(w.get(base+"/calls"), "Outcome", "no code came in time", "Calls"); got != "3" {
		t.Errorf("an hour later %q calls expired", got)
	}
}

// A chart has the numbers of its table, tells itself to who doesn't see it, and needs
// no style of its own.
func TestCharts(t *testing.T) {
	w, _ := busy(t)
	page := w.get(base + "/calls")
	charts := page.Find("figure.chart")
	if charts.Length() != 3 {
		t.Fatalf("%d charts", charts.Length())
	}
	if page.Find("[style], main style, main script").Length() > 0 {
		t.Error("the page has styles or scripts of its own")
	}
	charts.Each(func(_ int, c *goquery.Selection) {
		svg := c.Find("svg").First()
		if svg.Find("title").Length() == 0 || svg.Find("desc").Length() != 1 || svg.AttrOr("role", "") != "img" || svg.AttrOr("aria-labelledby", "") == "" {
			t.Error("a chart tells nothing to who doesn't see it")
		}
		if rows := c.Find("tbody tr").Length(); rows != 24 {
			t.Errorf("%d rows beside a chart of a day", rows)
		}
	})
	first := charts.First()
	sum := 0
	first.Find("tbody td").Each(func(_ int, s *goquery.Selection) {
		n, err := strconv.Atoi(s.Text())
		if err != nil {
			t.Error(err)
		}
		sum += n
	})
	if sum != 8 || first.Find("rect.bar[x]").Length() != 4 {
		t.Errorf("the table has %d calls, the columns %d parts", sum, first.Find("rect.bar[x]").Length())
	}
	bottom := 0.0
	first.Find("rect.bar[x]").Each(func(_ int, s *goquery.Selection) {
		y, _ := strconv.ParseFloat(s.AttrOr("y", ""), 64)
		h, _ := strconv.ParseFloat(s.AttrOr("height", ""), 64)
		bottom = max(bottom, y+h)
	})
	if bottom != 212 {
		t.Errorf("the columns stand at %v", bottom)
	}
	if got := w.get(base + "/calls?days=30").Find("figure.chart").First().Find("tbody tr").Length(); got != 30 {
		t.Errorf("a month has %d rows", got)
	}
}

func TestLogListsSingleCalls(t *testing.T) {
	w, _ := busy(t)
	page := w.get(base + "/calls/log")
	if n := page.Find("tbody tr").Length(); n != 8 {
		t.Errorf("%d calls", n)
	}
	if text := page.Find("tbody").Text(); !strings.Contains(text, "+79260000009") {
		t.Errorf("who may edit users sees no whole number: %s", text)
	}
	w.actor = &admin.Actor{UserID: "u", Login: "ann", Roles: []admin.Role{admin.RoleSysadmin}}
	if text := w.get(base + "/calls/log").Find("tbody").Text(); strings.Contains(text, "0000009") || !strings.Contains(text, "+7 926 ***-**-09") {
		t.Errorf("who may not sees one: %s", text)
	}
	for query, want := range map[string]int{
		"state=confirmed": 3, "state=underway": 3, "state=failed": 1, "failure=no_funds": 1, "country=DE": 1, "driver=text": 1, "operator=MegaFon": 7,
		"phone=%2B4915112345678": 1, "phone=%2B79260000008": 0, "day=2026-11-25": 0, "days=7": 8,
	} {
		if n := w.get(base + "/calls/log?" + query).Find("tbody tr").Length(); n != want {
			t.Errorf("%s: %d calls, want %d", query, n, want)
		}
	}
	for query, field := range map[string]string{"state=lost": "state", "phone=12": "phone", "after=x": "after", "day=x": "day", "days=2": "days", "zone=Mars": "zone"} {
		if page, status := w.open(base + "/calls/log?" + query); status != http.StatusBadRequest || !strings.Contains(page.Text(), `"field":"`+field+`"`) {
			t.Errorf("%s answers %d: %s", query, status, page.Text())
		}
	}
}

// One call's page has the whole way of its login, and never a code.
func TestOneCallTellsItsSteps(t *testing.T) {
	w, _ := busy(t)
	link, _ := w.get(base + "/calls/log?driver=text").Find("tbody a").Attr("href")
	page := w.get(link)
	tries := page.Find("ol.tries > li")
	if tries.Length() != 2 || tries.Eq(1).AttrOr("aria-current", "") != "true" {
		t.Fatalf("%d orders: %s", tries.Length(), tries.Text())
	}
	for i, want := range [][]string{
		{"flashCall by phone, route 1-flashCall-phone", "asked for by the person", "failed: no_funds", "not told"},
		{"sms by text, route 2-sms-text", "ordered here, because the route before failed", "taken by the provider", "Stands atcalled", "0.55 RUB", "3.00 RUB"},
	} {
		for _, text := range want {
			if got := tries.Eq(i).Text(); !strings.Contains(got, text) {
				t.Errorf("order %d lacks %q: %s", i, text, got)
			}
		}
	}
	var said []struct{ Text string }
	w.list("/api/messages?to=79260000009", &said)
	if code := strings.TrimPrefix(said[0].Text, "code "); len(code) != 4 || strings.Contains(page.Find("main").Text(), " "+code) {
		t.Errorf("the code %q is on the page", code)
	}
	if _, status := w.open(base + "/calls/log/nobody's"); status != http.StatusNotFound {
		t.Errorf("an unknown call answers %d", status)
	}
}

func TestPagesGoOn(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.must(w.store.Challenges().Update(t.Context(), otp.Key{Method: "flashCall", LoginID: strconv.Itoa(i)}, w.now, func(rec *otp.Record) error {
			rec.Challenge = &otp.Challenge{ID: strconv.Itoa(i), LoginID: strconv.Itoa(i), Method: "flashCall", Route: "1", Phone: "+79260000000", State: otp.Called,
				RequestedAt: w.now, Until: w.now.Add(time.Hour)}
			return nil
		}))
	}
	page := w.get(base + "/calls/log")
	next, _ := page.Find("a[rel=next]").Attr("href")
	rest := w.get(next)
	if page.Find("tbody tr").Length() != 50 || rest.Find("tbody tr").Length() != 10 || rest.Find("a[rel=next]").Length() != 0 || rest.Find("a[rel=prev]").Length() != 1 {
		t.Errorf("%d and %d calls", page.Find("tbody tr").Length(), rest.Find("tbody tr").Length())
	}
}
