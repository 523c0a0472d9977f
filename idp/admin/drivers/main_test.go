package drivers_test

import (
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/loops/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "loop-worker" {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}
