package conf

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

func ops(c *cursor) Ops {
	return Ops{
		Listen:  get(c, "listen", orNull(text("an address, host:port", func(s string) bool { return s == "" || isAddress(s) }))),
		Pprof:   get(c, "pprof", boolean()),
		Tracing: section(c, "tracing", tracing),
	}
}

func tracing(c *cursor) Tracing {
	return Tracing{
		Endpoint: get(c, "endpoint", orNull(text("an http or https URL", isReceiver))),
		Sample:   get(c, "sample", share()),
		Headers:  get(c, "headers", list("headers, NAME: VALUE", c.d.files.secret("a header, NAME: VALUE", isHeader))),
	}
}

func isReceiver(s string) bool {
	u, err := url.Parse(s)
	return s == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.Fragment == ""
}

// share is a part of a whole.
func share() kind[float64] {
	return parsed("a number, 0 to 1", func(s string) (float64, string, bool) {
		f, err := strconv.ParseFloat(s, 64)
		return f, "", err == nil && f >= 0 && f <= 1
	})
}

// isHeader says whether the text is a header that a request may have.
func isHeader(s string) bool {
	name, value, ok := strings.Cut(s, ":")
	if !ok || strings.TrimSpace(name) != name || name == "" || strings.ContainsAny(s, "\r\n\x00") || strings.TrimSpace(value) == "" {
		return false
	}
	return http.CanonicalHeaderKey(name) != "" && !strings.ContainsAny(name, " \t()<>@,;\\\"/[]?={}")
}
