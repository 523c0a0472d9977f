package login_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/login"
)

// asking is a provider of one factor whose client asks people, and ann signed in.
func asking(t *testing.T) (*provider, *agent) {
	p := newProvider(t)
	a := p.agent()
	p.signIn(a)
	p.policy.Level, p.client.AskConsent = 1, true
	p.memory.users["ann"].Attributes = map[string]string{
		"phone_number": "79990000001", "email": `ann@<script>alert(1)</script>.example`, "name": "${email}", "nickname": "x",
	}
	return p, a
}

func scopes(names ...string) func(*idp.Login) {
	return func(l *idp.Login) { l.Request.Scopes = names }
}

func prompts(values ...string) func(*idp.Login) {
	return func(l *idp.Login) { l.Request.Prompt = values }
}

// allow answers the consent page that there must be.
func (a *agent) allow(path string) {
	a.t.Helper()
	form := a.get(path).wants(http.StatusOK, "").form("button[value=allow]", "action", "allow")
	a.post(path, form).wants(http.StatusSeeOther, callback(path))
}

// listed are the scopes that the consent page asks for.
func (g *answer) listed() (names []string) {
	g.page().Find(".scopes > li").Each(func(_ int, s *goquery.Selection) { names = append(names, s.AttrOr("data-scope", "")) })
	return names
}

func (m *memory) allowed(user, client string) (names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range m.given[user+" "+client] {
		names = append(names, string(item.Kind)+":"+item.Name)
	}
	return names
}

func TestConsentIsRemembered(t *testing.T) {
	p, a := asking(t)
	a.allow(p.begin(a, scopes("openid", "email")))
	if got := p.memory.allowed("ann", "shop"); !slices.Equal(got, []string{"scope:openid", "scope:email"}) {
		t.Fatalf("remembered is %v", got)
	}
	again := p.begin(a, scopes("email", "openid"))
	a.get(again).wants(http.StatusSeeOther, callback(again))
	silent := p.begin(a, scopes("openid"), prompts("none"))
	a.get(silent).wants(http.StatusSeeOther, callback(silent))
	if l := p.login(silent); l.State != idp.LoginDone {
		t.Errorf("prompt=none after the consent ends in %s %s", l.State, l.Error)
	}
	for _, all := range [][]string{{"openid", "email"}, {"openid", "email", "phone"}} {
		if got := a.get(p.begin(a, scopes(all...), prompts("consent"))).wants(http.StatusOK, "").listed(); !slices.Equal(got, all) {
			t.Errorf("prompt=consent asks for %v, want %v", got, all)
		}
	}
}

// Asked is only for what is new, and the page says what was allowed before.
func TestConsentToMore(t *testing.T) {
	p, a := asking(t)
	a.allow(p.begin(a, scopes("openid", "email")))
	more := p.begin(a, scopes("openid", "email", "offline_access"))
	page := a.get(more).wants(http.StatusOK, "")
	if got := page.listed(); !slices.Equal(got, []string{"offline_access"}) {
		t.Errorf("asked for %v", got)
	}
	if text := page.page().Find("main").Text(); !strings.Contains(text, "asks for more") || !strings.Contains(text, "See your e-mail address") {
		t.Errorf("the page says %s", text)
	}
	silent := p.begin(a, scopes("openid", "offline_access"), prompts("none"))
	a.get(silent).wants(http.StatusSeeOther, callback(silent))
	if l := p.login(silent); l.State != idp.LoginDenied || l.Error != login.ErrorConsentRequired {
		t.Errorf("prompt=none with more than was allowed ends in %s %s", l.State, l.Error)
	}
	a.allow(more)
	again := p.begin(a, scopes("offline_access", "openid"))
	a.get(again).wants(http.StatusSeeOther, callback(again))
}

// What one person allowed one client is nobody else's.
func TestConsentIsOfOnePersonAndOneClient(t *testing.T) {
	p, a := asking(t)
	a.allow(p.begin(a, scopes("openid")))
	b := p.agent()
	path := p.begin(b, scopes("openid"))
	b.post(path, b.get(path).form("#password", "login", "bob", "password", "right")).wants(http.StatusSeeOther, path)
	b.get(path).wants(http.StatusOK, "").form("button[value=allow]")
	p.client.ID = "other"
	other := p.begin(a, scopes("openid"), func(l *idp.Login) { l.Request.ClientID = "other" })
	a.get(other).wants(http.StatusOK, "").form("button[value=allow]")
}

