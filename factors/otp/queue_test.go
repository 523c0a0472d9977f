package otp_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// looked counts how often somebody looks for work.
type looked struct {
	otp.Store
	times atomic.Int64
	done  chan struct{} // is told of each time
}

func (l *looked) Due(ctx context.Context, method string, now time.Time) (orders, polls bool, err error) {
	orders, polls, err = l.Store.Due(ctx, method, now)
	l.times.Add(1)
	select {
	case l.done <- struct{}{}:
	case <-ctx.Done():
	}
	return orders, polls, err
}

// TestOrdersOfANodeAreSentUnasked: what a node was asked for it sends at once, however
// many ask together, and looks for nothing else before its time.
func TestOrdersOfANodeAreSentUnasked(t *testing.T) {
	const orders = 30
	store, sent := &looked{Store: new(otp.Memory), done: make(chan struct{})}, make(chan string, orders)
	sender := new(world)
	sender.send = func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
		sent <- d.LoginID
		return otp.Sent{Code: "0042"}, nil
	}
	engine, err := otp.New(otp.Options{
		Method: "flashCall", Store: store, Sender: sender, Settings: settings, Hash: func(parts ...string) string { return fmt.Sprintf("%064q", parts) },
		Timing: otp.Timing{Poll: time.Hour},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running, asking sync.WaitGroup
	running.Go(func() { _ = engine.Run(ctx) })
	<-store.done // as it does when it begins
	for i := range orders {
		asking.Go(func() {
			id := fmt.Sprint(i)
			if err := engine.Request(ctx, otp.Target{LoginID: id, PersonID: id, Phone: phone}); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	once := map[string]bool{}
	for range orders {
		once[<-sent] = true
	}
	cancel()
	running.Wait()
	if len(once) != orders || len(sent) != 0 || store.times.Load() != 1 {
		t.Errorf("%d of %d were sent, %d more; looked %d times", len(once), orders, len(sent), store.times.Load())
	}
}
