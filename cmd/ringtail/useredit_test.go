package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUserByCommand(t *testing.T) {
	file := settingsFile(t, "")
	run := func(in string, want int, arguments ...string) string {
		t.Helper()
		code, out, errOut := ringtail(t, in, append(arguments, "--conf", file)...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d: %s%s", arguments, code, want, out, errOut)
		}
		return out + errOut
	}
	run("ring-the-phone", exitOK, "user", "add", "alice", "--phone", "+7 999 123-45-67", "--attr", "name=Alice", "--password", "-")
	run("", exitOK, "user", "edit", "alice", "--attr", "city=Perm", "--attr", "name=", "--required-factor", "2", "--login", "alisa")
	var shown shownUser
	if err := json.Unmarshal([]byte(run("", exitOK, "user", "show", "alisa", "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Attributes["city"] != "Perm" || shown.Attributes["name"] != "" || shown.RequiredFactor != 2 || shown.Phone != "+79991234567" || !shown.HasPassword {
		t.Errorf("user %+v", shown)
	}
	for want, arguments := range map[string][]string{
		"user_attribute_guarded": {"user", "edit", "alisa", "--attr", "phone_number_verified=true"},
		"user_attribute_name":    {"user", "edit", "alisa", "--attr", "1st=x"},
		"no user alice":          {"user", "show", "alice"},
	} {
		if got := run("", exitRefused, arguments...); !strings.Contains(got, want) {
			t.Errorf("%v: %s", arguments, got)
		}
	}
	run("ring-another-phone", exitOK, "user", "password", "alisa", "--must-change")
	if got := run("", exitOK, "user", "show", "alisa"); !strings.Contains(got, "must change it") || !strings.Contains(got, "true") {
		t.Errorf("shown as %s", got)
	}
	run("", exitUsage, "user", "delete", "alisa")
	run("", exitOK, "user", "delete", "alisa", "--yes")
	run("", exitRefused, "user", "show", "alisa")
	if got := run("", exitOK, "audit", "list", "--json"); !strings.Contains(got, "user_deleted") || !strings.Contains(got, "command_line") || strings.Contains(got, "79991234567") {
		t.Errorf("the trail is %s", got)
	}
}

func TestUserFilesByCommand(t *testing.T) {
	file := settingsFile(t, "")
	list := filepath.Join(t.TempDir(), "users.csv")
	write := func(content string) {
		if err := os.WriteFile(list, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("login,name,required_factor\nanna,Anna,9\nboris,Boris,\n")
	code, out, errOut := ringtail(t, "", "user", "import", list, "--conf", file)
	if code != exitRefused || !strings.HasPrefix(errOut, list+":2: anna: user_factor_invalid") {
		t.Errorf("a fault: exit code %d: %s%s", code, out, errOut)
	}
	write("login,name,required_factor\nanna,=Anna,2\nboris,Boris,\n")
	for _, c := range []struct{ flag, want string }{
		{"--dry-run", "created 2, changed 0, as they were 0\n"}, {"", "created 2, changed 0, as they were 0\n"}, {"", "created 0, changed 0, as they were 2\n"},
	} {
		arguments := []string{"user", "import", list, "--conf", file}
		if c.flag != "" {
			arguments = append(arguments, c.flag)
		}
		if code, out, errOut := ringtail(t, "", arguments...); code != exitOK || out != c.want {
			t.Errorf("%s: exit code %d: %s%s", c.flag, code, out, errOut)
		}
	}
	code, exported, errOut := ringtail(t, "", "user", "export", "--conf", file)
	if code != exitOK || !strings.Contains(exported, ",'=Anna\n") {
		t.Errorf("exit code %d: %s%s", code, exported, errOut)
	}
	if code, out, errOut := ringtail(t, exported, "user", "import", "-", "--conf", file); code != exitOK || out != "created 0, changed 0, as they were 2\n" {
		t.Errorf("an export: exit code %d: %s%s", code, out, errOut)
	}
}