// Denying is no answer for the next time, and takes nothing back.
func TestDenyingRemembersNothing(t *testing.T) {
	p, a := asking(t)
	a.allow(p.begin(a, scopes("openid")))
	path := p.begin(a, scopes("openid", "phone"))
	a.post(path, a.get(path).form("button[value=cancel]", "action", "cancel")).wants(http.StatusSeeOther, callback(path))
	if l := p.login(path); l.State != idp.LoginDenied || l.Error != login.ErrorAccessDenied {
		t.Errorf("login %+v", l)
	}
	if got := p.memory.allowed("ann", "shop"); !slices.Equal(got, []string{"scope:openid"}) {
		t.Errorf("remembered is %v", got)
	}
}

func TestWhoIsAskedAtAll(t *testing.T) {
	device := func(l *idp.Login) {
		l.Request.RedirectURI, l.Request.Device, l.Request.UserCode = "", "d1", "WDJB-MJHT"
	}
	for name, c := range map[string]struct {
		change  func(*idp.Client)
		request func(*idp.Login)
		asked   [2]bool // the first time and the second
	}{
		"a first party":                     {func(c *idp.Client) { c.AskConsent = false }, nil, [2]bool{false, false}},
		"a client that asks":                {nil, nil, [2]bool{true, false}},
		"one that registered itself":        {func(c *idp.Client) { c.AskConsent = false; c.RegistrationHash = "hash" }, nil, [2]bool{true, false}},
		"the device of a first party":       {func(c *idp.Client) { c.AskConsent = false }, device, [2]bool{true, true}},
		"the device of a client that asks":  {nil, device, [2]bool{true, true}},
		"prompt=consent of a first party":   {func(c *idp.Client) { c.AskConsent = false }, prompts("consent"), [2]bool{true, true}},
		"prompt=consent of one that asks":   {nil, prompts("consent"), [2]bool{true, true}},
		"a client that asks without scopes": {nil, scopes(), [2]bool{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			p, a := asking(t)
			if c.change != nil {
				c.change(&p.client)
			}
			for i, asked := range c.asked {
				path := p.begin(a, func(l *idp.Login) {
					if c.request != nil {
						c.request(l)
					}
				})
				if !asked {
					a.get(path).wants(http.StatusSeeOther, callback(path))
					continue
				}
				page := a.get(path).wants(http.StatusOK, "")
				if code := page.page().Find("[data-user-code]").Text(); (code == "WDJB-MJHT") != (p.login(path).Request.Device != "") {
					t.Errorf("time %d: the page has the user code %q", i+1, code)
				}
				a.post(path, page.form("button[value=allow]", "action", "allow")).wants(http.StatusSeeOther, callback(path))
			}
		})
	}
}

// The page shows the very values, the number masked, and nothing of it is markup.
func TestConsentShowsTheValues(t *testing.T) {
	p, a := asking(t)
	path := p.begin(a, scopes("openid", "phone", "email", "unheard-of"), func(l *idp.Login) {
		l.Request.Claims = &idp.ClaimsRequest{
			Userinfo: map[string]*idp.ClaimWish{"name": {Essential: true}, "email": nil},
			IDToken:  map[string]*idp.ClaimWish{"acr": nil, "sub": nil, "nothing": nil},
		}
	})
	page := a.get(path).wants(http.StatusOK, "")
	if got := page.listed(); !slices.Equal(got, []string{"openid", "phone", "email", "unheard-of", "name"}) {
		t.Errorf("listed are %v", got)
	}
	text := page.page().Find("main").Text()
	for _, want := range []string{"Demo shop", "Signing in as demo", "+7 999 ***-**-01", "ann@<script>alert(1)</script>.example", "${email}", "E-mail address confirmed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q:\n%s", want, text)
		}
	}
	if strings.Contains(page.body, "9990000001") || page.page().Find("main script").Length() > 0 {
		t.Errorf("the page shows the whole number, or has markup of a person's:\n%s", page.body)
	}
	a.post(path, page.form("button[value=allow]", "action", "allow")).wants(http.StatusSeeOther, callback(path))
	if got := p.memory.allowed("ann", "shop"); !slices.Contains(got, "claim:name") || slices.Contains(got, "claim:email") {
		t.Errorf("remembered is %v", got)
	}
}

