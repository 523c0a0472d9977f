package sessions_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api/apitest"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/sessions"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/templates"
)

const issuer = "https://login.example.test/blitz"

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// world is the endpoints over a real database; every answer is held against
// openapi.json. anna has the sessions s1 and s2, boris s3.
type world struct {
	t      *testing.T
	store  *store.Store
	server *httptest.Server
	client *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: now})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	w.store = data
	for _, user := range []string{"anna", "boris"} {
		w.must(data.CreateUser(t.Context(), &idp.User{ID: user, Login: user}))
	}
	w.begin("s1", "anna", "shop", "mail")
	w.begin("s2", "anna")
	w.begin("s3", "boris", "shop")
	renderer, err := templates.New(templates.Options{Asset: func(name string) string { return name }, Now: now})
	w.must(err)
	h, err := sessions.New(sessions.Options{Issuer: issuer, Tokens: w, Store: data, Pages: pages.New(renderer, nil), Now: now})
	w.must(err)
	w.server = httptest.NewServer(h)
	t.Cleanup(w.server.Close)
	w.client = &http.Client{Transport: apitest.Described(t, w.server.URL+"/blitz", apitest.Document(t, h, "/blitz"+sessions.PathOpenAPI))}
	return w
}

func now() time.Time { return noon }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) begin(id, user string, clients ...string) {
	w.t.Helper()
	w.must(w.store.CreateSession(w.t.Context(), &idp.Session{
		ID: id, UserID: user, Browser: "b", CreatedAt: noon.Add(-time.Hour), SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
		UserAgent: "Mozilla/5.0", Address: "192.0.2.7",
	}))
	for _, client := range clients {
		w.must(w.store.CreateGrant(w.t.Context(), &oidc.Grant{
			ID: id + client, ClientID: client, UserID: user, Session: id, Scopes: []string{"openid", "offline_access"},
			Code: oidc.Code{Hash: id + client}, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}))
	}
}

// ClientToken implements api.Tokens: the token is the scopes.
func (w *world) ClientToken(_ context.Context, secret string) (string, []string, error) {
	if !strings.HasPrefix(secret, "blitz") {
		return "", nil, idp.ErrNotFound
	}
	return "desk", strings.Fields(secret), nil
}

// ask gives the status and the body.
func (w *world) ask(method, path, token, body string) (*http.Response, map[string]any) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.server.URL+"/blitz"+path, strings.NewReader(body))
	w.must(err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := w.client.Do(r)
	w.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	w.must(err)
	var got map[string]any
	if len(raw) > 0 {
		w.must(json.Unmarshal(raw, &got))
	}
	return resp, got
}

