package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	file := settingsFile(t, "")
	for name, c := range map[string]struct {
		arguments []string
		want      int
	}{
		"version":                     {[]string{"version"}, exitOK},
		"help":                        {[]string{"--help"}, exitOK},
		"nothing":                     {nil, exitUsage},
		"unknown command":             {[]string{"fly"}, exitUsage},
		"unknown subcommand":          {[]string{"user", "fly"}, exitUsage},
		"unknown flag":                {[]string{"version", "--fly"}, exitUsage},
		"too few arguments":           {[]string{"user", "add", "--conf", file}, exitUsage},
		"no --conf":                   {[]string{"user", "list"}, exitUsage},
		"no such settings file":       {[]string{"user", "list", "--conf", "/nowhere/blitz.conf"}, exitRefused},
		"password on a command line":  {[]string{"user", "add", "x", "--conf", file, "--password", "secret"}, exitUsage},
		"block nobody":                {[]string{"user", "block", "nobody", "--conf", file}, exitRefused},
		"unblock nobody":              {[]string{"user", "unblock", "nobody", "--conf", file}, exitRefused},
		"unblock without a login":     {[]string{"user", "unblock", "--conf", file}, exitUsage},
		"client without redirect":     {[]string{"client", "add", "x", "--conf", file}, exitUsage},
		"client with a bad redirect":  {[]string{"client", "add", "x", "--conf", file, "--redirect", "http://shop.example/cb"}, exitRefused},
		"client with javascript":      {[]string{"client", "add", "x", "--conf", file, "--redirect", "javascript:alert(1)"}, exitRefused},
		"client with : in its ID":     {[]string{"client", "add", "a:b", "--conf", file, "--redirect", "https://shop.example/cb"}, exitRefused},
		"client that is built in":     {[]string{"client", "add", "_blitz_profile", "--conf", file, "--redirect", "https://shop.example/cb"}, exitRefused},
		"public client with a secret": {[]string{"client", "add", "x", "--conf", file, "--redirect", "https://shop.example/cb", "--public", "--secret", "-"}, exitUsage},
		"refresh without a login":     {[]string{"client", "add", "x", "--conf", file, "--grant", "client_credentials", "--grant", "refresh_token"}, exitRefused},
		"a scope without its grant":   {[]string{"client", "add", "x", "--conf", file, "--redirect", "https://shop.example/cb", "--scope", "phone_verification"}, exitRefused},
		"a public server":             {[]string{"client", "add", "x", "--conf", file, "--grant", "client_credentials", "--public"}, exitRefused},
		"keys of no algorithm":        {[]string{"keys", "rotate", "--conf", file, "--alg", "none"}, exitRefused},
	} {
		t.Run(name, func(t *testing.T) {
			if code, _, errOut := ringtail(t, "a long enough secret", c.arguments...); code != c.want {
				t.Errorf("exit code %d, want %d: %s", code, c.want, errOut)
			}
		})
	}
}

