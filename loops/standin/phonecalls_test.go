package standin_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// steered is a phone whose pending calls wait for SetState, with the callbacks that it sent.
type steered struct {
	*standin.Phone
	*httptest.Server
	clock *clock
	sent  []standin.Callback
	later []func() // what After was given, in order
}

func newSteered(t *testing.T, pending time.Duration) *steered {
	t.Helper()
	s := &steered{clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
	var err error
	s.Phone, err = standin.NewPhone(standin.PhoneOptions{
		Token: "t", Now: s.clock.Now, Pending: pending, Cost: "0.40",
		Send:  func(c standin.Callback) { s.sent = append(s.sent, c) },
		After: func(_ time.Duration, f func()) { s.later = append(s.later, f) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(s.Phone)
	t.Cleanup(s.Server.Close)
	return s
}

// order places a call that must be taken, and gives the answer.
func (s *steered) order(t *testing.T, body string, status int) map[string]string {
	t.Helper()
	got, answer := post(t, s.URL+"/calls", "t", body)
	if got != status {
		t.Fatalf("%s gives %d %v, want %d", body, got, answer, status)
	}
	return answer
}

// told is the call as the API tells it.
func (s *steered) told(t *testing.T, id string) map[string]string {
	t.Helper()
	_, out := ask(t, "GET", s.URL+"/calls/"+id, "t", "")
	return out
}

func ask(t *testing.T, method, url, token, body string) (int, map[string]string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	out := map[string]string{}
	_ = json.NewDecoder(answer.Body).Decode(&out)
	return answer.StatusCode, out
}

func TestPhoneTellsWhatWasOrdered(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		has  []string
	}{
		"the caller":        {`{"to":"79990000001"}`, []string{"at", "cost", "from", "id", "state", "to"}},
		"the code":          {`{"to":"79990000001","tell":"code"}`, []string{"at", "code", "cost", "id", "prefix", "state", "to"}},
		"nothing":           {`{"to":"79990000001","tell":"nothing","code_length":6}`, []string{"at", "cost", "id", "prefix", "state", "to"}},
		"the caller, later": {`{"to":"79990000001","pending":true}`, []string{"at", "cost", "id", "state", "to"}},
		"the code at once":  {`{"to":"79990000001","tell":"code","pending":true}`, []string{"at", "code", "cost", "id", "prefix", "state", "to"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSteered(t, -1)
			status := 201
			if strings.Contains(tc.body, "pending") {
				status = 202
			}
			answer := s.order(t, tc.body, status)
			var keys []string
			for key := range answer {
				keys = append(keys, key)
			}
			if slices.Sort(keys); !slices.Equal(keys, tc.has) {
				t.Errorf("the answer has %v, want %v", keys, tc.has)
			}
			from := s.Orders("79990000001")[0].From
			if answer["code"] != "" && answer["prefix"]+answer["code"] != from {
				t.Errorf("%v, and %s calls", answer, from)
			}
			if answer["code"] == "" && answer["prefix"] != "" && answer["prefix"] != from[:5] {
				t.Errorf("the prefix of %s is %s", from, answer["prefix"])
			}
			if again := s.told(t, answer["id"]); again["state"] != answer["state"] || again["code"] != answer["code"] || again["from"] != answer["from"] {
				t.Errorf("GET tells %v, and POST told %v", again, answer)
			}
		})
	}
}

func TestPhoneRefusesOddOrders(t *testing.T) {
	s := newSteered(t, -1)
	for body, word := range map[string]string{
		`{"to":"x"}`:                                                                                       "invalid_number",
		`{"to":"79990000001","tell":"all"}`:                                                                "invalid_order",
		`{"to":"79990000001","code_length":2}`:                                                             "invalid_order",
		`{"to":"79990000001","code_length":9}`:                                                             "invalid_order",
		`{"to":"79990000001","code":"12345","code_length":4}`:                                              "invalid_order",
		`{"to":"79990000001","callback":"http://a.example/"}`:                                              "invalid_order",
		`{"to":"79990000001","callback":"ftp://a.example/","pending":1}`:                                   "not_json",
		`{"to":"79990000001","callback":"ftp://a/","pending":true}`:                                        "invalid_order",
		`{"to":"79990000001","reference":"` + strings.Repeat("r", 201) + `"}`:                              "invalid_order",
		`{"to":"79990000001","callback":"http://a/` + strings.Repeat("x", 500) + `","pending":true}`:       "invalid_order",
		`{"to":"79990000001","pending":true,"callback":"http://user:password@a.example/","tell":"caller"}`: "invalid_order",
	} {
		if status, answer := post(t, s.URL+"/calls", "t", body); status != 400 || answer["error"] != word {
			t.Errorf("%s gives %d %v, want %s", body, status, answer, word)
		}
	}
	if len(s.Orders("")) != 0 {
		t.Errorf("orders were taken: %v", s.Orders(""))
	}
}

// A pending call shows nowhere until it rings, by the clock or because it was told to.
func TestPendingCallsFollowTheClock(t *testing.T) {
	s := newSteered(t, 2*time.Second)
	id := s.order(t, `{"to":"79990000001","pending":true,"reference":"a"}`, 202)["id"]
	if again := s.order(t, `{"to":"79990000001","pending":true,"reference":"a"}`, 202); again["id"] != id || len(s.Orders("")) != 1 {
		t.Errorf("the same reference gave %v", again)
	}
	if len(s.Calls("")) != 0 || s.told(t, id)["state"] != "pending" {
		t.Errorf("it rang at once: %v", s.Calls(""))
	}
	_, list := get(t, s.URL+"/api/calls?to=79990000001")
	if strings.TrimSpace(string(list)) != "[]" {
		t.Errorf("/api/calls has %s", list)
	}
	s.clock.add(2 * time.Second)
	if got := s.told(t, id); got["state"] != "ringing" || got["from"] == "" || len(s.Calls("79990000001")) != 1 {
		t.Errorf("after two seconds: %v", got)
	}
	if at := s.Calls("")[0].At; !at.Equal(s.clock.Now()) {
		t.Errorf("it rang at %s", at)
	}
	s.clock.add(20 * time.Second)
	if got := s.told(t, id); got["state"] != "ended" {
		t.Errorf("after it rang: %v", got)
	}
	if len(s.later) != 0 || len(s.sent) != 0 {
		t.Errorf("nobody wants to be told, and %d callbacks went out", len(s.sent))
	}
}

func TestPendingCallsAreSteered(t *testing.T) {
	s := newSteered(t, -1)
	id := s.order(t, `{"to":"79990000001","pending":true}`, 202)["id"]
	s.clock.add(time.Hour)
	steer := func(id, body string) int {
		status, _ := post(t, s.URL+"/calls/"+id+"/state", "t", body)
		return status
	}
	for _, step := range []struct {
		body   string
		status int
		state  string
	}{
		{`{"state":"pending"}`, 409, "pending"},
		{`{"state":"answered"}`, 409, "pending"},
		{`[]`, 400, "pending"},
		{`{"state":"ringing"}`, 204, "ringing"},
		{`{"state":"ringing"}`, 409, "ringing"},
		{`{"state":"failed"}`, 409, "ringing"},
		{`{"state":"ended"}`, 204, "ended"},
		{`{"state":"ended"}`, 409, "ended"},
	} {
		if status := steer(id, step.body); status != step.status || s.told(t, id)["state"] != step.state {
			t.Errorf("%s gives %d, and the call is %s", step.body, status, s.told(t, id)["state"])
		}
	}
	if status := steer("77", `{"state":"ringing"}`); status != 409 {
		t.Errorf("a call that isn't there: %d", status)
	}
	for body, want := range map[string]string{`{"state":"failed"}`: "unreachable", `{"state":"failed","error":"blocked"}`: "blocked"} {
		id := s.order(t, `{"to":"79990000002","pending":true}`, 202)["id"]
		if steer(id, `{"state":"failed","error":"bored"}`) != 409 || steer(id, body) != 204 {
			t.Errorf("%s isn't taken, or an odd reason is", body)
		}
		if got := s.told(t, id); got["state"] != "failed" || got["error"] != want || got["from"] != "" {
			t.Errorf("%s: %v", body, got)
		}
	}
	if len(s.Calls("79990000002")) != 0 {
		t.Error("a call that failed rang")
	}
}

// What becomes of a call that nobody steers is told in callbacks, each once, in turn and signed.
func TestPhoneCallsBack(t *testing.T) {
	s := newSteered(t, 2*time.Second)
	order := `{"to":"79990000001","reference":"ref-1","pending":true,"callback":"http://127.0.0.1:1/hook?x=1"}`
	id := s.order(t, order, 202)["id"]
	s.order(t, order, 202)
	s.clock.add(time.Minute)
	if got := s.told(t, id); got["state"] != "pending" {
		t.Errorf("it rang, and nobody was told: %v", got)
	}
	for _, f := range append(slices.Clone(s.later), s.later...) {
		f()
	}
	if len(s.later) != 2 || len(s.sent) != 2 {
		t.Fatalf("%d callbacks, %d timers", len(s.sent), len(s.later))
	}
	for i, state := range []string{"ringing", "ended"} {
		c := s.sent[i]
		want := `{"id":"` + id + `","reference":"ref-1","to":"79990000001","state":"` + state + `"}`
		if c.URL != "http://127.0.0.1:1/hook?x=1" || c.Path != "/hook" || c.Query != "x=1" || c.Method != "POST" || c.Body != want {
			t.Errorf("callback %+v, want %s", c, want)
		}
		mac := hmac.New(sha256.New, []byte("t"))
		mac.Write([]byte(c.Header.Get("X-Phone-Time") + "." + c.Body))
		if c.Header.Get("X-Phone-Time") != strconv.FormatInt(s.clock.Now().Unix(), 10) || c.Header.Get("X-Phone-Signature") != hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("headers %v", c.Header)
		}
	}
	if _, err := s.Callback("77", "ringing"); err == nil {
		t.Error("a callback about no call")
	}
	if _, err := s.Callback(id, "pending"); err == nil {
		t.Error("a callback about nothing new")
	}
}

func TestPendingCallsThatFail(t *testing.T) {
	for _, fault := range []standin.Fault{standin.FaultUnreachable, standin.FaultBlocked} {
		s := newSteered(t, 2*time.Second)
		if err := s.Play(fault, 1); err != nil {
			t.Fatal(err)
		}
		s.order(t, `{"to":"79990000001"}`, 201) // rings at once, so that it can't have this fault
		id := s.order(t, `{"to":"79990000001","pending":true,"callback":"http://127.0.0.1:1/"}`, 202)["id"]
		for _, f := range s.later {
			f()
		}
		if got := s.told(t, id); got["state"] != "failed" || got["error"] != string(fault) {
			t.Errorf("%s: %v", fault, got)
		}
		if len(s.sent) != 1 || !strings.Contains(s.sent[0].Body, `"state":"failed","error":"`+string(fault)+`"`) {
			t.Errorf("%s: %v", fault, s.sent)
		}
	}
	s := newSteered(t, 2*time.Second)
	if err := s.Play(standin.FaultStays, 1); err != nil {
		t.Fatal(err)
	}
	id := s.order(t, `{"to":"79990000001","pending":true,"callback":"http://127.0.0.1:1/"}`, 202)["id"]
	if s.clock.add(time.Hour); len(s.later) != 0 || s.told(t, id)["state"] != "pending" {
		t.Error("a call that stays pending goes on")
	}
	if err := s.SetState(id, "ringing", ""); err != nil || len(s.sent) != 1 || s.told(t, id)["state"] != "ringing" {
		t.Errorf("it can't be told to ring: %v", err)
	}
}

func TestPhoneChecksCodes(t *testing.T) {
	s := newSteered(t, -1)
	id := s.order(t, `{"to":"79990000001","tell":"nothing","code_length":5}`, 201)["id"]
	from := s.Calls("79990000001")[0].From
	check := func(code string) string {
		r, err := http.NewRequest("POST", s.URL+"/calls/"+id+"/check", strings.NewReader(`{"code":"`+code+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer t")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return strings.TrimSpace(w.Body.String())
	}
	const right, wrong = `{"valid":true}`, `{"valid":false,"reason":"wrong"}`
	for _, tc := range [][2]string{
		{from[6:], right}, {from, right}, {"+" + from, right}, {from[6:], right}, // wrong ones alone are counted
		{from[7:], wrong}, {from[5:], wrong}, {"", wrong}, {"x" + from[7:], wrong},
		{from[6:], right},
	} {
		if got := check(tc[0]); got != tc[1] {
			t.Errorf("%q of %s is %s, want %s", tc[0], from, got, tc[1])
		}
	}
	s.clock.add(5 * time.Minute)
	if got := check(from[6:]); got != `{"valid":false,"reason":"expired"}` {
		t.Errorf("after five minutes: %s", got)
	}
	id = s.order(t, `{"to":"79990000002","tell":"nothing"}`, 201)["id"]
	for range 5 {
		check("1")
	}
	if got := check(s.Calls("79990000002")[0].From); got != `{"valid":false,"reason":"locked"}` {
		t.Errorf("after five wrong ones: %s", got)
	}
}

func TestPhoneTakesReports(t *testing.T) {
	s := newSteered(t, -1)
	first := s.order(t, `{"to":"79990000001"}`, 201)["id"]
	second := s.order(t, `{"to":"79990000002"}`, 201)["id"]
	for id, body := range map[string]string{first: `{"verified":true,"code":"1234"}`, second: `{"verified":false}`} {
		if status, _ := post(t, s.URL+"/calls/"+id+"/report", "t", body); status != 204 {
			t.Errorf("status %d", status)
		}
	}
	if status, _ := post(t, s.URL+"/calls/77/report", "t", `{"verified":true}`); status != 404 {
		t.Errorf("a call that isn't there: %d", status)
	}
	_, list := get(t, s.URL+"/api/reports?to=79990000001")
	if want := `[{"id":"` + first + `","to":"79990000001","at":"2026-03-01T12:00:00Z","verified":true}]`; strings.TrimSpace(string(list)) != want {
		t.Errorf("/api/reports has %s, want %s", list, want)
	}
	if len(s.Reports("")) != 2 {
		t.Errorf("reports %v", s.Reports(""))
	}
	_, calls := get(t, s.URL+"/api/calls?to=79990000001")
	var keys []map[string]any
	if err := json.Unmarshal(calls, &keys); err != nil || len(keys) != 1 || len(keys[0]) != 5 {
		t.Errorf("a report shows in /api/calls: %s", calls)
	}
}

func TestPhoneTakesMessages(t *testing.T) {
	s := newSteered(t, -1)
	for path, body := range map[string]string{
		"/messages": `{"to":"+79990000001","text":"Code: 0417\n\n@shop.example #0417","reference":"a"}`,
		"/voice":    `{"to":"79990000001","text":"0, 4, 1, 7","reference":"a"}`,
	} {
		first, answer := post(t, s.URL+path, "t", body)
		again, second := post(t, s.URL+path, "t", body)
		if first != 201 || again != 201 || answer["id"] != second["id"] || answer["cost"] != "0.40" || answer["prefix"]+answer["from"]+answer["text"] != "" {
			t.Errorf("%s: %d %v, %d %v", path, first, answer, again, second)
		}
		if status, _ := post(t, s.URL+"/calls/"+answer["id"]+"/check", "t", `{"code":""}`); status != 404 {
			t.Errorf("a message is checked as a call: %d", status)
		}
	}
	got := map[string]string{}
	var list []standin.Message
	_, body := get(t, s.URL+"/api/messages?to=79990000001")
	if err := json.Unmarshal(body, &list); err != nil || len(list) != 2 {
		t.Fatalf("%s, %v", body, err)
	}
	for _, m := range list {
		got[m.Channel] = m.Text
		if (m.From != "") != (m.Channel == "voice") || m.To != "79990000001" {
			t.Errorf("message %+v", m)
		}
	}
	if got["sms"] != "Code: 0417\n\n@shop.example #0417" || got["voice"] != "0, 4, 1, 7" {
		t.Errorf("texts %v", got)
	}
	if len(s.Calls("")) != 0 {
		t.Errorf("a message is listed as a call: %v", s.Calls(""))
	}
	_, page := get(t, s.URL+"/?to=79990000001")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	if text := doc.Find("article.sms .text").Text(); text != got["sms"] || doc.Find("article.voice.ringing .text").Text() != got["voice"] {
		t.Errorf("the page shows %q", text)
	}
}

func TestPhoneRefusesOddMessages(t *testing.T) {
	s := newSteered(t, -1)
	for name, tc := range map[string]struct {
		token, body string
		status      int
		word        string
	}{
		"wrong token":  {"x", `{"to":"79990000001","text":"x"}`, 401, "unauthorized"},
		"not JSON":     {"t", `to=79990000001`, 400, "not_json"},
		"no number":    {"t", `{"text":"x"}`, 400, "invalid_number"},
		"no text":      {"t", `{"to":"79990000001"}`, 400, "invalid_order"},
		"a long one":   {"t", `{"to":"79990000001","text":"` + strings.Repeat("ж", 671) + `"}`, 400, "invalid_order"},
		"as long can":  {"t", `{"to":"79990000001","text":"` + strings.Repeat("ж", 670) + `"}`, 201, ""},
		"out of order": {"t", `{"to":"79990000002","text":"x"}`, 500, ""},
	} {
		if name == "out of order" {
			if err := s.Play(standin.FaultError, 1); err != nil {
				t.Fatal(err)
			}
		}
		if status, answer := post(t, s.URL+"/messages", tc.token, tc.body); status != tc.status || answer["error"] != tc.word {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if got := s.Messages(""); len(got) != 1 {
		t.Errorf("messages %v", got)
	}
}

// What needs the token can't be had without it.
func TestPhoneKeepsItsDriversToItself(t *testing.T) {
	s := newSteered(t, -1)
	id := s.order(t, `{"to":"79990000001"}`, 201)["id"]
	for _, request := range []string{"GET /calls", "GET /calls/" + id, "POST /calls/" + id + "/check", "POST /calls/" + id + "/report",
		"POST /calls/" + id + "/state", "POST /messages", "POST /voice"} {
		method, path, _ := strings.Cut(request, " ")
		if status, _ := ask(t, method, s.URL+path, "x", "{}"); status != 401 {
			t.Errorf("%s gives %d", request, status)
		}
	}
	var orders []map[string]string
	r := httptest.NewRequest("GET", "/calls?to=79990000001", nil)
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &orders); err != nil || len(orders) != 1 || orders[0]["id"] != id {
		t.Errorf("orders %s", w.Body)
	}
}
