package otp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Limits are how many codes are sent, counted over all people, logins and
// clients. A window begins with the first use after the last one ended. 0
// switches a limit off.
type Limits struct {
	// NumberHour and NumberDay protect who owns a number from being rung all day.
	NumberHour, NumberDay int
	// AddressHour counts an IP address, NetworkHour its /24 or /48.
	AddressHour, NetworkHour int
	// PrefixHour counts a number without its last four digits: fraud on premium
	// ranges walks through neighbours.
	PrefixHour int
	// CountryHour counts a country.
	CountryHour int
	// SpendDay is money, in millionths of Currency.
	SpendDay int64
	// Currency of SpendDay and of all prices, for people.
	Currency string
}

// Names of the budgets, for logs and metrics.
const (
	BudgetStop    = "stop"
	BudgetNumber  = "number"
	BudgetAddress = "address"
	BudgetNetwork = "network"
	BudgetPrefix  = "prefix"
	BudgetCountry = "country"
	BudgetSpend   = "spend"
)

// Charge is what one code takes from one counter.
type Charge struct {
	// Budget is its name; Key finds the counter.
	Budget, Key string
	// Amount to add, below 0 where an order cost less than its price, and the most
	// that there may be afterwards.
	Amount, Limit int64
	// Until is when a window that begins now ends.
	Until time.Time
}

// shownLimit is the limit as the settings have it.
func (c Charge) shownLimit() string {
	if c.Budget != BudgetSpend {
		return strconv.FormatInt(c.Limit, 10)
	}
	return strconv.FormatFloat(float64(c.Limit)/1e6, 'f', -1, 64)
}

// Counter is how much of a budget is used, in a window that ends at Until.
type Counter struct {
	Count int64
	Until time.Time
}

// OverError says that a charge would pass its limit: nothing was charged.
type OverError struct {
	Charge Charge
	// Until is when the counter's window ends.
	Until time.Time
}

// Error is for logs.
func (e *OverError) Error() string { return "the budget " + e.Charge.Budget + " is used up" }

// ofNumber says whether the budget is one that a person may be told of by
// itself: what they, or others with their number or address, did.
func ofNumber(budget string) bool {
	return budget == BudgetNumber || budget == BudgetAddress || budget == BudgetNetwork
}

// problem is what the person learns.
func (e *OverError) problem() *factors.Problem {
	switch {
	case e.Charge.Budget == BudgetStop:
		return conflict(ProblemCallsStopped)
	case ofNumber(e.Charge.Budget):
		return limited(ProblemNumberLimited, e.Until)
	}
	return limited(ProblemCallsLimited, e.Until)
}

const day = 24 * time.Hour

// charges are what a code by the route takes. The order decides which limit is
// told of where several are passed. A decoy costs nobody's money, and its number
// is nobody's, so it only counts for who asks, and for the number itself: a
// limit must answer alike whether somebody has the number. In place of the other
// counters it takes some that mean nothing, so that it costs the same time too.
func (e *Engine) charges(c *Challenge, price int64, now time.Time) []Charge {
	l := e.settings().Limits
	var all []Charge
	add := func(budget, key string, limit int64, window time.Duration) {
		if limit > 0 {
			all = append(all, Charge{Budget: budget, Key: key, Amount: 1, Limit: limit, Until: now.Add(window)})
		}
	}
	hour, daily := e.numberKeys(c.Phone)
	all = append(all, Charge{Budget: BudgetStop, Key: e.stopKey(c.Phone), Until: now})
	add(BudgetNumber, hour, int64(l.NumberHour), time.Hour)
	add(BudgetNumber, daily, int64(l.NumberDay), day)
	if ip, err := netip.ParseAddr(c.RemoteIP); err == nil {
		add(BudgetAddress, e.limitKey(BudgetAddress, ip.String()), int64(l.AddressHour), time.Hour)
		add(BudgetNetwork, e.limitKey(BudgetNetwork, network(ip)), int64(l.NetworkHour), time.Hour)
	}
	add(BudgetPrefix, e.limitKey(BudgetPrefix, c.Phone[:max(0, len(c.Phone)-4)]), int64(l.PrefixHour), time.Hour)
	if c.Country != "" {
		add(BudgetCountry, BudgetCountry+":"+c.Country, int64(l.CountryHour), time.Hour)
	}
	if l.SpendDay > 0 {
		all = append(all, Charge{Budget: BudgetSpend, Key: BudgetSpend, Amount: price, Limit: most(l.SpendDay, price), Until: now.Add(day)})
	}
	if c.Decoy {
		blunt(all)
	}
	return all
}

