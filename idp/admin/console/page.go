package console

import (
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// headerToken carries the form token of a script's request, whose body may be of
// any kind; fieldToken that of a form.
const (
	headerToken = "X-Form-Token"
	fieldToken  = "form_token"
)

// page serves a route to browsers.
func (h *Handler) page(route admin.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &watched{ResponseWriter: w}
		v, err := h.visit(r)
		if err == nil {
			r = with(r, v)
			err = h.admit(seen, r, route, v)
		}
		if err != nil {
			h.refuse(seen, r, err)
		}
		h.logPage(r, route, seen.status, v)
	})
}

// admit serves the route where the visit may have it.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request, route admin.Route, v *visit) error {
	posted := route.Method != http.MethodGet
	if v == nil && posted {
		return &idp.Problem{ID: problemSignedOut, Status: http.StatusUnauthorized}
	}
	if v == nil {
		return h.signIn(w, r, h.below(r), 0)
	}
	if err := mayOpen(v.actor, route.Right); err != nil {
		return err
	}
	if posted {
		if err := h.readForm(w, r, route, v); err != nil {
			return err
		}
	}
	if h.ReadOnly && route.Changes() {
		return &idp.Problem{ID: admin.ProblemReadOnly, Status: http.StatusForbidden}
	}
	if route.Fresh && h.Now().Sub(v.record.ProvedAt) > h.FreshFor {
		return h.proveAgain(w, r, v)
	}
	return route.Serve(w, r, v.actor)
}

func mayOpen(a *admin.Actor, right admin.Right) error {
	switch {
	case right == signedIn:
		return nil
	case len(a.Roles) == 0:
		return &idp.Problem{ID: problemNoRole, Status: http.StatusForbidden}
	case right != anyRole && !a.May(right):
		return &idp.Problem{ID: admin.ProblemForbidden, Status: http.StatusForbidden}
	}
	return nil
}

// readForm reads what was posted, within the route's bound, and refuses what no
// page of this session made.
func (h *Handler) readForm(w http.ResponseWriter, r *http.Request, route admin.Route, v *visit) error {
	most := route.Body
	if most == 0 {
		most = defaultBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	token := r.Header.Get(headerToken)
	if err := parse(r, most); err != nil {
		return unreadable(err)
	}
	if posted := r.PostForm[fieldToken]; token == "" && len(posted) == 1 {
		token = posted[0]
	}
	if !h.ownForm(v, token) {
		return &idp.Problem{ID: problemToken, Status: http.StatusForbidden}
	}
	return nil
}

// parse reads a form; a body of another kind is left to the route. The body is
// bounded already, so that all of it may stay in memory.
func parse(r *http.Request, most int64) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil
	case kind == "multipart/form-data":
		return r.ParseMultipartForm(most)
	case kind == "application/x-www-form-urlencoded":
		return r.ParseForm()
	}
	return nil
}

func unreadable(err error) error {
	status := http.StatusBadRequest
	if most := (*http.MaxBytesError)(nil); errors.As(err, &most) {
		status = http.StatusRequestEntityTooLarge
	}
	return &idp.Problem{ID: idp.ProblemForm, Status: status, Cause: err}
}

// proveAgain has the person prove anew who they are. A page is then shown; a form
// is not sent again by itself: the page that answers it offers that.
func (h *Handler) proveAgain(w http.ResponseWriter, r *http.Request, v *visit) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return h.signIn(w, r, h.below(r), h.FreshFor/2)
	}
	if wantsJSON(r) {
		return &idp.Problem{ID: problemProof, Status: http.StatusForbidden}
	}
	return h.showAgain(w, r, v)
}

// below is the request's path and query below the console.
func (h *Handler) below(r *http.Request) string {
	return strings.TrimPrefix(r.URL.RequestURI(), h.base)
}

// wantsJSON says whether a script asked.
func wantsJSON(r *http.Request) bool {
	return r.Header.Get(headerToken) != "" || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logPage writes who did what; looking at a page is of less interest.
func (h *Handler) logPage(r *http.Request, route admin.Route, status int, v *visit) {
	about := []any{"route", r.Pattern, "status", max(status, http.StatusOK)}
	if v != nil {
		about = append(about, "user_id", v.actor.UserID, "session_id", v.actor.SessionID)
	}
	h.log(r, route, about)
}

func (h *Handler) log(r *http.Request, route admin.Route, about []any) {
	if route.Changes() {
		h.Log.InfoContext(r.Context(), "console", about...)
		return
	}
	h.Log.DebugContext(r.Context(), "console", about...)
}

// minutes are whole ones, at least one.
func minutes(d time.Duration) int { return max(1, int(d/time.Minute)) }
