package otp_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// TestParallelRightGuesses: of 64 exactly one wins.
func TestParallelRightGuesses(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	won := 0
	var mu sync.Mutex
	parallel(64, func(int) {
		err := w.enter("login", "0042")
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			won++
		} else if p := factors.AsProblem(err); p == nil || p.ID != otp.ProblemCodeUsed {
			t.Errorf("a loser got %v, want %s", err, otp.ProblemCodeUsed)
		}
	})
	if won != 1 {
		t.Errorf("%d of 64 right guesses won, want 1", won)
	}
}

// TestParallelWrongGuesses: over four logins of one person no more codes are
// compared than the nearest budget allows.
func TestParallelWrongGuesses(t *testing.T) {
	for name, test := range map[string]struct{ perLogin, total, logins, want int }{
		"per login": {perLogin: 3, total: 1000, logins: 4, want: 12},
		"total":     {perLogin: 100, total: 14, logins: 4, want: 10},
	} {
		s := withoutWait()
		s.AttemptsPerLogin, s.TotalAttempts = test.perLogin, test.total
		w := newWorld(t, s)
		for i := range test.logins {
			w.called(t, fmt.Sprint("login-", i))
		}
		w.entering = true
		parallel(64, func(i int) {
			err := w.enter(fmt.Sprint("login-", i%test.logins), "1111")
			if factors.AsProblem(err) == nil {
				t.Errorf("%s: a wrong guess gave %v", name, err)
			}
		})
		if w.compared != test.want {
			t.Errorf("%s: %d guesses were compared, want %d", name, w.compared, test.want)
		}
	}
}

