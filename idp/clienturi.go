package idp

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// uriForm is what of RFC 3986 may stand in a registered URI: visible ASCII but
// what browsers repair (\ to /) or headers and pages end with.
var uriForm = regexp.MustCompile(`^[!#-;=?-\[\]_a-z~]+$`)

// privateScheme is a reversed domain name (RFC 8252, section 7.1), so that no
// javascript: or data: can be registered.
var privateScheme = regexp.MustCompile(`^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+$`)

var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?$`)

// readURI reads an absolute URI; why says what is wrong with it, empty where
// nothing is.
func readURI(uri string) (u *url.URL, why string) {
	if len(uri) > maxURI {
		return nil, "which is longer than " + strconv.Itoa(maxURI) + " bytes"
	}
	if !uriForm.MatchString(uri) {
		return nil, "with characters that no URI has"
	}
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Scheme == "":
		return nil, "which is no absolute URI"
	case strings.Contains(uri, "*"):
		return nil, "with a *, though URIs are compared character by character"
	case u.User != nil:
		return nil, "with a user name"
	}
	return u, ""
}

// webURI is an address that browsers or we ourselves ask for: https, or http on
// this very machine.
func webURI(uri string) (u *url.URL, why string) {
	u, why = readURI(uri)
	switch {
	case why != "":
	case u.Scheme != "https" && u.Scheme != "http":
		why = "which is not https"
	case !validHost(u):
		why = "whose host is none"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		why = "http on a host that is not loopback"
	}
	return u, why
}

func validHost(u *url.URL) bool {
	host, port := u.Hostname(), u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) || strings.HasSuffix(u.Host, ":") {
		return false
	}
	if strings.HasPrefix(u.Host, "[") {
		return net.ParseIP(host) != nil
	}
	return len(host) <= 253 && hostForm.MatchString(host) && !strings.Contains(host, "..")
}

// isLoopback says whether the host is this machine: RFC 6761 names and loopback
// addresses.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// redirectURI holds a URI that people are sent to with an answer (RFC 6749,
// section 3.1.2; RFC 9700, section 2.1; RFC 8252, section 7; OpenID Connect
// Dynamic Client Registration, section 2). A private scheme, and http on a
// loopback host, belong to native applications.
func (c *Client) redirectURI(uri string) (why string) {
	u, why := readURI(uri)
	switch {
	case why != "":
		return why
	case strings.Contains(uri, "#"):
		return "with a fragment (#...)"
	case u.Scheme == "https" || u.Scheme == "http":
		_, why = webURI(uri)
		return why
	case !privateScheme.MatchString(u.Scheme):
		return "which is neither https nor a private scheme with a dot"
	case c.ApplicationType == ApplicationWeb:
		return "a private scheme, which native applications alone may have"
	}
	return ""
}

// adviceRedirect completes "write ...".
const adviceRedirect = "an https URI, an http one on a loopback host, or for a native application a private scheme such as com.example.app:/path; no fragment, no user, no *"

func (v *validation) redirects() {
	v.must(len(v.RedirectURIs) > 0 || !v.redirecting(), "redirect_uris", "is empty; write at least one URI")
	v.uris("redirect_uris", v.RedirectURIs, v.redirectURI, adviceRedirect)
	v.uris("post_logout_redirect_uris", v.PostLogoutURIs, v.redirectURI, adviceRedirect)
	if v.ApplicationType != ApplicationWeb || !v.Allows(GrantImplicit) {
		return
	}
	for _, uri := range v.RedirectURIs {
		u, err := url.Parse(uri)
		v.must(err != nil || u.Scheme == "https" && !isLoopback(u.Hostname()), "redirect_uris",
			"holds %s, where a web application with the grant implicit would get tokens; write an https URI on another host than localhost", shown(uri))
	}
}

// uris is each for URIs whose fault why tells.
func (v *validation) uris(field string, list []string, why func(string) string, advice string) {
	v.each(field, list, maxURIs, func(string) bool { return true }, advice)
	for _, uri := range list[:min(len(list), maxURIs)] {
		if fault := why(uri); fault != "" {
			v.must(false, field, "holds %s, %s; write %s", shown(uri), fault, advice)
		}
	}
}

// logouts holds the addresses that hear of a logout (OpenID Connect Back-Channel
// Logout and Front-Channel Logout, section 2 of each).
func (v *validation) logouts() {
	v.link("backchannel_logout_uri", v.BackchannelLogoutURI, true)
	v.link("frontchannel_logout_uri", v.FrontchannelLogoutURI, true)
	v.must(!v.BackchannelSession || v.BackchannelLogoutURI != "", "backchannel_logout_session_required", "is true though there is no backchannel_logout_uri; write that, or false")
	v.must(!v.FrontchannelSession || v.FrontchannelLogoutURI != "", "frontchannel_logout_session_required", "is true though there is no frontchannel_logout_uri; write that, or false")
	if front := originOf(v.FrontchannelLogoutURI); front != "" {
		known := false
		for _, uri := range v.RedirectURIs {
			known = known || originOf(uri) == front
		}
		v.must(known, "frontchannel_logout_uri", "is %s, on another host than the redirect URIs; write one with scheme, host and port of a redirect URI", shown(v.FrontchannelLogoutURI))
	}
}

// originOf is scheme, host and port; empty where the URI has none.
func originOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// links holds the addresses that pages may show, or send a browser to.
func (v *validation) links() {
	for _, l := range []struct{ field, uri string }{
		{"client_uri", v.ClientURI}, {"logo_uri", v.LogoURI}, {"policy_uri", v.PolicyURI}, {"tos_uri", v.TOSURI},
	} {
		v.link(l.field, l.uri, false)
	}
	v.link("initiate_login_uri", v.InitiateLoginURI, true)
	v.link("jwks_uri", v.JWKSURI, true)
}

// link holds one address; an empty one is none.
func (v *validation) link(field, uri string, noFragment bool) {
	if uri == "" {
		return
	}
	_, why := webURI(uri)
	if why == "" && noFragment && strings.Contains(uri, "#") {
		why = "with a fragment (#...)"
	}
	v.must(why == "", field, "is %s, %s; write an https URI, or an http one on a loopback host", shown(uri), why)
}

// resourceURI holds what tokens may be asked for: an absolute URI without a
// fragment (RFC 8707, section 2).
func resourceURI(uri string) bool {
	u, why := readURI(uri)
	return why == "" && !strings.Contains(uri, "#") && (u.Host != "" || u.Opaque != "" || u.Path != "")
}
