package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp/register"
)

func TestInitialTokensByCommand(t *testing.T) {
	file := settingsFile(t, "")
	code, token, errOut := ringtail(t, "", "client", "token", "--conf", file, "--uses", "5", "--expires", "48h", "--software", "suite", "--grant", "device_code", "--scope", "phone")
	if code != exitOK || len(strings.TrimSpace(token)) < 40 || !strings.Contains(errOut, "registration.enabled is false") {
		t.Fatalf("exit code %d: %q %s", code, token, errOut)
	}
	_, out, _ := ringtail(t, "", "client", "token", "list", "--conf", file, "--json")
	var tokens []register.InitialToken
	if err := json.Unmarshal([]byte(out), &tokens); err != nil {
		t.Fatal(err, out)
	}
	if len(tokens) != 1 || tokens[0].UsesLeft != 5 || tokens[0].Software != "suite" || !strings.HasSuffix(tokens[0].Grants[0], ":device_code") || strings.Contains(out, strings.TrimSpace(token)) {
		t.Errorf("tokens: %s", out)
	}
	for name, arguments := range map[string][]string{
		"no use": {"--uses", "0"}, "many uses": {"--uses", "100001"}, "no time": {"--expires", "0s"}, "years": {"--expires", "9000h"}, "an unknown grant": {"--grant", "password"},
	} {
		if code, out, _ := ringtail(t, "", append([]string{"client", "token", "--conf", file}, arguments...)...); code != exitUsage || out != "" {
			t.Errorf("%s: exit code %d, %q", name, code, out)
		}
	}
	if code, _, errOut := ringtail(t, "", "client", "token", "remove", tokens[0].ID, "--conf", file); code != exitOK {
		t.Error(errOut)
	}
	if code, _, _ := ringtail(t, "", "client", "token", "remove", tokens[0].ID, "--conf", file); code != exitRefused {
		t.Errorf("removed twice: exit code %d", code)
	}
}

// A token and a new secret take effect beside a running provider.
func TestRegistrationBesideARunningProvider(t *testing.T) {
	d := startDemo(t, "--set", "registration.enabled=true")
	file := filepath.Join(d.dir, "blitz.conf")
	must := func(arguments ...string) string {
		t.Helper()
		code, out, errOut := ringtail(t, "", append(arguments, "--conf", file)...)
		if code != exitOK {
			t.Fatal(errOut)
		}
		return strings.TrimSpace(out)
	}
	token := must("client", "token")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.provider+"/blitz/oauth/register", strings.NewReader(`{"redirect_uris":["http://localhost:1/cb"]}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var client struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.NewDecoder(response.Body).Decode(&client); err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("%d %v", response.StatusCode, err)
	}
	if listed := must("client", "list"); !strings.Contains(listed, client.ID) || !strings.Contains(listed, "registration") {
		t.Errorf("listed: %s", listed)
	}
	fresh := must("client", "rotate-secret", client.ID)
	for secret, accepted := range map[string]bool{client.Secret: false, fresh: true} {
		rp := d.relyingParty(client.ID, secret, "http://localhost:1/cb")
		_, err := rp.Exchange(t.Context(), "no code", oauth2.VerifierOption(oauth2.GenerateVerifier()))
		if err == nil || strings.Contains(err.Error(), "invalid_client") == accepted {
			t.Errorf("accepted must be %v: %v", accepted, err)
		}
	}
}
