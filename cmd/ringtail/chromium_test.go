package main

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the screenshots of the documentation anew")

// window opens a phone-sized window of Debian's Chromium for a test of its own.
func window(t *testing.T) context.Context {
	t.Helper()
	limited, cancel := context.WithTimeout(browser(t), 4*time.Minute)
	t.Cleanup(cancel)
	return limited
}

// browser opens such a window without a limit in time.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", "en-GB"), chromedp.Flag("accept-lang", "en-GB,en"), chromedp.WindowSize(390, 844), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(2*time.Minute))
	if _, err := exec.LookPath("chromium"); err != nil { // chromedp would wait for one that never comes
		t.Fatal("the browser tests need Chromium: make chromium")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has gone, so that its folder can be removed
		cancel()
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844), inFront()); err != nil { // starts the browser; must have no deadline
		t.Fatal(err)
	}
	return ctx
}

// inFront has the window be the one that its person looks at. Without a screen
// Chromium gives some windows the focus and others not, as it comes.
func inFront() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
}

// scripts switches a page's JavaScript on or off.
func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

func do(t *testing.T, ctx context.Context, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		shown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		page, _ := chromedp.Run(shown, chromedp.Text("body"))
		t.Fatalf("%s: %v\nthe page shows:\n%s", what, err, page)
	}
}

// leave waits until the page that the action leads to has been loaded: one that
// looks like the page before can't be waited for by what it shows.
func leave(t *testing.T, ctx context.Context, what string, action chromedp.Action[chromedp.Void]) {
	t.Helper()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func text(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	do(t, ctx, "waiting for "+selector, chromedp.WaitVisible(selector))
	return strings.TrimSpace(read(t, ctx, chromedp.TextContent(selector)))
}

// read runs an action that has a value.
func read[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png := read(t, ctx, chromedp.CaptureScreenshot())
	if len(png) < 1000 {
		t.Fatalf("the screenshot has %d bytes", len(png))
	}
	if *update {
		if err := os.WriteFile(filepath.Join("..", "..", "docs", "images", name), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// lookAtThePhone opens the virtual phone in a tab of its own and reads the
// number that calls.
func lookAtThePhone(t *testing.T, ctx context.Context, d *demo) string {
	t.Helper()
	tab, cancel := chromedp.NewContext(ctx)
	defer cancel()
	do(t, tab, "opening the virtual phone", chromedp.EmulateViewport(390, 844), chromedp.Navigate(d.phone+"/?to="+demoNumber))
	from := text(t, tab, ".number")
	hasIcon(t, tab)
	screenshot(t, tab, "virtual-phone.png")
	digits := regexp.MustCompile(`\D`).ReplaceAllString(from, "")
	if len(digits) < 10 {
		t.Fatalf("the phone shows no caller: %q", from)
	}
	return digits[len(digits)-4:]
}

func TestWholeLoginInChromium(t *testing.T) {
	for name, on := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t)
			ctx := window(t)
			failed := watchRequests(t, ctx)
			do(t, ctx, "opening the shop", scripts(on), chromedp.Navigate(d.shop))
			hasIcon(t, ctx)
			do(t, ctx, "giving the password", chromedp.Click("#sign-in"), chromedp.WaitVisible("input[name=password]"))
			hasIcon(t, ctx)
			screenshot(t, ctx, "password-page.png")
			do(t, ctx, "giving the password",
				chromedp.SendKeys("input[name=login]", "demo"),
				chromedp.SendKeys("input[name=password]", "ring-the-phone\r"),
				chromedp.WaitVisible("input[name=code]"))
			code := lookAtThePhone(t, ctx, d)
			checkCallPage(t, ctx)
			do(t, ctx, "giving the code",
				chromedp.SendKeys("input[name=code]", code+"\r"),
				chromedp.WaitVisible("#claims"))
			checkClaims(t, text(t, ctx, "#claims"))
			screenshot(t, ctx, "signed-in.png")
			leave(t, ctx, "refreshing", chromedp.Click("#refresh"))
			do(t, ctx, "refreshing", chromedp.WaitVisible("#claims"))
			do(t, ctx, "signing out", chromedp.Click("#sign-out"), chromedp.WaitVisible("#sign-in"))
			do(t, ctx, "signing in again", chromedp.Click("#sign-in"), chromedp.WaitVisible("input[name=password]"))
			failed.none(t)
		})
	}
}

func checkCallPage(t *testing.T, ctx context.Context) {
	t.Helper()
	attributes := read(t, ctx, chromedp.Attributes("input[name=code]"))
	if attributes["autocomplete"] != "one-time-code" || attributes["inputmode"] != "numeric" || attributes["type"] != "text" {
		t.Errorf("the code field has %v", attributes)
	}
	if page := text(t, ctx, "main"); !strings.Contains(page, "+7 999 ***-**-01") {
		t.Errorf("the call page does not show the masked number:\n%s", page)
	}
	text(t, ctx, ".caller") // comes once the phone rings
	screenshot(t, ctx, "call-page.png")
}

func checkClaims(t *testing.T, shown string) {
	t.Helper()
	var claims struct {
		Sub, Sid, Acr string
		Amr           []string
		AuthTime      int64 `json:"auth_time"`
	}
	if err := json.Unmarshal([]byte(shown), &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Sub == "" || claims.Sid == "" || claims.AuthTime == 0 || claims.Acr != "urn:ringtail:acr:2" || !slices.Equal(claims.Amr, []string{"pwd", "tel", "mca", "mfa"}) {
		t.Errorf("claims %s", shown)
	}
}
