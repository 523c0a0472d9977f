package otptest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

const (
	code  = "0042"
	price = 400_000 // millionths
)

// sender always sends the same code, and counts.
type sender struct {
	// together has the provider check what is typed, and answer only when so many
	// questions wait; 0: the engine knows the code.
	together int
	all      chan struct{} // closed when they do

	mu            sync.Mutex
	calls, checks int
}

// Send is otp.Sender's.
func (s *sender) Send(context.Context, otp.Delivery) (otp.Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.together > 0 {
		return otp.Sent{ByProvider: true}, nil
	}
	return otp.Sent{Code: code}, nil
}

// Routes is otp.Sender's.
func (s *sender) Routes(string, time.Time) []otp.Route {
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: price}}
}

// Check is otp.Sender's.
func (s *sender) Check(ctx context.Context, _ otp.Delivery, typed string) (otp.Verdict, error) {
	s.mu.Lock()
	if s.checks++; s.checks == s.together {
		close(s.all)
	}
	s.mu.Unlock()
	select {
	case <-s.all:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if typed == code {
		return otp.VerdictRight, nil
	}
	return otp.VerdictWrong, nil
}

// Poll is otp.Sender's.
func (s *sender) Poll(context.Context, otp.Delivery) (otp.News, error) {
	return otp.News{State: otp.NewsPending}, nil
}

// Report is otp.Sender's.
func (s *sender) Report(context.Context, otp.Delivery, string, bool) error { return nil }

// nodes are two engines that share nothing but the store.
func nodes(t *testing.T, s otp.Store, set otp.Settings) ([2]*otp.Engine, *sender) {
	t.Helper()
	out, engines := &sender{all: make(chan struct{})}, [2]*otp.Engine{}
	for i := range engines {
		e, err := otp.New(otp.Options{
			Method: method, Store: s, Sender: out, Settings: func() otp.Settings { return set },
			Hash: keyed, Now: func() time.Time { return noon }, Timing: otp.Timing{Patience: -1},
		})
		if err != nil {
			t.Fatal(err)
		}
		engines[i] = e
	}
	return engines, out
}

func keyed(parts ...string) string {
	mac := hmac.New(sha256.New, []byte("key of the suite"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func limits(perLogin, total int) otp.Settings {
	return otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: perLogin, TotalAttempts: total, Block: time.Hour}
}

// called asks for a call in each login, from both nodes at once, and has the
// calls placed by both.
func called(t *testing.T, engines [2]*otp.Engine, logins int) {
	t.Helper()
	atOnce(4*logins, func(i int) {
		target := otp.Target{LoginID: fmt.Sprint("login-", i%logins), PersonID: "person", Phone: "+79990000001"}
		if err := engines[i/2%2].Request(context.Background(), target); err != nil {
			t.Errorf("asking for a call: %v", err)
		}
	})
	atOnce(2*logins, func(i int) {
		if _, err := engines[i%2].Work(context.Background()); err != nil {
			t.Errorf("placing a call: %v", err)
		}
	})
}

func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// guess enters what as the code from both nodes at once and returns how often
// each problem came; "" counts the right ones.
func guess(t *testing.T, engines [2]*otp.Engine, logins, times int, what string) map[string]int {
	t.Helper()
	var mu sync.Mutex
	outcomes := map[string]int{}
	atOnce(times, func(i int) {
		err := engines[i/logins%2].Enter(context.Background(), otp.Entered{LoginID: fmt.Sprint("login-", i%logins), PersonID: "person", Code: what})
		p := factors.AsProblem(err)
		if err != nil && p == nil {
			t.Errorf("guessing: %v", err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if p == nil {
			outcomes[""]++
			return
		}
		outcomes[p.ID]++
	})
	return outcomes
}

func callsOnce(t *testing.T, s otp.Store) {
	engines, out := nodes(t, s, limits(3, 100))
	called(t, engines, 5)
	if out.calls != 5 {
		t.Errorf("%d calls were placed for 5 logins", out.calls)
	}
	if rec := load(t, s, key("login-0", "person")); rec.Budget.Used != 5 {
		t.Errorf("%d attempts are used for 5 calls", rec.Budget.Used)
	}
}

// ringsOnce: the wait between two calls is the person's, so new logins, however
// many come at once, don't make the phone ring again.
func ringsOnce(t *testing.T, s otp.Store) {
	set := limits(3, 100)
	set.ResendAfter = 30 * time.Second
	engines, out := nodes(t, s, set)
	var accepted atomic.Int32
	atOnce(32, func(i int) {
		target := otp.Target{LoginID: fmt.Sprint("login-", i), PersonID: "person", Phone: "+79990000001"}
		err := engines[i%2].Request(context.Background(), target)
		if err == nil {
			accepted.Add(1)
		} else if p := factors.AsProblem(err); p == nil || p.ID != otp.ProblemResendWait {
			t.Errorf("asking for a call: %v, want %s", err, otp.ProblemResendWait)
		}
	})
	atOnce(32, func(i int) {
		if _, err := engines[i%2].Work(context.Background()); err != nil {
			t.Errorf("placing a call: %v", err)
		}
	})
	if n := accepted.Load(); n != 1 || out.calls != 1 {
		t.Errorf("%d of 32 logins got a call, the phone rang %d times; want one", n, out.calls)
	}
	if b := load(t, s, key("login-0", "person")).Budget; b.Used != 1 || !b.NextCall.Equal(noon.Add(30*time.Second)) {
		t.Errorf("the budget is %+v, want one used and half a minute of wait", b)
	}
}

func winsOnce(t *testing.T, s otp.Store) {
	engines, _ := nodes(t, s, limits(3, 100))
	called(t, engines, 1)
	got := guess(t, engines, 1, 64, code)
	if got[""] != 1 || got[otp.ProblemCodeUsed] != 63 {
		t.Errorf("64 right guesses gave %v; want one that wins and 63 that are told so", got)
	}
}

func staysInLoginBudget(t *testing.T, s otp.Store) {
	engines, _ := nodes(t, s, limits(3, 1000))
	called(t, engines, 2)
	got := guess(t, engines, 2, 64, "1111")
	if got[otp.ProblemCodeWrong] != 4 || got[otp.ProblemCodeExhausted] != 60 {
		t.Errorf("64 wrong guesses gave %v; want 2 wrong ones in each login and the third exhausting it", got)
	}
	if rec := load(t, s, key("login-0", "person")); rec.Challenge.Attempts != 3 || rec.Budget.Used != 2+6 {
		t.Errorf("%d attempts in a login of 3, %d in all, want 8", rec.Challenge.Attempts, rec.Budget.Used)
	}
}

func staysInTotal(t *testing.T, s otp.Store) {
	engines, _ := nodes(t, s, limits(100, 14))
	called(t, engines, 4)
	got := guess(t, engines, 4, 64, "1111")
	if got[otp.ProblemCodeWrong] != 9 || got[otp.ProblemMethodBlocked] != 55 {
		t.Errorf("64 wrong guesses gave %v; want 9 wrong ones, and the tenth and all others blocked", got)
	}
	if rec := load(t, s, key("login-0", "person")); rec.Budget.Used != 14 || !rec.Budget.BlockedUntil.Equal(noon.Add(time.Hour)) {
		t.Errorf("the budget is %+v, want 14 used and an hour of block", rec.Budget)
	}
}
