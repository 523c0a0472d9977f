package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

// errAnswered: the login's answer went out before.
var errAnswered = errors.New("the login was answered before")

// serveCallback answers the relying party when its login is done or denied:
// once, and only in the browser and the session that the login ended in.
func (p *Provider) serveCallback(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodGet) {
		return
	}
	asked, f := oauth.PageParams(r)
	if f != nil {
		p.problem(w, r, problemRequest, f)
		return
	}
	visit, err := p.Jar.Current(r)
	if err != nil {
		p.problem(w, r, idp.ProblemInternal, err)
		return
	}
	login, id, err := p.loginOf(r.Context(), visit, asked.Get("id"))
	if err != nil {
		p.problem(w, r, id, err)
		return
	}
	if login.State == idp.LoginOpen {
		http.Redirect(w, r, p.LoginURL(login.ID), http.StatusSeeOther)
		return
	}
	p.conclude(w, r, login)
}

// loginOf finds the browser's own login. One of another browser is as unknown
// as one that never was. The id names the problem.
func (p *Provider) loginOf(ctx context.Context, visit browser.Visit, id string) (_ *idp.Login, problem string, _ error) {
	login, err := p.Stores.LoginByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) || err == nil && (visit.Browser == "" || login.Browser != visit.Browser) {
		return nil, idp.ProblemLoginUnknown, errors.New("the login is unknown in this browser")
	}
	if err != nil {
		return nil, idp.ProblemInternal, err
	}
	switch {
	case login.State == idp.LoginAnswered:
		return nil, idp.ProblemLoginAnswered, errAnswered
	case login.Expired(p.Now()):
		return nil, idp.ProblemLoginExpired, errors.New("the login expired")
	case login.State == idp.LoginDone && (login.Session == "" || login.Session != visit.Session):
		return nil, idp.ProblemLoginUnknown, errors.New("the login's session is not this browser's")
	}
	return login, "", nil
}

// conclude moves the login to its end and gives the answer. Of two requests at
// once only one moves it.
func (p *Provider) conclude(w http.ResponseWriter, r *http.Request, found *idp.Login) {
	if found.State == idp.LoginDone && found.Request.Device == "" {
		p.concludeGrant(w, r, found)
		return
	}
	login, err := p.Stores.UpdateLogin(r.Context(), found.ID, answering(found))
	switch {
	case err != nil:
		p.unanswered(w, r, err)
	case login.Request.Device != "":
		p.concludeDevice(w, r, login, found.State)
	default:
		p.concludeDenied(w, r, login)
	}
}

// answering has the login be answered, unless another request did so or changed it
// since it was found.
func answering(found *idp.Login) func(*idp.Login) error {
	return func(l *idp.Login) error {
		if l.State != found.State || l.Browser != found.Browser || l.Session != found.Session {
			return errAnswered
		}
		l.State = idp.LoginAnswered
		return nil
	}
}

// unanswered tells why the login couldn't be moved.
func (p *Provider) unanswered(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errAnswered) {
		p.problem(w, r, idp.ProblemLoginAnswered, err)
		return
	}
	p.problem(w, r, idp.ProblemInternal, err)
}

func (p *Provider) concludeDenied(w http.ResponseWriter, r *http.Request, login *idp.Login) {
	if refusal := p.recheck(r.Context(), &login.Request); refusal != nil {
		p.refuse(w, r, refusal)
		return
	}
	p.answerError(w, r, &login.Request, denial(login.Error))
}

// concludeGrant grants what the login proved.
func (p *Provider) concludeGrant(w http.ResponseWriter, r *http.Request, found *idp.Login) {
	ctx := r.Context()
	var given *front
	var user *idp.User
	var f *oauth.Failure
	refusal := p.recheck(ctx, &found.Request)
	if refusal == nil {
		given, user, f = p.grant(ctx, found)
	}
	if err := p.answerLogin(ctx, found, given); err != nil {
		p.unanswered(w, r, err)
		return
	}
	if refusal != nil {
		p.refuse(w, r, refusal)
		return
	}
	var fields map[string]string
	if f == nil {
		var err error
		if fields, err = given.fields(ctx, user); err != nil {
			f = p.fault(ctx, "making tokens", err)
		}
	}
	if f != nil {
		p.answerError(w, r, &found.Request, f)
		return
	}
	p.answer(w, r, &found.Request, fields)
}

// answerLogin answers the login, in one transaction with the grant where one is given.
func (p *Provider) answerLogin(ctx context.Context, found *idp.Login, given *front) error {
	if given != nil {
		return p.Stores.CreateGrantOfLogin(ctx, given.mint.grant, found.ID, answering(found), given.mint.rows...)
	}
	_, err := p.Stores.UpdateLogin(ctx, found.ID, answering(found))
	return err
}

// recheck holds the request to the client's registration as it is now: a login
// may take hours, and a redirect URI that was taken away gets nothing any more.
func (p *Provider) recheck(ctx context.Context, wanted *idp.AuthorizationRequest) *request.Refusal {
	client, err := p.Clients.ClientByID(ctx, wanted.ClientID)
	if errors.Is(err, idp.ErrNotFound) {
		return &request.Refusal{Problem: idp.ProblemClientUnknown, Failure: oauth.Fail(oauth.InvalidClient, ""), Cause: err}
	}
	if err != nil {
		return &request.Refusal{Problem: idp.ProblemInternal, Failure: oauth.FailureOf(err), Cause: err}
	}
	return p.requests.Recheck(client, wanted)
}

func denial(code string) *oauth.Failure {
	if code == "" {
		code = oauth.AccessDenied
	}
	return oauth.Fail(code, "")
}

// grant is what the person allowed in the login, not stored yet, and the person.
func (p *Provider) grant(ctx context.Context, login *idp.Login) (*front, *idp.User, *oauth.Failure) {
	given, f := p.newFront(ctx, login)
	if f != nil {
		return nil, nil, f
	}
	if given.mint.grant.ACR == "" { // what was essential; see AuthorizationRequest.Reached
		return nil, nil, oauth.Fail(oauth.UnmetAuthentication, "")
	}
	user, err := p.live(ctx, given.mint.grant)
	switch {
	case errors.Is(err, errOver):
		return nil, nil, oauth.Fail(oauth.AccessDenied, "")
	case err != nil:
		return nil, nil, p.fault(ctx, "checking a grant", err)
	}
	return given, user, nil
}

// loginGrant is what the person allowed in the login, for whoever has the code. It is
// not stored yet.
func (p *Provider) loginGrant(login *idp.Login, code Code) (*Grant, error) {
	id, err := idp.NewID(p.Rand)
	if err != nil {
		return nil, fmt.Errorf("making a grant's id: %w", err)
	}
	asked := login.Request
	return &Grant{
		ID: id, ClientID: asked.ClientID, UserID: login.UserID, Session: login.Session, Kind: KindCode,
		Scopes: asked.Scopes, Nonce: asked.Nonce, Claims: asked.Claims, Resources: asked.Resources,
		AuthTime: login.AuthTime, ACR: asked.Reached(login.Facts), AMR: idp.AMR(login.Facts),
		Code: code, CreatedAt: p.Now(), ExpiresAt: code.ExpiresAt,
	}, nil
}
