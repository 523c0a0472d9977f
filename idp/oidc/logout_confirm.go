package oidc

import (
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// confirmPurpose is the keyring's purpose for the proof that a posted form is ours.
const confirmPurpose = "logout-form"

// askLogout shows the question. Its form carries the request on, but not the ID
// token, and a proof that it was made for this browser and session.
func (p *Provider) askLogout(w http.ResponseWriter, r *http.Request, l *logout, asked oauth.Params) {
	page := LogoutPage{Action: p.base + PathLogoutConfirm, Hidden: map[string]string{
		"proof": p.Keyring.Hash(confirmPurpose, l.visit.Browser, l.session.ID),
	}}
	if l.client != nil {
		page.Client = l.client.DisplayName()
		page.Hidden["client_id"] = l.client.ID
	}
	if l.uri != "" {
		page.FormTargets = []string{l.uri}
		page.Hidden["post_logout_redirect_uri"] = l.uri
		page.Hidden["state"] = asked.Get("state")
	}
	user, err := p.Users.UserByID(r.Context(), l.session.UserID)
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		p.problem(w, r, idp.ProblemInternal, err)
		return
	}
	if err == nil {
		page.Person = user.Login
	}
	p.Pages.ConfirmLogout(w, r, page)
}

// serveLogoutConfirm is the answer "yes, sign out". Only now may the browser go
// to a post_logout_redirect_uri that no ID token vouched for.
func (p *Provider) serveLogoutConfirm(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	posted, f := oauth.PostedParams(w, r)
	if f != nil {
		p.problem(w, r, problemRequest, f)
		return
	}
	l, id, err := p.readLogout(r, posted)
	if err != nil {
		p.problem(w, r, id, err)
		return
	}
	if l.session != nil && !p.Keyring.Equal(posted.Get("proof"), confirmPurpose, l.visit.Browser, l.session.ID) {
		p.problem(w, r, problemRequest, errors.New("the logout form was not made for this session"))
		return
	}
	if l.session == nil {
		p.Pages.SignedOut(w, r)
		return
	}
	p.signOut(w, r, l)
}
