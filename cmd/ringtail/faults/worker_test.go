package faults

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// workers are the processes that run drivers for the node, as Linux lists them.
func (n *node) workers() (pids []int) {
	n.mu.Lock()
	pid := strconv.Itoa(n.cmd.Process.Pid)
	n.mu.Unlock()
	tasks, err := os.ReadDir("/proc/" + pid + "/task")
	if err != nil {
		return nil
	}
	for _, task := range tasks {
		list, err := os.ReadFile("/proc/" + pid + "/task/" + task.Name() + "/children")
		if err != nil {
			continue
		}
		for _, child := range strings.Fields(string(list)) {
			if id, err := strconv.Atoi(child); err == nil {
				pids = append(pids, id)
			}
		}
	}
	return pids
}

// TestKilledWorkers kills the processes that run drivers, one after another.
func TestKilledWorkers(t *testing.T) {
	needsFaults(t)
	w := newWorld(t, setup{people: 12})
	w.run(t)
	n := w.nodes[0]
	end := w.crowd(context.Background())
	for range runs(100) {
		<-time.After(100*time.Millisecond + rand.N(100*time.Millisecond))
		pids := n.workers()
		if len(pids) == 0 {
			w.faults.count("times that there was no worker to kill")
			continue
		}
		_ = syscall.Kill(pids[rand.IntN(len(pids))], syscall.SIGKILL)
		w.faults.count("workers killed")
	}
	w.comesBack(t)
	end()
	if w.faults.of("workers killed") == 0 {
		t.Error("no worker was ever found")
	}
	w.invariants(t)
}
