package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/static"
	"github.com/ringtail-id/ringtail/templates"
)

// screen is a page of the step flashCall as the login would have it rendered,
// and the selector that proves that it is this one.
type screen struct {
	name, state, actions string
	problem              *templates.Problem
	values               map[string]any
	proof                string
	kept                 bool           // its picture is in docs/reference/screens.md
	other                templates.Page // of another step than flashCall
}

// otherScreens are the pages beside the step's.
func otherScreens(now time.Time) []screen {
	ask := templates.Step{Name: "choose", Form: "form", Person: "demo", Actions: []string{"other", "cancel"},
		Consent: &templates.Consent{Proof: "proof", Items: []templates.ConsentItem{{Name: "phone", Title: "See your phone number", Description: "For orders.",
			Values: []templates.ConsentValue{{Label: "Phone number", Text: "+7 999 ***-**-01"}}}}, Policy: "https://shop.example/policy"},
		Choices: []templates.Choice{{Method: "password"}, {Method: "flashCall", Problem: &templates.Problem{ID: "no_phone"}}}}
	account := templates.Account{URL: "/profile", SignOut: "/logout", Person: "demo", Proof: "proof", Phone: "+7 999 ***-**-01", Calling: true,
		Calls:   []templates.AccountCall{{At: now.Add(-time.Hour), Channel: "flashCall", Client: "Demo shop", State: "confirmed"}},
		Sharing: true, Accesses: []templates.AccountAccess{
			{ClientID: "shop", Client: "Demo shop", Since: now, Items: []string{"Know who you are", "See your phone number"}}, {ClientID: "tv", Client: "Television", Since: now}},
		Sessions: []templates.AccountSession{{ID: "1", Browser: "Firefox", System: "Linux", Address: "192.0.2.7", Began: now, Seen: now, Clients: []string{"Demo shop"}, Current: true},
			{ID: "2", Began: now.Add(-48 * time.Hour), Seen: now.Add(-time.Hour)}}}
	connect := func(view string) templates.Page {
		return templates.Page{Name: "device", Data: templates.Device{View: view, Action: "/device", Code: "WDJB-MJHT", Proof: "proof", Scopes: []string{"openid", "phone"}, AskedAt: now}}
	}
	mistyped := connect("enter")
	mistyped.Problem = &templates.Problem{ID: "device_code_unknown", Field: "user_code"}
	device := ask
	device.Consent = &templates.Consent{Proof: "proof", UserCode: "WDJB-MJHT", Unchecked: true, Host: "tv.example", Items: ask.Consent.Items,
		Website: "https://tv.example/", Policy: "https://tv.example/policy", Terms: "https://tv.example/terms", Before: []string{"Know who you are"}}
	list := []screen{
		{name: "consent-device-page", proof: "[data-user-code]", other: templates.Page{Name: "consent", Data: device}},
		{name: "device-page", proof: "#user-code", other: connect("enter")},
		{name: "device-mistyped-page", proof: "#user-code[aria-invalid]", other: mistyped},
		{name: "device-confirm-page", proof: "[data-warning=device]", other: connect("confirm")},
		{name: "device-approved-page", proof: "[data-device=approved]", other: connect("approved")},
		{name: "signed-out-next-page", proof: "a.primary", other: templates.Page{Name: "signedOut", Data: templates.SignedOut{Next: "https://shop.example/"}}},
		{name: "password-page", proof: "#password", other: templates.Page{Name: "password", Data: ask, Problem: &templates.Problem{ID: "password_wrong", Field: "password"}}},
		{name: "choose-page", proof: ".choices", other: templates.Page{Name: "choose", Data: ask}},
		{name: "consent-page", proof: ".scopes", other: templates.Page{Name: "consent", Data: ask}},
		{name: "problem-page", proof: ".alert", other: templates.Page{Name: "problem", Problem: &templates.Problem{ID: "login_expired"}}},
		{name: "logout-page", proof: "button", other: templates.Page{Name: "logout", Data: templates.Logout{Action: "/logout", Person: "demo"}}},
		{name: "signed-out-page", proof: "h1", other: templates.Page{Name: "signedOut", Data: templates.SignedOut{}}},
		{name: "account-page", proof: ".calls", other: templates.Page{Name: "account", Data: account}},
	}
	return list
}

