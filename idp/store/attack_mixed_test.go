package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// mixed are limits of which each binds sometimes.
func mixed() otp.Settings {
	s := usual()
	s.Limits = otp.Limits{NumberHour: 2, NumberDay: 6, AddressHour: 2, NetworkHour: 4, PrefixHour: 10, CountryHour: 50, SpendDay: 300_000_000}
	return s
}

// unreachable are numbers that the first route doesn't reach, so that the second
// one is tried.
func unreachable(phone string) bool { return strings.HasSuffix(phone, "7") }

// playMixed is an attack on 200 accounts, whose passwords are known, from 300
// addresses in 40 networks. The numbers have 20 prefixes in 3 countries, and some
// accounts share one. Each attacker asks as early as the rules allow, or too
// early, by this channel or that, in a new login or in the one before, and types
// some wrong codes at once. An accountant gets the log of what was asked, and no
// answer, and says what must have come of it.
func playMixed(t *testing.T, on stage) result {
	a := newAttack(t, on, mixed())
	a.broken = unreachable
	random := rand.New(rand.NewPCG(1, 2))
	book := newAccountant(mixed())
	all := make([]*attacker, 200)
	for i := range all {
		prefix := i % 20
		number := []string{"+7999", "+3749", "+9370"}[prefix%3] + fmt.Sprintf("%03d%04d", prefix, i%190)
		all[i] = &attacker{target: otp.Target{PersonID: fmt.Sprint("account-", i), Phone: number, Country: countryOf(number)}}
	}
	for n := 0; ; n++ {
		x := slices.MinFunc(all, func(x, y *attacker) int { return int(x.next - y.next) })
		at := max(x.next, time.Duration(a.clock.Load())+time.Millisecond) // no two at once: the accountant needs their order
		if at >= on.lasts {
			break
		}
		a.clock.Store(int64(at))
		address := min(random.IntN(300), random.IntN(300)) // some are used more than others
		x.target.RemoteIP = fmt.Sprintf("10.0.%d.%d", address%40, address/40)
		x.target.Channel = []string{"", "", "", "flashCall", "sms"}[random.IntN(5)]
		if x.login == "" || random.IntN(3) > 0 {
			a.logins++
			x.login = fmt.Sprint("login-", a.logins)
		}
		guesses := random.IntN(6)
		if a.ask(a.engines[n%2], x) {
			a.work(1)
			a.entering.Store(true)
			together(guesses, func(i int) { a.guess(a.engines[i%2], x) })
			a.entering.Store(false)
			a.look(a.engines[n%2], x)
		}
		book.asked(at, x.target, x.login, guesses)
		if random.IntN(4) == 0 {
			x.next = min(x.next, at+10*time.Second) // too early
		}
	}
	for name, of := range map[string]func(otp.Delivery) string{
		"number": byNumber, "address": byAddress, "network": byNetwork, "prefix": byPrefix, "country": byCountry, "route": byRoute} {
		if got, want := a.per(of), book.per(of); !maps.Equal(got, want) {
			t.Errorf("calls per %s: %v\nthe accountant says %v", name, got, want)
		}
	}
	if got := int(a.compared.Load()); got != book.guesses {
		t.Errorf("%d guesses were compared, the accountant says %d", got, book.guesses)
	}
	if !maps.Equal(a.refused, book.refused) {
		t.Errorf("requests refused by %v, the accountant says %v", a.refused, book.refused)
	}
	for _, budget := range []string{otp.BudgetNumber, otp.BudgetAddress, otp.BudgetNetwork, otp.BudgetPrefix, otp.BudgetCountry, otp.BudgetSpend} {
		if a.refused[budget] == 0 {
			t.Errorf("the budget %s refused nobody: the attack is too weak", budget)
		}
	}
	return a.result("all limits together", "the same, by an accountant: "+refusals(a.refused))
}

// refusals are how often each budget was used up.
func refusals(by map[string]int) string {
	var all []string
	for _, budget := range slices.Sorted(maps.Keys(by)) {
		all = append(all, fmt.Sprint(budget, " ", by[budget]))
	}
	return strings.Join(all, ", ") + " refused"
}

func byRoute(d otp.Delivery) string { return d.Route }

// accountant says what must come of requests, by the documentation alone.
type accountant struct {
	otp.Settings
	placed   []otp.Delivery
	guesses  int
	refused  map[string]int
	accounts map[string]*account
	logins   map[string]*login
	windows  map[string]*window
}

