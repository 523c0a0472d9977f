package faults

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// findings are what must not be, and how often what may be was.
type findings struct {
	mu     sync.Mutex
	list   []string
	counts map[string]int
}

// add notes something that must not be.
func (f *findings) add(format string, arguments ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fmt.Sprintf(format, arguments...))
}

func (f *findings) count(what string) { f.counted(what, 1) }

func (f *findings) counted(what string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.counts == nil {
		f.counts = map[string]int{}
	}
	f.counts[what] += n
}

func (f *findings) of(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts[what]
}

// tell prints the counts and fails the test with what must not be.
func (f *findings) tell(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for name := range f.counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%6d %s", f.counts[name], name)
	}
	for i, finding := range f.list {
		if i == 20 {
			t.Errorf("and %d more", len(f.list)-i)
			break
		}
		t.Error(finding)
	}
}

// most keeps the largest.
func (f *findings) most(what string, n int) {
	f.counted(what, max(0, n-f.of(what)))
}

// refusals is how many answers were a 5xx.
func (f *findings) refusals() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for what, times := range f.counts {
		if strings.HasPrefix(what, "answers 5") {
			n += times
		}
	}
	return n
}

// first are the first of what must not be.
func (f *findings) first() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.list[:min(3, len(f.list))], "; ")
}
