package otp_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// model watches two logins of one person from outside: it counts the calls that
// the sender placed and the codes that were hashed to be compared, and knows
// which code each phone shows. It never reads the engine's own counts.
type model struct {
	w       *world
	logins  map[string]*loginModel
	spent   int       // calls asked for and codes compared since the last success or block
	blocked time.Time // until when; zero if not
	wait    time.Time // until when the person gets no call in any login; a success ends it
	asked   int       // requests that were accepted
	died    int       // of those, claimed by nodes that died
	digit   int
}

type loginModel struct {
	code     string // what the phone shows last; empty once used or replaced
	until    time.Time
	compared int // since the count of this login began
	full     bool
	resendAt time.Time
}

const (
	tries, total = 3, 12
	between      = 30 * time.Second // two calls
)

// called begins the wait of the person and that of the login.
func (m *model) called(l *loginModel) {
	l.resendAt = m.w.now.Add(between)
	m.wait = l.resendAt
}

// nextCall is when the login may ask for a call.
func (m *model) nextCall(l *loginModel) time.Time {
	if l.resendAt.After(m.wait) {
		return l.resendAt
	}
	return m.wait
}

// TestModel interleaves everything that people, pages, nodes and time can do
// and checks that no budget is passed, no code counts twice, no call of the
// person is asked for too soon after the last one unless a success lies between,
// and that what is allowed works.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := settings()
		s.CodeLength, s.AttemptsPerLogin, s.TotalAttempts = 3, tries, total
		s.Block, s.ResendAfter = 2*time.Minute, between
		m := &model{w: newWorld(t, s), logins: map[string]*loginModel{"one": {}, "two": {}}}
		m.w.entering = true
		t.Repeat(map[string]func(*rapid.T){
			"request":      func(t *rapid.T) { m.ask(t, m.w.Request, false) },
			"resend":       func(t *rapid.T) { m.ask(t, m.w.Resend, true) },
			"call":         m.call,
			"call fails":   m.callFails,
			"call again":   m.callAgain,
			"node dies":    m.nodeDies,
			"guess right":  func(t *rapid.T) { m.guess(t, func(l *loginModel) string { return l.code }) },
			"guess wrong":  func(t *rapid.T) { m.guess(t, func(*loginModel) string { return "999" }) },
			"guess stolen": m.stolen,
			"time passes":  m.passes,
			"look":         m.look,
			"":             m.invariants,
		})
	})
}

func (m *model) login(t *rapid.T) (string, *loginModel) {
	name := rapid.SampledFrom([]string{"one", "two"}).Draw(t, "login")
	return name, m.logins[name]
}

// renew follows the clock: a block that is over starts the total anew.
func (m *model) renew() {
	if !m.blocked.IsZero() && !m.w.now.Before(m.blocked) {
		m.spent, m.blocked = 0, time.Time{}
	}
}

func (m *model) ask(t *rapid.T, ask func(context.Context, otp.Target) error, again bool) {
	m.renew()
	name, l := m.login(t)
	before := m.w.status(t, name)
	err := ask(context.Background(), target(name))
	after := m.w.status(t, name)
	fresh := after.Challenge != nil && (before.Challenge == nil || before.Challenge.ID != after.Challenge.ID)
	switch p := factors.AsProblem(err); {
	case p != nil:
		if fresh || p.ID == otp.ProblemResendWait && !m.w.now.Before(m.nextCall(l)) {
			t.Fatalf("refused with %v; a call may be asked for at %v", err, m.nextCall(l))
		}
		if p.ID == otp.ProblemMethodBlocked && m.blocked.IsZero() {
			m.refusedByTotal(t)
		}
	case err != nil:
		t.Fatal(err)
	case fresh:
		underway := before.State == otp.Requested || before.State == otp.Calling
		if !m.blocked.IsZero() || underway || before.Challenge != nil && !again {
			t.Fatalf("a call was asked for that must not be: blocked until %v, before %+v", m.blocked, before.Challenge)
		}
		if m.w.now.Before(m.nextCall(l)) {
			t.Fatalf("a call was asked for at %v, before %v", m.w.now, m.nextCall(l))
		}
		m.asked++
		m.spent++
		if before.State == otp.Confirmed || l.full {
			l.compared, l.full = 0, false
		}
		l.code = ""
		m.called(l)
	}
}

// refusedByTotal: no call is placed whose code could not be entered; the block
// begins instead.
func (m *model) refusedByTotal(t *rapid.T) {
	if m.spent+2 <= total {
		t.Fatalf("blocked though only %d of %d are spent", m.spent, total)
	}
	m.blocked = m.w.now.Add(2 * time.Minute)
}

