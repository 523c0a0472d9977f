package settings_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/openapi"
	"github.com/ringtail-id/ringtail/idp/api/apitest"
)

// client is a program that uses the API; each answer is held against the
// description.
type client struct {
	*world
	http.Client
}

func newClient(t *testing.T, file string) *client {
	t.Helper()
	w := worldOf(t, fileOf(file))
	w.actor = &admin.Actor{ClientID: "deploy", Scopes: []string{"blitz_admin_settings", "blitz_admin_settings_chg"}}
	text, err := openapi.Join(w.server.URL+"/api", w.server.URL, w.section)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	return &client{world: w, Client: http.Client{Transport: apitest.Described(t, w.server.URL+"/api", doc)}}
}

// ask makes a request and reads the answer into v.
func (c *client) ask(method, path, ifMatch, body string, v any) *http.Response {
	c.t.Helper()
	req, err := http.NewRequest(method, c.server.URL+"/api"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer token")
	if ifMatch != "" {
		req.Header.Set("If-Match", ifMatch)
	}
	res, err := c.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	if v != nil {
		if err := json.NewDecoder(res.Body).Decode(v); err != nil {
			c.t.Fatal(err)
		}
	}
	return res
}

// saved is what answers have of the layer.
type saved struct {
	Revision int
	By       string
	Values   map[string]any
	Findings []struct{ Path, Message string }
}

func TestSettingsByTheAPI(t *testing.T) {
	c := newClient(t, withDriver+"\ntokens.access = 10m")
	var all struct {
		Settings []struct {
			Path, Default, Type, Meaning string
			Value                        any
			Origin                       struct{ Kind, Place, By string }
		}
	}
	c.ask("PATCH", "/settings/saved", `"0"`, `{"comment": "c", "set": {"login.methods.flashCall.codeLength": 6, "login.session.idle": "7h"}}`, nil)
	if res := c.ask("GET", "/settings", "", "", &all); res.Header.Get("ETag") != `"1"` {
		t.Errorf("the ETag is %s", res.Header.Get("ETag"))
	}
	origins := map[string]string{}
	for _, s := range all.Settings {
		origins[s.Path] = s.Origin.Kind + " " + s.Origin.Place + s.Origin.By
		if s.Path == "login.methods.flashCall.codeLength" && (s.Value != 6. || s.Default != "4" || s.Type != "a whole number, 3 to 8" || s.Meaning == "") {
			t.Errorf("%+v", s)
		}
	}
	for path, want := range map[string]string{
		"login.methods.flashCall.codeLength": "console client deploy", "tokens.access": "file blitz.conf:3", "tokens.id": "default ", "keys.master": "",
	} {
		if origins[path] != want {
			t.Errorf("%s comes from %q, want %q", path, origins[path], want)
		}
	}
}

func TestWhatIsSavedByTheAPI(t *testing.T) {
	c := newClient(t, withDriver)
	var s saved
	put := func(etag, body string) *http.Response {
		s = saved{}
		return c.ask("PUT", "/settings/saved", etag, body, &s)
	}
	res := put(`"0"`, `{"values": {"login.level": 2, "login.session.idle": "7h"}}`)
	if res.StatusCode != 200 || res.Header.Get("ETag") != `"1"` || s.Values["login.session.idle"] != "7h" || s.By != "client deploy" {
		t.Errorf("%d %+v", res.StatusCode, s)
	}
	res = put(`"1"`, `{"values": {"login.session.idle": "7h", "tokens.access": "5m"}}`)
	if _, kept := s.Values["login.level"]; kept || len(s.Values) != 2 || s.Revision != 2 {
		t.Errorf("%d %+v", res.StatusCode, s)
	}
	if put(`"2"`, `{"values": {"tokens.access": "5m", "login.session.idle": "7h"}}`); s.Revision != 2 {
		t.Errorf("the same once more: %+v", s)
	}
	s = saved{}
	c.ask("PATCH", "/settings/saved", `"2"`, `{"unset": ["tokens.access"]}`, &s)
	if len(s.Values) != 1 || s.Revision != 3 {
		t.Errorf("taken back: %+v", s)
	}
	s = saved{}
	c.ask("POST", "/settings/revisions/2/restore", `"3"`, `{"comment": "back"}`, &s)
	if len(s.Values) != 2 || s.Revision != 4 {
		t.Errorf("restored: %+v", s)
	}
	var line struct {
		Revisions []struct {
			Number  int
			Comment string
			Changes []struct{ Path string }
		}
	}
	c.ask("GET", "/settings/revisions?limit=2&before=5", "", "", &line)
	if len(line.Revisions) != 2 || line.Revisions[0].Comment != "back" || line.Revisions[0].Changes[0].Path != "tokens.access" {
		t.Errorf("%+v", line)
	}
	var one struct {
		Number int
		Saved  saved
	}
	if c.ask("GET", "/settings/revisions/1", "", "", &one); one.Number != 1 || len(one.Saved.Values) != 2 {
		t.Errorf("%+v", one)
	}
}

func TestTheAPIRefuses(t *testing.T) {
	tests := map[string]struct {
		method, path, etag, body string
		status                   int
		want                     string
	}{
		"no If-Match":           {"PUT", "/settings/saved", "", `{"values": {}}`, 428, "if_match_required"},
		"an odd If-Match":       {"PUT", "/settings/saved", "*", `{"values": {}}`, 412, "edit_conflict"},
		"an old revision":       {"PATCH", "/settings/saved", `"0"`, `{"set": {"login.level": 1}}`, 412, "edit_conflict login.level"},
		"one that isn't there":  {"PATCH", "/settings/saved", `"7"`, `{"set": {"login.level": 1}}`, 404, "settings_revision_unknown"},
		"no values":             {"PUT", "/settings/saved", `"1"`, `{}`, 400, "admin_body_invalid values"},
		"a misspelt member":     {"PATCH", "/settings/saved", `"1"`, `{"unset": [], "sets": {}}`, 400, "admin_body_invalid"},
		"a wrong value":         {"PATCH", "/settings/saved", `"1"`, `{"set": {"login.level": 9}}`, 422, "login.level: is 9"},
		"a setting of the file": {"PATCH", "/settings/saved", `"1"`, `{"set": {"issuer": "https://evil.example"}}`, 422, "issuer: can't be saved"},
		"the master key":        {"PATCH", "/settings/saved", `"1"`, `{"set": {"keys.master": "00"}}`, 422, "keys.master: can't be saved"},
		"no such setting":       {"PATCH", "/settings/saved", `"1"`, `{"set": {"login.levle": 1}}`, 422, "there is no such setting"},
		"a file's content":      {"PATCH", "/settings/saved", `"1"`, `{"set": {"registration.statements.issuers.a.jwks": "file(/etc/passwd)"}}`, 422, "file(..)"},
		"a driver":              {"PATCH", "/settings/saved", `"1"`, `{"set": {"drivers.example": 1}}`, 403, "admin_forbidden"},
		"languages":             {"PATCH", "/settings/saved", `"1"`, `{"set": {"lang.languages": ["ru"]}}`, 403, "admin_forbidden"},
		"an odd revision":       {"GET", "/settings/revisions/x", "", "", 404, "settings_revision_unknown"},
		"a method that isn't":   {"PUT", "/settings/methods", `"1"`, `{"first": [{"method": "fax", "enabled": true}], "second": [{"method": "flashCall", "enabled": true}]}`, 422, "there is no method"},
		"half of the methods":   {"PUT", "/settings/methods", `"1"`, `{"first": []}`, 400, "admin_body_invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, withDriver)
			c.Client = http.Client{} // the test's own mux tells problems in a few words
			c.ask("PATCH", "/settings/saved", `"0"`, `{"set": {"login.level": 2, "login.session.idle": "7h"}}`, nil)
			req, err := http.NewRequest(tt.method, c.server.URL+"/api"+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("If-Match", tt.etag)
			res, err := c.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			told := string(text)
			var s saved
			if json.Unmarshal(text, &s) == nil && len(s.Findings) > 0 {
				told = s.Findings[0].Path + ": " + s.Findings[0].Message
			}
			if res.StatusCode != tt.status || !strings.Contains(told, tt.want) {
				t.Errorf("%d %s, want %d %s", res.StatusCode, told, tt.status, tt.want)
			}
			if rev, _ := c.service.Current(t.Context()); rev.Number != 1 {
				t.Errorf("revision %d was saved", rev.Number)
			}
		})
	}
}

func TestMethodsByTheAPI(t *testing.T) {
	c := newClient(t, off)
	var m struct {
		Level         int
		First, Second []struct {
			Method  string
			Enabled bool
			Lacks   []struct{ Text, Link string }
		}
	}
	c.ask("GET", "/settings/methods", "", "", &m)
	if m.Level != 1 || m.First[0].Method != "password" || m.Second[0].Method != "flashCall" || len(m.Second[0].Lacks) == 0 {
		t.Errorf("%+v", m)
	}
	c.ask("PATCH", "/settings/saved", `"0"`, `{"set": {"login.methods.flashCall.driver": "example"}}`, nil)
	var s saved
	res := c.ask("PUT", "/settings/methods", `"1"`,
		`{"level": 2, "first": [{"method": "password", "enabled": true}], "second": [{"method": "flashCall", "enabled": true}]}`, &s)
	if l := c.served().Login; res.StatusCode != 200 || l.Level != 2 || len(l.Second) != 1 {
		t.Errorf("%d %+v %+v", res.StatusCode, s, l)
	}
}
