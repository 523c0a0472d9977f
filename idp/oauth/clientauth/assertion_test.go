package clientauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

func TestAssertionOfEveryAlgorithm(t *testing.T) {
	w := newWorld(t)
	for _, alg := range keyset.Algorithms() {
		for _, named := range [][]string{nil, {"client_id", "app"}} {
			status, client, why := w.post(form(w.sign(alg, alg, w.keys[alg], w.claims("app")), named...), "")
			if status != http.StatusOK || client != "app" {
				t.Errorf("%s %v: %d %s %s", alg, named, status, client, why)
			}
		}
	}
}

const unproved = "the client is unknown or didn't authenticate as it is registered"

func TestAssertionsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	public, err := x509.MarshalPKIXPublicKey(&w.keys["RS256"].(*rsa.PrivateKey).PublicKey)
	must(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	none := encode([]byte(`{"alg":"none"}`)) + "." + strings.Split(w.assertion("app"), ".")[1] + "."
	in := func(d time.Duration) int64 { return w.now.Load().Add(d).Unix() }
	for name, c := range map[string]struct {
		form   url.Values
		status int
		code   string
		why    string
	}{
		"HS256 with the public key as the secret": {form(w.sign("HS256", "RS256", public, w.claims("app"))), 401, "invalid_client", "not signed with one of"},
		"HS256 with the key set as the secret":    {form(w.sign("HS256", "RS256", []byte(w.document()), w.claims("app"))), 401, "invalid_client", "not signed with one of"},
		"none":                                    {form(none), 401, "invalid_client", "not signed with one of"},
		"PS256 by the kid of an RS256 key":        {form(w.sign("PS256", "RS256", w.keys["PS256"], w.claims("app"))), 401, "invalid_client", unproved},
		"another algorithm than registered":       {form(w.sign("RS256", "RS256", w.keys["RS256"], w.claims("ps"))), 401, "invalid_client", unproved},
		"an EC key's kid over an RSA signature":   {form(w.sign("RS256", "ES256", w.keys["RS256"], w.claims("app"))), 401, "invalid_client", unproved},
		"an unknown kid":                          {form(w.sign("ES256", "x", w.keys["ES256"], w.claims("app"))), 401, "invalid_client", unproved},
		"a stranger's key":                        {form(w.sign("ES256", "ES256", other, w.claims("app"))), 401, "invalid_client", unproved},
		"an unknown client":                       {form(w.assertion("nobody")), 401, "invalid_client", unproved},
		"a client without keys":                   {form(w.assertion("keyless")), 401, "invalid_client", unproved},
		"a client whose keys aren't reached":      {form(w.assertion("remote")), 401, "invalid_client", unproved},
		"a client with any secret":                {form(w.assertion("any")), 401, "invalid_client", unproved},
		"a client for basic":                      {form(w.assertion("basic")), 401, "invalid_client", unproved},
		"a public client":                         {form(w.assertion("spa")), 401, "invalid_client", unproved},
		"iss of another":                          {form(w.assertion("app", "iss", "ps")), 401, "invalid_client", "iss and sub"},
		"sub of another":                          {form(w.assertion("app", "sub", "ps")), 401, "invalid_client", "iss and sub"},
		"sub of a person":                         {form(w.assertion("app", "sub", "user-1")), 401, "invalid_client", "iss and sub"},
		"no sub":                                  {form(w.assertion("app", "sub", nil)), 401, "invalid_client", "iss and sub"},
		"no iss":                                  {form(w.assertion("app", "iss", nil)), 401, "invalid_client", "no iss"},
		"client_id of another":                    {form(w.assertion("app"), "client_id", "ps"), 400, "invalid_request", "client_id"},
		"another server's":                        {form(w.assertion("app", "aud", "https://other.example")), 401, "invalid_client", "aud"},
		"for the token endpoint":                  {form(w.assertion("app", "aud", issuer+"/oauth/te")), 401, "invalid_client", "aud"},
		"for the token endpoint too":              {form(w.assertion("app", "aud", []string{issuer, issuer + "/oauth/te"})), 401, "invalid_client", "aud"},
		"expired":                                 {form(w.assertion("app", "exp", in(-time.Minute))), 401, "invalid_client", "expired"},
		"far ahead":                               {form(w.assertion("app", "exp", in(2*time.Hour))), 401, "invalid_client", "ahead"},
		"no exp":                                  {form(w.assertion("app", "exp", nil)), 401, "invalid_client", "no exp"},
		"no jti":                                  {form(w.assertion("app", "jti", nil)), 401, "invalid_client", "no jti"},
		"not yet":                                 {form(w.assertion("app", "nbf", in(time.Hour))), 401, "invalid_client", "nbf"},
		"no JWT":                                  {form("x"), 401, "invalid_client", "isn't one"},
		"giant":                                   {form(w.assertion("app", "x", strings.Repeat("x", 9000))), 400, "invalid_request", "too long"},
		"another type":                            {url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "client_assertion": {w.assertion("app")}}, 401, "invalid_client", "client_assertion_type"},
		"the type in capitals":                    {url.Values{"client_assertion_type": {strings.ToUpper(clientauth.AssertionType)}, "client_assertion": {w.assertion("app")}}, 401, "invalid_client", "client_assertion_type"},
		"no type":                                 {url.Values{"client_assertion": {w.assertion("app")}}, 401, "invalid_client", "client_assertion_type"},
		"no assertion":                            {url.Values{"client_assertion_type": {clientauth.AssertionType}, "client_id": {"app"}}, 401, "invalid_client", ""},
		"nothing but the ID":                      {url.Values{"client_id": {"app"}}, 401, "invalid_client", unproved},
		"a secret for a client with keys":         {url.Values{"client_id": {"app"}, "client_secret": {secret}}, 401, "invalid_client", unproved},
		"a secret beside the assertion":           {form(w.assertion("app"), "client_secret", secret, "client_id", "app"), 400, "invalid_request", "more than one way"},
		"two assertions":                          {form(w.assertion("app"), "client_assertion", w.assertion("app")), 400, "invalid_request", "repeated"},
		"two types":                               {form(w.assertion("app"), "client_assertion_type", clientauth.AssertionType), 400, "invalid_request", "repeated"},
	} {
		t.Run(name, func(t *testing.T) {
			status, code, why := w.post(c.form, "")
			if status != c.status || code != c.code || !strings.Contains(why, c.why) {
				t.Errorf("%d %s %q, want %d %s %q", status, code, why, c.status, c.code, c.why)
			}
		})
	}
	if said := w.log.String(); !strings.Contains(said, "client assertion refused") || strings.Contains(said, "eyJ") {
		t.Errorf("the log doesn't tell of refusals, or holds assertions: %s", said)
	}
}

