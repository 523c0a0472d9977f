package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// unprivilegedReport is what the pool of a process without privileges came to.
type unprivilegedReport struct {
	Fault string
	UID   int
	Held  sandbox.Confinement
	Ends  map[string]string // script to reason, or "ok"
}

var unprivilegedScripts = map[string]string{
	"good":           good,
	"endless":        `function run() { for (;;) {} }`,
	"endless native": `function run() { /^(?=a)(a+)+$/.test("a".repeat(40) + "!") }`,
	"memory":         `function run() { return "a".repeat(2**40) }`,
	"native memory":  `function run() { JSON.parse("[".repeat(1e7)) }`,
}

// unprivileged is a main of its own: a process that may make no namespaces starts a Pool and tells what becomes of scripts.
func unprivileged() int {
	report := unprivilegedReport{UID: os.Getuid(), Ends: map[string]string{}}
	if err := poolWithoutNamespaces(&report); err != nil {
		report.Fault = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		return 1
	}
	return 0
}

func poolWithoutNamespaces(report *unprivilegedReport) error {
	if err := refuseNamespaces(); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	pools := map[bool]*sandbox.Pool{} // by whether time is to end the script
	for endless, step := range map[bool]time.Duration{true: 300 * time.Millisecond, false: 10 * time.Second} {
		limits := loops.DefaultLimits()
		limits.Step = step
		p, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Limits: limits, Size: 2})
		if err != nil {
			return err
		}
		defer func() { _ = p.Close() }()
		pools[endless] = p
	}
	report.Held = pools[true].Holds()
	for name, source := range unprivilegedScripts {
		endless := strings.HasPrefix(name, "endless")
		for range tries { // a busy machine may need more time than there is to fill the memory
			report.Ends[name] = endOf(pools[endless], source)
			if endless || report.Ends[name] != "time" {
				break
			}
		}
	}
	return nil
}

func endOf(p *sandbox.Pool, source string) string {
	_, err := p.Step(context.Background(), ask(source))
	var r *loops.Refusal
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &r):
		return string(r.Reason)
	}
	return err.Error()
}

// refuseNamespaces does to this process what container engines do: no call makes a user namespace.
func refuseNamespaces() error {
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls: []seccomp.SyscallGroup{{
			Action: seccomp.ActionErrno,
			Names:  []string{"unshare", "setns"},
			NamesWithCondtions: []seccomp.NameWithConditions{{Name: "clone", Conditions: seccomp.ArgumentConditions{
				{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_NEWUSER | unix.CLONE_NEWNET},
			}}},
		}, {
			Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS),
			Names:  []string{"clone3"},
		}},
	}})
}

// In a container without any privilege the worker still holds processor time, memory and time.
func TestWithoutPrivilegesProcessorMemoryAndTimeHold(t *testing.T) {
	cmd := exec.Command(programForAnyone(t), "loop-unprivileged")
	cmd.Dir = "/"
	if os.Getuid() == 0 { // user 65534 has no capabilities
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var report unprivilegedReport
	if err := json.Unmarshal(out, &report); err != nil || report.Fault != "" {
		t.Fatalf("%s: %v", out, err)
	}
	if h := report.Held; report.UID == 0 || !h.Memory || !h.CPU || !h.Files || !h.Core || !h.Env || h.Open != 3 || h.Network || h.User {
		t.Errorf("as user %d this holds: %+v", report.UID, h)
	}
	t.Logf("Landlock %d, filter of system calls %v", report.Held.Landlock, report.Held.Calls)
	for name, want := range map[string]string{"good": "ok", "endless": "time", "endless native": "time", "memory": "memory", "native memory": "memory"} {
		if got := report.Ends[name]; got != want {
			t.Errorf("%s ended with %s, want %s", name, got, want)
		}
	}
}

// programForAnyone copies this test's program to where another user may run it.
func programForAnyone(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "ringtail-sandbox")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "program")
	if err := os.WriteFile(path, program, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{folder, path} {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
