package faults

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// node is a place where a process of the provider runs, one after another.
type node struct {
	w           *world
	public, ops string // addresses, the same for each process
	more        []string
	said        *processtest.Lines
	mu          sync.Mutex
	cmd         *exec.Cmd
	ended       chan struct{}
	ready       chan struct{}
	exit        error
	leaving     atomic.Bool // /readyz says so: no request goes there
}

// start runs a process and doesn't wait until it serves.
func (n *node) start() error {
	args := append([]string{"serve", "--conf", n.w.conf, "--set", "server.listen=" + n.public, "--set", "ops.listen=" + n.ops}, n.more...)
	cmd := exec.Command(n.w.binary, args...)
	// It ends with the test, however that ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = n.said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ready, ended := make(chan struct{}), make(chan struct{})
	n.mu.Lock()
	n.cmd, n.ready, n.ended = cmd, ready, ended
	n.mu.Unlock()
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			if s.Text() == "ready" {
				close(ready)
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
		err := cmd.Wait()
		n.mu.Lock()
		n.exit = err
		n.mu.Unlock()
		close(ended)
	}()
	return nil
}

// serving waits until the process serves.
func (n *node) serving(within time.Duration) error {
	n.mu.Lock()
	ready, ended := n.ready, n.ended
	n.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ended:
		return fmt.Errorf("the node ended before it served: %v\n%s", n.exit, n.said.Tail(3000))
	case <-time.After(within):
		return fmt.Errorf("the node did not serve within %v:\n%s", within, n.said.Tail(3000))
	}
}

// kill ends the process as a power cut would: whatever it does, it does no more.
// Its workers end with it, as their pipes close.
func (n *node) kill() {
	n.signal(syscall.SIGKILL)
	n.mu.Lock()
	ended := n.ended
	n.mu.Unlock()
	<-ended
}

func (n *node) signal(s syscall.Signal) {
	n.mu.Lock()
	cmd := n.cmd
	n.mu.Unlock()
	_ = cmd.Process.Signal(s)
}

// freeze holds the process where it is, until it gets SIGCONT. Its threads end what
// they asked of the kernel first.
func (n *node) freeze(t *testing.T) {
	t.Helper()
	n.mu.Lock()
	threads := fmt.Sprintf("/proc/%d/task/*/stat", n.cmd.Process.Pid)
	n.mu.Unlock()
	n.signal(syscall.SIGSTOP)
	processtest.Eventually(t, "the node doesn't stop", func() bool {
		stats, _ := filepath.Glob(threads)
		return len(stats) > 0 && !slices.ContainsFunc(stats, running)
	})
}

// running says whether a thread, by its file of /proc, isn't held.
func running(stat string) bool {
	text, err := os.ReadFile(stat)
	_, state, _ := strings.Cut(string(text), ") ")
	return err == nil && !strings.HasPrefix(state, "T")
}

// terminate asks the process to end and waits for it.
func (n *node) terminate(within time.Duration) error {
	n.signal(syscall.SIGTERM)
	n.mu.Lock()
	ended := n.ended
	n.mu.Unlock()
	select {
	case <-ended:
	case <-time.After(within):
		n.kill()
		return fmt.Errorf("the node did not end within %v of SIGTERM", within)
	}
	if n.exit != nil {
		return fmt.Errorf("after SIGTERM: %w", n.exit)
	}
	return nil
}

// readyz is what the operations listener says; zero where nobody answers.
func (n *node) readyz() int {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + n.ops + "/readyz")
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

// hops sends each request to the next node that takes a connection, as a balancer
// does, whatever address the request names.
type hops struct {
	mu    sync.Mutex
	nodes []*node
	next  int
}

func (h *hops) order() []*node {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	var ready, others []*node
	for i := range h.nodes {
		if n := h.nodes[(h.next+i)%len(h.nodes)]; n.leaving.Load() {
			others = append(others, n)
		} else {
			ready = append(ready, n)
		}
	}
	return append(ready, others...)
}

func (h *hops) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	var errs []error
	for _, n := range h.order() {
		c, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, n.public)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// transport opens a connection for each request, so that each can go elsewhere.
func (h *hops) transport() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: h.dial, ResponseHeaderTimeout: 40 * time.Second}
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1)
}
