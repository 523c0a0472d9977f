package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// dataRoom is what the Go runtime itself may take beside the script: it maps its heap in pieces of 64 MiB, and a stack
// for each thread.
const dataRoom = 96 << 20

// maxOpen is the highest number of open files: three pipes and what Go's poller and the reading of /proc need.
const maxOpen = 16

// confine sets the limits of this process and says which of them hold.
func confine(h hello) Confinement {
	held := Confinement{
		Network: ownNamespace("net", h), User: ownNamespace("user", h),
		Env: len(os.Environ()) == 0, Open: closeInherited(),
	}
	goFirst()
	held.Core = limit(unix.RLIMIT_CORE, 0)
	held.Files = limit(unix.RLIMIT_FSIZE, 0) && limit(unix.RLIMIT_NOFILE, maxOpen)
	if data, ok := dataBytes(); ok {
		held.Memory = limit(unix.RLIMIT_DATA, data+uint64(h.Limits.Memory)+dataRoom) //nolint:gosec // never negative
	}
	held.CPU = limit(unix.RLIMIT_CPU, lifeSeconds(h))
	// What follows shuts /proc, which all of the above reads.
	held.Landlock = lockFiles()
	// Nobody but root may read this process's memory, which holds secrets.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	held.Calls = lockCalls()
	return held
}

// goFirst asks the kernel to take this process before any other, the server above all, when the machine's memory ends. To ask
// for it needs no privilege.
func goFirst() {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
}

func limit(resource int, most uint64) bool {
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}) == nil
}

// lifeSeconds is the processor time of a worker's whole life, the hard limit that cpuLimit stays under.
func lifeSeconds(h hello) uint64 {
	each := h.Limits.Step + h.Limits.Grace
	return uint64((time.Duration(h.Steps)*each)/time.Second) + 60 //nolint:gosec // never negative
}

// cpuLimit is RLIMIT_CPU as it was set last.
type cpuLimit struct{ limit unix.Rlimit }

// raise allows the next step its time. The kernel counts whole seconds over the whole process, so this is the net
// under the Pool's own kill, which is exact, and most steps find it where it has to be.
func (c *cpuLimit) raise(step time.Duration) {
	if c.limit.Max == 0 && unix.Getrlimit(unix.RLIMIT_CPU, &c.limit) != nil {
		return
	}
	spent := usedTime() + 2*step
	next := min(uint64(spent/time.Second)+2, c.limit.Max) //nolint:gosec // never negative
	if next == c.limit.Cur {
		return
	}
	c.limit.Cur = next
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &c.limit)
}

// dataBytes reads what RLIMIT_DATA counts already.
func dataBytes() (uint64, bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmData:")); ok {
			kib, err := strconv.ParseUint(string(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte(" kB"))), 10, 64)
			return kib << 10, err == nil
		}
	}
	return 0, false
}

// closeInherited closes every file that this process was started with beside its three pipes, and counts what stays
// open. A server may itself hold files that its own parent left open to it. What Go's runtime opened by itself is left
// alone: the poller's descriptors, the control group's processor limit, and this very listing.
func closeInherited() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	open := 0
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		target, linkErr := os.Readlink("/proc/self/fd/" + e.Name())
		own := strings.HasPrefix(target, "anon_inode:") || strings.HasPrefix(target, "/sys/fs/cgroup/") || strings.HasPrefix(target, "/proc/")
		if err != nil || linkErr != nil || own {
			continue
		}
		if fd <= 2 || unix.Close(fd) != nil {
			open++
		}
	}
	return open
}

// ownNamespace compares this process's namespace with the one that its parent said it is in.
func ownNamespace(kind string, h hello) bool {
	mine, err := os.Readlink("/proc/self/ns/" + kind)
	return err == nil && h.Namespaces[kind] != "" && h.Namespaces[kind] != mine
}

// namespaces names the namespaces of this process.
func namespaces() map[string]string {
	out := map[string]string{}
	for _, kind := range []string{"net", "user"} {
		if name, err := os.Readlink("/proc/self/ns/" + kind); err == nil {
			out[kind] = name
		}
	}
	return out
}
