package login_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/static"
	"github.com/ringtail-id/ringtail/templates"
)

// real is the handler over the real store and the real methods; only what
// would ring is the test's.
type real struct {
	provider
	store  *store.Store
	engine *otp.Engine
	rings  rings
	resend time.Duration // the least time between two calls
}

// rings is a Sender whose calls all come from a number that ends in 0421.
type rings struct {
	mu   sync.Mutex
	to   []string
	fail error
}

func (r *rings) Routes(string, time.Time) []otp.Route {
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test"}}
}

func (r *rings) Check(context.Context, otp.Delivery, string) (otp.Verdict, error) {
	return otp.VerdictWrong, nil
}

func (r *rings) Poll(context.Context, otp.Delivery) (otp.News, error) { return otp.News{}, nil }

func (r *rings) Report(context.Context, otp.Delivery, string, bool) error { return nil }

func (r *rings) Send(_ context.Context, d otp.Delivery) (otp.Sent, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return otp.Sent{}, r.fail
	}
	r.to = append(r.to, d.Phone)
	return otp.Sent{Code: "0421", CallerMask: "+7 495 000-__-__"}, nil
}

func newReal(t *testing.T) *real {
	t.Helper()
	p := &real{resend: 30 * time.Second, provider: provider{t: t, time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}}
	var err error
	p.store, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: p.now})
	must(t, err)
	t.Cleanup(func() { _ = p.store.Close() })
	registry, err := factors.NewRegistry(p.passwords(), p.calls())
	must(t, err)
	must(t, p.store.CreateClient(t.Context(), &idp.Client{ID: "shop", Name: "Demo shop"}))
	files, err := static.New("/blitz/static")
	must(t, err)
	pages, err := templates.New(templates.Options{Asset: files.URL, Now: p.now})
	must(t, err)
	p.jar = browser.New(browser.Options{Rows: p.store, Hash: hash, Life: 24 * time.Hour, Now: p.now})
	handler, err := login.New(login.Options{
		Base: "/blitz", CallbackURL: func(id string) string { return "/blitz/oauth/ae/callback?id=" + id },
		Logins: p.store, Sessions: p.store, Users: p.store, Clients: p.store, Methods: registry,
		Policy: func() login.Policy { return loginPolicy(2, []string{"password"}, []string{"flashCall"}) },
		Jar:    p.jar, Pages: pages, SessionLife: 12 * time.Hour, SessionIdle: time.Hour, Now: p.now,
		Log: slog.New(slog.DiscardHandler), ClientIP: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
	})
	must(t, err)
	mux := http.NewServeMux()
	mux.Handle("/blitz/login/", handler)
	mux.Handle("/blitz/static/", files)
	mux.HandleFunc("/cookie", p.cookie)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *real) passwords() factors.Method {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: 64, Time: 1, Threads: 1}})
	must(p.t, err)
	phc, err := hasher.Hash(p.t.Context(), "ring-the-phone")
	must(p.t, err)
	must(p.t, p.store.CreateUser(p.t.Context(), &idp.User{
		ID: "ann", Login: "demo", PasswordHash: phc, Attributes: map[string]string{"phone_number": "+7 999 000-00-01"},
	}))
	method, err := password.New(password.Options{
		Accounts: p.store, Store: p.store, Hasher: hasher, Settings: func() password.Settings { return password.Settings{} },
		Hash: hashParts, Normalize: idp.NormalizeLogin, Now: p.now,
	})
	must(p.t, err)
	return method
}

func (p *real) calls() factors.Method {
	engine, err := otp.New(otp.Options{
		Method: flashcall.ID, Store: p.store.Challenges(), Sender: &p.rings, Hash: hashParts, Now: p.now,
		Settings: func() otp.Settings {
			return otp.Settings{CodeLength: 4, Validity: 2 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 7,
				Block: 30 * time.Minute, ResendAfter: p.resend}
		},
		Timing: otp.Timing{Patience: -1},
	})
	must(p.t, err)
	p.engine = engine
	return flashcall.New(flashcall.Options{Engine: engine, Settings: func() flashcall.Settings {
		return flashcall.Settings{PhoneAttribute: "phone_number", Numbers: flashcall.Numbers{Countries: []string{"RU"}}}
	}})
}

func hashParts(parts ...string) string { return hash(strings.Join(parts, "\x00")) }

// ring has the call placed that was asked for.
func (p *real) ring() {
	p.t.Helper()
	if did, err := p.engine.Work(p.t.Context()); err != nil || !did {
		p.t.Fatalf("no call was asked for: %v", err)
	}
}

func (p *real) begin(a *agent) string {
	p.t.Helper()
	id, err := idp.NewID(nil)
	must(p.t, err)
	name, _ := a.visit()
	must(p.t, p.store.CreateLogin(p.t.Context(), &idp.Login{
		ID: id, Browser: name, State: idp.LoginOpen, CreatedAt: p.now(), ExpiresAt: p.now().Add(30 * time.Minute),
		Request: idp.AuthorizationRequest{ClientID: "shop", RedirectURI: "https://shop.example/callback"},
	}))
	return "/blitz/login/" + id
}

// toCall goes as far as the call's page.
func (p *real) toCall(a *agent) (path string) {
	p.t.Helper()
	path = p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "ring-the-phone")).wants(http.StatusSeeOther, path)
	return path
}

func state(page *answer) string {
	return page.page().Find("[data-state]").AttrOr("data-state", "")
}

