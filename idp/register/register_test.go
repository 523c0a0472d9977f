package register_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/register"
)

func TestARegistration(t *testing.T) {
	w := newWorld(t)
	a := w.registered("contacts", `["ops@shop.example"]`, "unheard_of", `{"deep":[1]}`, "client_name#ru", `"Магазин"`)
	id, secret := a.text("client_id"), a.text("client_secret")
	if !regexp.MustCompile(`^dyn~app~[a-z0-9]{26}$`).MatchString(id) || len(secret) < 40 || len(a.text("registration_access_token")) < 40 {
		t.Errorf("id %q, secret %q, token %q", id, secret, a.text("registration_access_token"))
	}
	want := map[string]any{
		"client_id": id, "client_secret": secret, "client_secret_expires_at": 0.0, "client_id_issued_at": float64(w.Now().Unix()),
		"registration_access_token": a.text("registration_access_token"), "registration_client_uri": issuer + "/oauth/register/" + id,
		"client_name": "The Shop", "application_type": "web", "redirect_uris": []any{"https://shop.example/cb"}, "response_types": []any{"code"},
		"grant_types": []any{"authorization_code"}, "scope": "openid profile email offline_access", "token_endpoint_auth_method": "client_secret_basic",
		"id_token_signed_response_alg": "RS256", "subject_type": "public", "contacts": []any{"ops@shop.example"},
	}
	if !reflect.DeepEqual(a.body, want) {
		t.Errorf("answer\n%v\nwant\n%v", a.body, want)
	}
	c := w.stored(id)
	if !clientauth.SecretIs(w.keys, c, secret) || !c.AskConsent || c.WaivePKCE || !c.Dynamic() {
		t.Errorf("stored: %+v", c)
	}
	read := w.send("GET", "/"+id, a.text("registration_access_token"), "")
	maps.DeleteFunc(want, func(name string, _ any) bool { return strings.HasPrefix(name, "client_secret") })
	if read.status != http.StatusOK || !reflect.DeepEqual(read.body, want) {
		t.Errorf("read: %d\n%v\nwant\n%v", read.status, read.body, want)
	}
	log := w.log.String()
	for _, text := range []string{secret, a.text("registration_access_token")} {
		if strings.Contains(log, text) {
			t.Errorf("the log shows %s", text)
		}
	}
	if !strings.Contains(log, "client registered") {
		t.Error("the log doesn't tell of it")
	}
}

// Everything that the standards name comes back as it was asked for.
func TestEveryMemberIsStoredAndAnswered(t *testing.T) {
	w := newWorld(t, func(o *register.Options) {
		o.Policy.Grants = append(o.Policy.Grants, idp.GrantImplicit)
		o.Policy.ResponseTypes = []string{"code", "code id_token"}
	})
	asked := map[string]string{
		"client_name": `"Shop"`, "application_type": `"web"`, "redirect_uris": `["https://shop.example/cb","https://shop.example/two"]`,
		"post_logout_redirect_uris": `["https://shop.example/"]`, "response_types": `["code","code id_token"]`,
		"grant_types": `["authorization_code","refresh_token","implicit"]`, "scope": `"openid email"`, "token_endpoint_auth_method": `"private_key_jwt"`,
		"token_endpoint_auth_signing_alg": `"EdDSA"`, "id_token_signed_response_alg": `"ES256"`, "request_object_signing_alg": `"EdDSA"`,
		"jwks": `{"keys":[` + publicKey + `]}`, "subject_type": `"public"`, "require_pushed_authorization_requests": `true`,
		"backchannel_logout_uri": `"https://shop.example/bc"`, "backchannel_logout_session_required": `true`,
		"frontchannel_logout_uri": `"https://shop.example/fc"`, "frontchannel_logout_session_required": `true`, "default_max_age": `3600`,
		"require_auth_time": `true`, "default_acr_values": `["` + idp.ACRTwoFactors + `"]`, "client_uri": `"https://shop.example/"`,
		"logo_uri": `"https://shop.example/l.svg"`, "policy_uri": `"https://shop.example/p"`, "tos_uri": `"https://shop.example/t"`,
		"initiate_login_uri": `"https://shop.example/i"`, "contacts": `["a@shop.example"]`, "software_id": `"suite"`, "software_version": `"2"`,
	}
	fields := reflect.VisibleFields(reflect.TypeFor[register.Metadata]())
	for _, f := range fields {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if asked[name] == "" && name != "jwks_uri" && name != "software_statement" {
			t.Errorf("the test leaves %s out", name)
		}
	}
	var pairs []string
	for name, value := range asked {
		pairs = append(pairs, name, value)
	}
	a := w.registered(pairs...)
	for name, value := range asked {
		var want any
		if err := json.Unmarshal([]byte(value), &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.body[name], want) {
			t.Errorf("%s is answered as %v, want %v", name, a.body[name], want)
		}
	}
	if a.text("client_secret") != "" {
		t.Error("a client with keys got a secret")
	}
}

