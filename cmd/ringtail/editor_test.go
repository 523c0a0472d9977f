package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/ringtail-id/ringtail/loops/words"
	"github.com/ringtail-id/ringtail/static"
)

// editorPolicy is the console's: nothing inline, nothing from elsewhere.
const editorPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

const editorPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="form-token" content="proof">
<title>Driver</title><script src="%s" defer></script></head><body><main><h1>Driver</h1>
<form method="post" action="/save" data-driver data-lint="/lint" data-words="/words">
<p><label for="language">Language</label> <select id="language" name="language"><option value="js">JavaScript</option><option value="java"%s>Java</option></select></p>
<label for="script">Script</label><textarea id="script" name="script" data-editor="%s" rows="12" cols="30">%s</textarea>
<label for="manifest">Manifest</label><textarea id="manifest" name="manifest" data-editor="hocon" rows="4" cols="30">title = "Example" # one
secrets = [API_KEY, SIGN_KEY]
</textarea>
<div data-problems role="status"></div>
<button>Save</button></form></main></body></html>`

// editorServer shows a form as the console's, and remembers what it is sent.
type editorServer struct {
	*httptest.Server
	mu     sync.Mutex
	saved  string
	tokens []string
}

func serveEditor(t *testing.T) *editorServer {
	t.Helper()
	files, err := static.New("/static")
	if err != nil {
		t.Fatal(err)
	}
	s := &editorServer{}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", files)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", editorPolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		language := r.FormValue("language")
		chosen := map[string]string{"java": " selected"}[language]
		fmt.Fprintf(w, editorPage, files.URL("editor.js"), chosen, language, html.EscapeString(r.FormValue("text")))
	})
	mux.HandleFunc("GET /compare", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", editorPolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Compare</title><script src="%s" defer></script></head><body><main><h1>Compare</h1>
			<div data-compare="js" aria-label="Script"><pre data-side="before">function run() {\n  return 1;\n}</pre><pre data-side="after">function run() {\n  return 2;\n}</pre></div></main></body></html>`, files.URL("editor.js"))
	})
	mux.HandleFunc("GET /words", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(words.All()) })
	mux.HandleFunc("POST /lint", s.lint)
	mux.HandleFunc("POST /save", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.saved = r.FormValue("script") + "|" + r.FormValue("manifest")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<p id="saved">saved</p>`)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// lint finds every "bad" a problem, in its place.
func (s *editorServer) lint(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = append(s.tokens, r.Header.Get("X-Form-Token"))
	problems := []map[string]any{}
	for i, line := range strings.Split(strings.ReplaceAll(r.FormValue("script"), "\r\n", "\n"), "\n") {
		if at := strings.Index(line, "bad"); at >= 0 {
			problems = append(problems, map[string]any{"file": "script", "line": i + 1, "column": at + 1, "severity": "error", "reason": "contract", "message": "bad isn't known"})
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"problems": problems})
}

// watched gathers what the page's policy refused.
const watched = `window.refused = []; addEventListener("securitypolicyviolation", (e) => refused.push(e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber))`

// inEditor is the element in the shadow root of the nth editor.
func inEditor(n int, selector string) string {
	return fmt.Sprintf(`document.querySelectorAll(".editor")[%d]?.shadowRoot.querySelector(%q)`, n, selector)
}

// until waits for a condition of the page, which is asked at every frame. A page that is left meanwhile is asked no more,
// the one that comes is.
func until(t *testing.T, ctx context.Context, what, condition string) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	for {
		_, err := chromedp.Run(limited, chromedp.Evaluate[chromedp.Void](`new Promise((done) => {
			const look = () => { try { if (`+condition+`) return done(); } catch {} requestAnimationFrame(look); }; look(); })`, chromedp.EvalAwaitPromise))
		switch {
		case err == nil:
			return
		case limited.Err() != nil:
			do(t, limited, "waiting until "+what, chromedp.WaitReady("body"))
			return
		}
	}
}

func (s *editorServer) open(t *testing.T, ctx context.Context, language, text string) {
	t.Helper()
	query := "?language=" + language + "&text=" + strings.NewReplacer("%", "%25", "\n", "%0A", " ", "%20", "+", "%2B", "&", "%26", "#", "%23", ";", "%3B").Replace(text)
	do(t, ctx, "opening the editor", before(watched), chromedp.Navigate(s.URL+"/"+query), chromedp.WaitVisible(".editor"))
	until(t, ctx, "the words are there", `document.querySelector("form").dataset.ready === "words"`)
	do(t, ctx, "going to the end", chromedp.Evaluate[chromedp.Void](inEditor(0, ".cm-content")+`.focus()`), hit("End", chromedp.ModifierCtrl))
}

// hit presses one key with modifiers.
func hit(key string, modifiers ...chromedp.Modifier) chromedp.Action[chromedp.Void] {
	keys := map[string]string{"End": kb.End, "Tab": kb.Tab, "Escape": kb.Escape, "Enter": kb.Enter, "F1": kb.F1, "Delete": kb.Delete, "Home": kb.Home, "Down": kb.ArrowDown, "Right": kb.ArrowRight}
	if known, ok := keys[key]; ok {
		key = known
	}
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...))
}

func script(t *testing.T, ctx context.Context) string {
	t.Helper()
	return read(t, ctx, chromedp.Evaluate[string](`document.querySelector("textarea[name=script]").value`))
}

// TestConsoleEditor is the driver editor alone, on a page with the console's policy.
func TestConsoleEditor(t *testing.T) {
	s := serveEditor(t)
	ctx := browser(t)
	for name, check := range map[string]func(*testing.T, context.Context, *editorServer){
		"completes JavaScript": editorCompletes, "completes Java": editorCompletesJava, "says what a word is": editorHovers, "shows problems": editorShowsProblems,
		"is left with the keyboard": editorIsLeft, "undoes and finds": editorUndoes, "is accessible, light and dark": editorIsAccessible,
		"without JavaScript": editorWithoutJavaScript, "compares": editorCompares, "the policy counts": editorPolicyCounts,
	} {
		t.Run(name, func(t *testing.T) {
			ctx := soon(t, tab(t, ctx))
			check(t, ctx, s)
			if refused := read(t, ctx, chromedp.Evaluate[[]string](`window.refused || []`)); len(refused) > 0 {
				t.Errorf("the page's policy refused %q", refused)
			}
		})
	}
}

// offered are the labels that completion offers once there is one that want names.
func offered(t *testing.T, ctx context.Context, want string) string {
	t.Helper()
	until(t, ctx, "completion offers "+want, fmt.Sprintf(`[...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-completionLabel")].some((e) => e.textContent === %q)`, want))
	return strings.Join(read(t, ctx, chromedp.Evaluate[[]string](`[...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-completionLabel")].map((e) => e.textContent)`)), " ")
}

func editorCompletes(t *testing.T, ctx context.Context, s *editorServer) {
	for _, test := range []struct{ text, typed, want, not string }{
		{"function run(obj, result) {\n  return HttpLoop", ".", "callBuilder", "withHeader"},
		{"function run(obj, result) {\n  return HttpLoop.callBuilder('GET', 'x')", ".", "withHeader", "callBuilder"},
		{"function run(obj, result) {\n  const b = result.body();\n  return b", ".", "asString", "status"},
		{"function run(obj, result) {\n  return obj.asString", "(\"", "phone_number", "API_KEY"},
		{"function run(obj, result) {\n  return HttpLoop.error", "(\"", "no_funds", "phone_number"},
		{"function run(obj, result) {\n  return secrets", ".", "SIGN_KEY", "asString"},
		{"// nothing\n", "che", "check", "withHeader"},
	} {
		s.open(t, ctx, "js", test.text)
		do(t, ctx, "typing "+test.typed, chromedp.KeyEvent(test.typed))
		if got := offered(t, ctx, test.want); strings.Contains(got, test.not) {
			t.Errorf("after %q and %q completion offers %s", test.text, test.typed, got)
		}
	}
	s.open(t, ctx, "js", "function run(obj, result) {\n  return HttpLoop")
	do(t, ctx, "typing", chromedp.KeyEvent(".callB"))
	offered(t, ctx, "callBuilder")
	at := read(t, ctx, chromedp.Evaluate[[]float64](`(() => { const b = `+inEditor(0, "[aria-selected]")+`.getBoundingClientRect(); return [b.left + 5, b.top + 5]; })()`))
	do(t, ctx, "taking it", chromedp.MouseClickXY(at[0], at[1]))
	until(t, ctx, "it is taken", `document.querySelector("textarea[name=script]").value.endsWith("HttpLoop.callBuilder()")`)
}

func editorCompletesJava(t *testing.T, ctx context.Context, s *editorServer) {
	const head = "public class A implements HttpLoop {\n  public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {\n"
	for _, test := range []struct{ text, typed, want, not string }{
		{head + "    return HttpLoop", ".", "callBuilder", "withHeader"},
		{head + "    JsObj b = result.body();\n    b", ".", "asLong", "status"},
		{head + "    return HttpLoop.callBuilder(\"GET\", \"x\")", ".", "withBasicAuth", "callBuilder"},
		{head + "    return Ringtail", ".", "secret", "asString"},
		{head + "    String n = obj.asString", "(\"", "phone_number", "no_funds"},
	} {
		s.open(t, ctx, "java", test.text)
		do(t, ctx, "typing "+test.typed, chromedp.KeyEvent(test.typed))
		if got := offered(t, ctx, test.want); strings.Contains(got, test.not) {
			t.Errorf("after %q completion offers %s", test.text, got)
		}
	}
}

func editorHovers(t *testing.T, ctx context.Context, s *editorServer) {
	s.open(t, ctx, "js", "function run(obj, result) {\n  return HttpLoop.Ok(result.body());\n}")
	at := read(t, ctx, chromedp.Evaluate[[]float64](`(() => { const walk = document.createTreeWalker(`+inEditor(0, ".cm-content")+`, NodeFilter.SHOW_TEXT);
		for (let n; n = walk.nextNode();) { const i = n.data.indexOf("body"); if (i < 0) continue; const r = document.createRange(); r.setStart(n, i); r.setEnd(n, i + 4);
		const b = r.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; } return []; })()`))
	do(t, ctx, "pointing at body", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	until(t, ctx, "it is explained", inEditor(0, ".cm-word"))
	if got := read(t, ctx, chromedp.Evaluate[string](inEditor(0, ".cm-word")+`.textContent`)); !strings.Contains(got, "body(): JsObj") || !strings.Contains(got, "throws where it is no JSON object") {
		t.Errorf("body is explained as %q", got)
	}
	do(t, ctx, "by the keyboard", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 1, 1), hit("Home", chromedp.ModifierCtrl),
		hit("Down"), hit("Right", chromedp.ModifierCtrl), hit("Right", chromedp.ModifierCtrl), hit("F1"))
	until(t, ctx, "it is explained and said", inEditor(0, ".cm-word")+`?.textContent.includes("HttpLoop: HttpLoop") && [...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-announced")].some((e) => e.textContent.includes("HttpLoop: HttpLoop"))`)
	do(t, ctx, "taking it away", hit("Escape"))
	until(t, ctx, "it is away", "!"+inEditor(0, ".cm-word"))
}

func editorShowsProblems(t *testing.T, ctx context.Context, s *editorServer) {
	s.open(t, ctx, "js", "function run() {\n  return 1;\n}\n")
	until(t, ctx, "nothing is found", `document.querySelector("[data-problems]").textContent.includes("No problems")`)
	do(t, ctx, "typing", chromedp.KeyEvent("bad();"))
	until(t, ctx, "the problem is there", `document.querySelector("[data-problems] button")?.textContent === "script 4:1: bad isn't known" && `+inEditor(0, ".cm-lint-marker-error")+" && "+inEditor(0, ".cm-lintRange-error"))
	do(t, ctx, "going there", chromedp.Click("[data-problems] button"))
	until(t, ctx, "the editor has the focus", `document.querySelector(".editor").shadowRoot.activeElement`)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range s.tokens {
		if token != "proof" {
			t.Errorf("the server was asked with the form token %q", token)
		}
	}
}

func editorIsLeft(t *testing.T, ctx context.Context, s *editorServer) {
	s.open(t, ctx, "js", "")
	do(t, ctx, "indenting", hit("Tab"))
	if got := script(t, ctx); got != "  " {
		t.Errorf("Tab wrote %q", got)
	}
	do(t, ctx, "leaving", hit("Escape"), hit("Tab"))
	if !read(t, ctx, chromedp.Evaluate[bool](`document.activeElement === document.querySelectorAll(".editor")[1] && document.querySelector("textarea[name=script]").value === "  "`)) {
		t.Errorf("after Escape and Tab the focus is at %s", read(t, ctx, chromedp.Evaluate[string](`document.activeElement.outerHTML.slice(0, 80)`)))
	}
	if got := read(t, ctx, chromedp.Evaluate[string](inEditor(0, "#help")+`.textContent`)); !strings.Contains(got, "Escape, then Tab leaves") {
		t.Errorf("the page says %q", got)
	}
	do(t, ctx, "saving", hit("Escape"), hit("Tab"), hit("Enter"), chromedp.WaitVisible("#saved"), chromedp.Navigate("about:blank"))
	s.open(t, ctx, "js", "  ")
	do(t, ctx, "saving from within", hit("s", chromedp.ModifierCtrl), chromedp.WaitVisible("#saved"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasPrefix(s.saved, "  |title") {
		t.Errorf("saved %q", s.saved)
	}
}

func editorUndoes(t *testing.T, ctx context.Context, s *editorServer) {
	s.open(t, ctx, "js", "needle\n")
	do(t, ctx, "typing", chromedp.KeyEvent("x1"), hit("z", chromedp.ModifierCtrl))
	if got := script(t, ctx); got != "needle\n" {
		t.Errorf("after undoing there is %q", got)
	}
	do(t, ctx, "redoing", hit("y", chromedp.ModifierCtrl))
	if got := script(t, ctx); got != "needle\nx1" {
		t.Errorf("after redoing there is %q", got)
	}
	do(t, ctx, "searching", hit("f", chromedp.ModifierCtrl))
	until(t, ctx, "the search is there", inEditor(0, ".cm-search input[name=search]"))
	do(t, ctx, "searching", chromedp.KeyEvent("needle"), hit("Enter"))
	until(t, ctx, "it is found", inEditor(0, ".cm-searchMatch"))
	checkAccessible(t, ctx)
}

func editorIsAccessible(t *testing.T, ctx context.Context, s *editorServer) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			do(t, ctx, "emulating", prefers("color-scheme", scheme), chromedp.EmulateViewport(320, 800))
			s.open(t, ctx, "js", "// why\nfunction run(obj, result) {\n  const a = \"text\" + 12;\n  return bad(HttpLoop);\n}\n")
			until(t, ctx, "the problem is there", inEditor(0, ".cm-lint-marker-error"))
			checkAccessible(t, ctx)
			do(t, ctx, "completing", chromedp.KeyEvent("Htt"))
			offered(t, ctx, "HttpLoop")
			checkAccessible(t, ctx)
			if over := read(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
				t.Errorf("the page is %d px too wide", over)
			}
			back := read(t, ctx, chromedp.Evaluate[string](`getComputedStyle(`+inEditor(0, ".cm-editor")+`).backgroundColor`))
			if want := map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]; back != want {
				t.Errorf("the background is %s", back)
			}
		})
	}
}

