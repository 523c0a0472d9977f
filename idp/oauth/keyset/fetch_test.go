package keyset_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

const address = "https://www.example.com/keys"

// resolver knows names; example.com is on the open network.
type resolver map[string]string

func (r resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if a, ok := r[host]; ok {
		return []netip.Addr{netip.MustParseAddr(a)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// site is a client's web server and the sets that ask it, over the real egress.
type site struct {
	sets    *keyset.Sets
	fetches atomic.Int32
	dialled atomic.Int32

	mu      sync.Mutex
	now     time.Time
	handler http.HandlerFunc
}

func (s *site) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *site) answer(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = h
}

func (s *site) body(text string) {
	s.answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

func newSite(t *testing.T, changes ...func(*egress.Options)) *site {
	t.Helper()
	s := &site{now: noon}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fetches.Add(1)
		s.mu.Lock()
		h := s.handler
		s.mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(server.Close)
	o := egress.Options{
		Limits: loops.DefaultLimits(), Roots: x509.NewCertPool(),
		Resolver: resolver{
			"www.example.com": "8.8.4.4", "loopback.example.com": "127.0.0.1", "private.example.com": "10.0.0.1",
			"metadata.example.com": "169.254.169.254", "mapped.example.com": "::ffff:127.0.0.1",
		},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			s.dialled.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	o.Roots.AddCert(server.Certificate()) // httptest's certificate is for example.com
	for _, change := range changes {
		change(&o)
	}
	sets, err := keyset.New(keyset.Options{Requests: egress.New(o), Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.now
	}})
	must(t, err)
	s.sets = sets
	return s
}

// ask verifies a JWT by a key with the ID; the JWT lives as long as the test's clock needs.
func (s *site) ask(ctx context.Context, uri, token string) error {
	_, err := s.sets.Verify(ctx, keyset.Source{URI: uri}, token, keyset.Rules{Audience: issuer, Life: 24 * time.Hour})
	return err
}

func (s *site) wantFetches(t *testing.T, want int32) {
	t.Helper()
	if got := s.fetches.Load(); got != want {
		t.Errorf("%d fetches, want %d", got, want)
	}
}

func long() map[string]any { return good("exp", noon.Add(23*time.Hour).Unix()) }

func TestKeysFromAnAddress(t *testing.T) {
	s, ec := newSite(t), newEC(t)
	document := set(t, jwk(ec, "ec").Public())
	s.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/keys" || r.Host != "www.example.com" {
			t.Errorf("asked for %s %s %s", r.Method, r.Host, r.URL)
		}
		_, _ = io.WriteString(w, document)
	})
	token := sign(t, "ES256", ec, "ec", long())
	for range 10 {
		must(t, s.ask(t.Context(), address, token))
	}
	s.wantFetches(t, 1)
	s.advance(keyset.Fresh)
	must(t, s.ask(t.Context(), address, token))
	s.wantFetches(t, 2)
}

// A client that changes its keys is served with the new ones at once, and the
// old ones go when the set is looked at again.
func TestRotation(t *testing.T) {
	s, old, next := newSite(t), newEC(t), newEC(t)
	s.body(set(t, jwk(old, "old").Public()))
	must(t, s.ask(t.Context(), address, sign(t, "ES256", old, "old", long())))
	s.body(set(t, jwk(next, "next").Public()))
	must(t, s.ask(t.Context(), address, sign(t, "ES256", next, "next", long())))
	s.wantFetches(t, 2)
	wantFault(t, s.ask(t.Context(), address, sign(t, "ES256", old, "old", long())), "not exactly one key")
}

func TestAFloodOfKeyIDsLeadsToFewFetches(t *testing.T) {
	s, ec := newSite(t), newEC(t)
	s.body(set(t, jwk(ec, "ec").Public()))
	flood := func() {
		for i := range 300 {
			wantFault(t, s.ask(t.Context(), address, sign(t, "ES256", ec, fmt.Sprint("unknown-", i), long())), "not exactly one key")
		}
	}
	flood()
	s.wantFetches(t, 3)
	for i := int32(4); i < 7; i++ {
		s.advance(keyset.Pace)
		flood()
		s.wantFetches(t, i)
		must(t, s.ask(t.Context(), address, sign(t, "ES256", ec, "ec", long())))
	}
}

