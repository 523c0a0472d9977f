package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// fakeProvider is as much of one as a checkout asks: it notes what it is asked, and
// answers as the test says.
type fakeProvider struct {
	*httptest.Server
	tokens  int
	revoked bool     // the token, until it was used once more
	asked   []string // "POST /begin phone +7... "
	keys    []string
	answer  func(asked string) (status int, body string)
}

func newProvider(t *testing.T) *fakeProvider {
	t.Helper()
	p := &fakeProvider{}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	tell := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		tell(w, http.StatusOK, fmt.Sprintf(`{"issuer":%q,"authorization_endpoint":"%[2]s/ae","token_endpoint":"%[2]s/te","jwks_uri":"%[2]s/keys"}`, p.URL, p.URL))
	})
	mux.HandleFunc("POST /te", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "phone_verification" || id != "api" || secret != "api-secret" {
			t.Errorf("asked for a token with %v as %s", r.Form, id)
		}
		p.tokens++
		tell(w, http.StatusOK, `{"access_token":"token","token_type":"Bearer","expires_in":3600}`)
	})
	mux.HandleFunc("/api/v1/verifications", p.api(t, tell))
	mux.HandleFunc("/api/v1/verifications/", p.api(t, tell))
	return p
}

func (p *fakeProvider) api(t *testing.T, tell func(http.ResponseWriter, int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			t.Errorf("asked with %q", r.Header.Get("Authorization"))
		}
		if p.revoked {
			p.revoked = false
			tell(w, http.StatusUnauthorized, `{"id":"token_invalid","status":401}`)
			return
		}
		asked := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1/verifications")
		if r.Method == http.MethodPost {
			var body map[string]string
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			if asked == "POST " && body["ip"] != "127.0.0.1" {
				t.Errorf("the customer's address is %q", body["ip"])
			}
			asked += " " + body["phone"] + body["code"] + body["channel"]
			p.keys = append(p.keys, r.Header.Get("Idempotency-Key"))
		}
		p.asked = append(p.asked, asked)
		status, body := p.answer(asked)
		tell(w, status, body)
	}
}

const calling = // to +7 999 123-45-67
`{"id":"v1","status":"called","phone":"+7 999 ***-**-67","channel":"flashCall","code_length":4,"tries_left":3,
	"ends_at":"2026-03-04T12:30:00Z","resend_at":"2026-03-04T12:00:45Z","caller_mask":"+7 495 000-__-__",
	"others":[{"channel":"sms","at":"2026-03-04T11:59:00Z"}]}`

// well answers as a provider whose right code is 0042.
func well(asked string) (int, string) {
	if strings.HasSuffix(asked, "/check 0042") {
		return http.StatusOK, strings.Replace(calling, "called", "verified", 1)
	}
	if strings.Contains(asked, "/check") {
		return http.StatusBadRequest, `{"id":"code_wrong","status":400,"tries_left":2}`
	}
	return http.StatusOK, calling
}

// visitor is a browser without a screen at the shop.
type visitor struct {
	t    *testing.T
	http *http.Client
	url  string
	page *goquery.Document
}

