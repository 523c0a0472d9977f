package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/ringtail-id/ringtail/loops/drivers"
)

// mostPages bounds the walk; it fails where there are more, so that none is left out in silence.
const mostPages = 150

// oneOfMany are segments of paths that name one thing of a kind: a number, an identifier.
var oneOfMany = regexp.MustCompile(`^([0-9]+|[A-Za-z0-9_-]{16,})$`)

// shape is the path with what names one of many left out: pages of one shape look alike.
func shape(path string, names []string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if oneOfMany.MatchString(s) || slices.Contains(names, s) {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}

// TestConsolePages goes from page to page of the demo's console, as links lead, and looks at one of each kind: axe-core
// finds nothing, light and dark; it fits a narrow screen; the keyboard reaches all there is, and shows where it is.
func TestConsolePages(t *testing.T) {
	d := startDemo(t)
	ctx := browser(t)
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	a := theDemosAdministrator(t, ctx, d)
	names := shippedNames(t)
	seen, queue := map[string]bool{"/": true}, []string{"/"}
	for n := 0; len(queue) > 0; n++ {
		path := queue[0]
		queue = queue[1:]
		if n == mostPages {
			t.Fatalf("there are more than %d kinds of pages: %q are left", mostPages, queue)
		}
		t.Run(strings.ReplaceAll(shape(path, names), "/", ":"), func(t *testing.T) {
			shown := soon(t, ctx)
			a := &administrator{t: t, ctx: shown, base: a.base, login: a.login, password: a.password, second: a.second}
			a.open(path)
			for _, link := range a.links() {
				if s := shape(strings.Split(link, "?")[0], names); !seen[s] {
					seen[s] = true
					queue = append(queue, link)
				}
			}
			checkConsolePage(t, shown)
		})
	}
	for _, want := range []string{"/administrators", "/audit", "/calls", "/drivers", "/drivers/*/trial", "/settings/flashCall", "/users"} {
		if !seen[want] {
			t.Errorf("no link led to %s", want)
		}
	}
}

func shippedNames(t *testing.T) (names []string) {
	t.Helper()
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		names = append(names, d.Name)
	}
	return names
}

// links are the console's own that the page shows, below its path.
func (a *administrator) links() (paths []string) {
	a.t.Helper()
	base, err := url.Parse(a.address(""))
	if err != nil {
		a.t.Fatal(err)
	}
	for _, link := range read(a.t, a.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("a[href]:not([target]):not([download])")].map((a) => a.href)`)) {
		u, err := url.Parse(link)
		if err != nil {
			a.t.Fatal(err)
		}
		if path, ok := strings.CutPrefix(u.Path, base.Path+"/"); ok && u.Host == base.Host && u.Fragment == "" && !strings.HasSuffix(path, "/export") { // a file to keep
			if u.RawQuery != "" {
				path += "?" + u.RawQuery
			}
			paths = append(paths, "/"+path)
		}
	}
	return paths
}

// checkConsolePage is what every page of the console must be.
func checkConsolePage(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		do(t, ctx, "emulating", prefers("color-scheme", scheme, "reduced-motion", "reduce"))
		for _, violation := range violations(t, ctx) {
			t.Errorf("%s: %s", scheme, violation)
		}
	}
	do(t, ctx, "emulating", prefers("color-scheme", "light"), chromedp.EmulateViewport(320, 800))
	if over := read(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
		t.Errorf("at 320 px the page is %d px too wide: %s", over, read(t, ctx, chromedp.Evaluate[string](
			`[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".wide, pre, .editor")).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join("\n")`)))
	}
	do(t, ctx, "emulating", chromedp.EmulateViewport(1200, 900))
	checkKeyboard(t, ctx)
	for _, rule := range []string{`document.querySelectorAll("h1").length === 1`, `!document.querySelector("[style], script:not([src]), style")`} {
		if !read(t, ctx, chromedp.Evaluate[bool](rule)) {
			t.Errorf("the page isn't: %s", rule)
		}
	}
	if refused := read(t, ctx, chromedp.Evaluate[[]string](`window.refused || []`)); len(refused) > 0 {
		t.Errorf("the page's policy refused %q", refused)
	}
}

// usable numbers what can be used on the page, a group of radio buttons once.
const usable = `(() => { let n = 0; const groups = new Set();
	for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0'], .editor")) {
		if (!e.checkVisibility() || e.disabled || e.type === "hidden" || e.tabIndex < 0 && !e.matches(".editor")) continue;
		if (e.type === "radio") { if (groups.has(e.name)) continue; groups.add(e.name); if (!e.checked && document.querySelector('input[type=radio][name="' + e.name + '"]:checked')) { groups.delete(e.name); continue; } }
		e.dataset.usable = n++;
	} return n; })()`

// checkKeyboard goes through the page with Tab: all that can be used is reached, and where the focus is can be seen.
func checkKeyboard(t *testing.T, ctx context.Context) {
	t.Helper()
	total := read(t, ctx, chromedp.Evaluate[int](`document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); `+usable))
	reached, unseen := map[string]bool{}, map[string]bool{}
	const focused = `(() => { const e = document.activeElement; const s = getComputedStyle(e); const inner = e.shadowRoot?.activeElement;
		return [e.dataset.usable ?? "", inner || e.matches(".editor, input[type^=date], input[type=time]") ? "yes" : String(s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0), e.matches(".editor") ? "editor" : "", e.outerHTML.slice(0, 100)]; })()`
	fields := read(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("input[type^=date], input[type=time]").length`)) // each has parts to stop at
	for range total + 10 + 7*fields {
		do(t, ctx, "pressing Tab", chromedp.KeyEvent(kb.Tab))
		at := read(t, ctx, chromedp.Evaluate[[]string](focused))
		if at[0] != "" {
			reached[at[0]] = true
		}
		if at[0] != "" && at[1] == "false" {
			unseen[at[3]] = true
		}
		if at[2] == "editor" {
			do(t, ctx, "pressing Escape", chromedp.KeyEvent(kb.Escape))
		}
	}
	for n := range total {
		if !reached[fmt.Sprint(n)] {
			t.Errorf("the keyboard doesn't reach %s", read(t, ctx, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector('[data-usable="%d"]').outerHTML.slice(0, 160)`, n))))
		}
	}
	for what := range unseen {
		t.Errorf("the focus can't be seen on %s", what)
	}
}