func TestManyWhoAskAtOnceLeadToOneFetch(t *testing.T) {
	s, ec := newSite(t), newEC(t)
	document, gate := set(t, jwk(ec, "ec").Public()), make(chan struct{})
	s.answer(func(w http.ResponseWriter, _ *http.Request) {
		<-gate
		_, _ = io.WriteString(w, document)
	})
	token := sign(t, "ES256", ec, "ec", long())
	impatient, leave := context.WithCancel(t.Context())
	results := make(chan error, 64)
	left := make(chan error, 1)
	go func() { left <- s.ask(impatient, address, token) }()
	for range 64 {
		go func() { results <- s.ask(t.Context(), address, token) }()
	}
	leave()
	if err := <-left; err != context.Canceled {
		t.Errorf("who left was told %v", err)
	}
	close(gate)
	for range 64 {
		must(t, <-results)
	}
	s.wantFetches(t, 1)
}

func TestWhatCanNotBeFetched(t *testing.T) {
	ec := newEC(t)
	document := set(t, jwk(ec, "ec").Public())
	token := sign(t, "ES256", ec, "ec", long())
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, to, http.StatusFound)
			_, _ = io.WriteString(w, document)
		}
	}
	write := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	for name, c := range map[string]struct {
		uri     string
		handler http.HandlerFunc
		dialled int32
	}{
		"loopback by number":            {"https://127.0.0.1/keys", write(document), 0},
		"loopback, written otherwise":   {"https://2130706433/keys", write(document), 0},
		"loopback, shorter":             {"https://127.1/keys", write(document), 0},
		"loopback by IPv6":              {"https://[::1]/keys", write(document), 0},
		"loopback by a mapped address":  {"https://[::ffff:127.0.0.1]/keys", write(document), 0},
		"loopback by a name":            {"https://loopback.example.com/keys", write(document), 0},
		"a mapped address by a name":    {"https://mapped.example.com/keys", write(document), 0},
		"a private address by a name":   {"https://private.example.com/keys", write(document), 0},
		"metadata by a name":            {"https://metadata.example.com/keys", write(document), 0},
		"metadata by number":            {"https://169.254.169.254/latest/meta-data", write(document), 0},
		"plain http":                    {"http://www.example.com/keys", write(document), 0},
		"plain http on loopback":        {"http://localhost/keys", write(document), 0},
		"a file":                        {"file:///etc/passwd", write(document), 0},
		"another scheme":                {"gopher://www.example.com/keys", write(document), 0},
		"a user":                        {"https://a:b@www.example.com/keys", write(document), 0},
		"a fragment":                    {"https://www.example.com/keys#a", write(document), 0},
		"a relative address":            {"/keys", write(document), 0},
		"a long address":                {address + strings.Repeat("x", 2048), write(document), 0},
		"no host":                       {"https:///keys", write(document), 0},
		"an opaque address":             {"https:www.example.com", write(document), 0},
		"an empty fragment":             {address + "#", write(document), 0},
		"an unknown host":               {"https://nowhere.example.com/keys", write(document), 0},
		"a certificate of another name": {"https://other.example.org/keys", write(document), 0},
		"a redirect to metadata":        {address, redirect("http://169.254.169.254/"), 1},
		"a redirect to itself":          {address, redirect(address), 1},
		"a redirect to loopback":        {address, redirect("https://127.0.0.1/keys"), 1},
		"not found":                     {address, func(w http.ResponseWriter, r *http.Request) { http.Error(w, document, http.StatusNotFound) }, 1},
		"no content":                    {address, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, 1},
		"a page":                        {address, write("<html>"), 1},
		"nothing":                       {address, write(""), 1},
		"no set":                        {address, write(`{"kty":"EC"}`), 1},
		"a giant set":                   {address, write(`{"keys":[` + strings.Repeat(" ", keyset.MaxDocument) + `]}`), 1},
		"too many keys":                 {address, write(`{"keys":[` + strings.TrimSuffix(strings.Repeat(`{"kty":"x"},`, 51), ",") + `]}`), 1},
		"a private key":                 {address, write(set(t, *jwk(ec, "ec"))), 1},
		"an endless set": {address, func(w http.ResponseWriter, r *http.Request) {
			for range 100 {
				if _, err := io.WriteString(w, strings.Repeat(" ", 4096)); err != nil {
					return
				}
			}
		}, 1},
		"a packed set": {address, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, document)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.answer(c.handler)
			wantFault(t, s.ask(t.Context(), c.uri, token), "can't be fetched")
			if got := s.dialled.Load(); got != c.dialled {
				t.Errorf("%d connections, want %d", got, c.dialled)
			}
		})
	}
}

