package oauth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Error codes of OAuth 2.0 (RFC 6749), bearer tokens (RFC 6750), OpenID Connect
// Core and the extensions that are served.
const (
	InvalidRequest           = "invalid_request"
	InvalidClient            = "invalid_client"
	InvalidGrant             = "invalid_grant"
	InvalidScope             = "invalid_scope"
	InvalidTarget            = "invalid_target" // RFC 8707, section 2
	InvalidToken             = "invalid_token"
	UnauthorizedClient       = "unauthorized_client"
	UnsupportedGrantType     = "unsupported_grant_type"
	UnsupportedResponseType  = "unsupported_response_type"
	AccessDenied             = "access_denied"
	ServerError              = "server_error"
	TemporarilyUnavailable   = "temporarily_unavailable"
	RequestNotSupported      = "request_not_supported"
	RequestURINotSupported   = "request_uri_not_supported"
	InvalidRequestURI        = "invalid_request_uri"
	InvalidRequestObject     = "invalid_request_object"
	RegistrationNotSupported = "registration_not_supported"
	// What a device is told that polls (RFC 8628, section 3.5).
	AuthorizationPending = "authorization_pending"
	SlowDown             = "slow_down"
	ExpiredToken         = "expired_token"
)

// UnmetAuthentication is the code of OpenID Connect Core Error Code
// unmet_authentication_requirements, for step-up (RFC 9470, section 4).
const UnmetAuthentication = "unmet_authentication_requirements"

// Failure is an OAuth error answer. Its description goes to the relying party:
// it never holds a secret, nor what an internal error said.
type Failure struct {
	Code        string
	Description string
	// Status of the HTTP answer; 0 means the one that goes with Code.
	Status int
	// RetryAfter tells when to come again; 0 tells nothing.
	RetryAfter time.Duration

	ours bool
}

// Fail is a failure with the status that goes with its code.
func Fail(code, description string) *Failure { return &Failure{Code: code, Description: description} }

// FailureOf is the failure for an error that the relying party is told nothing of:
// temporarily_unavailable with status 503 where the database failed, and else
// server_error.
func FailureOf(err error) *Failure {
	if errors.Is(err, idp.ErrUnavailable) {
		return &Failure{
			Code: TemporarilyUnavailable, Description: "out of order for a moment; try again shortly", Status: http.StatusServiceUnavailable, ours: true,
		}
	}
	return &Failure{Code: ServerError, ours: true}
}

// Ours says that nothing was refused: the failure is FailureOf an error, which whoever
// met it has logged.
func (f *Failure) Ours() bool { return f.ours }

// Error is for logs.
func (f *Failure) Error() string { return f.Code + ": " + f.Description }

// HTTPStatus is 401 where credentials or a token are wrong, 500 for a fault of
// ours, and else 400 (RFC 6749, section 5.2).
func (f *Failure) HTTPStatus() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.Code == InvalidClient || f.Code == InvalidToken:
		return http.StatusUnauthorized
	case f.Code == ServerError:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// ErrorBody is the JSON of RFC 6749, section 5.2.
type ErrorBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// Authentication schemes that a 401 asks for.
const (
	SchemeBasic  = "Basic"
	SchemeBearer = "Bearer"
)

// WriteFailure answers with JSON that no cache keeps, and with WWW-Authenticate
// for the scheme on a 401.
func WriteFailure(w http.ResponseWriter, f *Failure, scheme string) {
	NoStore(w)
	if f.RetryAfter > 0 {
		RetryAfter(w, f.RetryAfter)
	}
	status := f.HTTPStatus()
	ComeAgain(w, status)
	if f.ours && status == http.StatusServiceUnavailable {
		AllowWaiting(w)
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", challenge(scheme, f))
	}
	WriteJSON(w, status, ErrorBody{Error: f.Code, Description: f.Description})
}

// challenge follows RFC 7617 and RFC 6750, section 3: a request without any
// token gets no error code.
func challenge(scheme string, f *Failure) string {
	header := scheme + ` realm="ringtail"`
	if scheme == SchemeBearer && f.Code == InvalidToken {
		header += `, error="invalid_token", error_description=` + strconv.Quote(f.Description)
	}
	return header
}

// WriteJSON answers with the body as JSON.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_ = json.NewEncoder(w).Encode(body)
}

// RetryAfter is in seconds, rounded up: nobody is to come back too early (RFC 9110,
// section 10.2.3).
func RetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10))
}

// comeAgain is after how long to try again what can't be served now.
const comeAgain = 5 * time.Second

// ComeAgain has an answer of status 503 tell when to come again, unless it does so
// already (RFC 9110, section 15.6.4). It does nothing to others.
func ComeAgain(w http.ResponseWriter, status int) {
	if status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
		RetryAfter(w, comeAgain)
	}
}

// NoStore keeps an answer out of every cache (RFC 6749, section 5.1).
func NoStore(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
}
