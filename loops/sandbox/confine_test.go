package sandbox_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// target is what the test has set up outside for a probe to reach for.
type target struct {
	File, Folder, Socket, Abstract, TCP, UDP string
	Parent                                   int
}

// probe runs inside a confined worker and says which of its attempts succeeded.
func probe(source string) []byte {
	if source == "burn" {
		for n := 0; ; n++ {
			_ = n * n
		}
	}
	var at target
	if err := json.Unmarshal([]byte(source), &at); err != nil {
		return []byte(`{"target":true}`)
	}
	out := map[string]bool{}
	for name, attempt := range attempts(at) {
		if attempt() == nil {
			out[name] = true
		}
	}
	text, _ := json.Marshal(out)
	return text
}

// attempts are what code that broke out of the interpreter would try. Where Go's own library does more than the one system
// call, the call is made directly.
func attempts(at target) map[string]func() error {
	open := func(path string, flags int) func() error {
		return func() error { return closed(unix.Open(path, flags, 0o600)) }
	}
	dial := func(network, address string) func() error {
		return func() error {
			connection, err := net.DialTimeout(network, address, time.Second)
			if err == nil {
				_ = connection.Close()
			}
			return err
		}
	}
	return map[string]func() error{
		"read a file":                   open(at.File, unix.O_RDONLY),
		"read the parent's memory":      open(fmt.Sprintf("/proc/%d/mem", at.Parent), unix.O_RDONLY),
		"read the parent's environment": open(fmt.Sprintf("/proc/%d/environ", at.Parent), unix.O_RDONLY),
		"read its own memory":           open("/proc/self/mem", unix.O_RDONLY),
		"read its own program":          open("/proc/self/exe", unix.O_RDONLY),
		"list the root":                 open("/", unix.O_RDONLY|unix.O_DIRECTORY),
		"write a file":                  open(at.File, unix.O_WRONLY),
		"make a file":                   open(filepath.Join(at.Folder, "made"), unix.O_WRONLY|unix.O_CREAT),
		"make a folder":                 func() error { return unix.Mkdir(filepath.Join(at.Folder, "made"), 0o700) },
		"remove a file":                 func() error { return unix.Unlink(at.File) },
		"change a file's rights":        func() error { return unix.Chmod(at.File, 0o777) },
		"make a file in memory":         func() error { return closed(unix.MemfdCreate("x", 0)) },
		"a socket in a file":            dial("unix", at.Socket),
		"an abstract socket":            dial("unix", "@"+at.Abstract),
		"TCP":                           dial("tcp", at.TCP),
		"a UDP packet":                  func() error { return packet(at.UDP) },
		"listen":                        func() error { return listen() },
		"a socket at all":               func() error { return closed(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)) },
		"a socket pair":                 func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err },
		"run a program":                 func() error { return exec.Command("/bin/true").Run() },
		"become a program":              func() error { return becomes("/bin/true") },
		"signal the parent":             func() error { return syscall.Kill(at.Parent, 0) },
		"signal its thread":             func() error { return unix.Tgkill(at.Parent, at.Parent, 0) },
		"trace the parent":              func() error { return unix.PtraceSeize(at.Parent) },
		"read over to the parent":       func() error { return peek(at.Parent) },
		"limits of the parent":          func() error { return unix.Prlimit(at.Parent, unix.RLIMIT_NOFILE, nil, &unix.Rlimit{}) },
		"new namespaces":                func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"dumps again":                   func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) },
		"a kernel ring":                 func() error { return closed(ring()) },
		"a kernel program":              func() error { return kernelProgram() },
		"own a pipe's signals":          func() error { return control(unix.F_SETOWN, at.Parent) },
		"choose a pipe's signal":        func() error { return control(unix.F_SETSIG, int(unix.SIGKILL)) },
		"have a pipe send signals":      func() error { return control(unix.F_SETFL, unix.O_ASYNC) },
		"have a folder send signals":    func() error { return control(unix.F_NOTIFY, 0) },
		"a larger pipe":                 func() error { return control(unix.F_SETPIPE_SZ, 1<<16) },
		"a pipe's signals by ioctl":     func() error { return tried(unix.SYS_IOCTL, 0, fioasync, 0) },
		"queue a signal to the parent":  func() error { return tried(unix.SYS_RT_SIGQUEUEINFO, uintptr(at.Parent), 0, 0) },
		"a timer with a signal":         func() error { return tried(unix.SYS_TIMER_CREATE, unix.CLOCK_MONOTONIC, 0, 0) },
		"hold the parent":               func() error { return closed(unix.PidfdOpen(at.Parent, 0)) },
		"slow the parent down":          func() error { return unix.Setpriority(unix.PRIO_PROCESS, at.Parent, 19) },
		"bind the parent":               func() error { return unix.SchedSetaffinity(at.Parent, &unix.CPUSet{1}) },
		"memory that runs":              func() error { return runnable() },
		"make memory run":               func() error { return makeRunnable() },
		"break a page":                  func() error { return tried(unix.SYS_MADVISE, 0, 0, unix.MADV_HWPOISON) },
		"raise its own memory":          func() error { return unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}) },
		"namespaces for a thread":       func() error { return tried(unix.SYS_CLONE, unix.CLONE_THREAD|unix.CLONE_NEWNET, 0, 0) },
	}
}

