package otp_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func TestFromRequestToConfirmed(t *testing.T) {
	w := newWorld(t, settings())
	if st := w.status(t, "login"); st.Challenge != nil || st.State != "" || st.TriesLeft != 3 || st.CodeLength != 4 {
		t.Errorf("before anything: %+v", st)
	}
	gives(t, w.Request(context.Background(), target("login")), "")
	w.is(t, "login", otp.Requested)
	w.work(t)
	st := w.status(t, "login")
	if st.State != otp.Called || st.Challenge.CallerMask != "+7 495 000-__-__" || !st.Challenge.Until.Equal(w.now.Add(time.Minute)) {
		t.Errorf("after the call: %+v", st.Challenge)
	}
	if strings.Contains(st.Challenge.CodeHash, "0042") || st.Challenge.CodeHash == "" {
		t.Errorf("the code is kept as %q", st.Challenge.CodeHash)
	}
	d := w.sent[0]
	if d.Phone != phone || d.CodeLength != 4 || d.ID != st.Challenge.ID {
		t.Errorf("the sender got %+v", d)
	}
	gives(t, w.enter("login", "0042"), "")
	w.is(t, "login", otp.Confirmed)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeUsed)
	if w.used(t) != 0 {
		t.Errorf("a success leaves %d used attempts", w.used(t))
	}
}

func TestEachCallIsPlacedOnce(t *testing.T) {
	w := newWorld(t, settings())
	for range 3 {
		gives(t, w.Request(context.Background(), target("login")), "")
		gives(t, w.resend("login"), "")
	}
	w.work(t)
	for range 3 {
		gives(t, w.Request(context.Background(), target("login")), "")
		w.status(t, "login")
		w.work(t)
	}
	if w.calls() != 1 || w.used(t) != 1 {
		t.Errorf("%d calls for %d attempts, want one for one", w.calls(), w.used(t))
	}
}

func TestResend(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	p := gives(t, w.resend("login"), otp.ProblemResendWait)
	if at, _ := p.Args["resend_at"].(time.Time); !at.Equal(w.now.Add(30 * time.Second)) {
		t.Errorf("the wait ends at %v", p.Args)
	}
	w.now = w.now.Add(30 * time.Second)
	w.send = sends("7777")
	gives(t, w.resend("login"), "")
	w.work(t)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeWrong)
	gives(t, w.enter("login", "7777"), "")
}

// TestResendInheritsAttempts holds NIST's rule that a new code doesn't reset
// the count of failures; only a used-up count makes room for a new one.
func TestResendInheritsAttempts(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	gives(t, w.enter("login", "1111"), otp.ProblemCodeWrong)
	w.now = w.now.Add(time.Minute)
	gives(t, w.resend("login"), "")
	w.work(t)
	if st := w.status(t, "login"); st.Challenge.Wrong || st.TriesLeft != 2 {
		t.Errorf("after a new call: %+v, %d tries left, want 2", st.Challenge, st.TriesLeft)
	}
	if p := gives(t, w.enter("login", "1111"), otp.ProblemCodeWrong); p.Args["tries_left"] != 1 {
		t.Errorf("tries left: %v, want 1", p.Args)
	}
	gives(t, w.enter("login", "1111"), otp.ProblemCodeExhausted)
	w.is(t, "login", otp.Exhausted)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeExhausted)
	w.now = w.now.Add(time.Minute)
	gives(t, w.resend("login"), "")
	w.work(t)
	if st := w.status(t, "login"); st.TriesLeft != 3 {
		t.Errorf("after exhaustion a new call has %d tries, want 3", st.TriesLeft)
	}
	gives(t, w.enter("login", "0042"), "")
}

func TestTotalBlocksTheMethod(t *testing.T) {
	s := withoutWait()
	s.TotalAttempts = 5
	w := newWorld(t, s)
	w.called(t, "one")                                              // 1
	gives(t, w.enter("one", "1111"), otp.ProblemCodeWrong)          // 2
	w.called(t, "two")                                              // 3
	gives(t, w.enter("two", "1111"), otp.ProblemCodeWrong)          // 4
	p := gives(t, w.enter("two", "2222"), otp.ProblemMethodBlocked) // 5
	if until, _ := p.Args["until"].(time.Time); !until.Equal(w.now.Add(30 * time.Minute)) {
		t.Errorf("blocked until %v", p.Args)
	}
	gives(t, w.enter("one", "0042"), otp.ProblemMethodBlocked)
	gives(t, w.Request(context.Background(), target("three")), otp.ProblemMethodBlocked)
	if st := w.status(t, "three"); st.BlockedUntil.IsZero() {
		t.Error("another login of the person doesn't see the block")
	}
	other := otp.Target{LoginID: "four", PersonID: "other", Phone: phone}
	gives(t, w.Request(context.Background(), other), "")
	w.now = w.now.Add(30 * time.Minute)
	w.called(t, "three")
	gives(t, w.enter("three", "0042"), "")
}

