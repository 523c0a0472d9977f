package otp_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// play runs the engine beside the rules. It sees what the sender was asked for,
// which codes were hashed to be compared and which the provider was asked about.
type play struct {
	w        *world
	r        *rules
	browsers []*browser
	past     map[*browser][]order // orders that were replaced
	serial   int
	sent     map[string]bool // orders that were sent, by ID
	accepted map[string]bool // codes that let somebody in
	then     func()          // what the rules do about the work that a node does now
}

// TestRules interleaves all that people, pages, nodes, providers and time can do
// with a chain of three routes, two of one channel, and checks after each step
// that the engine did what the rules say: no more, and no less.
func TestRules(t *testing.T) {
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				m := newPlay(t)
				t.Repeat(m.actions())
			})
		})
	}
}

// actions come more often where more depends on them.
func (m *play) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"ask":           func(t *rapid.T) { m.ask(t, m.browser(t)) },
		"ask and work":  func(t *rapid.T) { m.ask(t, m.browser(t)); m.work(t) },
		"work":          m.work,
		"node dies":     m.nodeDies,
		"news":          m.news,
		"guess":         m.guess,
		"guess wrong":   func(t *rapid.T) { m.enter(t, m.alive(t), "999") },
		"guess right":   func(t *rapid.T) { m.enter(t, m.alive(t), "") },
		"not mine":      m.refuse,
		"stop or allow": m.stop,
		"unblock":       m.unblock,
		"route breaks":  m.breaks,
		"look":          m.look,
		"time passes":   m.passes,
		"wait and ask":  func(t *rapid.T) { m.advance(30 * time.Second); m.ask(t, m.browser(t)); m.work(t) },
		"":              m.holds,
	}
}

func newPlay(t *rapid.T) *play {
	limit := func(name string) int { return rapid.SampledFrom([]int{0, 0, 0, 2, 3, 5, 8}).Draw(t, name) }
	s := otp.Settings{
		CodeLength: 3, AttemptsPerLogin: rapid.IntRange(1, 3).Draw(t, "attempts"), TotalAttempts: rapid.IntRange(3, 12).Draw(t, "total"),
		Validity:    rapid.SampledFrom([]time.Duration{time.Minute, 8 * time.Minute}).Draw(t, "validity"),
		ResendAfter: rapid.SampledFrom([]time.Duration{0, 30 * time.Second}).Draw(t, "resend"), Block: 3 * time.Minute,
		Limits: otp.Limits{
			NumberHour: limit("number"), NumberDay: limit("number a day"), AddressHour: limit("address"), NetworkHour: limit("network"),
			PrefixHour: limit("prefix"), CountryHour: limit("country"), SpendDay: rapid.SampledFrom([]int64{0, 800, 1500, 4000}).Draw(t, "spend"),
		},
	}
	w := newWorldWith(t, s, otp.Timing{Patience: -1, BlindWait: -1})
	m := &play{w: w, past: map[*browser][]order{}, sent: map[string]bool{}, accepted: map[string]bool{}}
	m.r = &rules{Settings: s, now: w.now, people: map[string]*person{}, windows: map[string]*window{}, stopped: map[string]bool{}, routes: []otp.Route{
		{ID: "call", Channel: "flashCall", Driver: "one", Price: 400},
		{ID: "call again", Channel: "flashCall", Driver: "two", Price: 300},
		{ID: "message", Channel: "sms", Driver: "three", Price: 900, Wait: 20 * time.Second},
	}}
	w.routes = func() []otp.Route { return m.r.routes }
	w.entering = true
	const anna, clara, free = "+79990000001", "+79990000002", "+79990000003"
	m.browsers = []*browser{
		{login: "anna's phone", person: "anna", phone: anna, address: "192.0.2.1"},
		{login: "anna's desk", person: "anna", phone: anna, address: "192.0.2.2"},
		{login: "boris", person: "boris", phone: anna, address: "198.51.100.1"},
		{login: "clara", person: "clara", phone: clara, address: "198.51.100.1"},
		{login: "number one", person: w.NumberKey(anna), phone: anna, address: "192.0.2.1", blind: true},
		{login: "number one again", person: w.NumberKey(anna), phone: anna, address: "198.51.100.1", blind: true},
		{login: "nobody", person: w.NumberKey(free), phone: free, address: "192.0.2.1", blind: true, nobody: true},
	}
	for _, b := range m.browsers {
		b.country = "RU"
	}
	return m
}