func TestRealLogin(t *testing.T) {
	p := newReal(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "wrong")).wants(http.StatusUnauthorized, "")
	path = p.toCall(a)

	page := a.get(path).wants(http.StatusOK, "")
	if state(page) != "calling" || !strings.Contains(page.body, "We are calling +7 999 ***-**-01. Don't answer and don't call back: type the last 4 digits of the number that calls.") {
		t.Errorf("state %q in\n%s", state(page), page.body)
	}
	a.post(path, page.form("#code", "code", "0421")).wants(http.StatusConflict, "") // nobody can know it yet
	p.ring()
	page = a.get(path)
	if state(page) != "called" || !strings.Contains(page.body, "+7 495 000-__-__") {
		t.Errorf("state %q in\n%s", state(page), page.body)
	}
	a.post(path, page.form("#code", "code", "12ab")).wants(http.StatusBadRequest, "")
	wrong := a.post(path, a.get(path).form("#code", "code", "9999")).wants(http.StatusBadRequest, "")
	if wrong.problem() != otp.ProblemCodeWrong || !strings.Contains(wrong.body, "2 tries left.") {
		t.Errorf("a wrong code shows\n%s", wrong.body)
	}
	a.post(path, wrong.form("#code", "code", " 04-21 ")).wants(http.StatusSeeOther, callback(path))
	if len(p.rings.to) != 1 || p.rings.to[0] != "+79990000001" {
		t.Errorf("calls to %v", p.rings.to)
	}
	l, err := p.store.LoginByID(t.Context(), strings.TrimPrefix(path, "/blitz/login/"))
	must(t, err)
	if _, session := a.visit(); l.State != idp.LoginDone || l.Session != session || idp.ACR("", l.Facts) != idp.ACRTwoFactors {
		t.Errorf("login %+v, session %q", l, session)
	}
}

// Every state of the call, as the person meets it.
func TestRealStates(t *testing.T) {
	p := newReal(t)
	a := p.agent()
	path := p.toCall(a)
	p.ring()
	for range 3 {
		a.post(path, a.get(path).form("#code", "code", "9999"))
	}
	page := a.get(path)
	if state(page) != "exhausted" || page.problem() != otp.ProblemCodeExhausted || !strings.Contains(page.body, "30 seconds") {
		t.Errorf("used up: %q %q", state(page), page.problem())
	}
	again := a.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusTooManyRequests, "")
	if again.problem() != otp.ProblemResendWait {
		t.Errorf("too early: %q", again.problem())
	}
	p.wait(31 * time.Second)
	page = a.get(path)
	a.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusSeeOther, path)
	p.rings.fail = &otp.SendError{Kind: "unreachable"}
	p.ring()
	if page = a.get(path); state(page) != "failed" || page.problem() != flashcall.ProblemCallUnreachable {
		t.Errorf("no call: %q %q", state(page), page.problem())
	}
	p.wait(time.Minute)
	p.rings.fail = nil
	a.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusSeeOther, path)
	p.wait(2 * time.Minute)
	if page = a.get(path); state(page) != "expired" || page.problem() != otp.ProblemCodeExpired {
		t.Errorf("nobody placed the call: %q %q", state(page), page.problem())
	}
	page = a.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusTooManyRequests, "")
	if state(page) != "blocked" || page.problem() != otp.ProblemMethodBlocked || !strings.Contains(page.body, "30 minutes") {
		t.Errorf("all used up: %q %q", state(page), page.problem())
	}
	p.wait(27 * time.Minute)
	if page = a.get(path); page.status != http.StatusGone || page.problem() != idp.ProblemLoginExpired {
		t.Errorf("after half an hour: %d %q", page.status, page.problem())
	}
}

// A second login within the wait rings nobody: its page counts down, and then
// the call can be asked for.
func TestRealSecondLoginWaits(t *testing.T) {
	p := newReal(t)
	p.toCall(p.agent())
	p.ring()
	b := p.agent()
	path := p.toCall(b)
	if did, err := p.engine.Work(t.Context()); err != nil || did {
		t.Errorf("a second login of the person called at once (%v)", err)
	}
	page := b.get(path).wants(http.StatusOK, "")
	button := page.page().Find("form[data-wait]").Has("button[value=resend]")
	if state(page) != "ready" || button.AttrOr("data-wait", "") != "30" || !strings.Contains(button.Text(), "in 30 seconds") {
		t.Errorf("state %q in\n%s", state(page), page.body)
	}
	early := b.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusTooManyRequests, "")
	if early.problem() != otp.ProblemResendWait || state(early) != "ready" {
		t.Errorf("too early: %q %q", state(early), early.problem())
	}
	p.wait(30 * time.Second)
	b.post(path, b.get(path).form("button[value=resend]", "action", "resend")).wants(http.StatusSeeOther, path)
	p.ring()
	if page = b.get(path); state(page) != "called" || len(p.rings.to) != 2 {
		t.Errorf("state %q after %d calls", state(page), len(p.rings.to))
	}
}

// Two browsers post the same right code of one login, which only one has.
func TestRealParallelCodes(t *testing.T) {
	p := newReal(t)
	a := p.agent()
	path := p.toCall(a)
	p.ring()
	form := a.get(path).form("#code", "code", "0421")
	form.Del("form") // as a client does that repeats a request
	old := a.cookie()
	var all sync.WaitGroup
	cookies := make(chan int, 8)
	for range 8 {
		all.Go(func() { cookies <- len(p.withCookie(old).post(path, form).cookies) })
	}
	all.Wait()
	signedIn := 0
	for range 8 {
		signedIn += <-cookies
	}
	if signedIn != 1 {
		t.Errorf("%d of 8 parallel posts signed in", signedIn)
	}
}
