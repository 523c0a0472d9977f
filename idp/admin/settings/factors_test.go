package settings_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

const (
	first  = "/settings/factors/first"
	second = "/settings/factors/second"
)

// off is a file in which calls may be switched on.
const off = `login.level = 1
login.factors = [[{method = password, enabled = true}], [{method = flashCall, enabled = false}, {method = sms, enabled = false}]]
`

func TestWhatAMethodLacksStandsBesideIt(t *testing.T) {
	chain := "login.methods.flashCall.driver = example\n"
	tests := map[string]struct {
		path, file string
		do         func(*world)
		want, link string
		minor      bool
	}{
		"no driver":          {second, "", nil, "No driver is chosen", "#field-v.login.methods.flashCall.channels", false},
		"a driver that left": {second, "login.methods.flashCall.driver = gone", nil, "There is no driver gone", "/drivers", false},
		"a secret":           {second, chain, func(w *world) { w.drivers.missing["example"] = []string{"token"} }, "no secret token", "/drivers/example/secrets", false},
		"nobody to call":     {second, chain + "login.methods.flashCall.numbers.countries = []", nil, "No country's numbers", "numbers.countries", false},
		"nobody has one":     {second, chain, func(w *world) { w.numbers = nil }, "No user has a phone number in the attribute phone_number", "phoneAttribute", true},
		"another channel":    {second, "login.methods.flashCall.channels = [{channel = flashCall, driver = text}]", nil, "brings codes by sms", "/settings/flashCall", false},
		"the length":         {second, chain, func(w *world) { w.drivers.known[0].Manifest.CodeLengths = []int{6} }, "has codes of [6] digits", "/settings/flashCall", false},
		"checks as first":    {first, chain, func(w *world) { w.drivers.known[0].Manifest.CodeOrigin = loops.CodeFromCheck }, "its provider checks the code", "/settings/flashCall", false},
		"not of this one":    {second, chain, nil, "doesn't have the method", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := worldOf(t, fileOf(off+tt.file))
			if tt.do != nil {
				tt.do(w)
			}
			method := "flashCall"
			if name == "not of this one" {
				method = "sms"
			}
			page := w.get(tt.path)
			row := page.Find(`[data-method="` + method + `"]`)
			href := row.Find("li a").AttrOr("href", "")
			if !strings.Contains(row.Find("li").Text(), tt.want) || !strings.Contains(href, tt.link) {
				t.Errorf("%q with a link to %q; want %q, %q", row.Find("li").Text(), href, tt.want, tt.link)
			}
			if on := row.Find(`button[value^="enable"]`).Length() == 1; on != tt.minor {
				t.Errorf("it can be switched on: %v", on)
			}
			got := w.send(http.MethodPost, base+tt.path, with(page.form(), "action", "enable:"+method))
			if refused := got.status == http.StatusUnprocessableEntity; refused == tt.minor {
				t.Errorf("switching it on answers %d", got.status)
			}
		})
	}
}

func TestMethodsAreSwitchedAndMoved(t *testing.T) {
	w := worldOf(t, fileOf(off+withDriver))
	press := func(path, action string) {
		t.Helper()
		w.post(path, with(w.get(path).form(), "action", action))
	}
	press(second, "enable:flashCall")
	if got := w.served().Login.Second; len(got) != 1 || got[0] != "flashCall" {
		t.Errorf("second factors: %v", got)
	}
	press(first, "enable:flashCall")
	press(first, "up:flashCall")
	if got := strings.Join(w.served().Login.First, " "); got != "flashCall password" {
		t.Errorf("first factors: %s", got)
	}
	press(first, "down:flashCall")
	press(first, "disable:password")
	page := w.get(first)
	var order []string
	for _, row := range page.Find("[data-method]").EachIter() {
		order = append(order, row.AttrOr("data-method", "")+" "+row.Find("td span").First().Text())
	}
	if got := strings.Join(order, ", "); got != "password off, flashCall on" {
		t.Errorf("the list is %s", got)
	}
	if got := page.Find(`[data-method="password"] button`).Text(); strings.Contains(got, "Move up Password") || !strings.Contains(got, "Move down Password") {
		t.Errorf("the first has %q", got)
	}
	got := w.send(http.MethodPost, base+first, with(page.form(), "action", "disable:flashCall"))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), "no first factor is enabled") {
		t.Errorf("the last one: %d %s", got.status, got.errors())
	}
	if got := w.send(http.MethodPost, base+first, with(page.form(), "action", "explode:flashCall")); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a button that isn't there: %d", got.status)
	}
}

func TestTheLevelStandsBesideTheMethods(t *testing.T) {
	w := worldOf(t, fileOf(off+withDriver))
	level := with(w.get(second).form(), "action", "level", "v.login.level", "2")
	got := w.send(http.MethodPost, base+second, level)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), "no second factor is enabled") {
		t.Errorf("%d %s", got.status, got.errors())
	}
	w.post(second, with(w.get(second).form(), "action", "enable:flashCall"))
	w.post(second, with(w.get(second).form(), "action", "level", "v.login.level", "2"))
	if w.served().Login.Level != 2 {
		t.Error("the level wasn't saved")
	}
}

func TestWhoSwitchesMethodsIsTold(t *testing.T) {
	w := worldOf(t, fileOf(off+withDriver))
	old := w.get(first).form()
	w.as("anna")
	w.post(first, with(w.get(first).form(), "action", "enable:flashCall"))
	w.as("olga")
	got := w.send(http.MethodPost, base+first, with(old, "action", "up:flashCall"))
	if got.status != http.StatusConflict || !strings.Contains(got.errors(), "anna changed this in the meantime, in revision 1") {
		t.Fatalf("%d %s", got.status, got.errors())
	}
	w.post(first, with(got.form(), "action", "up:flashCall"))
	if got := w.served().Login.First; len(got) != 2 || got[0] != "flashCall" {
		t.Errorf("first factors: %v", got)
	}
}