// Links and images of an application's are shown where they are https, and an
// image only of a client that somebody here looked at.
func TestConsentShowsSafeLinksAlone(t *testing.T) {
	evil := []string{"javascript:alert(1)", "http://shop.example/", "data:text/html,x", "//shop.example/", "https://me@shop.example/", "https:", "ftp://shop.example/"}
	for _, address := range evil {
		p, a := asking(t)
		p.client.LogoURI, p.client.PolicyURI, p.client.TOSURI, p.client.ClientURI = address, address, address, address
		page := a.get(p.begin(a))
		if n := page.page().Find("main a, main img").Length(); n > 0 {
			t.Errorf("%s: %d links or images", address, n)
		}
	}
	for _, own := range []bool{false, true} {
		p, a := asking(t)
		p.client.LogoURI, p.client.PolicyURI = "https://cdn.shop.example/logo.png", "https://shop.example/policy"
		if own {
			p.client.RegistrationHash = "hash"
		}
		page := a.get(p.begin(a))
		policy := page.header.Get("Content-Security-Policy")
		logos, unchecked := page.page().Find("main img").Length(), strings.Contains(page.page().Text(), "registered here by itself")
		if logos != 1 && !own || logos != 0 && own || unchecked != own || strings.Contains(policy, "https://cdn.shop.example") == own {
			t.Errorf("registered by itself %v: %d logos, told %v, policy %s", own, logos, unchecked, policy)
		}
		if page.page().Find(`main a[rel~=noopener][rel~=noreferrer]`).Length() != 1 || own && !strings.Contains(page.page().Text(), "It will take you to shop.example") {
			t.Errorf("registered by itself %v:\n%s", own, page.body)
		}
	}
}

func TestConsentTwin(t *testing.T) {
	p, _ := asking(t)
	p.client.PolicyURI = "https://shop.example/policy"
	a := p.app()
	path := p.begin(a, scopes("openid", "phone"))
	got := a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	var twin struct {
		Step, Form string
		Actions    []string
		Consent    struct {
			For, Client string
			PolicyURI   string `json:"policy_uri"`
			Items       []struct {
				Kind, Name, Title string
				Values            []struct{ Claim, Label, Text string }
			}
		}
	}
	text, err := json.Marshal(got)
	must(t, err)
	must(t, json.Unmarshal(text, &twin))
	c := twin.Consent
	if twin.Step != "consent" || !slices.Contains(twin.Actions, "allow") || c.Client != "Demo shop" || c.PolicyURI != p.client.PolicyURI || len(c.Items) != 2 ||
		c.Items[1].Name != "phone" || len(c.Items[1].Values) != 2 || c.Items[1].Values[0].Text != "+7 999 ***-**-01" || c.Items[1].Values[0].Label != "Phone number" {
		t.Fatalf("the consent step is %s", text)
	}
	for _, body := range []string{`{"action":"allow"}`, `{"action":"allow","for":""}`, `{"action":"allow","for":"` + strings.ToUpper(c.For) + `"}`} {
		got := a.tell(path, body, http.StatusConflict)
		if problem, _ := got["problem"].(map[string]any); problem["id"] != login.ProblemConsent || got["step"] != "consent" {
			t.Errorf("%s: %v", body, got)
		}
	}
	if got := a.tell(path, `{"action":"allow","for":"`+c.For+`"}`, http.StatusOK); got["step"] != "done" {
		t.Errorf("allowed: %v", got)
	}
}

var _ consent.Records = (*memory)(nil)

