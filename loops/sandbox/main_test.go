package sandbox_test

import (
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// The test binary is its own worker, as the program is; and all that a worker may turn into.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case "loop-worker":
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	case "loop-probe":
		os.Exit(sandbox.ProbeMain(os.Stdin, os.Stdout, probe))
	case "loop-probe-calls":
		os.Exit(sandbox.CallsProbeMain(os.Stdin, os.Stdout, probe))
	case "loop-fake":
		os.Exit(fakeWorker(os.Args[2:]))
	case "loop-unprivileged":
		os.Exit(unprivileged())
	}
	os.Exit(m.Run())
}
