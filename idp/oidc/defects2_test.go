package oidc_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

type loginOf = idp.Login

func TestDefect03CodeIsRedeemedOnceAndItsReuseRevokes(t *testing.T) {
	w := newWorld(t)
	code := w.agent().code("app")
	won := redeem(w.agent, oidc.PathToken, 64, codeForm(code))
	if len(won) != 1 {
		t.Fatalf("%d of 64 parallel redemptions won, want 1", len(won))
	}
	got := w.tokens(won[0])
	if w.works(got.Access) {
		t.Error("the access token outlived the second use of its code")
	}
	w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
}

// redeem posts the form n times at once and returns the successes.
func redeem(agent func() *agent, path string, n int, form url.Values) []answer {
	answers := make([]answer, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		a := agent()
		done.Go(func() {
			ready.Wait()
			answers[i] = a.post(path, form, basic("app", secret))
		})
	}
	ready.Done()
	done.Wait()
	var won []answer
	for _, a := range answers {
		if a.status == http.StatusOK {
			won = append(won, a)
		}
	}
	return won
}

func TestDefect15PlainErrorsAreNotServerErrorsAndSayNothing(t *testing.T) {
	w := newWorld(t)
	form := refreshForm("x", "client_assertion", "y", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	a := w.agent()
	a.post(oidc.PathToken, form).wantError(t, http.StatusUnauthorized, "invalid_client")
	code, access := a.code("app"), a.signIn("app").Access
	w.breakDatabase()
	for name, got := range w.machineAnswers(a, code, access) {
		got.wantError(t, http.StatusInternalServerError, "server_error")
		if strings.TrimSpace(string(got.body)) != `{"error":"server_error"}` {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if got := a.get(oidc.PathAuthorize, request("app")); got.status != http.StatusInternalServerError || got.page != "internal" {
		t.Errorf("authorize: %d %q", got.status, got.page)
	}
	w.must(w.store.Close())
	logged := len(w.log.String())
	answers := w.machineAnswers(a, code, access)
	if said := w.log.String()[logged:]; strings.Count(said, "\n")-strings.Count(said, "level=DEBUG") != len(answers) || strings.Count(said, idp.ErrUnavailable.Error()) < len(answers) {
		t.Errorf("of %d answers the log tells:\n%s", len(answers), said)
	}
	for name, got := range answers {
		got.wantError(t, http.StatusServiceUnavailable, "temporarily_unavailable")
		if got.header.Get("Retry-After") == "" || strings.Contains(string(got.body), "store") {
			t.Errorf("%s without a database: %v %s", name, got.header, got.body)
		}
	}
	if got := a.get(oidc.PathAuthorize, request("app")); got.status != http.StatusServiceUnavailable || got.page != "unavailable" {
		t.Errorf("authorize without a database: %d %q", got.status, got.page)
	}
	if got := a.get(oidc.PathKeys, nil); got.status != http.StatusOK {
		t.Errorf("the keys without a database: %d", got.status)
	}
}

// machineAnswers are those of endpoints that relying parties' servers ask.
func (w *world) machineAnswers(a *agent, code, access string) map[string]answer {
	w.t.Helper()
	return map[string]answer{
		"token":         a.post(oidc.PathToken, codeForm(code), basic("app", secret)),
		"userinfo":      a.post(oidc.PathUserinfo, nil, bearer(access)),
		"introspection": a.post(oidc.PathIntrospect, url.Values{"token": {access}}, basic("app", secret)),
		"revocation":    a.post(oidc.PathRevoke, url.Values{"token": {access}}, basic("app", secret)),
		"pushing":       a.post(oidc.PathPAR, request("app"), basic("app", secret)),
	}
}

// breakDatabase takes a column away that every statement about clients names: a fault of
// ours, which no waiting mends.
func (w *world) breakDatabase() {
	w.t.Helper()
	db := sql.OpenDB(connector(strings.TrimPrefix(w.url, "sqlite:")))
	defer db.Close()
	for _, table := range []string{"clients", "tokens"} {
		_, err := db.Exec(`ALTER TABLE ` + table + ` RENAME TO broken_` + table)
		w.must(err)
	}
}

// connector opens a SQLite file without a driver that is registered globally.
type connector string

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(string(c)) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }
