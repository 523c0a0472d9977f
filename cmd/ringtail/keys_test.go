package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// keysOf lists the keys as the command does.
func keysOf(t *testing.T, file string) []signing.Info {
	t.Helper()
	code, out, errOut := ringtail(t, "", "keys", "list", "--conf", file, "--json")
	if code != exitOK {
		t.Fatal(errOut)
	}
	var keys []signing.Info
	if err := json.Unmarshal([]byte(out), &keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestKeysByCommand(t *testing.T) {
	file := settingsFile(t, "")
	code, out, errOut := ringtail(t, "", "keys", "rotate", "--conf", file)
	if code != exitOK || strings.Count(out, "\n") != 3 || !strings.Contains(out, " signs with EdDSA from ") {
		t.Fatalf("rotate: exit code %d: %s%s", code, out, errOut)
	}
	first := keysOf(t, file)
	if len(first) != 3 {
		t.Fatalf("keys %+v, want one of each algorithm", first)
	}
	for _, k := range first {
		if k.State != signing.Active || !k.ActiveUntil.After(k.ActiveFrom) || !k.PublishedUntil.After(k.ActiveUntil) {
			t.Errorf("key %+v", k)
		}
	}
	if code, _, errOut := ringtail(t, "", "keys", "rotate", "--conf", file, "--alg", "ES256"); code != exitOK {
		t.Fatal(errOut)
	}
	if keys := keysOf(t, file); len(keys) != 4 || keys[0].Alg != "ES256" || keys[1].Alg != "ES256" || keys[1].State != signing.Pending || !keys[0].ActiveUntil.Equal(keys[1].ActiveFrom) {
		t.Errorf("after one algorithm's rotation: %+v", keys)
	}
	code, out, _ = ringtail(t, "", "keys", "list", "--conf", file)
	for _, want := range []string{"SIGNS UNTIL", "PUBLISHED UNTIL", " pending ", first[0].ID} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
}

// A leaked key goes at once, but not by one hasty command.
func TestKeysRetire(t *testing.T) {
	file := settingsFile(t, "")
	if code, _, errOut := ringtail(t, "", "keys", "rotate", "--conf", file, "--alg", "EdDSA"); code != exitOK {
		t.Fatal(errOut)
	}
	leaked := keysOf(t, file)[0].ID
	code, out, errOut := ringtail(t, "", "keys", "retire", leaked, "--conf", file)
	if code != exitRefused || out != "" || !strings.Contains(errOut, "no token that it signed can be verified") || !strings.Contains(errOut, "nothing was done; add --yes") {
		t.Errorf("without --yes: exit code %d: %s%s", code, out, errOut)
	}
	if keys := keysOf(t, file); len(keys) != 1 || keys[0].ID != leaked {
		t.Errorf("without --yes the keys are %+v", keys)
	}
	code, out, errOut = ringtail(t, "", "keys", "retire", leaked, "--conf", file, "--yes")
	keys := keysOf(t, file)
	if code != exitOK || len(keys) != 1 || keys[0].ID == leaked || keys[0].State != signing.Active {
		t.Fatalf("exit code %d, keys %+v: %s", code, keys, errOut)
	}
	if want := leaked + " is deleted\n" + keys[0].ID + " signs with EdDSA\n"; out != want || !strings.Contains(errOut, "can't be undone") {
		t.Errorf("out %q, want %q; warning %q", out, want, errOut)
	}
	if code, _, errOut := ringtail(t, "", "keys", "retire", leaked, "--conf", file, "--yes"); code != exitRefused || !strings.Contains(errOut, "no such signing key") {
		t.Errorf("a key that is gone: exit code %d: %s", code, errOut)
	}
}
