package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// walk leads through the demo to one of the step's screens, as a person would.
// Walks of the same settings share a demo, but those that leave the person worse
// off than before.
type walk struct {
	name  string
	set   string // settings of the demo, ";" between them
	do    []func(*walker)
	want  string // selector that proves the screen
	alone bool
}

// walker is the person: a browser in front of a demo.
type walker struct {
	t       *testing.T
	ctx     context.Context
	d       *demo
	scripts bool
}

const (
	step        = "login.methods.flashCall."
	firstFactor = "login.level = 1; login.factors = [ [ { method = flashCall, enabled = true } ], [] ]"
	wholeChain  = step + "driver = null;" + step + "channels = [ { channel = flashCall, driver = virtual-phone }, " +
		"{ channel = sms, driver = virtual-phone-sms, wait = 0 }, { channel = voice, driver = virtual-phone-voice, wait = 60 } ]"
	onlySMS = step + "driver = null;" + step + "channels = [ { channel = sms, driver = virtual-phone-sms } ]"
)

func walks() []walk {
	type steps = []func(*walker)
	return []walk{
		{name: "permission", set: step + "ask = always", do: steps{signIn}, want: ".primary[value=resend]"},
		{name: "calling", set: step + "driver = virtual-phone-code", do: steps{signIn}, want: ".sign-calling"},
		{name: "called", do: steps{signIn}, want: ".caller"},
		{name: "the whole number", set: step + "driver = virtual-phone-check", do: steps{signIn}, want: "#code[maxlength='40']"},
		{name: "wrong", set: step + "attemptsPerLogin = 2", do: steps{signIn, wrongCode}, want: "#code-help .tries"},
		{name: "exhausted", set: step + "attemptsPerLogin = 1", do: steps{signIn, wrongCode}, want: ".sign-exhausted"},
		{name: "failed", set: "loops.secrets.virtual-phone.TOKEN = wrong", do: steps{signIn}, want: ".sign-failed"},
		{name: "blocked", set: step + "totalAttempts = 3;" + step + "attemptsPerLogin = 2", do: steps{signIn, wrongCode, wrongCode}, want: ".sign-blocked", alone: true},
		{name: "limited", set: step + "limits.perNumber.hour = 1;" + step + "attemptsPerLogin = 1", do: steps{signIn, wrongCode}, want: ".sign-limited", alone: true},
		{name: "stopped", do: steps{ownerStops, signIn}, want: ".sign-stopped", alone: true},
		{name: "not mine", do: steps{signIn, see(".sign-called"), press("not_mine")}, want: ".sign-not_mine"},
		{name: "no phone", set: step + "phoneAttribute = fax", do: steps{signIn}, want: ".sign-no_phone"},
		{name: "sms", set: wholeChain, do: steps{signIn, see("button[value=voice] .wait"), press("sms")}, want: ".sign-called.by-sms"},
		{name: "sms alone", set: onlySMS, do: steps{signIn}, want: "form[data-otp] #code"},
		{name: "number", set: firstFactor, do: steps{openShop}, want: "#phone"},
		{name: "number that is none", set: firstFactor, do: steps{openShop, number("12")}, want: "#phone-error [data-problem=number_malformed]"},
		{name: "number that somebody has", set: firstFactor, do: steps{openShop, number("+7 999 000-00-01")}, want: "[data-state=called]"},
		{name: "number that nobody has", set: firstFactor, do: steps{openShop, number("+7 999 000-00-55"), see("[data-state=called]"), press("not_mine")}, want: "#phone"},
	}
}

func (w *walker) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	do(w.t, w.ctx, what, actions...)
}

// see waits for the selector. Without JavaScript the person reloads meanwhile.
func see(selector string) func(*walker) {
	return func(w *walker) {
		w.t.Helper()
		for !w.scripts && !read(w.t, w.ctx, chromedp.Evaluate[bool]("!!document.querySelector(`"+selector+"`)")) {
			w.leave("reloading for "+selector, chromedp.Reload())
		}
		w.do("waiting for "+selector, chromedp.WaitVisible(selector))
	}
}

// leave does what loads another page, and waits until that is there.
func (w *walker) leave(what string, actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	w.do(what, chromedp.Evaluate[chromedp.Void](`document.documentElement.id = "before"`))
	w.do(what, actions...)
	w.do(what, chromedp.WaitNotPresent("#before"), chromedp.WaitReady("main"))
}

func openShop(w *walker) {
	w.t.Helper()
	w.do("opening the shop", chromedp.Navigate(w.d.shop), chromedp.Click("#sign-in"), chromedp.WaitVisible("input:not([type=hidden])"))
}

func signIn(w *walker) {
	w.t.Helper()
	openShop(w)
	w.leave("giving the password", chromedp.SendKeys("input[name=login]", "demo"), chromedp.SendKeys("input[name=password]", demoPassword+"\r"))
}

func number(phone string) func(*walker) {
	return func(w *walker) {
		w.t.Helper()
		w.leave("giving the number", chromedp.SendKeys("#phone", phone+"\r"))
	}
}

func press(action string) func(*walker) {
	return func(w *walker) {
		w.t.Helper()
		w.leave("pressing "+action, chromedp.Click("button[value="+action+"]"))
	}
}

func wrongCode(w *walker) {
	w.t.Helper()
	see(".caller, .sign-wrong")(w)
	w.leave("giving a wrong code", chromedp.SendKeys("#code", wrong(w.d.ring(w.t, 1))+"\r"))
}

// ownerStops has whoever owns the number stop calls to it, on the account page.
func ownerStops(w *walker) {
	w.t.Helper()
	newClient(w.t).profile(w.d).press("stop").must("[data-calls=stopped]")
}

// Every screen is reached in the running demo as well, with JavaScript and without.
func TestScreensOfTheDemo(t *testing.T) {
	ctx := browser(t)
	demos := map[string]*demo{}
	for _, walk := range walks() {
		for name, on := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
			t.Run(walk.name+" "+name, func(inner *testing.T) {
				key := walk.set
				if walk.alone {
					key = inner.Name()
				}
				if demos[key] == nil {
					// Until the end of all walks: a server waits for the browser's idle connections.
					demos[key] = startDemo(t, flags(walk.set)...)
				}
				w := &walker{t: inner, ctx: soon(inner, tab(inner, ctx)), d: demos[key], scripts: on}
				w.do("switching JavaScript", forget, scripts(on))
				for _, step := range walk.do {
					step(w)
				}
				see(walk.want)(w)
			})
		}
	}
}

// flags are the settings as the command line has them.
func flags(set string) []string {
	var more []string
	for setting := range strings.SplitSeq(set, ";") {
		if strings.TrimSpace(setting) != "" {
			more = append(more, "--set", strings.TrimSpace(setting))
		}
	}
	return more
}

// forget takes the browser's cookies, which all ports of a host share.
func forget(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
	return chromedp.Void{}, err
}

// A code by SMS signs in, and the relying party learns that it was one.
func TestSignInBySMS(t *testing.T) {
	d := startDemo(t, flags(wholeChain)...)
	w := &walker{t: t, ctx: window(t), d: d, scripts: true}
	for _, step := range []func(*walker){signIn, see(".sign-called"), press("sms"), see(".sign-called.by-sms")} {
		step(w)
	}
	w.do("giving the code", chromedp.SendKeys("#code", d.writtenCode(t)+"\r"), chromedp.WaitVisible("#claims"))
	if claims := text(t, w.ctx, "#claims"); !strings.Contains(claims, `"sms"`) || strings.Contains(claims, `"tel"`) {
		t.Errorf("the claims say\n%s", claims)
	}
}