// fioasync is FIOASYNC.
const fioasync = 0x5452

func control(cmd, value int) error {
	_, err := unix.FcntlInt(0, cmd, value)
	return err
}

// tried makes a call with arguments that are wrong in any case: it succeeds where the kernel looks at them.
func tried(call, a, b, c uintptr) error {
	if _, _, errno := syscall.RawSyscall(call, a, b, c); errno == syscall.EPERM {
		return errno
	}
	return nil
}

func runnable() error {
	memory, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err == nil {
		_ = unix.Munmap(memory)
	}
	return err
}

func makeRunnable() error {
	memory, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Munmap(memory) }()
	return unix.Mprotect(memory, unix.PROT_READ|unix.PROT_EXEC)
}

func closed(fd int, err error) error {
	if err == nil {
		_ = unix.Close(fd)
	}
	return err
}

func packet(address string) error {
	connection, err := net.Dial("udp", address)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	_, err = connection.Write([]byte("x"))
	return err
}

func listen() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_ = l.Close()
	}
	return err
}

// becomes would end this process on success, and so fail the test by its silence.
func becomes(path string) error { return syscall.Exec(path, []string{path}, nil) }

func peek(pid int) error {
	buf := make([]byte, 8)
	_, err := unix.ProcessVMReadv(pid, []unix.Iovec{{Base: &buf[0], Len: 8}}, []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&buf[0])), Len: 8}}, 0)
	return err
}

func ring() (int, error) {
	var params [120]byte
	fd, _, errno := syscall.Syscall(unix.SYS_IO_URING_SETUP, 1, uintptr(unsafe.Pointer(&params[0])), 0)
	if errno != 0 {
		return 0, errno
	}
	return int(fd), nil
}

func kernelProgram() error {
	if _, _, errno := syscall.Syscall(unix.SYS_BPF, 0, 0, 0); errno != syscall.EPERM && errno != syscall.ENOSYS {
		return nil // the kernel looked at it
	}
	return syscall.EPERM
}

// outside makes what a probe reaches for.
func outside(t *testing.T) target {
	t.Helper()
	folder := t.TempDir()
	at := target{Folder: folder, File: filepath.Join(folder, "secret"), Socket: filepath.Join(folder, "s"), Parent: os.Getpid()}
	at.Abstract = "ringtail-" + filepath.Base(folder) + fmt.Sprint(os.Getpid())
	if err := os.WriteFile(at.File, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": at.Socket, "unix abstract": "@" + at.Abstract} {
		l, err := net.Listen(strings.Fields(network)[0], address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		if network == "tcp" {
			at.TCP = l.Addr().String()
		}
	}
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = udp.Close() })
	at.UDP = udp.LocalAddr().String()
	return at
}

// Code that broke out of the interpreter finds nothing to reach for. The test's own process can do what the worker can't, so
// that the attempts are known to be good ones.
func TestNothingCanBeReachedFromInside(t *testing.T) {
	at := outside(t)
	source, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"read a file", "a socket in a file", "an abstract socket", "TCP", "a UDP packet", "listen", "run a program", "signal the parent"} {
		if err := attempts(at)[name](); err != nil {
			t.Errorf("%s: %v, without any confinement", name, err)
		}
	}
	p := pool(t, func(o *sandbox.Options) { o.Command[1] = "loop-probe"; o.Size = 1; o.Limits.Step = 30 * time.Second })
	held := p.Holds()
	if !held.Calls && held.Landlock == 0 {
		t.Skip("neither Landlock nor a filter of system calls is to be had here")
	}
	action, err := p.Step(context.Background(), ask(string(source)))
	if err != nil {
		t.Fatal(err)
	}
	if held.Calls && string(action.Ok) != "{}" {
		t.Errorf("succeeded inside: %s", action.Ok)
	}
	for _, name := range []string{"read a file", "make a file", "list the root", "run a program", "remove a file"} {
		if bytes.Contains(action.Ok, []byte(`"`+name+`"`)) {
			t.Errorf("succeeded inside, under Landlock %d: %s", held.Landlock, name)
		}
	}
}

// The Pool kills what overstays. Beneath it the kernel counts processor time, for a worker whose owner is stopped itself.
func TestKernelEndsAWorkerThatBurns(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limits := loops.DefaultLimits()
	limits.Step = 10 * time.Millisecond
	cmd := exec.Command(self, "loop-probe")
	cmd.Stdin = bytes.NewReader(append(frame(t, map[string]any{"limits": limits, "steps": 1}), frame(t, map[string]any{"file": "driver.js", "source": "burn"})...))
	err = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != sandbox.ExitCPU {
		t.Errorf("the worker ended with %d, %v", code, err)
	}
	if used := cmd.ProcessState.UserTime(); used > 20*time.Second {
		t.Errorf("it used %v of processor time", used)
	}
}

// frame writes a message as the pipes carry it.
func frame(t testing.TB, message any) []byte {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}