// TestLastAttemptMayBeRight: the block that begins with the last attempt is
// lifted when that one is right.
func TestLastAttemptMayBeRight(t *testing.T) {
	s := settings()
	s.TotalAttempts = 2
	w := newWorld(t, s)
	w.called(t, "login")
	gives(t, w.enter("login", "0042"), "")
	if st := w.status(t, "login"); !st.BlockedUntil.IsZero() {
		t.Errorf("a success leaves the method blocked until %v", st.BlockedUntil)
	}
}

// TestNoUselessCall: with one attempt left a phone would ring for a code that
// nobody may enter.
func TestNoUselessCall(t *testing.T) {
	s := withoutWait()
	s.TotalAttempts = 3
	w := newWorld(t, s)
	w.called(t, "one")
	w.called(t, "two")
	gives(t, w.Request(context.Background(), target("three")), otp.ProblemMethodBlocked)
	w.work(t)
	if w.calls() != 2 {
		t.Errorf("%d calls, want 2", w.calls())
	}
}

func TestCodesAsTyped(t *testing.T) {
	tests := map[string]string{
		"0042": "", " 00 42 ": "", "00-42": "", "00\u201342": "", "\u200e0042\u00a0": "", "0\u22120\u22124-2": "",
		"": otp.ProblemCodeFormat, "042": otp.ProblemCodeFormat, "00042": otp.ProblemCodeFormat, "42": otp.ProblemCodeFormat,
		"OO42": otp.ProblemCodeFormat, "+042": otp.ProblemCodeFormat, "٠٠٤٢": otp.ProblemCodeFormat, "1111": otp.ProblemCodeWrong,
	}
	for typed, want := range tests {
		w := newWorld(t, settings())
		w.called(t, "login")
		p := gives(t, w.enter("login", typed), want)
		if want == otp.ProblemCodeFormat && (w.used(t) != 1 || p.Field != otp.FieldCode || p.Args["length"] != 4) {
			t.Errorf("%q: %d used, %+v; want nothing spent and the field named", typed, w.used(t), p)
		}
	}
}

func TestCodeBelongsToItsLogin(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.called(t, "one")
	w.send = sends("7777")
	w.called(t, "two")
	gives(t, w.enter("two", "0042"), otp.ProblemCodeWrong)
	gives(t, w.enter("three", "0042"), otp.ProblemCodeNone)
	gives(t, w.Enter(context.Background(), otp.Entered{LoginID: "one", PersonID: "other person", Code: "0042"}), otp.ProblemCodeNone)
	gives(t, w.enter("one", "0042"), "")
	gives(t, w.enter("two", "7777"), "")
}

func TestExpiry(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	w.now = w.now.Add(time.Minute - time.Millisecond)
	w.is(t, "login", otp.Called)
	w.now = w.now.Add(time.Millisecond)
	w.is(t, "login", otp.Expired)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeExpired)
	if w.used(t) != 1 {
		t.Errorf("%d used, want the call alone", w.used(t))
	}
	gives(t, w.resend("login"), "")
}

// TestLateRequest: a phone must not ring long after its owner gave up.
func TestLateRequest(t *testing.T) {
	w := newWorld(t, settings())
	gives(t, w.Request(context.Background(), target("login")), "")
	w.now = w.now.Add(time.Minute)
	w.work(t)
	if w.calls() != 0 {
		t.Error("an old request was served")
	}
	w.is(t, "login", otp.Expired)
}

// TestDeadNode: a node that died while calling leaves the challenge unknown;
// nobody calls a second time unless the person asks.
func TestDeadNode(t *testing.T) {
	w := newWorld(t, settings())
	gives(t, w.Request(context.Background(), target("login")), "")
	c, err := w.store.Claim(context.Background(), "flashCall", w.now, w.now.Add(time.Minute))
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	w.is(t, "login", otp.Calling)
	gives(t, w.enter("login", "0042"), otp.ProblemCodePending)
	w.now = w.now.Add(time.Minute)
	w.is(t, "login", otp.Unknown)
	gives(t, w.enter("login", "0042"), otp.ProblemCodeNone)
	w.work(t)
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	if w.calls() != 0 {
		t.Errorf("%d calls were placed by themselves", w.calls())
	}
	gives(t, w.resend("login"), "")
	w.work(t)
	gives(t, w.enter("login", "0042"), "")
}

