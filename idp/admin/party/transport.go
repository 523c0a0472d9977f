package party

import (
	"bytes"
	"io"
	"net/http"
)

// inProcess carries requests to a handler of this process.
type inProcess struct{ http.Handler }

var _ http.RoundTripper = inProcess{}

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.Host = r.URL.RequestURI(), r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	out := NewAnswer()
	t.ServeHTTP(out, in)
	return &http.Response{
		StatusCode: out.Status, Status: http.StatusText(out.Status), Header: out.header, Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(out.body.Len()), Body: io.NopCloser(&out.body),
	}, nil
}

// Answer keeps what a handler answers.
type Answer struct {
	// Status is the first that was written; 200 where none was.
	Status int
	header http.Header
	began  bool
	body   bytes.Buffer
}

// NewAnswer is empty.
func NewAnswer() *Answer { return &Answer{Status: http.StatusOK, header: http.Header{}} }

// Header implements http.ResponseWriter.
func (a *Answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter; the first status counts.
func (a *Answer) WriteHeader(status int) {
	if !a.began {
		a.Status, a.began = status, true
	}
}

// Write implements http.ResponseWriter.
func (a *Answer) Write(b []byte) (int, error) {
	a.began = true
	return a.body.Write(b)
}
