package front_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/front"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/templates"
)

// world is a front whose every rule lets two requests through and then one a minute.
type world struct {
	*httptest.Server
	front   *front.Front
	limited map[string]int
	at      time.Time
}

func newWorld(t *testing.T, base string) *world {
	t.Helper()
	w := &world{limited: map[string]int{}, at: time.Now().Truncate(time.Second)}
	changes := map[string]ratelimit.Change{}
	for _, r := range front.Rules() {
		changes[r.Name] = ratelimit.Change{PerMinute: 1, Burst: 2}
	}
	limits, err := ratelimit.New(ratelimit.Options{Memory: ratelimit.NewMemory(func() time.Time { return w.at }), Changes: changes, Exempt: []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	render, err := templates.New(templates.Options{Asset: func(name string) string { return "/static/" + name }})
	if err != nil {
		t.Fatal(err)
	}
	w.front, err = front.New(front.Options{
		Base: base, Limits: limits, Pages: pages.New(render, slog.New(slog.DiscardHandler)),
		ClientIP: func(r *http.Request) netip.Addr { return netip.MustParseAddr(r.Header.Get("From-Test")) },
		Limited:  func(rule string) { w.limited[rule]++ }, Now: func() time.Time { return w.at }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Server = httptest.NewServer(w.front.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := audit.OriginOf(r.Context())
		w.Header().Set("Origin-Seen", from.IP.String()+" "+from.UserAgent)
	})))
	t.Cleanup(w.Close)
	return w
}

func (w *world) ask(t *testing.T, method, path, ip, accept string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("From-Test", ip)
	r.Header.Set("Accept", accept)
	res, err := w.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

// third is the answer to the third request, which is one too many.
func (w *world) third(t *testing.T, method, path, accept string) *http.Response {
	t.Helper()
	for i := range 2 {
		if res := w.ask(t, method, path, "192.0.2.1", accept); res.StatusCode != http.StatusOK {
			t.Fatalf("request %d for %s: %s", i+1, path, res.Status)
		}
	}
	return w.ask(t, method, path, "192.0.2.1", accept)
}

// Every route refuses by its own rule, for each of its paths and for one below it.
func TestEveryRouteIsLimited(t *testing.T) {
	for _, r := range front.Table() {
		for _, path := range r.Paths {
			t.Run(r.Name+path, func(t *testing.T) {
				w := newWorld(t, "/blitz")
				method := http.MethodGet
				if r.Posts {
					method = http.MethodPost
				}
				if path == "/" {
					path = "/nothing"
				}
				if strings.HasSuffix(path, "/") {
					path += "below/it"
				}
				if res := w.third(t, method, "/blitz"+path, ""); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "60" {
					t.Errorf("%s, Retry-After %q", res.Status, res.Header.Get("Retry-After"))
				}
				if w.limited[r.Name] != 1 || len(w.limited) != 1 {
					t.Errorf("refused by %v", w.limited)
				}
				if res := w.ask(t, method, "/blitz"+path, "192.0.2.2", ""); res.StatusCode != http.StatusOK {
					t.Errorf("another address: %s", res.Status)
				}
				w.at = w.at.Add(time.Minute)
				if res := w.ask(t, method, "/blitz"+path, "192.0.2.1", ""); res.StatusCode != http.StatusOK {
					t.Errorf("a minute later: %s", res.Status)
				}
			})
		}
	}
}

func TestRefusalsInTheCallersForm(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, accept string
		media, says          string
	}{
		"a page":                   {"GET", "/blitz/oauth/ae", "text/html", "text/html", `data-problem="too_many_requests"`},
		"its twin":                 {"POST", "/blitz/login/x", "application/json", "application/json", `"id":"too_many_requests"`},
		"OAuth":                    {"POST", "/blitz/oauth/te", "", "application/json", `"error":"temporarily_unavailable"`},
		"the API":                  {"POST", "/blitz/api/v1/verifications", "", "application/problem+json", `"id":"too_many_requests"`},
		"what is served nowhere":   {"GET", "/wp-login.php", "", "text/html", `data-problem="too_many_requests"`},
		"metadata before the path": {"GET", "/.well-known/oauth-authorization-server/blitz", "", "application/json", `"error":"temporarily_unavailable"`},
	} {
		t.Run(name, func(t *testing.T) {
			res := newWorld(t, "/blitz").third(t, c.method, c.path, c.accept)
			var body strings.Builder
			if err := res.Write(&body); err != nil {
				t.Fatal(err)
			}
			media := res.Header.Get("Content-Type")
			if res.StatusCode != http.StatusTooManyRequests || !strings.HasPrefix(media, c.media) || !strings.Contains(body.String(), c.says) {
				t.Errorf("%s %s:\n%s", res.Status, media, &body)
			}
			if strings.Contains(media, "json") && !json.Valid([]byte(body.String()[strings.Index(body.String(), "{"):strings.LastIndex(body.String(), "}")+1])) {
				t.Errorf("no JSON: %s", &body)
			}
		})
	}
}

func TestRoutesOfPaths(t *testing.T) {
	for name, c := range map[string]struct{ base, method, path, rule string }{
		"posts of logins":              {"", "POST", "/login/x", "login_post"},
		"pages of logins":              {"", "GET", "/login/x", "login"},
		"the longest beginning":        {"/a/b", "GET", "/a/b/api/v3/users", "sessions_api"},
		"the shorter one":              {"/a/b", "GET", "/a/b/api/v1/openapi.json", "api"},
		"another path of the issuer":   {"/a/b", "GET", "/a/oauth/te", "other"},
		"below a whole path":           {"", "GET", "/oauth/te/x", "other"},
		"an escaped letter":            {"/blitz", "POST", "/blitz/oauth/%74e", "token"},
		"nothing but slashes":          {"/blitz", "GET", strings.Repeat("/", 5000), "other"},
		"deeper than the table":        {"/blitz", "GET", "/blitz/static" + strings.Repeat("/x", 50), "static"},
		"a path without a final slash": {"/blitz", "GET", "/blitz/static", "other"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.base)
			w.third(t, c.method, c.path, "")
			if w.limited[c.rule] != 1 {
				t.Errorf("refused by %v, want %s", w.limited, c.rule)
			}
		})
	}
}

