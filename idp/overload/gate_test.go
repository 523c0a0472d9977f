package overload_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/idp/overload"
)

// busy is a load that leaves the places as they are.
func busy() overload.Load { return overload.Load{Busy: 0.95} }

func gate(load func() overload.Load) *overload.Gate {
	return overload.NewGate(overload.Options{Least: 10, Most: 40, Load: load})
}

// enter takes a place at once or fails the test.
func enter(t *testing.T, g *overload.Gate, c overload.Class) *overload.Pass {
	t.Helper()
	p, err := g.Enter(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func many(t *testing.T, g *overload.Gate, c overload.Class, n int) (passes []*overload.Pass) {
	t.Helper()
	for range n {
		passes = append(passes, enter(t, g, c))
	}
	return passes
}

// arrivals are requests that wait; each tells its class when it is let in.
type arrivals struct {
	g  *overload.Gate
	mu sync.Mutex
	in []overload.Class
	no int
}

func (a *arrivals) come(t *testing.T, c overload.Class) {
	go func() {
		_, err := a.g.Enter(t.Context(), c)
		a.mu.Lock()
		defer a.mu.Unlock()
		if err == nil {
			a.in = append(a.in, c)
		} else {
			a.no++
		}
	}()
	synctest.Wait()
}

func TestTheFirstClassGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(busy)
		passes := many(t, g, overload.SignedIn, 10)
		a := &arrivals{g: g}
		for _, c := range []overload.Class{overload.New, overload.Running, overload.SignedIn, overload.Running} {
			a.come(t, c)
		}
		for _, p := range passes {
			p.Leave()
			synctest.Wait()
		}
		want := []overload.Class{overload.SignedIn, overload.Running, overload.Running, overload.New}
		if len(a.in) != 4 || a.in[0] != want[0] || a.in[1] != want[1] || a.in[3] != want[3] {
			t.Errorf("let in were %v, want %v", a.in, want)
		}
	})
}

// However many logins begin, there are places for those that run and for tokens.
func TestPlacesAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(busy)
		many(t, g, overload.New, 6)
		a := &arrivals{g: g}
		a.come(t, overload.New)
		many(t, g, overload.Running, 2)
		a.come(t, overload.Running)
		many(t, g, overload.SignedIn, 2)
		if len(a.in) != 0 {
			t.Errorf("%v took the places of others", a.in)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if a.no != 2 || g.Stats().Waiting != [3]int{} {
			t.Errorf("%d gave up; %+v", a.no, g.Stats())
		}
	})
}

func TestRefusedEarlyOnceTheQueueStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(busy)
		many(t, g, overload.New, 6)
		a := &arrivals{g: g}
		for range 50 { // a burst
			a.come(t, overload.New)
		}
		if a.no != 0 {
			t.Fatalf("%d of a burst are refused", a.no)
		}
		time.Sleep(600 * time.Millisecond)
		began := time.Now()
		_, err := g.Enter(t.Context(), overload.New)
		var refusal *overload.Refusal
		if !errors.As(err, &refusal) || time.Since(began) != 0 {
			t.Fatalf("after %s: %v", time.Since(began), err)
		}
		if refusal.RetryAfter < 5*time.Second || refusal.RetryAfter > 10*time.Second {
			t.Errorf("come again in %s", refusal.RetryAfter)
		}
		enter(t, g, overload.Running)
		enter(t, g, overload.SignedIn)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if a.no != 50 {
			t.Errorf("after 2.6 s %d have given up", a.no)
		}
	})
}

// A queue that moves is none that stands, whatever comes.
func TestQueueThatMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(busy)
		passes := many(t, g, overload.New, 6)
		a := &arrivals{g: g}
		for range 20 {
			for range 3 {
				a.come(t, overload.New)
			}
			for range 3 {
				passes[0].Leave() // all passes are alike
				time.Sleep(50 * time.Millisecond)
			}
		}
		synctest.Wait()
		if a.no != 0 || len(a.in) != 60 {
			t.Errorf("%d in, %d refused", len(a.in), a.no)
		}
	})
}

