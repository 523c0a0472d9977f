package tokens

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/ringtail-id/ringtail/loops"
)

// lookEvery is how often a node looks whether another one has logged in.
const lookEvery = 100 * time.Millisecond

// Options are what a Cache needs.
type Options struct {
	Store Store            // required
	Lease time.Duration    // how long one login may take: the limit of a run; zero: that of loops.DefaultLimits
	Now   func() time.Time // zero: time.Now
	Name  func() string    // names tokens and holders of claims, each one unguessable; zero: crypto/rand
	// Wait lets some time pass, or gives ctx's error; zero: a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// Login gets a new token from a provider.
type Login func(ctx context.Context) (Granted, error)

// Granted is what a login gave.
type Granted struct {
	Token string
	For   time.Duration // for how long it is good from now on
}

// Cache gives tokens. It serves many goroutines.
type Cache struct {
	o       Options
	flights singleflight.Group
}

// New makes a Cache.
func New(o Options) *Cache {
	if o.Lease <= 0 {
		o.Lease = loops.DefaultLimits().Run
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Name == nil {
		o.Name = rand.Text
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	return &Cache{o: o}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Get gives the key's token, logging in where there is none. Callers that ask at the same time share one login and its
// error. ctx bounds this caller's waiting, not the login, which goes on for the others for at most the lease.
func (c *Cache) Get(ctx context.Context, key string, login Login) (Token, error) {
	flight := c.flights.DoChan(key, func() (any, error) {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.o.Lease)
		defer cancel()
		return c.obtain(bounded, key, login)
	})
	select {
	case done := <-flight:
		t, _ := done.Val.(Token)
		return t, done.Err
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
}

// Drop forgets a token that the provider refused, so that the next Get logs in. A newer one stays.
func (c *Cache) Drop(ctx context.Context, key string, t Token) error {
	if err := c.o.Store.DropToken(ctx, key, t.ID); err != nil {
		return fmt.Errorf("dropping a refused token: %w", err)
	}
	return nil
}

func (c *Cache) obtain(ctx context.Context, key string, login Login) (Token, error) {
	holder := c.o.Name()
	for {
		if t, err := c.find(ctx, key); err != nil || t.ID != "" {
			return t, err
		}
		now := c.o.Now()
		mine, err := c.o.Store.ClaimToken(ctx, key, holder, now, now.Add(c.o.Lease))
		if err != nil {
			return Token{}, fmt.Errorf("claiming a driver's login: %w", err)
		}
		if mine {
			return c.claimed(ctx, key, holder, login)
		}
		if err := c.o.Wait(ctx, lookEvery); err != nil {
			return Token{}, err
		}
	}
}

func (c *Cache) find(ctx context.Context, key string) (Token, error) {
	t, err := c.o.Store.FindToken(ctx, key, c.o.Now())
	if err != nil {
		return Token{}, fmt.Errorf("reading a driver's token: %w", err)
	}
	return t, nil
}

// claimed looks once more before it logs in: another node may have logged in and ended its claim since we looked.
func (c *Cache) claimed(ctx context.Context, key, holder string, login Login) (Token, error) {
	t, err := c.find(ctx, key)
	if err == nil && t.ID == "" {
		return c.login(ctx, key, holder, login)
	}
	c.release(ctx, key, holder)
	return t, err
}

// release gives the claim back. A failure to do so costs the others the rest of the lease, no more.
func (c *Cache) release(ctx context.Context, key, holder string) {
	_ = c.o.Store.ReleaseToken(context.WithoutCancel(ctx), key, holder)
}

func (c *Cache) login(ctx context.Context, key, holder string, login Login) (Token, error) {
	granted, err := login(ctx)
	if err != nil {
		c.release(ctx, key, holder)
		return Token{}, err
	}
	t := Token{ID: c.o.Name(), Value: granted.Token, Until: c.o.Now().Add(granted.For - margin(granted.For))}
	if err := c.o.Store.KeepToken(ctx, key, t); err != nil {
		c.release(ctx, key, holder)
		return Token{}, fmt.Errorf("keeping a driver's token: %w", err)
	}
	return t, nil
}

// margin is what a token is thought to end earlier than its provider says: a request takes time, and clocks differ.
func margin(life time.Duration) time.Duration { return min(30*time.Second, life/10) }
