package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The shop's pages that confirm a number, at phone size.
func TestShopInChromium(t *testing.T) {
	for name, on := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t)
			ctx := window(t)
			do(t, ctx, "opening the shop", scripts(on), chromedp.Navigate(d.shop), chromedp.WaitVisible("#register"))
			checkOut(t, ctx, d, on)
			registerAtShop(t, ctx, d, on)
		})
	}
}

// checkOut has a number confirmed that nobody has an account with.
func checkOut(t *testing.T, ctx context.Context, d *demo, on bool) {
	t.Helper()
	do(t, ctx, "giving a number", chromedp.Click("#checkout"), chromedp.WaitVisible("#call"))
	if focused := read(t, ctx, chromedp.Attributes("input:focus")); focused["name"] != "phone" || focused["autocomplete"] != "tel" {
		t.Errorf("the field in focus is %v", focused)
	}
	sound(t, ctx, on)
	do(t, ctx, "giving a number", chromedp.SendKeys("#phone", "+7 999 000-77-77\r"), chromedp.WaitVisible("#code"))
	code := d.ringing(t, customerNumber, 1)
	screenshot(t, ctx, "shop-checkout.png")
	sound(t, ctx, on)
	do(t, ctx, "a wrong code", chromedp.SendKeys("#code", wrong(code)+"\r"), chromedp.WaitVisible("#problem"))
	if shown := text(t, ctx, "#problem"); !strings.Contains(shown, "not the right digits") {
		t.Errorf("a wrong code: %s", shown)
	}
	sound(t, ctx, on)
	leave(t, ctx, "another call", chromedp.Click("#again"))
	code = d.ringing(t, customerNumber, 2)
	do(t, ctx, "looking again", chromedp.Navigate(d.shop+"/checkout"), chromedp.WaitVisible("#code"))
	do(t, ctx, "giving the code", chromedp.SendKeys("#code", code+"\r"), chromedp.WaitVisible("#confirmed"))
	do(t, ctx, "reloading", chromedp.Reload(), chromedp.WaitVisible("#confirmed"))
	if n := len(d.calls(t, customerNumber)); n != 2 {
		t.Errorf("%d calls were placed", n)
	}
	sound(t, ctx, on)
}

// registerAtShop has the number of an account confirmed by OpenID Connect.
func registerAtShop(t *testing.T, ctx context.Context, d *demo, on bool) {
	t.Helper()
	do(t, ctx, "registering", chromedp.Navigate(d.shop+"/register"), chromedp.Click("#confirm"), chromedp.WaitVisible("input[name=password]"))
	do(t, ctx, "giving the password",
		chromedp.SendKeys("input[name=login]", "demo"), chromedp.SendKeys("input[name=password]", demoPassword+"\r"), chromedp.WaitVisible("input[name=code]"))
	code := d.ring(t, 1)
	do(t, ctx, "giving the code", chromedp.SendKeys("input[name=code]", code+"\r"), chromedp.WaitVisible("#confirmed"))
	if number := text(t, ctx, "#number"); number != "+79990000001" {
		t.Errorf("registered is %s", number)
	}
	sound(t, ctx, on)
}

// sound holds the page to what the provider's own are held to. axe-core needs
// scripts; the page has none.
func sound(t *testing.T, ctx context.Context, on bool) {
	t.Helper()
	do(t, ctx, "letting axe-core run", scripts(true))
	checkAccessible(t, ctx)
	checkLayout(t, ctx)
	do(t, ctx, "going on", scripts(on))
}