// Places grow while processors have time left, and shrink when they have none.
func TestPlacesFollowTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := overload.Load{Busy: 0.2}
		g := gate(func() overload.Load { return load })
		many(t, g, overload.SignedIn, 10)
		a := &arrivals{g: g}
		for range 40 {
			a.come(t, overload.SignedIn)
			time.Sleep(100 * time.Millisecond)
		}
		if s := g.Stats(); s.Places != 40 || s.Running != 40 {
			t.Errorf("with time left there are %+v", s)
		}
		load.Busy = 1
		for range 40 {
			a.come(t, overload.SignedIn)
			time.Sleep(100 * time.Millisecond)
		}
		if s := g.Stats(); s.Places != 10 {
			t.Errorf("with none left there are %d places", s.Places)
		}
		time.Sleep(time.Minute)
	})
}

func TestMemoryIsShort(t *testing.T) {
	for name, c := range map[string]struct {
		memory float64
		refuse int // of the classes, the last ones
	}{"enough": {0.7, 0}, "little": {0.85, 1}, "less": {0.92, 2}, "none": {0.97, 3}} {
		t.Run(name, func(t *testing.T) {
			g := gate(func() overload.Load { return overload.Load{Memory: c.memory} })
			refused := 0
			for class := range overload.Apart {
				if _, err := g.Enter(t.Context(), class); err != nil {
					refused++
				}
			}
			if refused != c.refuse {
				t.Errorf("%d classes are refused, want %d", refused, c.refuse)
			}
		})
	}
}

func TestAway(t *testing.T) {
	g := overload.NewGate(overload.Options{Least: 1, Most: 1, Load: busy})
	p := enter(t, g, overload.SignedIn)
	back := overload.Away(overload.WithPass(t.Context(), p))
	other := enter(t, g, overload.SignedIn)
	back()
	if s := g.Stats(); s.Running != 2 {
		t.Errorf("%d run", s.Running)
	}
	other.Leave()
	p.Leave()
	if s := g.Stats(); s.Running != 0 {
		t.Errorf("%d run in the end", s.Running)
	}
	overload.Away(t.Context())() // without a place
}

func TestWhoHangsUpWaitsNoMore(t *testing.T) {
	g := overload.NewGate(overload.Options{Least: 1, Most: 1, Load: busy})
	p := enter(t, g, overload.SignedIn)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Enter(ctx, overload.SignedIn); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	p.Leave()
	if s := g.Stats(); s.Running != 0 || s.Waiting[0] != 0 {
		t.Errorf("left behind: %+v", s)
	}
}

func TestApartAndWithoutAGate(t *testing.T) {
	g := overload.NewGate(overload.Options{Least: 1, Most: 1, Load: busy})
	enter(t, g, overload.SignedIn)
	enter(t, g, overload.Apart).Leave()
	enter(t, nil, overload.New).Leave()
}

// Many at once never take more places than there are, and all are given back.
func TestRaces(t *testing.T) {
	g := overload.NewGate(overload.Options{Least: 4, Most: 4, Load: busy})
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for range 200 {
				p, err := g.Enter(t.Context(), overload.Class(i%3))
				if err != nil {
					continue
				}
				if s := g.Stats(); s.Running > 4 {
					t.Errorf("%d run", s.Running)
				}
				p.Leave()
			}
		})
	}
	all.Wait()
	if s := g.Stats(); s.Running != 0 || s.Waiting != [3]int{} {
		t.Errorf("left behind: %+v", s)
	}
}

func BenchmarkEnter(b *testing.B) {
	g := overload.NewGate(overload.Options{})
	b.ReportAllocs()
	for b.Loop() {
		p, err := g.Enter(b.Context(), overload.SignedIn)
		if err != nil {
			b.Fatal(err)
		}
		p.Leave()
	}
}
