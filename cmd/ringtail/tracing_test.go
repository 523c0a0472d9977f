package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// traces is a receiver of OTLP over HTTP.
type traces struct {
	mu    sync.Mutex
	spans []*spans.Span
	raw   strings.Builder
}

func (r *traces) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	var sent collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(body, &sent) != nil {
		http.Error(w, "no traces", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raw.WriteString(sent.String())
	for _, of := range sent.ResourceSpans {
		for _, in := range of.ScopeSpans {
			r.spans = append(r.spans, in.Spans...)
		}
	}
}

// A whole login is one trace, over its requests, the job that calls, the worker and
// the request to the provider, and names nobody's secrets.
func TestALoginIsTraced(t *testing.T) {
	received := &traces{}
	server := httptest.NewServer(received)
	defer server.Close()
	secrets := map[string]string{"the password": "ring-the-phone", "the number": demoNumber, "the client's secret": "demo-app-secret"}
	t.Run("login", func(t *testing.T) { // the traces are sent at its end
		d := startDemo(t, "--set", "ops.tracing.endpoint="+server.URL)
		rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
		c, verifier := newClient(t), oauth2.GenerateVerifier()
		code := c.signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber)
		token, err := rp.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		secrets["the code"], secrets["the access token"], secrets["the caller"] = code, token.AccessToken, strings.TrimPrefix(d.calls(t, demoNumber)[0].From, "+")
	})
	var trace string
	for _, s := range received.spans {
		if s.Name == "call send" {
			trace = string(s.TraceId)
		}
	}
	names := map[string]int{}
	for _, s := range received.spans {
		if string(s.TraceId) == trace {
			names[s.Name]++
		}
	}
	for _, want := range []string{"GET /blitz/oauth/ae", "login password", "call send", "loop start", "loop step", "provider POST", "login flashCall", "AccountByLogin", "SignIn", "Challenges.Update"} {
		if names[want] == 0 {
			t.Errorf("the login's trace lacks %q: %v", want, names)
		}
	}
	for what, secret := range secrets {
		if strings.Contains(received.raw.String(), secret) {
			t.Errorf("the traces show %s", what)
		}
	}
}
