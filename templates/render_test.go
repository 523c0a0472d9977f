package templates

import (
	"bytes"
	"flag"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newRenderer(t *testing.T, o Options) *Renderer {
	t.Helper()
	o.Asset = func(name string) string { return "/static/hash/" + name }
	o.Now = func() time.Time { return noon }
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pagesOfTest are all pages in all states worth a look.
func pagesOfTest() map[string]Page {
	step := func(name string, actions ...string) Step {
		return Step{Name: name, Form: "f1", Person: "demo", Actions: append(actions, "cancel")}
	}
	problem := func(id, field string) *Problem { return &Problem{ID: id, Field: field} }
	until := &Problem{ID: "method_blocked", Args: map[string]any{"until": noon.Add(30 * time.Minute)}}
	first := Step{Name: "password", Form: "f1", Actions: []string{"cancel"}}
	wrong := first
	wrong.Typed = "demo"
	chosen := step("newPassword")
	chosen.Values = map[string]any{"min_length": 12}
	choose := step("choose")
	choose.Choices = []Choice{{Method: "password"}, {Method: "flashCall", Problem: problem("no_phone", "")}}
	consent := step("consent", "allow")
	consent.Consent = &Consent{Proof: "p1", Items: []ConsentItem{
		{Name: "openid", Title: "Know who you are", Description: "More of it."},
		{Name: "email", Title: "E-mail", Values: []ConsentValue{{Label: "E-mail address", Text: "demo@shop.example"}, {Label: "Confirmed", Text: "no"}}},
	}}
	device := step("consent", "allow")
	device.Consent = &Consent{
		Proof: "p1", UserCode: "WDJB-MJHT", Unchecked: true, Host: "tv.example", Logo: "https://tv.example/logo.png", Website: "https://tv.example/",
		Policy: "https://tv.example/policy", Terms: "https://tv.example/terms", Items: consent.Consent.Items[:1], Before: []string{"See your profile"},
	}
	account := Account{
		URL: "/blitz/profile", SignOut: "/blitz/oauth/logout", Person: "demo", Proof: "f1", Phone: "+7 999 ***-**-01", Calling: true,
	}
	stopped, only, called := account, account, account
	stopped.Stopped, stopped.OnlyWay = true, true
	only.OnlyWay = true
	called.Stopped = true
	undo := stopped
	undo.Recent = true
	called.Calls = []AccountCall{
		{At: noon.Add(-30 * time.Second), Channel: "flashCall", Client: "Demo shop", State: "called"},
		{At: noon.Add(-5 * time.Hour), Channel: "sms", State: "confirmed"},
		{At: noon.Add(-6 * time.Hour), Channel: "pigeon", Client: "shop", State: "lost"},
	}
	signedIn := account
	signedIn.Sessions = []AccountSession{
		{ID: "s1", Browser: "Firefox", System: "Linux", Address: "192.0.2.7", Began: noon.Add(-48 * time.Hour), Seen: noon.Add(-time.Minute), Clients: []string{"Demo shop"}, Current: true},
		{ID: "s2", Began: noon.Add(-72 * time.Hour), Seen: noon.Add(-5 * time.Hour)},
	}
	tv := Device{
		View: "confirm", Action: "/blitz/device", Code: "WDJB-MJHT", Proof: "p", Scopes: []string{"openid", "orders:read"}, AskedAt: noon.Add(-3 * time.Minute),
	}
	none := account
	none.Phone = ""
	sharing, unshared := account, account
	sharing.Sharing, unshared.Sharing = true, true
	sharing.Accesses = []AccountAccess{{ClientID: "shop", Client: "Demo shop", Since: noon, Items: []string{"Know who you are", "See your e-mail address"}}, {ClientID: "tv", Client: "tv", Since: noon}}
	pages := map[string]Page{
		"account":            {Name: PageAccount, Data: account},
		"account-only":       {Name: PageAccount, Data: only},
		"account-sessions":   {Name: PageAccount, Data: signedIn},
		"account-stopped":    {Name: PageAccount, Data: stopped},
		"account-undo":       {Name: PageAccount, Data: undo},
		"account-calls":      {Name: PageAccount, Data: called},
		"account-access":     {Name: PageAccount, Data: sharing},
		"account-unshared":   {Name: PageAccount, Data: unshared},
		"account-no-phone":   {Name: PageAccount, Data: none},
		"account-out":        {Name: PageAccount, Status: 403, Data: Account{URL: "/blitz/profile"}},
		"device":             {Name: PageDevice, Data: Device{View: "enter", Action: "/blitz/device"}},
		"device-wrong":       {Name: PageDevice, Status: 400, Problem: problem("device_code_unknown", "user_code"), Data: Device{View: "enter", Action: "/blitz/device", Code: "WDJB-MJHT"}},
		"device-limited":     {Name: PageDevice, Status: 429, Problem: &Problem{ID: "device_code_limited", Field: "user_code", Args: until.Args}, Data: Device{View: "enter", Action: "/blitz/device"}},
		"device-confirm":     {Name: PageDevice, Data: tv},
		"device-approved":    {Name: PageDevice, Data: Device{View: "approved"}},
		"device-denied":      {Name: PageDevice, Data: Device{View: "denied"}},
		"password":           {Name: PagePassword, Data: first},
		"password-wrong":     {Name: PagePassword, Status: 401, Problem: problem("password_wrong", "password"), Data: wrong},
		"password-wait":      {Name: PagePassword, Status: 429, Problem: &Problem{ID: "password_wait", Args: until.Args}, Data: wrong},
		"new-password":       {Name: PageNewPassword, Data: chosen},
		"new-password-short": {Name: PageNewPassword, Status: 400, Problem: &Problem{ID: "password_short", Field: "password_new", Args: map[string]any{"min": 12}}, Data: chosen},
		"new-password-twice": {Name: PageNewPassword, Status: 400, Problem: problem("password_repeat", "password_repeat"), Data: chosen},
		"choose":             {Name: PageChoose, Data: choose},
		"consent":            {Name: PageConsent, Data: consent},
		"consent-device":     {Name: PageConsent, Data: device, Images: []string{"https://tv.example/logo.png"}},
		"problem":            {Name: PageProblem, Status: 410, Problem: problem("login_expired", "")},
		"logout":             {Name: PageLogout, Data: Logout{Action: "/logout", Hidden: map[string]string{"proof": "p"}, Person: "demo"}},
		"logout-nobody":      {Name: PageLogout, Data: Logout{Action: "/logout"}},
		"signed-out":         {Name: PageSignedOut, Data: SignedOut{}},
		"signed-out-next":    {Name: PageSignedOut, Data: SignedOut{Next: "https://shop.example/bye?state=a&b"}},
		"signed-out-frames": {
			Name: PageSignedOut, Data: SignedOut{Next: "com.example.app:/bye"},
			Frames:  []string{"https://shop.example/out?iss=a&sid=b", "https://bank.example:8443/out"},
			Refresh: &Refresh{URI: "com.example.app:/bye", After: 3 * time.Second},
		},
		"form-post": {Name: PageFormPost, Data: FormPost{Action: "https://shop.example/cb", Fields: map[string]string{"code": "c", "state": `"s"`}}},
	}
	for name, phone := range phonePages() {
		pages[name] = phone.page
	}
	return pages
}

func render(t *testing.T, r *Renderer, page Page) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	if err := r.Render(w, page); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestGolden(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, page := range pagesOfTest() {
		if phonePages()[name].has != "" {
			continue // TestPhonePages says what matters of it
		}
		for _, lang := range r.Languages() {
			t.Run(name+"/"+lang, func(t *testing.T) {
				page.Lang, page.Client = lang, "Demo shop"
				got := render(t, r, page).Body.Bytes()
				file := filepath.Join("testdata", name+"."+lang+".html")
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("differs from %s; if that is meant, run the test with -update\n%s", file, got)
				}
			})
		}
	}
}

// What must hold for every page, whatever it shows.
func TestEveryPage(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, page := range pagesOfTest() {
		t.Run(name, func(t *testing.T) {
			page.Lang = "en"
			w := render(t, r, page)
			if want := max(page.Status, http.StatusOK); w.Code != want {
				t.Errorf("status %d, want %d", w.Code, want)
			}
			doc, err := goquery.NewDocumentFromReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			checkPlain(t, doc, outside(page))
			checkForms(t, doc)
			checkReferences(t, doc)
			if doc.Find("h1").Length() != 1 || doc.Find("main").Length() != 1 {
				t.Error("not one heading in one main part")
			}
			for selector, want := range map[string]string{
				`html`: "en", `meta[name=viewport]`: "width=device-width, initial-scale=1",
				`meta[name=color-scheme]`: "light dark", `meta[name=robots]`: "noindex",
			} {
				node := doc.Find(selector)
				if node.AttrOr("content", node.AttrOr("lang", "")) != want {
					t.Errorf("%s is not %q", selector, want)
				}
			}
		})
	}
}

// outside are the addresses elsewhere that the page was told to lead to.
func outside(page Page) []string {
	out, _ := page.Data.(SignedOut)
	return append(page.Frames, out.Next)
}

// checkPlain: no inline script, style or handler, nothing from elsewhere.
func checkPlain(t *testing.T, doc *goquery.Document, outside []string) {
	t.Helper()
	if doc.Find("style, [style], script:not([src]), iframe:not([sandbox]), object, embed, base").Length() != 0 {
		t.Error("inline style or script, or a frame")
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range s.Nodes[0].Attr {
			if strings.HasPrefix(attr.Key, "on") {
				t.Errorf("inline handler %s", attr.Key)
			}
			leads := s.Is("a") && strings.HasPrefix(attr.Val, "/blitz/") ||
				s.Is("a[rel~=noopener][rel~=noreferrer], img.logo[referrerpolicy=no-referrer]") && strings.HasPrefix(attr.Val, "https://tv.example/") ||
				s.Is("a, iframe") && slices.Contains(outside, attr.Val)
			if (attr.Key == "src" || attr.Key == "href") && !leads && !strings.HasPrefix(attr.Val, "/static/hash/") {
				t.Errorf("%s=%q", attr.Key, attr.Val)
			}
		}
	})
}

