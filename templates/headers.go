package templates

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// SetHeaders keeps the page out of caches and frames and lets it load nothing
// but our own files, and the images that it names. The referrer stays same-origin and not no-referrer: under
// no-referrer browsers post forms with "Origin: null", which the check against
// cross-origin posts would have to refuse.
func SetHeaders(h http.Header, page Page) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", page.Lang)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept, Accept-Language")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Security-Policy", policy(page))
	if page.Refresh != nil {
		h.Set("Refresh", page.Refresh.header())
	}
	h.Set("Permissions-Policy", permissions(page))
}

// permissions lets the script read a code that comes by SMS (WebOTP), on the
// page that waits for one and nowhere else.
func permissions(page Page) string {
	if s, ok := page.Data.(Step); ok && s.Open() && s.Channel() == "sms" {
		return "otp-credentials=(self)"
	}
	return "otp-credentials=()"
}

func policy(page Page) string {
	image := "img-src 'self'"
	for _, address := range page.Images {
		if source := source(address); strings.HasPrefix(source, "https://") {
			image += " " + source
		}
	}
	form := "form-action 'self'"
	for _, target := range page.FormTargets {
		if source := source(target); source != "" {
			form += " " + source
		}
	}
	rules := []string{
		"default-src 'none'", "style-src 'self'", "script-src 'self'", image, "font-src 'self'",
		"connect-src 'self'", form, "frame-ancestors 'none'", "base-uri 'none'",
	}
	if frames := frameSources(page.Frames); len(frames) > 0 {
		rules = append(rules, "frame-src "+strings.Join(frames, " "))
	}
	return strings.Join(rules, "; ")
}

// frameSources are the origins of the frames, each once.
func frameSources(frames []string) (sources []string) {
	for _, frame := range frames {
		if source := frameSource(frame); source != "" && !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	return sources
}

// frameSource is the URI's origin; empty where it has no plain one.
func frameSource(uri string) string {
	if source := source(uri); strings.Contains(source, "://") {
		return source
	}
	return ""
}

// header is the Refresh header (HTML, section 7.4.6). Browsers wait for the frames
// of a page before they count; the page's script doesn't.
func (r *Refresh) header() string {
	return strconv.Itoa(int(math.Ceil(r.After.Seconds()))) + "; url=" + r.URI
}

var (
	plainHost   = regexp.MustCompile(`^(\[[0-9a-fA-F:.]+\]|[0-9a-zA-Z._-]+)(:[0-9]+)?$`)
	plainScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
)

// source is the URI as a source expression of a Content-Security-Policy: its
// origin, or the scheme alone where there is no plain host (the custom scheme
// of a native app, a host with characters that mean something in the header).
func source(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || !plainScheme.MatchString(u.Scheme) {
		return ""
	}
	if (u.Scheme == "http" || u.Scheme == "https") && plainHost.MatchString(u.Host) {
		return u.Scheme + "://" + u.Host
	}
	return u.Scheme + ":"
}
