package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The account page at the size of a phone, with JavaScript and without, light
// and dark: it can be used, and axe-core finds nothing.
func TestAccountPageInChromium(t *testing.T) {
	d := startDemo(t)
	for i, way := range []struct {
		name, scheme string
		scripts      bool
	}{{"with JavaScript", "light", true}, {"without JavaScript, dark", "dark", false}} {
		t.Run(way.name, func(t *testing.T) {
			ctx := window(t)
			do(t, ctx, "signing in", prefers("color-scheme", way.scheme), scripts(way.scripts), chromedp.Navigate(d.provider+"/blitz/profile"),
				chromedp.WaitVisible("input[name=password]"), chromedp.SendKeys("input[name=login]", "demo"),
				chromedp.SendKeys("input[name=password]", "ring-the-phone\r"), chromedp.WaitVisible("input[name=code]"))
			do(t, ctx, "giving the code", chromedp.SendKeys("input[name=code]", d.ring(t, i+1)+"\r"), chromedp.WaitVisible("[data-calls=allowed]"))
			look := func(kept string) {
				t.Helper()
				do(t, ctx, "letting axe-core run", scripts(true))
				checkAccessible(t, ctx)
				checkLayout(t, ctx)
				if way.scripts {
					screenshot(t, ctx, kept)
				}
				do(t, ctx, "going on", scripts(way.scripts))
			}
			if last := text(t, ctx, ".calls li"); !strings.Contains(last, "Ringtail: confirmed") {
				t.Errorf("the last call reads %q", last)
			}
			look("account-page.png")
			do(t, ctx, "stopping", chromedp.Click("[value=stop]"), chromedp.WaitVisible("[data-calls=stopped]"))
			look("account-stopped.png")
			do(t, ctx, "allowing", chromedp.Click("[value=allow]"), chromedp.WaitVisible("[data-calls=allowed]"))
			do(t, ctx, "signing out", chromedp.Click("a.quiet"), chromedp.WaitVisible("form[action$=confirm] button"))
		})
	}
}
