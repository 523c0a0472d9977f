package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// nativeProgram builds examples/native, as somebody who tries it does.
func nativeProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "native")
	build := exec.Command("go", "build", "-o", program, "../../examples/native")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the example: %v\n%s", err, out)
	}
	return program
}

// runNative runs it against the demo and returns its exit code, the claims that
// it printed and what a person would have read.
func runNative(t *testing.T, program string, d *demo, password string, more ...string) (code int, claims map[string]any, screen string) {
	t.Helper()
	args := append([]string{"--issuer", d.provider + "/blitz", "--phone", d.phone}, more...)
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "NATIVE_PASSWORD="+password)
	var out, read bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &read
	var failed *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &claims); err != nil {
			t.Errorf("printed %s: %v", out.String(), err)
		}
	}
	return cmd.ProcessState.ExitCode(), claims, read.String()
}

func TestNativeAppSignsInWithoutTyping(t *testing.T) {
	program := nativeProgram(t)
	d := startDemo(t, "--set", `apps.demo-native.redirectUris=["com.example.native:/callback", "http://127.0.0.1/callback"]`)
	code, claims, screen := runNative(t, program, d, demoPassword)
	if code != exitOK || !strings.Contains(screen, d.calls(t, demoNumber)[0].From) {
		t.Fatalf("exit code %d, %q:\n%s", code, screen, d.log)
	}
	if amr, _ := claims["amr"].([]any); !slices.Equal(amr, []any{"pwd", "tel", "mca", "mfa"}) || claims["aud"] == nil || claims["sub"] == "" {
		t.Errorf("claims %v", claims)
	}
	if n := len(d.calls(t, demoNumber)); n != 1 {
		t.Errorf("%d calls were placed for one sign-in", n)
	}
	if code, again, screen := runNative(t, program, d, demoPassword, "--redirect", "http://127.0.0.1:43210/callback"); code != exitOK || again["sub"] != claims["sub"] {
		t.Errorf("by a loopback redirect: exit code %d, claims %v, %q", code, again, screen)
	}
	if code, claims, screen := runNative(t, program, d, "wrong"); code != 3 || claims != nil || !strings.Contains(screen, "password is wrong") {
		t.Errorf("a wrong password: exit code %d, claims %v, %q", code, claims, screen)
	}
	if code, claims, screen = runNative(t, program, d, demoPassword, "--redirect", "com.example.evil:/callback"); code != 1 || claims != nil {
		t.Errorf("another app's redirect: exit code %d, claims %v, %q", code, claims, screen)
	}
	if n := len(d.calls(t, demoNumber)); n != 2 {
		t.Errorf("%d calls, two sign-ins, a wrong password and a wrong redirect", n)
	}
}

// The example, too, is told how long to wait, and never asks for a call then.
func TestNativeAppOfABlockedPerson(t *testing.T) {
	program := nativeProgram(t)
	d := startDemo(t, "--set", "login.methods.flashCall.attemptsPerLogin=3", "--set", "login.methods.flashCall.totalAttempts=4")
	a, from := called(t, d)
	for range 3 {
		a.post(map[string]string{"caller": from[:len(from)-4] + wrong(tail(from))})
	}
	code, claims, screen := runNative(t, program, d, demoPassword)
	if code != 5 || claims != nil || !strings.Contains(screen, "(until ") {
		t.Errorf("exit code %d, claims %v, %q", code, claims, screen)
	}
	if n := len(d.calls(t, demoNumber)); n != 1 {
		t.Errorf("%d calls were placed", n)
	}
}

// Where the flash call is the first factor, the app posts the phone's own number
// and nothing else.
func TestNativeAppSignsInByItsNumber(t *testing.T) {
	program := nativeProgram(t)
	d := startDemo(t, "--set", "login.level=1", "--set", `login.factors=[[{method=flashCall,enabled=true}],[]]`)
	code, claims, screen := runNative(t, program, d, "none")
	if amr, _ := claims["amr"].([]any); code != exitOK || !slices.Equal(amr, []any{"tel"}) {
		t.Fatalf("exit code %d, amr %v, %q:\n%s", code, claims["amr"], screen, d.log)
	}
}

// Whoever chooses the code, the app does the same: the number that called is in
// the log.
func TestNativeAppWhoeverChoosesTheCode(t *testing.T) {
	program := nativeProgram(t)
	for _, driver := range []string{"virtual-phone-code", "virtual-phone-check", "virtual-phone-callback"} {
		t.Run(driver, func(t *testing.T) {
			d := startDemo(t, "--set", "login.methods.flashCall.driver="+driver)
			code, claims, screen := runNative(t, program, d, demoPassword)
			if amr, _ := claims["amr"].([]any); code != exitOK || !slices.Equal(amr, []any{"pwd", "tel", "mca", "mfa"}) {
				t.Fatalf("exit code %d, amr %v, %q:\n%s", code, claims["amr"], screen, d.log)
			}
			if n := len(d.calls(t, demoNumber)); n != 1 {
				t.Errorf("%d calls were placed", n)
			}
		})
	}
}
