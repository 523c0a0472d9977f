package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/metrics"
	"github.com/ringtail-id/ringtail/loops"
)

// text is what Prometheus reads.
func text(m *metrics.Metrics) string {
	registry := prometheus.NewRegistry()
	registry.MustRegister(m)
	rec := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	return rec.Body.String()
}

// series are those lines of the metric.
func series(m *metrics.Metrics, name string) (lines []string) {
	for line := range strings.Lines(text(m)) {
		if strings.HasPrefix(line, name) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func has(t *testing.T, m *metrics.Metrics, name string, want ...string) {
	t.Helper()
	if got := series(m, name); !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFacts(t *testing.T) {
	m := metrics.New("v1")
	for _, e := range []audit.Event{
		{Type: audit.TypeLoginBegun},
		{Type: audit.TypeFactorFailed, Params: map[string]any{"method": "password", "problem": "password_wrong", "used_login": "somebody"}},
		{Type: audit.TypeFactorProved, Params: map[string]any{"method": "password"}},
		{Type: audit.TypeCodeWrong, Params: map[string]any{"method": "flashCall", "problem": "code_wrong", "phone": "+7*** 01"}},
		{Type: audit.TypeCodeConfirmed, Params: map[string]any{"method": "flashCall"}},
		{Type: audit.TypeFactorProved, Params: map[string]any{"method": "flashCall"}},
		{Type: audit.TypeConsentGiven},
		{Type: audit.TypeLogin},
		{Type: audit.TypeLoginDenied, Params: map[string]any{"error": "access_denied"}},
		{Type: audit.TypeTokenIssued, Params: map[string]any{"grant_type": "authorization_code"}},
		{Type: audit.TypeTokenRefreshed},
		{Type: audit.TypeTokenRefused, Params: map[string]any{"grant_type": "refresh_token", "error": "invalid_grant"}},
	} {
		m.Facts.Event(e)
	}
	m.Facts.Refused("country")
	has(t, m, "ringtail_logins_total",
		`ringtail_logins_total{outcome="access_denied"} 1`, `ringtail_logins_total{outcome="begun"} 1`, `ringtail_logins_total{outcome="signed_in"} 1`)
	has(t, m, "ringtail_login_steps_total",
		`ringtail_login_steps_total{outcome="code_wrong",step="flashCall"} 1`, `ringtail_login_steps_total{outcome="given",step="consent"} 1`,
		`ringtail_login_steps_total{outcome="password_wrong",step="password"} 1`,
		`ringtail_login_steps_total{outcome="proved",step="flashCall"} 1`, `ringtail_login_steps_total{outcome="proved",step="password"} 1`)
	has(t, m, "ringtail_tokens_issued_total",
		`ringtail_tokens_issued_total{grant="authorization_code"} 1`, `ringtail_tokens_issued_total{grant="refresh_token"} 1`)
	has(t, m, "ringtail_tokens_refused_total", `ringtail_tokens_refused_total{error="invalid_grant",grant="refresh_token"} 1`)
	has(t, m, "ringtail_codes_refused_total", `ringtail_codes_refused_total{budget="country"} 1`)
	if n := len(series(m, "ringtail_events_total")); n != 11 {
		t.Errorf("%d types were counted", n)
	}
}

// What strangers put into paths and methods makes no new series.
func TestRequestsAreCountedByRoute(t *testing.T) {
	m := metrics.New("")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	h := m.Requests.Count(mux)
	for _, r := range [][2]string{{"GET", "/login/a"}, {"GET", "/login/b"}, {"GET", "/x"}, {"GET", "/y"}, {"BREW", "/x"}} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(r[0], r[1], nil))
	}
	has(t, m, "ringtail_requests_total",
		`ringtail_requests_total{method="GET",route="/login/{id}",status="410"} 2`, `ringtail_requests_total{method="GET",route="none",status="404"} 2`,
		`ringtail_requests_total{method="other",route="none",status="404"} 1`)
	has(t, m, "ringtail_requests_in_progress", `ringtail_requests_in_progress 0`)
	if n := len(series(m, "ringtail_request_seconds_count")); n != 2 {
		t.Errorf("%d routes were timed", n)
	}
}

// fixed answers as it says.
type fixed struct {
	err    error
	status int
}

func (f fixed) Run(context.Context, loops.Job) (*loops.Result, error) { return &loops.Result{}, f.err }
func (f fixed) Step(context.Context, loops.Question) (*loops.Action, error) {
	return &loops.Action{}, f.err
}
func (f fixed) Exchange(context.Context, *loops.Driver, loops.Request) (*loops.Answer, error) {
	return &loops.Answer{Status: f.status}, f.err
}

func TestDriversAreTimedByOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"well":                      {nil, "ok"},
		"a word of the vocabulary":  {&loops.Failure{Key: loops.NoFunds}, "no_funds"},
		"a word of the driver":      {&loops.Failure{Key: "number 79990000001 is bad"}, "bad_answer"},
		"a script that was stopped": {&loops.Refusal{Reason: loops.ReasonMemory}, "refused_memory"},
		"nobody waited":             {context.Canceled, "cancelled"},
		"a fault of ours":           {errors.New("disk"), "error"},
	} {
		t.Run(name, func(t *testing.T) {
			m := metrics.New("")
			d := &loops.Driver{Name: "some"}
			_, _ = m.Drivers.Runner(fixed{err: c.err}).Run(t.Context(), loops.Job{Driver: d, Entry: loops.EntryStart})
			_, _ = m.Drivers.Steps(fixed{err: c.err}).Step(t.Context(), loops.Question{Driver: d})
			_, _ = m.Drivers.Exchanges(fixed{err: c.err, status: 503}).Exchange(t.Context(), d, loops.Request{})
			got := text(m)
			request := c.want
			if c.err == nil {
				request = "5xx"
			}
			for _, want := range []string{
				`ringtail_loop_run_seconds_count{driver="some",entry="start",outcome="` + c.want + `"} 1`, `ringtail_loop_step_seconds_count{driver="some"} 1`,
				`ringtail_provider_request_seconds_count{driver="some",outcome="` + request + `"} 1`,
			} {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %s:\n%s", want, got)
				}
			}
		})
	}
}

func TestDatabaseAndHashingAreTimed(t *testing.T) {
	m := metrics.New("")
	m.Store.Read(time.Millisecond)
	m.Store.Write(time.Millisecond)
	m.Store.Commit(3, time.Millisecond)
	m.Hashing.Hashed(time.Millisecond, 20*time.Millisecond)
	m.Hashing.Busy()
	got := text(m)
	for _, want := range []string{
		"ringtail_store_read_seconds_count 1", "ringtail_store_write_seconds_count 1", "ringtail_store_commit_seconds_count 1", "ringtail_store_commit_writes_sum 3",
		"ringtail_password_hash_seconds_count 1", "ringtail_password_hash_wait_seconds_count 1", "ringtail_password_hashes_refused_total 1",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
}
