// Package processtest runs real programs beside a test: the binary that `make build`
// leaves, balancers, browsers and clients. It owns how they start, what they say and
// how they end; it doesn't own what they are asked. For tests alone.
package processtest

import (
	"net"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Process is a program that runs beside a test and ends with it.
type Process struct {
	PID int
	// Said is what it wrote, but for an output that its command sends elsewhere.
	Said *Lines
	// Ended is closed when it has ended.
	Ended chan struct{}
	// Err is how it ended; read it after Ended.
	Err error
}

// Start runs the command until the test ends. It leads a group of its own, which ends
// with it. Where the test fails, what it said last is told.
func Start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{Said: &Lines{}, Ended: make(chan struct{})}
	cmd.Stderr = p.Said
	if cmd.Stdout == nil {
		cmd.Stdout = p.Said
	}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL // where the test is killed, nobody cleans up
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	p.PID = cmd.Process.Pid
	go func() {
		p.Err = cmd.Wait()
		close(p.Ended)
	}()
	t.Cleanup(func() {
		p.stop(30 * time.Second)
		if t.Failed() {
			t.Logf("%s said last:\n%s", cmd.Path, p.Said.Tail(8000))
		}
	})
	return p
}

// Signal sends a signal, unless the process has ended.
func (p *Process) Signal(s syscall.Signal) {
	if !p.HasEnded() {
		_ = syscall.Kill(p.PID, s)
	}
}

// Kill ends the process and what it started, as a machine that breaks does, and waits
// until it has ended.
func (p *Process) Kill() {
	if !p.HasEnded() {
		_ = syscall.Kill(-p.PID, syscall.SIGKILL)
	}
	<-p.Ended
}

// HasEnded says whether it has.
func (p *Process) HasEnded() bool {
	select {
	case <-p.Ended:
		return true
	default:
		return false
	}
}

// Listening waits until somebody answers at the address, or the process has ended.
func (p *Process) Listening(t testing.TB, address string) {
	t.Helper()
	Eventually(t, "nobody listens at "+address, func() bool {
		if p.HasEnded() {
			t.Fatalf("the process ended before it listened at %s", address)
		}
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// stop asks the process to end, and kills its group in any case.
func (p *Process) stop(within time.Duration) {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.Ended:
	case <-time.After(within):
	}
	_ = syscall.Kill(-p.PID, syscall.SIGKILL)
	<-p.Ended
}