// checkForms: by post, every field labelled, one submit button each.
func checkForms(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		if form.AttrOr("method", "") != "post" || form.Find("button:not([type])").Length() != 1 {
			t.Error("a form without post or without its one button")
		}
		form.Find("input:not([type=hidden])").Each(func(_ int, input *goquery.Selection) {
			id := input.AttrOr("id", "")
			if doc.Find("label[for='"+id+"']").Length() != 1 {
				t.Errorf("the field %s has no label", id)
			}
			if input.AttrOr("type", "") == "number" {
				t.Errorf("the field %s loses leading zeros", id)
			}
		})
	})
}

// checkReferences: what describes a field is there, and ids are single.
func checkReferences(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("[aria-describedby], [aria-controls]").Each(func(_ int, s *goquery.Selection) {
		for _, id := range strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-controls", "")) {
			if doc.Find("#"+id).Length() != 1 {
				t.Errorf("nothing has the id %s", id)
			}
		}
	})
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("the id %s stands twice", id)
		}
		seen[id] = true
	})
}

func TestEscaping(t *testing.T) {
	r := newRenderer(t, Options{})
	evil := `"><script>alert(1)</script>${client}`
	for name, page := range pagesOfTest() {
		page.Lang, page.Client = "en", evil
		if step, ok := page.Data.(Step); ok {
			step.Person, step.Typed, step.Form = evil, evil, evil
			if step.Consent != nil {
				item := ConsentItem{Name: evil, Title: evil, Description: evil, Values: []ConsentValue{{evil, evil}}}
				step.Consent = &Consent{Proof: evil, Logo: evil, Website: evil, Policy: evil, Terms: evil, Unchecked: true, Host: evil,
					UserCode: evil, Items: []ConsentItem{item}, Before: []string{evil}}
			}
			step.Values = maps.Clone(step.Values)
			if step.Values["phone"] != nil {
				step.Values["phone"], step.Values["caller_mask"] = evil, evil
			}
			page.Data = step
		}
		if account, ok := page.Data.(Account); ok {
			account.URL, account.SignOut, account.Person, account.Proof, account.Phone = evil, evil, evil, evil, evil
			account.Calls = []AccountCall{{At: noon, Channel: evil, Client: evil, State: evil}}
			account.Accesses = []AccountAccess{{ClientID: evil, Client: evil, Since: noon, Items: []string{evil}}}
			page.Data = account
		}
		if device, ok := page.Data.(Device); ok {
			device.Action, device.Code, device.Proof, device.Scopes = evil, evil, evil, []string{evil}
			page.Data = device
		}
		doc, err := goquery.NewDocumentFromReader(render(t, r, page).Body)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Find("script").Length() != 1 {
			t.Errorf("%s: a value became markup", name)
		}
	}
}

