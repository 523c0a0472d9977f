package sandbox

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/loops"
)

// deadline kills a worker whose step has used up its processor time. A worker that gets little of a busy machine is given up to
// loops.Patience times as long.
type deadline struct {
	process *process
	most    time.Duration
	began   time.Time
	used    time.Duration // processor time of the worker when the step began
	mu      sync.Mutex
	timer   *time.Timer
	over    bool // stopped, or the worker was killed
}

// deadline begins to watch; stop ends that.
func (p *process) deadline() *deadline {
	d := &deadline{process: p, most: p.limits.Step + p.limits.Grace, began: time.Now()}
	d.used, _ = processorTime(p.cmd.Process.Pid)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timer = time.AfterFunc(d.most, d.look)
	return d
}

func (d *deadline) look() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return
	}
	if left := d.left(); left > 0 {
		d.timer.Reset(left)
		return
	}
	d.over = true
	d.process.late.Store(true)
	d.process.stop()
}

// left is how long the step may go on at least; never more than what is left of the patience.
func (d *deadline) left() time.Duration {
	used, known := processorTime(d.process.cmd.Process.Pid)
	if !known {
		return 0
	}
	return min(d.most-(used-d.used), loops.Patience*d.most-time.Since(d.began))
}

// stop says whether the step was in time.
func (d *deadline) stop() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timer.Stop()
	inTime := !d.over
	d.over = true
	return inTime
}

// processorTime is what a process has used so far, all its threads together (clock_getcpuclockid(3)).
func processorTime(pid int) (time.Duration, bool) {
	const scheduled = 2 // CPUCLOCK_SCHED
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &t); err != nil { //nolint:gosec // a process id has 22 bits
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
