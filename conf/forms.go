package conf

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/currency"
)

var (
	attributeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	driverName    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	secretName    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)
	languageTag   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	methodID      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	scopeName     = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,100}$`) // RFC 6749, section 3.3
	clientID      = regexp.MustCompile(`^[\x21\x23-\x39\x3B-\x5B\x5D-\x7D]{1,200}$`)
	hostName      = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$`)
	hostPattern   = regexp.MustCompile(`^(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:([0-9]{1,5}|\*))?$`) // as loops.ValidHost
	numberStart   = regexp.MustCompile(`^\+[1-9][0-9]{0,13}$`)                                             // E.164 has 15 digits at most
	amount        = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{1,6})?$`)
	appScheme     = regexp.MustCompile(`^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+$`) // RFC 8252, section 7.1
)

// longestDriverName is the bound that drivers' folders have.
const longestDriverName = 40

// address is where to listen.
func address() kind[string] {
	return text("an address, host:port", isAddress)
}

func isAddress(s string) bool {
	host, port, err := net.SplitHostPort(s)
	return err == nil && isPort(port) && (host == "" || isHost(host))
}

func isHost(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil || hostName.MatchString(s) && !strings.Contains(s, "..")
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n <= 65535
}

// hosts is a list of hosts in the form that drivers' manifests use.
func hosts() kind[[]string] {
	return list("hosts: name, *.name, name:port or name:*", text("a host", func(s string) bool {
		return hostPattern.MatchString(s) && !strings.Contains(s, "..")
	}))
}

// network is an address or a prefix; an address is the prefix of itself alone.
func network() kind[netip.Prefix] {
	return parsed("an address or a network", func(s string) (netip.Prefix, string, bool) {
		if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
			return netip.PrefixFrom(addr, addr.BitLen()), "", true
		}
		p, err := netip.ParsePrefix(s)
		if err == nil && p != p.Masked() {
			return p, "whose host bits are set; the network is " + p.Masked().String(), false
		}
		return p, "", err == nil
	})
}

func networks() kind[[]netip.Prefix] {
	return list("addresses (10.0.0.7) and networks (10.0.0.0/8)", network())
}

// issuerURL follows OpenID Connect Discovery, section 3, which wants https; a
// provider on a person's own machine may do without.
func issuerURL() kind[string] {
	return parsed("an https URL without slash at the end; http only on a loopback host", func(s string) (string, string, bool) {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Host == "" || u.Hostname() == "":
			return "", "which is no URL with a host", false
		case u.Scheme == "http" && !loopbackHost(u.Hostname()):
			return "", "http on a host that is not loopback", false
		case u.Scheme != "https" && u.Scheme != "http":
			return "", "", false
		case u.User != nil, u.RawQuery != "", u.ForceQuery, strings.Contains(s, "#"):
			return "", "with more than scheme, host and path", false
		case strings.HasSuffix(s, "/"):
			return "", "with a slash at the end", false
		}
		return s, "", true
	})
}

// appURL is where a relying party may be answered (RFC 9700, section 2.1, RFC 8252).
func appURL() kind[string] {
	return parsed("a URL", func(s string) (string, string, bool) {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Scheme == "" || u.Opaque != "":
			return "", "which is no URL", false
		case strings.Contains(s, "#"):
			return "", "with a fragment (#...)", false
		case strings.Contains(s, "*"):
			return "", "with a *; URLs are compared character by character", false
		case u.User != nil:
			return "", "with a user name", false
		case u.Scheme == "https" && u.Hostname() != "":
			return s, "", true
		case u.Scheme == "http" && loopbackHost(u.Hostname()):
			return s, "", true
		case u.Scheme == "http":
			return "", "http on a host that is not loopback", false
		case appScheme.MatchString(u.Scheme):
			return s, "", true
		}
		return "", "", false
	})
}

func appURLs() kind[[]string] {
	return list("URLs: https, http on a loopback host, or an app's own scheme (com.example.app:/path)", appURL())
}

// loopbackHost says whether the host is this machine: RFC 6761 names and loopback addresses.
func loopbackHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// proxyURL is an HTTP proxy.
func proxyURL() kind[*url.URL] {
	return parsed("an http or https URL", func(s string) (*url.URL, string, bool) {
		u, err := url.Parse(s)
		if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, "", false
		}
		return u, "", true
	})
}

// driver is a driver's name, which is a folder's name too.
func driver() kind[string] {
	return text("a name: lower-case letters, digits and single hyphens", isDriverName)
}

func isDriverName(s string) bool { return len(s) <= longestDriverName && driverName.MatchString(s) }

// attribute is the name of an attribute of users.
func attribute() kind[string] {
	return matching("a name: a letter, then letters, digits and _", attributeName)
}

// countries is a list of countries as ISO 3166-1 writes them, of those that have
// telephone numbers.
func countries() kind[[]string] {
	known := phonenumbers.GetSupportedRegions()
	return list("countries, ISO 3166: two letters (RU)", parsed("a country", func(s string) (string, string, bool) {
		switch {
		case known[s]:
			return s, "", true
		case known[strings.ToUpper(s)]:
			return "", "in small letters", false
		}
		return "", "which is no country with telephone numbers", false
	}))
}

// currencyCode is a currency, as ISO 4217 writes it.
func currencyCode() kind[string] {
	return text("a currency, ISO 4217: three letters (RUB)", func(s string) bool {
		unit, err := currency.ParseISO(s)
		return err == nil && unit.String() == s
	})
}

// prefixes is a list of beginnings of telephone numbers.
func prefixes() kind[[]string] {
	return list(`beginnings of numbers in quotes ("+7999")`, matching("a beginning", numberStart))
}

// money is an amount from 0 to most whole units of a currency, in millionths.
func money(most int64) kind[int64] {
	const millionths = 6
	return parsed(fmt.Sprintf("an amount, 0 to %d, with at most %d decimals", most, millionths), func(s string) (int64, string, bool) {
		if !amount.MatchString(s) {
			return 0, "", false
		}
		whole, part, _ := strings.Cut(s, ".")
		n, err := strconv.ParseInt(whole+part+strings.Repeat("0", millionths-len(part)), 10, 64)
		return n, "", err == nil && n <= most*1_000_000
	})
}

// span are the minutes of the day from which and until which something is open;
// equal: always.
type span struct{ from, to int }

// hoursOfDay are "08:00-22:00", or over midnight "22:00-06:00".
func hoursOfDay() kind[span] {
	return parsed(`hours in quotes, "HH:MM-HH:MM"`, func(s string) (span, string, bool) {
		from, to, _ := strings.Cut(s, "-")
		begin, okBegin := minuteOfDay(from)
		end, okEnd := minuteOfDay(to)
		switch {
		case !okBegin || !okEnd || begin == minutesOfDay:
			return span{}, "", false
		case begin == end:
			return span{}, "which end as they begin; for always, leave them out", false
		}
		return span{begin, end % minutesOfDay}, "", true
	})
}

const minutesOfDay = 24 * 60

// minuteOfDay reads HH:MM; 24:00 is the end of the day.
func minuteOfDay(s string) (int, bool) {
	if s == "24:00" {
		return minutesOfDay, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}
