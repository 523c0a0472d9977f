package main

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// phoneWithMessages stands in for a browser that reads messages: the reading is
// as the WebOTP API has it, and arrive(code) is the message.
const phoneWithMessages = `window.OTPCredential = class {};
window.asked = [];
Object.defineProperty(navigator, "credentials", {value: {get: (options) => new Promise((resolve, reject) => {
	asked.push(options);
	window.arrive = (code) => resolve({code});
	options.signal.addEventListener("abort", () => {
		sessionStorage.aborted = Number(sessionStorage.aborted || 0) + 1;
		reject(options.signal.reason);
	});
})}})`

// A code that comes by SMS fills the field and is sent, once.
func webOTP(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "opening", before(phoneWithMessages), chromedp.Navigate(s.URL+"/en/sms"), chromedp.WaitVisible("#code"))
	if transport := read(t, ctx, chromedp.Evaluate[[]string](`asked.flatMap((o) => o.otp.transport)`)); !slices.Equal(transport, []string{"sms"}) {
		t.Fatalf("the page asks for codes by %q", transport)
	}
	do(t, ctx, "sending the message", chromedp.Evaluate[chromedp.Void](`arrive("042195"); arrive("999999")`), chromedp.WaitVisible(".sign-expired"))
	if posts := s.posts(); !slices.Equal(posts, []string{"sms 042195"}) {
		t.Errorf("posted %q", posts)
	}
}

// The reading ends when the person sends a code by hand, or leaves the page.
func webOTPEnds(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "emulating", before(phoneWithMessages))
	for name, leave := range map[string]func(context.Context){
		"by hand": func(ctx context.Context) {
			do(t, ctx, "typing", chromedp.SendKeys("#code", "123456\r"), chromedp.WaitVisible(".sign-expired"))
			if posts := s.posts(); !slices.Equal(posts, []string{"sms 123456"}) {
				t.Errorf("posted %q", posts)
			}
		},
		"by leaving": func(ctx context.Context) {
			do(t, ctx, "leaving", chromedp.Navigate(s.URL+"/en/expired"), chromedp.WaitVisible(".sign-expired"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, ctx, "opening", chromedp.Navigate(s.URL+"/en/sms"), chromedp.WaitVisible("#code"), chromedp.Evaluate[chromedp.Void](`sessionStorage.clear()`))
			leave(ctx)
			if aborted := read(t, ctx, chromedp.Evaluate[int](`Number(sessionStorage.aborted || 0)`)); aborted != 1 {
				t.Errorf("the reading was aborted %d times", aborted)
			}
		})
	}
}

// Where the code is the end of a number that calls, no message is waited for.
func webOTPOnlyForMessages(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "opening", before(phoneWithMessages), chromedp.Navigate(s.URL+"/en/called"), chromedp.WaitVisible("#code"))
	if asked := read(t, ctx, chromedp.Evaluate[int](`asked.length`)); asked != 0 {
		t.Errorf("a page of a call asks for messages %d times", asked)
	}
}

// Without JavaScript every button of a screen is a plain form.
func buttonsWithoutJavaScript(t *testing.T, ctx context.Context, s *screenServer) {
	t.Helper()
	do(t, ctx, "switching JavaScript off", scripts(false))
	for _, action := range []string{"resend", "sms", "voice", "not_mine", "other", "cancel"} {
		do(t, ctx, "pressing "+action, chromedp.Navigate(s.URL+"/en/called"), chromedp.WaitVisible("#code"),
			chromedp.Click("button[value="+action+"]"), chromedp.WaitVisible(".sign-expired"))
		if posts := s.posts(); !slices.Equal(posts, []string{"called " + action}) {
			t.Errorf("posted %q", posts)
		}
	}
}
