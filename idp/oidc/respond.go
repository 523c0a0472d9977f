package oidc

import (
	"context"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

// answerError sends an error to the relying party (OpenID Connect Core, section
// 3.1.2.6). The request's redirect URI must have been found registered.
func (p *Provider) answerError(w http.ResponseWriter, r *http.Request, wanted *idp.AuthorizationRequest, f *oauth.Failure) {
	if !f.Ours() {
		p.Log.InfoContext(r.Context(), "authorization refused", "client_id", wanted.ClientID, "error", f.Code, "description", f.Description)
	}
	answer := map[string]string{"error": f.Code}
	if f.Description != "" {
		answer["error_description"] = f.Description
	}
	p.answer(w, r, wanted, answer)
}

// answer sends the answer by the request's response mode, with the request's
// state and with our issuer against mix-up (RFC 9207).
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, wanted *idp.AuthorizationRequest, answer map[string]string) {
	answer["iss"] = p.Issuer
	if wanted.State != "" {
		answer["state"] = wanted.State
	}
	oauth.NoStore(w)
	w.Header().Set("Referrer-Policy", "no-referrer")
	switch wanted.ResponseMode {
	case request.ModeFormPost:
		p.Pages.FormPost(w, r, FormPostPage{Action: wanted.RedirectURI, Fields: answer})
	case request.ModeFragment:
		http.Redirect(w, r, oauth.WithFragment(wanted.RedirectURI, answer), http.StatusSeeOther)
	default:
		http.Redirect(w, r, oauth.WithQuery(wanted.RedirectURI, answer), http.StatusSeeOther)
	}
}

// fault logs an unexpected error and gives the answer that says nothing of it.
func (p *Provider) fault(ctx context.Context, doing string, err error) *oauth.Failure {
	p.Log.ErrorContext(ctx, "openid endpoint failed", "doing", doing, "error", err)
	return oauth.FailureOf(err)
}
