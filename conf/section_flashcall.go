package conf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// channelFlashCall is the channel of the route that the short form, driver, stands for.
const channelFlashCall = "flashCall"

// longestChain bounds the routes of a chain: each may cost a person half a minute.
const longestChain = 20

func flashCall(c *cursor) FlashCall {
	return FlashCall{
		CodeLength:       get(c, "codeLength", whole(3, 8)),    // as loops.Manifest allows
		Validity:         get(c, "validity", seconds(10, 600)), // NIST SP 800-63B: 10 minutes at most
		AttemptsPerLogin: get(c, "attemptsPerLogin", whole(1, 10)),
		TotalAttempts:    get(c, "totalAttempts", whole(2, 100)),
		BlockFor:         get(c, "blockMinutes", minutes(1, 10080)),
		PhoneAttribute:   get(c, "phoneAttribute", attribute()),
		LoginRule:        get(c, "loginRule", loginRule()),
		Ask:              get(c, "ask", oneOf("never", "firstTime", "always")),
		ResendAfter:      get(c, "resendAfter", seconds(0, 600)),
		Channels:         chain(c),
		Breaker:          section(c, "breaker", breaker),
		Numbers:          section(c, "numbers", numbers),
		Limits:           section(c, "limits", callLimits),
		Stopped:          section(c, "stopped", stopped),
	}
}

// chain reads channels, or its short form: driver, a chain of one route.
func chain(c *cursor) []Route {
	short := get(c, "driver", orNull(driver()))
	all := get(c, "channels", routes(c))
	switch {
	case short == "":
	case len(all) == 0:
		return []Route{{Channel: channelFlashCall, Driver: short}}
	default:
		v, _ := c.obj.Get("driver")
		c.d.fail(c.placeOf("driver", v), child(c.path, "driver"), "is set though channels has routes; make the driver one of them, or take channels out")
	}
	return all
}

// loginRule is Blitz's way to say how an account is found. ${login} stands for
// what was typed; inside of quotes HOCON leaves it as it is.
func loginRule() kind[string] {
	const typed = "=${login}"
	return parsed(`a rule in quotes, "ATTRIBUTE`+typed+`"`, func(s string) (string, string, bool) {
		name, ok := strings.CutSuffix(strings.ReplaceAll(s, " ", ""), typed)
		return name, "", ok && attributeName.MatchString(name)
	})
}

func breaker(c *cursor) Breaker {
	return Breaker{
		Failures: get(c, "failures", whole(1, 1000)),
		Pause:    get(c, "pause", seconds(1, 3600)),
	}
}

func numbers(c *cursor) Numbers {
	return Numbers{
		Countries: get(c, "countries", countries()),
		VoIP:      get(c, "voip", boolean()),
	}
}

func callLimits(c *cursor) CallLimits {
	const most = 1_000_000
	var l CallLimits
	hour := func(c *cursor) int { return get(c, "hour", whole(0, most)) }
	section(c, "perNumber", func(c *cursor) any {
		l.NumberHour, l.NumberDay = hour(c), get(c, "day", whole(0, most))
		return nil
	})
	l.AddressHour = section(c, "perAddress", hour)
	l.NetworkHour = section(c, "perNetwork", hour)
	l.PrefixHour = section(c, "perPrefix", hour)
	l.CountryHour = section(c, "perCountry", hour)
	section(c, "spend", func(c *cursor) any {
		l.SpendDay, l.Currency = get(c, "day", money(1_000_000_000)), get(c, "currency", currencyCode())
		return nil
	})
	return l
}

// routes reads the chain, a list of objects.
func routes(c *cursor) kind[[]Route] {
	return kind[[]Route]{
		phrase: "a list of routes {channel, driver, ...}",
		ask:    Ask{Form: FormRoutes},
		read: func(v hocon.Value, bad fault) (out []Route) {
			elements, err := v.List()
			if err != nil {
				bad(v, have(v), "")
				return nil
			}
			if len(elements) > longestChain {
				bad(elements[longestChain], fmt.Sprintf("holds more than %d routes", longestChain), "take some out")
			}
			for _, e := range elements {
				if e.Kind() != hocon.Object {
					bad(e, have(e)+" where a route stands", "write {channel = flashCall, driver = NAME}")
					continue
				}
				out = append(out, route(c, e))
			}
			return out
		},
	}
}

// route reads one element of channels. The reference calls it N.
func route(c *cursor, v hocon.Value) Route {
	entry := &cursor{d: c.d, path: child(c.path, "channels"), doc: append(child(c.doc, "channels"), "N"), obj: v, at: v.Pos(), here: true}
	name := hocon.JoinPath(entry.doc...)
	c.d.known[name] = Key{Path: name, Section: true, line: v.Pos().Line}
	var none []string
	r := Route{
		Channel:   get(entry, "channel", oneOf(channelFlashCall, "sms", "voice")),
		Driver:    get(entry, "driver", driver()),
		Price:     getOr(entry, "price", money(1_000_000), 0),
		Wait:      getOr(entry, "wait", seconds(0, 600), 0),
		Countries: getOr(entry, "countries", countries(), none),
		Prefixes:  getOr(entry, "prefixes", prefixes(), none),
		Operators: getOr(entry, "operators", list("names of operators", sentence(100)), none),
	}
	hours := getOr(entry, "hours", orNull(hoursOfDay()), span{})
	r.From, r.To = hours.from, hours.to
	entry.leave()
	return r
}

// RoutePlace tells where the driver of the i-th route of flashCall's chain was
// written, and under which path, counted from 0.
func (s *Settings) RoutePlace(i int) (hocon.Pos, string) {
	const flash = "login.methods.flashCall."
	if s.root != nil {
		path := fullPath(flash + "channels")
		v := *s.root
		for _, key := range path {
			v, _ = v.Get(key)
		}
		if routes, err := v.List(); err == nil && i < len(routes) {
			at, _ := valuePlace(routes[i], []string{"driver"})
			return at, hocon.JoinPath(path...)
		}
	}
	at, _ := s.Origin(flash + "driver")
	return at, hocon.JoinPath(fullPath(flash + "driver")...)
}

// warnCalls tells what is no error and hardly meant.
func (d *decoder) warnCalls(s *Settings) {
	call, l := s.Login.Methods.FlashCall, s.Login
	const countries, channels, factors = "login.methods.flashCall.numbers.countries", "login.methods.flashCall.channels", "login.factors"
	if !l.enabled(methodFlashCall) {
		return
	}
	warn := func(path, msg string) { d.warn(d.place(fullPath(path)), fullPath(path), msg) }
	if len(call.Numbers.Countries) == 0 && d.sound([]string{countries}) {
		warn(countries, "is empty though flashCall is enabled: nobody can be called; write the countries whose numbers may be, like [RU]")
		return
	}
	for i, r := range call.Channels {
		never := len(r.Countries) > 0 && !slices.ContainsFunc(r.Countries, func(c string) bool { return slices.Contains(call.Numbers.Countries, c) })
		if never && d.sound([]string{countries, channels + ".countries"}) {
			at, path := s.RoutePlace(i)
			d.warnAt(at, path, "the route is never taken: numbers.countries lacks "+strings.Join(r.Countries, ", "))
		}
	}
	if l.Level == 2 && slices.Contains(l.First, methodFlashCall) && slices.Equal(l.usual(), []string{methodFlashCall}) && len(l.First) > 1 {
		warn(factors, "who takes flashCall as first factor finds no second one; enable another second factor, or take flashCall out of the first list")
	}
}
