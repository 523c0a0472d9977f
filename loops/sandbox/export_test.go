package sandbox

import (
	"io"
)

// ProbeMain is WorkerMain with probe in place of the engine: it gets each task's script, and what it gives is the Ok value.
func ProbeMain(in io.Reader, out io.Writer, probe func(source string) []byte) int {
	greeting, reader, err := enter(in, out)
	if err != nil {
		return exitBroken
	}
	prepareRuntime(greeting.Limits)
	watchCPU()
	for {
		var t task
		if err := readFrame(reader, &t, taskSize(greeting.Limits)); err != nil {
			return exitDone
		}
		raiseCPU(greeting.Limits.Step)
		if err := writeFrame(out, reply{Turn: t.Turn, Ok: probe(t.Source)}, replySize(greeting.Limits)); err != nil {
			return exitBroken
		}
	}
}

// ExitCPU is what a worker ends with when the kernel says that its processor time is used up.
const ExitCPU = exitCPU
