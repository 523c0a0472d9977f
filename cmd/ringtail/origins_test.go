package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/ringtail-id/ringtail/loops/standin"
)

var (
	// boundCode is the last line of a message that browsers read a code from.
	boundCode = regexp.MustCompile(`\n@localhost #([0-9]+)$`)
	notDigits = regexp.MustCompile(`[^0-9]`)
)

// await reads a list of the virtual phone's until enough says that it is complete.
func await[T any](t *testing.T, d *demo, path string, enough func([]T) bool) []T {
	t.Helper()
	var list []T
	eventually(t, func() bool {
		res, err := http.Get(d.phone + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		list = nil
		if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
			t.Fatal(err)
		}
		return enough(list)
	}, func() string { return fmt.Sprintf("%s has %v:\n%s", path, list, d.log) })
	return list
}

// message is the newest that was written or spoken to the demo user.
func (d *demo) message(t *testing.T) string {
	t.Helper()
	some := func(list []standin.Message) bool { return len(list) > 0 }
	return await(t, d, "/api/messages?to="+demoNumber, some)[0].Text
}

// writtenCode is the code in a message's last line.
func (d *demo) writtenCode(t *testing.T) string {
	t.Helper()
	found := boundCode.FindStringSubmatch(d.message(t))
	if found == nil {
		t.Fatalf("no browser reads a code from %q", d.message(t))
	}
	return found[1]
}

// spokenCode is the code that was read out twice.
func (d *demo) spokenCode(t *testing.T) string {
	t.Helper()
	digits := notDigits.ReplaceAllString(d.message(t), "")
	if digits[:len(digits)/2] != digits[len(digits)/2:] {
		t.Fatalf("two codes were read out: %q", d.message(t))
	}
	return digits[:len(digits)/2]
}

// Whoever chooses the code, and whichever way it takes, it signs its user in, and providers that want to know are told how it went.
func TestSignInByEveryDriverOfThePhone(t *testing.T) {
	const route = "login.methods.flashCall."
	rang := func(d *demo) string { return d.ring(t, 1) }
	for driver, tc := range map[string]struct {
		channel string // empty: a call
		code    func(d *demo) string
		amr     string
		reports bool
	}{
		"virtual-phone-check":    {code: rang, amr: "tel"},
		"virtual-phone-code":     {code: rang, amr: "tel", reports: true},
		"virtual-phone-callback": {code: rang, amr: "tel", reports: true},
		"virtual-phone-sms":      {channel: "sms", code: func(d *demo) string { return d.writtenCode(t) }, amr: "sms"},
		"virtual-phone-voice":    {channel: "voice", code: func(d *demo) string { return d.spokenCode(t) }, amr: "tel"},
	} {
		t.Run(driver, func(t *testing.T) {
			set := []string{"--set", route + "driver=" + driver}
			if tc.channel != "" {
				set = []string{"--set", route + "driver=null", "--set", route + "channels=[{channel=" + tc.channel + ",driver=" + driver + "}]"}
			}
			d := startDemo(t, set...)
			c := newClient(t).password(d).must("input[name=code]")
			typed := tc.code(d)
			c.submit("input[name=code]", map[string]string{"code": wrong(typed)}).must("input[name=code]")
			amr, _ := c.submit("input[name=code]", map[string]string{"code": typed}).claims()["amr"].([]any)
			if !slices.Contains(amr, any(tc.amr)) {
				t.Errorf("amr %v, want %s in it", amr, tc.amr)
			}
			if tc.reports {
				await(t, d, "/api/reports?to="+demoNumber, func(list []standin.Report) bool {
					return slices.ContainsFunc(list, func(r standin.Report) bool { return r.Verified })
				})
			}
		})
	}
}
