package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
)

// audited is a provider with a journal, as one person's browser and an application see it.
type audited struct {
	*nodes
	data   *store.Store
	ring   *keyring.Keyring
	placed chan struct{} // a call was placed, and that is on disk
	close  func()        // ends the journal
	ops    http.Handler
}

func newAudited(t *testing.T) *audited {
	a := &audited{nodes: &nodes{t: t}, placed: make(chan struct{}, 8)}
	var handler http.Handler
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	a.url = front.URL
	var err error
	a.data, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	a.must(err)
	t.Cleanup(func() { a.must(a.data.Close()) })
	a.ring, err = keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	a.must(err)
	journal, err := audit.NewJournal(audit.Options{Records: a.data, Keyring: a.ring, Committed: func(rows []audit.Row) {
		for _, row := range rows {
			if row.Type == audit.TypeCallPlaced {
				a.placed <- struct{}{}
			}
		}
	}})
	a.must(err)
	params := password.Params{Memory: 64, Time: 1, Threads: 1}
	app := client("app", "https://app.example/cb")
	app.Grants = append(app.Grants, idp.GrantRefresh)
	app.PostLogoutURIs = []string{"https://app.example/"}
	s, err := server.New(server.Options{
		Issuer: a.url + "/blitz", Store: a.data, Keyring: a.ring, Apps: []idp.Client{app}, Audit: journal,
		Policy:  login.Policy{Level: 2, First: []string{password.ID}, Second: []string{flashcall.ID}},
		Session: server.Session{Idle: time.Hour, Life: 8 * time.Hour}, Password: server.Password{Settings: password.DefaultSettings(), Params: params},
		FlashCall: &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
			PhoneAttribute: "phone_number", Numbers: flashcall.Numbers{Countries: []string{"RU"}}, Runner: make(ringing, 8),
			Routes: []server.Route{{Route: flashcall.Route{
				ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Name: "test", Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
			}}},
		},
	})
	a.must(err)
	handler, a.ops = s.Handler(), s.Ops()
	a.client = &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), a.url) {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	a.client.Jar, err = cookiejar.New(nil)
	a.must(err)
	hasher, err := password.NewHasher(password.HasherOptions{Params: params})
	a.must(err)
	phc, err := hasher.Hash(t.Context(), "ring-the-phone")
	a.must(err)
	a.must(a.data.CreateUser(t.Context(), &idp.User{ID: "ann", Login: "ann", PasswordHash: phc, Attributes: map[string]string{"phone_number": "79990000001"}}))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	a.close = func() { stop(); a.must(<-done); a.must(journal.Close(context.Background())) }
	return a
}

// form posts to an endpoint for applications.
func (a *audited) form(path string, values url.Values) map[string]any {
	a.t.Helper()
	r, err := http.PostForm(a.url+"/blitz"+path, values)
	a.must(err)
	defer r.Body.Close()
	answer := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&answer)
	return answer
}

// whole signs ann in with mistakes on the way, has the application get, refresh and
// give back tokens, and signs her out. It returns all that no record may hold.
func (a *audited) whole() (secrets []string) {
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	at, _ := a.send(a.url+"/blitz/oauth/ae?"+url.Values{
		"client_id": {"app"}, "redirect_uri": {"https://app.example/cb"}, "response_type": {"code"}, "scope": {"openid offline_access"}, "prompt": {"consent"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "state": {"state-of-the-app"}, "login_hint": {"hint-of-the-app"},
	}.Encode(), nil)
	login := at.String()
	a.send(login, map[string]string{"login": "ann", "password": "wrong-password"})
	a.send(login, map[string]string{"login": "secret-typed-as-login", "password": "wrong-password"})
	a.send(login, map[string]string{"login": "ann", "password": "ring-the-phone"})
	<-a.placed
	a.send(login, map[string]string{"code": "0043"})
	_, body := a.send(login, map[string]string{"code": "0042"})
	_, body = a.send(login, map[string]string{"action": "allow", "for": a.twin(body).Consent.For})
	to, _ := a.send(a.twin(body).RedirectTo, nil)
	code := to.Query().Get("code")
	redeem := url.Values{"grant_type": {"authorization_code"}, "client_id": {"app"}, "code": {code}, "redirect_uri": {"https://app.example/cb"}, "code_verifier": {verifier}}
	first := a.form(oidc.PathToken, redeem)
	text := func(answer map[string]any, name string) string { s, _ := answer[name].(string); return s }
	refreshed := a.form(oidc.PathToken, url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {text(first, "refresh_token")}})
	a.form(oidc.PathToken, url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {"made-up-token"}})
	a.form(oidc.PathToken, url.Values{"grant_type": {"refresh_token"}, "client_id": {"stranger"}, "client_secret": {"made-up-secret"}, "refresh_token": {"x"}})
	a.form("/oauth/revoke", url.Values{"client_id": {"app"}, "token": {text(refreshed, "access_token")}})
	a.send(a.url+"/blitz/oauth/logout?"+url.Values{"id_token_hint": {text(first, "id_token")}, "post_logout_redirect_uri": {"https://app.example/"}}.Encode(), nil)
	a.close()
	for _, s := range []string{code, text(first, "access_token"), text(first, "refresh_token"), text(refreshed, "access_token"), text(refreshed, "refresh_token")} {
		if s == "" {
			a.t.Fatalf("the walk gave no code or token: %v, %v", first, refreshed)
		}
	}
	return append(secrets, code, verifier, text(first, "access_token"), text(first, "refresh_token"), text(first, "id_token"), text(refreshed, "access_token"),
		"ring-the-phone", "wrong-password", "secret-typed-as-login", `"0042"`, `"0043"`, "79990000001", "9990000001", "74950000042", "made-up-token", "made-up-secret",
		"state-of-the-app", "hint-of-the-app")
}

