package faults

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// needsFaults skips what make test-faults alone runs: it kills processes for minutes.
func needsFaults(t *testing.T) {
	t.Helper()
	if os.Getenv("RINGTAIL_FAULTS") == "" {
		t.Skip("make test-faults runs this: it takes minutes")
	}
}

// command runs a subcommand on the installation to its end.
func (w *world) command(stdin string, words ...string) (string, error) {
	cmd := exec.Command(w.binary, append(words, "--conf", w.conf)...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		return out.String(), errors.Join(err, errors.New(strings.TrimSpace(out.String()+fault.String())))
	}
	return out.String(), nil
}

// runs is how often a fault is played: RINGTAIL_FAULTS=0.1 plays a tenth of them, to
// try the suite itself.
func runs(n int) int {
	share, err := strconv.ParseFloat(os.Getenv("RINGTAIL_FAULTS"), 64)
	if err != nil || share >= 1 {
		return n
	}
	return max(2, int(float64(n)*share))
}
