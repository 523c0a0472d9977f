package providers_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// send asks a stand-in as a driver would, and gives the answer.
func send(t *testing.T, s http.Handler, method, target string, header map[string]string, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func start(t *testing.T, name string, o providers.Options) *providers.Standin {
	t.Helper()
	s, err := providers.New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNew(t *testing.T) {
	for _, name := range providers.Names() {
		s := start(t, name, providers.Options{})
		if s.Name() != name || len(providers.Secrets(name)) == 0 || len(s.Faults()) < 14 {
			t.Errorf("%s: %v", name, s.Faults())
		}
		seen := map[standin.Fault]bool{}
		for _, f := range s.Faults() {
			if seen[f] {
				t.Errorf("%s has the fault %s twice", name, f)
			}
			seen[f] = true
		}
	}
	for name, o := range map[string]providers.Options{
		"nobody":  {},
		"example": {Secrets: map[string]string{"other": "x"}},
	} {
		if _, err := providers.New(name, o); err == nil {
			t.Errorf("%s was made of %v", name, o)
		}
	}
	if _, err := providers.New("example", providers.Options{Secrets: map[string]string{"token": ""}}); err == nil {
		t.Error("an empty secret was taken")
	}
	start(t, "example", providers.Options{Secrets: map[string]string{"token": "mine"}})
	if providers.Secrets("example")["token"] == "mine" {
		t.Error("one stand-in's secrets are another's")
	}
}

func TestControl(t *testing.T) {
	s := start(t, "example", providers.Options{})
	head := map[string]string{"Token": "example-token", "Content-Type": "application/json"}
	call := func() *httptest.ResponseRecorder {
		return send(t, s, "POST", "/call", head, `{"id":"test","dst_number":"9990000001"}`)
	}
	if w := call(); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var list []standin.Call
	w := send(t, s, "GET", "/_standin/calls?to=79990000001", nil, "")
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list) != 1 || list[0].From == "" {
		t.Errorf("calls: %s", w.Body)
	}
	for name, tc := range map[string]struct {
		kind, body string
		status     int
	}{
		"common fault": {"application/json", `{"fault":"rate_limit","times":1}`, 204},
		"own fault":    {"application/json", `{"fault":"short","times":1}`, 204},
		"unknown":      {"application/json", `{"fault":"flood","times":1}`, 400},
		"form":         {"text/plain", `{"fault":"short","times":1}`, 400},
		"not JSON":     {"application/json", `short`, 400},
		"nothing":      {"application/json", `{"fault":"","times":0}`, 204},
	} {
		if w := send(t, s, "POST", "/_standin/faults", map[string]string{"Content-Type": tc.kind}, tc.body); w.Code != tc.status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	send(t, s, "POST", "/_standin/faults", map[string]string{"Content-Type": "application/json"}, `{"fault":"rate_limit","times":1}`)
	if w := call(); w.Code != http.StatusTooManyRequests {
		t.Errorf("the fault gave %d", w.Code)
	}
	if w := call(); w.Code != http.StatusOK {
		t.Errorf("after the fault %d", w.Code)
	}
	text := send(t, s, "GET", "/_standin", nil, "").Body.String()
	if !strings.Contains(text, "stand-in of example;") || !strings.Contains(text, "rate_limit") || strings.Contains(text, "example-token") {
		t.Errorf("what anybody may read: %s", text)
	}
	told := s.Description("http://localhost:8410")
	for _, want := range []string{"token = example-token", "ringtail loop run example --standin http://localhost:8410 --secret 'token=example-token'"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q isn't in\n%s", want, told)
		}
	}
}

func TestGarbage(t *testing.T) {
	s := start(t, "example", providers.Options{Rand: strings.NewReader(strings.Repeat("\x00", 1000))})
	for fault, want := range map[standin.Fault]string{
		standin.FaultEmpty: "", standin.FaultNull: "null", standin.FaultList: "[]", standin.FaultTruncated: `{"SenderID":"`,
		standin.FaultTypes: `{"SenderID":7}`, standin.FaultNulls: `{"SenderID":null}`, standin.FaultShape: `{"SenderID":{"x":"x"}}`,
	} {
		if err := s.Play(fault, 1); err != nil {
			t.Fatal(err)
		}
		w := send(t, s, "POST", "/call", map[string]string{"Token": "example-token", "Content-Type": "application/json"}, `{"id":"test","dst_number":"9990000001"}`)
		if got := w.Body.String(); w.Code != 200 || got != want {
			t.Errorf("%s: %d %s, want %s", fault, w.Code, got, want)
		}
	}
}

func TestExample(t *testing.T) {
	s := start(t, "example", providers.Options{})
	for name, tc := range map[string]struct {
		method, path, token, kind, body string
		status                          int
	}{
		"right":            {"POST", "/call", "example-token", "application/json", `{"id":"test","dst_number":"9990000001"}`, 200},
		"eleven digits":    {"POST", "/call", "example-token", "application/json", `{"id":"test","dst_number":"79990000001"}`, 400},
		"number as number": {"POST", "/call", "example-token", "application/json", `{"id":"test","dst_number":9990000001}`, 400},
		"unknown key":      {"POST", "/call", "example-token", "application/json", `{"id":"test","dst_number":"9990000001","x":1}`, 400},
		"two values":       {"POST", "/call", "example-token", "application/json", `{"id":"test","dst_number":"9990000001"}{}`, 400},
		"no id":            {"POST", "/call", "example-token", "application/json", `{"dst_number":"9990000001"}`, 400},
		"wrong token":      {"POST", "/call", "x", "application/json", `{"id":"test","dst_number":"9990000001"}`, 401},
		"form":             {"POST", "/call", "example-token", "application/x-www-form-urlencoded", `id=test`, 415},
		"huge":             {"POST", "/call", "example-token", "application/json", `{"id":"` + strings.Repeat("x", 100<<10) + `"}`, 413},
		"GET":              {"GET", "/call", "example-token", "application/json", ``, 405},
		"another path":     {"POST", "/", "example-token", "application/json", ``, 404},
	} {
		t.Run(name, func(t *testing.T) {
			w := send(t, s, tc.method, tc.path, map[string]string{"Token": tc.token, "Content-Type": tc.kind}, tc.body)
			if w.Code != tc.status {
				t.Errorf("%d, want %d", w.Code, tc.status)
			}
		})
	}
	if calls := s.Calls("79990000001"); len(calls) != 1 {
		t.Errorf("calls %v", calls)
	}
	for fault, want := range map[standin.Fault]int{standin.FaultShort: 2, "code_only": 4, standin.FaultNoCaller: 0} {
		if err := s.Play(fault, 1); err != nil {
			t.Fatal(err)
		}
		w := send(t, s, "POST", "/call", map[string]string{"Token": "example-token", "Content-Type": "application/json"}, `{"id":"test","dst_number":"9990000001"}`)
		var answer struct{ SenderID string }
		if body, err := io.ReadAll(w.Body); err != nil || json.Unmarshal(body, &answer) != nil || len(answer.SenderID) != want {
			t.Errorf("%s: %q", fault, answer.SenderID)
		}
	}
}

func TestCallbacksThatAreNone(t *testing.T) {
	s := start(t, "example", providers.Options{})
	head := map[string]string{"Token": "example-token", "Content-Type": "application/json"}
	send(t, s, "POST", "/call", head, `{"id":"test","dst_number":"9990000001"}`)
	for _, id := range []string{"1", "2"} {
		if _, err := s.Callback(id, "delivered"); err == nil {
			t.Errorf("call %s has a callback", id)
		}
	}
}