func openShop(t *testing.T, p *fakeProvider) string {
	t.Helper()
	now := func() time.Time { return noon }
	shop, err := New(Options{Issuer: p.URL, APIClientID: "api", APIClientSecret: "api-secret", URL: "http://shop.example", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(shop)
	t.Cleanup(web.Close)
	return web.URL
}

func visit(t *testing.T, shop string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, http: &http.Client{Jar: jar}, url: shop}
	v.look()
	return v
}

func (v *visitor) look() {
	v.t.Helper()
	res, err := v.http.Get(v.url + "/checkout")
	v.read(res, err)
}

func (v *visitor) post(path string, fields ...string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	res, err := v.http.PostForm(v.url+path, form)
	v.read(res, err)
}

func (v *visitor) read(res *http.Response, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	if v.page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) key() string          { return v.page.Find("input[name=key]").AttrOr("value", "") }
func (v *visitor) has(sel string) bool  { return v.page.Find(sel).Length() > 0 }
func (v *visitor) text(s string) string { return strings.TrimSpace(v.page.Find(s).Text()) }

func TestCheckout(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	v := visit(t, openShop(t, p))
	if len(p.asked) != 0 || !v.has("#call") {
		t.Fatalf("a page view asked for %q:\n%s", p.asked, v.page.Text())
	}
	key := v.key()
	v.post("/checkout", "phone", " +7 999 123-45-67 ", "key", key)
	if !v.has("#check") || !strings.Contains(v.text("#state"), "+7 999 ***-**-67") || !strings.Contains(v.text("#state"), "+7 495 000-__-__") || !strings.Contains(v.page.Text(), "from 12:00:45 UTC") {
		t.Errorf("after the number:\n%s", v.page.Text())
	}
	v.post("/checkout/code", "code", "1111")
	if got := v.text("#problem"); got != "These are not the right digits. Tries left: 2." || !v.has("#check") {
		t.Errorf("a wrong code: %q", got)
	}
	if v.look(); v.has("#problem") {
		t.Error("a reload tells of the wrong code again")
	}
	v.post("/checkout/again", "key", v.key())
	v.post("/checkout/again", "key", v.key(), "channel", "sms")
	v.post("/checkout/code", "code", "0042")
	if !v.has("#confirmed") || v.text("#number") != "+7 999 123-45-67" {
		t.Errorf("at the end:\n%s", v.page.Text())
	}
	v.post("/checkout/code", "code", "0042")
	v.post("/checkout/again", "key", key)
	want := []string{"POST  +7 999 123-45-67", "GET /v1", "POST /v1/check 1111", "GET /v1", "GET /v1", "POST /v1/resend ", "GET /v1", "POST /v1/resend sms", "GET /v1", "POST /v1/check 0042"}
	if !slices.Equal(p.asked, want) {
		t.Errorf("asked for %q, want %q", p.asked, want)
	}
	if p.tokens != 1 {
		t.Errorf("%d tokens were asked for, and one is good for an hour", p.tokens)
	}
	if v.post("/checkout/other"); !v.has("#call") {
		t.Errorf("something else:\n%s", v.page.Text())
	}
}

// The same form posted twice has the same key; another form, another browser
// and another call have others.
func TestIdempotencyKeys(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	shop := openShop(t, p)
	first, second := visit(t, shop), visit(t, shop)
	key := first.key()
	for range 2 {
		first.post("/checkout", "phone", "+79991234567", "key", key)
	}
	second.post("/checkout", "phone", "+79991234567", "key", key)
	again := first.key()
	for range 2 {
		first.post("/checkout/again", "key", again)
	}
	if len(p.keys) != 5 || p.keys[0] != p.keys[1] || p.keys[3] != p.keys[4] {
		t.Fatalf("keys %q", p.keys)
	}
	if different := slices.Compact(slices.Sorted(slices.Values(p.keys))); len(different) != 3 {
		t.Errorf("keys %q: want three that differ", p.keys)
	}
}

func TestCheckoutRefuses(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	shop := openShop(t, p)
	for name, post := range map[string]func(v *visitor){
		"a code without a number":  func(v *visitor) { v.post("/checkout/code", "code", "0042") },
		"a call without a number":  func(v *visitor) { v.post("/checkout/again", "key", v.key()) },
		"another's verification":   func(v *visitor) { v.post("/checkout/code", "code", "0042", "id", "v1", "ID", "v1") },
		"no number":                func(v *visitor) { v.post("/checkout", "phone", " ", "key", v.key()) },
		"a long number":            func(v *visitor) { v.post("/checkout", "phone", strings.Repeat("7", 33), "key", v.key()) },
		"no key":                   func(v *visitor) { v.post("/checkout", "phone", "+79991234567") },
		"a key of one's own":       func(v *visitor) { v.post("/checkout", "phone", "+79991234567", "key", "mine") },
		"a number without a visit": func(v *visitor) { v.http.Jar = nil; v.post("/checkout", "phone", "+79991234567", "key", v.key()) },
	} {
		p.asked = nil
		v := visit(t, shop)
		if post(v); len(p.asked) != 0 || v.has("#confirmed") {
			t.Errorf("%s: asked for %q:\n%s", name, p.asked, v.page.Text())
		}
	}
	v := visit(t, shop)
	v.post("/checkout", "phone", "+79991234567", "key", v.key())
	again := v.key()
	for name, fields := range map[string][]string{
		"no code": {"code", ""}, "a long code": {"code", strings.Repeat("1", 33)},
	} {
		p.asked = nil
		if v.post("/checkout/code", fields...); slices.ContainsFunc(p.asked, func(a string) bool { return strings.Contains(a, "check") }) || !v.has("#problem") {
			t.Errorf("%s: asked for %q", name, p.asked)
		}
	}
	p.asked = nil
	if v.post("/checkout/again", "key", again+"x"); slices.ContainsFunc(p.asked, func(a string) bool { return strings.Contains(a, "resend") }) {
		t.Errorf("a call with a key of one's own: %q", p.asked)
	}
}

func TestASessionGivesFewNumbers(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	shop := openShop(t, p)
	v := visit(t, shop)
	for range maxBegun + 3 {
		v.post("/checkout/other")
		v.post("/checkout", "phone", "+79991234567", "key", v.key())
	}
	begun, mistyped := 0, visit(t, shop)
	for _, asked := range p.asked {
		if strings.HasPrefix(asked, "POST  ") {
			begun++
		}
	}
	if begun != maxBegun || !strings.Contains(v.text("#problem"), "too many numbers") {
		t.Errorf("%d numbers were called, want %d: %q", begun, maxBegun, v.text("#problem"))
	}

	// Who mistypes a number had nobody called.
	p.answer = func(string) (int, string) { return http.StatusBadRequest, `{"id":"number_malformed"}` }
	for range maxBegun + 3 {
		mistyped.post("/checkout", "phone", "+7999", "key", mistyped.key())
	}
	p.answer = well
	if mistyped.post("/checkout", "phone", "+79991234567", "key", mistyped.key()); !mistyped.has("#check") {
		t.Errorf("after numbers that were mistyped: %q", mistyped.text("#problem"))
	}
}

func TestProblemsInWords(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{`{"id":"number_limited","until":"2026-03-04T13:00:00Z"}`, "There were too many calls and codes. It is possible again at 13:00:00 UTC."},
		{`{"id":"calls_stopped"}`, "The owner of this number doesn't want calls. Please give another one."},
		{`{"id":"phone_country"}`, "We can't call numbers of this country. Please give another one."},
		{`{"id":"number_unfit"}`, "This number can't show who calls. Please give that of a mobile phone."},
		{`{"id":"number_malformed"}`, "This is no number that we can call. Please write it with its country code: +7 999 123-45-67."},
		{`{"id":"unheard_of","detail":"SELECT * FROM secrets"}`, "That didn't work. Please try again."},
	} {
		p := newProvider(t)
		p.answer = func(string) (int, string) { return http.StatusConflict, test.body }
		v := visit(t, openShop(t, p))
		v.post("/checkout", "phone", "+79991234567", "key", v.key())
		if got := v.text("#problem"); got != test.want || !v.has("#call") {
			t.Errorf("%s: %q, want %q", test.body, got, test.want)
		}
	}
}