func TestUsersByCommand(t *testing.T) {
	file := settingsFile(t, "")
	add := []string{"user", "add", "Alice", "--conf", file, "--phone", "+7 999 123-45-67", "--attr", "name=Alice", "--password", "-"}
	if code, _, errOut := ringtail(t, "short", add...); code != exitRefused || !strings.Contains(errOut, "8 characters") {
		t.Errorf("a short password: exit code %d: %s", code, errOut)
	}
	if code, _, errOut := ringtail(t, "a good password\n", add...); code != exitOK {
		t.Fatal(errOut)
	}
	if code, _, errOut := ringtail(t, "a good password", "user", "add", "ALICE", "--conf", file, "--password", "-"); code != exitRefused || !strings.Contains(errOut, "already") {
		t.Errorf("the same login in capitals: exit code %d: %s", code, errOut)
	}
	if code, _, errOut := ringtail(t, "", "user", "block", "alice", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	_, out, _ := ringtail(t, "", "user", "list", "--conf", file, "--json")
	var users []userRow
	if err := json.Unmarshal([]byte(out), &users); err != nil {
		t.Fatal(err)
	}
	if len(users) != 1 || users[0].Login != "alice" || !users[0].Blocked || users[0].Phone != "+7 999 ***-**-67" {
		t.Errorf("users: %s", out)
	}
	for _, want := range []string{"the account is not blocked any more\n", "nothing was blocked\n"} {
		if code, out, errOut := ringtail(t, "", "user", "unblock", "ALICE", "--conf", file); code != exitOK || out != want || errOut != "" {
			t.Errorf("unblock: exit code %d: %s%s, want %s", code, out, errOut, want)
		}
	}
}

func TestClientsAndKeysByCommand(t *testing.T) {
	file := settingsFile(t, "")
	_, secret, errOut := ringtail(t, "", "client", "add", "shop", "--conf", file, "--redirect", "https://shop.example/cb", "--alg", "ES256")
	if len(strings.TrimSpace(secret)) < 40 {
		t.Fatalf("the secret is %q: %s", secret, errOut)
	}
	if _, out, _ := ringtail(t, "", "client", "add", "app", "--conf", file, "--redirect", "com.example.app:/cb", "--public"); out != "" {
		t.Errorf("a public client's secret: %q", out)
	}
	code, own, errOut := ringtail(t, "", "client", "add", "server", "--conf", file, "--grant", "client_credentials", "--scope", "phone_verification")
	if code != exitOK || len(strings.TrimSpace(own)) < 40 {
		t.Errorf("a client that signs nobody in: exit code %d, secret %q: %s", code, own, errOut)
	}
	_, out, _ := ringtail(t, "", "client", "list", "--conf", file, "--json")
	var clients []clientRow
	if err := json.Unmarshal([]byte(out), &clients); err != nil {
		t.Fatal(err)
	}
	if len(clients) != 3 || clients[1].ID != "server" || !slices.Equal(clients[1].Scopes, []string{"phone_verification"}) || strings.Contains(out, strings.TrimSpace(secret)) {
		t.Errorf("clients: %s", out)
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(file), "ringtail.db"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), strings.TrimSpace(secret)) {
		t.Error("the database holds the client's secret")
	}
	if code, out, _ := ringtail(t, "", "keys", "rotate", "--conf", file, "--alg", "ES256"); code != exitOK || !strings.Contains(out, "ES256") {
		t.Errorf("keys rotate: exit code %d: %s", code, out)
	}
	if _, out, _ := ringtail(t, "", "keys", "list", "--conf", file, "--json"); !strings.Contains(out, `"alg": "ES256"`) {
		t.Errorf("keys: %s", out)
	}
}

// outcome is what `loop run` prints; a stable surface.
type outcome struct {
	Outcome, Key, Reason, Detail string
	Value                        map[string]any
	Params                       map[string]string
	Steps                        []struct {
		Request struct {
			Method, URL, Body string
			Headers           map[string]string
		}
		Answer *struct{ Status int }
	}
	Millis *int64
}

func loopRun(t *testing.T, script string, more ...string) (int, outcome) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "driver.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := ringtail(t, "", append([]string{"loop", "run", file, "--input", `{"phone_number":"79990000001"}`}, more...)...)
	var o outcome
	if err := json.Unmarshal([]byte(out), &o); err != nil {
		t.Fatalf("%v: %q %s", err, out, errOut)
	}
	return code, o
}

