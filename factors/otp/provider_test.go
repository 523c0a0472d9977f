package otp_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// ordered gives a login whose provider has only taken the order.
func ordered(t *testing.T, sent otp.Sent) *world {
	w := newWorld(t, settings())
	sent.Pending, sent.CallID = true, "call-1"
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return sent, nil }
	w.poll = func(otp.Delivery) (otp.News, error) { return otp.News{State: otp.NewsPending}, nil }
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	w.is(t, "login", otp.Placed)
	return w
}

func (w *world) news(t *testing.T, n otp.News) {
	t.Helper()
	n.Driver = "test"
	if n.Reference == "" {
		n.CallID = "call-1"
	}
	if err := w.News(context.Background(), n); err != nil {
		t.Fatal(err)
	}
}

func TestPolls(t *testing.T) {
	w := ordered(t, otp.Sent{PollAfter: 2 * time.Second})
	asked := 0
	answers := []otp.News{
		{State: otp.NewsPending, After: 5 * time.Second}, {State: otp.NewsPending}, {State: otp.NewsRinging},
		{State: otp.NewsDelivered, Code: "0042", CallerMask: "+7 ____"},
	}
	w.poll = func(d otp.Delivery) (otp.News, error) {
		if d.CallID != "call-1" {
			t.Errorf("asked about %+v", d)
		}
		asked++
		return answers[asked-1], nil
	}
	gives(t, w.enter("login", "0042"), otp.ProblemCodePending)
	for i, wait := range []time.Duration{2 * time.Second, 5 * time.Second, 2 * time.Second, 2 * time.Second} {
		w.now = w.now.Add(wait - time.Millisecond)
		w.work(t)
		if asked != i {
			t.Fatalf("asked %d times before the wait of %v was over", asked, wait)
		}
		w.now = w.now.Add(time.Millisecond)
		w.work(t)
		if asked != i+1 {
			t.Fatalf("asked %d times, want %d", asked, i+1)
		}
	}
	st := w.status(t, "login")
	if st.State != otp.Called || st.Challenge.CallerMask != "+7 ____" || !st.Challenge.CalledAt.Equal(w.now) {
		t.Errorf("after all news: %+v", st.Challenge)
	}
	w.now = w.now.Add(10 * time.Second)
	w.work(t)
	if asked != len(answers) {
		t.Errorf("asked %d times about a call that rang", asked)
	}
	gives(t, w.enter("login", "0042"), "")
}

// TestPollFails: not to know isn't to have failed.
func TestPollFails(t *testing.T) {
	w := ordered(t, otp.Sent{Code: "0042", PollAfter: 2 * time.Second})
	w.poll = func(otp.Delivery) (otp.News, error) { return otp.News{}, errBoom }
	w.now = w.now.Add(2 * time.Second)
	w.work(t)
	w.is(t, "login", otp.Placed)
	gives(t, w.enter("login", "0042"), "")
}

func TestNews(t *testing.T) {
	for name, test := range map[string]struct {
		news  otp.News
		state otp.State
	}{
		"pending":                {otp.News{State: otp.NewsPending}, otp.Placed},
		"ringing":                {otp.News{State: otp.NewsRinging}, otp.Called},
		"delivered":              {otp.News{State: otp.NewsDelivered}, otp.Called},
		"failed":                 {otp.News{State: otp.NewsFailed, Failure: "unreachable", MovesOn: true}, otp.Failed},
		"of another driver":      {otp.News{State: otp.NewsFailed, Driver: "other"}, otp.Placed},
		"of an unknown call":     {otp.News{State: otp.NewsFailed, CallID: "call-2"}, otp.Placed},
		"by an unknown id":       {otp.News{State: otp.NewsFailed, Reference: "nobody"}, otp.Placed},
		"a word nobody knows":    {otp.News{State: "confirmed"}, otp.Placed},
		"delivered with another": {otp.News{State: otp.NewsDelivered, Code: "9999"}, otp.Called},
	} {
		w := ordered(t, otp.Sent{Code: "0042"})
		n := test.news
		if n.Driver == "" {
			n.Driver = "test"
		}
		if n.CallID == "" && n.Reference == "" {
			n.CallID = "call-1"
		}
		if err := w.News(context.Background(), n); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		w.is(t, "login", test.state)
		if test.state != otp.Failed {
			gives(t, w.enter("login", "9999"), otp.ProblemCodeWrong) // no news changes our code
			gives(t, w.enter("login", "0042"), "")
		}
	}
	if err := ordered(t, otp.Sent{}).News(context.Background(), otp.News{Driver: "test", State: otp.NewsDelivered}); err == nil {
		t.Error("news of no call are taken")
	}
}

