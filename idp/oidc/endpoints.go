package oidc

import (
	"net/http"
	"net/url"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

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
	oauth.NoStore(w)
	if rules.scripts && oauth.Preflight(w, r, http.MethodPost) {
		return
	}
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	request, h, f := p.admit(w, r, rules)
	if rules.scripts {
		oauth.AllowOrigin(w, r, h.client)
	}
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	p.serveLibrary(w, request, h, oauth.SchemeBasic)
}

// admit checks the request and gives it the form that the library reads. The
// handover is never nil; its client is authenticated only without a failure.
func (p *Provider) admit(w http.ResponseWriter, r *http.Request, rules clientRules) (*http.Request, *handover, *oauth.Failure) {
	posted, f := oauth.PostedParams(w, r)
	if f != nil {
		return nil, &handover{}, f
	}
	client, f := p.Auth.Authenticate(r.Context(), r, posted)
	h := &handover{client: client}
	if f != nil {
		return nil, h, f
	}
	if client.Public() && !rules.public {
		return nil, h, oauth.Fail(oauth.InvalidClient, "this endpoint is for clients with a secret")
	}
	if posted.Get(rules.required) == "" {
		return nil, h, oauth.Fail(oauth.InvalidRequest, "a parameter is missing: "+rules.required)
	}
	return normalize(r, posted, client), h, nil
}

// normalize gives the request the one form that the library reads alike at
// every endpoint: Basic for a confidential client, whose credentials we have
// checked, and client_id for a public one.
func normalize(r *http.Request, p oauth.Params, client *idp.Client) *http.Request {
	next := r.Clone(r.Context())
	form := p.Form()
	for _, name := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		form.Del(name)
	}
	if client.Public() {
		form.Set("client_id", client.ID)
	} else {
		form.Del("client_id")
		next.SetBasicAuth(url.QueryEscape(client.ID), "")
	}
	next.Form, next.PostForm = form, form
	return next
}

// serveUserinfo is the userinfo endpoint (OpenID Connect Core, section 5.3).
func (p *Provider) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if oauth.Preflight(w, r, http.MethodGet, http.MethodPost) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	token, f := oauth.BearerToken(w, r)
	if f == nil && token == "" {
		f = &oauth.Failure{Code: oauth.InvalidRequest, Description: "the request has no access token", Status: http.StatusUnauthorized}
	}
	if f != nil {
		oauth.AllowOrigin(w, r, nil)
		oauth.WriteFailure(w, f, oauth.SchemeBearer)
		return
	}
	request := r.Clone(r.Context())
	request.Header.Set("Authorization", oauth.SchemeBearer+" "+token)
	request.Body = http.NoBody
	p.serveLibrary(w, request, &handover{}, oauth.SchemeBearer)
}

// serveKeys is the key set (RFC 7517).
func (p *Provider) serveKeys(w http.ResponseWriter, r *http.Request) {
	if oauth.Preflight(w, r, http.MethodGet) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	oauth.AllowAnyOrigin(w)
	w.Header().Set("Cache-Control", "public, max-age=300")
	p.serveLibrary(w, r, &handover{}, "")
}
