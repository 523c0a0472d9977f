package conf

import (
	"net/url"
	"strings"
	"time"
)

// Console is the administrators' console and the admin API.
type Console struct {
	Enabled  bool
	ReadOnly bool   // the settings file alone is in charge
	Listen   string // host:port of a listener of its own; empty: the public one
	URL      string // the origin at which browsers reach that listener; empty without one
	Session  Session
	FreshFor time.Duration // how old a proof of who it is may be for what is dangerous
	// SecondAdministrator has another administrator publish a driver than who drafted it.
	SecondAdministrator bool
}

func console(c *cursor) Console {
	return Console{
		Enabled:  get(c, "enabled", boolean()),
		ReadOnly: get(c, "readonly", boolean()),
		Listen: get(c, "listen", orNull(text("an address, host:port", func(s string) bool {
			return s == "" || isAddress(s)
		}))),
		URL: get(c, "url", orNull(origin())),
		Session: section(c, "session", func(c *cursor) Session {
			return Session{
				Idle:     get(c, "idle", duration(time.Minute, time.Hour)),
				Absolute: get(c, "absolute", duration(5*time.Minute, 24*time.Hour)),
			}
		}),
		FreshFor: get(c, "freshFor", duration(30*time.Second, 5*time.Minute)),
		SecondAdministrator: section(c, "publish", func(c *cursor) bool {
			return get(c, "secondAdministrator", boolean())
		}),
	}
}

// origin is scheme, host and port, as browsers compare them.
func origin() kind[string] {
	return parsed("an https address without path, such as https://console.example.org; http only on a loopback host", func(s string) (string, string, bool) {
		if s == "" {
			return "", "", true
		}
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Hostname() == "":
			return "", "which is no URL with a host", false
		case u.Scheme == "http" && !loopbackHost(u.Hostname()):
			return "", "http on a host that is not loopback", false
		case u.Scheme != "https" && u.Scheme != "http":
			return "", "", false
		case !strings.EqualFold(u.Scheme+"://"+u.Host, strings.TrimSuffix(s, "/")):
			return "", "with more than scheme, host and port", false
		}
		return u.Scheme + "://" + u.Host, "", true
	})
}

func consoleRules(s *Settings) []rule {
	c := s.Console
	const listen, address = "console.listen", "console.url"
	own := func(other string) bool { return c.Listen != "" && c.Listen == other && !anyPort(c.Listen) }
	issuer, _ := url.Parse(s.Issuer)
	return []rule{
		{[]string{address, listen}, c.Listen != "" && c.URL == "", "is null though console.listen is set; write the address at which browsers reach it, such as https://console.example.org"},
		{[]string{listen, address}, c.Listen == "" && c.URL != "", "is null though console.url is set; write host:port, or take console.url out"},
		{[]string{listen, "server.listen"}, own(s.Server.Listen), "is the same as server.listen; write another port"},
		{[]string{listen, "ops.listen"}, own(s.Ops.Listen), "is the same as ops.listen; write another port"},
		{[]string{address, "issuer"}, c.URL != "" && issuer != nil && strings.EqualFold(c.URL, issuer.Scheme+"://"+issuer.Host),
			"is where the provider itself is; give the console a name or a port of its own, or take console.listen and console.url out"},
		{[]string{"console.session.idle", "console.session.absolute"}, c.Session.Idle > c.Session.Absolute,
			"is longer than session.absolute; write " + shortTime(c.Session.Absolute) + " or less"},
	}
}
