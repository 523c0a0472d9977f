package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
)

// ringing places every call at once.
type ringing chan loops.Job

func (r ringing) Run(_ context.Context, job loops.Job) (*loops.Result, error) {
	r <- job
	return &loops.Result{Value: map[string]any{"caller": "74950000042"}}, nil
}

// site is a provider with calls, as a site's server sees it.
type site struct {
	t    *testing.T
	h    http.Handler
	data *store.Store
	keys *keyring.Keyring
}

func newSite(t *testing.T, runner loops.Runner) *site {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{
		Issuer: issuer, Store: data, Keyring: keys,
		Apps: []idp.Client{{
			ID: "shop", SecretHash: clientauth.HashSecret(keys, "shop", "the shop's secret"), Grants: []string{idp.GrantClientCredentials},
			Scopes: []string{idp.ScopePhoneVerification, "phone"},
		}},
		Policy:   login.Policy{Level: 2, First: []string{password.ID}, Second: []string{flashcall.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
		FlashCall: &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
			PhoneAttribute: "phone_number", Numbers: flashcall.Numbers{Countries: []string{"RU"}},
			Routes: []server.Route{{Route: flashcall.Route{
				ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
			}}},
			Runner: runner,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	})
	return &site{t, s.Handler(), data, keys}
}

func (s *site) send(method, path, body, media, token string) (int, map[string]any) {
	s.t.Helper()
	r := httptest.NewRequest(method, issuer+path, strings.NewReader(body))
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, r)
	answer := map[string]any{}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		s.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Code, answer
}

func (s *site) token() string {
	s.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"phone_verification"}, "client_id": {"shop"}, "client_secret": {"the shop's secret"}}
	status, answer := s.send("POST", oidc.PathToken, form.Encode(), "application/x-www-form-urlencoded", "")
	token, _ := answer["access_token"].(string)
	if status != http.StatusOK || token == "" {
		s.t.Fatalf("no token: %d %v", status, answer)
	}
	return token
}

// personsToken is an access token of somebody who signed in to the shop, with
// every scope that there is.
func (s *site) personsToken() string {
	s.t.Helper()
	now, must := time.Now(), func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	must(s.data.CreateUser(s.t.Context(), &idp.User{ID: "user", Login: "user"}))
	must(s.data.CreateSession(s.t.Context(), &idp.Session{ID: "session", UserID: "user", CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}))
	scopes := []string{"openid", "phone", idp.ScopePhoneVerification}
	must(s.data.CreateGrant(s.t.Context(), &oidc.Grant{ID: "grant", ClientID: "shop", UserID: "user", Session: "session", Scopes: scopes,
		Code: oidc.Code{Hash: "code", ExpiresAt: now.Add(time.Minute)}, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}))
	secret, err := idp.NewSecret(nil)
	must(err)
	won, err := s.data.RedeemCode(s.t.Context(), "code", now, []oidc.Token{{Hash: s.keys.Hash("token", secret), Kind: oidc.AccessToken,
		GrantID: "grant", Scopes: scopes, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}})
	must(err)
	if !won {
		s.t.Fatal("no token of a person")
	}
	return secret
}

func TestASiteVerifiesANumber(t *testing.T) {
	runner := make(ringing, 8)
	s := newSite(t, runner)
	token := s.token()
	status, begun := s.send("POST", "/api/v1/verifications", `{"phone":"+7 999 000-00-01"}`, "application/json", token)
	id, _ := begun["id"].(string)
	if status != http.StatusCreated || id == "" {
		t.Fatalf("begun: %d %v", status, begun)
	}
	if job := <-runner; job.Input[loops.InputPhone] != "79990000001" {
		t.Errorf("called: %v", job.Input)
	}
	check := func() (int, map[string]any) {
		return s.send("POST", "/api/v1/verifications/"+id+"/check", `{"code":"0042"}`, "application/json", token)
	}
	status, got := check()
	for got["id"] == otp.ProblemCodePending { // the engine waits for a call that is being placed, but not for ever
		status, got = check()
	}
	if status != http.StatusOK || got["status"] != "verified" {
		t.Errorf("checked: %d %v", status, got)
	}
	if status, got := s.send("GET", "/api/v1/verifications/"+id, "", "", token); status != http.StatusOK || got["status"] != "verified" {
		t.Errorf("shown: %d %v", status, got)
	}
	if status, got := s.send("POST", "/api/v1/verifications", `{"phone":"+49 1512 3456789"}`, "application/json", token); status != http.StatusConflict || got["id"] != "phone_country" {
		t.Errorf("a closed country: %d %v", status, got)
	}
	if status, got := s.send("GET", "/api/v1/openapi.json", "", "", ""); status != http.StatusOK || got["openapi"] == nil {
		t.Errorf("the description: %d", status)
	}
}

func TestAPersonsTokenVerifiesNothing(t *testing.T) {
	runner := make(ringing, 8)
	s := newSite(t, runner)
	person := s.personsToken()
	if status, got := s.send("GET", oidc.PathUserinfo, "", "", person); status != http.StatusOK || got["sub"] != "user" {
		t.Fatalf("the token is none: %d %v", status, got)
	}
	for name, token := range map[string]string{"a person's": person, "none": "", "the client's secret": "the shop's secret"} {
		status, got := s.send("POST", "/api/v1/verifications", `{"phone":"+79990000001"}`, "application/json", token)
		if status != http.StatusUnauthorized || got["id"] != "token_invalid" {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	if status, _ := s.send("GET", oidc.PathUserinfo, "", "", s.token()); status != http.StatusUnauthorized {
		t.Errorf("the userinfo endpoint took a client's own token: %d", status)
	}
	select {
	case job := <-runner:
		t.Errorf("called: %v", job.Input)
	default:
	}
}

// The number that a login confirms is the one that relying parties see.
func TestTheScopePhoneShowsTheNumberThatIsCalled(t *testing.T) {
	s := newSite(t, make(ringing, 1))
	person := s.personsToken()
	_, err := s.data.UpdateUser(t.Context(), "user", func(u *idp.User) error {
		u.Attributes = map[string]string{"phone_number": "79990000001"}
		return nil
	})
	if err == nil {
		err = s.data.ConfirmPhone(t.Context(), "user", "phone_number", "+79990000001", time.Unix(1_800_000_000, 0))
	}
	if err != nil {
		t.Fatal(err)
	}
	_, got := s.send("GET", oidc.PathUserinfo, "", "", person)
	if got["phone_number"] != "+79990000001" || got["phone_number_verified"] != true || got["phone_number_verified_at"] != 1.8e9 {
		t.Errorf("userinfo: %v", got)
	}
}
