package tokens_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/tokens"
	"github.com/ringtail-id/ringtail/loops/tokens/tokenstest"
)

func TestMemory(t *testing.T) {
	tokenstest.Run(t, func(*testing.T) tokens.Store { return &tokens.Memory{} })
}

// clock is the time of all nodes; waiting moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

func node(s tokens.Store, c *clock) *tokens.Cache {
	return tokens.New(tokens.Options{Store: s, Lease: time.Minute, Now: c.Now, Wait: c.wait})
}

// logins counts logins and gives each a token of its own.
type logins struct{ n atomic.Int64 }

func (l *logins) login(context.Context) (tokens.Granted, error) {
	return tokens.Granted{Token: fmt.Sprint("token ", l.n.Add(1)), For: time.Hour}, nil
}

func get(t *testing.T, c *tokens.Cache, l tokens.Login) tokens.Token {
	t.Helper()
	got, err := c.Get(context.Background(), "k", l)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestOneLoginServesAllNodesUntilItEnds(t *testing.T) {
	store, c, l := &tokens.Memory{}, &clock{now: time.Unix(1772366400, 0)}, &logins{}
	one, two := node(store, c), node(store, c)
	first := get(t, one, l.login)
	if again, other := get(t, one, l.login), get(t, two, l.login); again != first || other != first || l.n.Load() != 1 {
		t.Errorf("%v, %v, %v after %d logins", first, again, other, l.n.Load())
	}
	_ = c.wait(context.Background(), time.Hour-29*time.Second) // nearly over
	if next := get(t, two, l.login); next.Value != "token 2" || get(t, one, l.login) != next {
		t.Errorf("next is %v", next)
	}
}

func TestShortTokensAreUsedToo(t *testing.T) {
	c, n := &clock{now: time.Unix(1772366400, 0)}, 0
	cache := node(&tokens.Memory{}, c)
	short := func(context.Context) (tokens.Granted, error) {
		n++
		return tokens.Granted{Token: "t", For: 10 * time.Second}, nil
	}
	get(t, cache, short)
	_ = c.wait(context.Background(), 8*time.Second)
	get(t, cache, short)
	if n != 1 {
		t.Errorf("%d logins within a token's life", n)
	}
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	c, l := &clock{now: time.Unix(1772366400, 0)}, &logins{}
	cache := node(&tokens.Memory{}, c)
	first := get(t, cache, l.login)
	for range 3 { // three runs were refused with the same token
		if err := cache.Drop(context.Background(), "k", first); err != nil {
			t.Fatal(err)
		}
		if got := get(t, cache, l.login); got.Value != "token 2" {
			t.Errorf("got %v", got)
		}
	}
}

// Everybody who asks while a login is under way gets its token: on the same node by waiting, on another by looking.
func TestLoginIsFlownOnce(t *testing.T) {
	store, c, l := &tokens.Memory{}, &clock{now: time.Unix(1772366400, 0)}, &logins{}
	started, proceed := make(chan struct{}), make(chan struct{})
	slow := func(ctx context.Context) (tokens.Granted, error) {
		close(started)
		<-proceed
		return l.login(ctx)
	}
	one := node(store, c)
	looked := make(chan struct{}, 1)
	two := tokens.New(tokens.Options{Store: store, Lease: time.Minute, Now: c.Now, Wait: func(ctx context.Context, _ time.Duration) error {
		select {
		case looked <- struct{}{}:
		default:
		}
		return ctx.Err()
	}})
	values := make(chan string, 9)
	ask := func(cache *tokens.Cache, login tokens.Login) {
		got, err := cache.Get(context.Background(), "k", login)
		if err != nil {
			t.Error(err)
		}
		values <- got.Value
	}
	go ask(one, slow)
	<-started
	for range 4 {
		go ask(one, l.login)
		go ask(two, l.login)
	}
	<-looked
	close(proceed)
	for range cap(values) {
		if got := <-values; got != "token 1" {
			t.Errorf("got %q", got)
		}
	}
}

// late is a store in which another node logs in between our look and our claim.
type late struct {
	tokens.Store
	between func()
}

func (l *late) ClaimToken(ctx context.Context, key, holder string, now, until time.Time) (bool, error) {
	l.between()
	return l.Store.ClaimToken(ctx, key, holder, now, until)
}

func TestLoginOfAnotherNodeIsSeenAfterTheClaim(t *testing.T) {
	store, c, l := &tokens.Memory{}, &clock{now: time.Unix(1772366400, 0)}, &logins{}
	two := node(&late{store, func() { get(t, node(store, c), l.login) }}, c)
	if got := get(t, two, l.login); got.Value != "token 1" || l.n.Load() != 1 {
		t.Errorf("got %v after %d logins", got, l.n.Load())
	}
	if ok, err := store.ClaimToken(context.Background(), "k", "next", c.Now(), c.Now().Add(time.Minute)); !ok || err != nil {
		t.Errorf("the claim was kept: %v", err)
	}
}

// A node that dies in the middle of a login costs the others the lease, no more.
func TestLeaseOfADeadNodeEnds(t *testing.T) {
	store, c, l := &tokens.Memory{}, &clock{now: time.Unix(1772366400, 0)}, &logins{}
	if ok, err := store.ClaimToken(context.Background(), "k", "dead", c.Now(), c.Now().Add(time.Minute)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	began := c.Now()
	if got := get(t, node(store, c), l.login); got.Value != "token 1" {
		t.Errorf("got %v", got)
	}
	if waited := c.Now().Sub(began); waited < time.Minute || waited > 61*time.Second {
		t.Errorf("waited %v", waited)
	}
}

func TestFailedLoginLetsTheNextTry(t *testing.T) {
	store, c, l := &tokens.Memory{}, &clock{now: time.Unix(1772366400, 0)}, &logins{}
	broken := errors.New("no")
	_, err := node(store, c).Get(context.Background(), "k", func(context.Context) (tokens.Granted, error) { return tokens.Granted{}, broken })
	if !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	began := c.Now()
	if get(t, node(store, c), l.login); c.Now() != began {
		t.Errorf("the next had to wait %v", c.Now().Sub(began))
	}
}

// Who gives up doesn't end the login that others wait for.
func TestGivingUpEndsOnlyOnesOwnWaiting(t *testing.T) {
	c, l := &clock{now: time.Unix(1772366400, 0)}, &logins{}
	cache := node(&tokens.Memory{}, c)
	ctx, cancel := context.WithCancel(context.Background())
	proceed, done := make(chan struct{}), make(chan error)
	go func() {
		_, err := cache.Get(ctx, "k", func(login context.Context) (tokens.Granted, error) {
			cancel()
			<-proceed
			if login.Err() != nil {
				t.Error("the login was ended")
			}
			return l.login(login)
		})
		done <- err
	}()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	close(proceed)
	if got := get(t, cache, l.login); got.Value != "token 1" {
		t.Errorf("got %v", got)
	}
}
