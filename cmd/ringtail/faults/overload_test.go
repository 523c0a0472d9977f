package faults

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

const (
	crowdSize = 1200 // at once, many times what a node of two processors serves within a second
	crowdTime = 8 * time.Second
	maxMemory = 400 << 10 // KiB
)

// TestOverload has many more people begin logins than can be served: they are told
// early when to come again, and who is signed in notices little.
func TestOverload(t *testing.T) {
	needsFaults(t)
	w := newWorld(t, setup{people: 1, settings: "  server.limits.connectionsPerAddress = 4096\n"})
	n := w.nodes[0]
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	defer n.kill()
	if err := n.serving(time.Minute); err != nil {
		t.Fatal(err)
	}
	p := w.people[0]
	signed, err := p.signIn(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	p.unheard.Store(0)
	ctx, stop := context.WithTimeout(t.Context(), crowdTime)
	defer stop()
	var c beginners
	ended := c.begin(ctx, w)
	refreshed, slowest := 0, time.Duration(0)
	for held := *signed; ctx.Err() == nil; refreshed++ {
		began := time.Now()
		if held, err = p.renew(t.Context(), held); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(began))
	}
	if n.readyz() != http.StatusOK {
		t.Error("the node isn't ready under load")
	}
	memory := n.memory(t)
	ended()
	t.Logf("%d logins began, %d were refused (the slowest after %s), %d connections failed; %d refreshes, the slowest %s; %d MiB",
		c.served.Load(), c.refused.Load(), time.Duration(c.slowest.Load()), c.failed.Load(), refreshed, slowest, memory>>10)
	if c.refused.Load() == 0 || c.served.Load() == 0 || c.mute.Load() > 0 {
		t.Errorf("%d served, %d refused, %d of them without Retry-After", c.served.Load(), c.refused.Load(), c.mute.Load())
	}
	if refreshed == 0 || p.unheard.Load() > 0 {
		t.Errorf("%d refreshes; %d were not answered or refused", refreshed, p.unheard.Load())
	}
	if memory > maxMemory {
		t.Errorf("the node takes %d KiB", memory)
	}
	if _, err := p.signIn(t.Context(), 0); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// beginners begin logins, each on a connection of its own, one after another.
type beginners struct {
	served, refused, failed, mute, slowest atomic.Int64
}

func (c *beginners) begin(ctx context.Context, w *world) (ended func()) {
	transport := &http.Transport{
		MaxIdleConnsPerHost: crowdSize,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, w.nodes[0].public)
		},
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	address := w.config().AuthCodeURL("state", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()))
	var all sync.WaitGroup
	for range crowdSize {
		all.Go(func() {
			for ctx.Err() == nil {
				c.one(ctx, client, address)
			}
		})
	}
	return func() { all.Wait(); transport.CloseIdleConnections() }
}

func (c *beginners) one(ctx context.Context, client *http.Client, address string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return
	}
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		if ctx.Err() == nil {
			c.failed.Add(1)
		}
		return
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusServiceUnavailable {
		c.served.Add(1)
		return
	}
	c.refused.Add(1)
	if res.Header.Get("Retry-After") == "" {
		c.mute.Add(1)
	}
	if took := int64(time.Since(began)); took > c.slowest.Load() {
		c.slowest.Store(took)
	}
}

// memory is what the node takes, in KiB.
func (n *node) memory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", n.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			size, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return size
		}
	}
	t.Fatal("the system doesn't say how much memory the node takes")
	return 0
}
