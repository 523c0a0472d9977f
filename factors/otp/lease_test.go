package otp_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// A provider may take much longer than a lease: the node renews it while it waits.
func TestALeaseIsRenewedWhileItsNodeLives(t *testing.T) {
	w := newWorldWith(t, settings(), otp.Timing{Patience: -1, Lease: 30 * time.Millisecond})
	begin := w.now
	var passed atomic.Int64
	w.clock = func() time.Time { return begin.Add(time.Duration(passed.Load())) }
	answer, asked := make(chan struct{}), make(chan struct{})
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		close(asked)
		<-answer
		return otp.Sent{Code: "0042"}, nil
	}
	if err := w.Request(t.Context(), otp.Target{LoginID: "login", PersonID: "person", Phone: phone}); err != nil {
		t.Fatal(err)
	}
	over := make(chan error)
	go func() {
		_, err := w.Work(context.WithoutCancel(t.Context()))
		over <- err
	}()
	<-asked
	challenge := func() *otp.Challenge {
		rec, err := w.store.Load(t.Context(), otp.Key{Method: "flashCall", LoginID: "login", PersonID: "person"})
		if err != nil {
			t.Fatal(err)
		}
		return rec.Challenge
	}
	for range 3 {
		passed.Add(int64(25 * time.Millisecond))
		for !challenge().Until.Equal(w.clock().Add(30 * time.Millisecond)) {
			<-time.After(time.Millisecond)
		}
	}
	if state := challenge().StateAt(w.clock()); state != otp.Calling {
		t.Errorf("after 75 ms the challenge is %s", state)
	}
	close(answer)
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	if state := challenge().StateAt(w.clock()); state != otp.Called {
		t.Errorf("the phone rings, and the challenge is %s", state)
	}
}
