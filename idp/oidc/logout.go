package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// logout is a request to sign out (OpenID Connect RP-Initiated Logout), checked.
type logout struct {
	visit browser.Visit
	// session is nil where nobody is signed in here.
	session *idp.Session
	// hint is nil where the request has no ID token of ours for this client.
	hint   *oidc.IDTokenClaims
	client *idp.Client // who asks, nil where unknown
	// uri is registered with the client; state goes with it.
	uri, state string
}

// proven says that the ID token was given to the client in this very session,
// or that there is nobody to sign out. Anything less asks the person.
func (l *logout) proven() bool {
	if l.hint == nil {
		return false
	}
	return l.session == nil || l.hint.SessionID == l.session.ID && l.hint.Subject == l.session.UserID
}

// serveLogout ends the session when the request proves that it may, and asks
// otherwise.
func (p *Provider) serveLogout(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	if r.Method == http.MethodPost {
		if f := oauth.AskAgainByGET(w, r, p.Issuer+PathLogout); f != nil {
			p.problem(w, r, problemRequest, f)
		}
		return
	}
	asked, f := oauth.PageParams(r)
	if f == nil {
		f = asked.Fault()
	}
	if f != nil {
		p.problem(w, r, problemRequest, f)
		return
	}
	l, id, err := p.readLogout(r, asked)
	switch {
	case err != nil:
		p.problem(w, r, id, err)
	case l.proven():
		p.signOut(w, r, l)
	case l.session == nil:
		p.Pages.SignedOut(w, r)
	default:
		p.askLogout(w, r, l, asked)
	}
}

// readLogout checks the request. The id names the problem.
func (p *Provider) readLogout(r *http.Request, asked oauth.Params) (_ *logout, id string, err error) {
	l := &logout{state: asked.Get("state")}
	if l.visit, err = p.Jar.Current(r); err != nil {
		return nil, idp.ProblemInternal, err
	}
	if l.session, err = p.signedIn(r.Context(), l.visit); err != nil {
		return nil, idp.ProblemInternal, err
	}
	clientID := asked.Get("client_id")
	if hint := asked.Get("id_token_hint"); hint != "" {
		claims, err := p.readHint(r.Context(), hint)
		if err == nil && (clientID == "" || slices.Contains(claims.Audience, clientID)) && len(claims.Audience) == 1 {
			l.hint, clientID = claims, claims.Audience[0]
		} else {
			clientID = "" // A hint that proves nothing names nobody either.
		}
	}
	if clientID == "" {
		return l, "", nil
	}
	if l.client, err = p.Clients.ClientByID(r.Context(), clientID); errors.Is(err, idp.ErrNotFound) {
		return nil, idp.ProblemClientUnknown, err
	} else if err != nil {
		return nil, idp.ProblemInternal, err
	}
	if l.uri = asked.Get("post_logout_redirect_uri"); l.uri != "" && !slices.Contains(l.client.PostLogoutURIs, l.uri) {
		return nil, problemLogout, errors.New("the post_logout_redirect_uri is not registered")
	}
	return l, "", nil
}

// signedIn is the browser's session while it stands, else nil.
func (p *Provider) signedIn(ctx context.Context, visit browser.Visit) (*idp.Session, error) {
	if visit.Session == "" {
		return nil, nil
	}
	session, err := p.Stores.SessionByID(ctx, visit.Session)
	if errors.Is(err, idp.ErrNotFound) || err == nil && !session.Stands(p.Now()) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the browser's session: %w", err)
	}
	return session, nil
}

// signOut ends the session, and with it the tokens that lean on it, then goes
// where the relying party wants or says that it is over.
func (p *Provider) signOut(w http.ResponseWriter, r *http.Request, l *logout) {
	if err := p.end(r.Context(), l.session); err != nil {
		p.problem(w, r, idp.ProblemInternal, err)
		return
	}
	if l.visit.Session != "" {
		if err := p.Jar.SignOut(w, r); err != nil {
			p.problem(w, r, idp.ProblemInternal, fmt.Errorf("taking the session from the browser: %w", err))
			return
		}
	}
	if l.uri == "" {
		p.Pages.SignedOut(w, r)
		return
	}
	target := l.uri
	if l.state != "" {
		target = oauth.WithQuery(target, map[string]string{"state": l.state})
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

func (p *Provider) end(ctx context.Context, session *idp.Session) error {
	if session == nil {
		return nil
	}
	_, err := p.Stores.UpdateSession(ctx, session.ID, func(s *idp.Session) error {
		s.End(p.Now())
		return nil
	})
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf("ending the session: %w", err)
	}
	return nil
}

// readHint verifies that we signed the ID token. That it expired doesn't matter
// (OpenID Connect Core, section 3.1.2.1).
func (p *Provider) readHint(ctx context.Context, hint string) (*oidc.IDTokenClaims, error) {
	ctx = op.ContextWithIssuer(ctx, p.Issuer)
	claims, err := op.VerifyIDTokenHint[*oidc.IDTokenClaims](ctx, hint, p.library.IDTokenHintVerifier(ctx))
	if expired := (op.IDTokenHintExpiredError{}); errors.As(err, &expired) {
		err = nil
	}
	return claims, err
}
