package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every fault of a chain is told at once, where its route is written.
func TestChainsThatCantServe(t *testing.T) {
	file := settingsFile(t, `  login { level = 1, factors = [ [ {method = password, enabled = true}, {method = flashCall, enabled = true} ], [ ] ] }
  login.methods.flashCall {
    driver = null, codeLength = 8
    channels = [
      { channel = flashCall, driver = sms-ru-sms }
      { channel = sms, driver = sms-ru-sms }
      { channel = flashCall, driver = broken }
      { channel = flashCall, driver = broken, hours = "00:00-08:00" }
      { channel = flashCall, driver = smsc }
      { channel = flashCall, driver = unable }
    ]
  }
  loops.secrets.smsc { LOGIN = l, PASSWORD = p }`)
	own := filepath.Join(filepath.Dir(file), "drivers")
	writeDriver(t, own, "broken", "function run() {\n  return HttpLoop.\n")
	writeDriver(t, own, "unable", "function run() {}")
	manifest := "title = \"Test\"\nhosts = [\"localhost:*\"]\ncode { origin = check }\n"
	if err := os.WriteFile(filepath.Join(own, "unable", "driver.conf"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	const channels = ": blitz.prod.local.idp.login.methods.flashCall.channels: "
	want := []string{
		file + ":13:39" + channels + "driver sms-ru-sms brings codes by sms, not by flashCall",
		file + ":13:39" + channels + "wants a secret; set loops.secrets.sms-ru-sms.",
		filepath.Join(own, "broken", "driver.js") + ":3:",
		file + ":17:39" + channels + "driver smsc has codes of",
		file + ":18:39" + channels + "driver unable lets its provider check the code",
		filepath.Join(own, "unable", "driver.js") + ": code.origin is check",
	}
	for _, command := range []string{"check", "serve"} {
		code, _, errOut := ringtail(t, "", command, "--conf", file)
		if code != exitRefused {
			t.Errorf("%s: exit code %d", command, code)
		}
		lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(errOut, "ringtail: ")), "\n")
		if len(lines) != len(want) {
			t.Errorf("%s tells %d faults, want %d:\n%s", command, len(lines), len(want), errOut)
			continue
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, want[i]) {
				t.Errorf("%s: line %d is\n%s\nwant\n%s", command, i+1, line, want[i])
			}
		}
	}
}

// chained starts the demo with a chain of its own.
func chained(t *testing.T, channels string, more ...string) *demo {
	t.Helper()
	set := []string{"--set", "login.methods.flashCall.driver=null", "--set", "login.methods.flashCall.channels=" + channels}
	for _, m := range more {
		set = append(set, "--set", "login.methods.flashCall."+m)
	}
	return startDemo(t, set...)
}

// The second route takes over where the first one's provider is out of order, and
// routes that the number doesn't pass are no routes.
func TestChainMovesOn(t *testing.T) {
	folder := t.TempDir()
	writeDriver(t, folder, "down", "function run() { return HttpLoop.error('unavailable', {}) }")
	d := startDemo(t, "--set", "loops.folder="+folder, "--set", "login.methods.flashCall.driver=null",
		"--set", `login.methods.flashCall.channels=[{channel = sms, driver = virtual-phone-sms, prefixes = ["+7495"]}, `+
			`{channel = flashCall, driver = down}, {channel = flashCall, driver = virtual-phone}]`)
	c := newClient(t).password(d)
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#signed-in")
}

// The settings of calls reach the login.
func TestSettingsOfCallsReachTheLogin(t *testing.T) {
	const one = "[{channel = flashCall, driver = virtual-phone}]"
	for name, c := range map[string]struct {
		chain, set, problem string
	}{
		"country":      {one, "numbers.countries=[KZ]", "phone_country"},
		"number a day": {one, "limits.perNumber={hour = 1, day = 1}", "number_limited"},
		"spend":        {"[{channel = flashCall, driver = virtual-phone, price = 0.4}]", "limits.spend.day=0.7", "calls_limited"},
	} {
		t.Run(name, func(t *testing.T) {
			d := chained(t, c.chain, c.set)
			calls := 0
			for range 2 {
				browser := newClient(t).password(d)
				if browser.problems() == c.problem {
					break
				}
				calls++
				d.ring(t, calls)
			}
			browser := newClient(t).password(d)
			if browser.problems() != c.problem {
				t.Errorf("the page tells of %q, want %q:\n%s", browser.problems(), c.problem, browser.page.Text())
			}
			if n := len(d.calls(t, demoNumber)); n != calls || n > 1 {
				t.Errorf("%d calls were placed", n)
			}
		})
	}
}

// With ask the person says that they want to be called.
func TestAskingBeforeTheCall(t *testing.T) {
	d := chained(t, "[{channel = flashCall, driver = virtual-phone}]", "ask=firstTime")
	c := newClient(t).password(d)
	if n := len(d.calls(t, demoNumber)); n != 0 {
		t.Fatalf("%d calls before anybody asked", n)
	}
	c.submit("[value=resend]", map[string]string{"action": "resend"})
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#signed-in")
	c = newClient(t).password(d)
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 2)}).must("#signed-in")
}

// An account is found by the attribute of the rule, as the first factor.
func TestSigningInByNumberAlone(t *testing.T) {
	const factors = "[[{method = flashCall, enabled = true}], []]"
	d := startDemo(t, "--set", "login.level=1", "--set", "login.factors="+factors, "--set", `login.methods.flashCall.loginRule="desk=${login}"`)
	file := filepath.Join(d.dir, "blitz.conf")
	if code, _, errOut := ringtail(t, "", "user", "add", "desk", "--conf", file, "--attr", "desk=79991112233"); code != exitOK {
		t.Fatal(errOut)
	}
	c := newClient(t).get(d.shop + "/login")
	c.submit("input[name=phone]", map[string]string{"phone": "+7 999 111-22-33"})
	c.submit("input[name=code]", map[string]string{"code": d.ringing(t, "79991112233", 1)}).must("#signed-in")
	if !strings.Contains(c.page.Text(), `"preferred_username": "desk"`) {
		t.Errorf("somebody else is signed in:\n%s", c.page.Text())
	}
}
