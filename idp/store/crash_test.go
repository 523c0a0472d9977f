package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
)

// writerEnv makes the test binary a process that writes to the file it names.
const writerEnv = "RINGTAIL_STORE_TEST_WRITER"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		fmt.Fprintln(os.Stderr, writeForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever adds to the count of user u1 and says each number that was
// acknowledged.
func writeForever(path string) error {
	s, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		return err
	}
	for {
		u, err := s.UpdateUser(context.Background(), "u1", count)
		if err != nil {
			return err
		}
		fmt.Println(u.RequiredFactor)
	}
}

// process is a writing process and the last number it said.
type process struct {
	cmd  *exec.Cmd
	out  *bufio.Scanner
	said int
}

func startWriter(t *testing.T, path string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, out: bufio.NewScanner(out)}
	t.Cleanup(p.kill)
	return p
}

// kill ends the process as a power cut would; what it had said is read.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	for p.out.Scan() {
		p.said, _ = strconv.Atoi(p.out.Text())
	}
	_ = p.cmd.Wait()
}

// listen returns when the process has said n more numbers.
func (p *process) listen(t *testing.T, n int) {
	t.Helper()
	for range n {
		if !p.out.Scan() {
			t.Fatal("the writing process ended")
		}
		var err error
		if p.said, err = strconv.Atoi(p.out.Text()); err != nil {
			t.Fatal(err)
		}
	}
}

// freeze stops the process wherever it is; thaw lets it go on.
func (p *process) freeze(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	for !status.Stopped() {
		if _, err := syscall.Wait4(p.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil && err != syscall.EINTR {
			t.Fatal(err)
		}
		if status.Exited() || status.Signaled() {
			t.Fatal("the writing process ended")
		}
	}
}

func (p *process) thaw(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

// newCounter leaves a database with the user u1 and returns its path.
func newCounter(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ringtail.db")
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A copy of the files of a process stopped anywhere is what a crash leaves.
func TestACopyAtAnyMomentIsConsistent(t *testing.T) {
	path := newCounter(t)
	writer := startWriter(t, path)
	for i := range 25 {
		writer.listen(t, 1+i)
		writer.freeze(t)
		said := writer.said
		dir := t.TempDir()
		for _, suffix := range []string{"", "-wal"} {
			copyFile(t, path+suffix, filepath.Join(dir, "copy.db"+suffix))
		}
		writer.thaw(t)
		s := open(t, filepath.Join(dir, "copy.db"))
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("copy %d: %v", i, err)
		}
		if got := counted(t, s); got < said {
			t.Errorf("copy %d has %d updates, %d were acknowledged", i, got, said)
		}
		if _, err := s.UpdateUser(t.Context(), "u1", count); err != nil {
			t.Errorf("copy %d can't be written: %v", i, err)
		}
	}
}

func TestKilledProcessesLoseNothing(t *testing.T) {
	path := newCounter(t)
	s := open(t, path) // A process that lives through it all.
	total := 0
	for round := range 5 {
		one, two := startWriter(t, path), startWriter(t, path)
		one.listen(t, 5)
		two.listen(t, 5)
		one.kill()
		two.listen(t, 1)
		two.kill()
		got := counted(t, s)
		if got < max(one.said, two.said) || got < total+11 {
			t.Errorf("round %d: %d updates are there; %d and %d were acknowledged", round, got, one.said, two.said)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if _, err := s.UpdateUser(t.Context(), "u1", count); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		total = got
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
