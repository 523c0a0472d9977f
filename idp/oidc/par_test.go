package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// push pushes a request and returns its request_uri.
func (a *agent) push(client string, pairs ...string) string {
	a.w.t.Helper()
	got := a.post(oidc.PathPAR, request(client, pairs...), basic(client, secret))
	uri, _ := got.json(a.w.t)["request_uri"].(string)
	if got.status != http.StatusCreated || uri == "" {
		a.w.t.Fatalf("not pushed: %d %s\n%s", got.status, got.body, a.w.log)
	}
	return uri
}

func byReference(client, uri string, pairs ...string) url.Values {
	return with(url.Values{"client_id": {client}, "request_uri": {uri}}, pairs...)
}

func TestPushedRequest(t *testing.T) {
	w := newWorld(t)
	var login idp.Login
	w.finish = func(l *idp.Login) { login = *l }
	a := w.agent()
	pushed := a.post(oidc.PathPAR, request("app", "login_hint", "demo"), basic("app", secret))
	answer := pushed.json(t)
	uri, _ := answer["request_uri"].(string)
	if pushed.status != http.StatusCreated || !strings.HasPrefix(uri, "urn:ietf:params:oauth:request_uri:") || answer["expires_in"] != float64(60) ||
		pushed.header.Get("Cache-Control") != "no-store" || len(answer) != 2 {
		t.Fatalf("%d %v %s", pushed.status, pushed.header, pushed.body)
	}
	// What is smuggled in beside the reference doesn't count.
	got := a.get(oidc.PathAuthorize, byReference("app", uri, "redirect_uri", "https://evil.example", "state", "smuggled", "prompt", "login", "scope", "openid",
		"code_challenge", strings.Repeat("x", 43), "login_hint", "smuggled", "response_mode", "form_post", "request", "a.b.c"))
	if got.query("code") == "" || got.query("state") != "state-1" || got.query("iss") != w.issuer || !strings.HasPrefix(got.location.String(), redirect+"?") {
		t.Fatalf("%d %q %v", got.status, got.page, got.location)
	}
	if r := login.Request; r.LoginHint != "demo" || len(r.Prompt) != 0 || len(r.Scopes) != 5 {
		t.Errorf("%+v", r)
	}
	w.tokens(a.post(oidc.PathToken, codeForm(got.query("code")), basic("app", secret)))
	if again := a.get(oidc.PathAuthorize, byReference("app", uri)); again.page != "request_over" || again.location != nil {
		t.Errorf("again: %d %q %v", again.status, again.page, again.location)
	}
}

func TestPushedRequestsOfPublicClients(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	got := a.post(oidc.PathPAR, request("spa"), origin("https://rp.example"))
	if got.status != http.StatusCreated || got.header.Get("Access-Control-Allow-Origin") != "https://rp.example" {
		t.Fatalf("%d %v %s", got.status, got.header, got.body)
	}
	uri, _ := got.json(t)["request_uri"].(string)
	if got := a.get(oidc.PathAuthorize, byReference("spa", uri)); got.query("code") == "" {
		t.Errorf("%d %q %v", got.status, got.page, got.location)
	}
	a.post(oidc.PathPAR, request("spa", "code_challenge", "")).wantError(t, http.StatusBadRequest, "invalid_request")
}

func TestPushingIsRefused(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	for name, c := range map[string]struct {
		form   url.Values
		auth   func(*http.Request)
		status int
		want   string
	}{
		"no client":                 {request("app", "client_id", ""), nil, 401, "invalid_client"},
		"no secret":                 {request("app"), nil, 401, "invalid_client"},
		"a wrong secret":            {request("app"), basic("app", "wrong"), 401, "invalid_client"},
		"an unknown client":         {request("nobody"), basic("nobody", secret), 401, "invalid_client"},
		"another's client_id":       {request("other"), basic("app", secret), 400, "invalid_request"},
		"a reference":               {request("app", "request_uri", "urn:ietf:params:oauth:request_uri:x"), basic("app", secret), 400, "invalid_request"},
		"another address":           {request("app", "redirect_uri", "https://evil.example"), basic("app", secret), 400, "invalid_request"},
		"no address":                {request("app", "redirect_uri", ""), basic("app", secret), 400, "invalid_request"},
		"an unsigned object":        {request("app", "request", "eyJhbGciOiJub25lIn0.e30."), basic("app", secret), 400, "invalid_request"},
		"query with tokens":         {request("app", "response_type", "id_token", "response_mode", "query"), basic("app", secret), 400, "unauthorized_client"},
		"a repeated parameter":      {url.Values{"client_id": {"app"}, "state": {"a", "b"}}, basic("app", secret), 400, "invalid_request"},
		"a method that isn't S256":  {request("app", "code_challenge_method", "plain"), basic("app", secret), 400, "invalid_request"},
		"a client not for the flow": {request("own"), basic("own", secret), 400, "unauthorized_client"},
	} {
		t.Run(name, func(t *testing.T) {
			options := []func(*http.Request){}
			if c.auth != nil {
				options = append(options, c.auth)
			}
			if name == "a client not for the flow" {
				w.addClient(idp.Client{ID: "own", Grants: []string{idp.GrantClientCredentials}})
			}
			got := a.post(oidc.PathPAR, c.form, options...)
			got.wantError(t, c.status, c.want)
			if (got.header.Get("WWW-Authenticate") != "") != (c.status == 401) {
				t.Errorf("WWW-Authenticate %q", got.header.Get("WWW-Authenticate"))
			}
		})
	}
	if got := a.get(oidc.PathPAR, request("app")); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("GET: %d %v", got.status, got.header)
	}
	a.post(oidc.PathPAR+"?client_id=app", request("app"), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	a.post(oidc.PathPAR, request("app", "x", strings.Repeat("x", idp.MaxBody)), basic("app", secret)).wantError(t, http.StatusRequestEntityTooLarge, "invalid_request")
}

