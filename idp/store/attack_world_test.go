package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// attack is a provider under attack: two engines on one store, a clock that
// the test moves, and a telephone provider that counts. All that is expected of it
// is computed elsewhere; here is only what can be seen from outside.
type attack struct {
	t        *testing.T
	start    time.Time
	clock    atomic.Int64 // since start
	engines  [2]*otp.Engine
	logins   int
	entering atomic.Bool
	compared atomic.Int64      // codes that were hashed to be compared
	told     func() int64      // what an order cost, where the provider tells it
	broken   func(string) bool // numbers that the first route can't reach

	mu      sync.Mutex
	placed  []otp.Delivery
	refused map[string]int // requests, by the budget that was used up
}

const (
	callPrice    = 400_000
	secondPrice  = 300_000
	messagePrice = 3_000_000
	smsWait      = 20 * time.Second
	oneDay       = 24 * time.Hour
)

// usual are the settings of a careful administrator, without any limit that others share.
func usual() otp.Settings {
	return otp.Settings{CodeLength: 4, Validity: 2 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10,
		Block: 30 * time.Minute, ResendAfter: 45 * time.Second}
}

func newAttack(t *testing.T, on stage, s otp.Settings) *attack {
	t.Helper()
	a := &attack{t: t, start: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), refused: map[string]int{}}
	a.told = func() int64 { return 0 }
	a.broken = func(string) bool { return false }
	challenges := openURL(t, on.url(t)).Challenges()
	for i := range a.engines {
		e, err := otp.New(otp.Options{
			Method: "flashCall", Store: challenges, Sender: a, Settings: func() otp.Settings { return s }, Hash: a.hash,
			Now: a.now, Count: a.count, Timing: otp.Timing{Patience: -1, BlindWait: -1},
		})
		if err != nil {
			t.Fatal(err)
		}
		a.engines[i] = e
	}
	return a
}

func (a *attack) now() time.Time { return a.start.Add(time.Duration(a.clock.Load())) }

func (a *attack) count(budget string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refused[budget]++
}

func (a *attack) hash(parts ...string) string {
	if parts[0] == "otp code" && a.entering.Load() {
		a.compared.Add(1)
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", parts)))
	return hex.EncodeToString(sum[:])
}

// Routes is otp.Sender's.
func (a *attack) Routes(string, time.Time) []otp.Route {
	return []otp.Route{
		{ID: "call", Channel: "flashCall", Driver: "one", Price: callPrice},
		{ID: "second", Channel: "flashCall", Driver: "two", Price: secondPrice},
		{ID: "message", Channel: "sms", Driver: "three", Price: messagePrice, Wait: smsWait},
	}
}

// Send is otp.Sender's. No code is 9999, which the attackers type.
func (a *attack) Send(_ context.Context, d otp.Delivery) (otp.Sent, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.placed = append(a.placed, d)
	if d.Route == "call" && a.broken(d.Phone) {
		return otp.Sent{}, &otp.SendError{Kind: "unreachable", MovesOn: true}
	}
	return otp.Sent{Code: fmt.Sprintf("%04d", len(a.placed)%9999), Cost: a.told()}, nil
}

// Check is otp.Sender's.
func (a *attack) Check(context.Context, otp.Delivery, string) (otp.Verdict, error) {
	return otp.VerdictWrong, nil
}

// Poll is otp.Sender's.
func (a *attack) Poll(context.Context, otp.Delivery) (otp.News, error) {
	return otp.News{State: otp.NewsPending}, nil
}

// Report is otp.Sender's.
func (a *attack) Report(context.Context, otp.Delivery, string, bool) error { return nil }

// together runs do for 0 to n-1, several at a time, so that writes share commits.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	free := make(chan struct{}, 32)
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			do(i)
			<-free
		})
	}
	all.Wait()
}

// attacker knows the password of one account, and not its phone.
type attacker struct {
	target otp.Target
	// codes are how many guesses are typed at once for each code of one login; nil:
	// three for each, and a new login each time, all day long.
	codes []int
	next  time.Duration // when the rules may let them ask again
	login string
	got   int // codes in this login
}

