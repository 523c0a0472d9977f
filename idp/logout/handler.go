package logout

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
)

// Paths below the issuer.
const (
	// Path is the end_session_endpoint.
	Path = "/oauth/logout"
	// PathConfirm takes the answer to the question.
	PathConfirm = "/oauth/logout/confirm"
)

// IDs of the problems that these endpoints tell of; all have the status 400.
const (
	problemRedirect = "logout_redirect_invalid" // the post_logout_redirect_uri isn't registered
	problemHint     = "logout_hint_invalid"     // the id_token_hint isn't ours, or another client's
)

// Handler serves the endpoints. It is safe for concurrent use.
type Handler struct {
	Options
	base  string // the issuer's path
	hints hint.Reader
}

// New returns the handler. It fails where a dependency is missing.
func New(o Options) (*Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return nil, err
	}
	return &Handler{Options: o, base: issuer.Path, hints: hint.Reader{Issuer: o.Issuer, Keys: o.Keys}}, nil
}

// Mount adds the endpoints to mux, each at its full path.
func (h *Handler) Mount(mux interface {
	Handle(pattern string, handler http.Handler)
}) {
	mux.Handle(h.base+Path, http.HandlerFunc(h.serve))
	mux.Handle(h.base+PathConfirm, http.HandlerFunc(h.serveConfirm))
}

// serve ends the session when the request proves that it may, and asks otherwise.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	if r.Method == http.MethodPost {
		if f := oauth.AskAgainByGET(w, r, h.Issuer+Path); f != nil {
			h.problem(w, r, idp.ProblemRequest, f)
		}
		return
	}
	asked, f := oauth.PageParams(r)
	if f == nil {
		f = asked.Fault()
	}
	if f != nil {
		h.problem(w, r, idp.ProblemRequest, f)
		return
	}
	q, id, err := h.read(r, asked)
	switch {
	case err != nil:
		h.problem(w, r, id, err)
	case q.session == nil:
		h.nobody(w, r, q)
	case q.proven():
		h.signOut(w, r, q)
	default:
		h.ask(w, r, q)
	}
}

// nobody answers where nobody is signed in. Only whoever shows an ID token is
// sent on: without one, this would be a way to lead a browser wherever any
// client registered.
func (h *Handler) nobody(w http.ResponseWriter, r *http.Request, q *request) {
	if q.hint == nil {
		q.target = ""
	}
	h.leave(w, r, q.goodbye(nil, 0))
}

// signOut ends the session, and with it what leans on it, then goes where the
// relying party wants or says that it is over. Sessions that this browser had
// before, and that only were idle for too long, end as well.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request, q *request) {
	e := idp.Ending{UserID: q.session.UserID, Session: q.session.ID, Browser: q.visit.Browser}
	ended, err := h.Sessions.EndSessions(r.Context(), e, h.Now())
	if err != nil {
		h.problem(w, r, idp.ProblemInternal, err)
		return
	}
	clientID := ""
	if q.client != nil {
		clientID = q.client.ID
	}
	h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeSessionEnded, Subject: e.UserID, ClientID: clientID, SessionID: e.Session,
		Params: map[string]any{"by": "person", "sessions": ended}})
	h.Log.DebugContext(r.Context(), "signed out", "user_id", e.UserID, "session_id", e.Session, "client_id", clientID)
	h.finish(w, r, q, ended)
}

// SignedOut answers after sessions were ended elsewhere, the browser's own among
// them: it takes that one from the browser, and tells applications in frames.
func (h *Handler) SignedOut(w http.ResponseWriter, r *http.Request, ended []string) {
	visit, err := h.Jar.Current(r)
	if err != nil {
		h.problem(w, r, idp.ProblemInternal, err)
		return
	}
	h.finish(w, r, &request{visit: visit}, ended)
}

func (h *Handler) finish(w http.ResponseWriter, r *http.Request, q *request, ended []string) {
	frames, err := h.frames(r.Context(), ended)
	if err != nil {
		h.problem(w, r, idp.ProblemInternal, err)
		return
	}
	if q.visit.Session != "" {
		if err := h.Jar.SignOut(w, r); err != nil {
			h.problem(w, r, idp.ProblemInternal, err)
			return
		}
	}
	h.leave(w, r, q.goodbye(frames, h.Wait))
}

// leave redirects where there is nothing to show on the way.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request, g Goodbye) {
	if g.Next != "" && len(g.Frames) == 0 {
		w.Header().Set("Referrer-Policy", "no-referrer") // this address may hold an ID token
		http.Redirect(w, r, g.Next, http.StatusSeeOther)
		return
	}
	h.Pages.SignedOut(w, r, g)
}

func (h *Handler) problem(w http.ResponseWriter, r *http.Request, id string, err error) {
	if errors.Is(err, hint.ErrNone) {
		id = problemHint
	}
	shown := &idp.Problem{ID: id, Status: http.StatusBadRequest, Cause: err}
	if id == idp.ProblemInternal {
		shown = idp.ProblemOf(err)
	}
	h.Pages.Problem(w, r, shown)
}
