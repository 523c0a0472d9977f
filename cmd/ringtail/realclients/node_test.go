package realclients

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// nodeSettings is what a relying party of testdata is told; each reads what it
// knows.
type nodeSettings map[string]any

// Nobody listens there: the person stops where the provider sends the browser.
const (
	nodeRedirect  = "https://node.example/back"
	nodeLoggedOut = "https://node.example/bye"
)

// party is a relying party of testdata: one JSON value a line, each way. Its
// own lines start with a mark, since libraries log to standard output.
type party struct {
	t    *testing.T
	said *bufio.Scanner
	// noise is where all other lines go.
	noise io.Writer
	in    io.Writer
	// opened is the file that holds the address which it opened in the system's browser.
	opened string
}

func startNode(t *testing.T, p *provider, script string, settings nodeSettings) *party {
	t.Helper()
	return startParty(t, p, settings, processtest.Program(t, "node", "apt-get install nodejs"), nodeScript(t, script))
}

// startParty runs a script, whose only argument are the settings.
func startParty(t *testing.T, p *provider, settings nodeSettings, interpreter, script string) *party {
	t.Helper()
	settings["issuer"] = p.issuer
	given, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter, script, string(given))
	opener, opened := systemBrowser(t)
	cmd.Env = append(os.Environ(), "PATH="+opener+string(os.PathListSeparator)+os.Getenv("PATH"))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	reader, writer := io.Pipe()
	cmd.Stdout = writer
	running := processtest.Start(t, cmd)
	t.Cleanup(func() { reader.Close() }) // the process isn't waited for before all that it says went somewhere
	go func() {
		<-running.Ended
		writer.Close()
	}()
	said := bufio.NewScanner(reader)
	said.Buffer(nil, 1<<20)
	return &party{t: t, said: said, noise: running.Said, in: in, opened: opened}
}

// systemBrowser is a folder with an xdg-open that only writes down what is to be opened.
func systemBrowser(t *testing.T) (folder, opened string) {
	t.Helper()
	folder = t.TempDir()
	opened = filepath.Join(folder, "opened")
	script := fmt.Sprintf("#!/bin/sh\nprintf %%s \"$1\" >'%[1]s.new' && mv '%[1]s.new' '%[1]s'\n", opened)
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return folder, opened
}

// nodeScript copies a script of testdata/npm, and what the scripts share, to
// where npm installed the packages: node looks for them beside the script.
func nodeScript(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Dir(installed(t, filepath.Join("bin", "clients", "npm", "node_modules"), "make clients"))
	for _, file := range []string{"party.js", name} {
		text := readFile(t, filepath.Join("testdata", "npm", file))
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, name)
}

// message is what a relying party asks or tells.
type message struct {
	// Open is where the person is to go, and Until the address that the browser
	// stops before.
	Open, Until string
	// Approve is where the person lets a device in.
	Approve string
	// Browser: the person is to answer what the system's browser shows.
	Browser bool
	Ready   bool
	Done    *reached
}

// reached is what a relying party tells at its end.
type reached struct{ Sub, Email string }

const mark = ">>> "

func (n *party) next() (m message) {
	n.t.Helper()
	for n.said.Scan() {
		line, ours := strings.CutPrefix(n.said.Text(), mark)
		if !ours {
			fmt.Fprintln(n.noise, line)
			continue
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			n.t.Fatalf("the relying party says %s", line)
		}
		return m
	}
	n.t.Fatal("the relying party ended before it was done")
	return m
}

// serveNode runs a relying party that serves, until the test ends.
func serveNode(t *testing.T, p *provider, script string, settings nodeSettings) {
	t.Helper()
	n := startNode(t, p, script, settings)
	if m := n.next(); !m.Ready {
		t.Fatalf("the relying party says %+v", m)
	}
	go func() {
		for n.said.Scan() {
			fmt.Fprintln(n.noise, n.said.Text())
		}
	}()
}

func runNode(t *testing.T, p *provider, script string, settings nodeSettings) *person {
	t.Helper()
	settings["redirect"], settings["loggedOut"] = nodeRedirect, nodeLoggedOut
	return runParty(t, p, startNode(t, p, script, settings))
}

// runParty sees a relying party to its end, and signs in and out for it. It checks
// what the party can't see: that the person was signed in, and then wasn't.
func runParty(t *testing.T, p *provider, n *party) *person {
	t.Helper()
	who := newPerson(t, p)
	for first := true; ; first = false {
		m := n.next()
		if m.Done != nil {
			if m.Done.Sub == "" || m.Done.Email != "demo@shop.example" {
				t.Errorf("the relying party learned %+v", *m.Done)
			}
			break
		}
		if err := json.NewEncoder(n.in).Encode(n.answer(who, m)); err != nil {
			t.Fatal(err)
		}
		if first && !who.signedIn() {
			t.Fatal("the person isn't signed in after the login")
		}
	}
	if who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
	return who
}

// answer does what the relying party asks of the person.
func (n *party) answer(who *person, m message) landing {
	n.t.Helper()
	switch {
	case m.Approve != "":
		who.approve(m.Approve, "")
		return landing{URL: m.Approve}
	case !m.Browser:
		return who.open(m.Open, m.Until)
	}
	processtest.Eventually(n.t, "the system's browser was never opened", func() bool {
		_, err := os.Stat(n.opened)
		return err == nil
	})
	who.visit(readFile(n.t, n.opened))
	return landing{URL: who.at.String()}
}
