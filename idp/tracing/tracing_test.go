package tracing_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/tracing"
	"github.com/ringtail-id/ringtail/loops"
)

// receiver is a real OTLP receiver.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*spans.Span
	raw   string
	key   string // of the last request
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		var sent collector.ExportTraceServiceRequest
		if err != nil || q.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
			http.Error(w, "no traces", http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw, r.key = r.raw+sent.String(), q.Header.Get("X-Key")
		for _, of := range sent.ResourceSpans {
			for _, in := range of.ScopeSpans {
				r.spans = append(r.spans, in.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// named is the one span of that name.
func (r *receiver) named(t *testing.T, name string) *spans.Span {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.spans, func(s *spans.Span) bool { return s.Name == name })
	if i < 0 {
		var names []string
		for _, s := range r.spans {
			names = append(names, s.Name)
		}
		t.Fatalf("no span %q among %q", name, names)
	}
	return r.spans[i]
}

func newTracing(t *testing.T, r *receiver, sample float64) *tracing.Tracing {
	t.Helper()
	traced, err := tracing.New(t.Context(), tracing.Options{Endpoint: r.URL, Sample: sample, Headers: map[string]string{"X-Key": "k"}, Version: "v1", Node: "n1"})
	if err != nil {
		t.Fatal(err)
	}
	return traced
}

// driver stands in for worker and provider.
type driver struct{ err error }

func (d driver) Step(context.Context, loops.Question) (*loops.Action, error) {
	return &loops.Action{}, d.err
}
func (d driver) Exchange(context.Context, *loops.Driver, loops.Request) (*loops.Answer, error) {
	return &loops.Answer{Status: 200}, d.err
}

// Run does a step and a request, as a run does.
func (d driver) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	_, _ = tracing.Steps(d).Step(ctx, loops.Question{Driver: job.Driver, Entry: job.Entry})
	_, err := tracing.Exchanges(d).Exchange(ctx, job.Driver, loops.Request{Method: "POST", URL: "https://provider.example/call/79990000001?token=hunter2"})
	return &loops.Result{}, err
}

// caller is a sender whose calls are runs.
type caller struct {
	otp.Sender
	d driver
}

func (c caller) Send(ctx context.Context, _ otp.Delivery) (otp.Sent, error) {
	_, err := tracing.Runner(c.d).Run(ctx, loops.Job{Driver: &loops.Driver{Name: "some"}, Entry: loops.EntryStart, Input: map[string]any{"phone_number": "79990000001"}})
	if err != nil {
		return otp.Sent{}, &otp.SendError{Kind: "no_funds", Cause: err}
	}
	return otp.Sent{Code: "4711"}, nil
}

// From the authorization request to the provider's answer it is one trace: that of
// whoever sent the request, where they have one.
func TestALoginIsOneTrace(t *testing.T) {
	r := newReceiver(t)
	traced := newTracing(t, r, 1)
	kept := ""
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth/ae", func(_ http.ResponseWriter, q *http.Request) { kept = tracing.Carried(q.Context()) })
	mux.HandleFunc("POST /login/{id}", func(_ http.ResponseWriter, q *http.Request) {
		_, end := tracing.Login(q.Context(), kept, "login password")
		end(nil)
	})
	h := traced.Requests(mux)
	authorize := httptest.NewRequest("GET", "/oauth/ae?login_hint=alice", nil)
	authorize.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	h.ServeHTTP(httptest.NewRecorder(), authorize)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/login/abc", nil))
	send := traced.Sender(caller{d: driver{}}, func(context.Context, string) string { return kept })
	if _, err := send.Send(context.Background(), otp.Delivery{LoginID: "abc", Route: "main", Phone: "+79990000001"}); err != nil {
		t.Fatal(err)
	}
	if err := traced.Close(); err != nil {
		t.Fatal(err)
	}
	root := r.named(t, "GET /oauth/ae")
	if len(root.TraceId) != 16 || root.TraceId[0] != 0x4b || root.ParentSpanId[1] != 0xf0 {
		t.Errorf("the trace is %x, its parent %x", root.TraceId, root.ParentSpanId)
	}
	above := map[string]string{
		"login password": "GET /oauth/ae", "call send": "GET /oauth/ae", "loop start": "call send", "loop step": "loop start", "provider POST": "loop start",
	}
	for name, parent := range above {
		s := r.named(t, name)
		if string(s.TraceId) != string(root.TraceId) || string(s.ParentSpanId) != string(r.named(t, parent).SpanId) {
			t.Errorf("%s isn't below %s", name, parent)
		}
	}
	post := r.named(t, "POST /login/{id}")
	if len(post.Links) != 1 || string(post.Links[0].SpanId) != string(root.SpanId) || string(r.named(t, "login password").Links[0].SpanId) != string(post.SpanId) {
		t.Errorf("the request and its login aren't linked: %v", post.Links)
	}
	for _, private := range []string{"79990000001", "hunter2", "alice", "4711", "abc?"} {
		if strings.Contains(r.raw, private) {
			t.Errorf("the receiver got %q", private)
		}
	}
	if !strings.Contains(r.raw, "provider.example") || r.key != "k" {
		t.Error("the provider's host or the receiver's key is missing")
	}
}

func TestFailuresAreToldByTheirWord(t *testing.T) {
	r := newReceiver(t)
	traced := newTracing(t, r, 1)
	send := traced.Sender(caller{d: driver{err: &loops.Failure{Key: loops.NoFunds, Cause: errors.New("79990000001")}}}, func(context.Context, string) string { return "" })
	if _, err := send.Send(context.Background(), otp.Delivery{}); err == nil {
		t.Fatal("it was sent")
	}
	if err := traced.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"call send", "loop start", "provider POST"} {
		if s := r.named(t, name); s.Status.GetCode() != spans.Status_STATUS_CODE_ERROR || s.Status.Message != "no_funds" {
			t.Errorf("%s: %v", name, s.Status)
		}
	}
	if strings.Contains(r.raw, "79990000001") {
		t.Error("the receiver got the number")
	}
}

// Who calls us doesn't decide what is kept, and what isn't kept is carried nowhere.
func TestSampling(t *testing.T) {
	r := newReceiver(t)
	traced := newTracing(t, r, 0)
	kept := "unset"
	h := traced.Requests(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		kept = tracing.Carried(q.Context())
		_, end := tracing.Login(q.Context(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "login password")
		end(nil)
	}))
	q := httptest.NewRequest("GET", "/", nil)
	q.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	h.ServeHTTP(httptest.NewRecorder(), q)
	if err := traced.Close(); err != nil {
		t.Fatal(err)
	}
	if len(r.spans) != 0 || kept != "" {
		t.Errorf("%d spans, carried %q", len(r.spans), kept)
	}
}

func TestWithoutTracingNothingStandsBetween(t *testing.T) {
	var off *tracing.Tracing
	h := http.NewServeMux()
	if off.Requests(h) != http.Handler(h) {
		t.Error("requests are wrapped")
	}
	c := caller{}
	if off.Sender(c, nil) != otp.Sender(c) || off.Close() != nil {
		t.Error("the sender is wrapped")
	}
	_, end := tracing.Login(t.Context(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "x")
	end(nil)
	if _, err := tracing.Runner(driver{}).Run(t.Context(), loops.Job{Driver: &loops.Driver{}}); err != nil {
		t.Error(err)
	}
}