func TestManagement(t *testing.T) {
	w := newWorld(t)
	a := w.registered()
	id, secret, first := a.text("client_id"), a.text("client_secret"), a.text("registration_access_token")
	with := func(pairs ...string) string { return document(append(pairs, "client_id", `"`+id+`"`)...) }

	put := w.send("PUT", "/"+id, first, with("client_name", `"New"`, "client_secret", `"`+secret+`"`, "redirect_uris", `["https://shop.example/new"]`))
	second := put.text("registration_access_token")
	if put.status != http.StatusOK || put.text("client_name") != "New" || second == first || second == "" {
		t.Fatalf("PUT: %d %v", put.status, put.body)
	}
	if c := w.stored(id); !c.AllowsRedirect("https://shop.example/new") || c.AllowsRedirect("https://shop.example/cb") || !clientauth.SecretIs(w.keys, c, secret) || !c.AskConsent {
		t.Errorf("stored: %+v", c)
	}
	// The answer may be lost: until the new token is used the old one serves.
	if again := w.send("GET", "/"+id, first, ""); again.status != http.StatusOK {
		t.Errorf("the old token, before the new one is used: %d", again.status)
	}
	if read := w.send("GET", "/"+id, second, ""); read.status != http.StatusOK {
		t.Errorf("the new token: %d %v", read.status, read.body)
	}
	w.wantError("the old token", w.send("GET", "/"+id, first, ""), 401, "invalid_token")

	public := w.send("PUT", "/"+id, second, with("token_endpoint_auth_method", `"none"`))
	third := public.text("registration_access_token")
	if public.status != http.StatusOK || !w.stored(id).Public() {
		t.Errorf("a client that became public: %d %v", public.status, public.body)
	}
	back := w.send("PUT", "/"+id, third, with())
	if len(back.text("client_secret")) < 40 || back.text("client_secret") == secret || back.body["client_secret_expires_at"] != 0.0 {
		t.Errorf("a client that needs a secret again: %d %v", back.status, back.body)
	}
	if gone := w.send("DELETE", "/"+id, back.text("registration_access_token"), ""); gone.status != http.StatusNoContent || gone.body != nil {
		t.Errorf("DELETE: %d %v", gone.status, gone.body)
	}
	w.wantError("after the deletion", w.send("GET", "/"+id, back.text("registration_access_token"), ""), 401, "invalid_token")
	if w.clients() != 0 {
		t.Error("the client is still there")
	}
}

func TestWhatSilenceMeans(t *testing.T) {
	w := newWorld(t)
	native := w.registered("application_type", `"native"`, "token_endpoint_auth_method", `"none"`, "redirect_uris", `["com.example.app:/cb","http://127.0.0.1/cb"]`,
		"grant_types", `["authorization_code","refresh_token"]`, "scope", `"openid email groups"`)
	c := w.stored(native.text("client_id"))
	if !c.Public() || c.WaivePKCE || native.text("scope") != "openid email" || !slices.Equal(c.Scopes, []string{"openid", "email"}) || !c.AllowsRedirect("http://127.0.0.1:4711/cb") {
		t.Errorf("native: %+v, answered %v", c, native.body)
	}
	if web := w.stored(w.registered("redirect_uris", `["http://127.0.0.1/cb"]`).text("client_id")); web.AllowsRedirect("http://127.0.0.1:4711/cb") {
		t.Error("a web application chose its port")
	}
	empty := w.registered("grant_types", `null`, "response_types", `[]`, "scope", `""`, "token_endpoint_auth_method", `null`, "jwks", `null`)
	if empty.text("token_endpoint_auth_method") != "client_secret_basic" || empty.text("scope") == "" {
		t.Errorf("nothing said: %v", empty.body)
	}
}