// TestNewsNeverConfirm: whatever a provider tells, a login is confirmed by a code.
func TestNewsNeverConfirm(t *testing.T) {
	w := ordered(t, otp.Sent{ByProvider: true})
	for _, state := range []otp.NewsState{otp.NewsDelivered, otp.NewsRinging, otp.NewsPending, "right", otp.NewsFailed} {
		w.news(t, otp.News{State: state, Code: "0042"})
		if st := w.status(t, "login"); st.State == otp.Confirmed {
			t.Fatalf("news %q confirmed a login", state)
		}
	}
	w.is(t, "login", otp.Called)
	w.check = func(otp.Delivery, string) (otp.Verdict, error) { return otp.VerdictRight, nil }
	gives(t, w.enter("login", "0042"), "")
	w.news(t, otp.News{State: otp.NewsFailed})
	w.is(t, "login", otp.Confirmed)
}

// TestEarlyNews: a callback may be quicker than the answer to the order.
func TestEarlyNews(t *testing.T) {
	for name, test := range map[string]struct {
		news  otp.News
		state otp.State
		sent  string
	}{
		"delivered":       {otp.News{State: otp.NewsDelivered}, otp.Called, "first"},
		"pending":         {otp.News{State: otp.NewsPending}, otp.Placed, "first"},
		"failed":          {otp.News{State: otp.NewsFailed, Failure: "number_blocked"}, otp.Failed, "first"},
		"failed, goes on": {otp.News{State: otp.NewsFailed, Failure: "unreachable", MovesOn: true}, otp.Called, "first second"},
	} {
		w := chained(t)
		w.send = func(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
			if d.Route != "first" {
				return otp.Sent{Code: "0042"}, nil
			}
			n := test.news
			n.Driver, n.Reference = "alpha", d.ID
			if err := w.News(ctx, n); err != nil {
				t.Error(err)
			}
			return otp.Sent{Code: "0042", Pending: true, CallID: "call-1"}, nil
		}
		gives(t, w.Request(context.Background(), target("login")), "")
		w.work(t)
		w.is(t, "login", test.state)
		if w.routesSent() != test.sent {
			t.Errorf("%s: sent by %q, want %q", name, w.routesSent(), test.sent)
		}
	}
}

// TestLateFailureMovesOn: a call that turns out to have failed gives way to the
// next route, and its own news mean nothing then.
func TestLateFailureMovesOn(t *testing.T) {
	w := chained(t)
	w.send = func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: map[string]string{"first": "0001", "second": "0002"}[d.Route], Pending: true, CallID: "of " + d.Route}, nil
	}
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	first := otp.News{Driver: "alpha", CallID: "of first", State: otp.NewsFailed, Failure: "unreachable", MovesOn: true}
	if err := w.News(context.Background(), first); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	if c := w.status(t, "login").Challenge; c.Route != "second" || c.CallID != "of second" {
		t.Fatalf("after a late failure: %+v", c)
	}
	if err := w.News(context.Background(), first); err != nil {
		t.Fatal(err)
	}
	gives(t, w.enter("login", "0001"), otp.ProblemCodeWrong)
	gives(t, w.enter("login", "0002"), "")
	if w.routesSent() != "first second" {
		t.Errorf("sent by %q", w.routesSent())
	}
}

// TestChainMovesOnAfterABlock: a block that is over has given new attempts, to
// codes that were under way too.
func TestChainMovesOnAfterABlock(t *testing.T) {
	w := chained(t)
	w.settings.TotalAttempts, w.settings.Block, w.settings.Validity = 3, time.Minute, 5*time.Minute
	w.send = func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: "0042", Pending: true, CallID: "of " + d.Route}, nil
	}
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	gives(t, w.enter("login", "1111"), otp.ProblemCodeWrong)
	gives(t, w.enter("login", "1111"), otp.ProblemMethodBlocked)
	w.now = w.now.Add(time.Minute)
	failed := otp.News{Driver: "alpha", CallID: "of first", State: otp.NewsFailed, MovesOn: true}
	if err := w.News(context.Background(), failed); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	if w.routesSent() != "first second" {
		t.Errorf("sent by %q", w.routesSent())
	}
}