func TestALoopbackAddressThatTheSettingsAllow(t *testing.T) {
	s, ec := newSite(t), newEC(t)
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, set(t, jwk(ec, "ec").Public()))
	}))
	t.Cleanup(plain.Close)
	allowed, err := keyset.New(keyset.Options{Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
		Requests: egress.New(egress.Options{Allow: []egress.Allowance{{Host: "127.0.0.1:*", Plain: true, Private: true}}})})
	must(t, err)
	token := sign(t, "ES256", ec, "ec", good())
	if _, err := allowed.Verify(t.Context(), keyset.Source{URI: plain.URL}, token, keyset.Rules{Audience: issuer}); err != nil {
		t.Error(err)
	}
	wantFault(t, s.ask(t.Context(), plain.URL, token), "can't be fetched")
}

func TestASlowAddressIsGivenUp(t *testing.T) {
	s := newSite(t, func(o *egress.Options) { o.Limits.Reply = 20 * time.Millisecond })
	s.answer(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	wantFault(t, s.ask(t.Context(), address, sign(t, "ES256", newEC(t), "ec", long())), "can't be fetched")
}

func TestAnAddressThatFailsIsNotAskedAgainAtOnce(t *testing.T) {
	s, ec := newSite(t), newEC(t)
	broken := func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }
	token := sign(t, "ES256", ec, "ec", long())
	s.answer(broken)
	for range 100 {
		wantFault(t, s.ask(t.Context(), address, token), "can't be fetched")
	}
	s.wantFetches(t, 1)
	s.body(set(t, jwk(ec, "ec").Public()))
	s.advance(keyset.Retry)
	must(t, s.ask(t.Context(), address, token))
	s.wantFetches(t, 2)

	s.answer(broken)
	s.advance(keyset.Stale - time.Second)
	must(t, s.ask(t.Context(), address, token)) // what is known serves a while
	s.wantFetches(t, 3)
	s.advance(keyset.Retry)
	wantFault(t, s.ask(t.Context(), address, token), "can't be fetched")
}

func TestASourceIsOneOfBoth(t *testing.T) {
	ec := newEC(t)
	token, s := sign(t, "ES256", ec, "ec", good()), byValue(t)
	for want, from := range map[string]keyset.Source{
		"has no keys":       {},
		"both":              {Document: set(t, *jwk(ec, "ec")), URI: address},
		"can't be fetched":  {URI: address}, // these sets fetch nothing
		"set can't be used": {Document: "{"},
	} {
		_, err := s.Verify(t.Context(), from, token, keyset.Rules{Audience: issuer})
		wantFault(t, err, want)
	}
}

// More addresses than are remembered cost fetches, and no memory without end:
// the one that nobody asked for the longest is forgotten.
func TestManyAddresses(t *testing.T) {
	ec := newEC(t)
	token := sign(t, "ES256", ec, "ec", long())
	calm := &counting{document: set(t, jwk(ec, "ec").Public())}
	now := noon
	s, err := keyset.New(keyset.Options{Requests: calm, Now: func() time.Time { now = now.Add(time.Microsecond); return now }})
	must(t, err)
	ask := func(i, want int) {
		t.Helper()
		from := keyset.Source{URI: fmt.Sprintf("https://c%d.example/keys", i)}
		if _, err := s.Verify(t.Context(), from, token, keyset.Rules{Audience: issuer, Life: 24 * time.Hour}); err != nil || calm.fetches != want {
			t.Fatalf("address %d: %d fetches, want %d; %v", i, calm.fetches, want, err)
		}
	}
	for i := range 2001 {
		ask(i, i+1)
	}
	ask(2000, 2001)
	ask(1, 2001)
	ask(0, 2002)
}

// counting answers each request with one document.
type counting struct {
	document string
	fetches  int
}

func (c *counting) Exchange(context.Context, *loops.Driver, loops.Request) (*loops.Answer, error) {
	c.fetches++
	return &loops.Answer{Status: 200, Body: c.document}, nil
}
