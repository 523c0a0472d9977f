package sandbox

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// Exit codes of a worker.
const (
	exitDone   = 0 // its owner closed the pipe
	exitBroken = 3 // a pipe broke
	exitCPU    = 4 // SIGXCPU
)

// workerStack bounds a goroutine's stack in a worker: native recursion, as in JSON.parse of a million brackets, then
// dies at once instead of filling the memory first.
const workerStack = 64 << 20

// WorkerMain is what the hidden subcommand runs: it confines this process, does tasks until from ends, and gives
// the exit code. Call it first thing in main, before anything reads the environment or opens a file, and only in
// a process that was started for it: it changes limits that can't be taken back.
func WorkerMain(from io.Reader, out io.Writer) int {
	greeting, reader, err := enter(from, out)
	if err != nil {
		return exitBroken
	}
	prepareRuntime(greeting.Limits)

	in := &inbox{reader: reader, most: taskSize(greeting.Limits)}
	watchCPU()
	e := engine.New(engine.Options{Limits: greeting.Limits, Heap: heapBytes(), Used: usedTime, Late: in.watch})
	var cpu cpuLimit
	for {
		t, err := in.next()
		if err != nil {
			return exitOf(err)
		}
		cpu.raise(greeting.Limits.Step)
		r := answer(e, t)
		r.Turn = t.Turn
		if err := writeFrame(out, r, replySize(greeting.Limits)); err != nil {
			return exitBroken
		}
	}
}

// enter reads the greeting, confines this process for good and says what holds. What comes after it runs locked in.
func enter(in io.Reader, out io.Writer) (hello, *bufio.Reader, error) {
	var greeting hello
	reader := bufio.NewReader(polled(in))
	if err := readFrame(reader, &greeting, frameRoom); err != nil {
		return greeting, reader, err
	}
	return greeting, reader, writeFrame(out, confine(greeting), frameRoom)
}

func answer(e *engine.Engine, t task) reply {
	if t.Check {
		return reply{Problems: e.Check(t.File, t.Source)}
	}
	if t.Entries {
		entries, err := e.Entries(t.File, t.Source)
		if err != nil {
			return refusalOf(t, err)
		}
		return reply{Entries: entries}
	}
	action, taken, err := step(e, t)
	if err != nil {
		return refusalOf(t, err)
	}
	r := replyOf(action)
	r.Memory = taken
	return r
}

// step runs a step and measures what it takes where it is asked to. The script is compiled before: that isn't its doing.
func step(e *engine.Engine, t task) (action *loops.Action, taken int64, err error) {
	if !t.Measure {
		action, err = e.Step(t.question())
		return action, 0, err
	}
	e.Check(t.File, t.Source)
	before := allocated()
	action, err = e.Step(t.question())
	return action, allocated() - before, err
}

// allocated is all that this process ever asked for. Reading it stops the world for some microseconds; what could be
// read without that is as old as the last refill of a cache, and a small step is over before that.
func allocated() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.TotalAlloc) //nolint:gosec // far below 2^63
}

func refusalOf(t task, err error) reply {
	var refused *loops.Refusal
	if !errors.As(err, &refused) {
		refused = &loops.Refusal{Reason: loops.ReasonContract, Detail: t.File + ":1:1: " + err.Error()}
	}
	spent := refused.Reason == loops.ReasonTime || refused.Reason == loops.ReasonMemory
	return reply{Refused: refused.Reason, Detail: refused.Detail, Spent: spent}
}

func prepareRuntime(l loops.Limits) {
	runtime.GOMAXPROCS(2) // the script, and what watches it
	debug.SetMaxStack(workerStack)
	debug.SetMemoryLimit(l.Memory)
	debug.SetTraceback("none")
	time.Local = time.UTC // a script must not learn where the server stands
}

// usedTime is this process's processor time so far.
func usedTime() time.Duration {
	var used unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// watchCPU ends this process when the kernel says that its processor time is used up; Go would ignore the signal.
func watchCPU() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGXCPU)
	go func() {
		<-signals
		os.Exit(exitCPU)
	}()
}

// heapBytes gives a function that reads the size of the heap in about a microsecond, without stopping the world. Live data
// near the limit counts as much more than it is: the collector would run all the time from there on, and a script that
// fills the memory slowly would be stopped for its time.
func heapBytes() func() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	return func() int64 {
		metrics.Read(samples)
		objects, live := samples[0].Value.Uint64(), samples[1].Value.Uint64()
		return int64(max(objects, live+live/8)) //nolint:gosec // far below 2^63
	}
}