func TestRenderErrorLeavesTheAnswerAlone(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, page := range map[string]Page{
		"no such page":  {Name: "nosuch", Lang: "en"},
		"no such state": {Name: PageFlashCall, Lang: "en", Data: Step{State: "nosuch"}},
	} {
		w := httptest.NewRecorder()
		if err := r.Render(w, page); err == nil || w.Body.Len() != 0 || len(w.Header()) != 0 {
			t.Errorf("%s: error %v, body %q, headers %v", name, err, w.Body, w.Header())
		}
	}
}

func TestNewRefuses(t *testing.T) {
	asset := func(string) string { return "" }
	for name, o := range map[string]Options{
		"no asset": {}, "a language without messages": {Asset: asset, Languages: []string{"de"}},
		"no language": {Asset: asset, Languages: []string{"../en"}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, test := range []struct {
		name     string
		options  Options
		locales  []string
		accepted string
		want     string
	}{
		{"default", Options{}, nil, "", "en"},
		{"the first is the default", Options{Languages: []string{"ru", "en"}}, nil, "", "ru"},
		{"browser", Options{}, nil, "ru-RU,ru;q=0.9,en;q=0.8", "ru"},
		{"browser with weights", Options{}, nil, "ru;q=0.1, en", "en"},
		{"browser of another language", Options{Languages: []string{"ru", "en"}}, nil, "ja", "ru"},
		{"a browser that sends rubbish", Options{}, nil, ";;;q=x", "en"},
		{"ui_locales first", Options{}, []string{"ru"}, "en", "ru"},
		{"ui_locales in order", Options{}, []string{"fr", "ru", "en"}, "en", "ru"},
		{"ui_locales that we lack", Options{}, []string{"ja"}, "ru", "ru"},
		{"ui_locales that are rubbish", Options{}, []string{"<script>"}, "ru", "ru"},
		{"browser ignored", Options{IgnoreBrowser: true}, nil, "ru", "en"},
		{"browser ignored, ui_locales not", Options{IgnoreBrowser: true}, []string{"ru"}, "en", "ru"},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/", nil)
			req.Header.Set("Accept-Language", test.accepted)
			if got := newRenderer(t, test.options).Language(req, test.locales); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestProblemText(t *testing.T) {
	r := newRenderer(t, Options{})
	text, hint := r.ProblemText("en", &Problem{ID: "password_wait", Args: map[string]any{"until": noon.Add(5 * time.Minute)}})
	if text != "Too many tries." || hint != "Try again in 5 minutes." {
		t.Errorf("%q %q", text, hint)
	}
	text, hint = r.ProblemText("en", &Problem{ID: "nosuch"})
	if text != "Something went wrong on our side." || hint == "" {
		t.Errorf("a problem without texts: %q %q", text, hint)
	}
	if got := r.Text("en", "no.such.key", nil); got != "no.such.key" {
		t.Errorf("a key without a text: %q", got)
	}
}

// A page loads images from the places that it names, https alone, and from nowhere else.
func TestImagesFromOutside(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, c := range map[string]struct {
		images []string
		want   string
	}{
		"none":             {nil, "img-src 'self';"},
		"one":              {[]string{"https://tv.example/a/logo.png?x=1"}, "img-src 'self' https://tv.example;"},
		"a port":           {[]string{"https://tv.example:8443/logo.png"}, "img-src 'self' https://tv.example:8443;"},
		"plain http":       {[]string{"http://tv.example/logo.png"}, "img-src 'self';"},
		"data":             {[]string{"data:image/png;base64,AAAA"}, "img-src 'self';"},
		"another policy":   {[]string{"https://tv.example;script-src/x"}, "img-src 'self';"},
		"a scheme alone":   {[]string{"https:"}, "img-src 'self';"},
		"every host":       {[]string{"https://*/logo.png"}, "img-src 'self';"},
		"a keyword":        {[]string{"https://'unsafe-inline'/"}, "img-src 'self';"},
		"blanks in a host": {[]string{"https://a b/"}, "img-src 'self';"},
	} {
		page := Page{Name: PageSignedOut, Lang: "en", Data: SignedOut{}, Images: c.images}
		if policy := render(t, r, page).Header().Get("Content-Security-Policy"); !strings.Contains(policy, c.want) {
			t.Errorf("%s: %s", name, policy)
		}
	}
}
