package sandbox

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// process is one worker, used by one goroutine at a time.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *head
	limits loops.Limits
	held   Confinement
	steps  int
	late   atomic.Bool // killed because its time was up
	exit   sync.Once
	mu     sync.Mutex
	gone   bool // its process id may belong to somebody else by now
}

// death says how a worker ended while it was being asked.
type death struct {
	reason loops.Reason // empty: not the script's doing as far as we can tell
	detail string
}

func (d *death) Error() string { return "the worker died: " + d.detail }

// start starts a worker with the given clone flags and waits until it is confined.
func start(o Options, flags uintptr) (*process, error) {
	cmd := exec.Command(o.Command[0], o.Command[1:]...) //nolint:gosec // the program's own path, from its owner
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: flags}
	if flags&syscall.CLONE_NEWUSER != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, out: bufio.NewReader(out), stderr: &head{}, limits: o.Limits}
	cmd.Stderr = p.stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a loop worker: %w", err)
	}
	if err := p.greet(o); err != nil {
		p.kill()
		return nil, fmt.Errorf("starting a loop worker: %w (%s)", err, p.stderr.firstLine())
	}
	return p, nil
}

// nobody is the user that a worker sees itself as in its own user namespace.
const nobody = 65534

func (p *process) greet(o Options) error {
	timer := time.AfterFunc(o.Start, func() { p.late.Store(true); p.stop() })
	defer timer.Stop()
	err := writeFrame(p.in, hello{Limits: o.Limits, Steps: o.Steps, Namespaces: namespaces()}, frameRoom)
	if err == nil {
		err = readFrame(p.out, &p.held, frameRoom)
	}
	if p.late.Load() {
		return fmt.Errorf("it wasn't ready after %v", o.Start)
	}
	return err
}

// errStray says that a worker replied to a task that it wasn't given. What else it says is worth nothing then.
var errStray = errors.New("a reply to no task")

// ask gives the worker a task and waits for the reply, at most for a step and its grace. After an error the process is gone; the
// error is a *death.
func (p *process) ask(t task) (reply, error) {
	var r reply
	timer := time.AfterFunc(p.limits.Step+p.limits.Grace, func() { p.late.Store(true); p.stop() })
	p.steps++
	t.Turn = rand.Text()
	err := writeFrame(p.in, t, taskSize(p.limits))
	if err == nil {
		err = readFrame(p.out, &r, replySize(p.limits))
	}
	if err == nil && r.Turn != t.Turn {
		err = errStray
	}
	inTime := timer.Stop()
	if err != nil {
		p.kill()
		return reply{}, p.autopsy(t.File, err)
	}
	r.Spent = r.Spent || !inTime // the kill may have come just after the reply
	return r, nil
}

// stop sends SIGKILL to the worker and whatever it might have started.
func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.gone {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// kill ends the process and waits for it.
func (p *process) kill() {
	p.exit.Do(func() {
		_ = p.in.Close()
		p.stop()
		p.mu.Lock()
		p.gone = true
		p.mu.Unlock()
		_ = p.cmd.Wait() // how it ended is read from ProcessState
	})
}

// autopsy says why a worker died from what it left behind.
func (p *process) autopsy(file string, err error) *death {
	last := p.stderr.firstLine()
	switch {
	case errors.Is(err, errStray):
		return &death{"", err.Error()}
	case p.late.Load():
		return &death{loops.ReasonTime, fmt.Sprintf("%s:1:1: the script ran longer than %v and was killed", file, p.limits.Step)}
	case p.cmd.ProcessState.ExitCode() == exitCPU:
		return &death{loops.ReasonTime, file + ":1:1: the script used up its processor time"}
	case outOfMemory(p.stderr.text()):
		return &death{loops.ReasonMemory, fmt.Sprintf("%s:1:1: the script took more than %d MiB, or nested too deep (%s)", file, p.limits.Memory>>20, last)}
	case errors.Is(err, errFrame):
		return &death{loops.ReasonContract, fmt.Sprintf("%s:1:1: task or reply: %v", file, err)}
	case p.cmd.ProcessState.ExitCode() == 2 && last != "": // a crash of the Go runtime
		return &death{loops.ReasonContract, fmt.Sprintf("%s:1:1: the script broke the interpreter (%s)", file, last)}
	}
	return &death{"", fmt.Sprintf("%v (%s)", p.cmd.ProcessState, last)}
}

// outOfMemory knows the words with which the Go runtime dies when it gets no more memory or stack. The garbage collector doesn't
// ask whether it got any, and dies of a bad address.
func outOfMemory(text string) bool {
	for _, words := range []string{"out of memory", "cannot allocate memory", "failed to allocate", "stack overflow", "stack exceeds", "failed to create new OS thread",
		"makeslice", "growslice", "pthread_create failed", "Resource temporarily unavailable", "output length overflow", "runtime.gcDrain("} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// head keeps the first bytes that a worker wrote to its standard error, where a crash says its name.
type head struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const headBytes = 4 << 10

// Write never fails: the rest is thrown away.
func (t *head) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := headBytes - t.buf.Len(); room > 0 {
		t.buf.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

func (t *head) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

func (t *head) firstLine() string {
	line, _, _ := strings.Cut(t.text(), "\n")
	return fmt.Sprintf("%.200s", line)
}
