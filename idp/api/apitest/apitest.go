// Package apitest holds REST endpoints to their descriptions. It owns no endpoint.
package apitest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Document is the description as the handler serves it at the path.
func Document(t testing.TB, handler http.Handler, path string) *openapi3.T {
	t.Helper()
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	doc, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// validator is a client's way to the server that holds each answer against the
// description, and each request too that gets a good one.
type validator struct {
	t      testing.TB
	router routers.Router
}

// Described is the way to a server at base, its issuer, whose answers all are as
// the document says.
func Described(t testing.TB, base string, doc *openapi3.T) http.RoundTripper {
	t.Helper()
	doc.Servers = openapi3.Servers{{URL: base}}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &validator{t, router}
}

func (v *validator) RoundTrip(r *http.Request) (*http.Response, error) {
	v.t.Helper()
	sent := r.Clone(r.Context())
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body, sent.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	v.hold(sent, resp, body)
	return resp, nil
}

func (v *validator) hold(r *http.Request, resp *http.Response, body []byte) {
	v.t.Helper()
	route, params, err := v.router.FindRoute(r)
	if resp.StatusCode == http.StatusMethodNotAllowed || err != nil && resp.StatusCode == http.StatusNotFound {
		return // what isn't served isn't described
	}
	if err != nil {
		v.t.Errorf("%s %s is served, but not described: %v", r.Method, r.URL.Path, err)
		return
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, SkipSettingDefaults: true,
	}}
	if resp.StatusCode < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
			v.t.Errorf("%s %s was taken, though by the description it is wrong: %v", r.Method, r.URL.Path, err)
		}
	}
	output := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: resp.StatusCode, Header: resp.Header, Options: input.Options,
	}
	output.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(r.Context(), output); err != nil {
		v.t.Errorf("%s %s: the answer %d is not as described: %v\n%s", r.Method, r.URL.Path, resp.StatusCode, err, body)
	}
}
