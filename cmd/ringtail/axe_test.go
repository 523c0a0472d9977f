package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeRun runs every rule that is on by default, best practices among them, and
// target-size of WCAG 2.2 AA, which isn't. It leaves out the rules named in SKIP.
const axeRun = `axe.run(document, {
  resultTypes: ["violations"],
  rules: Object.fromEntries([["target-size", {enabled: true}], ...SKIP.map((id) => [id, {enabled: false}])]),
}).then((r) => ({ran: r.passes.length, violations: r.violations.map((v) =>
  v.id + ": " + v.help + ": " + v.nodes.map((n) => n.target.join(" ") + " (" + (n.any.concat(n.all, n.none)[0] || {}).message + ")").join("; "))}))`

// violations are what axe-core finds on the page as it stands: the rule, and
// the elements by their selectors. The evaluation is the debugger's, which the
// page's Content-Security-Policy doesn't stop.
func violations(t *testing.T, ctx context.Context, skip ...string) []string {
	t.Helper()
	left, err := json.Marshal(append([]string{}, skip...))
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "loading axe-core", chromedp.Evaluate[chromedp.Void](readFile(t, "testdata", "axe", "axe.min.js")))
	found := read(t, ctx, chromedp.Evaluate[struct {
		Ran        int
		Violations []string
	}](strings.Replace(axeRun, "SKIP", string(left), 1), chromedp.EvalAwaitPromise))
	if found.Ran < 5 {
		t.Errorf("only %d rules of axe-core had something to look at", found.Ran)
	}
	return found.Violations
}

// checkAccessible fails for whatever axe-core finds, but for the rules in skip.
func checkAccessible(t *testing.T, ctx context.Context, skip ...string) {
	t.Helper()
	for _, violation := range violations(t, ctx, skip...) {
		t.Error(violation)
	}
}

// A check that finds nothing anywhere would be worth nothing.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		w.Write([]byte(`<!doctype html><title>Bad</title><h1>Bad</h1><h4>Worse</h4><p style="color:#bbb;background:#fff">Pale</p>
			<input id="x"><button style="width:10px;height:10px;padding:0">a</button><button style="width:10px;height:10px;padding:0"></button>`))
	}))
	defer server.Close()
	ctx := window(t)
	do(t, ctx, "opening a bad page", chromedp.Navigate(server.URL), chromedp.WaitVisible("h1"))
	found := strings.Join(violations(t, ctx), "\n")
	for _, rule := range []string{"html-has-lang", "label", "button-name", "color-contrast", "target-size", "heading-order", "landmark-one-main", "region"} {
		if !strings.Contains(found, rule+":") {
			t.Errorf("axe-core does not report %s; it found\n%s", rule, found)
		}
	}
	if found = strings.Join(violations(t, ctx, "label"), "\n"); strings.Contains(found, "label:") || !strings.Contains(found, "button-name:") {
		t.Errorf("without the rule label axe-core finds\n%s", found)
	}
}

// The copy of axe-core is the version that `make assets` fetches.
func TestAxeIsThePinnedVersion(t *testing.T) {
	pinned := regexp.MustCompile(`(?m)^AXE\s*:=\s*(\S+)$`).FindStringSubmatch(readFile(t, filepath.Join("..", ".."), "Makefile"))
	if pinned == nil {
		t.Fatal("the Makefile pins no version of axe-core")
	}
	if script := readFile(t, "testdata", "axe", "axe.min.js"); !strings.HasPrefix(script, "/*! axe v"+pinned[1]+"\n") {
		t.Errorf("the Makefile pins axe-core %s, the script begins with %q", pinned[1], script[:20])
	}
}
