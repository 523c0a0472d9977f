package realclients

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// window opens a window of Debian's Chromium for one test.
func window(t *testing.T) context.Context {
	t.Helper()
	binary := processtest.Program(t, "chromium", "apt-get install chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has gone, so that its folder can be removed
		cancel()
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(800, 900)); err != nil { // starts the browser; must have no deadline
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return limited
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

// signInWithWindow answers the provider's pages, of which the window shows the first.
func signInWithWindow(t *testing.T, ctx context.Context, p *provider) {
	t.Helper()
	do(t, ctx, "giving the password", chromedp.WaitVisible("input[name=password]"),
		chromedp.SendKeys("input[name=login]", "demo"), chromedp.SendKeys("input[name=password]", "ring-the-phone\r"),
		chromedp.WaitVisible("input[name=code]"))
	do(t, ctx, "giving the code", chromedp.SendKeys("input[name=code]", digits(t, p)+"\r"))
}
