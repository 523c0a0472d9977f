package verify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Paths below the issuer.
const (
	PathAPI           = "/api/"
	PathVerifications = "/api/v1/verifications"
	PathOpenAPI       = "/api/v1/openapi.json"
)

// Handler serves the endpoints. It is safe for concurrent use.
type Handler struct {
	Options
	base    string // the issuer's path
	openapi []byte
	mux     *http.ServeMux
}

var _ http.Handler = (*Handler)(nil)

// New returns the endpoints; mount them at the issuer's path followed by PathAPI.
func New(o Options) (*Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return nil, err
	}
	h := &Handler{Options: o, base: issuer.Path, openapi: describe(o.Issuer), mux: http.NewServeMux()}
	allowed := map[string][]string{}
	for _, r := range h.routes() {
		h.mux.HandleFunc(r.method+" "+h.base+r.path, r.serve)
		allowed[r.path] = append(allowed[r.path], r.method)
	}
	for path, methods := range allowed {
		h.mux.HandleFunc(h.base+path, h.otherMethod(methods))
	}
	h.mux.HandleFunc("/", h.unknownPath)
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// route is one endpoint; its path is as openapi.json has it, below the issuer.
type route struct {
	method, path string
	serve        http.HandlerFunc
}

func (h *Handler) routes() []route {
	one := PathVerifications + "/{id}"
	return []route{
		{http.MethodPost, PathVerifications, h.posted(h.create, fieldPhone, fieldChannel, fieldIP, fieldLang)},
		{http.MethodGet, one, h.show},
		{http.MethodPost, one + "/check", h.posted(h.check, fieldCode, fieldCaller)},
		{http.MethodPost, one + "/resend", h.posted(h.resend, fieldChannel)},
		{http.MethodGet, PathOpenAPI, h.serveOpenAPI},
	}
}

func (h *Handler) otherMethod(methods []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		h.refuse(w, r, problem(ProblemMethod, http.StatusMethodNotAllowed))
	}
}

func (h *Handler) unknownPath(w http.ResponseWriter, r *http.Request) {
	h.refuse(w, r, problem(ProblemPath, http.StatusNotFound))
}

// call is a request of a client that may ask.
type call struct {
	clientID string
	// id is the verification's, of the path.
	id string
	// subject is the ID of what the request makes, if it makes anything.
	subject string
	fields  map[string]string
	r       *http.Request
}

// posted serves a POST: who asks, what, whether it was asked before, and the
// answer. What was begun is finished though the client hangs up, so that its next
// try with the same Idempotency-Key learns how it went.
func (h *Handler) posted(do func(context.Context, *call) (*answer, error), fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, body, err := h.read(w, r, fields)
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.Lives.Answering-answeringMargin(h.Lives.Answering))
		defer cancel()
		a, err := h.once(ctx, c, body, do)
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		a.write(w)
	}
}

// answeringMargin is left to write down how it went, before anybody else may go on.
func answeringMargin(whole time.Duration) time.Duration { return min(5*time.Second, whole/2) }

// read says who asks for what.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, fields []string) (*call, []byte, error) {
	clientID, err := h.client(w, r)
	if err != nil {
		return nil, nil, err
	}
	body, err := readBody(w, r)
	if err != nil {
		return nil, nil, err
	}
	values, err := readFields(body, fields)
	if err != nil {
		return nil, nil, err
	}
	subject, err := idp.NewID(h.Rand)
	if err != nil {
		return nil, nil, err
	}
	return &call{clientID: clientID, id: r.PathValue("id"), subject: subject, fields: values, r: r}, body, nil
}

// show serves GET: how a verification stands.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	clientID, err := h.client(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	v, err := h.find(r.Context(), clientID, r.PathValue("id"))
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	a, err := h.tell(r.Context(), r, v, http.StatusOK)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	a.write(w)
}

// find gives the client's own verification. Another client's is as unknown as
// one that never was.
func (h *Handler) find(ctx context.Context, clientID, id string) (*Verification, error) {
	v, err := h.Records.VerificationByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) || err == nil && (v.ClientID != clientID || !h.Now().Before(v.ForgetAt)) {
		return nil, problem(ProblemUnknown, http.StatusNotFound)
	}
	return v, err
}
