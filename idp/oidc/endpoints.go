package oidc

import "net/http"

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
	request, h, f := p.admit(w, r, rules)
	if rules.scripts {
		allowOrigin(w, r, h.client)
	}
	if f != nil {
		writeFailure(w, f, schemeBasic)
		return
	}
	p.serveLibrary(w, request, h, schemeBasic)
}

// admit checks the request and gives it the form that the library reads. The
// handover is never nil; its client is authenticated only without a failure.
func (p *Provider) admit(w http.ResponseWriter, r *http.Request, rules clientRules) (*http.Request, *handover, *failure) {
	posted, f := postedParams(w, r)
	if f != nil {
		return nil, &handover{}, f
	}
	creds, f := readCredentials(r, posted)
	if f != nil {
		return nil, &handover{}, f
	}
	client, f := p.authenticate(r.Context(), creds)
	h := &handover{client: client}
	if f != nil {
		return nil, h, f
	}
	if client.Public() && !rules.public {
		return nil, h, fail(invalidClient, "this endpoint is for clients with a secret")
	}
	if posted.get(rules.required) == "" {
		return nil, h, fail(invalidRequest, "a parameter is missing: "+rules.required)
	}
	return normalize(r, posted, client, creds), h, nil
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
	p.serveLibrary(w, request, &handover{}, schemeBearer)
}

// serveKeys is the key set (RFC 7517).
func (p *Provider) serveKeys(w http.ResponseWriter, r *http.Request) {
	if preflight(w, r, http.MethodGet) || !onlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	allowAnyOrigin(w)
	w.Header().Set("Cache-Control", "public, max-age=300")
	p.serveLibrary(w, r, &handover{}, "")
}
