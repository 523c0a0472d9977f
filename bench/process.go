package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under test.
type process struct {
	cmd *exec.Cmd
}

// start runs the binary and waits until it says "ready".
func start(ctx context.Context, binary string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		if s.Text() == "ready" {
			return &process{cmd}, nil
		}
	}
	return nil, fmt.Errorf("the server did not become ready: %w: %s", cmd.Wait(), log.String())
}

// stop ends the server and reports how it ended.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// used is the processor time of the server and its worker processes.
func (p *process) used() (time.Duration, error) { return familyTime(p.cmd.Process.Pid) }

// familyTime adds up a process and its children, the living and the gone.
func familyTime(pid int) (time.Duration, error) {
	total, _, err := processTime(pid)
	if err != nil {
		return 0, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, name := range stats {
		child, err := strconv.Atoi(strings.Split(name, "/")[2])
		if err != nil {
			continue
		}
		if cost, parent, err := processTime(child); err == nil && parent == pid {
			total += cost
		}
	}
	return total, nil
}

// processTime reads proc_pid_stat(5): the time of a process and of its children
// that have ended, and its parent. A tick is 10 ms on Linux.
func processTime(pid int) (cost time.Duration, parent int, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	_, rest, ok := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 15 {
		return 0, 0, fmt.Errorf("/proc/%d/stat can't be read", pid)
	}
	if parent, err = strconv.Atoi(fields[1]); err != nil {
		return 0, 0, err
	}
	for _, f := range fields[11:15] { // utime, stime, cutime, cstime
		ticks, err := strconv.Atoi(f)
		if err != nil {
			return 0, 0, err
		}
		cost += time.Duration(ticks) * 10 * time.Millisecond
	}
	return cost, parent, nil
}
