package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder is a new folder with a settings.conf.
func folder(t *testing.T, settings string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "settings.conf"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// wants runs the command and compares exit code and output.
func wants(t *testing.T, code int, out string, arguments ...string) {
	t.Helper()
	got, said, errOut := ringtail(t, "", arguments...)
	if got != code || !strings.Contains(said, out) {
		t.Fatalf("%v: exit code %d, want %d:\n%s%s\nwant %s", arguments, got, code, said, errOut, out)
	}
}

func TestConfigOfADatabase(t *testing.T) {
	file := settingsFile(t, "")
	dir := folder(t, "login.methods.flashCall.codeLength = 6\nlang.languages = [ru, en]\n")
	wants(t, exitRefused, "+ lang.languages = [\"ru\",\"en\"]\n+ login.methods.flashCall.codeLength = 6\n", "config", "diff", dir, "--conf", file)
	wants(t, exitOK, "saved as revision 1", "config", "apply", dir, "--conf", file, "--comment", "longer codes")
	wants(t, exitOK, "there is nothing to do", "config", "apply", dir, "--conf", file)
	wants(t, exitOK, "", "config", "diff", dir, "--conf", file)
	out := filepath.Join(t.TempDir(), "out")
	wants(t, exitOK, "revision 1, settings: 2, drivers: 0", "config", "export", out, "--conf", file)
	wants(t, exitOK, "", "config", "diff", out, "--conf", file)
}

func TestConfigRefuses(t *testing.T) {
	file := settingsFile(t, "")
	for name, tt := range map[string]struct {
		settings string
		code     int
		want     string
		more     []string
	}{
		"what can't be served":     {"login.level = 9", exitRefused, "login.level: is 9", []string{"--conf", file}},
		"a driver that isn't":      {"login.methods.flashCall.driver = nothing", exitRefused, "there is no driver nothing", []string{"--conf", file}},
		"a setting of the file":    {`issuer = "https://a.example"`, exitRefused, "can't be saved in the console", []string{"--conf", file}},
		"what is no HOCON":         {"a = [", exitRefused, "settings.conf:1", []string{"--conf", file}},
		"neither side":             {"", exitUsage, "--server with --client", nil},
		"both sides":               {"", exitUsage, "--server with --client", []string{"--conf", file, "--server", "https://a.example/blitz"}},
		"no client":                {"", exitUsage, "needs --client", []string{"--server", "https://a.example/blitz"}},
		"a server without secrecy": {"", exitUsage, "write the provider's https URL", []string{"--server", "http://a.example/blitz", "--client", "x"}},
		"no secret":                {"", exitRefused, "RINGTAIL_CLIENT_SECRET isn't set", []string{"--server", "https://a.example/blitz", "--client", "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := ringtail(t, "", append([]string{"config", "apply", folder(t, tt.settings)}, tt.more...)...)
			if code != tt.code || !strings.Contains(errOut, tt.want) {
				t.Errorf("exit code %d: %s, want %d and %q", code, errOut, tt.code, tt.want)
			}
		})
	}
}

func TestConfigOfARunningProvider(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	code, secret, errOut := ringtail(t, "", "client", "add", "deploy", "--conf", file, "--grant", "client_credentials",
		"--scope", "blitz_admin_settings", "--scope", "blitz_admin_settings_chg", "--scope", "blitz_admin_drivers")
	if code != exitOK {
		t.Fatal(errOut)
	}
	t.Setenv(secretVariable, strings.TrimSpace(secret))
	way := []string{"--server", d.provider + "/blitz", "--client", "deploy"}
	dir := folder(t, "login.session.idle = 7h\n")
	wants(t, exitOK, "saved as revision 1", append([]string{"config", "apply", dir}, way...)...)
	wants(t, exitOK, "there is nothing to do", append([]string{"config", "apply", dir}, way...)...)
	// A client that may not is told which right it lacks.
	code, _, errOut = ringtail(t, "", append([]string{"config", "apply", folder(t, "lang.languages = [ru]\n")}, way...)...)
	if code != exitRefused || !strings.Contains(errOut, "blitz_admin_pages_chg") {
		t.Errorf("without the right: exit code %d: %s", code, errOut)
	}
	if code, _, errOut = ringtail(t, "", "client", "edit", "deploy", "--conf", file, "--scope", "blitz_admin_settings", "--scope", "blitz_admin_settings_chg",
		"--scope", "blitz_admin_pages_chg"); code != exitOK {
		t.Fatal(errOut)
	}
	wants(t, exitOK, "saved as revision 2", append([]string{"config", "apply", folder(t, "lang.languages = [ru]\n")}, way...)...)
}
