package oidc

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// serveToken is the token endpoint (RFC 6749, section 3.2).
func (p *Provider) serveToken(w http.ResponseWriter, r *http.Request) {
	p.serveClient(w, r, clientRules{public: true, scripts: true, required: "grant_type"})
}

// serveRevoke is the revocation endpoint (RFC 7009).
func (p *Provider) serveRevoke(w http.ResponseWriter, r *http.Request) {
	p.serveClient(w, r, clientRules{public: true, scripts: true, required: "token"})
}

// serveIntrospect is the introspection endpoint (RFC 7662). It answers only
// about the asking client's own tokens; see storage.SetIntrospectionFromToken.
func (p *Provider) serveIntrospect(w http.ResponseWriter, r *http.Request) {
	p.serveClient(w, r, clientRules{required: "token"})
}

// clientRules are what an endpoint for clients asks of a request.
type clientRules struct {
	public   bool   // clients without a secret may come
	scripts  bool   // scripts on the client's origins may come
	required string // a parameter
}

// serveClient lets the library answer a request that is single-valued, posted,
// and from an authenticated client.
func (p *Provider) serveClient(w http.ResponseWriter, r *http.Request, rules clientRules) {
	noStore(w)
	if rules.scripts && preflight(w, r, http.MethodPost) {
		return
	}
	if !onlyMethods(w, r, http.MethodPost) {
		return
	}
	request, c, f := p.admit(w, r, rules)
	if rules.scripts {
		allowOrigin(w, r, c.client)
	}
	if f != nil {
		writeFailure(w, f, schemeBasic)
		return
	}
	p.serveLibrary(w, request, c, schemeBasic)
}

// admit checks the request and gives it the form that the library reads. The
// call is never nil; its client is authenticated only without a failure.
func (p *Provider) admit(w http.ResponseWriter, r *http.Request, rules clientRules) (*http.Request, *call, *failure) {
	posted, f := backParams(w, r)
	if f != nil {
		return nil, &call{}, f
	}
	creds, f := readCredentials(r, posted)
	if f != nil {
		return nil, &call{}, f
	}
	client, f := p.authenticate(r.Context(), creds)
	c := &call{client: client}
	if f != nil {
		return nil, c, f
	}
	if client.Public() && !rules.public {
		return nil, c, fail(invalidClient, "this endpoint is for clients with a secret")
	}
	if posted.get(rules.required) == "" {
		return nil, c, fail(invalidRequest, "a parameter is missing: "+rules.required)
	}
	return normalize(r, posted, client, creds), c, nil
}

// serveUserinfo is the userinfo endpoint (OpenID Connect Core, section 5.3).
func (p *Provider) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	noStore(w)
	if preflight(w, r, http.MethodGet, http.MethodPost) || !onlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	token, f := bearerToken(w, r)
	if f == nil && token == "" {
		f = &failure{code: invalidRequest, description: "the request has no access token", status: http.StatusUnauthorized}
	}
	if f == nil && !isOpaque(token) {
		// The library would take an ID token for an access token without an id.
		f = fail(invalidToken, "the access token is unknown or over")
	}
	if f != nil {
		allowOrigin(w, r, nil)
		writeFailure(w, f, schemeBearer)
		return
	}
	request := r.Clone(r.Context())
	request.Header.Set("Authorization", schemeBearer+" "+token)
	request.Body = http.NoBody
	p.serveLibrary(w, request, &call{}, schemeBearer)
}

// serveKeys is the key set (RFC 7517).
func (p *Provider) serveKeys(w http.ResponseWriter, r *http.Request) {
	if preflight(w, r, http.MethodGet) || !onlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	allowAnyOrigin(w)
	w.Header().Set("Cache-Control", "public, max-age=300")
	p.serveLibrary(w, r, &call{}, "")
}

// serveLibrary runs the library's handler and sends its answer on when it is a
// success. An error goes out in the shape of its standard, without whatever the
// library put into it.
func (p *Provider) serveLibrary(w http.ResponseWriter, r *http.Request, c *call, scheme string) {
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	p.router.ServeHTTP(answer, r.WithContext(withCall(r.Context(), c)))
	if scheme == schemeBearer {
		allowOrigin(w, r, c.client)
	}
	if f := answer.failure(c, scheme); f != nil {
		noStore(w)
		writeFailure(w, f, scheme)
		return
	}
	w.Header().Set("Content-Type", answer.header.Get("Content-Type"))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(answer.status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = answer.body.WriteTo(w)
}

// recorder keeps the library's answer back until it was looked at.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recorder) Header() http.Header         { return a.header }
func (a *recorder) WriteHeader(status int)      { a.status = status }
func (a *recorder) Write(b []byte) (int, error) { return a.body.Write(b) }

// failure reads an error out of the answer; nil when it is a success.
func (a *recorder) failure(c *call, scheme string) *failure {
	if c.fault != nil {
		return c.fault
	}
	if a.status < http.StatusBadRequest {
		return nil
	}
	var body errorBody
	if err := json.Unmarshal(a.body.Bytes(), &body); err != nil || body.Error == "" {
		body = errorBody{Error: serverError}
	}
	if scheme == schemeBearer {
		return fail(invalidToken, "the access token is unknown or over")
	}
	if body.Error == serverError {
		body.Description = ""
	}
	return fail(body.Error, body.Description)
}

var _ http.ResponseWriter = (*recorder)(nil)