// act is all that the attackers do who may act at the time: they ask at once, the
// nodes place what was accepted, and all guess at once.
func (a *attack) act(at time.Duration, due []*attacker) {
	a.clock.Store(int64(at))
	for _, x := range due {
		if x.codes == nil || x.login == "" {
			a.logins++
			x.login, x.got = fmt.Sprint("login-", a.logins), 0
		}
	}
	accepted := make([]bool, len(due))
	together(len(due), func(i int) { accepted[i] = a.ask(a.engines[i%2], due[i]) })
	a.work(min(4, len(due)))
	var typing []*attacker
	for i, x := range due {
		if accepted[i] {
			for range x.guesses() {
				typing = append(typing, x)
			}
			x.got++
		}
	}
	a.entering.Store(true)
	together(len(typing), func(i int) { a.guess(a.engines[i%2], typing[i]) })
	a.entering.Store(false)
	together(len(due), func(i int) {
		if accepted[i] {
			a.look(a.engines[i%2], due[i])
		}
	})
}

func (x *attacker) guesses() int {
	if x.codes == nil {
		return 3
	}
	return x.codes[x.got]
}

// ask has the attacker try again when the problem says that it is over.
func (a *attack) ask(e *otp.Engine, x *attacker) bool {
	t := x.target
	t.LoginID = x.login
	err := e.Resend(context.Background(), t)
	if err == nil {
		return true
	}
	p := factors.AsProblem(err)
	if p == nil {
		a.t.Error("asking for a code:", err)
		return false
	}
	x.next = 2 * oneDay // not in this test
	for _, arg := range []string{"until", "resend_at"} {
		if until, ok := p.Args[arg].(time.Time); ok {
			x.next = until.Sub(a.start)
		}
	}
	return false
}

// work has both nodes place all calls that wait, so many at a time.
func (a *attack) work(workers int) {
	together(workers, func(i int) {
		for {
			did, err := a.engines[i%2].Work(context.Background())
			if err != nil {
				a.t.Error("placing a call:", err)
			}
			if !did {
				return
			}
		}
	})
}

func (a *attack) guess(e *otp.Engine, x *attacker) {
	err := e.Enter(context.Background(), otp.Entered{LoginID: x.login, PersonID: x.target.PersonID, Code: "9999", Blind: x.target.Blind})
	if factors.AsProblem(err) == nil {
		a.t.Error("a wrong code gave", err)
	}
}

// look tells the attacker when to ask again, as the page does.
func (a *attack) look(e *otp.Engine, x *attacker) {
	st, err := e.Status(context.Background(), x.login, x.target.PersonID)
	if err != nil {
		a.t.Error("looking:", err)
		return
	}
	x.next = max(st.NextCall.Sub(a.start), st.BlockedUntil.Sub(a.start))
	if x.codes != nil && x.got == len(x.codes) {
		x.next = 2 * oneDay
	}
}

// last lets the attackers act for so long, each whenever the rules may let them.
func (a *attack) last(long time.Duration, all []*attacker) {
	for {
		at := long
		for _, x := range all {
			at = min(at, x.next)
		}
		if at == long {
			return
		}
		var due []*attacker
		for _, x := range all {
			if x.next <= at {
				due = append(due, x)
			}
		}
		a.act(at, due)
	}
}

// per counts the placed calls by what they have in common.
func (a *attack) per(of func(otp.Delivery) string) map[string]int {
	counts := map[string]int{}
	for _, d := range a.placed {
		counts[of(d)]++
	}
	return counts
}

func byNumber(d otp.Delivery) string  { return d.Phone }
func byAddress(d otp.Delivery) string { return d.RemoteIP }
func byPrefix(d otp.Delivery) string  { return d.Phone[:len(d.Phone)-4] }
func byAll(otp.Delivery) string       { return "all" }

// byNetwork is the /24 or /48.
func byNetwork(d otp.Delivery) string {
	ip := netip.MustParseAddr(d.RemoteIP)
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}

// byCountry knows the three that the numbers here are in.
func byCountry(d otp.Delivery) string { return countryOf(d.Phone) }

func countryOf(phone string) string {
	return map[string]string{"+7": "RU", "+3": "DE", "+9": "AM"}[phone[:2]]
}
