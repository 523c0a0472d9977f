package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// installed is an empty installation that serves, with one administrator and nothing set up.
type installed struct {
	issuer, file string
	log          *processtest.Lines
	password     string
	codes        []string // recovery codes of the administrator that weren't used
}

const rootPassword = "a long enough sentence"

// install writes the smallest settings that a provider starts with, and starts it. more are lines of settings.
func install(t *testing.T, more string) *installed {
	t.Helper()
	port := processtest.FreePorts(t, 3)
	in := &installed{issuer: fmt.Sprintf("http://localhost:%d/blitz", port), file: filepath.Join(t.TempDir(), "blitz.conf"), log: &processtest.Lines{}, password: rootPassword}
	text := fmt.Sprintf(`blitz.prod.local.idp {
  issuer = "%s"
  server.listen = "localhost:%d"
  ops.listen = null
  store.url = "sqlite:ringtail.db"
  keys.master = "%s"
  login.factors = [ [ { method = password, enabled = true } ], [ { method = flashCall, enabled = false }, { method = recovery, enabled = true } ] ]
  loops.egress { allowHttp = ["127.0.0.1:*"], allowPrivate = ["127.0.0.1:*"] }
%s
}
`, in.issuer, port, strings.Repeat("5e", 32), more)
	if err := os.WriteFile(in.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in.ringtail(t, rootPassword, "admin", "add", "root", "--password", "-")
	in.codes = strings.Fields(in.ringtail(t, "", "user", "recovery", "root"))
	in.serve(t)
	return in
}

// ringtail runs a command on the installation and gives what it prints.
func (in *installed) ringtail(t *testing.T, stdin string, arguments ...string) string {
	t.Helper()
	code, out, errOut := ringtail(t, stdin, append(arguments, "--conf", in.file)...)
	if code != exitOK {
		t.Fatalf("ringtail %v: exit %d: %s%s", arguments, code, out, errOut)
	}
	return out
}

// serve runs the provider until the test ends.
func (in *installed) serve(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--conf", in.file}, stdio{strings.NewReader(""), writer, in.log})
		_ = writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("exit code %d:\n%s", code, in.log)
		}
		if t.Failed() {
			t.Logf("the log:\n%s", in.log)
		}
	})
	s := bufio.NewScanner(reader)
	for s.Scan() && s.Text() != "ready" {
	}
	if s.Text() != "ready" {
		t.Fatalf("it ended before it was ready:\n%s", in.log)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
}

// administrator opens the console in a browser of its own and signs in as root, with a code that nobody used.
func (in *installed) administrator(t *testing.T, ctx context.Context) *administrator {
	t.Helper()
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	a := &administrator{t: t, ctx: ctx, base: in.issuer + "/console", login: "root", password: in.password, second: in.recoveryCode}
	a.open("/")
	return a
}

// recoveryCode gives the next code of the list that the administrator keeps on paper.
func (in *installed) recoveryCode(t *testing.T, give func()) string {
	t.Helper()
	give()
	if len(in.codes) == 0 {
		t.Fatal("all recovery codes were used")
	}
	code := in.codes[0]
	in.codes = in.codes[1:]
	return code
}

// TestConsoleFromNothing goes as an administrator would, by mouse and keyboard alone, from an empty installation to a person
// who signs in through a call that the stand-in of New-Tel places.
func TestConsoleFromNothing(t *testing.T) {
	stand, printed := playing(t, "new-tel", "--secret", "API_KEY="+standInKey, "--secret", "SIGN_KEY="+standInSign)
	if !strings.Contains(printed, standInKey) {
		t.Fatalf("the stand-in prints\n%s", printed)
	}
	in := install(t, "")
	in.ringtail(t, annasPassword, "user", "add", "anna", "--phone", "+7 999 000-00-03", "--password", "-")
	a := in.administrator(t, window(t))
	a.setTheCall()
	a.writeTheDriver(stand)
	a.giveTheSecrets()
	a.tryTheDriver()
	a.publishTheDriver()
	a.switchTheCallOn()
	anna(t, in, stand)
}

const (
	standInKey    = "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef"
	standInSign   = "123456123456123456123456123456123456123456123456"
	annasPassword = "another long sentence"
)