func TestAVerificationThatIsGone(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	v := visit(t, openShop(t, p))
	v.post("/checkout", "phone", "+79991234567", "key", v.key())
	p.answer = func(string) (int, string) { return http.StatusNotFound, `{"id":"verification_unknown"}` }
	if v.look(); !v.has("#call") || !strings.Contains(v.text("#problem"), "too long") {
		t.Errorf("a verification that is gone:\n%s", v.page.Text())
	}
	p.answer = func(string) (int, string) { return http.StatusBadGateway, `<html>` }
	v.post("/checkout", "phone", "+79991234567", "key", v.key())
	if got := v.text("#problem"); !strings.Contains(got, "can't confirm numbers at the moment") {
		t.Errorf("a provider in trouble: %q", got)
	}
}

func TestARevokedTokenIsAskedForAnew(t *testing.T) {
	p := newProvider(t)
	p.answer = well
	v := visit(t, openShop(t, p))
	v.post("/checkout", "phone", "+79991234567", "key", v.key())
	p.revoked = true
	if v.post("/checkout/code", "code", "0042"); !v.has("#confirmed") || p.tokens != 2 {
		t.Errorf("%d tokens:\n%s", p.tokens, v.page.Text())
	}
}

// How the page stands follows from the provider alone.
func TestCheckoutStands(t *testing.T) {
	for _, test := range []struct {
		told, problem string
		typing, again bool
	}{
		{`{"id":"v1","status":"pending","resend_at":"2026-03-04T12:00:45Z"}`, "", true, true},
		{`{"id":"v1","status":"calling"}`, "", true, false},
		{`{"id":"v1","status":"expired","ends_at":"2026-03-04T12:30:00Z","resend_at":"2026-03-04T12:00:45Z"}`, "The code is too old. Ask for another one.", false, true},
		{`{"id":"v1","status":"exhausted","resend_at":"2026-03-04T12:00:45Z"}`, "Too many wrong codes. Ask for another one.", false, true},
		{`{"id":"v1","status":"failed","resend_at":"2026-03-04T12:00:45Z","problem":{"id":"call_refused"}}`, "Calls to this number are not possible. Please give another one.", false, true},
		{`{"id":"v1","status":"failed"}`, "The call didn't come about. Ask for another one.", false, false},
		{`{"id":"v1","status":"blocked","blocked_until":"2026-03-04T12:30:00Z"}`, "There were too many calls and codes. It is possible again at 12:30:00 UTC.", false, false},
	} {
		p := newProvider(t)
		p.answer = func(string) (int, string) { return http.StatusOK, test.told }
		v := visit(t, openShop(t, p))
		v.post("/checkout", "phone", "+79991234567", "key", v.key())
		if got := v.text("#problem"); got != test.problem || v.has("#check") != test.typing || v.has("#again") != test.again || !v.has("#other") {
			t.Errorf("%s: %q\n%s", test.told, got, v.page.Text())
		}
	}
	for _, told := range []string{`{"id":"v1","status":"expired","ends_at":"2026-03-04T12:00:00Z"}`, `{"id":"v1","status":"verified"}`} {
		p := newProvider(t)
		p.answer = func(string) (int, string) { return http.StatusOK, told }
		v := visit(t, openShop(t, p))
		v.post("/checkout", "phone", "+79991234567", "key", v.key())
		if done := strings.Contains(told, "verified"); v.has("#confirmed") != done || v.has("#call") == done {
			t.Errorf("%s:\n%s", told, v.page.Text())
		}
	}
}
