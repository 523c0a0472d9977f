package realclients

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// nodeSettings is what a relying party of testdata/npm is told.
type nodeSettings struct {
	Issuer    string `json:"issuer"`
	ID        string `json:"id"`
	Secret    string `json:"secret,omitempty"`
	Redirect  string `json:"redirect"`
	LoggedOut string `json:"loggedOut"`
	Strict    bool   `json:"strict,omitempty"`
}

// Nobody listens there: the person stops where the provider sends the browser.
const (
	nodeRedirect  = "https://node.example/back"
	nodeLoggedOut = "https://node.example/bye"
)

// runNode runs a relying party of testdata/npm to its end, and signs in and out
// for it. It checks what the party can't see: that the person was signed in and
// then wasn't.
func runNode(t *testing.T, p *provider, script string, settings nodeSettings) {
	t.Helper()
	settings.Issuer, settings.Redirect, settings.LoggedOut = p.issuer, nodeRedirect, nodeLoggedOut
	given, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t, "node", "apt-get install nodejs"), nodeScript(t, script), string(given))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	reader, writer := io.Pipe()
	cmd.Stdout = writer
	running := start(t, cmd)
	go func() {
		<-running.ended
		writer.Close()
	}()
	who := newPerson(t, p)
	reached := talk(t, who, reader, in)
	if reached.Sub == "" || reached.Email != "demo@shop.example" {
		t.Errorf("the relying party learned %+v", reached)
	}
	if who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
}

// reached is what a relying party tells at its end.
type reached struct{ Sub, Email string }

// talk does what the relying party asks of the person until it is done.
func talk(t *testing.T, who *person, from io.Reader, to io.Writer) reached {
	t.Helper()
	s := bufio.NewScanner(from)
	s.Buffer(nil, 1<<20)
	for first := true; s.Scan(); first = false {
		var said struct {
			Open, Until string
			Done        *reached
		}
		if err := json.Unmarshal(s.Bytes(), &said); err != nil {
			t.Fatalf("the relying party says %s", s.Text())
		}
		if said.Done != nil {
			return *said.Done
		}
		if err := json.NewEncoder(to).Encode(who.open(said.Open, said.Until)); err != nil {
			t.Fatal(err)
		}
		if first && !who.signedIn() {
			t.Fatal("the person isn't signed in after the login")
		}
	}
	t.Fatal("the relying party ended before it was done")
	return reached{}
}

// nodeScript copies a script of testdata/npm, and what the scripts share, to
// where npm installed the packages: node looks for them beside the script.
func nodeScript(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Dir(installed(t, filepath.Join("bin", "clients", "npm", "node_modules"), "make clients"))
	for _, file := range []string{"party.js", name} {
		text, err := os.ReadFile(filepath.Join("testdata", "npm", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, name)
}
