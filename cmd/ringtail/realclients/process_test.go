package realclients

import (
	"bytes"
	"io"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

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
	said  *lines
	ended chan struct{}
}

// start runs the command until the test ends. Where the test fails, what the
// process said is told.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{said: &lines{}, ended: make(chan struct{})}
	cmd.Stderr = p.said
	if cmd.Stdout == nil {
		cmd.Stdout = p.said
	}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true              // its own children end with it
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL // where the test is killed, nobody cleans up
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.end(cmd.Process.Pid)
		if t.Failed() {
			t.Logf("%s said:\n%s", cmd.Path, tail(p.said.String(), 8000))
		}
	})
	return p
}

// end asks the process to stop, and kills its group where it doesn't.
func (p *process) end(pid int) {
	_ = syscall.Kill(pid, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(15 * time.Second):
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL)
	<-p.ended
}

func tail(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}

// freePorts finds n ports in a row that nobody listens on.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	for range 100 {
		first, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		open, all := []io.Closer{first}, true
		for i := 1; i < n; i++ {
			l, err := net.Listen("tcp", address(port+i))
			if err != nil {
				all = false
				break
			}
			open = append(open, l)
		}
		for _, l := range open {
			l.Close()
		}
		if all {
			return port
		}
	}
	t.Fatalf("no %d free ports in a row", n)
	return 0
}

func address(port int) string { return "localhost:" + strconv.Itoa(port) }

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// listening waits until somebody answers at the address, or the process ended.
func (p *process) listening(t *testing.T, address string) {
	t.Helper()
	eventually(t, "nobody listens at "+address, func() bool {
		if p.hasEnded() {
			t.Fatalf("the process ended before it listened at %s", address)
		}
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// eventually looks again and again until it is so: other processes tell nobody
// when they are done.
func eventually(t *testing.T, otherwise string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}
