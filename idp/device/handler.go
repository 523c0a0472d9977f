package device

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Paths below the issuer; that of the endpoint is Blitz's.
const (
	PathAuthorization = "/oauth/da"
	Path              = "/device"
)

// IDs of the problems that this page alone tells of.
const (
	ProblemFormat  = "device_code_format"  // what was typed can't be a user code
	ProblemUnknown = "device_code_unknown" // no device waits with this code
	ProblemLimited = "device_code_limited" // too many wrong codes. Args: until (time)
	ProblemOver    = "device_over"         // it was decided before, or took too long
)

// Handler serves the endpoint and the page. It is safe for concurrent use.
type Handler struct {
	Options
	path  string // of the page
	serve http.Handler
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
	h := &Handler{Options: o, path: issuer.Path + Path}
	page := http.NewServeMux()
	page.HandleFunc("GET "+h.path, h.get)
	page.HandleFunc("POST "+h.path, h.post)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.Pages.Problem(w, r, &idp.Problem{ID: idp.ProblemCrossOrigin, Status: http.StatusForbidden})
	}))
	mux := http.NewServeMux()
	mux.HandleFunc(issuer.Path+PathAuthorization, h.serveAuthorization)
	mux.Handle(h.path, guard.Handler(page))
	h.serve = mux
	return h, nil
}

// Mount adds the endpoint and the page to mux, each at its full path.
func (h *Handler) Mount(mux interface {
	Handle(pattern string, handler http.Handler)
}) {
	base := h.path[:len(h.path)-len(Path)]
	mux.Handle(base+PathAuthorization, h)
	mux.Handle(h.path, h)
}

// ServeHTTP answers the endpoint and the page.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve.ServeHTTP(w, r) }

// DoneURL is where a browser goes when the person has decided.
func DoneURL(issuer string, approved bool) string {
	return issuer + Path + "?" + url.Values{queryDone: {string(decision(approved))}}.Encode()
}

func decision(approved bool) State {
	if approved {
		return Approved
	}
	return Denied
}

// maxTime bounds the work for one request.
const maxTime = 30 * time.Second

// steady outlives the connection: of a double click, the browser hangs up the
// first request, and what that one began must be finished all the same.
func steady(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), maxTime)
}
