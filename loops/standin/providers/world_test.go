package providers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// try is a request to a stand-in and the status, and a part of the body, that it must get.
type try struct {
	method, path, authorization, body string
	status                            int
	part                              string
}

func (r try) run(t *testing.T, s *providers.Standin, more map[string]string) {
	t.Helper()
	header := map[string]string{"Authorization": r.authorization, "Content-Type": "application/json"}
	for name, value := range more {
		header[name] = value
	}
	if w := send(t, s, r.method, r.path, header, r.body); w.Code != r.status || !strings.Contains(w.Body.String(), r.part) {
		t.Errorf("%d %s, want %d with %s", w.Code, w.Body, r.status, r.part)
	}
}

// What each provider must be asked, and one request that is almost that.
func TestStandinsRefuseWhatIsAlmostRight(t *testing.T) {
	const (
		plusofon = "/api/v1/flash-call/send"
		idigital = "/api/v1/message"
		bird     = "/workspaces/a1405560-c8d3-4b1a-877d-3f449ad95352/channels/ad7ce9f9-99d0-478f-b0c7-3a68ab2c8e0b/flashcalls"
		dial     = "/ari/channels?endpoint=PJSIP%2F79990000001%40trunk&callerId=74951230417&timeout=20&app=flash"
		message  = `[{"channelType":"FLASHCALL","senderName":"x","destination":"79990000001","content":"0417"}]`
		telnyx   = `{"phone_number":"+79990000001","verify_profile_id":"12ade33a-21c0-473b-b055-b3c836e1c292"}`
		speak    = `{"source":"74951230000","destination":"79990000001","tts":{"text":"0 4 1 7"}}`
		ari      = "Basic cmluZ3RhaWw6YXJpLXBhc3N3b3Jk"
	)
	for provider, tries := range map[string]map[string]try{
		"plusofon": {
			"right":         {"POST", plusofon, "Bearer plusofon-access-token", `{"phone":"79990000001","pin":"0417"}`, 200, `"success":true`},
			"wrong token":   {"POST", plusofon, "Bearer x", `{"phone":"79990000001","pin":"0417"}`, 401, `"success":false`},
			"plus":          {"POST", plusofon, "Bearer plusofon-access-token", `{"phone":"+79990000001","pin":"0417"}`, 400, ""},
			"pin as number": {"POST", plusofon, "Bearer plusofon-access-token", `{"phone":"79990000001","pin":417}`, 400, ""},
			"six digits":    {"POST", plusofon, "Bearer plusofon-access-token", `{"phone":"79990000001","pin":"041700"}`, 400, ""},
		},
		"i-digital": {
			"right":         {"POST", idigital, "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", message, 200, `"code":201`},
			"wrong token":   {"POST", idigital, "Basic x", message, 401, `"code":4012`},
			"Bearer":        {"POST", idigital, "Bearer aS1kaWdpdGFsOnBhc3N3b3Jk", message, 401, `"code":4010`},
			"an object":     {"POST", idigital, "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", message[1 : len(message)-1], 400, ""},
			"three digits":  {"POST", idigital, "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", strings.Replace(message, "0417", "041", 1), 400, ""},
			"unknown event": {"POST", idigital, "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", strings.Replace(message, `"content"`, `"callbackEvents":["x"],"content"`, 1), 400, ""},
			"bad callback":  {"POST", idigital, "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", strings.Replace(message, `"content"`, `"callbackUrl":"ftp://x","content"`, 1), 400, ""},
			"report":        {"POST", "/api/v1/flashcall-conversion", "Bearer aS1kaWdpdGFsOnBhc3N3b3Jk", `{"messageUuid":"0","result":"WRONG_CODE"}`, 404, ""},
			"odd result":    {"POST", "/api/v1/flashcall-conversion", "Bearer aS1kaWdpdGFsOnBhc3N3b3Jk", `{"messageUuid":"0","result":"GOOD"}`, 400, ""},
			"Basic report":  {"POST", "/api/v1/flashcall-conversion", "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", `{"messageUuid":"0","result":"WRONG_CODE"}`, 401, ""},
		},
		"telnyx": {
			"right":           {"POST", "/v2/verifications/flashcall", "Bearer KEY0123-telnyx", telnyx, 200, `"status":"pending"`},
			"wrong key":       {"POST", "/v2/verifications/flashcall", "Bearer x", telnyx, 401, `"errors"`},
			"without plus":    {"POST", "/v2/verifications/flashcall", "Bearer KEY0123-telnyx", strings.Replace(telnyx, "+", "", 1), 422, `"errors"`},
			"another profile": {"POST", "/v2/verifications/flashcall", "Bearer KEY0123-telnyx", strings.Replace(telnyx, "12ade", "22ade", 1), 404, `"errors"`},
			"unknown key":     {"POST", "/v2/verifications/flashcall", "Bearer KEY0123-telnyx", strings.Replace(telnyx, "{", `{"x":1,`, 1), 400, `"errors"`},
			"no such call":    {"GET", "/v2/verifications/0", "Bearer KEY0123-telnyx", "", 404, `"errors"`},
			"hidden call":     {"GET", "/v2/verifications/0", "", "", 401, `"errors"`},
		},
		"bird": {
			"right":             {"POST", bird, "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", `{"from":"+74951230417","to":"+79990000001","ringTimeout":20}`, 202, `"status":"accepted"`},
			"Bearer":            {"POST", bird, "Bearer AbCdEfGhIjKlMnOpQrStUvWxYz", `{"from":"+74951230417","to":"+79990000001"}`, 401, ""},
			"another workspace": {"POST", strings.Replace(bird, "a14", "b14", 1), "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", `{"to":"+79990000001"}`, 404, ""},
			"not our number":    {"POST", bird, "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", `{"from":"+74951240417","to":"+79990000001"}`, 422, ""},
			"rings too long":    {"POST", bird, "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", `{"from":"+74951230417","to":"+79990000001","ringTimeout":121}`, 400, ""},
			"unknown key":       {"POST", bird, "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", `{"from":"+74951230417","to":"+79990000001","timeout":20}`, 400, ""},
		},
		"asterisk": {
			"right":          {"POST", dial, ari, "", 200, `"state":"Down"`},
			"wrong password": {"POST", dial, "Basic cmluZ3RhaWw6eA==", "", 401, ""},
			"another app":    {"POST", strings.Replace(dial, "app=flash", "app=x", 1), ari, "", 400, ""},
			"another trunk":  {"POST", strings.Replace(dial, "trunk", "x", 1), ari, "", 400, ""},
			"no timeout":     {"POST", strings.Replace(dial, "timeout=20&", "", 1), ari, "", 400, ""},
			"unknown":        {"POST", dial + "&x=1", ari, "", 400, ""},
			"twice":          {"POST", dial + "&timeout=30", ari, "", 400, ""},
			"no such call":   {"DELETE", "/ari/channels/0", ari, "", 404, ""},
		},
		"exolve": {
			"right":          {"POST", "/call/v1/MakeVoiceMessage", "Bearer exolve-api-key", speak, 200, `"call_id":"552`},
			"wrong key":      {"POST", "/call/v1/MakeVoiceMessage", "Bearer x", speak, 401, ""},
			"not ours":       {"POST", "/call/v1/MakeVoiceMessage", "Bearer exolve-api-key", strings.Replace(speak, "0000\"", "0001\"", 1), 403, ""},
			"nothing said":   {"POST", "/call/v1/MakeVoiceMessage", "Bearer exolve-api-key", strings.Replace(speak, "0 4 1 7", "", 1), 400, ""},
			"unknown call":   {"POST", "/call/v1/GetInfo", "Bearer exolve-api-key", `{"call_id":"0"}`, 404, ""},
			"id as a number": {"POST", "/call/v1/GetInfo", "Bearer exolve-api-key", `{"call_id":0}`, 400, ""},
		},
		"exolve-make-call": {
			"right":       {"POST", "/call/v1/MakeCall", "Bearer exolve-api-key", `{"number":"74951230417","destination":"79990000001","call_duration":1}`, 200, "call_id"},
			"not ours":    {"POST", "/call/v1/MakeCall", "Bearer exolve-api-key", `{"number":"74951240417","destination":"79990000001","call_duration":1}`, 403, ""},
			"no duration": {"POST", "/call/v1/MakeCall", "Bearer exolve-api-key", `{"number":"74951230417","destination":"79990000001"}`, 400, ""},
			"wrong key":   {"POST", "/call/v1/MakeCall", "Bearer x", `{"number":"74951230417","destination":"79990000001","call_duration":1}`, 401, ""},
		},
	} {
		for name, r := range tries {
			t.Run(provider+" "+name, func(t *testing.T) {
				r.run(t, start(t, provider, providers.Options{}), map[string]string{"Client": "10553"})
			})
		}
	}
	t.Run("plusofon without Client", func(t *testing.T) {
		try{"POST", plusofon, "Bearer plusofon-access-token", `{"phone":"79990000001","pin":"0417"}`, 403, ""}.run(t, start(t, "plusofon", providers.Options{}), nil)
	})
	for name, tc := range map[string][2]string{"right": {"devino-api-key", `"Code":0`}, "wrong key": {"x", `"Code":1`}} {
		t.Run("devino "+name, func(t *testing.T) {
			w := send(t, start(t, "devino", providers.Options{}), "POST", "/GenerateCode", map[string]string{"X-ApiKey": tc[0], "Content-Type": "application/json"}, `{"DestinationNumber":"79990000001"}`)
			if !strings.Contains(w.Body.String(), tc[1]) {
				t.Errorf("%s, want %s", w.Body, tc[1])
			}
		})
	}
}

