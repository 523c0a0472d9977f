package oidc

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/ringtail-id/ringtail/idp/oauth"
)

// serveLibrary runs the library's handler and sends its answer on when it is a
// success. An error goes out in the shape of its standard, without whatever the
// library put into it.
func (p *Provider) serveLibrary(w http.ResponseWriter, r *http.Request, h *handover, scheme string) {
	answer := &buffered{header: http.Header{}, status: http.StatusOK}
	p.router.ServeHTTP(answer, r.WithContext(withHandover(r.Context(), h)))
	if scheme == oauth.SchemeBearer {
		oauth.AllowOrigin(w, r, h.client)
	}
	if f := answer.failure(h, scheme); f != nil {
		oauth.NoStore(w)
		oauth.WriteFailure(w, f, scheme)
		return
	}
	if answer.body.Len() > 0 { // a revocation's answer has none
		w.Header().Set("Content-Type", answer.header.Get("Content-Type"))
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(answer.status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = answer.body.WriteTo(w)
}

// buffered keeps the library's answer back until it was looked at.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *buffered) Header() http.Header         { return a.header }
func (a *buffered) WriteHeader(status int)      { a.status = status }
func (a *buffered) Write(b []byte) (int, error) { return a.body.Write(b) }

// failure reads an error out of the answer; nil when it is a success.
func (a *buffered) failure(h *handover, scheme string) *oauth.Failure {
	if h.fault != nil {
		return h.fault
	}
	if a.status < http.StatusBadRequest {
		return nil
	}
	var body oauth.ErrorBody
	if err := json.Unmarshal(a.body.Bytes(), &body); err != nil || body.Error == "" {
		body = oauth.ErrorBody{Error: oauth.ServerError}
	}
	if scheme == oauth.SchemeBearer {
		return oauth.Fail(oauth.InvalidToken, "the access token is unknown or over")
	}
	if body.Error == oauth.ServerError {
		body.Description = ""
	}
	return oauth.Fail(body.Error, body.Description)
}

var _ http.ResponseWriter = (*buffered)(nil)
