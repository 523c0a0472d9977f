package realclients

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// person is the demo user with a browser that has cookies, redirects and forms,
// and no scripts.
type person struct {
	t        *testing.T
	provider *provider
	http     *http.Client
	until    string
	consents int // how often the person was asked for consent

	page *goquery.Document
	at   *url.URL
	last *http.Response
}

// landing is where the provider sent the browser: what the client gets.
type landing struct {
	URL string `json:"url"`
	// Body is the posted form of response_mode=form_post, encoded.
	Body string `json:"body,omitempty"`
}

func newPerson(t *testing.T, p *provider) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	who := &person{t: t, provider: p}
	who.http = &http.Client{Transport: asBrowser{}, Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if who.reached(r.URL.String()) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return who
}

// asBrowser asks for pages as browsers do; some clients send nobody else to a login.
type asBrowser struct{}

func (asBrowser) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Dest", "document")
	return http.DefaultTransport.RoundTrip(r)
}

// reached says whether the address is the one that the client waits at.
func (p *person) reached(address string) bool {
	return p.until != "" && strings.HasPrefix(address, p.until)
}

// open visits the address, signs in where asked, and returns with what the
// client gets at an address that starts with until.
func (p *person) open(address, until string) landing {
	p.t.Helper()
	p.until = until
	defer func() { p.until = "" }()
	p.get(address)
	for range 12 {
		if to, err := p.last.Location(); err == nil && p.reached(to.String()) {
			return landing{URL: to.String()}
		}
		if action, fields, ok := p.form("form"); ok && p.reached(action) {
			return landing{URL: action, Body: fields.Encode()}
		}
		p.step()
	}
	p.t.Fatalf("%s never led to %s", address, until)
	return landing{}
}

// visit goes to the address, signs in where asked, and stays on the first page
// that isn't the provider's.
func (p *person) visit(address string) *person {
	p.t.Helper()
	p.get(address)
	return p.leave()
}

// leave answers the provider's pages until the browser shows somebody else's.
func (p *person) leave() *person {
	p.t.Helper()
	for range 12 {
		if p.at.Host != p.provider.host() {
			return p
		}
		if action, fields, ok := p.form("form"); ok && !strings.Contains(action, p.provider.host()) {
			p.post(action, fields) // what a script of the form_post page does
			continue
		}
		p.step()
	}
	p.t.Fatalf("%s: the provider never lets go of the browser", p.at)
	return p
}

// approve lets a device in: at its address, which holds the code of its display
// unless the person has to type that.
func (p *person) approve(address, code string) {
	p.t.Helper()
	p.get(address)
	if code != "" && !p.fill("input[name=user_code]", map[string]string{"user_code": code}) {
		p.t.Fatalf("%s has nowhere to type the device's code:\n%s", p.at, p.body())
	}
	for range 12 {
		if p.has("[data-device=approved]") {
			return
		}
		p.step()
	}
	p.t.Fatalf("%s never let the device in:\n%s", address, p.body())
}

// step answers the provider's page that is shown.
func (p *person) step() {
	p.t.Helper()
	switch {
	case p.fill("input[name=password]", map[string]string{"login": "demo", "password": "ring-the-phone"}):
	case p.has("input[name=code]"):
		p.fill("input[name=code]", map[string]string{"code": p.digits()})
	case p.fill("button[value=continue]", map[string]string{"action": "continue"}):
	case p.fill("input[name=user_code]", nil): // of a device, already in the field
	case p.fill("button[value=allow]", map[string]string{"action": "allow"}):
		p.consents++
	case p.fill("form[action*=logout] button", nil):
	default:
		p.t.Fatalf("%s (%s) shows nothing to answer:\n%s", p.at, p.last.Status, p.page.Find("main").Text())
	}
}

// digits waits for the call of the page that is shown and reads the code off the
// number that calls. A login places one call here, so it is the newest that
// nobody answered yet.
func (p *person) digits() string { return digits(p.t, p.provider) }

func digits(t *testing.T, p *provider) string {
	t.Helper()
	var from string
	processtest.Eventually(t, "the phone didn't ring", func() bool {
		var id string
		if id, from = p.newestCall(t); id == p.heard {
			return false
		}
		p.heard = id
		return true
	})
	return from[len(from)-4:]
}

func (p *person) has(selector string) bool { return p.page.Find(selector).Length() > 0 }

// fill posts the form that holds the selector, if the page has it.
func (p *person) fill(selector string, values map[string]string) bool {
	p.t.Helper()
	action, fields, ok := p.form(selector)
	if !ok {
		return false
	}
	for name, value := range values {
		fields.Set(name, value)
	}
	p.post(action, fields)
	return true
}

// form is what the form that holds the selector would send, and where to.
func (p *person) form(selector string) (action string, fields url.Values, ok bool) {
	p.t.Helper()
	form := p.page.Find(selector).First().Closest("form")
	if form.Length() == 0 {
		return "", nil, false
	}
	fields = url.Values{}
	form.Find("input[name]").Each(func(_ int, s *goquery.Selection) {
		fields.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	target, err := p.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		p.t.Fatal(err)
	}
	return target.String(), fields, true
}

func (p *person) get(address string) {
	p.t.Helper()
	res, err := p.http.Get(address)
	p.read(res, err)
}

func (p *person) post(address string, fields url.Values) {
	p.t.Helper()
	res, err := p.http.PostForm(address, fields)
	p.read(res, err)
}

func (p *person) read(res *http.Response, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if p.page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		p.t.Fatal(err)
	}
	p.at, p.last = res.Request.URL, res
}

// body is the text of the page that is shown.
func (p *person) body() string { return strings.TrimSpace(p.page.Text()) }

// signedIn asks without a page whether the provider knows this browser: prompt=none
// of the demo's own client.
func (p *person) signedIn() bool {
	p.t.Helper()
	back := p.provider.shop() + "/callback"
	ask := url.Values{
		"client_id": {"demo-app"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid"}, "prompt": {"none"},
		"code_challenge": {strings.Repeat("c", 43)}, "code_challenge_method": {"S256"},
	}
	got := query(p.t, p.open(p.provider.issuer+"/oauth/ae?"+ask.Encode(), back).URL)
	switch fault := got.Get("error"); {
	case got.Get("code") != "":
		return true
	case fault != "login_required":
		p.t.Fatalf("prompt=none is answered with %q", fault)
	}
	return false
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}
