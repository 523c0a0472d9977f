package observe

import (
	"net/http"
	"strings"
)

// Route is the pattern that served the request: never the path itself, whose
// values strangers choose and which holds ids of logins. It is "none" where no
// pattern did.
func Route(r *http.Request) string {
	pattern := r.Pattern
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path // without the method, which has a label of its own
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}

// Method is the name of an HTTP method that is used here, or "other".
func Method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return name
	}
	return "other"
}

// Answer is a response writer that remembers the status.
type Answer struct {
	http.ResponseWriter
	Status int // 200 until another is written
}

// NewAnswer is what is written to w.
func NewAnswer(w http.ResponseWriter) *Answer {
	return &Answer{ResponseWriter: w, Status: http.StatusOK}
}

// WriteHeader implements http.ResponseWriter.
func (a *Answer) WriteHeader(status int) {
	a.Status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
