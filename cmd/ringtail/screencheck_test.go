package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab opens another tab of the browser, of the size of a phone.
func tab(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	do(t, ctx, "opening a tab", chromedp.EmulateViewport(390, 844)) // must have no deadline
	return ctx
}

// soon is the context for a part of a test that has long ended in a minute.
func soon(t *testing.T, ctx context.Context) context.Context {
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return limited
}

// prefers sets what the system asks of pages, as in CSS's media features.
func prefers(features ...string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		var params emulation.SetEmulatedMediaParams
		for i := 0; i < len(features); i += 2 {
			params.Features = append(params.Features, &emulation.MediaFeature{Name: "prefers-" + features[i], Value: features[i+1]})
		}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, params)
		return err
	})
}

// before runs a script in every page before its own.
func before(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// Every screen is accessible, with JavaScript and without, light and dark, in
// both languages, and looking at it posts nothing.
func TestScreensInChromium(t *testing.T) {
	s := serveScreens(t)
	ctx := browser(t)
	for _, way := range []struct {
		name, lang, scheme string
		scripts            bool
	}{
		{"with JavaScript", "en", "light", true}, {"without JavaScript", "ru", "light", false}, {"dark", "en", "dark", true},
	} {
		shown := tab(t, ctx)
		do(t, shown, "emulating", prefers("color-scheme", way.scheme, "reduced-motion", "reduce"))
		for _, screen := range append(screens(time.Now()), otherScreens(time.Now())...) {
			t.Run(way.name+"/"+screen.name, func(t *testing.T) {
				shown := soon(t, shown)
				do(t, shown, "opening", scripts(way.scripts), chromedp.Navigate(s.URL+"/"+way.lang+"/"+screen.name+"?"+way.scheme), chromedp.WaitVisible(screen.proof),
					scripts(true)) // for axe-core's timers; the page's own script has had its chance
				var skip []string
				if !way.scripts && screen.state == "calling" {
					// Without scripts nothing but a refresh can show that the phone rings.
					skip = []string{"meta-refresh"}
				}
				checkAccessible(t, shown, skip...)
				checkLayout(t, shown)
				if screen.kept && way.scripts && way.scheme == "light" {
					screenshot(t, shown, "screen-"+screen.name+".png")
				}
			})
		}
	}
	if posts := s.posts(); len(posts) != 0 {
		t.Errorf("looking at the screens posted %q", posts)
	}
}

// The reference has every state, and every picture.
func TestScreensAreInTheReference(t *testing.T) {
	page := readFile(t, "..", "..", "docs", "reference", "screens.md")
	for _, screen := range screens(time.Now()) {
		if !strings.Contains(page, "\n| `"+screen.state+"`") {
			t.Errorf("the reference lacks the state %s", screen.state)
		}
		if got := strings.Contains(page, "screen-"+screen.name+".png"); got != screen.kept {
			t.Errorf("the picture of %s is there: %v, want %v", screen.name, got, screen.kept)
		}
	}
}

// checkLayout: at twice the size nothing moves sideways (WCAG 1.4.4, 1.4.10),
// and nothing to press is smaller than a finger (44 px, beyond WCAG 2.5.8).
func checkLayout(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, width := range []int64{390, 320, 195} {
		do(t, ctx, "zooming", chromedp.EmulateViewport(width, 844))
		if over := read(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
			t.Errorf("at %d px the page is %d px too wide", width, over)
		}
		if small := read(t, ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("button:not([hidden]), input:not([type=hidden])")]
			.filter((e) => e.getBoundingClientRect().height < 43.9 || e.getBoundingClientRect().width < 43.9).map((e) => e.outerHTML)`)); len(small) > 0 {
			t.Errorf("at %d px these are too small to press: %q", width, small)
		}
	}
	do(t, ctx, "zooming back", chromedp.EmulateViewport(390, 844))
}

// What the screens do, in one browser.
func TestScreensBehave(t *testing.T) {
	s := serveScreens(t)
	ctx := browser(t)
	for name, check := range map[string]func(*testing.T, context.Context, *screenServer){
		"the keyboard goes in order": keyboardGoesInOrder, "reduced motion": reducedMotion, "the status is announced once": statusIsAnnouncedOnce,
		"another channel takes over": channelTakesOver, "times of day": timesOfDay, "buttons without JavaScript": buttonsWithoutJavaScript,
		"WebOTP": webOTP, "WebOTP ends": webOTPEnds, "WebOTP only for messages": webOTPOnlyForMessages,
	} {
		t.Run(name, func(t *testing.T) { check(t, soon(t, tab(t, ctx)), s) })
	}
}

// The keyboard goes through the screen as it reads: the code, Confirm, then the
// ways out. A button that waits is passed over.
func keyboardGoesInOrder(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	const focused = `(document.activeElement.value || document.activeElement.id || document.activeElement.className)`
	for name, want := range map[string][]string{
		"called": {"code", "primary", "voice", "not_mine", "other", "cancel"},
		"wrong":  {"code", "primary", "resend", "sms", "voice", "not_mine", "other", "cancel"},
		"number": {"phone", "primary", "other", "cancel"},
		"failed": {"resend", "sms", "voice", "other", "cancel"},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, ctx, "opening", chromedp.Navigate(s.URL+"/en/"+name), chromedp.WaitVisible("main"))
			var got []string
			if strings.HasPrefix(want[0], "code") || want[0] == "phone" {
				got = append(got, read(t, ctx, chromedp.Evaluate[string](focused))) // autofocus
			}
			for len(got) < len(want) {
				do(t, ctx, "pressing Tab", chromedp.KeyEvent(kb.Tab))
				got = append(got, read(t, ctx, chromedp.Evaluate[string](focused)))
			}
			if !slices.Equal(got, want) {
				t.Errorf("the focus goes %v, want %v", got, want)
			}
		})
	}
}

// Whoever asked for less motion gets none.
func reducedMotion(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	for want, preference := range map[bool]string{true: "no-preference", false: "reduce"} {
		do(t, ctx, "opening", prefers("reduced-motion", preference), chromedp.Navigate(s.URL+"/en/called"), chromedp.WaitVisible(".sign"))
		if moves := read(t, ctx, chromedp.Evaluate[int](`document.getAnimations().length`)) > 0; moves != want {
			t.Errorf("with the preference %s something moves: %v", preference, moves)
		}
	}
}

// countChanges counts, for every live region, how often it changed since the
// page was there; several changes at once are one to whoever hears them.
const countChanges = `addEventListener("DOMContentLoaded", () => {
	window.changes = [];
	document.querySelectorAll("[role=status], [role=alert], [aria-live]").forEach((region) =>
		new MutationObserver(() => changes.push(region.innerText)).observe(region, {childList: true, subtree: true, characterData: true, attributes: true}));
})`

// What changes is said once, and the countdown isn't said at all.
func statusIsAnnouncedOnce(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "opening", before(countChanges), chromedp.Navigate(s.URL+"/en/calling"), chromedp.WaitVisible(".sign-calling"), chromedp.SendKeys("#code", "04"))
	s.move("calling", "called")
	defer s.move("calling", "calling")
	do(t, ctx, "waiting for the call", chromedp.WaitVisible(".sign-called"))
	waitForTicks(t, ctx, 2)
	changes := read(t, ctx, chromedp.Evaluate[[]string](`changes`))
	if len(changes) != 1 || !strings.Contains(changes[0], "Your phone is ringing") || !strings.Contains(changes[0], "Don't answer") {
		t.Errorf("said: %q, want one thing", changes)
	}
	if title, typed := read(t, ctx, chromedp.Title()), read(t, ctx, chromedp.Value("#code")); !strings.HasPrefix(title, "Your phone is ringing") || typed != "04" {
		t.Errorf("the title is %q, the field holds %q", title, typed)
	}
	if at := text(t, ctx, ".at"); !strings.HasPrefix(at, "Called at ") {
		t.Errorf("the time says %q", at)
	}
}

// waitForTicks waits until the countdown has changed so many times.
func waitForTicks(t *testing.T, ctx context.Context, ticks int) {
	t.Helper()
	const shown = `document.querySelector("button[value=resend] .wait").textContent`
	for range ticks {
		now := read(t, ctx, chromedp.Evaluate[string](shown))
		if !strings.HasPrefix(now, "in 0:") {
			t.Fatalf("the countdown says %q", now)
		}
		read(t, ctx, chromedp.Poll[bool](shown+" !== "+`"`+now+`"`))
	}
}

// Where another channel takes over, the page is loaded anew: its form is for
// another code now.
func channelTakesOver(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "opening", chromedp.Navigate(s.URL+"/en/calling"), chromedp.WaitVisible(".sign-calling"), chromedp.SendKeys("#code", "04"))
	s.move("calling", "sms")
	defer s.move("calling", "calling")
	do(t, ctx, "waiting for the SMS", chromedp.WaitVisible("[data-otp]"))
	if label, typed := text(t, ctx, "label"), read(t, ctx, chromedp.Value("#code")); label != "Code from the SMS" || typed != "" {
		t.Errorf("the field %q holds %q", label, typed)
	}
}

// Times of day are the browser's, beside how long it takes.
func timesOfDay(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	zone := func(name string) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
			return err
		})
	}
	for _, name := range []string{"Europe/Moscow", "Asia/Vladivostok"} {
		do(t, ctx, "opening", zone(name), chromedp.Navigate(s.URL+"/ru/blocked"), chromedp.WaitVisible(".alert time"))
		at, err := time.Parse(time.RFC3339, read(t, ctx, chromedp.Attributes(".alert time"))["datetime"])
		if err != nil {
			t.Fatal(err)
		}
		there, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		shown := text(t, ctx, ".alert time")
		if hour := at.In(there).Format("15:04"); !strings.HasPrefix(shown, "12 минут (") || !strings.HasSuffix(shown, "в "+hour+")") {
			t.Errorf("in %s the page says %q, want %s", name, shown, hour)
		}
	}
}