type account struct {
	spent         int           // calls and guesses since the last block
	blocked, wait time.Duration // until when
}

type login struct {
	guessed int // since the count began
	asked   time.Duration
	channel string
	failed  bool
	begun   bool
}

type window struct {
	count int64
	until time.Duration
}

func newAccountant(s otp.Settings) *accountant {
	return &accountant{Settings: s, refused: map[string]int{}, accounts: map[string]*account{}, logins: map[string]*login{}, windows: map[string]*window{}}
}

// made gives the map's entry, a new one where there is none.
func made[T any](m map[string]*T, key string) *T {
	if m[key] == nil {
		m[key] = new(T)
	}
	return m[key]
}

func (b *accountant) per(of func(otp.Delivery) string) map[string]int {
	counts := map[string]int{}
	for _, d := range b.placed {
		counts[of(d)]++
	}
	return counts
}

// asked is one request with so many wrong codes after it.
func (b *accountant) asked(at time.Duration, t otp.Target, id string, guesses int) {
	who, l := made(b.accounts, t.PersonID), made(b.logins, id)
	if who.blocked > 0 && at >= who.blocked {
		who.spent, who.blocked = 0, 0
	}
	if who.blocked > 0 {
		return
	}
	channel := t.Channel
	if channel == "" && l.begun && !l.failed {
		channel = l.channel
	}
	route, price := "call", int64(callPrice)
	opens := who.wait
	if channel == "sms" {
		route, price = "message", messagePrice
		if l.begun && l.channel != "sms" {
			opens = l.asked + smsWait // the next way out has a wait of its own
		}
	}
	if at < opens {
		return
	}
	if who.spent+2 > b.TotalAttempts {
		who.blocked = at + b.Block
		return
	}
	if !b.take(at, t, price) {
		return
	}
	if l.guessed == b.AttemptsPerLogin {
		l.guessed = 0
	}
	*l = login{guessed: l.guessed, asked: at, channel: map[bool]string{true: "sms", false: "flashCall"}[route == "message"], begun: true}
	b.call(at, t, id, who, route)
	if route == "call" && unreachable(t.Phone) {
		if l.failed = who.spent+2 > b.TotalAttempts || !b.take(at, t, secondPrice); l.failed {
			return
		}
		b.call(at, t, id, who, "second")
	}
	for range guesses {
		if l.guessed == b.AttemptsPerLogin || who.blocked > 0 {
			return
		}
		l.guessed++
		b.guesses++
		if who.spent++; who.spent == b.TotalAttempts {
			who.blocked = at + b.Block
		}
	}
}

func (b *accountant) call(at time.Duration, t otp.Target, id string, who *account, route string) {
	who.spent++
	who.wait = at + b.ResendAfter
	b.placed = append(b.placed, otp.Delivery{Phone: t.Phone, RemoteIP: t.RemoteIP, Route: route, ID: id})
}

// take takes from all limits, or notes the first that is used up.
func (b *accountant) take(at time.Duration, t otp.Target, price int64) bool {
	d := otp.Delivery{Phone: t.Phone, RemoteIP: t.RemoteIP}
	limits := []struct {
		budget, key   string
		amount, limit int64
		lasts         time.Duration
	}{
		{otp.BudgetNumber, "an hour " + byNumber(d), 1, int64(b.Limits.NumberHour), time.Hour},
		{otp.BudgetNumber, "a day " + byNumber(d), 1, int64(b.Limits.NumberDay), oneDay},
		{otp.BudgetAddress, "address " + byAddress(d), 1, int64(b.Limits.AddressHour), time.Hour},
		{otp.BudgetNetwork, "network " + byNetwork(d), 1, int64(b.Limits.NetworkHour), time.Hour},
		{otp.BudgetPrefix, "prefix " + byPrefix(d), 1, int64(b.Limits.PrefixHour), time.Hour},
		{otp.BudgetCountry, "country " + byCountry(d), 1, int64(b.Limits.CountryHour), time.Hour},
		{otp.BudgetSpend, "spend", price, b.Limits.SpendDay, oneDay},
	}
	for _, l := range limits {
		w := made(b.windows, l.key)
		if w.count == 0 || at >= w.until { // it begins with its first use
			*w = window{until: at + l.lasts}
		}
		if w.count+l.amount > l.limit {
			b.refused[l.budget]++
			return false
		}
	}
	for _, l := range limits {
		b.windows[l.key].count += l.amount
	}
	return true
}
