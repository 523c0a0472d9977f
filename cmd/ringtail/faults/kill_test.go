package faults

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// kills is how often a node is killed.
func kills() int { return runs(200) }

// moments are when a node is killed; each gets its share.
var moments = []string{"at any time", "an order reaches the phone", "the phone rings", "a token request is underway", "an answer of a login is underway"}

// trigger fires when what it is armed for happens.
type trigger struct {
	mu    sync.Mutex
	armed string
	fired chan struct{}
}

// arm returns what is closed when it happens.
func (g *trigger) arm(moment string) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.armed, g.fired = moment, make(chan struct{})
	return g.fired
}

func (g *trigger) happens(moment string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.armed == moment {
		g.armed = ""
		close(g.fired)
	}
}

// watch has the trigger told of what people and the phone do.
func (w *world) watch() *trigger {
	g := &trigger{}
	w.phone.watch(func() { g.happens(moments[1]) }, func() { g.happens(moments[2]) })
	for _, p := range w.people {
		p.wrote = func(path string) {
			switch {
			case strings.HasSuffix(path, "/oauth/te"):
				g.happens(moments[3])
			case strings.Contains(path, "/login/"):
				g.happens(moments[4])
			}
		}
	}
	return g
}

// killOften kills nodes in turn and starts them again. Where there are several,
// the others serve meanwhile.
func (w *world) killOften(t *testing.T, times int) {
	t.Helper()
	g := w.watch()
	for i := range times {
		n := w.nodes[i%len(w.nodes)]
		moment := moments[i%len(moments)]
		<-time.After(rand.N(time.Second / 2)) // logins come on meanwhile
		if i%len(moments) != 0 {
			select {
			case <-g.arm(moment):
				<-time.After(rand.N(4 * time.Millisecond))
			case <-time.After(10 * time.Second):
				moment = "nothing happened for a while"
			}
		}
		n.kill()
		w.faults.count("kills while " + moment)
		begun := time.Now()
		if err := n.start(); err != nil {
			t.Fatal(err)
		}
		if err := n.serving(time.Minute); err != nil {
			t.Fatal(err)
		}
		w.faults.counted("milliseconds until nodes served again, in all", int(time.Since(begun).Milliseconds()))
	}
}

func TestKilledNodes(t *testing.T) {
	needsFaults(t)
	t.Parallel() // the two longest, beside each other when all others are over
	w := newWorld(t, setup{people: 24})
	w.run(t)
	end := w.crowd(context.Background())
	w.killOften(t, kills())
	end()
	w.invariants(t)
}
