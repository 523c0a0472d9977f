package sandbox

import (
	"bufio"
	"io"

	"golang.org/x/net/bpf"
)

// ProbeMain is WorkerMain with probe in place of the engine: it gets each task's script, and what it gives is the Ok value.
func ProbeMain(in io.Reader, out io.Writer, probe func(source string) []byte) int {
	greeting, reader, err := enter(in, out)
	if err != nil {
		return exitBroken
	}
	prepareRuntime(greeting.Limits)
	watchCPU()
	return serveProbe(greeting, reader, out, probe)
}

// CallsProbeMain is ProbeMain with the filter of system calls alone.
func CallsProbeMain(in io.Reader, out io.Writer, probe func(source string) []byte) int {
	var greeting hello
	reader := bufio.NewReader(in)
	if err := readFrame(reader, &greeting, frameRoom); err != nil {
		return exitBroken
	}
	if err := writeFrame(out, Confinement{Calls: lockCalls()}, frameRoom); err != nil {
		return exitBroken
	}
	return serveProbe(greeting, reader, out, probe)
}

func serveProbe(greeting hello, reader io.Reader, out io.Writer, probe func(source string) []byte) int {
	var cpu cpuLimit
	for {
		var t task
		if err := readFrame(reader, &t, taskSize(greeting.Limits)); err != nil {
			return exitDone
		}
		cpu.raise(greeting.Limits.Step)
		if err := writeFrame(out, reply{Turn: t.Turn, Ok: probe(t.Source)}, replySize(greeting.Limits)); err != nil {
			return exitBroken
		}
	}
}

// ExitCPU is what a worker ends with when the kernel says that its processor time is used up.
const ExitCPU = exitCPU

// CallFilters gives the filters of a worker with that process id as the kernel gets them.
func CallFilters(pid int) ([][]bpf.Instruction, error) {
	var out [][]bpf.Instruction
	for _, policy := range callPolicies(pid) {
		program, err := policy.Assemble()
		if err != nil {
			return nil, err
		}
		out = append(out, program)
	}
	return out, nil
}