func TestParallelRequests(t *testing.T) {
	w := newWorld(t, settings())
	parallel(32, func(i int) {
		ask := w.Request
		if i%2 == 0 {
			ask = w.Resend
		}
		if err := ask(context.Background(), target("login")); err != nil {
			t.Errorf("asking: %v", err)
		}
	})
	parallel(8, func(int) {
		if _, err := w.Work(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if w.calls() != 1 || w.used(t) != 1 {
		t.Errorf("%d calls, %d used; want one call", w.calls(), w.used(t))
	}
}

func parallel(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// running runs test with a world whose Run is on, under a clock of its own.
func running(t *testing.T, timing otp.Timing, test func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorldWith(t, settings(), timing)
		w.clock = time.Now
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		test(t, w)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestRunCallsAtOnce(t *testing.T) {
	running(t, otp.Timing{Poll: time.Hour}, func(t *testing.T, w *world) {
		start := time.Now()
		for i := range 40 {
			gives(t, w.Request(t.Context(), targetOf(fmt.Sprint("login-", i%5))), "")
		}
		synctest.Wait()
		if w.calls() != 5 || time.Since(start) != 0 {
			t.Errorf("%d calls after %v, want 5 at once", w.calls(), time.Since(start))
		}
	})
}

// TestRunFindsOthersRequests: a request of a node that takes no calls itself is
// found by polling.
func TestRunFindsOthersRequests(t *testing.T) {
	running(t, otp.Timing{}, func(t *testing.T, w *world) {
		synctest.Wait()
		other, err := otp.New(otp.Options{Method: "flashCall", Store: w.store, Sender: w, Hash: w.hash,
			Settings: func() otp.Settings { return w.settings }})
		if err != nil {
			t.Fatal(err)
		}
		gives(t, other.Request(t.Context(), target("login")), "")
		gives(t, other.Enter(t.Context(), otp.Entered{LoginID: "login", PersonID: "person", Code: "0042"}), "")
	})
}

// TestEnterWaitsForTheCall: whoever knows the code before our provider has
// answered need not type it again.
func TestEnterWaitsForTheCall(t *testing.T) {
	running(t, otp.Timing{}, func(t *testing.T, w *world) {
		w.send = func(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
			time.Sleep(3 * time.Second)
			return otp.Sent{Code: "0042"}, nil
		}
		gives(t, w.Request(t.Context(), target("login")), "")
		gives(t, w.enter("login", "42"), otp.ProblemCodeFormat)
		start := time.Now()
		gives(t, w.enter("login", "0042"), "")
		if waited := time.Since(start); waited != 3*time.Second {
			t.Errorf("waited %v, want until the call", waited)
		}
	})
}

func TestEnterWaitsNotForEver(t *testing.T) {
	running(t, otp.Timing{}, func(t *testing.T, w *world) {
		w.send = func(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
			<-ctx.Done()
			return otp.Sent{}, ctx.Err()
		}
		gives(t, w.Request(t.Context(), target("login")), "")
		start := time.Now()
		gives(t, w.enter("login", "0042"), otp.ProblemCodePending)
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("waited %v, want 5 s", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.Enter(ctx, otp.Entered{LoginID: "login", PersonID: "person", Code: "0042"}); err == nil || factors.AsProblem(err) != nil {
			t.Errorf("a request that went away got %v", err)
		}
		time.Sleep(time.Minute)
		w.is(t, "login", otp.Failed)
	})
}

// TestRunFinishesWhatItBegan: shutting down neither breaks off a call nor loses
// its code.
func TestRunFinishesWhatItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorldWith(t, withoutWait(), otp.Timing{})
		w.clock = time.Now
		w.send = func(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
			select {
			case <-time.After(10 * time.Second):
				return otp.Sent{Code: "0042"}, nil
			case <-ctx.Done():
				return otp.Sent{}, ctx.Err()
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		gives(t, w.Request(t.Context(), target("login")), "")
		synctest.Wait()
		cancel()
		gives(t, w.Request(t.Context(), target("too late")), "")
		if err := <-done; err != nil {
			t.Error(err)
		}
		w.is(t, "login", otp.Called)
		w.is(t, "too late", otp.Requested)
	})
}

// TestRunLimitsWorkers: no more calls at a time than the node may place.
func TestRunLimitsWorkers(t *testing.T) {
	running(t, otp.Timing{Workers: 2}, func(t *testing.T, w *world) {
		w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
			time.Sleep(time.Second)
			return otp.Sent{Code: "0042"}, nil
		}
		for i := range 6 {
			gives(t, w.Request(t.Context(), targetOf(fmt.Sprint("login-", i))), "")
		}
		for _, want := range []int{2, 4, 6} {
			synctest.Wait()
			if w.calls() != want {
				t.Errorf("%d calls, want %d", w.calls(), want)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestRunSweeps(t *testing.T) {
	running(t, otp.Timing{}, func(t *testing.T, w *world) {
		gives(t, w.Request(t.Context(), target("login")), "")
		time.Sleep(23 * time.Hour)
		if w.status(t, "login").Challenge == nil {
			t.Error("swept too early")
		}
		time.Sleep(2 * time.Hour)
		if w.status(t, "login").Challenge != nil {
			t.Error("a challenge of yesterday is still kept")
		}
	})
}

// TestRunForgetsNumbers: anybody may type any number, so what is kept of each
// can't be kept for ever; nor may waiting give attempts sooner than a block does.
func TestRunForgetsNumbers(t *testing.T) {
	running(t, otp.Timing{Poll: time.Hour}, func(t *testing.T, w *world) {
		gives(t, w.Request(t.Context(), target("login")), "")
		gives(t, w.Request(t.Context(), otp.Target{LoginID: "other", PersonID: w.NumberKey(phone), Phone: phone}), "")
		used := func(person string) int {
			rec, err := w.store.Load(t.Context(), otp.Key{Method: "flashCall", PersonID: person})
			if err != nil {
				t.Fatal(err)
			}
			return rec.Budget.Used
		}
		time.Sleep(29 * 24 * time.Hour)
		if used(w.NumberKey(phone)) != 1 {
			t.Error("a number is forgotten too early")
		}
		time.Sleep(2 * 24 * time.Hour)
		if used(w.NumberKey(phone)) != 0 || used("person") != 1 {
			t.Errorf("after a month the number has used %d, and the person %d", used(w.NumberKey(phone)), used("person"))
		}
	})
}
