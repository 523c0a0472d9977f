package trial_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// A request reaches the stand-in byte for byte as the provider would get it, and only where the provider would.
func TestStandIn(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = strings.Join([]string{r.Method, r.RequestURI, r.Header.Get("X-Own"), string(body)}, " ")
		_, _ = w.Write([]byte("{}"))
	}))
	defer server.Close()
	pool := workers(t)
	way, err := trial.StandIn(server.URL+"/", egress.New(egress.Options{}), loops.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ url, want, detail string }{
		"path and query": {"https://a.example/x%2Fy?q=%2B1&z=a+b", "PUT /x%2Fy?q=%2B1&z=a+b h body", ""},
		"query alone":    {"https://A.example?q=1", "PUT /?q=1 h body", ""},
		"nothing":        {"https://a.example", "PUT / h body", ""},
		"another host":   {"https://b.example/", "", "the host b.example isn't in the driver's manifest"},
		"plain http":     {"http://a.example/", "", "plain http"},
		"the stand-in":   {server.URL, "", "plain http"},
	} {
		t.Run(name, func(t *testing.T) {
			got = ""
			d := &loops.Driver{Name: "script", File: "driver.js", Manifest: loops.Manifest{Hosts: []string{"a.example"}},
				Source: "function run(obj, result) { return result == null ? HttpLoop.callBuilder('PUT', '" + tc.url + "').withHeader('X-Own', 'h').withText('body') : HttpLoop.Ok({}) }"}
			out, err := trial.Run(context.Background(), trial.Options{Driver: d, Workers: pool, Live: way})
			if err != nil || got != tc.want || !strings.Contains(out.Detail, tc.detail) || (out.Outcome == trial.OutcomeOk) != (tc.detail == "") {
				t.Errorf("got %q, want %q; %+v, %v", got, tc.want, out, err)
			}
		})
	}
	for _, bad := range []string{"", "localhost:1", "ftp://a", "http://", "http://a/b", "http://a?q", "http://u:p@a", "http://a#f"} {
		if _, err := trial.StandIn(bad, egress.New(egress.Options{}), loops.DefaultLimits()); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
