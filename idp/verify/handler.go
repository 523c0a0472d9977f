package verify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
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
	teller api.Teller
	base   string // the issuer's path
	mux    *http.ServeMux
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
	h := &Handler{Options: o, base: issuer.Path, teller: api.Teller{Pages: o.Pages, Now: o.Now, Log: o.Log}}
	h.mux = h.teller.Mux(h.base, h.routes())
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func (h *Handler) routes() []api.Route {
	one := PathVerifications + "/{id}"
	return []api.Route{
		{Method: http.MethodPost, Path: PathVerifications, Serve: h.posted(h.create, fieldPhone, fieldChannel, fieldIP, fieldLang)},
		{Method: http.MethodGet, Path: one, Serve: h.show},
		{Method: http.MethodPost, Path: one + "/check", Serve: h.posted(h.check, fieldCode, fieldCaller)},
		{Method: http.MethodPost, Path: one + "/resend", Serve: h.posted(h.resend, fieldChannel)},
		{Method: http.MethodGet, Path: PathOpenAPI, Serve: api.Description(openapi, h.Issuer)},
	}
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
func (h *Handler) posted(do func(context.Context, *call) (*api.Answer, error), fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, body, err := h.read(w, r, fields)
		if err != nil {
			h.teller.Refuse(w, r, err)
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.Lives.Answering-answeringMargin(h.Lives.Answering))
		defer cancel()
		a, err := h.once(ctx, c, body, do)
		if err != nil {
			h.teller.Refuse(w, r, err)
			return
		}
		a.Write(w)
	}
}

// answeringMargin is left to write down how it went, before anybody else may go on.
func answeringMargin(whole time.Duration) time.Duration { return min(5*time.Second, whole/2) }

// read says who asks for what.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, fields []string) (*call, []byte, error) {
	clientID, err := api.Client(w, r, h.Tokens, idp.ScopePhoneVerification)
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
	clientID, err := api.Client(w, r, h.Tokens, idp.ScopePhoneVerification)
	if err != nil {
		h.teller.Refuse(w, r, err)
		return
	}
	v, err := h.find(r.Context(), clientID, r.PathValue("id"))
	if err != nil {
		h.teller.Refuse(w, r, err)
		return
	}
	a, err := h.tell(r.Context(), r, v, http.StatusOK)
	if err != nil {
		h.teller.Refuse(w, r, err)
		return
	}
	a.Write(w)
}

// find gives the client's own verification. Another client's is as unknown as
// one that never was.
func (h *Handler) find(ctx context.Context, clientID, id string) (*Verification, error) {
	v, err := h.Records.VerificationByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) || err == nil && (v.ClientID != clientID || !h.Now().Before(v.ForgetAt)) {
		return nil, api.Problem(ProblemUnknown, http.StatusNotFound)
	}
	return v, err
}