// standing are the sessions of both.
func (w *world) standing() (ids []string) {
	w.t.Helper()
	for _, user := range []string{"anna", "boris"} {
		all, err := w.store.SessionsOf(w.t.Context(), user, noon)
		w.must(err)
		for _, s := range all {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// told are the notices for relying parties.
func (w *world) told() (all []string) {
	w.t.Helper()
	for {
		n, err := w.store.TakeNotice(w.t.Context(), backchannel.Lease{Holder: "h", Now: noon, Until: noon.Add(time.Minute), PerClient: 99})
		if errors.Is(err, idp.ErrNotFound) {
			slices.Sort(all)
			return all
		}
		w.must(err)
		all = append(all, n.ClientID+"/"+n.Session)
	}
}

func TestListing(t *testing.T) {
	w := newWorld(t)
	resp, got := w.ask(http.MethodGet, "/api/v3/users/anna/sessions", idp.ScopeSessions, "")
	all, _ := got["sessions"].([]any)
	if resp.StatusCode != http.StatusOK || len(all) != 2 {
		t.Fatalf("%d %v", resp.StatusCode, got)
	}
	first, _ := all[0].(map[string]any)
	used, _ := first["applications"].([]any)
	if first["id"] != "s1" || first["address"] != "192.0.2.7" || first["user_agent"] != "Mozilla/5.0" || len(used) != 2 {
		t.Errorf("%v", first)
	}
}

func TestResetting(t *testing.T) {
	for name, c := range map[string]struct {
		body        string
		left, wants []string
	}{
		"everywhere":         {"", []string{"s3"}, []string{"mail/s1", "shop/s1"}},
		"out of one session": {`{"session":"s2"}`, []string{"s1", "s3"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			resp, got := w.ask(http.MethodPost, "/api/v3/users/anna/sessions/reset", idp.ScopeSessionsChange, c.body)
			if resp.StatusCode != http.StatusNoContent || !slices.Equal(w.standing(), c.left) || !slices.Equal(w.told(), c.wants) {
				t.Errorf("%d %v; left %v", resp.StatusCode, got, w.standing())
			}
			g, err := w.store.GrantByCode(t.Context(), "s1shop")
			w.must(err)
			if revoked := !g.RevokedAt.IsZero(); revoked != (c.body == "") {
				t.Errorf("offline access revoked: %v", revoked)
			}
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := newWorld(t)
	const list, reset = "/api/v3/users/anna/sessions", "/api/v3/users/anna/sessions/reset"
	for name, c := range map[string]struct {
		method, path, token, body string
		status                    int
		problem                   string
	}{
		"no token":                      {"GET", list, "", "", 401, "token_invalid"},
		"an unknown token":              {"GET", list, "x", "", 401, "token_invalid"},
		"the scope to change lists not": {"GET", list, idp.ScopeSessionsChange, "", 403, "scope_missing"},
		"the scope to list changes not": {"POST", reset, idp.ScopeSessions, "", 403, "scope_missing"},
		"no token to change":            {"POST", reset, "", "", 401, "token_invalid"},
		"nobody":                        {"GET", "/api/v3/users/nobody/sessions", idp.ScopeSessions, "", 404, "user_unknown"},
		"out of nobody":                 {"POST", "/api/v3/users/nobody/sessions/reset", idp.ScopeSessionsChange, "", 404, "user_unknown"},
		"another's session":             {"POST", reset, idp.ScopeSessionsChange, `{"session":"s3"}`, 404, "session_unknown"},
		"no such session":               {"POST", reset, idp.ScopeSessionsChange, `{"session":"s9"}`, 404, "session_unknown"},
		"a misspelt name":               {"POST", reset, idp.ScopeSessionsChange, `{"sesion":"s1"}`, 400, "reset_invalid"},
		"an empty name":                 {"POST", reset, idp.ScopeSessionsChange, `{"session":""}`, 400, "reset_invalid"},
		"null":                          {"POST", reset, idp.ScopeSessionsChange, `null`, 400, "reset_invalid"},
		"two values":                    {"POST", reset, idp.ScopeSessionsChange, `{"session":"s1"}{}`, 400, "reset_invalid"},
		"no JSON":                       {"POST", reset, idp.ScopeSessionsChange, `session=s1`, 400, "reset_invalid"},
		"too much":                      {"POST", reset, idp.ScopeSessionsChange, `{"session":"` + strings.Repeat("s", 5000) + `"}`, 400, "reset_invalid"},
		"another method":                {"DELETE", list, idp.ScopeSessions, "", 405, "method_not_allowed"},
		"a reset by GET":                {"GET", reset, idp.ScopeSessionsChange, "", 405, "method_not_allowed"},
		"another path":                  {"GET", "/api/v3/users/anna", idp.ScopeSessions, "", 404, "path_unknown"},
	} {
		resp, got := w.ask(c.method, c.path, c.token, c.body)
		if resp.StatusCode != c.status || got["id"] != c.problem || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", name, resp.StatusCode, got)
		}
		if challenge := resp.Header.Get("WWW-Authenticate"); (challenge != "") != (c.status == 401 || c.status == 403) {
			t.Errorf("%s: WWW-Authenticate %q", name, challenge)
		}
	}
	if left := w.standing(); len(left) != 3 {
		t.Errorf("left %v", left)
	}
}