func TestOpenRegistration(t *testing.T) {
	w := newWorld(t, func(o *register.Options) {
		o.Open, o.PerHour = true, 2
		o.Network = func(r *http.Request) string { return r.Header.Get("X-Network") }
	})
	from := func(network string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("X-Network", network) }
	}
	for range 2 {
		if a := w.send("POST", "", "", document(), from("a")); a.status != http.StatusCreated {
			t.Fatalf("%d %v", a.status, a.body)
		}
	}
	over := w.send("POST", "", "", document(), from("a"))
	if w.wantError("the third within an hour", over, 429, "temporarily_unavailable"); over.header.Get("Retry-After") == "" {
		t.Error("it isn't said when to try again")
	}
	if a := w.send("POST", "", "", document(), from("b")); a.status != http.StatusCreated {
		t.Errorf("from elsewhere: %d %v", a.status, a.body)
	}
	if a := w.send("POST", "", w.initialToken(1), document(), from("a")); a.status != http.StatusCreated {
		t.Errorf("with a token: %d %v", a.status, a.body)
	}
	w.wantError("a wrong token", w.send("POST", "", "wrong", document(), from("c")), 401, "invalid_token")
	w.advance(time.Hour + time.Second)
	if a := w.send("POST", "", "", document(), from("a")); a.status != http.StatusCreated {
		t.Errorf("an hour later: %d %v", a.status, a.body)
	}
}

func TestNoMoreThanTheMost(t *testing.T) {
	w := newWorld(t, func(o *register.Options) { o.Most = 2 })
	token := w.initialToken(5)
	for range 2 {
		if a := w.send("POST", "", token, document()); a.status != http.StatusCreated {
			t.Fatalf("%d %v", a.status, a.body)
		}
	}
	w.wantError("one too many", w.send("POST", "", token, document()), 503, "temporarily_unavailable")
	if left := must[*register.InitialToken](t)(w.store.InitialToken(t.Context(), register.HashInitialToken(w.keys, token))); left.UsesLeft != 3 {
		t.Errorf("%d uses are left: a registration that failed took one", left.UsesLeft)
	}
}

// A token may let in with more than others may have, and for one software alone.
func TestWhatATokenAllows(t *testing.T) {
	w := newWorld(t)
	server := []string{"grant_types", `["client_credentials"]`, "scope", `"phone_verification"`, "redirect_uris", "", "software_id", `"suite"`}
	w.wantError("without being allowed", w.send("POST", "", w.initialToken(1), document(server...)), 400, "invalid_client_metadata")
	allowed := w.initialToken(2, func(it *register.InitialToken) {
		it.Grants, it.Scopes, it.Software = []string{idp.GrantClientCredentials}, []string{idp.ScopePhoneVerification}, "suite"
	})
	a := w.send("POST", "", allowed, document(server...))
	if a.status != http.StatusCreated || a.text("scope") != "openid phone_verification" {
		t.Fatalf("%d %v", a.status, a.body)
	}
	w.wantError("other software", w.send("POST", "", allowed, document("software_id", `"other"`)), 400, "invalid_client_metadata")
	w.wantError("no software", w.send("POST", "", allowed, document()), 400, "invalid_client_metadata")
	put := w.send("PUT", "/"+a.text("client_id"), a.text("registration_access_token"), document(append(server, "client_id", `"`+a.text("client_id")+`"`, "client_name", `"New"`)...))
	if put.status != http.StatusOK || put.text("client_name") != "New" {
		t.Errorf("a client keeps what its token allowed: %d %v", put.status, put.body)
	}
}
