package sandbox

import (
	"errors"
	"os"
	"runtime"
	"syscall"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
	landlocksys "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// lockFiles takes all files, TCP, UDP, abstract sockets and signals to others away from every thread of this process, as far
// as the kernel's Landlock reaches, and gives its version (0: none). It needs no privilege. Each thread is told by a signal,
// and finding the threads needs /proc.
func lockFiles() int {
	abi, err := landlocksys.LandlockGetABIVersion()
	if err != nil || abi < 1 {
		return 0
	}
	if _, err := os.Stat("/proc/self/task"); err != nil {
		return 0
	}
	if landlock.V11.BestEffort().Restrict() != nil {
		return 0
	}
	if root, err := os.Open("/"); err == nil { // what is reported is what was tried
		_ = root.Close()
		return 0
	}
	return abi
}

// lockCalls leaves this process the system calls that Go's runtime lives on and no others: no file can be opened, no socket
// made, no program started and no other process touched, whatever the kernel's age and the container's rights. All threads
// get the filter at once. It can't be taken back.
func lockCalls() bool {
	runtime.LockOSThread() // the filter starts from the thread that has given up its privileges
	defer runtime.UnlockOSThread()
	err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: callPolicy(os.Getpid())})
	if err != nil {
		return false
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return errors.Is(err, syscall.EPERM)
}

// callPolicy refuses all that isn't named. To clone3 it says that there is no such call: the C library then starts threads by
// clone, whose flags a filter can read.
func callPolicy(pid int) seccomp.Policy {
	only := func(name string, argument uint32, o seccomp.Operation, value uint64) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: seccomp.ArgumentConditions{{Argument: argument, Operation: o, Value: value}}}
	}
	return seccomp.Policy{
		DefaultAction: seccomp.ActionErrno, // EPERM
		Syscalls: []seccomp.SyscallGroup{{
			Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS),
			Names:  []string{"clone3"},
		}, {
			Action: seccomp.ActionAllow,
			Names: []string{
				"brk", "madvise", "mmap", "mprotect", "mremap", "munmap", // memory
				"exit", "exit_group", "futex", "getpid", "gettid", "rseq", "sched_getaffinity", "sched_yield", "set_robust_list", // threads
				"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", // signals
				"clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "getrandom", "getrlimit", "getrusage",
				"close", "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "fcntl", "pread64", "read", "write", "writev", // the pipes
			},
			NamesWithCondtions: []seccomp.NameWithConditions{
				only("clone", 0, seccomp.BitsSet, unix.CLONE_THREAD),
				only("tgkill", 0, seccomp.Equal, uint64(pid)), //nolint:gosec // never negative
				only("prlimit64", 0, seccomp.Equal, 0),
			},
		}},
	}
}