func (m *play) target(b *browser) otp.Target {
	return otp.Target{LoginID: b.login, PersonID: b.person, Phone: b.phone, Country: b.country, RemoteIP: b.address, Blind: b.blind, Decoy: b.nobody}
}

// browser draws one; each step takes a moment, so that no two are asked for at once.
func (m *play) browser(t *rapid.T) *browser {
	m.advance(time.Millisecond)
	return rapid.SampledFrom(m.browsers).Draw(t, "browser")
}

func (m *play) advance(d time.Duration) { m.w.now = m.w.now.Add(d); m.r.now = m.w.now }

func (m *play) passes(t *rapid.T) {
	m.advance(rapid.SampledFrom([]time.Duration{time.Second, 20 * time.Second, 30 * time.Second, 30 * time.Second, time.Minute,
		3 * time.Minute, time.Hour, 25 * time.Hour}).Draw(t, "time"))
}

// sync learns the ID that the login's order has, and remembers the one before.
func (m *play) sync(t *rapid.T, b *browser, before order) {
	c, err := m.w.Current(context.Background(), b.login)
	if err != nil {
		t.Fatal(err)
	}
	if before.id != "" && c.ID != before.id {
		m.past[b] = append(m.past[b], before)
	}
	b.order.id = c.ID
}

func (b *browser) copy() order {
	if b.order == nil {
		return order{}
	}
	return *b.order
}

func (m *play) ask(t *rapid.T, b *browser) {
	target, again := m.target(b), rapid.Bool().Draw(t, "again")
	target.Channel = rapid.SampledFrom([]string{"", "", "", "flashCall", "sms", "voice"}).Draw(t, "channel")
	ask := m.w.Request
	if again {
		ask = m.w.Resend
	}
	before := b.copy()
	want, fresh := m.r.ask(b, target.Channel, again)
	m.same(t, ask(context.Background(), target), want)
	if b.order == nil {
		return
	}
	m.sync(t, b, before)
	if got := b.order.id != before.id; got != fresh {
		t.Fatalf("%s: a new order: %v, want %v", b.login, got, fresh)
	}
}

func (m *play) same(t *rapid.T, err error, want string) {
	got := ""
	if p := factors.AsProblem(err); p != nil {
		got = p.ID
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Fatalf("problem %q, the rules say %q", got, want)
	}
}

// next is the order that a node is to have sent now.
func (m *play) next() *browser {
	var oldest *browser
	for _, b := range m.browsers {
		if m.r.state(b.order) == otp.Requested && (oldest == nil || b.order.asked.Before(oldest.order.asked)) {
			oldest = b
		}
	}
	return oldest
}

func (m *play) owner(t *rapid.T, id string) *browser {
	i := slices.IndexFunc(m.browsers, func(b *browser) bool { return b.order != nil && b.order.id == id })
	if i < 0 {
		t.Fatalf("order %s is nobody's", id)
	}
	return m.browsers[i]
}

