package otp_test

import (
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// rules are what the documentation says of codes and budgets, applied to what was
// asked for from outside. They know what the phones show and what the provider
// was told, and nothing of the engine's own counts.
type rules struct {
	otp.Settings
	now     time.Time
	routes  []otp.Route // the whole chain
	people  map[string]*person
	windows map[string]*window
	stopped map[string]bool
}

// person is whose total attempts count.
type person struct {
	spent   int       // calls asked for and codes compared since the last success or block
	blocked time.Time // until when; zero if not
	wait    time.Time // no call before that, in whatever login
}

// window is what was taken from one limit.
type window struct {
	count int64
	until time.Time
}

// browser is one login of one person at one address. Blind ones are first
// factors, and nobody says that their number is nobody's.
type browser struct {
	login, person, phone, country, address string
	blind, nobody                          bool
	order                                  *order // what was asked for last
}

// String is for failed tests.
func (b *browser) String() string { return b.login }

// order is one code that was asked for.
type order struct {
	id       string
	state    otp.State // without what time alone does
	route    otp.Route
	decoy    bool
	tries    int    // codes compared in the login since its count began
	code     string // what the phone shows, or the provider knows
	known    bool   // the provider told us the code
	checked  bool   // the provider checks what is typed
	callID   string
	cost     int64 // taken from the budget for spending
	asked    time.Time
	placed   time.Time
	until    time.Time
	resendAt time.Time
}

func (r *rules) after(d time.Duration) time.Time { return r.now.Add(d) }

func (r *rules) person(b *browser) *person {
	p := r.people[b.person]
	if p == nil {
		p = new(person)
		r.people[b.person] = p
	}
	if !r.now.Before(p.blocked) {
		if !p.blocked.IsZero() {
			p.spent = 0
		}
		p.blocked = time.Time{}
	}
	return p
}

func (r *rules) state(o *order) otp.State {
	switch {
	case o == nil:
		return ""
	case o.until.IsZero() || r.now.Before(o.until):
		return o.state
	case o.state == otp.Calling:
		return otp.Unknown
	}
	return otp.Expired
}

func (o *order) end(s otp.State) { o.state, o.until, o.known = s, time.Time{}, false }

// ask gives the problem of asking for a code, and whether a new order is there.
func (r *rules) ask(b *browser, channel string, again bool) (problem string, fresh bool) {
	p, old := r.person(b), b.order
	underway := r.state(old) == otp.Requested || r.state(old) == otp.Calling
	retyped := b.blind && old != nil && old.state == otp.Refused // it was typed by mistake, and now again
	if old != nil && !retyped && (!again || underway && !b.blind) {
		return "", false
	}
	if r.now.Before(p.blocked) {
		return otp.ProblemMethodBlocked, false
	}
	if old != nil && old.state == otp.Refused && !retyped {
		return otp.ProblemNumberNotMine, false
	}
	route, ok := r.route(old, b, channel)
	if !ok {
		return otp.ProblemNoRoute, false
	}
	if r.now.Before(r.opens(b, old, route)) {
		return otp.ProblemResendWait, false
	}
	if p.spent+2 > r.TotalAttempts { // no phone rings for a code that nobody may enter
		p.blocked = r.after(r.Block)
		return otp.ProblemMethodBlocked, false
	}
	decoy := b.nobody
	problem = r.take(r.tolls(b, decoy, route.Price))
	if b.blind && !decoy && (problem == otp.ProblemCallsLimited || problem == otp.ProblemCallsStopped) {
		decoy = true
		problem = r.take(r.tolls(b, decoy, route.Price))
	}
	if problem != "" {
		return problem, false
	}
	p.spent++
	p.wait = r.after(r.ResendAfter)
	o := &order{state: otp.Requested, route: route, decoy: decoy, cost: route.Price,
		asked: r.now, until: r.after(time.Minute), resendAt: p.wait}
	if old != nil && old.state != otp.Confirmed && old.state != otp.Exhausted && old.tries < r.AttemptsPerLogin {
		o.tries = old.tries // a new code never resets the count
	}
	if decoy {
		o.state, o.until = otp.Called, r.after(r.Validity)
	}
	b.order = o
	return "", true
}

// whole is the routes that aren't broken.
func whole(routes []otp.Route) []otp.Route {
	return slices.DeleteFunc(slices.Clone(routes), func(r otp.Route) bool { return r.Broken })
}

// route: of what the person asked for; else of the channel of the last code,
// unless it couldn't be sent; else the chain's first. A broken one only where there is no other.
func (r *rules) route(old *order, b *browser, channel string) (otp.Route, bool) {
	if channel == "" && old != nil && (old.state != otp.Failed || b.blind) {
		channel = old.route.Channel
	}
	for _, routes := range [][]otp.Route{whole(r.routes), r.routes} {
		for _, route := range routes {
			if channel == "" || route.Channel == channel {
				return route, true
			}
		}
	}
	return otp.Route{}, false
}

// opens is when the route may be asked for: the next way out after its own wait,
// all else after that of the person and the one that the provider wanted.
func (r *rules) opens(b *browser, old *order, route otp.Route) time.Time {
	if old != nil && route.Wait > 0 && route.Channel != old.route.Channel && r.place(route) > r.place(old.route) {
		return old.asked.Add(route.Wait)
	}
	return r.nextCall(b, old)
}

func (r *rules) nextCall(b *browser, old *order) time.Time {
	at := r.person(b).wait
	if old != nil && old.resendAt.After(at) {
		at = old.resendAt
	}
	return at
}

func (r *rules) place(route otp.Route) int {
	return slices.IndexFunc(r.routes, func(other otp.Route) bool { return other.ID == route.ID })
}

// toll is what one code takes from one limit.
type toll struct {
	key           string
	amount, limit int64
	lasts         time.Duration
	problem       string
}

// tolls in the order in which they are told of. A decoy costs no money, and counts
// for who asks and for the number, so that both answer alike.
func (r *rules) tolls(b *browser, decoy bool, price int64) []toll {
	network := b.address[:strings.LastIndex(b.address, ".")]
	all := []toll{
		{"number " + b.phone, 1, int64(r.Limits.NumberHour), time.Hour, otp.ProblemNumberLimited},
		{"number a day " + b.phone, 1, int64(r.Limits.NumberDay), day, otp.ProblemNumberLimited},
		{"address " + b.address, 1, int64(r.Limits.AddressHour), time.Hour, otp.ProblemNumberLimited},
		{"network " + network, 1, int64(r.Limits.NetworkHour), time.Hour, otp.ProblemNumberLimited},
	}
	if !decoy {
		all = append(all,
			toll{"prefix " + b.phone[:len(b.phone)-4], 1, int64(r.Limits.PrefixHour), time.Hour, otp.ProblemCallsLimited},
			toll{"country " + b.country, 1, int64(r.Limits.CountryHour), time.Hour, otp.ProblemCallsLimited},
			toll{"spend", price, r.Limits.SpendDay, day, otp.ProblemCallsLimited})
	}
	if !decoy && r.stopped[b.phone] {
		all = append([]toll{{key: "stop", amount: 1, limit: -1, problem: otp.ProblemCallsStopped}}, all...)
	}
	return slices.DeleteFunc(all, func(t toll) bool { return t.limit == 0 })
}

// over is the problem of the first limit that would be passed.
func (r *rules) over(tolls []toll) string {
	for _, t := range tolls {
		if r.window(t).count+t.amount > t.limit {
			return t.problem
		}
	}
	return ""
}

// take takes all or nothing.
func (r *rules) take(tolls []toll) (problem string) {
	if problem := r.over(tolls); problem != "" {
		return problem
	}
	for _, t := range tolls {
		r.window(t).count += t.amount
	}
	return ""
}

// window of a limit: it begins with the first use after the last one ended.
func (r *rules) window(t toll) *window {
	w := r.windows[t.key]
	if w == nil || !r.now.Before(w.until) {
		w = &window{until: r.after(t.lasts)}
		if t.lasts > 0 {
			r.windows[t.key] = w
		}
	}
	return w
}

// settle takes what the order really cost: once, and maybe beyond the limit,
// since the money is gone.
func (r *rules) settle(o *order, cost int64) {
	if cost == 0 || cost == o.cost || r.Limits.SpendDay == 0 {
		return
	}
	w := r.window(toll{key: "spend", lasts: day})
	w.count = max(0, w.count+cost-o.cost)
	o.cost = cost
}

// deliver is what becomes of an order that a node had sent, with what a callback
// had told by then.
func (r *rules) deliver(b *browser, sent otp.Sent, failure *otp.SendError, code string, early *otp.News) {
	o := b.order
	if r.state(o) != otp.Calling && r.state(o) != otp.Unknown {
		return // ended, or replaced, while it was under way
	}
	if !b.blind {
		p := r.person(b)
		p.wait = r.after(r.ResendAfter)
		o.resendAt = p.wait
		if failure != nil && failure.RetryAfter > r.ResendAfter {
			o.resendAt = r.after(failure.RetryAfter)
		}
	}
	if failure != nil {
		r.fail(b, failure.MovesOn)
		return
	}
	o.state, o.placed, o.until = otp.Placed, r.now, r.after(r.Validity)
	o.code, o.known, o.checked, o.callID = code, sent.Code != "", sent.ByProvider, sent.CallID
	r.settle(o, sent.Cost)
	if !sent.Pending {
		r.reached(o)
	} else if early != nil {
		r.hear(b, otp.News{State: early.State, MovesOn: early.MovesOn})
	}
}

// hear is what news of the order do: it must be under way still.
func (r *rules) hear(b *browser, n otp.News) {
	o := b.order
	if r.state(o) != otp.Placed {
		return
	}
	if !o.known && !o.checked && n.Code != "" {
		o.code, o.known = n.Code, true
	}
	r.settle(o, n.Cost)
	switch n.State {
	case otp.NewsFailed:
		r.fail(b, n.MovesOn)
	case otp.NewsRinging, otp.NewsDelivered:
		if o.known || o.checked {
			r.reached(o)
		}
	}
}

// reached: the code lives from now on, and at most ten minutes from the order on.
func (r *rules) reached(o *order) {
	o.state, o.until = otp.Called, r.after(r.Validity)
	if last := o.placed.Add(10 * time.Minute); o.until.After(last) {
		o.until = last
	}
}

// fail ends the order or moves on to the chain's next route, where all budgets
// let it and a code could be entered afterwards. A blind one never moves.
func (r *rules) fail(b *browser, movesOn bool) {
	o, p := b.order, r.person(b)
	next := whole(r.routes[r.place(o.route)+1:])
	if !movesOn || len(next) == 0 || b.blind || r.now.Before(p.blocked) || p.spent+2 > r.TotalAttempts ||
		o.tries >= r.AttemptsPerLogin || r.take(r.tolls(b, false, next[0].Price)) != "" {
		o.end(otp.Failed)
		return
	}
	p.spent++
	p.wait = r.after(r.ResendAfter)
	b.order = &order{state: otp.Requested, route: next[0], tries: o.tries, cost: next[0].Price,
		asked: o.asked, until: r.after(time.Minute), resendAt: o.resendAt}
}

// refuse: the person says that the number isn't theirs.
func (r *rules) refuse(b *browser) {
	if b.order == nil {
		b.order = &order{decoy: b.nobody, resendAt: r.after(r.ResendAfter), asked: r.now}
	}
	if b.order.state != otp.Confirmed {
		b.order.end(otp.Refused)
	}
}

// entered is what becomes of a typed code.
type entered struct {
	problem  string
	compared bool   // by us or by the provider: an attempt is spent
	asks     *order // the provider is asked about it
}

// enter spends first and compares then. Where the provider is asked, answer tells
// the rest.
func (r *rules) enter(b *browser, code string) entered {
	p, o := r.person(b), b.order
	if r.now.Before(p.blocked) {
		return entered{problem: otp.ProblemMethodBlocked}
	}
	state := r.state(o)
	alive := o != nil && !o.decoy && (state == otp.Placed || state == otp.Called) && (o.known || o.checked)
	if b.blind {
		state = r.blind(o)
	}
	if problem := refusal(state, alive || b.blind); problem != "" {
		return entered{problem: problem}
	}
	if o.tries >= r.AttemptsPerLogin {
		o.end(otp.Exhausted)
		return entered{problem: otp.ProblemCodeExhausted}
	}
	o.tries++
	if p.spent++; p.spent == r.TotalAttempts {
		p.blocked = r.after(r.Block)
	}
	in := entered{compared: true}
	if alive && o.checked {
		in.asks = o
	}
	switch {
	case in.asks != nil && !b.blind:
	case alive && o.known && code == o.code:
		r.confirm(b)
	default:
		in.problem = r.wrong(b)
	}
	return in
}

// answer is what the provider's word makes of an entered code, empty where it
// can't be asked. A blind one shows only that it was right.
func (r *rules) answer(b *browser, in entered, verdict otp.Verdict) string {
	o := b.order
	switch {
	case b.blind && verdict != otp.VerdictRight:
		return in.problem
	case verdict == "":
		return otp.ProblemCheckFailed
	case o != in.asks: // replaced meanwhile
		return otp.ProblemCodeNone
	case o.state == otp.Confirmed:
		return otp.ProblemCodeUsed
	case verdict == otp.VerdictRight:
		r.confirm(b)
		return ""
	case verdict == otp.VerdictExpired:
		if o.state != otp.Exhausted {
			o.until = r.now
		}
		return otp.ProblemCodeExpired
	case verdict == otp.VerdictLocked:
		o.end(otp.Exhausted)
		return otp.ProblemCodeExhausted
	}
	return r.wrong(b)
}

// blind is what a blind view shows: nothing of what became of the call.
func (r *rules) blind(o *order) otp.State {
	switch {
	case o == nil || o.state == otp.Confirmed || o.state == otp.Exhausted:
		return r.state(o)
	case !r.now.Before(o.asked.Add(r.Validity)):
		return otp.Expired
	}
	return otp.Called
}

func refusal(s otp.State, comparable bool) string {
	switch s {
	case otp.Requested, otp.Calling:
		return otp.ProblemCodePending
	case otp.Placed, otp.Called:
		if comparable {
			return ""
		}
		return otp.ProblemCodePending
	case otp.Confirmed:
		return otp.ProblemCodeUsed
	case otp.Exhausted:
		return otp.ProblemCodeExhausted
	case otp.Expired:
		return otp.ProblemCodeExpired
	}
	return otp.ProblemCodeNone
}

func (r *rules) confirm(b *browser) {
	b.order.end(otp.Confirmed)
	*r.person(b) = person{}
}

func (r *rules) wrong(b *browser) string {
	used := b.order.tries == r.AttemptsPerLogin
	if used {
		b.order.end(otp.Exhausted)
	}
	switch {
	case r.now.Before(r.person(b).blocked):
		return otp.ProblemMethodBlocked
	case used:
		return otp.ProblemCodeExhausted
	}
	return otp.ProblemCodeWrong
}
