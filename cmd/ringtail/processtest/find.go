package processtest

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Built is the absolute path of a file that this repository's make leaves, such as
// bin/ringtail; path leads there from the test's folder. The test fails with what makes
// it where it isn't there.
func Built(t testing.TB, path, makes string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(full); err != nil {
		t.Fatalf("%s is missing: %s", full, makes)
	}
	return full
}

// Program is the path of a program; the test fails with what installs it where there
// is none.
func Program(t testing.TB, name, installs string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: %s", name, installs)
	}
	return path
}

// FreePorts is the first of n ports of localhost in a row that nobody listens on.
func FreePorts(t testing.TB, n int) int {
	t.Helper()
	for range 100 {
		first, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		open, all := []io.Closer{first}, true
		for i := 1; i < n && all; i++ {
			l, err := net.Listen("tcp", "localhost:"+strconv.Itoa(port+i))
			if all = err == nil; all {
				open = append(open, l)
			}
		}
		for _, l := range open {
			_ = l.Close()
		}
		if all {
			return port
		}
	}
	t.Fatalf("no %d free ports in a row", n)
	return 0
}

// Eventually looks again and again until it is so, a minute at most: other processes
// tell nobody when they are done.
func Eventually(t testing.TB, otherwise string, so func() bool) {
	t.Helper()
	EventuallyWithin(t, time.Minute, func() string { return otherwise }, so)
}

// EventuallyWithin is Eventually with a time of its own, and words that are made when
// it has passed.
func EventuallyWithin(t testing.TB, within time.Duration, otherwise func() string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise())
		}
	}
}
