package oauth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// AllowAnyOrigin is for what is public: discovery and the key set.
func AllowAnyOrigin(w http.ResponseWriter) { w.Header().Set("Access-Control-Allow-Origin", "*") }

// AllowWaiting lets scripts on any page read that they must wait, and for how long: there is
// nothing else in such an answer, and who the client is may not be known.
func AllowWaiting(w http.ResponseWriter) {
	AllowAnyOrigin(w)
	w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
}

// AllowOrigin lets the script that asked read the answer when it runs on an
// origin of the client's redirect URIs. Never with credentials: no endpoint
// for scripts looks at cookies. The client may be nil.
func AllowOrigin(w http.ResponseWriter, r *http.Request, client *idp.Client) {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || client == nil || !slices.ContainsFunc(client.RedirectURIs, func(uri string) bool { return originOf(uri) == origin }) {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
}

// Preflight answers a browser that asks before it sends, and says whether it
// did. Such a request names no client, so any origin may send; whether its
// script may read is decided on the answer.
func Preflight(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if r.Method != http.MethodOptions || r.Header.Get("Origin") == "" {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// originOf is the URI's origin as browsers write it, empty where it has none.
func originOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return u.Scheme + "://" + host
}
