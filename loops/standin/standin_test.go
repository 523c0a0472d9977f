package standin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/loops/standin"
)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newPhone(t *testing.T) (*standin.Phone, *httptest.Server, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	p, err := standin.NewPhone(standin.PhoneOptions{Token: "t", Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, server, c
}

func post(t *testing.T, url, token, body string) (int, map[string]string) {
	t.Helper()
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
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

func get(t *testing.T, url string) (*http.Response, []byte) {
	t.Helper()
	answer, err := http.Get(url) //nolint:gosec // the test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

func TestPhoneListsCallsNewestFirst(t *testing.T) {
	_, server, c := newPhone(t)
	status, first := post(t, server.URL+"/calls", "t", `{"to":"79990000001","reference":"a"}`)
	if status != 201 || len(first["from"]) != 11 || first["state"] != "ringing" || first["to"] != "79990000001" {
		t.Fatalf("%d %v", status, first)
	}
	c.add(30 * time.Second)
	_, second := post(t, server.URL+"/calls", "t", `{"to":"+79990000001","code":"0042"}`)
	if !strings.HasSuffix(second["from"], "0042") || len(second["from"]) != 11 {
		t.Errorf("a wanted code: %v", second)
	}
	post(t, server.URL+"/calls", "t", `{"to":"79990000002"}`)
	var list []standin.Call
	answer, body := get(t, server.URL+"/api/calls?to=79990000001")
	if err := json.Unmarshal(body, &list); err != nil || len(list) != 2 {
		t.Fatalf("%s, %v", body, err)
	}
	if list[0].From != second["from"] || list[0].State != "ringing" || list[1].From != first["from"] || list[1].State != "ended" {
		t.Errorf("list = %s", body)
	}
	if answer.Header.Get("Content-Type") != "application/json" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers = %v", answer.Header)
	}
	if _, body := get(t, server.URL+"/api/calls?to=70000000000"); strings.TrimSpace(string(body)) != "[]" {
		t.Errorf("nobody's calls: %s", body)
	}
}

func TestPhoneRefuses(t *testing.T) {
	p, server, _ := newPhone(t)
	for name, tc := range map[string]struct {
		token, body string
		status      int
	}{
		"wrong token":  {"x", `{"to":"79990000001"}`, 401},
		"no token":     {"", `{"to":"79990000001"}`, 401},
		"not JSON":     {"t", `to=79990000001`, 400},
		"no number":    {"t", `{}`, 400},
		"short number": {"t", `{"to":"123"}`, 400},
		"letters":      {"t", `{"to":"7999000000a"}`, 400},
		"odd code":     {"t", `{"to":"79990000001","code":"12x4"}`, 400},
		"huge":         {"t", `{"to":"` + strings.Repeat("1", 1<<20) + `"}`, 400},
	} {
		if status, _ := post(t, server.URL+"/calls", tc.token, tc.body); status != tc.status {
			t.Errorf("%s: %d, want %d", name, status, tc.status)
		}
	}
	if calls := p.Calls(""); len(calls) != 0 {
		t.Errorf("calls were placed: %v", calls)
	}
	if _, err := standin.NewPhone(standin.PhoneOptions{}); err == nil {
		t.Error("a phone without a token")
	}
}

func TestPhoneRemembersABoundedNumberOfCalls(t *testing.T) {
	p, server, _ := newPhone(t)
	for n := range 1010 {
		post(t, server.URL+"/calls", "t", fmt.Sprintf(`{"to":"79990000001","reference":"r%d"}`, n))
	}
	if calls := p.Calls(""); len(calls) != 1000 || calls[0].ID != "1010" {
		t.Errorf("%d calls, newest %s", len(calls), calls[0].ID)
	}
}

func TestPhoneDrawsFromTheInjectedRandomness(t *testing.T) {
	p, err := standin.NewPhone(standin.PhoneOptions{Token: "t", Rand: bytes.NewReader([]byte{255, 250, 0, 11, 22, 249})})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/calls", strings.NewReader(`{"to":"79990000001"}`))
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	if calls := p.Calls(""); w.Code != 201 || calls[0].From != "74950000129" {
		t.Errorf("%d, %v", w.Code, calls)
	}
	w = httptest.NewRecorder()
	p.ServeHTTP(w, r.Clone(r.Context()))
	if w.Code == 201 {
		t.Error("a number was drawn from nothing")
	}
}

func TestPhonePage(t *testing.T) {
	_, server, c := newPhone(t)
	_, call := post(t, server.URL+"/calls", "t", `{"to":"79990000001"}`)
	page := func(query string) (*goquery.Document, *http.Response) {
		answer, body := get(t, server.URL+"/"+query)
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return doc, answer
	}
	doc, answer := page("?to=79990000001")
	if got := doc.Find("article.ringing .number").Text(); got != "+"+call["from"] {
		t.Errorf("number %q", got)
	}
	if got := doc.Find("article.ringing .number strong").Text(); got != call["from"][7:] {
		t.Errorf("last digits %q", got)
	}
	csp := answer.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("CSP %q", csp)
	}
	if doc.Find("style, [style], script:not([src]), [onclick], [onload]").Length() != 0 {
		t.Error("the page holds script or style of its own")
	}
	if !strings.Contains(doc.Find("noscript").Text()+doc.Find("noscript meta").AttrOr("http-equiv", ""), "refresh") {
		t.Error("without script the page doesn't look for new calls")
	}
	c.add(time.Minute)
	if doc, _ = page(""); doc.Find("article.ended").Length() != 1 || doc.Find("article.ringing").Length() != 0 {
		t.Error("a call rings for ever")
	}
	if doc, _ = page(`?to="><script>alert(1)</script>`); doc.Find("script").Length() != 1 {
		t.Error("the number is not escaped")
	}
	for _, asset := range []string{"phone.css", "phone.js"} {
		if answer, body := get(t, server.URL+"/"+asset); answer.StatusCode != 200 || len(body) == 0 {
			t.Errorf("%s: %d", asset, answer.StatusCode)
		}
	}
}

func TestFaultsAreChosenOverTheAPI(t *testing.T) {
	_, server, _ := newPhone(t)
	if status, _ := post(t, server.URL+"/faults", "t", `{"fault":"error","times":1}`); status != 204 {
		t.Errorf("status %d", status)
	}
	if status, _ := post(t, server.URL+"/calls", "t", `{"to":"79990000001"}`); status != 500 {
		t.Errorf("the fault gave %d", status)
	}
	if status, _ := post(t, server.URL+"/calls", "t", `{"to":"79990000001"}`); status != 201 {
		t.Errorf("after the fault %d", status)
	}
	if status, _ := post(t, server.URL+"/faults", "t", `{"fault":"flood","times":1}`); status != 400 {
		t.Errorf("an unknown fault gave %d", status)
	}
	if status, _ := post(t, server.URL+"/faults", "x", `{"fault":"error","times":1}`); status != 401 {
		t.Errorf("a wrong token gave %d", status)
	}
}
