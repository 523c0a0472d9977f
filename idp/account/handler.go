package account

import (
	"context"
	"crypto/hmac"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Form fields of the page.
const (
	fieldAction = "action" // see the Action constants
	fieldFor    = "for"    // a proof of the session and the number that the page was made for
)

// Actions of the page.
const (
	// ActionStop is "it wasn't me": the number on file is called no more.
	ActionStop = "stop"
	// ActionAllow lets the number be called again.
	ActionAllow = "allow"
)

// maxTime bounds the work for one request.
const maxTime = 30 * time.Second

// Handler serves {issuer}/profile. It is safe for concurrent use.
type Handler struct {
	Options
	client *idp.Client
	path   string // of the page
	base   string // the issuer's path
	serve  http.Handler
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
	h := &Handler{Options: o, client: Client(o.Issuer), base: issuer.Path, path: issuer.Path + Path}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+h.path, h.get)
	mux.HandleFunc("POST "+h.path, h.post)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.Pages.Problem(w, r, &idp.Problem{ID: login.ProblemCrossOrigin, Status: http.StatusForbidden})
	}))
	h.serve = guard.Handler(mux)
	return h, nil
}

// ServeHTTP answers GET and POST of the page's address.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve.ServeHTTP(w, r) }

// get shows the page to who is signed in. It changes nothing.
func (h *Handler) get(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("state") {
		h.returned(w, r)
		return
	}
	v, err := h.visitor(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if !h.suffices(v, nil) {
		h.signIn(w, r, nil)
		return
	}
	page, err := h.page(r, v)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.Pages.Show(w, r, page)
}

// post stops or allows calls, or takes an application's access away, and redirects
// back. What it began is finished even
// when the browser hangs up, as it does on a double click.
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), maxTime)
	defer cancel()
	form, err := readForm(w, r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	v, err := h.visitor(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	// Where somebody else has signed in since, or the number changed, the page is
	// shown as it is now; it says itself that nothing was done.
	if !h.suffices(v, nil) || !hmac.Equal([]byte(form.Get(fieldFor)), []byte(h.proof(v))) {
		h.reload(w, r)
		return
	}
	action := form.Get(fieldAction)
	if slices.Contains([]string{ActionAllow, ActionEnd, ActionEverywhere}, action) && !h.recent(v) {
		h.signIn(w, r, maxAge())
		return
	}
	switch action {
	case ActionEnd:
		h.endSessions(ctx, w, r, v, idp.Ending{Session: form.Get(fieldSession)})
		return
	case ActionEverywhere:
		h.endSessions(ctx, w, r, v, idp.Ending{Offline: true})
		return
	}
	if err := h.act(ctx, v, action, form); err != nil {
		h.fail(w, r, err)
		return
	}
	h.reload(w, r)
}

func (h *Handler) act(ctx context.Context, v visitor, action string, form url.Values) error {
	if action == ActionRevoke {
		return h.revoke(ctx, v, form.Get(fieldClient))
	}
	if h.Stops == nil || v.phone == "" {
		return unknownAction()
	}
	kind := audit.TypeCallsStopped
	switch action {
	case ActionStop:
		if err := h.Stops.Stop(ctx, v.phone); err != nil {
			return err
		}
	case ActionAllow:
		if err := h.Stops.Allow(ctx, v.phone); err != nil {
			return err
		}
		kind = audit.TypeCallsAllowed
	default:
		return unknownAction()
	}
	h.Audit.Record(ctx, v.event(kind, nil))
	h.Log.DebugContext(ctx, "calls to the number of an account", "action", action,
		"user_id", v.user.ID, "session_id", v.session.ID, "phone_hash", h.Stops.PhoneHash(v.phone))
	return nil
}

// readForm reads what was posted, each field once.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, idp.MaxBody)
	if err := r.ParseForm(); err != nil {
		return nil, &idp.Problem{ID: login.ProblemForm, Status: http.StatusBadRequest, Cause: err}
	}
	for _, name := range []string{fieldAction, fieldFor, fieldClient, fieldSession} {
		if len(r.PostForm[name]) > 1 {
			return nil, &idp.Problem{ID: login.ProblemForm, Status: http.StatusBadRequest}
		}
	}
	return r.PostForm, nil
}

// proof ties a form to the session and the number that it was made for.
func (h *Handler) proof(v visitor) string {
	return h.Hash("form", v.visit.Browser, v.session.ID, v.phone)
}

func (h *Handler) reload(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, h.path, http.StatusSeeOther)
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	h.Pages.Problem(w, r, pages.AsProblem(err))
}

func unknownAction() error {
	return &idp.Problem{ID: factors.ProblemUnknownAction, Status: http.StatusBadRequest}
}
