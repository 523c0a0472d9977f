package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// chainSettings has a chain of three routes by drivers that ship.
const chainSettings = `  login.methods.flashCall {
    driver = null
    codeLength = 6
    channels = [
      { channel = flashCall, driver = new-tel, price = 0.40, countries = [RU], prefixes = ["+7999"], hours = "22:00-06:30" }
      { channel = flashCall, driver = smsc }
      { channel = sms, driver = sms-ru-sms, wait = 60 }
    ]
    limits { perNumber.hour = 0, spend.day = 1500.50 }
  }`

func TestLimits(t *testing.T) {
	file := settingsFile(t, chainSettings)
	code, out, errOut := ringtail(t, "", "limits", "--conf", file)
	if code != exitOK || errOut != "" {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	for _, want := range []string{
		"flashCall  new-tel     we                    0.4 RUB  0 s    RU; +7999; 22:00-06:30\n",
		"sms        sms-ru-sms  we                             60 s",
		"resendAfter             45 s", "limits.perNumber.hour   off", "limits.spend.day        1500.5 RUB", "numbers.countries       [RU]",
		"GUESSING ONE OF 1000000 CODES", "3      7        0.0007 %, 1 in 142857\n", "15     35       0.0035 %",
		"\nwarning: with smsc the provider draws the code;", "\nwarning: no stronger method",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "digits; NIST") {
		t.Errorf("six digits are told to be too few:\n%s", out)
	}
}

func TestLimitsAsJSON(t *testing.T) {
	file := settingsFile(t, "  login.methods.flashCall { attemptsPerLogin = 2, totalAttempts = 4, blockMinutes = 1440 }")
	code, out, errOut := ringtail(t, "", "limits", "--conf", file, "--json")
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	var report limitsReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Routes) != 1 || report.Routes[0].Driver != "example" || report.Routes[0].Channel != "flashCall" || report.Currency != "RUB" {
		t.Errorf("routes are %+v in %s", report.Routes, report.Currency)
	}
	if want := (guessingRow{Calls: 1, Guesses: 2, Chance: 2e-4}); report.Odds.Codes != 1e4 || !near(report.Odds.Code, want) {
		t.Errorf("the odds are %+v, want %+v of 10000 for one code", report.Odds, want)
	}
	if !near(report.Odds.Day, report.Odds.Block) || report.Odds.Day.Guesses != 2 {
		t.Errorf("a block of a day leaves %+v a day, and %+v until then", report.Odds.Day, report.Odds.Block)
	}
	values := map[string]any{}
	for _, l := range report.Limits {
		values[l.Setting] = l.Value
	}
	if values["blockMinutes"] != 1440. || values["limits.perNumber.day"] != 15. || values["limits.spend.day"] != 2000. {
		t.Errorf("limits are %v", values)
	}
	if ids := warningIDs(report); ids != "short_code provider_code no_stronger_method" {
		t.Errorf("warnings are %s", ids)
	}
}

func near(a, b guessingRow) bool {
	return a.Calls == b.Calls && a.Guesses == b.Guesses && a.Chance > b.Chance*0.999 && a.Chance < b.Chance*1.001
}

func warningIDs(r limitsReport) string {
	var ids []string
	for _, w := range r.Warnings {
		ids = append(ids, w.ID)
	}
	return strings.Join(ids, " ")
}

func TestLimitsThatCantBeShown(t *testing.T) {
	for name, c := range map[string]struct{ settings, says string }{
		"nobody is called": {"  login { level = 1, factors = [ [ {method = password, enabled = true} ] ] }", "flashCall is not enabled"},
		"no such driver":   {"  login.methods.flashCall { driver = null, channels = [ { channel = sms, driver = nobody } ] }", ":9:83: blitz.prod.local.idp.login.methods.flashCall.channels: there is no driver nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := ringtail(t, "", "limits", "--conf", settingsFile(t, c.settings))
			if code != exitRefused || !strings.Contains(errOut, c.says) {
				t.Errorf("exit code %d: %s", code, errOut)
			}
		})
	}
}

// What weakens the calls is told where settings are checked, and is no fault.
func TestCheckTellsWarnings(t *testing.T) {
	code, out, errOut := ringtail(t, "", "check", "--conf", settingsFile(t, "  login.methods.flashCall.codeLength = 5"))
	if code != exitOK || !strings.Contains(out, "is fine") {
		t.Fatalf("exit code %d: %s%s", code, out, errOut)
	}
	if want := ":9:40: blitz.prod.local.idp.login.methods.flashCall.codeLength: codes have 5 digits;"; !strings.Contains(errOut, want) {
		t.Errorf("there is no %q in:\n%s", want, errOut)
	}
	if n := strings.Count(errOut, "warning: "); n != 3 {
		t.Errorf("%d warnings:\n%s", n, errOut)
	}
}

// Drivers are listed whatever chain is in force.
func TestLoopListBesideAChain(t *testing.T) {
	if code, out, errOut := ringtail(t, "", "loop", "list", "--conf", settingsFile(t, chainSettings)); code != exitOK || !strings.Contains(out, "virtual-phone") {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
}