// A consent page that was made for something else allows nothing, whatever else
// its form says.
func TestConsentOfAnotherPageAllowsNothing(t *testing.T) {
	for name, other := range map[string]func(*provider) []func(*idp.Login){
		"another login": func(*provider) []func(*idp.Login) { return []func(*idp.Login){scopes("openid")} },
		"more scopes":   func(*provider) []func(*idp.Login) { return []func(*idp.Login){scopes("openid", "phone")} },
		"claims beside": func(*provider) []func(*idp.Login) {
			return []func(*idp.Login){scopes("openid"), func(l *idp.Login) {
				l.Request.Claims = &idp.ClaimsRequest{IDToken: map[string]*idp.ClaimWish{"phone_number": nil}}
			}}
		},
		"another client": func(p *provider) []func(*idp.Login) {
			p.client.ID = "other"
			return []func(*idp.Login){scopes("openid"), func(l *idp.Login) { l.Request.ClientID = "other" }}
		},
		"a device": func(*provider) []func(*idp.Login) {
			return []func(*idp.Login){scopes("openid"), func(l *idp.Login) { l.Request.Device, l.Request.UserCode = "d1", "WDJB-MJHT" }}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, a := asking(t)
			first := p.begin(a, scopes("openid"))
			form := a.get(first).wants(http.StatusOK, "").form("button[value=allow]", "action", "allow")
			second := p.begin(a, other(p)...)
			got := a.post(second, form).wants(http.StatusConflict, "")
			if got.problem() != login.ProblemConsent || p.login(second).Consented || p.login(second).State != idp.LoginOpen {
				t.Errorf("problem %q, login %+v", got.problem(), p.login(second))
			}
			if len(p.memory.given) != 0 {
				t.Errorf("remembered is %v", p.memory.given)
			}
			// The page that tells of it is the right one, and its own form does count.
			a.post(second, got.form("button[value=allow]", "action", "allow")).wants(http.StatusSeeOther, callback(second))
		})
	}
}

// The page of ann's is open when bob signs in beside it in the same browser.
func TestConsentOfSomebodyElseInThisBrowser(t *testing.T) {
	p, a := asking(t)
	path := p.begin(a, scopes("openid", "email"))
	form := a.get(path).wants(http.StatusOK, "").form("button[value=allow]", "action", "allow")

	p.wait(time.Minute)
	tab := p.begin(a, scopes("openid"), prompts("login"))
	a.post(tab, a.get(tab).form("#password", "login", "bob", "password", "right")).wants(http.StatusSeeOther, tab)

	got := a.post(path, form).wants(http.StatusConflict, "")
	if got.problem() != login.ProblemConsent || len(p.memory.given) != 0 || p.login(path).Consented {
		t.Errorf("problem %q, remembered %v", got.problem(), p.memory.given)
	}
	if !strings.Contains(got.page().Text(), "Signing in as bob") {
		t.Errorf("the page is not bob's:\n%s", got.page().Text())
	}
}

// ann allowed it, her session ended before the login did, and bob goes on.
func TestConsentIsNotInherited(t *testing.T) {
	p, a := asking(t)
	path := p.begin(a, scopes("openid", "email"))
	form := a.get(path).form("button[value=allow]", "action", "allow")
	p.memory.beforeUpdateSession = func(s *idp.Session) { s.EndedAt = p.now() }
	a.post(path, form).wants(http.StatusSeeOther, path)
	p.memory.beforeUpdateSession = nil
	if l := p.login(path); !l.Consented || l.UserID != "ann" {
		t.Fatalf("login %+v", l)
	}
	a.post(path, a.get(path).form("#password", "login", "bob", "password", "right")).wants(http.StatusSeeOther, path)
	page := a.get(path).wants(http.StatusOK, "")
	page.form("button[value=allow]")
	if l := p.login(path); l.Consented || l.UserID != "bob" || len(p.memory.allowed("bob", "shop")) != 0 {
		t.Errorf("login %+v", l)
	}
}

// No other site shows the page in a frame, posts its form or sends a click there.
func TestConsentCantBeFramedOrForged(t *testing.T) {
	p, a := asking(t)
	path := p.begin(a)
	page := a.get(path)
	policy := page.header.Get("Content-Security-Policy")
	for _, want := range []string{"frame-ancestors 'none'", "default-src 'none'", "base-uri 'none'", "form-action 'self' https://shop.example;"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	form := page.form("button[value=allow]", "action", "allow")
	for name, header := range map[string][2]string{"a site": {"Sec-Fetch-Site", "cross-site"}, "an origin": {"Origin", "https://evil.example"}} {
		a.header.Set(header[0], header[1])
		if got := a.post(path, form); got.status != http.StatusForbidden || p.login(path).Consented {
			t.Errorf("%s posts the form: %d", name, got.status)
		}
		a.header.Del(header[0])
	}
	if got := a.get(path + "?" + form.Encode()); got.status != http.StatusOK || p.login(path).Consented {
		t.Error("a link allows something")
	}
	if got := a.post(path, url.Values{"action": {"allow"}}); got.status != http.StatusConflict || p.login(path).Consented {
		t.Errorf("without the proof: %d", got.status)
	}
}
