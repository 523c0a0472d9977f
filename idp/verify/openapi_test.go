package verify_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/ringtail-id/ringtail/idp/verify"
)

// document is openapi.json as the handler serves it.
func document(t testing.TB, handler http.Handler) *openapi3.T {
	t.Helper()
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/blitz"+verify.PathOpenAPI, nil))
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

func described(t testing.TB, base string, handler http.Handler) http.RoundTripper {
	t.Helper()
	doc := document(t, handler)
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

func TestTheDescriptionIsServedToAnybody(t *testing.T) {
	w := newWorld(t)
	g := w.ask(http.MethodGet, verify.PathOpenAPI, "", "Authorization", "")
	if g.status != http.StatusOK || g.header.Get("Access-Control-Allow-Origin") != "*" || g.text("openapi") != "3.1.0" {
		t.Errorf("answer %d %v %s", g.status, g.header, g.text("openapi"))
	}
	if strings.Contains(g.raw, "login.example.org") || !strings.Contains(g.raw, issuer+"/oauth/te") {
		t.Error("the description is another provider's")
	}
}

// Every endpoint is in the description, and all of the description is served.
func TestTheDescriptionNamesWhatIsServed(t *testing.T) {
	w := newWorld(t)
	doc := document(t, w.server.Config.Handler)
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	var named []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			named = append(named, method+" "+path)
		}
	}
	if served := verify.Served(w.server.Config.Handler.(*verify.Handler)); !slices.Equal(slices.Sorted(slices.Values(named)), slices.Sorted(slices.Values(served))) {
		t.Errorf("described: %v\nserved: %v", named, served)
	}
	for path := range doc.Paths.Map() {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			g := w.ask(method, strings.ReplaceAll(path, "{id}", "none"), "")
			if taken := g.status != http.StatusMethodNotAllowed; taken != slices.Contains(named, method+" "+path) {
				t.Errorf("%s %s: %d", method, path, g.status)
			}
			if g.status == http.StatusMethodNotAllowed && !strings.Contains(strings.Join(named, "\n"), g.header.Get("Allow")+" "+path) {
				t.Errorf("%s %s: Allow is %q", method, path, g.header.Get("Allow"))
			}
		}
	}
}

// A validator that lets everything pass would hold nothing.
func TestTheDescriptionRefuses(t *testing.T) {
	w := newWorld(t)
	schema := document(t, w.server.Config.Handler).Components.Schemas["Verification"].Value
	good := map[string]any{"id": "v", "status": "pending", "phone": masked, "code_length": 4.0, "tries_left": 3.0,
		"created_at": "2026-03-04T12:00:00Z", "ends_at": "2026-03-04T13:00:00Z"}
	for name, c := range map[string]struct {
		change map[string]any
		good   bool
	}{
		"as it is":                     {nil, true},
		"another status":               {map[string]any{"status": "ringing"}, false},
		"a field more":                 {map[string]any{"code": "0042"}, false},
		"no time":                      {map[string]any{"ends_at": "soon"}, false},
		"verified without its time":    {map[string]any{"status": "verified"}, false},
		"verified":                     {map[string]any{"status": "verified", "verified_at": "2026-03-04T12:00:30Z"}, true},
		"pending, with a time of that": {map[string]any{"verified_at": "2026-03-04T12:00:30Z"}, false},
		"failed without a problem":     {map[string]any{"status": "failed"}, false},
		"a channel that isn't":         {map[string]any{"channel": "pigeon"}, false},
	} {
		value := map[string]any{}
		for _, part := range []map[string]any{good, c.change} {
			for k, v := range part {
				value[k] = v
			}
		}
		err := schema.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation())
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none *openapi3.SchemaError
	if errors.As(schema.VisitJSON(map[string]any{}), &none); none == nil {
		t.Error("an empty object passes")
	}
}
