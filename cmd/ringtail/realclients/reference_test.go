package realclients

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/reference/clients.md anew")

// The reference page is written from the list that the test runs.
func TestReferenceOfClients(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Tested clients\n\nGenerated from the list of `make test-clients`, which signs in through each of these as its authors ship it, against the built binary. " +
		"Settings to copy: [connect common clients](../how-to/connect-common-clients.md).\n\n| client | version | from | setup | what is tested |\n|---|---|---|---|---|\n")
	for _, c := range list() {
		for _, s := range c.setups {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.name, c.version, c.from, s.name, s.tested)
		}
	}
	path := filepath.Join("..", "..", "..", "docs", "reference", "clients.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if readFile(t, path) != b.String() {
		t.Errorf("%s is not what the list says; run go test ./cmd/ringtail/realclients -run Reference -update and read the diff", path)
	}
}

// The versions of the page are those that are installed.
func TestVersionsArePinned(t *testing.T) {
	var packages struct{ Dependencies map[string]string }
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join("testdata", "npm", "package.json"))), &packages); err != nil {
		t.Fatal(err)
	}
	makefile := readFile(t, filepath.Join("..", "..", "..", "Makefile"))
	modules := readFile(t, filepath.Join("..", "..", "..", "go.mod"))
	for _, c := range list() {
		switch c.from {
		case "npm":
			if packages.Dependencies[c.name] != c.version {
				t.Errorf("%s %s: package.json has %q", c.name, c.version, packages.Dependencies[c.name])
			}
		case "Makefile":
			if !strings.Contains(makefile, ":= "+c.version+"\n") {
				t.Errorf("%s: the Makefile doesn't install %s", c.name, c.version)
			}
		case "go.mod":
			for _, version := range strings.Split(c.version, ", ") {
				if !strings.Contains(modules, " "+version+"\n") {
					t.Errorf("%s: go.mod has no %s", c.name, version)
				}
			}
		case "Debian 12":
		default:
			t.Errorf("%s comes from nowhere: %q", c.name, c.from)
		}
	}
}

// Where packages come from is for each machine to say.
func TestLockNamesNoHost(t *testing.T) {
	lock := readFile(t, filepath.Join("testdata", "npm", "package-lock.json"))
	if hosts := regexp.MustCompile(`"resolved".*`).FindAllString(lock, -1); len(hosts) > 0 {
		t.Errorf("the lock file names hosts: %s", hosts)
	}
	if !strings.Contains(lock, `"integrity"`) {
		t.Error("the lock file holds no hashes")
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
