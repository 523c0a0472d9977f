package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// failedRequests are what a window asked for and didn't get.
type failedRequests struct {
	mu   sync.Mutex
	list []string
}

// watchRequests gathers from now on. Requests of a page that was left are no failure.
func watchRequests(t *testing.T, ctx context.Context) *failedRequests {
	t.Helper()
	f := &failedRequests{}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventResponseReceived:
			if e.Response.Status >= http.StatusBadRequest {
				f.add("%d %s", e.Response.Status, e.Response.URL)
			}
		case *network.EventLoadingFailed:
			if !e.Canceled {
				f.add("%s %s %s", e.Type, e.ErrorText, e.BlockedReason)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *failedRequests) add(format string, arguments ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fmt.Sprintf(format, arguments...))
}

func (f *failedRequests) none(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) > 0 {
		t.Errorf("requests that failed:\n%s", strings.Join(f.list, "\n"))
	}
}

// hasIcon: a page that names none has the browser ask for /favicon.ico, and what it
// asks for icons shows in no event. So the page loads its icon as a picture, within
// its policy.
func hasIcon(t *testing.T, ctx context.Context) {
	t.Helper()
	const load = `(async () => {
		const link = document.querySelector("link[rel=icon]");
		if (!link) return location.pathname + " names no icon";
		const icon = new Image();
		icon.src = link.href;
		return icon.decode().then(() => "", (e) => location.pathname + " has no icon at " + link.href + ": " + e);
	})()`
	if problem := read(t, ctx, chromedp.Evaluate[string](load, chromedp.EvalAwaitPromise)); problem != "" {
		t.Error(problem)
	}
}
