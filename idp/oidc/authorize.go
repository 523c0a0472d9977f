package oidc

import (
	"context"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
	"github.com/ringtail-id/ringtail/idp/tracing"
)

// IDs of the problems that people see here alone; the others are those of
// package idp and of package request.
const (
	problemRequest = idp.ProblemRequest
	problemPushed  = "request_over" // the pushed request was used, or is too old
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
	wanted, refusal := p.wanted(r.Context(), asked)
	if refusal != nil {
		p.refuse(w, r, refusal)
		return
	}
	p.begin(w, r, wanted)
}

// wanted is the request that the parameters hold or stand for.
func (p *Provider) wanted(ctx context.Context, asked oauth.Params) (*idp.AuthorizationRequest, *request.Refusal) {
	if secret, pushed := request.PushedSecret(asked.Get("request_uri")); pushed {
		return p.takePushed(ctx, asked, secret)
	}
	return p.requests.Read(ctx, asked)
}

// refuse tells the relying party, or else the person.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, refusal *request.Refusal) {
	if refusal.Problem == "" {
		p.answerError(w, r, refusal.Request, refusal.Failure)
		return
	}
	var cause error = refusal.Failure
	if refusal.Cause != nil {
		cause = refusal.Cause
	}
	p.problem(w, r, refusal.Problem, cause)
}

// begin stores the login, bound to this browser, and sends the browser to it,
// unless it is settled at once.
func (p *Provider) begin(w http.ResponseWriter, r *http.Request, wanted *idp.AuthorizationRequest) {
	visit, err := p.Jar.Ensure(w, r)
	if err != nil {
		p.answerError(w, r, wanted, p.fault(r.Context(), "setting the browser's cookie", err))
		return
	}
	id, err := idp.NewID(p.Rand)
	if err != nil {
		p.answerError(w, r, wanted, p.fault(r.Context(), "making a login's id", err))
		return
	}
	now := p.Now()
	login := &idp.Login{
		ID: id, Browser: visit.Browser, Request: *wanted, State: idp.LoginOpen,
		CreatedAt: now, ExpiresAt: now.Add(p.Lives.Login),
	}
	login.Request.Trace = tracing.Carried(r.Context())
	if p.settle(w, r, visit, login) {
		return
	}
	if err := p.Stores.CreateLogin(r.Context(), login); err != nil {
		p.answerError(w, r, wanted, p.fault(r.Context(), "storing a login", err))
		return
	}
	p.recordLogin(r.Context(), login)
	http.Redirect(w, r, p.LoginURL(id), http.StatusSeeOther)
}

// problem shows a person what went wrong; err is for the log, which Pages writes.
func (p *Provider) problem(w http.ResponseWriter, r *http.Request, id string, err error) {
	shown := &idp.Problem{ID: id, Status: http.StatusBadRequest, Cause: err}
	if id == idp.ProblemInternal {
		shown = idp.ProblemOf(err)
	}
	p.Pages.Problem(w, r, shown)
}
