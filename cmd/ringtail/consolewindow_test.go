package main

import (
	"context"
	"fmt"
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
	a := &administrator{t: t, ctx: ctx, base: d.provider + "/blitz/console", login: "admin", password: password[1], second: d.rings("79990000002")}
	a.open("/")
	return a
}

// rings is a second factor by a call to the number, which the virtual phone shows.
func (d *demo) rings(number string) func(*testing.T, func()) string {
	return func(t *testing.T, give func()) string {
		calls := len(d.calls(t, number))
		give()
		return d.ringing(t, number, calls+1)
	}
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

// press presses what is called that and leads to another page: a button, a link or a summary, by its words.
func (a *administrator) press(words string) {
	a.t.Helper()
	a.find(words)
	leave(a.t, a.ctx, "pressing "+words, chromedp.Click("[data-pressed]"))
}

// submit presses what is called that and leaves the page where it is.
func (a *administrator) submit(words string) {
	a.t.Helper()
	a.find(words)
	a.do("pressing "+words, chromedp.Click("[data-pressed]"))
}

// find marks what is called that and can be seen.
func (a *administrator) find(words string) {
	a.t.Helper()
	until(a.t, a.ctx, "there is "+words, `(() => {
		const e = [...document.querySelectorAll("main button, main a, main summary, main label, nav a, header button")].find((e) => e.checkVisibility() && !e.disabled && e.textContent.replace(/\s+/g, " ").trim() === `+quoted(words)+`);
		if (!e) return false;
		document.querySelectorAll("[data-pressed]").forEach((old) => old.removeAttribute("data-pressed"));
		e.dataset.pressed = "yes"; e.scrollIntoView({block: "center"}); return true; })()`)
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

// inEditor does something in the nth editor of the page.
func (a *administrator) inEditor(n int, actions ...chromedp.Action[chromedp.Void]) {
	a.t.Helper()
	at := read(a.t, a.ctx, chromedp.Evaluate[[]float64](`(() => { const e = `+inEditor(n, ".cm-scroller")+`; e.scrollIntoView({block: "center"}); const b = e.getBoundingClientRect();
		return [`+inEditor(n, ".cm-content")+`.getBoundingClientRect().left + 30, b.top + 12]; })()`))
	a.do("going into the editor", chromedp.MouseClickXY(at[0], at[1]))
	until(a.t, a.ctx, "the editor has the focus", fmt.Sprintf(`document.querySelectorAll(".editor")[%d].shadowRoot.activeElement`, n))
	a.do("writing", actions...)
}

// replace has the nth editor put one text in the place of another, everywhere, as its search does.
func (a *administrator) replace(n int, from, to string) {
	a.t.Helper()
	a.inEditor(n, hit("f", chromedp.ModifierCtrl))
	until(a.t, a.ctx, "the search is there", inEditor(n, ".cm-search input[name=search]"))
	focus := func(selector string) {
		a.do("going to "+selector, chromedp.Evaluate[chromedp.Void](inEditor(n, selector)+`.focus()`))
	}
	a.do("searching", hit("a", chromedp.ModifierCtrl), chromedp.KeyEvent(from))
	focus(".cm-search input[name=replace]")
	a.do("replacing", hit("a", chromedp.ModifierCtrl), chromedp.KeyEvent(to))
	focus(".cm-search button[name=replaceAll]")
	a.do("replacing all", hit("Enter"))
	field := []string{"script", "manifest"}[n]
	until(a.t, a.ctx, "it is replaced", `document.querySelector("textarea[name=`+field+`]").value.includes(`+quoted(to)+`)`)
	a.do("closing the search", hit("Escape"))
}
