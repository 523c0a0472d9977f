package realclients

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// provider is a running `ringtail demo`, as `make build` leaves it.
type provider struct {
	issuer, phone string
	binary, conf  string
	heard         string // the id of the last call that was read off the phone
}

// startProvider runs the demo until the test ends, with more of its arguments.
func startProvider(t *testing.T, more ...string) *provider {
	t.Helper()
	port, dir := processtest.FreePorts(t, 3), t.TempDir()
	p := &provider{
		issuer: fmt.Sprintf("http://%s/blitz", address(port)), phone: "http://" + address(port+2),
		binary: installed(t, filepath.Join("bin", "ringtail"), "make build"), conf: filepath.Join(dir, "blitz.conf"),
	}
	cmd := exec.Command(p.binary, append([]string{"demo", "--data", dir, "--port", strconv.Itoa(port)}, more...)...)
	said := &processtest.Lines{}
	cmd.Stdout = said
	running := processtest.Start(t, cmd)
	processtest.Eventually(t, "the demo is never ready", func() bool {
		if running.HasEnded() {
			t.Fatal("the demo ended before it was ready")
		}
		return strings.HasSuffix(said.String(), "\nready\n")
	})
	return p
}

// installed is the absolute path of a file below the repository's root; the test
// fails with what makes it where it isn't there.
func installed(t *testing.T, path, makes string) string {
	t.Helper()
	full, err := filepath.Abs(filepath.Join("..", "..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(full); err != nil {
		t.Fatalf("%s is missing: %s", path, makes)
	}
	return full
}

// addClient registers a client with `ringtail client add` while the provider
// runs, and returns its secret.
func (p *provider) addClient(t *testing.T, id string, flags ...string) string {
	t.Helper()
	return p.command(t, append([]string{"client", "add", id}, flags...)...)
}

// registrationToken lets one client register itself, with the grants beside
// those of the settings.
func (p *provider) registrationToken(t *testing.T, flags ...string) string {
	t.Helper()
	return p.command(t, append([]string{"client", "token"}, flags...)...)
}

// command runs a subcommand of ringtail and returns what it prints.
func (p *provider) command(t *testing.T, words ...string) string {
	t.Helper()
	cmd := exec.Command(p.binary, append(words, "--conf", p.conf)...)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		t.Fatalf("ringtail %s: %v\n%s", strings.Join(words, " "), err, fault.String())
	}
	return strings.TrimSpace(out.String())
}

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9]+`)

// clientID is an id that no other setup has.
func clientID(t *testing.T) string {
	return notInIDs.ReplaceAllString(strings.TrimPrefix(t.Name(), "TestClients/"), "-")
}

// host is where the provider's pages are.
func (p *provider) host() string {
	return strings.TrimSuffix(strings.TrimPrefix(p.issuer, "http://"), "/blitz")
}

// shop is where the demo's own relying party is.
func (p *provider) shop() string {
	port, _ := strconv.Atoi(p.host()[strings.LastIndexByte(p.host(), ':')+1:])
	return "http://" + address(port+1)
}

// hybrid are the flags of `client add` for code id_token, which takes the grant
// of the part that comes through the browser.
func hybrid() []string {
	return []string{"--response-type", "code id_token", "--grant", "authorization_code", "--grant", "refresh_token", "--grant", "implicit"}
}

// deviceGrants are the flags of `client add` for a device that refreshes.
func deviceGrants() []string {
	return []string{"--grant", "urn:ietf:params:oauth:grant-type:device_code", "--grant", "refresh_token"}
}

// newestCall is the id of the last call to the demo user, and the number that called.
func (p *provider) newestCall(t *testing.T) (id, from string) {
	t.Helper()
	res, err := http.Get(p.phone + "/api/calls?to=79990000001")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var list []struct{ ID, From string }
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		return "", ""
	}
	return list[0].ID, list[0].From
}

func address(port int) string { return "localhost:" + strconv.Itoa(port) }