// call has one node send one code; each code is another.
func (m *model) call(t *rapid.T) {
	m.digit = (m.digit + 1) % 900
	code := fmt.Sprintf("%03d", m.digit)
	m.w.send = sends(code)
	m.work(t, func(name string) {
		l := m.logins[name]
		l.code, l.until = code, m.w.now.Add(time.Minute)
		m.called(l)
	})
}

// callAgain is what people do most: they wait, ask again, and the phone rings.
func (m *model) callAgain(t *rapid.T) {
	m.w.now = m.w.now.Add(between)
	m.ask(t, m.w.Resend, true)
	m.call(t)
}

func (m *model) callFails(t *rapid.T) {
	m.w.send = func(context.Context, otp.Delivery) (otp.Sent, error) { return otp.Sent{}, errors.New("boom") }
	m.work(t, func(name string) { m.called(m.logins[name]) })
}

// work lets one node work and finds out whose challenge it was.
func (m *model) work(t *rapid.T, then func(login string)) {
	before := len(m.w.sent)
	did, err := m.w.Work(context.Background())
	if err != nil || len(m.w.sent)-before > 1 || did != (len(m.w.sent) > before) {
		t.Fatalf("one piece of work (%v, %v) placed %d calls", did, err, len(m.w.sent)-before)
	}
	if !did {
		return
	}
	for name := range m.logins {
		if c := m.w.status(t, name).Challenge; c != nil && c.ID == m.w.sent[before].ID {
			then(name)
			return
		}
	}
	t.Fatal("a call was placed for a challenge that is nobody's")
}

func (m *model) nodeDies(t *rapid.T) {
	c, err := m.w.store.Claim(context.Background(), "flashCall", m.w.now, m.w.now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if c != nil {
		m.died++
	}
}

// stolen guesses the code that the other login's phone shows.
func (m *model) stolen(t *rapid.T) {
	m.guess(t, func(l *loginModel) string {
		for _, other := range m.logins {
			if other != l {
				return other.code
			}
		}
		return ""
	})
}

func (m *model) guess(t *rapid.T, codeOf func(*loginModel) string) {
	m.renew()
	name, l := m.login(t)
	code := codeOf(l)
	if code == "" {
		t.Skip("no such code")
	}
	valid := l.code != "" && m.w.now.Before(l.until) && m.blocked.IsZero() && !l.full && m.spent < total
	before := m.w.compared
	err := m.w.enter(name, code)
	compared := m.w.compared - before
	if err != nil && factors.AsProblem(err) == nil {
		t.Fatal(err)
	}
	m.spent += compared
	l.compared += compared
	switch {
	case compared != 0 && !valid:
		t.Fatalf("a code was compared that must not be: %+v, blocked %v", l, m.blocked)
	case compared != 1 && valid:
		t.Fatalf("%d codes were compared, want one: %v", compared, err)
	case (err == nil) != (valid && code == l.code):
		t.Fatalf("code %s gave %v; the phone shows %+v", code, err, l)
	case err == nil:
		m.spent, m.blocked, m.wait, l.code, l.compared = 0, time.Time{}, time.Time{}, "", 0
	case valid:
		l.full = l.compared == tries
		if m.spent == total {
			m.blocked = m.w.now.Add(2 * time.Minute)
		}
	}
}

func (m *model) passes(t *rapid.T) {
	seconds := rapid.SampledFrom([]int{1, 15, 30, 61, 130}).Draw(t, "seconds")
	m.w.now = m.w.now.Add(time.Duration(seconds) * time.Second)
}

// look is a page view: it must change nothing.
func (m *model) look(t *rapid.T) {
	name, _ := m.login(t)
	key := otp.Key{Method: "flashCall", LoginID: name, PersonID: "person"}
	before, _ := m.w.store.Load(context.Background(), key)
	m.w.status(t, name)
	after, _ := m.w.store.Load(context.Background(), key)
	if before.Budget != after.Budget || before.Challenge != nil && *before.Challenge != *after.Challenge {
		t.Fatalf("a look changed %+v to %+v", before, after)
	}
}

func (m *model) invariants(t *rapid.T) {
	m.renew()
	if m.spent > total {
		t.Fatalf("%d of %d total attempts are spent", m.spent, total)
	}
	if len(m.w.sent)+m.died > m.asked {
		t.Fatalf("%d calls for %d requests", len(m.w.sent)+m.died, m.asked)
	}
	for name, l := range m.logins {
		if l.compared > tries {
			t.Fatalf("login %s compared %d of %d codes", name, l.compared, tries)
		}
		st := m.w.status(t, name)
		if st.BlockedUntil.IsZero() != m.blocked.IsZero() {
			t.Fatalf("login %s: blocked until %v, the model says %v", name, st.BlockedUntil, m.blocked)
		}
		if !st.NextCall.Equal(m.nextCall(l)) {
			t.Fatalf("login %s: the next call is possible at %v, the model says %v", name, st.NextCall, m.nextCall(l))
		}
	}
}
