package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A secret goes in by standard input and never comes out: not from a command, not from the database's files.
func TestDriverSecretsAreWriteOnly(t *testing.T) {
	file := settingsFile(t, "")
	const key = "-----BEGIN PRIVATE KEY-----\nnever-shown-to-anybody\n-----END PRIVATE KEY-----"
	var shown string
	for _, c := range []struct {
		stdin, arguments string
		want             int
	}{
		{key + "\n", "set new-tel SIGN_KEY", exitOK},
		{"first value", "set new-tel API_KEY", exitOK},
		{"never-shown-either", "set new-tel API_KEY", exitOK},
		{"x", "set ../new-tel API_KEY", exitUsage},
		{"x", "set mine API-KEY", exitUsage},
		{"x", "set new-tel APIKEY", exitRefused},
		{"", "set new-tel API_KEY", exitRefused},
		{strings.Repeat("x", 10001), "set new-tel API_KEY", exitRefused},
		{"", "set new-tel", exitUsage},
		{"", "list", exitOK},
		{"", "remove new-tel NOTHING", exitRefused},
	} {
		arguments := append([]string{"loop", "secret"}, strings.Fields(c.arguments)...)
		code, out, errOut := ringtail(t, c.stdin, append(arguments, "--conf", file)...)
		if code != c.want {
			t.Errorf("%s: exit code %d: %s", c.arguments, code, errOut)
		}
		shown += out + errOut
	}
	if !strings.Contains(shown, "has no secret APIKEY; its manifest names API_KEY, SIGN_KEY") {
		t.Errorf("a misspelt name: %s", shown)
	}
	code, _, errOut := ringtail(t, "x", "loop", "secret", "set", "to-come", "KEY", "--conf", file)
	if code != exitOK || !strings.Contains(errOut, "warning: there is no driver to-come yet") {
		t.Errorf("a driver that is to come: exit code %d: %s", code, errOut)
	}
	if code, _, errOut := ringtail(t, "", "loop", "secret", "remove", "to-come", "KEY", "--conf", file); code != exitOK {
		t.Error(errOut)
	}
	_, out, _ := ringtail(t, "", "loop", "secret", "list", "--json", "--conf", file)
	var list []struct{ Driver, Name string }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 2 || list[0].Name != "API_KEY" || list[1].Driver != "new-tel" {
		t.Errorf("list: %s, %v", out, err)
	}
	if strings.Contains(shown+out, "never-shown") {
		t.Errorf("a value was shown: %s", shown+out)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no database: %v", err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err != nil || bytes.Contains(text, []byte("never-shown")) {
			t.Errorf("%s holds a value in clear text, %v", f, err)
		}
	}
}

// A secret in the database wins over the settings, beside a running provider, with the next call.
func TestDriverSecretTakesEffectAtOnce(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	if code, _, errOut := ringtail(t, "another-token", "loop", "secret", "set", "virtual-phone", "TOKEN", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	newClient(t).password(d).untilProblem("call_unavailable")
	if code, _, errOut := ringtail(t, "", "loop", "secret", "remove", "virtual-phone", "TOKEN", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	c := newClient(t).password(d)
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#signed-in")
	if strings.Contains(d.log.String(), "another-token") {
		t.Error("the log names a secret")
	}
}

// A driver whose secrets are nowhere doesn't get into service; those in the database are enough.
func TestStartNeedsTheDriversSecrets(t *testing.T) {
	file := settingsFile(t, "  login.methods.flashCall.driver = smsc\n  login.methods.flashCall.codeLength = 6")
	if code, _, errOut := ringtail(t, "", "check", "--conf", file); code != exitRefused || !strings.Contains(errOut, "ringtail loop secret set smsc LOGIN") {
		t.Errorf("nothing is set: exit code %d: %s", code, errOut)
	}
	for _, name := range []string{"LOGIN", "PASSWORD"} {
		if code, _, errOut := ringtail(t, "value", "loop", "secret", "set", "smsc", name, "--conf", file); code != exitOK {
			t.Fatal(errOut)
		}
	}
	code, _, errOut := ringtail(t, "", "check", "--conf", file)
	if code != exitOK || !strings.Contains(errOut, "caution: ") || !strings.Contains(errOut, "smsc LOGIN, unless that was done") {
		t.Errorf("the database may have them: exit code %d: %s", code, errOut)
	}
}
