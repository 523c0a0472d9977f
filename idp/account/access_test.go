package account_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

// app is a relying party that asks people, and what it has of one of them.
type app struct {
	w               *world
	id              string
	access, refresh string
}

const (
	appCallback = "https://app.example/cb"
	appScope    = "openid email offline_access"
)

func (w *world) app(id string) *app {
	must(w.t, w.store.CreateClient(w.t.Context(), &idp.Client{
		ID: id, Name: "App " + id, AuthMethod: idp.AuthNone, RedirectURIs: []string{appCallback}, AskConsent: true,
		Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256",
	}))
	return &app{w: w, id: id}
}

// ask is the app's authorization request, made in the browser, up to where the
// person is asked or the app is answered.
func (p *app) ask(a *agent) *view {
	challenge := sha256.Sum256([]byte(strings.Repeat("v", 43)))
	return a.get("/blitz/oauth/ae?" + url.Values{
		"client_id": {p.id}, "redirect_uri": {appCallback}, "response_type": {"code"}, "scope": {appScope}, "prompt": {"consent"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode())
}

// connect has the signed-in person allow the app what it asks for, and redeems
// the code.
func (p *app) connect(a *agent) {
	p.w.t.Helper()
	v := p.ask(a)
	form := v.form("[value=allow]")
	a.stay = true
	v = a.post(v.at.Path, form)
	for range 3 {
		to := v.header.Get("Location")
		if strings.HasPrefix(to, appCallback) {
			break
		}
		v = a.get(to)
	}
	a.stay = false
	answer, err := url.Parse(v.header.Get("Location"))
	must(p.w.t, err)
	p.exchange(url.Values{"grant_type": {"authorization_code"}, "code": {answer.Query().Get("code")}, "redirect_uri": {appCallback}, "code_verifier": {strings.Repeat("v", 43)}})
	if p.refresh == "" {
		p.w.t.Fatalf("no tokens after %s: %s", answer, v.body)
	}
}

// exchange asks the token endpoint and keeps what it gives; it returns the error.
func (p *app) exchange(form url.Values) string {
	form.Set("client_id", p.id)
	v := p.w.agent().post("/blitz/oauth/te", form)
	var answer struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Error   string
	}
	if err := json.Unmarshal([]byte(v.body), &answer); err != nil {
		p.w.t.Errorf("the token endpoint answers %d %s", v.status, v.body)
	}
	if answer.Error == "" {
		p.access, p.refresh = answer.Access, answer.Refresh
	}
	return answer.Error
}

func (p *app) renew() string {
	return p.exchange(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {p.refresh}})
}

// works says whether the access token is good for something.
func (p *app) works() bool {
	a := p.w.agent()
	a.header = http.Header{"Authorization": {"Bearer " + p.access}}
	return a.get("/blitz/oauth/me").status == http.StatusOK
}

func (v *view) accesses() (clients []string) {
	v.page.Find("[data-client]").Each(func(_ int, s *goquery.Selection) { clients = append(clients, s.AttrOr("data-client", "")) })
	return clients
}

func TestTakingAccessAway(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	if v := a.signIn("ann"); !strings.Contains(v.page.Text(), "No application has access") || v.accesses() != nil {
		t.Errorf("before, the page says\n%s", v.page.Text())
	}
	one, other := w.app("one"), w.app("other")
	one.connect(a)
	other.connect(a)
	v := a.get("/blitz/profile")
	if got := v.accesses(); !slices.Equal(got, []string{"one", "other"}) {
		t.Fatalf("access have %v", got)
	}
	text := v.page.Find("[data-client=one]").Text()
	for _, want := range []string{"App one", "since 2026-11-21", "Know who you are", "See your e-mail address", "Keep access while you are away"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q: %s", want, text)
		}
	}
	form := v.form("form:has([name=client][value=one]) [value=revoke]")
	v = a.post("/blitz/profile", form)
	if got := v.accesses(); !slices.Equal(got, []string{"other"}) || w.logged("client_id") != "one" || w.logged("action") != "revoke" {
		t.Errorf("afterwards access have %v", got)
	}
	a.post("/blitz/profile", form) // the second of a double click
	if one.works() || one.renew() != "invalid_grant" {
		t.Error("the application has something yet")
	}
	if !other.works() || other.renew() != "" {
		t.Error("another application lost something")
	}
	one.ask(a).form("[value=allow]")
}

// Only the person takes access away, and only to what is theirs.
func TestNobodyElseTakesAccessAway(t *testing.T) {
	w := newWorld(t)
	a, b := w.agent(), w.agent()
	a.signIn("ann")
	one := w.app("one")
	one.connect(a)
	anns := a.get("/blitz/profile").form("form:has([name=client]) [value=revoke]")
	bobs := b.signIn("bob").form("[value=stop]")
	bobs.Set("action", "revoke")
	bobs.Set("client", "one")
	b.post("/blitz/profile", bobs)
	b.post("/blitz/profile", anns)
	w.agent().post("/blitz/profile", anns)
	forged := url.Values{"action": {"revoke"}, "client": {"one"}}
	for _, proof := range []string{"", "x", bobs.Get("for")} {
		forged.Set("for", proof)
		a.post("/blitz/profile", forged)
	}
	a.header.Set("Sec-Fetch-Site", "cross-site")
	if v := a.post("/blitz/profile", anns); v.problem() != login.ProblemCrossOrigin {
		t.Errorf("another site: %d %s", v.status, v.problem())
	}
	a.header.Del("Sec-Fetch-Site")
	for name, form := range map[string]url.Values{
		"no application": {"action": {"revoke"}, "for": anns["for"]},
		"two":            {"action": {"revoke"}, "for": anns["for"], "client": {"one", "two"}},
		"an endless one": {"action": {"revoke"}, "for": anns["for"], "client": {strings.Repeat("x", 257)}},
	} {
		if v := a.post("/blitz/profile", form); v.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, v.status)
		}
	}
	if !one.works() || !slices.Equal(a.get("/blitz/profile").accesses(), []string{"one"}) {
		t.Error("the access is gone")
	}
}

// The application refreshes while its access is taken away: whatever it got last
// is dead.
func TestTakingAccessAwayWhileItRefreshes(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	a.signIn("ann")
	one := w.app("one")
	one.connect(a)
	form := a.get("/blitz/profile").form("form:has([name=client]) [value=revoke]")
	var group sync.WaitGroup
	started := make(chan struct{})
	group.Go(func() {
		for i := range 1000 {
			if i == 2 {
				close(started)
			}
			if one.renew() != "" {
				return
			}
		}
		t.Error("a thousand refreshes, and none was refused")
	})
	<-started
	a.post("/blitz/profile", form)
	group.Wait()
	if one.works() || one.renew() != "invalid_grant" || a.get("/blitz/profile").accesses() != nil {
		t.Error("the application has something yet")
	}
}