func TestLoopRun(t *testing.T) {
	answer := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(answer, []byte(`{"SenderID":"74951230042"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	script := readFile(t, "..", "..", "loops", "drivers", "example", "driver.js")
	t.Run("ok", func(t *testing.T) {
		code, o := loopRun(t, script, "--answer", "200:"+answer, "--secret", "token=tell-nobody")
		if code != exitOK || o.Outcome != "ok" || o.Value["code"] != "74951230042" || len(o.Steps) != 1 || o.Millis == nil {
			t.Fatalf("exit code %d, %+v", code, o)
		}
		r := o.Steps[0].Request
		if r.Method != "POST" || r.URL != "https://provider.example/call" || r.Headers["Token"] == "tell-nobody" || !strings.Contains(r.Body, `"9990000001"`) {
			t.Errorf("request %+v", r)
		}
		if o.Steps[0].Answer == nil || o.Steps[0].Answer.Status != 200 {
			t.Errorf("answer %+v", o.Steps[0].Answer)
		}
	})
	t.Run("error", func(t *testing.T) {
		code, o := loopRun(t, script, "--answer", "500:-", "--secret", "token=x")
		if code != exitRefused || o.Outcome != "error" || o.Key != "wrong_http_status" || o.Params["status"] != "500" {
			t.Errorf("exit code %d, %+v", code, o)
		}
	})
	for name, c := range map[string]struct{ script, reason string }{
		"endless loop": {"function run() { for (;;) {} }", "time"},
		"memory bomb":  {"function run() { let s = 'x'; for (;;) s += s }", "memory"},
		"syntax error": {"function run( {", "syntax"},
		"throws":       {"function run() { throw 7 }", "contract"},
		"no such host": {"function run() { return HttpLoop.callBuilder('GET', 'http://127.0.0.1:1/').build() }", "egress"},
	} {
		t.Run(name, func(t *testing.T) {
			more := []string{}
			if c.reason == "egress" {
				more = append(more, "--live")
			}
			code, o := loopRun(t, c.script, more...)
			if code != exitRefused || o.Outcome != "refused" || o.Reason != c.reason || !strings.Contains(o.Detail, "driver.js:") {
				t.Errorf("exit code %d, %+v", code, o)
			}
		})
	}
}

func TestLoopSurfaces(t *testing.T) {
	if code, out, _ := ringtail(t, "", "loop", "list"); code != exitOK || !strings.Contains(out, "CAUTION") || longest(out) > 160 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if code, out, _ := ringtail(t, "", "loop", "list", "--json"); code != exitOK || !strings.Contains(out, `"virtual-phone"`) || !strings.Contains(out, "SMSC picks the codes itself") {
		t.Errorf("loop list: exit code %d: %s", code, out)
	}
	for _, driver := range []string{"virtual-phone", "example"} {
		if code, out, errOut := ringtail(t, "", "loop", "test", filepath.Join("..", "..", "loops", "drivers", driver)); code != exitOK {
			t.Errorf("loop test %s: exit code %d: %s%s", driver, code, out, errOut)
		}
	}
	file := filepath.Join(t.TempDir(), "driver.js")
	if err := os.WriteFile(file, []byte("function run() {\n  return /\\p{L}/.test('x')\n}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ringtail(t, "", "loop", "check", file); code != exitRefused || !strings.HasPrefix(out, file+":2:") {
		t.Errorf("loop check: exit code %d: %s", code, out)
	}
	if code, out, _ := ringtail(t, "", "loop", "limits"); code != exitOK || !strings.Contains(out, `"confinement"`) {
		t.Errorf("loop limits: exit code %d: %s", code, out)
	}
}

// longest gives the length of the longest line.
func longest(text string) int {
	most := 0
	for line := range strings.Lines(text) {
		most = max(most, len(line))
	}
	return most
}

// Drivers are listed before one is chosen.
func TestLoopListNeedsNoDriver(t *testing.T) {
	file := settingsFile(t, "  login.methods.flashCall.driver = null")
	writeDriver(t, filepath.Join(filepath.Dir(file), "drivers"), "own", "function run() {}")
	if code, _, errOut := ringtail(t, "", "check", "--conf", file); code != exitRefused || !strings.Contains(errOut, "is not set though flashCall is enabled") {
		t.Fatalf("check: exit code %d: %s", code, errOut)
	}
	if code, out, errOut := ringtail(t, "", "loop", "list", "--conf", file); code != exitOK || !strings.Contains(out, "\nown ") || errOut != "" {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
}

// A driver is named by its folder, its script or its name.
func TestLoopFindsDrivers(t *testing.T) {
	file := settingsFile(t, "")
	dir := filepath.Join(filepath.Dir(file), "drivers")
	writeDriver(t, dir, "own", "function run() { return HttpLoop.Ok({ code: '0042' }) }")
	if err := os.MkdirAll(filepath.Join(dir, "own", "cases"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "own", "cases", "call.json"), []byte(`{"title": "x", "input": {}, "steps": [], "outcome": {"outcome": "ok"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	folder, script := filepath.Join(dir, "own"), filepath.Join(dir, "own", "driver.js")
	for _, c := range []struct {
		arguments []string
		want      int
		says      string
	}{
		{[]string{"run", folder, "--input", "{}"}, exitOK, `"code":"0042"`},
		{[]string{"run", script, "--input", "{}"}, exitOK, `"code":"0042"`},
		{[]string{"run", "own", "--conf", file, "--input", "{}"}, exitOK, `"code":"0042"`},
		{[]string{"run", "own", "--input", "{}"}, exitRefused, "'ringtail loop list' shows"},
		{[]string{"run", "ucaller", "--secret", "SERVICE_ID=1", "--secret", "SECRET_KEY=1234", "--input", `{"phone_number":"79990000001","reference":"r"}`}, exitRefused, "no answer was given for this request"},
		{[]string{"check", folder}, exitOK, ""},
		{[]string{"check", script}, exitOK, ""},
		{[]string{"check", "own", "--conf", file}, exitOK, ""},
		{[]string{"check", "ucaller"}, exitOK, ""},
		{[]string{"check", "nobody"}, exitRefused, "'ringtail loop list' shows"},
		{[]string{"check", filepath.Join(dir, "none.js")}, exitRefused, "none.js:1:1: there is no such file"},
		{[]string{"test", folder}, exitOK, "1 passed"},
		{[]string{"test", script}, exitOK, "1 passed"},
		{[]string{"test", "nobody"}, exitRefused, "there is no such file"},
	} {
		code, out, errOut := ringtail(t, "", append([]string{"loop"}, c.arguments...)...)
		if code != c.want || !strings.Contains(out+errOut, c.says) {
			t.Errorf("%v: exit code %d, want %d: %s%s", c.arguments, code, c.want, out, errOut)
		}
	}
}

// What a trial's command line says is used, or told to be of no use.
func TestLoopRunTellsOddArguments(t *testing.T) {
	dir := t.TempDir()
	writeDriver(t, dir, "own", "function run() { return HttpLoop.Ok({ url: 'a&b<c>' }) }\nfunction login() { return HttpLoop.Ok({ token: 'a' }) }")
	for name, c := range map[string]struct {
		arguments []string
		want      int
		says      string
	}{
		"no input":           {nil, exitUsage, "needs --input"},
		"login has none":     {[]string{"--entry", "login"}, exitOK, `"outcome":"ok"`},
		"more after object":  {[]string{"--input", `{"code_length":4} trailing`}, exitUsage, "not a JSON object"},
		"two objects":        {[]string{"--input", `{} {}`}, exitUsage, "not a JSON object"},
		"an array":           {[]string{"--input", `[]`}, exitUsage, "not a JSON object"},
		"blanks after":       {[]string{"--input", "{} \n"}, exitOK, `"url":"a&b<c>"`},
		"secret nobody asks": {[]string{"--input", "{}", "--secret", "FOO=bar"}, exitOK, "warning: the driver isn't given the secret FOO"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := ringtail(t, "", append([]string{"loop", "run", filepath.Join(dir, "own")}, c.arguments...)...)
			if code != c.want || !strings.Contains(out+errOut, c.says) {
				t.Errorf("exit code %d, want %d: %s%s", code, c.want, out, errOut)
			}
		})
	}
}

// The built-in settings, written to a file, are a file that says what they are.
func TestConfDefault(t *testing.T) {
	code, out, _ := ringtail(t, "", "conf", "default")
	if code != exitOK || !strings.Contains(out, "# How people sign in.") {
		t.Fatalf("exit code %d: %.200s", code, out)
	}
	file := filepath.Join(t.TempDir(), "blitz.conf")
	if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := ringtail(t, "", "check", "--conf", file, "--set", "login.methods.flashCall.driver=example",
		"--set", "loops.secrets.example.token=x", "--set", "keys.master="+strings.Repeat("ab", 32))
	if code != exitOK {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

func TestConfJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "any.conf")
	if err := os.WriteFile(file, []byte("a = 1\nb = ${a}[]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := ringtail(t, "", "conf", "json", file); code != exitRefused || !strings.HasPrefix(errOut, file+":2:") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
	if err := os.WriteFile(file, []byte("a { b = 1 }\nc = ${a.b}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ringtail(t, "", "conf", "json", file); code != exitOK || strings.TrimSpace(out) != `{"a":{"b":1},"c":1}` {
		t.Errorf("exit code %d: %s", code, out)
	}
}