func TestAssertionBesideAHeaderOrInTheQuery(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		form   url.Values
		query  string
		header func(*http.Request)
		status int
		code   string
	}{
		"beside the client's own secret": {form(w.assertion("app")), "", basic("app", secret), 400, "invalid_request"},
		"beside a good secret":           {form(w.assertion("app")), "", basic("basic", secret), 400, "invalid_request"},
		"beside a bearer token":          {form(w.assertion("app")), "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 400, "invalid_request"},
		"in the query":                   {nil, "?" + form(w.assertion("app")).Encode(), func(*http.Request) {}, 400, "invalid_request"},
		"its type in the query":          {url.Values{"client_assertion": {w.assertion("app")}}, "?client_assertion_type=x", func(*http.Request) {}, 400, "invalid_request"},
		"basic by a client with keys":    {nil, "", basic("app", secret), 401, "invalid_client"},
		"basic with an empty secret":     {nil, "", basic("app", ""), 401, "invalid_client"},
	} {
		if status, code, why := w.post(c.form, c.query, c.header); status != c.status || code != c.code {
			t.Errorf("%s: %d %s %s, want %d %s", name, status, code, why, c.status, c.code)
		}
	}
}

// Where assertions aren't checked they are refused, and nobody comes in without.
func TestWithoutKeysNobodyComesByAssertion(t *testing.T) {
	w := newWorld(t)
	w.auth.Signed = nil
	if status, code, _ := w.post(form(w.assertion("app")), ""); status != 401 || code != "invalid_client" {
		t.Errorf("%d %s", status, code)
	}
	if status, client, _ := w.post(nil, "", basic("any", secret)); status != 200 || client != "any" {
		t.Errorf("a secret: %d %s", status, client)
	}
}

func TestAnAssertionIsUsedOnce(t *testing.T) {
	w := newWorld(t)
	use := func(assertion string, want int) {
		t.Helper()
		if status, code, why := w.post(form(assertion), ""); status != want {
			t.Errorf("%d %s %s, want %d", status, code, why, want)
		}
	}
	once := w.assertion("app", "jti", "once")
	use(once, 200)
	use(once, 401)
	use(w.assertion("app", "jti", "once"), 401) // another JWT of the same ID
	use(w.sign("RS256", "RS256", w.keys["RS256"], w.claims("app", "jti", "once")), 401)
	use(w.sign("PS256", "PS256", w.keys["PS256"], w.claims("ps", "jti", "once")), 200) // IDs are each client's own

	// A forged one doesn't use the ID up.
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	use(w.sign("ES256", "ES256", other, w.claims("app", "jti", "forged")), 401)
	use(w.assertion("app", "jti", "forged"), 200)

	// It stays used as long as it could be taken, on the slowest clock.
	late := w.assertion("app", "jti", "late")
	use(late, 200)
	moved := w.now.Load().Add(time.Minute + keyset.Skew - time.Second)
	w.now.Store(&moved)
	_, err = w.store.Sweep(t.Context(), moved, 100)
	must(t, err)
	use(late, 401)
}

func TestAnAssertionUsedInParallelHasOneWinner(t *testing.T) {
	w := newWorld(t)
	sent := form(w.assertion("app"))
	var group sync.WaitGroup
	var won, lost atomic.Int32
	for range 64 {
		group.Go(func() {
			switch status, code, why := w.post(sent, ""); {
			case status == 200:
				won.Add(1)
			case status == 401 && code == "invalid_client":
				lost.Add(1)
			default:
				t.Errorf("%d %s %s", status, code, why)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 63 {
		t.Errorf("%d came in and %d didn't, want 1 and 63", won.Load(), lost.Load())
	}
}
