package request_test

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// around is what stands beside the request object; pairs change it.
func around(client, object string, pairs ...string) url.Values {
	return with(url.Values{"client_id": {client}, "response_type": {"code"}, "scope": {"openid"}, "request": {object}}, pairs...)
}

func TestWhatIsInsideTheObjectWins(t *testing.T) {
	for _, client := range []string{"signer", "unsigned"} {
		claims := object(client, func(c map[string]any) {
			c["max_age"], c["claims"], c["resource"] = 10, map[string]any{"userinfo": map[string]any{"name": nil}}, []any{api}
		})
		text := signed(t, key(), "oauth-authz-req+jwt", claims)
		if client == "unsigned" {
			text = unsigned(t, claims)
		}
		with := someClients(t)
		with[client].Resources = []string{api, "https://other.example"}
		got, refusal := newReader(t, with).Read(t.Context(), oauth.NewParams(around(client, text,
			"redirect_uri", "https://evil.example/callback", "state", "outside", "nonce", "outside", "max_age", "99999", "scope", "openid profile offline_access",
			"code_challenge", strings.Repeat("x", 43), "claims", `{"userinfo":{"email":null}}`, "resource", "https://other.example", "login_hint", "outside")))
		if refusal != nil {
			t.Fatalf("%s: %q %v", client, refusedAs(refusal), refusal.Failure)
		}
		if got.RedirectURI != redirect || got.State != "inside" || got.Nonce != "inside" || *got.MaxAge != 10 || got.CodeChallenge != challenge ||
			!slices.Equal(got.Scopes, []string{"openid", "email"}) || !slices.Equal(got.Resources, []string{api}) ||
			!slices.Equal(slices.Collect(maps.Keys(got.Claims.Userinfo)), []string{"name"}) || got.LoginHint != "outside" {
			t.Errorf("%s: %+v", client, got)
		}
	}
}

func TestObjectsAreRefused(t *testing.T) {
	change := func(name string, value any) map[string]any {
		return object("signer", func(c map[string]any) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		})
	}
	sign := func(claims any) string { return signed(t, key(), "JWT", claims) }
	in := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	for name, text := range map[string]string{
		"no JWT":                   "request",
		"an encrypted one":         "a.b.c.d.e",
		"a stranger's key":         signed(t, stranger(), "JWT", object("signer", nil)),
		"a cut signature":          sign(object("signer", nil))[:100],
		"another kind of JWT":      signed(t, key(), "client-authentication+jwt", object("signer", nil)),
		"no iss":                   sign(change("iss", nil)),
		"iss of another":           sign(change("iss", "app")),
		"no aud":                   sign(change("aud", nil)),
		"aud of another":           sign(change("aud", "https://evil.example")),
		"aud of us and others":     sign(change("aud", []string{issuer, "https://evil.example"})),
		"a client assertion":       sign(change("sub", "signer")),
		"no exp":                   sign(change("exp", nil)),
		"expired":                  sign(change("exp", in(-time.Hour))),
		"for ever":                 sign(change("exp", in(2*time.Hour))),
		"exp as a text":            sign(change("exp", "soon")),
		"not good yet":             sign(change("nbf", in(10*time.Minute))),
		"made tomorrow":            sign(change("iat", in(24*time.Hour))),
		"another client_id":        sign(change("client_id", "app")),
		"another response_type":    sign(change("response_type", "code id_token")),
		"an object in it":          sign(change("request", "a.b.c")),
		"a reference in it":        sign(change("request_uri", "https://rp.example/r")),
		"a state as a number list": sign(change("state", []int{1})),
		"scope as a list":          sign(change("scope", []string{"openid"})),
		"claims as true":           sign(change("claims", true)),
		"a list of numbers":        sign(change("resource", []int{1})),
		"a name twice":             sign(`{"iss":"signer","aud":"` + issuer + `","exp":` + "1772625900" + `,"redirect_uri":"https://evil.example","redirect_uri":"` + redirect + `"}`),
		"a list":                   sign(`[]`),
	} {
		t.Run(name, func(t *testing.T) {
			if got, refusal := read(t, around("signer", text, "redirect_uri", redirect)); refusedAs(refusal) != "invalid_request_object query" {
				t.Errorf("%q: %+v", refusedAs(refusal), got)
			}
			// Nothing that such an object says is believed: not even where to go.
			if _, refusal := read(t, around("signer", text)); refusedAs(refusal) != "page redirect_invalid" {
				t.Errorf("without an address outside: %q", refusedAs(refusal))
			}
		})
	}
}

// TestFaultsInsideAGoodObject: what is wrong inside is told as if it stood outside.
func TestFaultsInsideAGoodObject(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"an address not registered": {func(c map[string]any) { c["redirect_uri"] = "https://evil.example" }, "page redirect_invalid"},
		"plain":                     {func(c map[string]any) { c["code_challenge_method"] = "plain" }, "invalid_request query"},
		"a claims bomb":             {func(c map[string]any) { c["claims"] = map[string]any{"x": strings.Repeat("x", 5000)} }, "invalid_request query"},
		"a long state":              {func(c map[string]any) { c["state"] = strings.Repeat("x", 4097) }, "invalid_request query"},
		"a mode of its own":         {func(c map[string]any) { c["response_mode"], c["prompt"] = "form_post", "create" }, "invalid_request form_post"},
	} {
		text := signed(t, key(), "JWT", object("signer", c.change))
		if _, refusal := read(t, around("signer", text, "redirect_uri", redirect)); refusedAs(refusal) != c.want {
			t.Errorf("%s: %q, want %q", name, refusedAs(refusal), c.want)
		}
	}
}

