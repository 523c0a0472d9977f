package sandbox

import (
	"errors"
	"os"
	"runtime"
	"syscall"

	"github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// lockCalls leaves this process the system calls that Go's runtime lives on and no others: no file can be opened, no socket
// made, no program started and no other process touched, whatever the kernel's age and the container's rights. All threads
// get the filters at once. They can't be taken back.
func lockCalls() bool {
	runtime.LockOSThread() // the filters start from the thread that has given up its privileges
	defer runtime.UnlockOSThread()
	for _, policy := range callPolicies(os.Getpid()) {
		filter := seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy}
		if seccomp.LoadFilter(filter) != nil {
			return false
		}
	}
	// What is reported is what was tried: a thread that can't follow is no error to the library.
	fd, socketErr := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if socketErr == nil {
		_ = unix.Close(fd)
	}
	_, ownErr := unix.FcntlInt(0, unix.F_SETOWN, 0)
	return errors.Is(socketErr, syscall.EPERM) && errors.Is(ownErr, syscall.EPERM)
}

// callPolicies are the filters, in the order in which they are loaded; a call must pass all. The last refuses all that it
// doesn't name, and so the loading of others.
func callPolicies(pid int) []seccomp.Policy {
	return append(narrowed(pid), seccomp.Policy{
		DefaultAction: seccomp.ActionErrno, // EPERM
		Syscalls: []seccomp.SyscallGroup{{
			// The C library is told that there is no such call: it then starts threads by clone, whose flags a filter can read.
			Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS),
			Names:  []string{"clone3"},
		}, {
			Action: seccomp.ActionAllow,
			Names: []string{
				"brk", "madvise", "mmap", "mprotect", "mremap", "munmap", // memory
				"clone", "exit", "exit_group", "futex", "getpid", "gettid", "rseq", "sched_getaffinity", "sched_yield", "set_robust_list", // threads
				"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "tgkill", // signals
				"clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "getrandom", "getrlimit", "getrusage", "prlimit64",
				"close", "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "fcntl", "pread64", "read", "write", "writev", // the pipes
			},
		}},
	})
}

// threadFlags are what Go's runtime and the C libraries start a thread with. Namespaces and process descriptors aren't among them.
const threadFlags = unix.CLONE_THREAD | unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM |
	unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_SETTID | unix.CLONE_CHILD_CLEARTID | unix.CLONE_DETACHED

// softOffline is MADV_SOFT_OFFLINE.
const softOffline = unix.MADV_HWPOISON + 1

// upperHalf are the bits of an argument that the kernel doesn't look at where it takes an int.
const upperHalf = uint64(0xffffffff) << 32

// narrowed are filters for the calls that are left for some arguments only: no other process, no namespace, no memory that can
// be run, no limit that root may raise again, no page that root may declare broken for the whole machine, and no pipe that sends
// signals to a process of the worker's choice (fcntl's F_SETOWN and F_SETSIG).
func narrowed(pid int) []seccomp.Policy {
	type both = seccomp.ArgumentConditions
	return []seccomp.Policy{
		refuse("clone", both{arg(0, seccomp.BitsNotSet, unix.CLONE_THREAD)}, both{arg(0, seccomp.BitsSet, ^uint64(threadFlags))}),
		refuse("tgkill", both{arg(0, seccomp.NotEqual, uint64(pid))}), //nolint:gosec // never negative
		refuse("prlimit64", both{arg(0, seccomp.NotEqual, 0)}, both{arg(1, seccomp.NotEqual, unix.RLIMIT_CPU), arg(2, seccomp.NotEqual, 0)}),
		refuse("fcntl", none(1, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL, unix.F_DUPFD, unix.F_DUPFD_CLOEXEC),
			both{arg(1, seccomp.Equal, unix.F_SETFL), arg(2, seccomp.BitsSet, unix.O_ASYNC)}),
		refuse("mmap", both{arg(2, seccomp.BitsSet, unix.PROT_EXEC)}),
		refuse("mprotect", both{arg(2, seccomp.BitsSet, unix.PROT_EXEC)}),
		refuse("madvise", both{arg(2, seccomp.Equal, unix.MADV_HWPOISON)}, both{arg(2, seccomp.Equal, softOffline)},
			both{arg(2, seccomp.BitsSet, upperHalf)}),
	}
}

// refuse gives a filter that refuses a call where all conditions of one of the sets hold. A filter must have conditions for one
// call only: what go-seccomp-bpf 1.6 assembles compares the number of the next call in it with what it read last, an argument of
// this one, which whoever makes the call may choose.
func refuse(name string, sets ...seccomp.ArgumentConditions) seccomp.Policy {
	group := seccomp.SyscallGroup{Action: seccomp.ActionErrno}
	for _, set := range sets {
		group.NamesWithCondtions = append(group.NamesWithCondtions, seccomp.NameWithConditions{Name: name, Conditions: set})
	}
	return seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{group}}
}

func arg(number uint32, o seccomp.Operation, value uint64) seccomp.Condition {
	return seccomp.Condition{Argument: number, Operation: o, Value: value}
}

// none holds where an argument is none of the values.
func none(number uint32, values ...uint64) seccomp.ArgumentConditions {
	var out seccomp.ArgumentConditions
	for _, v := range values {
		out = append(out, arg(number, seccomp.NotEqual, v))
	}
	return out
}
