// Package proc owns the server under test as a process of Linux: starting it on
// one processor, the processor time that it and its worker processes have used,
// and their memory. It does not own what is asked of the server (bench/load).
package proc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Process is a server under test.
type Process struct {
	cmd *exec.Cmd
	log *lines
}

// Start runs the binary on the given processor (below zero: on any) and waits
// until it says "ready" on standard output.
func Start(ctx context.Context, processor int, binary string, args ...string) (*Process, error) {
	p := command(ctx, binary, args)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startOn(processor, p.cmd); err != nil {
		return nil, fmt.Errorf("starting %s: %w", binary, err)
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		if s.Text() == "ready" {
			return p, nil
		}
	}
	return nil, fmt.Errorf("the server did not become ready: %w: %s", p.cmd.Wait(), p.Log())
}

// Launch runs the binary as Start does, and doesn't wait for anything.
func Launch(ctx context.Context, processor int, binary string, args ...string) (*Process, error) {
	p := command(ctx, binary, args)
	if err := startOn(processor, p.cmd); err != nil {
		return nil, fmt.Errorf("starting %s: %w", binary, err)
	}
	return p, nil
}

func command(ctx context.Context, binary string, args []string) *Process {
	p := &Process{cmd: exec.CommandContext(ctx, binary, args...), log: &lines{}}
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.Stderr = p.log
	return p
}

// startOn starts the command from a thread that may only use the processor: a
// child inherits that, and its Go runtime counts one processor.
func startOn(processor int, cmd *exec.Cmd) error {
	if processor < 0 {
		return cmd.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(processor)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	return errors.Join(cmd.Start(), unix.SchedSetaffinity(0, &before))
}

// Pin lets this process use one processor alone, all of its threads.
func Pin(processor int) error {
	var one unix.CPUSet
	one.Set(processor)
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, &one); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("pinning thread %d: %w", id, err)
		}
	}
	return nil
}

// ID is the process id.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Log is what the server wrote on standard error.
func (p *Process) Log() string { return p.log.String() }

// Stop ends the server and reports how it ended.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("the server's end: %w: %s", err, p.Log())
	}
	return nil
}

// lines are the last that a process wrote; more than maxLog bytes are not kept.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

const maxLog = 64 << 10

// Write keeps what fits.
func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text.Len() < maxLog {
		l.text.Write(b)
	}
	return len(b), nil
}

// String is what was kept.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Used is the processor time of a process and its children, the living and the gone.
func Used(pid int) (time.Duration, error) {
	total, err := clock(pid)
	if err != nil {
		return 0, err
	}
	gone, err := ended(pid)
	if err != nil {
		return 0, err
	}
	for _, child := range children(pid) {
		if cost, err := clock(child); err == nil {
			total += cost
		}
	}
	return total + gone, nil
}

// clock reads the processor-time clock of a process, in nanoseconds: what
// clock_getcpuclockid(3) names.
func clock(pid int) (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &t); err != nil {
		return 0, fmt.Errorf("the processor time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// ended is the time of the children that are gone. A tick of proc_pid_stat(5) is
// 10 ms on Linux.
func ended(pid int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	var cost time.Duration
	for _, f := range fields[13:15] { // cutime, cstime
		ticks, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		cost += time.Duration(ticks) * 10 * time.Millisecond
	}
	return cost, nil
}

func children(pid int) (list []int) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	for _, name := range stats {
		child, err := strconv.Atoi(strings.Split(name, "/")[2])
		if err != nil {
			continue
		}
		if fields, err := stat(child); err == nil && fields[1] == strconv.Itoa(pid) {
			list = append(list, child)
		}
	}
	return list
}

// stat are the fields of proc_pid_stat(5) from the third on: state, ppid, ...
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	_, rest, ok := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 15 {
		return nil, fmt.Errorf("/proc/%d/stat can't be read", pid)
	}
	return fields, nil
}

// Memory is what a process holds in memory, in bytes, and what its children hold
// (VmRSS: pages that they share are counted for each).
func Memory(pid int) (own, workers int64, err error) {
	if own, err = resident(pid); err != nil {
		return 0, 0, err
	}
	for _, child := range children(pid) {
		if more, err := resident(child); err == nil {
			workers += more
		}
	}
	return own, workers, nil
}

func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("/proc/%d/statm can't be read", pid)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
