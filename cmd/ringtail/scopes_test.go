package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every fault of a scope is told with its place, by a check and by a start.
func TestScopesThatCantBe(t *testing.T) {
	file := settingsFile(t, `  scopes {
    staff { claims { department = "${unit", sub = "${login}", "x.y" = "${password_hash}" } }
    openid {}
    blitz { attrs = [secret] }
    fine { claims { "https://x.example/roles" = "${roles&list}" } }
  }`)
	want := []string{
		`:10:35: blitz.prod.local.idp.scopes.staff.claims.department: character 1: ${ has no }`,
		`:10:51: blitz.prod.local.idp.scopes.staff.claims.sub: is the protocol's own and can't be set; write another name`,
		`:10:71: blitz.prod.local.idp.scopes.staff.claims."x.y": character 1: "password_hash" sounds like a secret, which no claim may show`,
		`:11:12: blitz.prod.local.idp.scopes.openid: has a rule of its own and can't be changed; take it out`,
		`:12:11: blitz.prod.local.idp.scopes.blitz: character 1: "secret" sounds like a secret, which no claim may show`,
	}
	for _, command := range []string{"check", "serve"} {
		code, _, errOut := ringtail(t, "", command, "--conf", file)
		if code != exitRefused {
			t.Errorf("%s: exit code %d", command, code)
		}
		for _, line := range want {
			if !strings.Contains(errOut, file+line+"\n") {
				t.Errorf("%s doesn't say %s", command, line)
			}
		}
		if strings.Contains(errOut, "scopes.fine") {
			t.Errorf("%s finds fault with what is right", command)
		}
		if t.Failed() {
			t.Fatal(errOut)
		}
	}
}

var hoconBlock = regexp.MustCompile("(?s)```hocon\nblitz.prod.local.idp(.*?)```")

// Every settings block of the how-to is what a check takes, all of them together too.
func TestScopesOfTheHowTo(t *testing.T) {
	page := readFile(t, "..", "..", "docs", "how-to", "add-a-scope.md")
	blocks := hoconBlock.FindAllStringSubmatch(page, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d blocks of settings", len(blocks))
	}
	var all string
	for _, block := range blocks {
		all += "}\nblitz.prod.local.idp" + strings.TrimRight(block[1], "\n") + "\nblitz.prod.local.idp {\n"
	}
	file := settingsFile(t, all)
	secret := filepath.Join(filepath.Dir(file), "warehouse-secret")
	if err := os.WriteFile(secret, []byte("a secret of the warehouse"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := ringtail(t, "", "check", "--conf", file); code != exitOK {
		t.Errorf("exit code %d:\n%s", code, errOut)
	}
}