// setTheCall is the guide's second step: the six fields of the call. The tab of the driver appears once they were saved.
func (a *administrator) setTheCall() {
	a.t.Helper()
	a.press("Confirmation by a phone call")
	a.field("Code length", "4")
	a.field("Number of attempts per login", "4")
	a.field("Total number of attempts", "50")
	a.field("Why (optional)", "The first settings")
	a.do("going up", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	screenshot(a.t, a.ctx, "console-flash-call.png")
	a.press("Save")
	a.shows("Saved as revision")
	a.press("Phone call provider driver")
	a.shows("A driver is the script")
}

// writeTheDriver begins with the ready driver of New-Tel, breaks it, is told so, and has it reach the stand-in.
func (a *administrator) writeTheDriver(stand string) {
	a.t.Helper()
	a.press("New driver")
	a.field("Name", "new-tel")
	a.choose("Begin with", "New-Tel (new-tel)")
	a.press("Make a draft")
	a.shows("It serves nobody until it is published.")
	until(a.t, a.ctx, "the editor is there", `document.querySelector("form[data-driver]").dataset.ready === "words"`)

	a.inEditor(0, hit("Home", chromedp.ModifierCtrl), chromedp.KeyEvent("} broken\n"))
	until(a.t, a.ctx, "the problem is told", `document.querySelectorAll("[data-problems] button").length > 0 && `+inEditor(0, ".cm-lint-marker-error"))
	screenshot(a.t, a.ctx, "console-editor.png")
	a.press("Save and publish…")
	a.shows("It can't be published like this.")
	if read(a.t, a.ctx, chromedp.Evaluate[bool](`!!document.querySelector("form[action$='/publish']")`)) {
		a.t.Error("a broken driver can be published")
	}
	a.press("Back to the script")
	until(a.t, a.ctx, "the editor is there", `document.querySelector("form[data-driver]").dataset.ready === "words"`)

	a.inEditor(0, hit("Home", chromedp.ModifierCtrl), hit("End", chromedp.ModifierShift), hit("Delete"), hit("Delete"))
	a.replace(0, "https://api.new-tel.net/", stand+"/")
	a.replace(1, "api.new-tel.net", `"`+strings.TrimPrefix(stand, "http://")+`"`)
	until(a.t, a.ctx, "there is no problem", `document.querySelector("[data-problems]").textContent.includes("No problems")`)
	a.press("Save the draft")
	a.shows("The draft was saved.")
}

func (a *administrator) giveTheSecrets() {
	a.t.Helper()
	a.press("Secrets")
	for name, value := range map[string]string{"API_KEY": standInKey, "SIGN_KEY": standInSign} {
		a.field("Value of "+name, value)
		a.press("Set " + name)
		a.shows("The secret " + name + " was set.")
	}
	if page := read(a.t, a.ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML`)); strings.Contains(page, standInKey) {
		a.t.Error("the page shows a secret")
	}
	screenshot(a.t, a.ctx, "console-secrets.png")
}

// tryTheDriver tries it against the stand-in inside of the provider, first with a fault, and with an answer typed by hand.
func (a *administrator) tryTheDriver() {
	a.t.Helper()
	a.press("Trial")
	a.choose("Provider", "new-tel")
	a.submit("Try against the stand-in")
	until(a.t, a.ctx, "it went well", `document.querySelector("#trial-result [data-outcome=ok]") && document.querySelectorAll("#trial-result .steps li").length > 0`)
	if steps := text(a.t, a.ctx, ".steps"); !strings.Contains(steps, "call-password/start-password-call") || !strings.Contains(steps, "Time") || strings.Contains(steps, standInKey) {
		a.t.Errorf("the steps are\n%s", steps)
	}
	a.do("going to the result", chromedp.Evaluate[chromedp.Void](`document.getElementById("trial-result").scrollIntoView()`))
	screenshot(a.t, a.ctx, "console-trial.png")
	a.submit("With answers typed by hand")
	a.field("Status", "401")
	a.submit("Try with these answers")
	until(a.t, a.ctx, "it failed", `document.querySelector("#trial-result [data-outcome=error]")?.textContent.includes("auth_failed")`)
	checkConsolePage(a.t, a.ctx)
}

// publishTheDriver publishes it; its cases name the provider's own address, so that they go first.
func (a *administrator) publishTheDriver() {
	a.t.Helper()
	a.dropTheCases()
	a.press("Script")
	a.press("Save and publish…")
	a.field("Comment", "New-Tel, through the stand-in")
	screenshot(a.t, a.ctx, "console-publish.png")
	a.press("Publish")
	a.shows("version 1 serves.")
	screenshot(a.t, a.ctx, "console-versions.png")
}

// dropTheCases removes all cases of the draft.
func (a *administrator) dropTheCases() {
	a.t.Helper()
	a.press("Cases")
	for read(a.t, a.ctx, chromedp.Evaluate[int](`document.querySelectorAll("details.case").length`)) > 0 {
		a.do("opening a case", chromedp.Click("details.case > summary"))
		a.press("Remove the case")
		a.shows("was dropped.")
	}
}

// switchTheCallOn makes the driver a route of the chain and enables the method.
func (a *administrator) switchTheCallOn() {
	a.t.Helper()
	a.press("Confirmation by a phone call")
	a.press("Add a route")
	a.choose("Channel", "flashCall")
	a.choose("Driver", "new-tel: New-Tel")
	a.press("Save")
	a.shows("Saved as revision")
	a.press("Second factor")
	screenshot(a.t, a.ctx, "console-second-factor.png")
	a.press("Switch on Confirmation by a phone call")
	a.shows("Saved as revision")
}

// anna signs in through the call, in a browser of her own.
func anna(t *testing.T, in *installed, stand string) {
	t.Helper()
	ctx := window(t)
	do(t, ctx, "signing in", chromedp.Navigate(in.issuer+"/profile"), chromedp.WaitVisible("input[name=password]"),
		chromedp.SendKeys("input[name=login]", "anna"), chromedp.SendKeys("input[name=password]", annasPassword+"\r"), chromedp.WaitVisible("input[name=code]"))
	code := standInCode(t, stand, "79990000003")
	do(t, ctx, "giving the code", chromedp.SendKeys("input[name=code]", code+"\r"), chromedp.WaitVisible("[data-calls]"))
}

// standInCode waits for the stand-in to call the number and gives the last digits of the caller.
func standInCode(t *testing.T, stand, number string) string {
	t.Helper()
	var calls []struct{ From string }
	eventually(t, func() bool {
		res, err := http.Get(stand + "/_standin/calls?to=" + number)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return json.NewDecoder(res.Body).Decode(&calls) == nil && len(calls) > 0
	}, func() string { return "the stand-in called nobody" })
	return calls[0].From[len(calls[0].From)-4:]
}
