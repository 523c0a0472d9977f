package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// installed is an empty installation that serves, with one administrator and nothing set up.
type installed struct {
	issuer, file string
	log          *lines
	password     string
	codes        []string // recovery codes of the administrator that weren't used
}

const rootPassword = "a long enough sentence"

// install writes the smallest settings that a provider starts with, and starts it. more are lines of settings.
func install(t *testing.T, more string) *installed {
	t.Helper()
	port := freePorts(t)
	in := &installed{issuer: fmt.Sprintf("http://localhost:%d/blitz", port), file: filepath.Join(t.TempDir(), "blitz.conf"), log: &lines{}, password: rootPassword}
	text := fmt.Sprintf(`blitz.prod.local.idp {
  issuer = "%s"
  server.listen = "localhost:%d"
  ops.listen = null
  store.url = "sqlite:ringtail.db"
  keys.master = "%s"
  login.factors = [ [ { method = password, enabled = true } ], [ { method = flashCall, enabled = false }, { method = recovery, enabled = true } ] ]
  loops.egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
%s
}
`, in.issuer, port, strings.Repeat("5e", 32), more)
	if err := os.WriteFile(in.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in.ringtail(t, rootPassword, "admin", "add", "root", "--password", "-")
	in.codes = strings.Fields(in.ringtail(t, "", "user", "recovery", "root"))
	in.serve(t)
	return in
}

// ringtail runs a command on the installation and gives what it prints.
func (in *installed) ringtail(t *testing.T, stdin string, arguments ...string) string {
	t.Helper()
	code, out, errOut := ringtail(t, stdin, append(arguments, "--conf", in.file)...)
	if code != exitOK {
		t.Fatalf("ringtail %v: exit %d: %s%s", arguments, code, out, errOut)
	}
	return out
}

// serve runs the provider until the test ends.
func (in *installed) serve(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--conf", in.file}, stdio{strings.NewReader(""), writer, in.log})
		_ = writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("exit code %d:\n%s", code, in.log)
		}
		if t.Failed() {
			t.Logf("the log:\n%s", in.log)
		}
	})
	s := bufio.NewScanner(reader)
	for s.Scan() && s.Text() != "ready" {
	}
	if s.Text() != "ready" {
		t.Fatalf("it ended before it was ready:\n%s", in.log)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
}

// administrator opens the console in a browser of its own and signs in as root, with a code that nobody used.
func (in *installed) administrator(t *testing.T, ctx context.Context) *administrator {
	t.Helper()
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	a := &administrator{t: t, ctx: ctx, base: in.issuer + "/console", login: "root", password: in.password, second: in.recoveryCode}
	a.open("/")
	return a
}

// recoveryCode gives the next code of the list that the administrator keeps on paper.
func (in *installed) recoveryCode(t *testing.T, give func()) string {
	t.Helper()
	give()
	if len(in.codes) == 0 {
		t.Fatal("all recovery codes were used")
	}
	code := in.codes[0]
	in.codes = in.codes[1:]
	return code
}

// TestConsoleFromNothing goes as an administrator would, by mouse and keyboard alone, from an empty installation to a person
// who signs in through a call that the stand-in of New-Tel places.
func TestConsoleFromNothing(t *testing.T) {
	in := install(t, "")
	ctx := window(t)
	a := in.administrator(t, ctx)
	a.shows("Welcome")
}
