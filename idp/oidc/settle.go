package oidc

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// settle answers the relying party at once where the browser is signed in and the
// login asks nothing more of the person. Such a login has no state to keep, so it
// is never stored; the trail has its beginning and its end. False where it has to
// be gone through; nothing was done then.
func (p *Provider) settle(w http.ResponseWriter, r *http.Request, visit browser.Visit, begun *idp.Login) bool {
	if p.Settle == nil {
		return false
	}
	login := *begun
	settled, err := p.Settle(r, visit, &login)
	if err != nil || settled == nil {
		return false // going through it tells of the error
	}
	answer, f := p.grantSettled(r.Context(), &login, settled)
	if f == nil && answer == nil {
		return false
	}
	p.recordLogin(r.Context(), begun)
	if f != nil {
		p.answerError(w, r, &login.Request, f)
		return true
	}
	settled.Done(r.Context())
	p.answer(w, r, &login.Request, answer)
	return true
}

// grantSettled is grant for such a login. Neither an answer nor a failure: the
// session ended meanwhile.
func (p *Provider) grantSettled(ctx context.Context, login *idp.Login, settled *idp.Settled) (map[string]string, *oauth.Failure) {
	front, f := p.newFront(ctx, login)
	if f != nil {
		return nil, f
	}
	if front.mint.grant.ACR == "" { // as in grant
		return nil, oauth.Fail(oauth.UnmetAuthentication, "")
	}
	err := p.Stores.CreateGrantInSession(ctx, front.mint.grant, settled.Change, front.mint.rows...)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, p.fault(ctx, "storing a grant", err)
	}
	fields, err := front.fields(ctx, settled.User)
	if err != nil {
		return nil, p.fault(ctx, "making tokens", err)
	}
	return fields, nil
}
