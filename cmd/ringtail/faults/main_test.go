package faults

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// needsFaults skips what make test-faults alone runs: it kills processes for minutes.
func needsFaults(t *testing.T) {
	t.Helper()
	if os.Getenv("RINGTAIL_FAULTS") == "" {
		t.Skip("make test-faults runs this: it takes minutes")
	}
}

// program is what `make build` leaves.
func program(t *testing.T) string {
	t.Helper()
	full, err := filepath.Abs(filepath.Join("..", "..", "..", "bin", "ringtail"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(full); err != nil {
		t.Fatalf("%s is missing: make build", full)
	}
	return full
}

// lines is what processes say, written and read by many goroutines.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// tail is the end of what was said.
func (l *lines) tail(n int) string {
	text := l.String()
	return text[max(0, len(text)-n):]
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

// eventually looks again and again until it is so: other processes tell nobody
// when they are done.
func eventually(t *testing.T, within time.Duration, otherwise func() string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise())
		}
	}
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
