package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whoever was given codes may take one in place of the call, once; for everybody
// else nothing is different.
func TestRecoveryCodes(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	overrides := []string{"--conf", file}
	exit, out, errs := ringtail(t, "", append([]string{"user", "recovery", "demo"}, overrides...)...)
	codes := strings.Fields(out)
	if exit != exitOK || len(codes) != 10 {
		t.Fatalf("exit %d: %s%s", exit, out, errs)
	}

	c := newClient(t).password(d).submit("[value=recovery]", map[string]string{"method": "recovery"}).must("input#code")
	c.submit("input#code", map[string]string{"code": "00000-00000"}).must("[aria-invalid=true]")
	c.submit("input#code", map[string]string{"code": strings.ToUpper(codes[3])}).must("#signed-in")
	if amr, want := c.claims()["amr"], []any{"pwd", "otp", "mfa"}; !slices.Equal(amr.([]any), want) {
		t.Errorf("amr = %v, want %v", amr, want)
	}
	if n := len(d.calls(t, demoNumber)); n != 0 {
		t.Errorf("%d calls were placed", n)
	}

	again := newClient(t).password(d).submit("[value=recovery]", map[string]string{"method": "recovery"})
	again.submit("input#code", map[string]string{"code": codes[3]}).must("[aria-invalid=true]")

	if exit, out, errs := ringtail(t, "", append([]string{"user", "recovery", "demo", "--none"}, overrides...)...); exit != exitOK {
		t.Fatalf("exit %d: %s%s", exit, out, errs)
	}
	newClient(t).password(d) // straight to the call
	d.ring(t, 1)
}