// blunt has the charges that only a number that somebody has may make go to
// counters that nobody reads.
func blunt(charges []Charge) {
	for i, c := range charges {
		if !ofNumber(c.Budget) {
			charges[i].Key, charges[i].Limit = c.Key+":decoy", math.MaxInt64
		}
	}
}

// most is how much may be spent after an order of that price. One of no known
// price, which its provider may tell later, wants something to be left.
func most(limit, price int64) int64 {
	if price == 0 {
		return limit - 1
	}
	return limit
}

// settle notes what the order cost, and charges it beside what it has taken by now,
// however often a provider tells it; it may pass the limit, because the money is spent.
func (e *Engine) settle(rec *Record, cost int64, now time.Time) {
	c := rec.Challenge
	if cost > 0 {
		c.Cost = cost
	}
	if cost <= 0 || cost == c.Charged || e.settings().Limits.SpendDay == 0 {
		return
	}
	rec.charge(Charge{Budget: BudgetSpend, Key: BudgetSpend, Amount: cost - c.Charged, Limit: math.MaxInt64, Until: now.Add(day)})
	c.Charged = cost
}

// charge adds to what the change takes; two charges of one counter become one,
// with the lower limit.
func (r *Record) charge(more ...Charge) {
	for _, c := range more {
		i := slices.IndexFunc(r.Charges, func(have Charge) bool { return have.Key == c.Key })
		if i < 0 {
			r.Charges = append(r.Charges, c)
			continue
		}
		r.Charges[i].Amount += c.Amount
		r.Charges[i].Limit = min(r.Charges[i].Limit, c.Limit)
	}
}

// network is what one customer of a provider usually has: a /24 or a /48.
func network(ip netip.Addr) string {
	bits := 48
	if ip = ip.Unmap(); ip.Is4() {
		bits = 24
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}

// limitKey hides numbers and addresses: counters are no list of customers.
func (e *Engine) limitKey(budget, value string) string {
	return budget + ":" + e.hash("limit", budget, value)
}

func (e *Engine) stopKey(phone string) string { return e.limitKey(BudgetStop, phone) }

// alarms keeps budgets of everybody, once used up, from filling the log: each is
// told of once in a while by every node.
type alarms struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// alarmEvery is how often a used up budget is told of at error level.
const alarmEvery = 10 * time.Minute

// maxAlarms bounds what is remembered of alarms; beyond it some come twice.
const maxAlarms = 1000

func (a *alarms) due(key string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == nil || len(a.last) >= maxAlarms {
		a.last = map[string]time.Time{}
	}
	if last, ok := a.last[key]; ok && now.Sub(last) < alarmEvery {
		return false
	}
	a.last[key] = now
	return true
}

// over logs a limit that was met. Those of prefix, country and spend are an
// alarm: nobody meets them alone.
func (e *Engine) over(ctx context.Context, key Key, c *Challenge, o *OverError) {
	level := slog.LevelInfo
	if !ofNumber(o.Charge.Budget) && o.Charge.Budget != BudgetStop && e.alarms.due(o.Charge.Key, e.now()) {
		level = slog.LevelError
	}
	e.count(o.Charge.Budget)
	e.log.Log(ctx, level, "budget used up", e.fields(key, c.ID, c.Phone,
		"budget", o.Charge.Budget, "limit", o.Charge.shownLimit(), "until", o.Until, "country", c.Country)...)
}

// Validate returns every limit that is negative, joined.
func (l Limits) Validate() error {
	var faults []error
	check := func(n int64, of string) {
		if n < 0 {
			faults = append(faults, fmt.Errorf("the limit of %s must be 0 or more, not %d; 0 switches it off", of, n))
		}
	}
	check(int64(l.NumberHour), "calls to a number an hour")
	check(int64(l.NumberDay), "calls to a number a day")
	check(int64(l.AddressHour), "calls from an address")
	check(int64(l.NetworkHour), "calls from a network")
	check(int64(l.PrefixHour), "calls to a prefix")
	check(int64(l.CountryHour), "calls to a country")
	check(l.SpendDay, "spending")
	return errors.Join(faults...)
}