// i-Digital's callbacks go where the order says, in the order in which it plays them, and only those that were wanted.
func TestIDigitalCallsBack(t *testing.T) {
	for name, tc := range map[string]struct {
		fault        standin.Fault
		events, want string
	}{
		"as wanted":  {"", `["sent","delivered"]`, "answer sent delivered"},
		"by default": {"", `[]`, "answer delivered"},
		"only sent":  {"", `["sent","price"]`, "answer sent"},
		"too early":  {"callback_first", `["delivered"]`, "delivered answer"},
		"once more":  {"callback_twice", `["delivered"]`, "answer delivered delivered"},
		"not at all": {"item_refused", `["delivered"]`, "answer"},
	} {
		t.Run(name, func(t *testing.T) {
			var happened []string
			s := start(t, "i-digital", providers.Options{Send: func(c standin.Callback) {
				var news []struct {
					ID     string `json:"message_uuid"`
					Status string `json:"status"`
				}
				if err := json.Unmarshal([]byte(c.Body), &news); err != nil || len(news) != 1 || news[0].ID == "" || c.URL != "https://id.example/cb?key=k" || c.Query != "key=k" || c.Path != "/cb" {
					t.Errorf("callback %+v, %v", c, err)
					return
				}
				happened = append(happened, news[0].Status)
			}})
			if tc.fault != "" {
				if err := s.Play(tc.fault, 1); err != nil {
					t.Fatal(err)
				}
			}
			body := `[{"channelType":"FLASHCALL","senderName":"x","destination":"79990000001","content":"0417","callbackUrl":"https://id.example/cb?key=k","callbackEvents":` + tc.events + `}]`
			w := &answered{did: func() { happened = append(happened, "answer") }}
			s.ServeHTTP(w, post("/api/v1/message", "Basic aS1kaWdpdGFsOnBhc3N3b3Jk", body))
			if got := strings.Join(happened, " "); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

// A channel of Asterisk's rings, is busy or up, and is gone when it's over; the same id makes no second one.
func TestAsteriskChannels(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "asterisk", providers.Options{Now: func() time.Time { return now }})
	ask := func(method, path string) string {
		w := send(t, s, method, "/ari/channels"+path, map[string]string{"Authorization": "Basic cmluZ3RhaWw6YXJpLXBhc3N3b3Jk"}, "")
		var channel struct{ State string }
		_ = json.Unmarshal(w.Body.Bytes(), &channel)
		return strings.TrimSpace(fmt.Sprint(w.Code, " ", channel.State))
	}
	const dial = "?endpoint=PJSIP%2F79990000001%40trunk&callerId=74951230417&timeout=20&app=flash&channelId="
	for _, step := range []struct {
		after        time.Duration
		fault        standin.Fault
		method, path string
		want         string
	}{
		{0, "", "POST", dial + "a", "200 Down"},
		{0, "", "POST", dial + "a", "409"},
		{2 * time.Second, "", "GET", "/a", "200 Ringing"},
		{0, "", "DELETE", "/a", "204"},
		{0, "", "GET", "/a", "404"},
		{0, "answered", "POST", dial + "b", "200 Down"},
		{5 * time.Second, "", "GET", "/b", "200 Up"},
		{0, "busy", "POST", dial + "c", "200 Down"},
		{5 * time.Second, "", "GET", "/c", "200 Busy"},
		{0, "never_rings", "POST", dial + "d", "200 Down"},
		{10 * time.Second, "", "GET", "/d", "200 Down"},
		{10 * time.Second, "", "GET", "/d", "404"},
	} {
		now = now.Add(step.after)
		if step.fault != "" {
			if err := s.Play(step.fault, 1); err != nil {
				t.Fatal(err)
			}
		}
		if got := ask(step.method, step.path); got != step.want {
			t.Errorf("%s %s: %s, want %s", step.method, step.path, got, step.want)
		}
	}
	if n := len(s.Calls("79990000001")); n != 4 {
		t.Errorf("%d calls", n)
	}
}

// answered tells when an answer is given.
type answered struct {
	header http.Header
	did    func()
}

// Header gives the headers.
func (a *answered) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

// WriteHeader tells.
func (a *answered) WriteHeader(int) { a.did() }

// Write takes everything.
func (a *answered) Write(p []byte) (int, error) { return len(p), nil }

func post(path, authorization, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Authorization", authorization)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func TestBirdStates(t *testing.T) {
	const path = "/workspaces/a1405560-c8d3-4b1a-877d-3f449ad95352/channels/ad7ce9f9-99d0-478f-b0c7-3a68ab2c8e0b/flashcalls"
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "bird", providers.Options{Now: func() time.Time { return now }})
	ask := func(method, path, body string) (id, status string) {
		t.Helper()
		w := send(t, s, method, path, map[string]string{"Authorization": "AccessKey AbCdEfGhIjKlMnOpQrStUvWxYz", "Content-Type": "application/json"}, body)
		var call struct{ ID, Status string }
		if err := json.Unmarshal(w.Body.Bytes(), &call); err != nil {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return call.ID, call.Status
	}
	for fault, want := range map[standin.Fault]string{
		"": "accepted starting ringing no-answer", "busy": "accepted starting ringing busy", "failed": "accepted starting ringing failed",
		"answered": "accepted starting ringing completed", "never_leaves_ringing": "accepted starting ringing ringing",
	} {
		if fault != "" {
			if err := s.Play(fault, 1); err != nil {
				t.Fatal(err)
			}
		}
		id, status := ask("POST", path, `{"from":"+74951230417","to":"+79990000001"}`)
		got := []string{status}
		for _, later := range []time.Duration{time.Second, time.Second, time.Minute} {
			now = now.Add(later)
			_, status = ask("GET", path+"/"+id, "")
			got = append(got, status)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", fault, got, want)
		}
	}
	id, _ := ask("POST", path, `{"from":"+74951230417","to":"+79990000001"}`)
	if _, code := ask("POST", path+"/"+id, `{"receivedCli":"+74951230418"}`); code != "" {
		t.Errorf("another number than the one that called was taken: %s", code)
	}
	if _, status := ask("POST", path+"/"+id, `{"receivedCli":"+74951230417"}`); status != "completed" {
		t.Errorf("ended: %s", status)
	}
}
