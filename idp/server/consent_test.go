package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

// consentTwin is what the test reads of a login in JSON.
type consentTwin struct {
	Step       string
	RedirectTo string `json:"redirect_to"`
	Consent    struct {
		For   string
		Items []struct {
			Name, Title string
			Values      []struct{ Text string }
		}
		Before []string
	}
}

// nodes are two providers over one database, of which one answers at a time.
type nodes struct {
	t      *testing.T
	url    string
	node   atomic.Int32
	client *http.Client
}

func newNodes(t *testing.T) *nodes {
	n := &nodes{t: t}
	var handlers [2]http.Handler
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handlers[n.node.Load()].ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	n.url = front.URL
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	n.must(err)
	t.Cleanup(func() { n.must(data.Close()) })
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	n.must(err)
	params := password.Params{Memory: 64, Time: 1, Threads: 1}
	app := client("app", "https://app.example/cb")
	app.AskConsent = true
	for i := range handlers {
		s, err := server.New(server.Options{
			Issuer: n.url + "/blitz", Store: data, Keyring: ring, Apps: []idp.Client{app},
			Scopes: []claims.Scope{{Name: "employee", Title: map[string]string{"en": "See your department"}, Claims: map[string]string{"department": "${department&upper}"}}},
			Policy: login.Policy{Level: 1, First: []string{password.ID}}, Session: server.Session{Idle: time.Hour, Life: 8 * time.Hour},
			Password: server.Password{Settings: password.DefaultSettings(), Params: params},
		})
		n.must(err)
		handlers[i] = s.Handler()
	}
	hasher, err := password.NewHasher(password.HasherOptions{Params: params})
	n.must(err)
	phc, err := hasher.Hash(t.Context(), "ring-the-phone")
	n.must(err)
	n.must(data.CreateUser(t.Context(), &idp.User{ID: "ann", Login: "ann", PasswordHash: phc, Attributes: map[string]string{"department": "sales"}}))
	jar, err := cookiejar.New(nil)
	n.must(err)
	n.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), n.url) {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	return n
}

func (n *nodes) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// send asks for JSON, and returns the address that answered, or that the answer
// leads to outside, and the body.
func (n *nodes) send(target string, body map[string]string) (*url.URL, []byte) {
	n.t.Helper()
	method, content := http.MethodGet, io.Reader(nil)
	if body != nil {
		text, err := json.Marshal(body)
		n.must(err)
		method, content = http.MethodPost, bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, target, content)
	n.must(err)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	response, err := n.client.Do(r)
	n.must(err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	n.must(err)
	if to, err := response.Location(); err == nil {
		return to, got
	}
	return response.Request.URL, got
}

func (n *nodes) twin(body []byte) (got consentTwin) {
	n.t.Helper()
	if err := json.Unmarshal(body, &got); err != nil {
		n.t.Fatalf("%v: %s", err, body)
	}
	return got
}

func (n *nodes) authorize(scope string) (*url.URL, consentTwin) {
	n.t.Helper()
	at, body := n.send(n.url+"/blitz/oauth/ae?"+url.Values{
		"client_id": {"app"}, "redirect_uri": {"https://app.example/cb"}, "response_type": {"code"}, "scope": {scope},
		"code_challenge": {strings.Repeat("a", 43)}, "code_challenge_method": {"S256"},
	}.Encode(), nil)
	return at, n.twin(body)
}

// A scope of the settings reaches the consent page, what was allowed is remembered,
// and a page that one node made is answered at another.
func TestConsentOverTheWholeProvider(t *testing.T) {
	n := newNodes(t)
	at, _ := n.authorize("openid employee")
	_, body := n.send(at.String(), map[string]string{"login": "ann", "password": "ring-the-phone"})
	got := n.twin(body)
	if items := got.Consent.Items; got.Step != "consent" || len(items) != 2 || items[1].Title != "See your department" ||
		len(items[1].Values) != 1 || items[1].Values[0].Text != "SALES" {
		t.Fatalf("the consent step is %s", body)
	}
	n.node.Store(1)
	_, body = n.send(at.String(), map[string]string{"action": "allow", "for": got.Consent.For})
	if got = n.twin(body); got.Step != "done" {
		t.Fatalf("allowed at another node: %s", body)
	}
	if to, _ := n.send(got.RedirectTo, nil); to.Host != "app.example" || to.Query().Get("code") == "" {
		t.Errorf("the answer goes to %s", to)
	}
	n.node.Store(0)
	if _, got := n.authorize("openid employee"); got.Step != "done" {
		t.Errorf("asked again: %+v", got)
	}
	if _, got := n.authorize("openid employee email"); got.Step != "consent" || len(got.Consent.Items) != 1 || len(got.Consent.Before) != 2 || !slices.Contains(got.Consent.Before, "See your department") {
		t.Errorf("asked for more: %+v", got)
	}
}
