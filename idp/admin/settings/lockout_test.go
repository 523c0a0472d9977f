package settings_test

import (
	"net/http"
	"strings"
	"testing"
)

// The console asks for a second factor, so the last one can't be taken away by any
// face of the section.
func TestTheLastSecondFactorStays(t *testing.T) {
	const want = "leaves no second factor on"
	on := "login.level = 1\nlogin.factors = [[{method = password, enabled = true}], [{method = flashCall, enabled = true}, {method = recovery, enabled = false}]]\n" + withDriver
	w := worldOf(t, fileOf(on))
	got := w.send(http.MethodPost, base+second, with(w.get(second).form(), "action", "disable:flashCall"))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), want) {
		t.Errorf("by the page: %d %s", got.status, got.errors())
	}
	w.post(second, with(w.get(second).form(), "action", "enable:recovery"))
	w.post(second, with(w.get(second).form(), "action", "disable:flashCall"))
	if got := w.served().Login.Second; len(got) != 1 || got[0] != "recovery" {
		t.Errorf("another one instead: %v", got)
	}

	c := newClient(t, on)
	for _, request := range [][]string{
		{"PUT", "/settings/methods", `{"first": [{"method": "password", "enabled": true}], "second": [{"method": "flashCall", "enabled": false}]}`},
		{"PATCH", "/settings/saved", `{"set": {"login.factors": [[{"method": "password", "enabled": true}], []]}}`},
		// The same lists by other paths.
		{"PATCH", "/settings/saved", `{"set": {"\"login\".factors": [[{"method": "password", "enabled": true}], []]}}`},
		{"PATCH", "/settings/saved", `{"set": {"blitz.prod.local.idp.login.factors": [[{"method": "password", "enabled": true}], []]}}`},
		{"PATCH", "/settings/saved", `{"set": {"login": {"factors": [[{"method": "password", "enabled": true}], []]}}}`},
	} {
		var s saved
		res := c.ask(request[0], request[1], `"0"`, request[2], &s)
		if res.StatusCode != http.StatusUnprocessableEntity || len(s.Findings) != 1 || !strings.Contains(s.Findings[0].Message, want) {
			t.Errorf("by %s %s: %d %+v", request[0], request[1], res.StatusCode, s)
		}
	}
}

func TestRestoringTakesNoLastSecondFactorAway(t *testing.T) {
	w := worldOf(t, fileOf(off+withDriver)) // none is on in the file
	w.post(calls, with(w.get(calls).form(), v("codeLength"), "6"))
	w.post(second, with(w.get(second).form(), "action", "enable:flashCall"))
	got := w.send(http.MethodPost, base+"/settings/history/1/restore", with(w.get("/settings/history/1/restore").form()))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), "leaves no second factor on") {
		t.Errorf("%d %s", got.status, got.errors())
	}
}