// screens are all that the step can show.
func screens(now time.Time) []screen {
	in := func(d time.Duration) time.Time { return now.Add(d) }
	problem := func(id, field string, until time.Duration) *templates.Problem {
		return &templates.Problem{ID: id, Field: field, Args: map[string]any{"until": in(until), "resend_at": in(until), "length": 4}}
	}
	const chain = "resend sms voice not_mine other"
	type values = map[string]any
	return []screen{
		{name: "number", state: "number", actions: "other", values: values{"first": true}, proof: "#phone", kept: true},
		{name: "number-wrong", state: "number", actions: "other", problem: problem("number_malformed", "phone", 0), values: values{"first": true}, proof: "#phone[aria-invalid]"},
		{name: "permission", state: "ready", actions: "resend sms not_mine other", proof: ".primary[value=resend]", kept: true},
		{name: "permission-wait", state: "ready", actions: "resend other", values: values{"resend_at": in(time.Minute)}, proof: ".primary[value=resend] .wait"},
		{name: "calling", state: "calling", actions: "not_mine other", proof: ".sign-calling", kept: true},
		{name: "called", state: "called", actions: chain, proof: ".caller", kept: true, values: values{
			"caller_mask": "+7 495 000-__-__", "called_at": in(-20 * time.Second), "resend_at": in(45 * time.Second), "sms_at": in(45 * time.Second)}},
		{name: "called-whole", state: "called", actions: "resend other", proof: "#code[maxlength='40']", values: values{"whole_number": true, "called_at": in(-4 * time.Minute)}},
		{name: "wrong", state: "wrong", actions: chain, problem: problem("code_wrong", "code", 0), proof: "#code-error", kept: true,
			values: values{"tries_left": 2, "called_at": in(-time.Minute), "caller_mask": "+7 495 000-__-__"}},
		{name: "exhausted", state: "exhausted", actions: "resend sms other", problem: problem("code_exhausted", "", 0), proof: ".sign-exhausted", kept: true,
			values: values{"resend_at": in(30 * time.Second)}},
		{name: "expired", state: "expired", actions: "resend other", problem: problem("code_expired", "", 0), proof: ".sign-expired"},
		{name: "failed", state: "failed", actions: "resend sms voice other", problem: problem("call_unavailable", "", 0), proof: ".sign-failed", kept: true},
		{name: "unknown", state: "unknown", actions: "resend other", problem: problem("call_unknown", "", 0), proof: ".sign-unknown"},
		{name: "blocked", state: "blocked", actions: "other", problem: problem("method_blocked", "", 12*time.Minute), proof: ".sign-blocked", kept: true},
		{name: "limited", state: "limited", actions: "other", problem: problem("number_limited", "", 50*time.Minute), proof: ".sign-limited", kept: true},
		{name: "stopped", state: "stopped", actions: "other", problem: problem("calls_stopped", "", 0), proof: ".sign-stopped", kept: true},
		{name: "not-mine", state: "not_mine", actions: "other", problem: problem("number_not_mine", "", 0), proof: ".sign-not_mine"},
		{name: "no-phone", state: "no_phone", actions: "other", problem: problem("no_phone", "", 0), proof: ".sign-no_phone"},
		{name: "sms", state: "called", actions: "resend voice not_mine other", proof: "[data-otp]", kept: true,
			values: values{"channel": "sms", "code_length": 6, "called_at": in(-5 * time.Second), "resend_at": in(time.Minute)}},
		{name: "sms-permission", state: "ready", actions: "resend voice other", values: values{"channel": "sms", "code_length": 6}, proof: ".primary[value=resend]"},
		{name: "voice", state: "called", actions: "resend sms other", values: values{"channel": "voice", "code_length": 8, "called_at": in(-5 * time.Second)}, proof: ".by-voice"},
		{name: "first", state: "called", actions: "resend sms not_mine", proof: "[data-state=called]", kept: true, values: values{"first": true, "resend_at": in(40 * time.Second)}},
	}
}

// page is what the login hands to the renderer.
func (s screen) page(lang string) templates.Page {
	if s.other.Name != "" {
		s.other.Lang, s.other.Client = lang, "Demo shop"
		return s.other
	}
	step := templates.Step{
		Name: "flashCall", Form: "form", Person: "demo", State: s.state, Actions: append(strings.Fields(s.actions), "cancel"),
		Values: map[string]any{"channel": "flashCall", "phone": "+7 999 ***-**-01", "code_length": 4},
	}
	for name, value := range s.values {
		step.Values[name] = value
	}
	if s.values["first"] == true {
		step.Person = ""
	}
	if s.state == "calling" {
		step.RefreshMillis = 500
	}
	return templates.Page{Name: "flashCall", Lang: lang, Client: "Demo shop", Problem: s.problem, Data: step}
}

// screenServer shows the screen NAME at /LANG/NAME below its URL. With a query it
// does so once, and then answers 204, on which a browser stays where it is.
type screenServer struct {
	*httptest.Server
	t        *testing.T
	renderer *templates.Renderer

	mu     sync.Mutex
	posted []string // name, action and code of every form
	shown  map[string]bool
	moved  map[string]string // names that show another screen by now
}

func serveScreens(t *testing.T) *screenServer {
	t.Helper()
	files, err := static.New("/static")
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := templates.New(templates.Options{Asset: files.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := &screenServer{t: t, renderer: renderer, shown: map[string]bool{}, moved: map[string]string{}}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", files)
	mux.HandleFunc("GET /screens/{lang}/{name}", s.get)
	mux.HandleFunc("POST /screens/{lang}/{name}", s.post)
	s.Server = httptest.NewServer(mux)
	s.URL += "/screens"
	t.Cleanup(s.Close)
	return s
}

func (s *screenServer) get(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.RawQuery != "" && s.shown[r.URL.String()] {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.shown[r.URL.String()] = true
	name := r.PathValue("name")
	if now, ok := s.moved[name]; ok {
		name = now
	}
	for _, screen := range append(screens(time.Now()), otherScreens(time.Now())...) {
		if screen.name == name {
			if err := s.renderer.Render(w, screen.page(r.PathValue("lang"))); err != nil {
				s.t.Error(err)
			}
			return
		}
	}
	http.NotFound(w, r)
}

func (s *screenServer) post(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posted = append(s.posted, strings.TrimSpace(r.PathValue("name")+" "+r.FormValue("action")+r.FormValue("code")+r.FormValue("phone")))
	http.Redirect(w, r, "/screens/"+r.PathValue("lang")+"/expired", http.StatusSeeOther)
}

// move has the name show another screen from now on.
func (s *screenServer) move(name, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moved[name] = to
}

// posts returns what was posted since it was called last.
func (s *screenServer) posts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	posted := s.posted
	s.posted = nil
	return posted
}
