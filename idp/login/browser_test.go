package login_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"github.com/ringtail-id/ringtail/idp"
)

// newTab opens a page of a real browser, at phone size, and fails the test for
// whatever the page's Content-Security-Policy had to stop.
func newTab(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("the browser tests need Chromium: apt-get install chromium (make test does it)")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	run(t, tab, chromedp.EmulateViewport(390, 844))
	must(t, chromedp.Listen(tab, func(ev any) {
		if entry, ok := ev.(*log.EventEntryAdded); ok && strings.Contains(entry.Entry.Text, "Content Security Policy") {
			t.Errorf("the browser says: %s", entry.Entry.Text)
		}
	}))
	return tab
}

// run does the steps; on a slow machine each may take a while.
func run(t *testing.T, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, step := range steps {
		_, err := chromedp.Run(tab, chromedp.Action[chromedp.Void](func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
			ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
			defer cancel()
			return step(ctx, target)
		}))
		must(t, err)
	}
}

func read[T any](t *testing.T, tab context.Context, what chromedp.Action[T]) T {
	t.Helper()
	got, err := chromedp.Run(tab, what)
	must(t, err)
	return got
}

// open gives the browser its cookie, begins a login in it and shows it.
func (p *real) open(tab context.Context) (path string) {
	p.t.Helper()
	run(p.t, tab, chromedp.Navigate(p.server.URL+"/cookie"))
	name := strings.TrimSpace(read(p.t, tab, chromedp.Text("body")))
	id, err := idp.NewID(nil)
	must(p.t, err)
	must(p.t, p.store.CreateLogin(p.t.Context(), &idp.Login{
		ID: id, Browser: name, State: idp.LoginOpen, CreatedAt: p.now(), ExpiresAt: p.now().Add(30 * time.Minute),
		Request: idp.AuthorizationRequest{ClientID: "shop", RedirectURI: "https://shop.example/callback"},
	}))
	path = "/blitz/login/" + id
	run(p.t, tab, chromedp.Navigate(p.server.URL+path), chromedp.WaitVisible("#password"))
	return path
}

// The script keeps what is being typed while the call comes, counts down, and
// sends a form once, however often it is clicked.
func TestBrowser(t *testing.T) {
	tab := newTab(t)
	p := newReal(t)
	p.resend = 5 * time.Second
	path := p.open(tab)
	run(t, tab, chromedp.SendKeys("#login", "demo"), chromedp.SendKeys("#password", "ring-the-phone"), chromedp.Click(".reveal"))
	if got := read(t, tab, chromedp.Evaluate[string](`document.getElementById("password").type`)); got != "text" {
		t.Errorf("the password field is of type %s after a click on Show", got)
	}
	run(t, tab, chromedp.DoubleClick("button.primary"), chromedp.WaitVisible(`[data-state=calling]`), chromedp.SendKeys("#code", "04"))
	p.ring()
	run(t, tab, chromedp.WaitVisible(`[data-state=called]`), chromedp.WaitVisible(`button[value=resend]`))
	if got := read(t, tab, chromedp.Value("#code")); got != "04" {
		t.Errorf("the field holds %q when the call has come", got)
	}
	if text := read(t, tab, chromedp.Text(`[data-live=text]`)); !strings.Contains(text, "+7 999 ***-**-01") || !strings.Contains(text, "+7 495 000") {
		t.Errorf("the text is %q", text)
	}
	if !read(t, tab, chromedp.Evaluate[bool](`document.querySelector("button[value=resend]").disabled`)) {
		t.Error("another call is offered before its time")
	}
	run(t, tab, chromedp.WaitEnabled(`button[value=resend]`), chromedp.WaitNotVisible(`[data-countdown]`))
	run(t, tab, chromedp.SendKeys("#code", "21"), chromedp.DoubleClick("button.primary"), chromedp.WaitNotPresent("#code"))
	p.ended(tab, path)
}

// The same without JavaScript: the page looks again by itself until the call
// has come, and then stays.
func TestBrowserWithoutScript(t *testing.T) {
	tab := newTab(t)
	p := newReal(t)
	_, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	must(t, err)
	path := p.open(tab)
	run(t, tab, chromedp.SendKeys("#login", "demo"), chromedp.SendKeys("#password", "ring-the-phone"),
		chromedp.DoubleClick("button.primary"), chromedp.WaitVisible(`[data-state=calling]`))
	p.ring()
	run(t, tab, chromedp.WaitVisible(`[data-state=called]`), chromedp.SendKeys("#code", "9999"),
		chromedp.Click("button.primary"), chromedp.WaitVisible("#code-error"), chromedp.Reload(), chromedp.WaitVisible("#code-error"),
		chromedp.SendKeys("#code", "0421"), chromedp.DoubleClick("button.primary"), chromedp.WaitNotPresent("#code"))
	p.ended(tab, path)
}

// ended: one call, and the browser at the callback, signed in.
func (p *real) ended(tab context.Context, path string) {
	p.t.Helper()
	if got, want := read(p.t, tab, chromedp.Location()), p.server.URL+callback(path); got != want {
		p.t.Errorf("the browser is at %s, want %s", got, want)
	}
	if len(p.rings.to) != 1 {
		p.t.Errorf("%d calls", len(p.rings.to))
	}
	l, err := p.store.LoginByID(p.t.Context(), strings.TrimPrefix(path, "/blitz/login/"))
	must(p.t, err)
	run(p.t, tab, chromedp.Navigate(p.server.URL+"/cookie"))
	_, session, _ := strings.Cut(read(p.t, tab, chromedp.Text("body")), " ")
	if l.State != idp.LoginDone || l.Session == "" || strings.TrimSpace(session) != l.Session {
		p.t.Errorf("login %+v, the browser's session %q", l, session)
	}
}
