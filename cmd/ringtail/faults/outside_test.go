package faults

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// asked is a request from outside.
type asked struct {
	path   string
	fields url.Values // of a form; nil: GET
	header map[string]string
	needs  need
}

// need is what a request has to have for any answer but a 503.
type need int

const (
	nothing need = iota // it is answered whatever happens
	reading             // a database
	writing             // a database that takes writes
)

// outside is one request for each kind of answer that the provider gives.
func outside() []asked {
	authorization := url.Values{
		"client_id": {clientID}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
		"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
	}
	secret := strings.Repeat("a", 52) // nobody's, in the form of ours
	html, asJSON, token := map[string]string{"Accept": "text/html"}, map[string]string{"Accept": "application/json"}, map[string]string{"Authorization": "Bearer " + secret}
	return []asked{
		{"/.well-known/openid-configuration", nil, nil, nothing},
		{"/oauth/keys", nil, nil, nothing},
		{"/oauth/ae?" + authorization.Encode(), nil, html, writing},
		{"/login/none", nil, html, reading},
		{"/login/none", nil, asJSON, reading},
		{"/oauth/te", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {secret}}, nil, reading},
		{"/oauth/te", url.Values{"grant_type": {"client_credentials"}, "scope": {"phone_verification"}}, nil, writing},
		{"/oauth/me", nil, token, reading},
		{"/oauth/introspect", url.Values{"token": {secret}}, nil, reading},
		{"/oauth/revoke", url.Values{"token": {secret}}, nil, reading},
		{"/oauth/par", authorization, nil, writing},
		{"/oauth/da", url.Values{"scope": {"openid"}}, nil, writing},
		{"/device", url.Values{"user_code": {"BCDF-GHJK"}}, html, reading},
		{"/oauth/logout", nil, html, nothing},
		{"/profile", nil, html, nothing},
		{"/api/v3/users/none/sessions", nil, token, reading},
		{"/api/v1/verifications/none", nil, token, reading},
		{"/admin/api/v3/health", nil, token, reading},
		{"/console", nil, html, nothing},
	}
}

func (a asked) request(t *testing.T, issuer string) *http.Request {
	t.Helper()
	method, body := http.MethodGet, ""
	if a.fields != nil {
		method, body = http.MethodPost, a.fields.Encode()
	}
	req, err := http.NewRequest(method, issuer+a.path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if a.fields != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if a.fields != nil && a.header == nil {
		req.SetBasicAuth(clientID, clientSecret)
	}
	for name, value := range a.header {
		req.Header.Set(name, value)
	}
	return req
}

// stranger is a browser without cookies, which follows no redirect.
func (w *world) stranger() *http.Client {
	return &http.Client{Transport: w.hops.transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// unavailable asks all that can be asked: what needs what is missing is answered 503 with
// Retry-After, and nothing with a 500.
func (w *world) unavailable(t *testing.T, missing need) {
	t.Helper()
	client, p := w.stranger(), newPerson(w, 0)
	for _, one := range outside() {
		if missing == writing && one.needs == reading {
			continue // some are refused for good, and wait for the record of that
		}
		req := one.request(t, w.issuer)
		begun := time.Now()
		a, err := p.once(context.Background(), client, req)
		name := req.Method + " " + req.URL.Path
		if err != nil {
			w.faults.add("%s, without a database: %v", name, err)
			continue
		}
		w.faults.most("milliseconds of the slowest answer without a database", int(time.Since(begun).Milliseconds()))
		w.told(name, a)
		if needs := missing != nothing && one.needs >= missing; needs && a.status != http.StatusServiceUnavailable && !leadsToUnavailable(a) {
			w.faults.add("%s, without a database: %d %s %.200s", name, a.status, a.location, a.body)
		}
	}
}

// told: what is no answer to a request, is a 503 that says when to come again.
func (w *world) told(name string, a *answer) {
	if a.status < http.StatusInternalServerError {
		return
	}
	if a.status != http.StatusServiceUnavailable || a.retry == "" {
		w.faults.add("%s is answered %d, Retry-After %q: %.300s", name, a.status, a.retry, a.body)
		return
	}
	w.faults.count("answers 503 with Retry-After")
}

// leadsToUnavailable says whether the relying party is told to try again (RFC 6749,
// section 4.1.2.1).
func leadsToUnavailable(a *answer) bool {
	return strings.HasPrefix(a.location, callback) && strings.Contains(a.location, "error=temporarily_unavailable")
}
