package oidc

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// IDs of the problems that people see here alone; the others are those of package idp.
const (
	problemRequest  = "request_invalid"         // the request can't be read
	problemRedirect = "redirect_invalid"        // the address to go back to isn't registered
	problemLogout   = "logout_redirect_invalid" // the address after the logout isn't registered
)

// serveAuthorize is the authorization endpoint (RFC 6749, section 3.1; OpenID
// Connect Core, section 3.1.2). A request that is right becomes a login.
func (p *Provider) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	if r.Method == http.MethodPost {
		if f := oauth.AskAgainByGET(w, r, p.Issuer+PathAuthorize); f != nil {
			p.problem(w, r, problemRequest, f)
		}
		return
	}
	asked, f := oauth.PageParams(r)
	if f != nil {
		p.problem(w, r, problemRequest, f)
		return
	}
	client, id, err := p.recipient(r.Context(), asked)
	if err != nil {
		p.problem(w, r, id, err)
		return
	}
	request, f := p.checkRequest(r.Context(), client, asked)
	if f != nil {
		p.answerError(w, r, request, f)
		return
	}
	p.begin(w, r, request)
}

// recipient finds who may be told anything about the request. Until the client
// is known and its redirect URI is registered, errors are for the person alone
// (RFC 6749, section 4.1.2.1). The id names the problem.
func (p *Provider) recipient(ctx context.Context, asked oauth.Params) (_ *idp.Client, id string, _ error) {
	client, err := p.Clients.ClientByID(ctx, asked.Get("client_id"))
	if errors.Is(err, idp.ErrNotFound) {
		return nil, idp.ProblemClientUnknown, err
	}
	if err != nil {
		return nil, idp.ProblemInternal, err
	}
	if uri := asked.Get("redirect_uri"); uri == "" || !client.AllowsRedirect(uri) {
		return nil, problemRedirect, errors.New("the redirect URI of the request is not registered")
	}
	return client, "", nil
}

// begin stores the login, bound to this browser, and sends the browser to it.
func (p *Provider) begin(w http.ResponseWriter, r *http.Request, request *idp.AuthorizationRequest) {
	visit, err := p.Jar.Ensure(w, r)
	if err != nil {
		p.answerError(w, r, request, p.fault(r.Context(), "setting the browser's cookie", err))
		return
	}
	id, err := idp.NewID(p.Rand)
	if err != nil {
		p.answerError(w, r, request, p.fault(r.Context(), "making a login's id", err))
		return
	}
	now := p.Now()
	login := &idp.Login{
		ID: id, Browser: visit.Browser, Request: *request, State: idp.LoginOpen,
		CreatedAt: now, ExpiresAt: now.Add(p.Lives.Login),
	}
	if err := p.Stores.CreateLogin(r.Context(), login); err != nil {
		p.answerError(w, r, request, p.fault(r.Context(), "storing a login", err))
		return
	}
	http.Redirect(w, r, p.LoginURL(id), http.StatusSeeOther)
}

// problem shows a person what went wrong; err is for the log, which Pages writes.
func (p *Provider) problem(w http.ResponseWriter, r *http.Request, id string, err error) {
	status := http.StatusBadRequest
	if id == idp.ProblemInternal {
		status = http.StatusInternalServerError
	}
	p.Pages.Problem(w, r, &idp.Problem{ID: id, Status: status, Cause: err})
}