func TestSendFails(t *testing.T) {
	tests := map[string]struct {
		send  error
		code  string
		kind  string
		retry time.Duration
	}{
		"the sender's word":           {send: &otp.SendError{Kind: "no_funds"}, kind: "no_funds", retry: 30 * time.Second},
		"the sender's wait":           {send: &otp.SendError{Kind: "rate_limited", RetryAfter: time.Hour}, kind: "rate_limited", retry: time.Hour},
		"any other error":             {send: errors.New("boom"), kind: "unavailable", retry: 30 * time.Second},
		"a code that is too short":    {code: "042", kind: "bad_answer", retry: 30 * time.Second},
		"a code that has letters":     {code: "004a", kind: "bad_answer", retry: 30 * time.Second},
		"a caller instead of a code":  {code: "79990000042", kind: "bad_answer", retry: 30 * time.Second},
		"no code at all and no error": {kind: "bad_answer", retry: 30 * time.Second},
	}
	for name, test := range tests {
		w := newWorld(t, settings())
		w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return otp.Sent{Code: test.code}, test.send }
		gives(t, w.Request(context.Background(), target("login")), "")
		w.work(t)
		st := w.status(t, "login")
		if st.State != otp.Failed || st.Challenge.Failure != test.kind || !st.Challenge.ResendAt.Equal(w.now.Add(test.retry)) {
			t.Errorf("%s: %+v", name, st.Challenge)
		}
		gives(t, w.enter("login", "0042"), otp.ProblemCodeNone)
	}
}

// TestLateAnswerOfReplacedCall: a node that was thought dead comes back after
// the person asked again, while that next call is being placed.
func TestLateAnswerOfReplacedCall(t *testing.T) {
	w := newWorld(t, settings())
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		w.now = w.now.Add(time.Hour)
		gives(t, w.resend("login"), "")
		c, err := w.store.Claim(context.Background(), "flashCall", w.now, w.now.Add(time.Minute))
		if err != nil || c == nil {
			t.Fatal(c, err)
		}
		return otp.Sent{Code: "0042"}, nil
	}
	gives(t, w.Request(context.Background(), target("login")), "")
	w.work(t)
	w.is(t, "login", otp.Calling)
	gives(t, w.enter("login", "0042"), otp.ProblemCodePending)
}

// TestLateAnswer: where nobody asked again, a late answer is still the truth.
func TestLateAnswer(t *testing.T) {
	w := newWorld(t, settings())
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) {
		w.now = w.now.Add(time.Hour)
		return otp.Sent{Code: "0042"}, nil
	}
	w.called(t, "login")
	gives(t, w.enter("login", "0042"), "")
}

func TestEqualCodesLookDifferent(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.called(t, "one")
	w.called(t, "two")
	if w.status(t, "one").Challenge.CodeHash == w.status(t, "two").Challenge.CodeHash {
		t.Error("two challenges show that they have the same code")
	}
}

// TestPersonChanges: a login that another person took over has no challenge of
// the one before, and a call begun for that one doesn't count.
func TestPersonChanges(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	other := otp.Target{LoginID: "login", PersonID: "other", Phone: "+79990000002"}
	gives(t, w.Request(context.Background(), other), "")
	gives(t, w.enter("login", "0042"), otp.ProblemCodeNone)
	w.work(t)
	gives(t, w.Enter(context.Background(), otp.Entered{LoginID: "login", PersonID: "other", Code: "0042"}), "")
}

func TestSettingsAreChecked(t *testing.T) {
	for name, spoil := range map[string]func(*otp.Settings){
		"short code":   func(s *otp.Settings) { s.CodeLength = 2 },
		"long code":    func(s *otp.Settings) { s.CodeLength = 9 },
		"long life":    func(s *otp.Settings) { s.Validity = 11 * time.Minute },
		"no attempts":  func(s *otp.Settings) { s.AttemptsPerLogin = 0 },
		"useless call": func(s *otp.Settings) { s.TotalAttempts = 1 },
		"no block":     func(s *otp.Settings) { s.Block = 0 },
	} {
		s := settings()
		spoil(&s)
		if s.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
		_, err := otp.New(otp.Options{Method: "m", Store: new(otp.Memory), Sender: new(world), Hash: func(...string) string { return "" },
			Settings: func() otp.Settings { return s }})
		if err == nil {
			t.Errorf("%s: New accepts", name)
		}
	}
}

func TestLogTellsNoSecret(t *testing.T) {
	w := newWorld(t, settings())
	w.called(t, "login")
	gives(t, w.enter("login", "9753"), otp.ProblemCodeWrong)
	gives(t, w.enter("login", "0042"), "")
	w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return otp.Sent{Code: "12345"}, nil }
	gives(t, w.Request(context.Background(), target("two")), "")
	w.work(t)
	text := w.log.String()
	for _, secret := range []string{phone[1:], "9990000001", "=0042", "=9753", `"0042`, "12345"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q:\n%s", secret, text)
		}
	}
	for _, line := range []string{"code requested", "code sent", "code not accepted", "code confirmed", "code not sent", "phone_hash=", "user_id=", "login_id=", "challenge_id=", "method=", "problem=", "failure="} {
		if !strings.Contains(text, line) {
			t.Errorf("the log lacks %q:\n%s", line, text)
		}
	}
}
