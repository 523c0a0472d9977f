package logout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
)

// request is a request to sign out (RP-Initiated Logout 1.0, section 2), checked.
type request struct {
	visit browser.Visit
	// session is nil where nobody is signed in here, user where they aren't known.
	session *idp.Session
	user    *idp.User
	// hint is nil where the request has none.
	hint   *hint.Claims
	client *idp.Client // who asks, nil where nobody is named
	// target is the registered address to go to, and state what goes with it.
	target, state string
	// logoutHint names who is to be signed out, in words of the relying party.
	logoutHint string
	uiLocales  []string
}

// proven says that the ID token was given to the client in this very session,
// and that the request doesn't contradict itself. Anything less asks the person.
func (q *request) proven() bool {
	return q.hint != nil && q.hint.Session == q.session.ID && q.hint.Subject == q.session.UserID && q.fits()
}

// fits says whether logout_hint can mean who is signed in. It proves nothing; but
// where it means somebody else, the person must know whom it is about to sign out.
func (q *request) fits() bool {
	if q.logoutHint == "" || q.user == nil {
		return q.logoutHint == ""
	}
	digits := func(text string) string {
		return strings.Map(func(c rune) rune {
			if c < '0' || c > '9' {
				return -1
			}
			return c
		}, text)
	}
	if phone := digits(q.logoutHint); phone != "" && phone == digits(q.user.Attribute(idp.AttributePhone)) {
		return true
	}
	names := []string{q.session.ID, q.user.ID, q.user.Login, q.user.Attribute("email")}
	return slices.ContainsFunc(names, func(name string) bool {
		return name != "" && idp.NormalizeLogin(name) == idp.NormalizeLogin(q.logoutHint)
	})
}

// goodbye is the answer when the person is signed out.
func (q *request) goodbye(frames []string, wait time.Duration) Goodbye {
	g := Goodbye{Frames: frames, UILocales: q.uiLocales}
	if q.client != nil {
		g.Client = q.client.DisplayName()
	}
	if q.target == "" {
		return g
	}
	if g.Next = q.target; q.state != "" {
		g.Next = oauth.WithQuery(q.target, map[string]string{"state": q.state})
	}
	if len(frames) > 0 {
		g.Wait = wait
	}
	return g
}

// read checks the request. The id names the problem.
func (h *Handler) read(r *http.Request, asked oauth.Params) (_ *request, id string, err error) {
	ctx := r.Context()
	q := &request{state: asked.Get("state"), logoutHint: asked.Get("logout_hint"), uiLocales: strings.Fields(asked.Get("ui_locales"))}
	if q.visit, err = h.Jar.Current(r); err != nil {
		return nil, idp.ProblemInternal, err
	}
	if err := h.signedIn(ctx, q); err != nil {
		return nil, idp.ProblemInternal, err
	}
	clientID := asked.Get("client_id")
	if token := asked.Get("id_token_hint"); token != "" {
		claims, err := h.hints.Read(ctx, token)
		if err != nil {
			return nil, idp.ProblemInternal, err
		}
		if clientID != "" && clientID != claims.Client {
			return nil, problemHint, errors.New("the id_token_hint is for another client than client_id says")
		}
		q.hint, clientID = &claims, claims.Client
	}
	if clientID == "" {
		return q, "", nil
	}
	if q.client, err = h.Clients.ClientByID(ctx, clientID); errors.Is(err, idp.ErrNotFound) {
		return nil, idp.ProblemClientUnknown, err
	} else if err != nil {
		return nil, idp.ProblemInternal, fmt.Errorf("reading the client: %w", err)
	}
	if q.target = asked.Get("post_logout_redirect_uri"); q.target != "" && !slices.Contains(q.client.PostLogoutURIs, q.target) {
		return nil, problemRedirect, errors.New("the post_logout_redirect_uri is not registered")
	}
	return q, "", nil
}

// signedIn finds the browser's session while it stands, and whose it is.
func (h *Handler) signedIn(ctx context.Context, q *request) error {
	if q.visit.Session == "" {
		return nil
	}
	session, err := h.Sessions.SessionByID(ctx, q.visit.Session)
	if errors.Is(err, idp.ErrNotFound) || err == nil && !session.Stands(h.Now()) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the browser's session: %w", err)
	}
	q.session = session
	user, err := h.Users.UserByID(ctx, session.UserID)
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf("reading who is signed in: %w", err)
	}
	q.user = user
	return nil
}
