package front_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/front"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/templates"
)

// busyServer is a front with a gate of that load, before a handler that reads what comes.
func busyServer(t *testing.T, o overload.Options) *httptest.Server {
	t.Helper()
	limits, err := ratelimit.New(ratelimit.Options{Memory: ratelimit.NewMemory(nil), Off: true})
	if err != nil {
		t.Fatal(err)
	}
	render, err := templates.New(templates.Options{Asset: func(name string) string { return name }})
	if err != nil {
		t.Fatal(err)
	}
	f, err := front.New(front.Options{
		Base: "/blitz", Limits: limits, Gate: overload.NewGate(o), Pages: pages.New(render, slog.New(slog.DiscardHandler)),
		ClientIP: func(*http.Request) netip.Addr { return netip.Addr{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(f.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = w.Write(body)
	})))
	t.Cleanup(s.Close)
	return s
}

// Where memory is short, the last classes are refused first, each caller in its form.
func TestBusyInTheCallersForm(t *testing.T) {
	short := func(memory float64) overload.Options {
		return overload.Options{Load: func() overload.Load { return overload.Load{Memory: memory} }}
	}
	for name, c := range map[string]struct {
		memory     float64
		path, says string
	}{
		"a new login":              {0.85, "/blitz/oauth/ae", `data-problem="busy"`},
		"a login that runs, later": {0.85, "/blitz/login/x", ""},
		"a login that runs":        {0.92, "/blitz/login/x", `data-problem="busy"`},
		"tokens, later":            {0.92, "/blitz/oauth/te", ""},
		"tokens":                   {0.97, "/blitz/oauth/te", `"error":"temporarily_unavailable"`},
		"the API":                  {0.97, "/blitz/api/v3/users/x/sessions", `"id":"busy"`},
		"callbacks of providers":   {0.97, "/blitz/hooks/driver", ""},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := http.Get(busyServer(t, short(c.memory)).URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if c.says == "" && res.StatusCode != http.StatusOK {
				t.Errorf("%s", res.Status)
			}
			if c.says != "" && (res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(string(body), c.says)) {
				t.Errorf("%s, Retry-After %q: %s", res.Status, res.Header.Get("Retry-After"), body)
			}
		})
	}
}

// However many send slowly, those whose request is here are served.
func TestSlowSendersTakeNobodysTurn(t *testing.T) {
	s := busyServer(t, overload.Options{Least: 1, Most: 1})
	for range 20 {
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, "POST /blitz/login/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlog"); err != nil {
			t.Fatal(err)
		}
	}
	if got := post(t, s, "login=ann"); got != "login=ann" {
		t.Errorf("the handler read %q", got)
	}
}

// What is larger than what is read before arrives whole.
func TestBodiesArriveWhole(t *testing.T) {
	s := busyServer(t, overload.Options{Least: 1, Most: 1})
	for _, n := range []int{1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 300 << 10} {
		sent := strings.Repeat("abcdefg.", n/8+1)[:n]
		if got := post(t, s, sent); got != sent {
			t.Errorf("of %d bytes %d arrive", n, len(got))
		}
	}
}

func post(t *testing.T, s *httptest.Server, body string) string {
	t.Helper()
	res, err := http.Post(s.URL+"/blitz/login/x", "text/plain", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}