// work lets one node do one piece of work other than a report.
func (m *play) work(t *rapid.T) {
	m.advance(time.Millisecond)
	var polled, sent bool
	b := m.next()
	stopped := b != nil && m.r.stopped[b.phone]
	m.w.send = func(_ context.Context, d otp.Delivery) (otp.Sent, error) {
		sent = true
		if b == nil || b.order.id != d.ID || m.sent[d.ID] || b.order.decoy || stopped || d.Phone != b.phone || d.Route != b.order.route.ID {
			t.Fatalf("sent %+v, the rules say %+v", d, b)
		}
		m.sent[d.ID] = true
		return m.deliver(t, b)
	}
	m.w.poll = func(d otp.Delivery) (otp.News, error) { polled = true; return m.poll(t, d) }
	m.then = func() {}
	for reported := true; reported; {
		before := len(m.w.reports)
		if _, err := m.w.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
		reported = len(m.w.reports) > before
	}
	m.then()
	if sent != (b != nil && !stopped) || sent && polled {
		t.Fatalf("sent: %v, polled: %v, the rules want %+v to be sent; stopped: %v", sent, polled, b, stopped)
	}
	if b != nil && stopped {
		b.order.state = otp.Calling
		m.r.deliver(b, otp.Sent{}, &otp.SendError{}, "", nil)
	}
}

// alive is a browser whose code can be entered.
func (m *play) alive(t *rapid.T) *browser {
	m.advance(time.Millisecond)
	ringing := slices.DeleteFunc(slices.Clone(m.browsers), func(b *browser) bool {
		return m.r.state(b.order) != otp.Called && m.r.state(b.order) != otp.Placed
	})
	if len(ringing) == 0 {
		t.Skip("no phone rings")
	}
	return rapid.SampledFrom(ringing).Draw(t, "browser")
}

// guess draws a code: a wrong one, that of the order before, or another login's.
func (m *play) guess(t *rapid.T) {
	b := m.browser(t)
	code := "999"
	switch rapid.IntRange(0, 3).Draw(t, "code") {
	case 0:
		if other := rapid.SampledFrom(m.browsers).Draw(t, "whose"); other != b {
			code = other.copy().code
		}
	case 1:
		if old := m.past[b]; len(old) > 0 {
			code = old[len(old)-1].code
		}
	}
	m.enter(t, b, code)
}

// enter types the code, or the right one for "".
func (m *play) enter(t *rapid.T, b *browser, code string) {
	before := b.copy()
	if code == "" {
		code = before.code
	}
	if code == "" {
		t.Skip("no such code")
	}
	in := m.r.enter(b, code)
	hashed, checks := m.w.compared, 0
	m.w.check = func(d otp.Delivery, typed string) (otp.Verdict, error) {
		if checks++; in.asks == nil || d.ID != before.id || typed != code {
			t.Fatalf("the provider was asked about %+v and %s, of %+v", d, typed, before)
		}
		hashed -= m.w.compared
		verdict := m.check(t, b, code == before.code)
		hashed += m.w.compared
		in.problem = m.r.answer(b, in, verdict)
		if verdict == "" {
			return "", errBoom
		}
		return verdict, nil
	}
	err := m.w.Enter(context.Background(), otp.Entered{LoginID: b.login, PersonID: b.person, Code: code, Blind: b.blind})
	m.same(t, err, in.problem)
	hashed = m.w.compared - hashed
	if (checks == 1) != (in.asks != nil) || (checks+hashed > 0) != in.compared || hashed > 1 {
		t.Fatalf("%d codes were hashed and %d checked, the rules say %+v", hashed, checks, in)
	}
	if err == nil && (code != before.code || before.decoy || b.nobody || m.accepted[before.id]) {
		t.Fatalf("%s lets %s in, with %+v", code, b.login, before)
	}
	m.accepted[before.id] = m.accepted[before.id] || err == nil
}

func (m *play) refuse(t *rapid.T) {
	b := m.browser(t)
	if err := m.w.Refuse(context.Background(), m.target(b)); err != nil {
		t.Fatal(err)
	}
	before := b.copy()
	m.r.refuse(b)
	m.sync(t, b, before)
}

