package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// The error codes that we answer ourselves (RFC 6749, 6750, OpenID Connect Core).
const (
	invalidRequest          = "invalid_request"
	invalidClient           = "invalid_client"
	invalidScope            = "invalid_scope"
	invalidToken            = "invalid_token"
	unauthorizedClient      = "unauthorized_client"
	unsupportedResponseType = "unsupported_response_type"
	accessDenied            = "access_denied"
	serverError             = "server_error"
	requestNotSupported     = "request_not_supported"
	requestURINotSupported  = "request_uri_not_supported"
	registrationNot         = "registration_not_supported"
)

// failure is an OAuth error answer. Its description goes to the relying party:
// it never holds a secret, nor what an internal error said.
type failure struct {
	code        string
	description string
	status      int
}

func fail(code, description string) *failure { return &failure{code: code, description: description} }

// Error is for logs.
func (f *failure) Error() string { return f.code + ": " + f.description }

func (f *failure) httpStatus() int {
	switch {
	case f.status != 0:
		return f.status
	case f.code == invalidClient || f.code == invalidToken:
		return http.StatusUnauthorized
	case f.code == serverError:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// errorBody is the JSON of RFC 6749, section 5.2.
type errorBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// Authentication schemes that a 401 asks for.
const (
	schemeBasic  = "Basic"
	schemeBearer = "Bearer"
)

// writeFailure answers with JSON, and with WWW-Authenticate on a 401.
func writeFailure(w http.ResponseWriter, f *failure, scheme string) {
	status := f.httpStatus()
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", challenge(scheme, f))
	}
	writeJSON(w, status, errorBody{Error: f.code, Description: f.description})
}

// challenge follows RFC 7617 and RFC 6750, section 3: a request without any
// token gets no error code.
func challenge(scheme string, f *failure) string {
	header := scheme + ` realm="ringtail"`
	if scheme == schemeBearer && f.code == invalidToken {
		header += `, error="invalid_token", error_description=` + strconv.Quote(f.description)
	}
	return header
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_ = json.NewEncoder(w).Encode(body)
}

// noStore keeps an answer out of every cache (RFC 6749, section 5.1).
func noStore(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
}

// fault logs an unexpected error and gives the answer that says nothing of it.
func (p *Provider) fault(ctx context.Context, doing string, err error) *failure {
	p.Log.ErrorContext(ctx, "openid endpoint failed", "doing", doing, "error", err)
	return fail(serverError, "")
}
