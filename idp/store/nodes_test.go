package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/otptest"
)

// nodes are two stores on one database, as two processes have them. Each call goes to
// the other one, so that nothing holds only because one writer serves both.
type nodes struct {
	stores [2]otp.Store
	turn   atomic.Uint64
}

var _ otp.Store = (*nodes)(nil)

func (n *nodes) next() otp.Store { return n.stores[n.turn.Add(1)%2] }

func (n *nodes) Load(ctx context.Context, key otp.Key) (otp.Record, error) {
	return n.next().Load(ctx, key)
}

func (n *nodes) Update(ctx context.Context, key otp.Key, now time.Time, change func(*otp.Record) error) error {
	return n.next().Update(ctx, key, now, change)
}

func (n *nodes) Due(ctx context.Context, method string, now time.Time) (orders, polls bool, err error) {
	return n.next().Due(ctx, method, now)
}

func (n *nodes) Claim(ctx context.Context, method string, now, until time.Time) (*otp.Challenge, error) {
	return n.next().Claim(ctx, method, now, until)
}

func (n *nodes) ClaimPoll(ctx context.Context, method string, now, next time.Time) (*otp.Challenge, error) {
	return n.next().ClaimPoll(ctx, method, now, next)
}

func (n *nodes) Find(ctx context.Context, method string, by otp.Lookup) (otp.Key, bool, error) {
	return n.next().Find(ctx, method, by)
}

func (n *nodes) Sweep(ctx context.Context, method string, before time.Time, limit int) (int, error) {
	return n.next().Sweep(ctx, method, before, limit)
}

func (n *nodes) SweepNumbers(ctx context.Context, method string, before time.Time, limit int) (int, error) {
	return n.next().SweepNumbers(ctx, method, before, limit)
}

func (n *nodes) Count(ctx context.Context, keys []string, now time.Time) (map[string]otp.Counter, error) {
	return n.next().Count(ctx, keys, now)
}

func (n *nodes) SetCounter(ctx context.Context, key string, c otp.Counter) error {
	return n.next().SetCounter(ctx, key, c)
}

// TestTwoProcessesShareBudgets runs the engine's suite over two stores on one database.
func TestTwoProcessesShareBudgets(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		otptest.Run(t, func(t *testing.T) otp.Store {
			url := fresh(t)
			return &nodes{stores: [2]otp.Store{openURL(t, url).Challenges(), openURL(t, url).Challenges()}}
		})
	})
}