// TestNoTryNoCall: a chain whose login has no tries left doesn't ring the phone
// for a code that nobody may enter.
func TestNoTryNoCall(t *testing.T) {
	w := chained(t)
	w.settings.AttemptsPerLogin = 1
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{ByProvider: true, Pending: true, CallID: "call"}, nil
	}
	w.check = func(otp.Delivery, string) (otp.Verdict, error) { return "", errBoom }
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	gives(t, w.enter("login", "0042"), otp.ProblemCheckFailed)
	if err := w.News(context.Background(), otp.News{Driver: "alpha", CallID: "call", State: otp.NewsFailed, MovesOn: true}); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	w.is(t, "login", otp.Failed)
	if w.calls() != 1 {
		t.Errorf("%d calls for one try", w.calls())
	}
}

// checked gives a login whose provider checks the code, and answers as told.
func checked(t *testing.T, verdict otp.Verdict, err error) *world {
	w := newWorld(t, settings())
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{ByProvider: true, CallID: "call-1", Prefix: "7495"}, nil
	}
	w.check = func(d otp.Delivery, code string) (otp.Verdict, error) {
		if d.CallID != "call-1" || d.Prefix != "7495" || code == "" {
			t.Errorf("the provider is asked about %+v, %q", d, code)
		}
		return verdict, err
	}
	w.called(t, "login")
	return w
}

func TestProviderChecks(t *testing.T) {
	for name, test := range map[string]struct {
		verdict otp.Verdict
		err     error
		typed   string
		problem string
		state   otp.State
		used    int // besides the call
	}{
		"right":            {otp.VerdictRight, nil, "0042", "", otp.Confirmed, -1},
		"the whole number": {otp.VerdictRight, nil, "7 495 000-00-42", "", otp.Confirmed, -1},
		"wrong":            {otp.VerdictWrong, nil, "0042", otp.ProblemCodeWrong, otp.Called, 1},
		"expired":          {otp.VerdictExpired, nil, "0042", otp.ProblemCodeExpired, otp.Expired, 1},
		"locked":           {otp.VerdictLocked, nil, "0042", otp.ProblemCodeExhausted, otp.Exhausted, 1},
		"out of order":     {"", errBoom, "0042", otp.ProblemCheckFailed, otp.Called, 1},
		"too short":        {otp.VerdictRight, nil, "042", otp.ProblemCodeFormat, otp.Called, 0},
		"too long":         {otp.VerdictRight, nil, "1234567890123456", otp.ProblemCodeFormat, otp.Called, 0},
		"letters":          {otp.VerdictRight, nil, "00a2", otp.ProblemCodeFormat, otp.Called, 0},
	} {
		w := checked(t, test.verdict, test.err)
		gives(t, w.enter("login", test.typed), test.problem)
		w.is(t, "login", test.state)
		if test.used >= 0 && w.used(t) != 1+test.used {
			t.Errorf("%s: %d attempts are spent besides the call, want %d", name, w.used(t)-1, test.used)
		}
	}
}

// TestProviderChecksInParallel: of many guesses only as many reach the provider
// as the login has attempts, and of right ones one wins.
func TestProviderChecksInParallel(t *testing.T) {
	w := checked(t, otp.VerdictRight, nil)
	var asked, won atomic.Int64
	w.check = func(otp.Delivery, string) (otp.Verdict, error) {
		asked.Add(1)
		return otp.VerdictRight, nil
	}
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			err := w.enter("login", "0042")
			if err == nil {
				won.Add(1)
			} else if factors.AsProblem(err) == nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || asked.Load() > 3 {
		t.Errorf("%d of 64 right guesses won, the provider was asked %d times", won.Load(), asked.Load())
	}
}

func TestReports(t *testing.T) {
	w := newWorld(t, settings())
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: "0042", CallID: "call-1"}, nil
	}
	w.called(t, "login")
	gives(t, w.enter("login", "1111"), otp.ProblemCodeWrong)
	gives(t, w.enter("login", "0042"), "")
	gives(t, w.enter("login", "0042"), otp.ProblemCodeUsed)
	w.work(t)
	if len(w.reports) != 2 || w.reports[0] != "call-1 1111 false" || w.reports[1] != "call-1 0042 true" {
		t.Errorf("the provider is told %q", w.reports)
	}
}

// TestLivesTenMinutes: news may come late, but a code doesn't live longer than
// the standards allow.
func TestLivesTenMinutes(t *testing.T) {
	w := newWorld(t, settings())
	w.settings.Validity = 10 * time.Minute
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: "0042", Pending: true, CallID: "call-1"}, nil
	}
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	w.now = w.now.Add(9 * time.Minute)
	w.news(t, otp.News{State: otp.NewsDelivered})
	w.is(t, "login", otp.Called)
	w.now = w.now.Add(time.Minute)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeExpired)
}