func editorWithoutJavaScript(t *testing.T, ctx context.Context, s *editorServer) {
	do(t, ctx, "saving", scripts(false), chromedp.Navigate(s.URL+"/?language=js&text=plain"), chromedp.WaitVisible("textarea[name=script]"),
		chromedp.Click("button"), chromedp.WaitVisible("#saved"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasPrefix(s.saved, "plain|title") {
		t.Errorf("saved %q", s.saved)
	}
}

func editorCompares(t *testing.T, ctx context.Context, s *editorServer) {
	do(t, ctx, "opening", before(watched), chromedp.Navigate(s.URL+"/compare"), chromedp.WaitVisible(".editor"))
	until(t, ctx, "what changed is shown", inEditor(0, ".cm-deletedChunk")+`.textContent.includes("return 1;") && `+inEditor(0, ".cm-changedLine")+`.textContent.includes("return 2;")`)
	checkAccessible(t, ctx)
}

// A policy that refused nothing, or nobody who counts, would prove nothing.
func editorPolicyCounts(t *testing.T, ctx context.Context, s *editorServer) {
	s.open(t, ctx, "js", "")
	do(t, ctx, "breaking the policy", chromedp.Evaluate[chromedp.Void](`document.body.setAttribute("style", "color: red")`))
	until(t, ctx, "it is counted", `refused.splice(0).some((what) => what.startsWith("style-src"))`)
}
