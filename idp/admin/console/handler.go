package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/party"
	"github.com/ringtail-id/ringtail/idp/api"
	frame "github.com/ringtail-id/ringtail/templates/console"
)

// IDs of the problems that the frame tells of itself; see admin for those that
// sections tell of too.
const (
	problemSignIn    = "console_signin_failed" // the provider's answer is of no sign-in of this browser, or can't be redeemed; 400
	problemOneFactor = "console_one_factor"    // the person proved one factor; 403
	problemSignedOut = "console_signed_out"    // a form without a session; 401
	problemToken     = "console_form_foreign"  // a form of another session; 403
	problemNoRole    = "console_no_role"       // signed in, and no administrator; 403
	problemProof     = "console_proof_old"     // who it is was proved too long ago; 403
)

// defaultBody is how many bytes a body may have where the route says nothing.
const defaultBody = 64 << 10

// Handler serves the console and the API. It is safe for concurrent use.
type Handler struct {
	Options
	base     string // of the console's pages
	baseAPI  string
	secure   bool
	party    *party.Party
	render   *frame.Renderer
	teller   api.Teller
	sections []admin.Section
	pages    http.Handler
	api      http.Handler
}

var (
	_ http.Handler = (*Handler)(nil)
	_ admin.View   = (*Handler)(nil)
)

// New returns the console with its sections. It fails where a dependency is missing.
func New(o Options) (*Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("reading the issuer: %w", err)
	}
	h := &Handler{
		Options: o, base: issuer.Path + Path, baseAPI: issuer.Path + PathAPI, secure: strings.HasPrefix(o.URL, "https:"),
		teller: api.Teller{Pages: o.Pages, Now: o.Now, Log: o.Log},
	}
	h.party = party.New(party.Options{
		Issuer: o.Issuer, ClientID: ClientID, Secret: o.Secret, Redirect: Address(o.Issuer, o.URL) + pathCallback,
		Scopes: []string{idp.ScopeOpenID}, Provider: o.Provider, Now: o.Now,
	})
	if h.render, err = frame.New(frame.Options{Asset: o.Asset, URL: h.URL}); err != nil {
		return nil, err
	}
	if h.sections, err = o.Sections(h); err != nil {
		return nil, fmt.Errorf("making the sections of the console: %w", err)
	}
	h.pages = h.newPages()
	h.api, err = h.newAPI()
	return h, err
}

// Mount adds the console and the API to mux.
func (h *Handler) Mount(mux interface {
	Handle(pattern string, handler http.Handler)
}) {
	mux.Handle(h.base, h)
	mux.Handle(h.base+"/", h)
	mux.Handle(h.baseAPI+"/", h)
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guarded(w.Header())
	switch {
	case strings.HasPrefix(r.URL.Path, h.baseAPI+"/"):
		h.api.ServeHTTP(w, r)
	case r.URL.Path == h.base:
		http.Redirect(w, r, h.base+"/", http.StatusSeeOther)
	default:
		h.pages.ServeHTTP(w, r)
	}
}

// guarded are headers for every answer: files that are downloaded and what the API
// says are no pages, whatever is in them. Pages have a policy of their own.
func guarded(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
}

// URL implements admin.View. Whatever the path is, it leads to nowhere else.
func (h *Handler) URL(path string) string { return h.base + "/" + strings.TrimLeft(path, "/\\") }

// Sections are what New made.
func (h *Handler) Sections() []admin.Section { return h.sections }

// newPages serves the routes of all sections for browsers, and the frame's own.
func (h *Handler) newPages() http.Handler {
	mux := http.NewServeMux()
	h.own(mux)
	for _, section := range h.sections {
		for _, route := range section.Pages() {
			mux.Handle(route.Method+" "+h.base+route.Path, h.page(route))
		}
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.refuse(w, r, &idp.Problem{ID: idp.ProblemCrossOrigin, Status: http.StatusForbidden})
	}))
	return guard.Handler(found(mux, h.refuse))
}

// own are the routes of the frame: to come in, to leave, and the first page.
func (h *Handler) own(mux *http.ServeMux) {
	open := func(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := serve(w, r); err != nil {
				h.refuse(w, r, err)
			}
		})
	}
	mux.Handle("GET "+h.base+pathCallback, open(h.returned))
	mux.Handle("GET "+h.base+"/out", open(func(w http.ResponseWriter, r *http.Request) error {
		return h.showOut(w, r, http.StatusOK, "You are signed out.", "/")
	}))
	mux.Handle("GET "+h.base+"/prove", open(func(w http.ResponseWriter, r *http.Request) error {
		return h.signIn(w, r, "/proved", h.FreshFor/2)
	}))
	mux.Handle("GET "+h.base+"/proved", h.page(admin.Route{Method: http.MethodGet, Right: anyRole, Serve: h.showProved}))
	mux.Handle("GET "+h.base+"/{$}", h.page(admin.Route{Method: http.MethodGet, Right: anyRole, Serve: h.showHome}))
	mux.Handle("POST "+h.base+"/signout", h.page(admin.Route{Method: http.MethodPost, Right: signedIn, Reads: true, Serve: func(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
		return h.signOut(w, r)
	}}))
}

// What the frame's own routes ask for.
const (
	anyRole  admin.Right = "any role"
	signedIn admin.Right = "signed in"
)

// found serves the mux, and tells of a path or a method that it doesn't know.
func found(mux *http.ServeMux, refuse func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		said := party.NewAnswer()
		handler.ServeHTTP(said, r)
		if said.Status != http.StatusMethodNotAllowed {
			refuse(w, r, api.Problem(api.ProblemPath, http.StatusNotFound))
			return
		}
		w.Header().Set("Allow", said.Header().Get("Allow"))
		refuse(w, r, api.Problem(api.ProblemMethod, http.StatusMethodNotAllowed))
	})
}

func with(r *http.Request, v *visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), contextKey{}, v))
}