func TestAReferenceIsGoodForItsClientAndAMinute(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	uri := a.push("app")
	for name, asked := range map[string]url.Values{
		"no client":         byReference("", uri, "client_id", ""),
		"unknown client":    byReference("nobody", uri),
		"another client":    byReference("other", uri),
		"two clients":       {"client_id": {"app", "app"}, "request_uri": {uri}},
		"a cut reference":   byReference("app", uri[:len(uri)-1]),
		"a longer one":      byReference("app", uri+"x"),
		"in capitals":       byReference("app", strings.ToUpper(uri)),
		"nothing behind it": byReference("app", "urn:ietf:params:oauth:request_uri:"),
	} {
		got := a.get(oidc.PathAuthorize, asked)
		if got.location != nil || got.status != http.StatusBadRequest || got.page == "" {
			t.Errorf("%s: %d %q %v", name, got.status, got.page, got.location)
		}
	}
	// None of them has used it up.
	w.clock.advance(59 * time.Second)
	if got := a.get(oidc.PathAuthorize, byReference("app", uri)); got.query("code") == "" {
		t.Errorf("%d %q %v", got.status, got.page, got.location)
	}
	uri = a.push("app")
	w.clock.advance(time.Minute)
	if got := a.get(oidc.PathAuthorize, byReference("app", uri)); got.page != "request_over" {
		t.Errorf("after a minute: %d %q %v", got.status, got.page, got.location)
	}
}

func TestAReferenceInParallelBeginsOneLogin(t *testing.T) {
	w := newWorld(t)
	uri := w.agent().push("app")
	var all sync.WaitGroup
	var begun atomic.Int32
	for range 64 {
		all.Go(func() {
			if w.agent().get(oidc.PathAuthorize, byReference("app", uri)).query("code") != "" {
				begun.Add(1)
			}
		})
	}
	all.Wait()
	if begun.Load() != 1 {
		t.Errorf("%d logins from one reference", begun.Load())
	}
}

func TestARegistrationThatChangedMeanwhile(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	change := func(change func(*idp.Client)) {
		_, err := w.store.UpdateClient(t.Context(), "app", func(c *idp.Client) error { change(c); return nil })
		w.must(err)
	}
	uri := a.push("app")
	change(func(c *idp.Client) { c.Grants = []string{idp.GrantClientCredentials} })
	if got := a.get(oidc.PathAuthorize, byReference("app", uri)); got.query("error") != "unauthorized_client" || got.query("state") != "state-1" {
		t.Errorf("without the grant: %d %q %v", got.status, got.page, got.location)
	}
	change(func(c *idp.Client) { c.Grants = []string{idp.GrantCode} })
	uri = a.push("app")
	change(func(c *idp.Client) { c.RedirectURIs = []string{"https://rp.example/new"} })
	if got := a.get(oidc.PathAuthorize, byReference("app", uri)); got.page != "redirect_invalid" || got.location != nil {
		t.Errorf("without the address: %d %q %v", got.status, got.page, got.location)
	}
}

func TestClientsThatMustPush(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "pushing", ClientMetadata: idp.ClientMetadata{RequirePAR: true}})
	a := w.agent()
	if got := a.get(oidc.PathAuthorize, request("pushing")); got.query("error") != "invalid_request" {
		t.Errorf("%d %q %v", got.status, got.page, got.location)
	}
	if got := a.get(oidc.PathAuthorize, byReference("pushing", a.push("pushing"))); got.query("code") == "" {
		t.Errorf("%d %q %v", got.status, got.page, got.location)
	}
}
