package sandbox_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// A pipe can be told to kill a process of the same user when something is written to it. This process can; a worker can't, by the
// filter of system calls alone: a kernel without Landlock's scope for signals has nothing else against it.
func TestAPipeCanNotBeMadeToKill(t *testing.T) {
	victim := exec.Command("/bin/sleep", "3600")
	if err := victim.Start(); err != nil {
		t.Skipf("no process to kill: %v", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ cmd, value int }{
		{unix.F_SETOWN, victim.Process.Pid}, {unix.F_SETSIG, int(unix.SIGKILL)}, {unix.F_SETFL, unix.O_ASYNC},
	} {
		if _, err := unix.FcntlInt(read.Fd(), step.cmd, step.value); err != nil {
			t.Fatalf("fcntl %d, without any confinement: %v", step.cmd, err)
		}
	}
	if _, err := write.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it would take an hour
	if status, ok := victim.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the attack is no attack: %v", victim.ProcessState)
	}
	_ = read.Close()
	_ = write.Close()

	p := pool(t, func(o *sandbox.Options) {
		o.Command[1] = "loop-probe-calls"
		o.Size = 1
		o.Limits.Step = 30 * time.Second
	})
	if !p.Holds().Calls {
		t.Skip("no filter of system calls is to be had here")
	}
	source, err := json.Marshal(outside(t))
	if err != nil {
		t.Fatal(err)
	}
	action, err := p.Step(context.Background(), ask(string(source)))
	if err != nil || string(action.Ok) != "{}" {
		t.Errorf("succeeded with the filter alone: %s, %v", said(action), err)
	}
}

// What the filters say to calls that can't be made here without harm, or only by a process with a certain id.
func TestFiltersOfCalls(t *testing.T) {
	const pid = 234 // the number of tgkill on amd64: a number of a call as an argument must mean nothing
	thread := uint64(unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM)
	const upper = 1 << 32 // in the half of an argument that the kernel doesn't read where it takes an int
	for name, tc := range map[string]struct {
		call uintptr
		args [3]uint64
		pass bool
	}{
		"a thread of Go":                              {unix.SYS_CLONE, [3]uint64{thread}, true},
		"a thread of the C library":                   {unix.SYS_CLONE, [3]uint64{thread | unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID}, true},
		"a process":                                   {unix.SYS_CLONE, [3]uint64{uint64(unix.SIGCHLD)}, false},
		"a process, tgkill's number as its signal":    {unix.SYS_CLONE, [3]uint64{pid}, false},
		"a process, prlimit64's number as its signal": {unix.SYS_CLONE, [3]uint64{unix.SYS_PRLIMIT64 &^ unix.CLONE_VM}, false},
		"a thread with a network":                     {unix.SYS_CLONE, [3]uint64{thread | unix.CLONE_NEWNET}, false},
		"a signal to a thread":                        {unix.SYS_TGKILL, [3]uint64{pid, pid, 23}, true},
		"a signal to another":                         {unix.SYS_TGKILL, [3]uint64{1, 1, 9}, false},
		"a signal, upper half":                        {unix.SYS_TGKILL, [3]uint64{upper | 1, 1, 9}, false},
		"its own processor time":                      {unix.SYS_PRLIMIT64, [3]uint64{0, unix.RLIMIT_CPU, 1}, true},
		"read its own stack":                          {unix.SYS_PRLIMIT64, [3]uint64{0, unix.RLIMIT_STACK, 0}, true},
		"raise its own memory":                        {unix.SYS_PRLIMIT64, [3]uint64{0, unix.RLIMIT_DATA, 1}, false},
		"raise it, upper half":                        {unix.SYS_PRLIMIT64, [3]uint64{0, upper | unix.RLIMIT_DATA, upper}, false},
		"limits of another":                           {unix.SYS_PRLIMIT64, [3]uint64{1, unix.RLIMIT_CPU, 0}, false},
		"F_GETFL":                                     {unix.SYS_FCNTL, [3]uint64{0, unix.F_GETFL}, true},
		"F_SETFL":                                     {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETFL, unix.O_NONBLOCK}, true},
		"F_SETFL with O_ASYNC":                        {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETFL, unix.O_NONBLOCK | unix.O_ASYNC}, false},
		"F_SETFL, upper half":                         {unix.SYS_FCNTL, [3]uint64{0, upper | unix.F_SETFL, unix.O_ASYNC}, false},
		"F_GETFD":                                     {unix.SYS_FCNTL, [3]uint64{0, unix.F_GETFD}, true},
		"F_SETFD":                                     {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETFD, unix.FD_CLOEXEC}, true},
		"F_DUPFD":                                     {unix.SYS_FCNTL, [3]uint64{0, unix.F_DUPFD}, true},
		"F_DUPFD_CLOEXEC":                             {unix.SYS_FCNTL, [3]uint64{0, unix.F_DUPFD_CLOEXEC}, true},
		"F_SETOWN":                                    {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETOWN, 1}, false},
		"F_SETOWN_EX":                                 {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETOWN_EX, 1}, false},
		"F_SETSIG":                                    {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETSIG, 9}, false},
		"F_SETLEASE":                                  {unix.SYS_FCNTL, [3]uint64{0, unix.F_SETLEASE, 1}, false},
		"memory":                                      {unix.SYS_MMAP, [3]uint64{0, 4096, unix.PROT_READ | unix.PROT_WRITE}, true},
		"memory that runs":                            {unix.SYS_MMAP, [3]uint64{0, 4096, unix.PROT_READ | unix.PROT_EXEC}, false},
		"memory's guard":                              {unix.SYS_MPROTECT, [3]uint64{0, 4096, unix.PROT_NONE}, true},
		"make memory run":                             {unix.SYS_MPROTECT, [3]uint64{0, 4096, unix.PROT_EXEC}, false},
		"give memory back":                            {unix.SYS_MADVISE, [3]uint64{0, 4096, unix.MADV_DONTNEED}, true},
		"break a page":                                {unix.SYS_MADVISE, [3]uint64{0, 4096, unix.MADV_HWPOISON}, false},
		"take a page away":                            {unix.SYS_MADVISE, [3]uint64{0, 4096, unix.MADV_HWPOISON + 1}, false},
		"break it, upper half":                        {unix.SYS_MADVISE, [3]uint64{0, 4096, upper | unix.MADV_HWPOISON}, false},
		"load another filter":                         {unix.SYS_SECCOMP, [3]uint64{1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := passes(t, pid, tc.call, tc.args); got != tc.pass {
				t.Errorf("passes: %v, want %v", got, tc.pass)
			}
		})
	}
}

// passes runs all filters of a worker as the kernel does: a call must pass each.
func passes(t *testing.T, pid int, call uintptr, args [3]uint64) bool {
	t.Helper()
	machine, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		t.Skip("not known how the kernel tells a filter of this machine")
	}
	programs, err := sandbox.CallFilters(pid)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64) // struct seccomp_data: each word as the filter reads it
	binary.BigEndian.PutUint32(data, uint32(call))
	binary.BigEndian.PutUint32(data[4:], machine)
	for n, value := range args {
		binary.BigEndian.PutUint32(data[16+8*n:], uint32(value))
		binary.BigEndian.PutUint32(data[20+8*n:], uint32(value>>32))
	}
	for _, program := range programs {
		vm, err := bpf.NewVM(program)
		if err != nil {
			t.Fatal(err)
		}
		if said, err := vm.Run(data); err != nil || said != int(unix.SECCOMP_RET_ALLOW) {
			return false
		}
	}
	return true
}
