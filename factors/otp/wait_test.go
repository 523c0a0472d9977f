package otp_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// TestNewLoginsRingOnce: somebody who knows a password begins one login after
// the other. The phone rings once per wait, and nothing more is spent.
func TestNewLoginsRingOnce(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "first")
	end := w.now.Add(30 * time.Second)
	for i := range 20 {
		ask := w.Request
		if i%2 == 0 {
			ask = w.Resend
		}
		login := fmt.Sprint("login-", i)
		p := gives(t, ask(context.Background(), target(login)), otp.ProblemResendWait)
		if at, _ := p.Args["resend_at"].(time.Time); !at.Equal(end) {
			t.Errorf("%s: the wait ends at %v, want %v", login, p.Args, end)
		}
		if st := w.status(t, login); st.Challenge != nil || !st.NextCall.Equal(end) {
			t.Errorf("%s: %+v, want no challenge and the next call at %v", login, st, end)
		}
		w.now = w.now.Add(time.Second)
		w.work(t)
	}
	if w.calls() != 1 || w.used(t) != 1 {
		t.Errorf("%d calls and %d used, want one", w.calls(), w.used(t))
	}
	gives(t, w.Request(context.Background(), targetOf("of somebody else")), "")
	w.now = end
	w.called(t, "login-0")
	gives(t, w.Request(context.Background(), target("login-1")), otp.ProblemResendWait)
}

// TestSuccessEndsTheWait: whoever signed in may do so elsewhere at once.
func TestSuccessEndsTheWait(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "one")
	gives(t, w.enter("one", "0042"), "")
	if st := w.status(t, "two"); !st.NextCall.IsZero() {
		t.Errorf("after a success the next call is possible at %v", st.NextCall)
	}
	w.called(t, "two")
	gives(t, w.enter("two", "0042"), "")
}

// TestWaitOutlivesTheBlock: where the block is the shorter of the two, using up
// the total must not buy an earlier call.
func TestWaitOutlivesTheBlock(t *testing.T) {
	s := settings()
	s.TotalAttempts, s.Block = 2, time.Second
	w := newWorld(t, s)
	w.called(t, "one")
	gives(t, w.enter("one", "1111"), otp.ProblemMethodBlocked)
	w.now = w.now.Add(time.Second)
	gives(t, w.Request(context.Background(), target("two")), otp.ProblemResendWait)
	w.now = w.now.Add(29 * time.Second)
	w.called(t, "two")
}

// TestSlowCallsWait: a provider that takes long must not make two calls come one
// upon the other. The wait holds from the end of the call, failed or not.
func TestSlowCallsWait(t *testing.T) {
	for name, send := range map[string]func(context.Context, otp.Delivery) (otp.Sent, error){
		"called": sends("0042"),
		"failed": func(context.Context, otp.Delivery) (otp.Sent, error) {
			return otp.Sent{}, &otp.SendError{Kind: "unreachable"}
		},
	} {
		w := newWorld(t, settings())
		w.send = func(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
			w.now = w.now.Add(20 * time.Second)
			return send(ctx, d)
		}
		gives(t, w.Request(context.Background(), target("one")), "")
		w.work(t)
		end := w.now.Add(30 * time.Second)
		w.now = w.now.Add(15 * time.Second)
		gives(t, w.Request(context.Background(), target("two")), otp.ProblemResendWait)
		if st := w.status(t, "two"); !st.NextCall.Equal(end) {
			t.Errorf("%s: the next call is possible at %v, want %v", name, st.NextCall, end)
		}
		w.now = end
		gives(t, w.Request(context.Background(), target("two")), "")
	}
}