func TestTheRegisteredAlgorithmIsTheOnlyOne(t *testing.T) {
	for client, text := range map[string]string{
		"rs256":    signed(t, key(), "JWT", object("rs256", nil)),
		"unsigned": signed(t, key(), "JWT", object("unsigned", nil)),
		"app":      signed(t, key(), "JWT", object("app", nil)), // has no keys
	} {
		if _, refusal := read(t, around(client, text, "redirect_uri", redirect)); refusedAs(refusal) != "invalid_request_object query" {
			t.Errorf("%s: %q", client, refusedAs(refusal))
		}
	}
}

func TestUnsignedObjectsOfClientsThatRegisteredNoAlgorithm(t *testing.T) {
	for client, want := range map[string]string{"app": "", "signer": "", "rs256": "invalid_request_object query", "unsigned": ""} {
		if _, refusal := read(t, around(client, unsigned(t, object(client, nil)), "redirect_uri", redirect)); refusedAs(refusal) != want {
			t.Errorf("%s: %q, want %q", client, refusedAs(refusal), want)
		}
	}
	// Whoever takes the signature off has a client that registered its algorithm still refuse.
	text := signed(t, key(), "JWT", object("rs256", nil))
	if _, refusal := read(t, around("rs256", text[:strings.LastIndex(text, ".")+1], "redirect_uri", redirect)); refusedAs(refusal) != "invalid_request_object query" {
		t.Errorf("a signature taken off: %q", refusedAs(refusal))
	}
	// The header still says ES256, so it is no unsigned one either.
	text = signed(t, key(), "JWT", object("signer", nil))
	if _, refusal := read(t, around("signer", text[:strings.LastIndex(text, ".")+1], "redirect_uri", redirect)); refusedAs(refusal) != "invalid_request_object query" {
		t.Errorf("a signature taken off: %q", refusedAs(refusal))
	}
}

func TestAnUnsignedObjectNeedsNoTimes(t *testing.T) {
	claims := object("unsigned", func(c map[string]any) { delete(c, "iss"); delete(c, "aud"); delete(c, "exp") })
	if _, refusal := read(t, around("unsigned", unsigned(t, claims))); refusal != nil {
		t.Errorf("%v", refusal.Failure)
	}
	claims["exp"] = noon.Add(-time.Hour).Unix()
	if _, refusal := read(t, around("unsigned", unsigned(t, claims), "redirect_uri", redirect)); refusedAs(refusal) != "invalid_request_object query" {
		t.Errorf("one that expired: %q", refusedAs(refusal))
	}
}

func push(t *testing.T, client string, form url.Values) (*idp.AuthorizationRequest, *oauth.Failure) {
	t.Helper()
	with := someClients(t)
	return newReader(t, with).ReadPushed(context.Background(), with[client], oauth.NewParams(form))
}

func TestPushedObjectsStandAlone(t *testing.T) {
	text := signed(t, key(), "JWT", object("signer", nil))
	got, f := push(t, "signer", around("signer", text, "client_id", "", "login_hint", "smuggled", "prompt", "login", "redirect_uri", "https://evil.example", "claims", `{`))
	if f != nil || got.LoginHint != "" || len(got.Prompt) != 0 || got.RedirectURI != redirect || got.State != "inside" || got.ClientID != "signer" {
		t.Errorf("%v %+v", f, got)
	}
	smuggling := signed(t, key(), "JWT", object("signer", func(c map[string]any) { delete(c, "code_challenge") }))
	if _, f := push(t, "signer", around("signer", smuggling, "code_challenge", challenge)); f == nil || f.Code != "invalid_request" {
		t.Errorf("a challenge from outside: %v", f)
	}
}

func TestPushedRequestsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		client string
		form   url.Values
		want   string
	}{
		"a reference":                {"app", asked("app", "request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"},
		"an address not registered":  {"app", asked("app", "redirect_uri", "https://evil.example"), "invalid_request"},
		"no address":                 {"app", asked("app", "redirect_uri", ""), "invalid_request"},
		"no scope":                   {"app", asked("app", "scope", ""), "invalid_scope"},
		"a public one without PKCE":  {"spa", asked("spa", "code_challenge", ""), "invalid_request"},
		"a type not registered":      {"app", asked("app", "response_type", "id_token"), "unauthorized_client"},
		"a resource not registered":  {"app", asked("app", "resource", api), "invalid_target"},
		"an object of another":       {"signer", around("signer", signed(t, key(), "JWT", object("app", nil))), "invalid_request_object"},
		"a bad object, good outside": {"signer", asked("signer", "request", "a.b.c"), "invalid_request_object"},
	} {
		if got, f := push(t, c.client, c.form); f == nil || f.Code != c.want || got != nil {
			t.Errorf("%s: %v, want %s", name, f, c.want)
		}
	}
	if got, f := push(t, "pushing", asked("pushing")); f != nil || got.ClientID != "pushing" {
		t.Errorf("a client that must push: %v", f)
	}
}

// FuzzObject: an object that nobody signed is read or refused, and never changes
// the client.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"redirect_uri":"` + redirect + `","response_type":"code"}`))
	f.Add([]byte(`{"client_id":"app"}`))
	f.Add([]byte(`{"claims":{"userinfo":{}},"resource":["a"],"max_age":1e400}`))
	f.Fuzz(func(t *testing.T, claims []byte) {
		got, refusal := read(t, around("unsigned", unsigned(t, string(claims)), "redirect_uri", redirect))
		if (got == nil) == (refusal == nil) {
			t.Fatal("neither a request nor a refusal, or both")
		}
		if got != nil && (got.ClientID != "unsigned" || got.RedirectURI != redirect) {
			t.Errorf("%+v", got)
		}
	})
}
