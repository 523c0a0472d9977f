package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// administrator is somebody in a console, with a window of their own.
type administrator struct {
	t        *testing.T
	ctx      context.Context
	base     string // address of the console
	login    string
	password string
	// second gives the code of the second factor; it calls give once it is ready for the password to be given.
	second func(t *testing.T, give func()) string
}

// theDemosAdministrator signs in to the demo's console.
func theDemosAdministrator(t *testing.T, ctx context.Context, d *demo) *administrator {
	t.Helper()
	password := regexp.MustCompile(`administrator +admin, password (\S+)`).FindStringSubmatch(d.out.String())
	if password == nil {
		t.Fatalf("the administrator's password is not printed:\n%s", d.out)
	}
	a := &administrator{t: t, ctx: ctx, base: d.provider + "/blitz/console", login: "admin", password: password[1], second: func(t *testing.T, give func()) string {
		const phone = "79990000002"
		calls := len(d.calls(t, phone))
		give()
		return d.ringing(t, phone, calls+1)
	}}
	a.open("/")
	return a
}

func (a *administrator) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	a.t.Helper()
	do(a.t, a.ctx, what, actions...)
}

func (a *administrator) address(path string) string { return a.base + path }

// open goes to a page of the console, and signs in where that is wanted first.
func (a *administrator) open(path string) {
	a.t.Helper()
	a.do("opening "+path, chromedp.Navigate(a.address(path)), chromedp.WaitReady("main"))
	a.signIn()
}

// signIn gives the password and the code where the page asks for them.
func (a *administrator) signIn() {
	a.t.Helper()
	if read(a.t, a.ctx, chromedp.Evaluate[bool](`!!document.querySelector("a.primary[href*='/signin']")`)) {
		leave(a.t, a.ctx, "going to sign in", chromedp.Click("a.primary"))
	}
	if !read(a.t, a.ctx, chromedp.Evaluate[bool](`!!document.querySelector("input[name=password]:not([autocomplete=new-password])")`)) {
		return
	}
	if read(a.t, a.ctx, chromedp.Evaluate[bool](`document.querySelector("input[name=login]")?.type === "text"`)) {
		a.do("giving the login", chromedp.SetValue("input[name=login]", a.login))
	}
	code := a.second(a.t, func() {
		a.do("giving the password", chromedp.SendKeys("input[name=password]", a.password+"\r"), chromedp.WaitVisible("input[name=code]"))
	})
	a.do("giving the code", chromedp.SendKeys("input[name=code]", code+"\r"), chromedp.WaitVisible(".menu"))
}

// press presses what is called that: a button, a link or a summary, by its words.
func (a *administrator) press(words string) {
	a.t.Helper()
	leave(a.t, a.ctx, "pressing "+words, click(words))
}

// click clicks what is called that and can be seen.
func click(words string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.Evaluate[chromedp.Void](`new Promise((done) => { const look = () => {
			const e = [...document.querySelectorAll("main button, main a, main summary, nav a, header button")].find((e) => e.checkVisibility() && !e.disabled && e.textContent.replace(/\s+/g, " ").trim() === `+quoted(words)+`);
			if (!e) return requestAnimationFrame(look);
			document.querySelectorAll("[data-pressed]").forEach((old) => old.removeAttribute("data-pressed"));
			e.dataset.pressed = "yes"; e.scrollIntoView({block: "center"}); done(); }; look(); })`, chromedp.EvalAwaitPromise),
		chromedp.Click("[data-pressed]"))
}

func quoted(words string) string { return `"` + strings.ReplaceAll(words, `"`, `\"`) + `"` }

// field types into the field with that label, in the place of what is there.
func (a *administrator) field(label, text string) {
	a.t.Helper()
	until(a.t, a.ctx, "there is a field "+label, `(() => { const l = [...document.querySelectorAll("label")].find((l) => l.checkVisibility() && l.textContent.replace(/\s*\(required\)\s*/, "").trim() === `+quoted(label)+`);
		if (!l?.control) return false; l.control.focus(); if (l.control.select) l.control.select(); return true; })()`)
	a.do("typing into "+label, chromedp.KeyEvent(kb.Delete), chromedp.KeyEvent(text))
}

// choose picks the option with that text of the select with that label, as the keyboard does.
func (a *administrator) choose(label, option string) {
	a.t.Helper()
	until(a.t, a.ctx, "there is a choice "+label, `(() => { const l = [...document.querySelectorAll("label")].find((l) => l.checkVisibility() && l.textContent.replace(/\s*\(required\)\s*/, "").trim() === `+quoted(label)+`);
		if (l?.control?.tagName !== "SELECT" || ![...l.control.options].some((o) => o.textContent.trim() === `+quoted(option)+`)) return false; l.control.focus(); return true; })()`)
	a.do("choosing "+option, chromedp.KeyEvent(option))
	until(a.t, a.ctx, option+" is chosen", `document.activeElement.selectedOptions[0].textContent.trim() === `+quoted(option))
}

// shows waits until the page says that.
func (a *administrator) shows(words string) {
	a.t.Helper()
	until(a.t, a.ctx, "the page says "+words, `document.querySelector("main")?.innerText.includes(`+quoted(words)+`)`)
}
