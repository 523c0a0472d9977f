package flashcall

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// Route is one way of the chain: a channel by a driver, and for which numbers it
// serves. An empty condition holds for every number.
type Route struct {
	// ID is the same as long as the route means the same.
	ID      string
	Channel loops.Channel
	Driver  *loops.Driver
	// Entries are those that the driver has; poll and report are left out where they
	// aren't among them.
	Entries []loops.Entry
	// Secrets gives the driver's secrets by name, anew at every use; nil: it has none.
	Secrets func(ctx context.Context) (map[string]string, error)
	// Price of one order, in millionths of the budget's currency.
	Price int64
	// Wait as in otp.Route.
	Wait time.Duration
	// Countries are ISO 3166 codes, Prefixes begin with "+", Operators are the
	// English names that libphonenumber has for who was given the number's range
	// (it doesn't know of ported numbers).
	Countries, Prefixes, Operators []string
	// From and To are minutes of the day in the number's own time zone; equal:
	// always. To before From goes over midnight.
	From, To int
}

func (r Route) secrets(ctx context.Context) (map[string]string, error) {
	if r.Secrets == nil {
		return nil, nil
	}
	return r.Secrets(ctx)
}

// number is what a route's conditions look at. It is parsed for the first of them
// that wants to know more than its digits: most chains have none.
type number struct {
	e164 string
	read bool
	got  *phonenumbers.PhoneNumber
}

func numberOf(e164 string) *number { return &number{e164: e164} }

// parsed is nil where it can't be read.
func (n *number) parsed() *phonenumbers.PhoneNumber {
	if !n.read {
		n.read, n.got = true, ofE164(n.e164)
	}
	return n.got
}

func (n *number) country() string {
	if n.parsed() == nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(n.parsed())
}

// serves says whether the route's conditions hold for the number at now.
func (r Route) serves(n *number, now time.Time) bool {
	return r.inCountries(n) && r.hasPrefix(n) && r.ofOperator(n) && r.open(n, now)
}

func (r Route) inCountries(n *number) bool {
	return len(r.Countries) == 0 || slices.Contains(r.Countries, n.country())
}

func (r Route) hasPrefix(n *number) bool {
	return len(r.Prefixes) == 0 || slices.ContainsFunc(r.Prefixes, func(p string) bool { return strings.HasPrefix(n.e164, p) })
}

func (r Route) ofOperator(n *number) bool {
	if len(r.Operators) == 0 {
		return true
	}
	if n.parsed() == nil {
		return false
	}
	operator, err := phonenumbers.GetCarrierForNumber(n.parsed(), "en")
	return err == nil && slices.ContainsFunc(r.Operators, func(o string) bool { return strings.EqualFold(o, operator) })
}

// open says whether the hour is one of the route's. A number whose time zone
// isn't known is judged by UTC.
func (r Route) open(n *number, now time.Time) bool {
	if r.From == r.To {
		return true
	}
	local := now.In(zoneOf(n))
	minute := local.Hour()*60 + local.Minute()
	if r.From < r.To {
		return r.From <= minute && minute < r.To
	}
	return minute >= r.From || minute < r.To
}

func zoneOf(n *number) *time.Location {
	if n.parsed() == nil {
		return time.UTC
	}
	names, err := phonenumbers.GetTimezonesForNumber(n.parsed())
	if err != nil || len(names) == 0 {
		return time.UTC
	}
	zone, err := time.LoadLocation(names[0])
	if err != nil {
		return time.UTC
	}
	return zone
}

// Breaker passes over a route that fails again and again.
type Breaker struct {
	// Failures in a row after which the route is passed over; 0: never.
	Failures int
	// Pause is for how long.
	Pause time.Duration
}

// breakers are the routes' breakers on this node: a provider that is out of
// order for one node may serve another.
type breakers struct {
	mu    sync.Mutex
	state map[string]breaker
}

type breaker struct {
	failures int
	until    time.Time // the route is passed over
}

// open says whether the route is to be passed over. After the pause one try
// decides.
func (b *breakers) open(route string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return now.Before(b.state[route].until)
}

// note remembers how an order went; true where the route is passed over from now on.
func (b *breakers) note(route string, ok bool, s Breaker, now time.Time) (opened bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == nil {
		b.state = map[string]breaker{}
	}
	if ok || s.Failures == 0 {
		delete(b.state, route)
		return false
	}
	one := b.state[route]
	if one.failures++; one.failures >= s.Failures {
		one.until = now.Add(s.Pause)
		one.failures = s.Failures - 1
		opened = true
	}
	b.state[route] = one
	return opened
}

// RouteState is how a route stands on this node.
type RouteState struct {
	ID, Driver string
	Failures   int       // in a row
	Until      time.Time // it is passed over until then; zero: it never was
}

// RouteStates are those of all routes, in their order.
func (s *Sender) RouteStates() []RouteState {
	routes := s.o.Routes()
	s.breakers.mu.Lock()
	defer s.breakers.mu.Unlock()
	all := make([]RouteState, len(routes))
	for i, r := range routes {
		b := s.breakers.state[r.ID]
		all[i] = RouteState{ID: r.ID, Driver: r.Driver.Name, Failures: b.failures, Until: b.until}
	}
	return all
}

// Routes is otp.Sender's: the routes that serve the number.
func (s *Sender) Routes(phone string, now time.Time) []otp.Route {
	n, stops := numberOf(phone), s.o.Stops()
	var routes []otp.Route
	for _, r := range s.o.Routes() {
		if r.serves(n, now) {
			routes = append(routes, otp.Route{
				ID: r.ID, Channel: string(r.Channel), Driver: r.Driver.Name, Price: r.Price, Wait: r.Wait, Broken: s.breakers.open(r.ID, now),
				Checks: r.Driver.Manifest.CodeOrigin == loops.CodeFromCheck, Stopped: stops.cover(r, n),
			})
		}
	}
	return routes
}

// route finds a route by its ID, whether it serves anybody now or not.
func (s *Sender) route(id string) (Route, bool) {
	for _, r := range s.o.Routes() {
		if r.ID == id {
			return r, true
		}
	}
	return Route{}, false
}