func TestOriginsForTheRecord(t *testing.T) {
	if got := newWorld(t, "").ask(t, "GET", "/profile", "192.0.2.9", "").Header.Get("Origin-Seen"); got != "192.0.2.9 Go-http-client/1.1" {
		t.Errorf("the origin is %q", got)
	}
}

func TestClients(t *testing.T) {
	w := newWorld(t, "")
	for i, want := range []time.Duration{0, 0, time.Minute} {
		if wait := w.front.Client("app"); wait != want {
			t.Errorf("request %d waits %s, want %s", i+1, wait, want)
		}
	}
	if w.front.Client("other") != 0 {
		t.Error("another client pays")
	}
	if w.limited["client"] != 1 {
		t.Errorf("told %v", w.limited)
	}
}

// Programs on this machine may be exempt; what stands for strangers is not.
func TestLoopback(t *testing.T) {
	for name, c := range map[string]struct {
		ip, forwarded string
		status        int
	}{
		"a program on this machine":            {"127.0.0.1", "", http.StatusOK},
		"a proxy there that isn't trusted":     {"127.0.0.1", "198.51.100.1", http.StatusTooManyRequests},
		"a person behind one that is":          {"198.51.100.1", "198.51.100.1", http.StatusTooManyRequests},
		"an exempt network, whatever it sends": {"10.1.2.3", "10.1.2.3", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "")
			var res *http.Response
			for range 3 {
				r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+"/profile", nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("From-Test", c.ip)
				if c.forwarded != "" {
					r.Header.Set("X-Forwarded-For", c.forwarded)
				}
				if res, err = w.Client().Do(r); err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
			}
			if res.StatusCode != c.status {
				t.Errorf("the third request: %s, want %d", res.Status, c.status)
			}
		})
	}
}

// Rows have what settings, metrics and documentation need.
func TestTable(t *testing.T) {
	names, paths := map[string]bool{}, map[string]bool{}
	for _, r := range front.Table() {
		if !regexp.MustCompile(`^[a-z_]+$`).MatchString(r.Name) || names[r.Name] {
			t.Errorf("the name %q", r.Name)
		}
		names[r.Name] = true
		if r.Why == "" || r.PerMinute < 1 || r.Burst < 1 || r.Key != ratelimit.KeyAddress || len(r.Paths) == 0 {
			t.Errorf("%s is not whole: %+v", r.Name, r)
		}
		for _, path := range r.Paths {
			if r.Posts {
				path = "POST " + path
			}
			if paths[path] {
				t.Errorf("%s is there twice", path)
			}
			paths[path] = true
		}
	}
}

func BenchmarkBefore(b *testing.B) {
	limits, err := ratelimit.New(ratelimit.Options{Memory: ratelimit.NewMemory(nil), Factor: 10_000})
	if err != nil {
		b.Fatal(err)
	}
	render, err := templates.New(templates.Options{Asset: func(name string) string { return "/static/" + name }})
	if err != nil {
		b.Fatal(err)
	}
	ip := netip.MustParseAddr("192.0.2.1")
	f, err := front.New(front.Options{Base: "/blitz", Limits: limits, Pages: pages.New(render, nil), ClientIP: func(*http.Request) netip.Addr { return ip }})
	if err != nil {
		b.Fatal(err)
	}
	h := f.Before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest("POST", "/blitz/oauth/te", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(nil, r)
	}
}