var made = regexp.MustCompile(`"(grant|sessions)":("[^"]*"|\[[^\]]*\])`)

// A whole login, the tokens that come of it, and the sign-out are recorded step by
// step, and no record holds a secret.
func TestAWholeLoginIsRecorded(t *testing.T) {
	a := newAudited(t)
	secrets := a.whole()
	rows, err := a.data.AuditChain(t.Context(), 0, 100)
	a.must(err)
	var got []string
	for _, row := range rows {
		var body struct {
			Params json.RawMessage `json:"prms"`
			IP     any             `json:"ip"`
			UA     string          `json:"ua"`
		}
		a.must(json.Unmarshal([]byte(row.Body), &body))
		got = append(got, fmt.Sprintf("%s by %q at %q %s", row.Type, row.Subject, row.ClientID, made.ReplaceAllString(string(body.Params), `"$1":"…"`)))
		if row.Type != audit.TypeCallPlaced && (body.IP != 2130706433.0 || body.UA == "") {
			t.Errorf("%s came from %v, %q", row.Type, body.IP, body.UA)
		}
		for _, secret := range secrets {
			if strings.Contains(row.Body, secret) {
				t.Errorf("a record holds %q: %s", secret, row.Body)
			}
		}
		if inLogin := row.Seq < 12; inLogin != (row.Procedure != "" && row.Procedure == rows[0].Procedure) {
			t.Errorf("%s is of the login %q", row.Type, row.Procedure)
		}
	}
	want := []string{
		`login_begun by "" at "app" {"prompt":["consent"],"scopes":["openid","offline_access"]}`,
		`factor_failed by "ann" at "app" {"factor":1,"method":"password","problem":"password_wrong","used_login":"ann"}`,
		`factor_failed by "" at "app" {"factor":1,"method":"password","problem":"password_wrong"}`,
		`factor_proved by "ann" at "app" {"factor":1,"method":"password"}`,
		`call_asked by "ann" at "" {"channel":"flashCall","driver":"test","method":"flashCall","phone":"+7 999 ***-**-01"}`,
		`call_placed by "ann" at "" {"channel":"flashCall","driver":"test","method":"flashCall","phone":"+7 999 ***-**-01"}`,
		`code_wrong by "ann" at "" {"channel":"flashCall","driver":"test","method":"flashCall","phone":"+7 999 ***-**-01","problem":"code_wrong","used":2}`,
		`code_confirmed by "ann" at "" {"channel":"flashCall","driver":"test","method":"flashCall","phone":"+7 999 ***-**-01"}`,
		`factor_proved by "ann" at "app" {"factor":2,"method":"flashCall"}`,
		`consent_given by "ann" at "app" {"items":["openid","offline_access"]}`,
		`login by "ann" at "app" {"auth_methods":["password","flashCall"],"authnDone":true,"factors":2,"used_login":"ann"}`,
		`token_issued by "ann" at "app" {"grant":"…","grant_type":"authorization_code","scopes":["openid","offline_access"]}`,
		`token_refreshed by "ann" at "app" {"grant":"…","scopes":["openid","offline_access"]}`,
		`token_refused by "" at "app" {"error":"invalid_grant","grant_type":"refresh_token"}`,
		`client_auth_failed by "" at "stranger" {"error":"invalid_client"}`,
		`token_revoked by "ann" at "app" {"grant":"…","kind":"access"}`,
		`session_ended by "ann" at "app" {"by":"person","sessions":"…"}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	report, err := audit.NewChain(a.ring).Verify(t.Context(), a.data)
	if err != nil || len(report.Faults) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}
