package deploy

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// wanted skips what only `make test-deploy` runs: it needs programs that make installs.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("RINGTAIL_DEPLOY") == "" {
		t.Skip("make test-deploy runs this: it needs nginx, HAProxy, PostgreSQL and systemd")
	}
}

// program is the path of a program; the test fails with what installs it where there
// is none.
func program(t *testing.T, name, installs string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: %s", name, installs)
	}
	return path
}

// built is the binary that `make build` leaves.
func built(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "bin", "ringtail"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal("bin/ringtail is missing: make build")
	}
	return path
}

// lines is what a process says, written and read by many goroutines.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// process is a program that runs beside a test and ends with it.
type process struct {
	pid   int
	said  *lines
	ended chan struct{}
	err   error // of its end; read it after ended
}

// start runs the command until the test ends. Where the test fails, what it said last
// is told.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{said: &lines{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.said, p.said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	p.pid = cmd.Process.Pid
	go func() {
		p.err = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(30 * time.Second):
		}
		p.kill()
		if t.Failed() {
			said := p.said.String()
			t.Logf("%s said last:\n%s", cmd.Path, said[max(0, len(said)-4000):])
		}
	})
	return p
}

func (p *process) signal(s syscall.Signal) {
	if !p.hasEnded() {
		_ = syscall.Kill(p.pid, s)
	}
}

// kill ends the process and what it started, as a machine that breaks does.
func (p *process) kill() {
	if !p.hasEnded() {
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	}
	<-p.ended
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// freePort is a port of 127.0.0.1 that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// eventually looks again and again until it is so: other processes tell nobody when
// they are done.
func eventually(t *testing.T, otherwise string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}
