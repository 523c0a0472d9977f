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
	reason loops.Reason
	detail string // as in a Refusal
	begun  bool   // it had the whole task
	again  bool   // not the script's doing as far as one death can tell: the task may be asked again
}

func (d *death) Error() string { return "the worker died: " + d.detail }

func (d *death) refusal() *loops.Refusal { return &loops.Refusal{Reason: d.reason, Detail: d.detail} }

// errKilled says that somebody else killed a worker before it was ready.
var errKilled = errors.New("it was killed from outside")

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
		if !p.late.Load() && killed(cmd.ProcessState) {
			err = errKilled
		}
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

// ask gives the worker a task and waits for the reply, at most for a step and its grace; see deadline. The error is a *death, and the process
// is gone; or a *loops.Refusal of a task that can't be written, and it lives on.
func (p *process) ask(t task) (reply, error) {
	t.Turn = rand.Text()
	frame, err := frameOf(t, taskSize(p.limits))
	if err != nil {
		return reply{}, &loops.Refusal{Reason: loops.ReasonContract, Detail: fmt.Sprintf("%s:1:1: the task: %v", t.File, err)}
	}
	var r reply
	deadline := p.deadline()
	p.steps++
	_, err = p.in.Write(frame)
	begun := err == nil
	if begun {
		err = readFrame(p.out, &r, replySize(p.limits))
	}
	if err == nil && r.Turn != t.Turn {
		err = errStray
	}
	inTime := deadline.stop()
	if err != nil {
		p.kill()
		d := p.autopsy(err)
		d.detail, d.begun = t.File+":1:1: "+d.detail, begun
		return reply{}, d
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
func (p *process) autopsy(err error) *death {
	last, state := p.stderr.firstLine(), p.cmd.ProcessState
	fault := func(reason loops.Reason, format string, args ...any) *death {
		return &death{reason: reason, detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case errors.Is(err, errStray):
		return &death{reason: loops.ReasonContract, detail: err.Error(), again: true}
	case p.late.Load():
		return fault(loops.ReasonTime, "the script ran longer than %v and was killed", p.limits.Step)
	case state.ExitCode() == exitCPU:
		return fault(loops.ReasonTime, "the script used up its processor time")
	case outOfMemory(p.stderr.text()):
		return fault(loops.ReasonMemory, "the script took more than %d MiB, or nested too deep (%s)", p.limits.Memory>>20, last)
	case errors.Is(err, errFrame):
		return fault(loops.ReasonContract, "the reply: %v", err)
	case state.ExitCode() == 2 && last != "": // a crash of the Go runtime
		return fault(loops.ReasonContract, "the script broke the interpreter (%s)", last)
	case killed(state):
		return &death{reason: loops.ReasonMemory, detail: "the worker was killed from outside, as the kernel does when the machine's memory ends", again: true}
	}
	return &death{reason: loops.ReasonContract, detail: fmt.Sprintf("the worker ended: %v (%s)", state, last), again: true}
}

func killed(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
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
