package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/oauth2"
)

func TestSessionsByCommand(t *testing.T) {
	d := startDemo(t)
	rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
	file := filepath.Join(d.dir, "blitz.conf")
	list := func() (rows []sessionRow) {
		t.Helper()
		code, out, errOut := ringtail(t, "", "user", "sessions", "demo", "--conf", file, "--json")
		if code != exitOK || json.Unmarshal([]byte(out), &rows) != nil {
			t.Fatalf("exit code %d: %s%s", code, out, errOut)
		}
		return rows
	}
	if rows := list(); len(rows) != 0 {
		t.Errorf("signed in before anybody signed in: %+v", rows)
	}
	for range 2 {
		c, verifier := newClient(t), oauth2.GenerateVerifier()
		c.signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber)
	}
	rows := list()
	if len(rows) != 2 || !slices.Equal(rows[0].Applications, []string{"demo-app"}) || rows[0].Address == "" || rows[0].UserAgent == "" {
		t.Fatalf("sessions %+v", rows)
	}
	for name, c := range map[string]struct {
		arguments []string
		want      int
	}{
		"of nobody":           {[]string{"user", "sessions", "nobody"}, exitRefused},
		"out of nobody":       {[]string{"user", "sign-out", "nobody"}, exitRefused},
		"out of no session":   {[]string{"user", "sign-out", "demo", "--session", "none"}, exitRefused},
		"another's session":   {[]string{"user", "sign-out", "admin", "--session", rows[0].ID}, exitRefused},
		"without a login":     {[]string{"user", "sign-out"}, exitUsage},
		"out of one session":  {[]string{"user", "sign-out", "demo", "--session", rows[0].ID}, exitOK},
		"and out of it again": {[]string{"user", "sign-out", "admin", "--session", rows[0].ID}, exitRefused},
	} {
		if code, out, errOut := ringtail(t, "", append(c.arguments, "--conf", file)...); code != c.want {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, errOut)
		}
	}
	if left := list(); len(left) != 1 || left[0].ID != rows[1].ID {
		t.Errorf("left %+v", left)
	}
	if code, out, errOut := ringtail(t, "", "user", "sign-out", "demo", "--conf", file); code != exitOK || out != "sessions ended: 1\n" {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
	if left := list(); len(left) != 0 {
		t.Errorf("left %+v", left)
	}
}
