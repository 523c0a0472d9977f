package server_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const issuer = "http://localhost/blitz"

func newServer(t *testing.T) (*server.Server, *store.Store) {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	})
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{
		Issuer: issuer, Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 1, First: []string{password.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
		Apps:     []idp.Client{client("both", "https://file.example/cb"), client("file", "https://file.example/cb"), client(account.ClientID, "https://file.example/cb")},
		MaxBody:  32 << 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, data
}

func client(id, redirect string) idp.Client {
	return idp.Client{ID: id, AuthMethod: idp.AuthNone, RedirectURIs: []string{redirect}, Grants: []string{idp.GrantCode}, SigningAlg: "RS256"}
}

func ask(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	h.ServeHTTP(rec, r)
	return rec
}

func TestOperations(t *testing.T) {
	s, data := newServer(t)
	if rec := ask(s.Ops(), "GET", "/healthz", ""); rec.Code != http.StatusOK {
		t.Errorf("/healthz: %d", rec.Code)
	}
	if rec := ask(s.Ops(), "GET", "/readyz", ""); rec.Code != http.StatusOK {
		t.Errorf("/readyz: %d", rec.Code)
	}
	ask(s.Handler(), "GET", "/blitz/login/unknown", "")
	metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String()
	if want := `ringtail_requests_total{method="GET",route="/blitz/login/{id}",status="404"} 1`; !strings.Contains(metrics, want) {
		t.Errorf("/metrics lacks %s:\n%s", want, metrics)
	}
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	if rec := ask(s.Ops(), "GET", "/readyz", ""); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("/readyz without a database: %d", rec.Code)
	}
}

// The file's client and the stored one have different redirect URIs; which one
// serves shows in what is accepted.
func TestApplicationsOfTheFileWin(t *testing.T) {
	s, data := newServer(t)
	for _, id := range []string{"both", "stored"} {
		c := client(id, "https://stored.example/cb")
		if err := data.CreateClient(t.Context(), &c); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		client, redirect string
		accepted         bool
	}{
		"in both, the file's redirect": {"both", "https://file.example/cb", true},
		"in both, the stored redirect": {"both", "https://stored.example/cb", false},
		"in the file alone":            {"file", "https://file.example/cb", true},
		"in the store alone":           {"stored", "https://stored.example/cb", true},
		"nowhere":                      {"nobody", "https://stored.example/cb", false},
	} {
		t.Run(name, func(t *testing.T) {
			q := url.Values{
				"client_id": {c.client}, "redirect_uri": {c.redirect}, "response_type": {"code"}, "scope": {"openid"},
				"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
			}
			rec := ask(s.Handler(), "GET", issuer+"/oauth/ae?"+q.Encode(), "")
			if accepted := strings.Contains(rec.Header().Get("Location"), "/blitz/login/"); accepted != c.accepted {
				t.Errorf("accepted %v (%d, %s), want %v", accepted, rec.Code, rec.Header().Get("Location"), c.accepted)
			}
		})
	}
}

// The account page's client is built in: no registration of that name counts.
func TestNobodyShadowsTheBuiltInClient(t *testing.T) {
	s, data := newServer(t)
	c := client(account.ClientID, "https://stored.example/cb")
	if err := data.CreateClient(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	for redirect, accepted := range map[string]bool{
		issuer + "/profile": true, "https://stored.example/cb": false, "https://file.example/cb": false,
	} {
		q := url.Values{
			"client_id": {account.ClientID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid"},
			"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
		}
		rec := ask(s.Handler(), "GET", issuer+"/oauth/ae?"+q.Encode(), "")
		if got := strings.Contains(rec.Header().Get("Location"), "/blitz/login/"); got != accepted {
			t.Errorf("%s: accepted %v (%d), want %v", redirect, got, rec.Code, accepted)
		}
	}
}

// Without a method that calls, the page tells who is signed in and no more.
func TestTheAccountPageIsMounted(t *testing.T) {
	s, _ := newServer(t)
	rec := ask(s.Handler(), "GET", issuer+"/profile", "")
	if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/blitz/oauth/ae?") {
		t.Errorf("%d to %s", rec.Code, to)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	s, _ := newServer(t)
	body := "grant_type=authorization_code&code=" + strings.Repeat("x", 40<<10)
	if rec := ask(s.Handler(), "POST", issuer+"/oauth/te", body); rec.Code < 400 || rec.Code >= 500 {
		t.Errorf("a body of 40 KiB: %d", rec.Code)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	s, _ := newServer(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestIncompleteOptionsAreRefused(t *testing.T) {
	if _, err := server.New(server.Options{Issuer: issuer}); err == nil {
		t.Error("a server without a store was composed")
	}
}
