package clientauth_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// The commands of the how-to make a key set that can be registered, and an
// assertion that is taken.
func TestTheHowToIsTrue(t *testing.T) {
	for _, tool := range []string{"bash", "openssl", "basenc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "how-to", "sign-in-a-client-with-a-key.md"))
	must(t, err)
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		script.WriteString(block[1])
	}
	script.WriteString("printf %s \"$assertion\"\n")
	w := newWorld(t)
	now := time.Now() // the shell's clock
	w.now.Store(&now)
	command := exec.CommandContext(t.Context(), "bash", "-c", strings.ReplaceAll(script.String(), "https://login.example.org/blitz", issuer))
	command.Dir = t.TempDir()
	command.Stderr = os.Stderr
	assertion, err := command.Output()
	must(t, err)
	set, err := os.ReadFile(filepath.Join(command.Dir, "keys.json"))
	must(t, err)
	w.addClient(idp.Client{ID: "billing", AuthMethod: idp.AuthPrivateKeyJWT, ClientMetadata: idp.ClientMetadata{JWKS: string(set), AuthAlg: "EdDSA"}})
	if status, client, why := w.post(form(string(assertion)), ""); status != 200 || client != "billing" {
		t.Errorf("%d %s %s\n%s", status, client, why, w.log)
	}
}