func (m *play) stop(t *rapid.T) {
	phone := m.browser(t).phone
	do := m.w.Stop
	if m.r.stopped[phone] {
		do = m.w.Allow
	}
	if err := do(context.Background(), phone); err != nil {
		t.Fatal(err)
	}
	m.r.stopped[phone] = !m.r.stopped[phone]
}

func (m *play) unblock(t *rapid.T) {
	b := m.browser(t)
	if err := m.w.Unblock(context.Background(), b.person); err != nil {
		t.Fatal(err)
	}
	*m.r.person(b) = person{}
}

// breaks opens or closes the breaker of a route.
func (m *play) breaks(t *rapid.T) {
	m.r.routes = slices.Clone(m.r.routes)
	i := rapid.IntRange(0, len(m.r.routes)-1).Draw(t, "route")
	m.r.routes[i].Broken = !m.r.routes[i].Broken
}

// look is all that pages read. It must change nothing, and be true.
func (m *play) look(t *rapid.T) {
	ctx, b := context.Background(), m.browser(t)
	before := m.records(t)
	st, err := m.w.Status(ctx, b.login, b.person)
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range m.w.Ways(st, b.phone) {
		route, ok := m.r.route(b.order, b, way.Channel)
		if !ok || !way.At.Equal(m.r.opens(b, b.order, route)) {
			t.Fatalf("%s may be asked for at %v, the rules say %v", way.Channel, way.At, m.r.opens(b, b.order, route))
		}
	}
	if stopped, err := m.w.Stopped(ctx, b.phone); err != nil || stopped != m.r.stopped[b.phone] {
		t.Fatal(stopped, err)
	}
	if !reflect.DeepEqual(before, m.records(t)) {
		t.Fatal("looking changed something")
	}
}

func (m *play) records(t *rapid.T) (all []otp.Record) {
	for _, b := range m.browsers {
		rec, err := m.w.store.Load(context.Background(), otp.Key{Method: "flashCall", LoginID: b.login, PersonID: b.person})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
	return all
}

// limited compares which limit a code would meet.
func (m *play) limited(t *rapid.T, b *browser) {
	first, _ := m.r.route(nil, b, "")
	problem, err := m.w.Limited(context.Background(), m.target(b))
	if err != nil {
		t.Fatal(err)
	}
	got, want := "", m.r.over(m.r.tolls(b, b.nobody, first.Price))
	if problem != nil {
		got = problem.ID
	}
	if got != want {
		t.Fatalf("%s would meet %q, the rules say %q", b, got, want)
	}
}

// holds compares how each login stands.
func (m *play) holds(t *rapid.T) {
	for _, b := range m.browsers {
		st, err := m.w.Status(context.Background(), b.login, b.person)
		if err != nil {
			t.Fatal(err)
		}
		p, o := m.r.person(b), b.copy()
		tries := max(0, min(m.r.AttemptsPerLogin-o.tries, m.r.TotalAttempts-p.spent))
		switch {
		case st.State != m.r.state(b.order):
			t.Fatalf("%s is %q, the rules say %q", b.login, st.State, m.r.state(b.order))
		case !st.BlockedUntil.Equal(p.blocked):
			t.Fatalf("%s is blocked until %v, the rules say %v", b.login, st.BlockedUntil, p.blocked)
		case !st.NextCall.Equal(m.r.nextCall(b, b.order)):
			t.Fatalf("%s: the next call at %v, the rules say %v", b.login, st.NextCall, m.r.nextCall(b, b.order))
		case st.TriesLeft != tries:
			t.Fatalf("%s has %d tries left, the rules say %d", b.login, st.TriesLeft, tries)
		case o.route.ID != "" && st.Challenge.Route != o.route.ID:
			t.Fatalf("%s goes by %s, the rules say %s", b.login, st.Challenge.Route, o.route.ID)
		case p.spent > m.r.TotalAttempts || o.tries > m.r.AttemptsPerLogin:
			t.Fatalf("%s passed a budget: %+v, %+v", b.login, p, o)
		}
		m.limited(t, b)
	}
}
