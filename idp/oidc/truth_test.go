package oidc_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// truth is a member of the discovery document that lists values, and how it is
// found out whether one of them works. values are what the standards and their
// registries know; those that the document lists are tried too.
type truth struct {
	member string
	values []string
	works  func(w *world, value string) bool
}

func truths() []truth {
	methods := []string{"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none", "tls_client_auth", "self_signed_tls_client_auth"}
	algorithms := []string{"none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
	return []truth{
		{"response_types_supported", []string{"code", "token", "id_token", "none", "id_token token", "code id_token", "code token", "code id_token token", "vp_token"}, responseTypeWorks},
		{"response_modes_supported", []string{"query", "fragment", "form_post", "web_message", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"}, responseModeWorks},
		{"grant_types_supported", []string{"authorization_code", "implicit", "refresh_token", "client_credentials", "password", idp.GrantDevice, idp.GrantExchange, idp.GrantJWTBearer,
			"urn:ietf:params:oauth:grant-type:saml2-bearer", "urn:openid:params:grant-type:ciba", "urn:ietf:params:oauth:grant-type:uma-ticket"}, grantTypeWorks},
		{"code_challenge_methods_supported", []string{"S256", "plain"}, challengeMethodWorks},
		{"prompt_values_supported", []string{"none", "login", "consent", "select_account", "create"}, promptWorks},
		{"acr_values_supported", []string{"0", "1", "phr", "phrh", "urn:mace:incommon:iap:silver", "urn:ringtail:acr:3"}, classWorks},
		{"scopes_supported", []string{"openid", "profile", "email", "phone", "address", "offline_access", "roles", "groups"}, scopeWorks},
		{"claims_supported", []string{"roles", "groups", "nbf", "jti", "password", "login", "cnf", "s_hash"}, claimWorks},
		{"subject_types_supported", []string{"public", "pairwise"}, subjectTypeWorks},
		{"id_token_signing_alg_values_supported", algorithms, idTokenAlgWorks},
		{"request_object_signing_alg_values_supported", algorithms, objectAlgWorks},
		{"token_endpoint_auth_signing_alg_values_supported", algorithms, assertionAlgWorks(oidc.PathToken)},
		{"revocation_endpoint_auth_signing_alg_values_supported", algorithms, assertionAlgWorks(oidc.PathRevoke)},
		{"introspection_endpoint_auth_signing_alg_values_supported", algorithms, assertionAlgWorks(oidc.PathIntrospect)},
		{"token_endpoint_auth_methods_supported", methods, authMethodWorks(oidc.PathToken)},
		{"revocation_endpoint_auth_methods_supported", methods, authMethodWorks(oidc.PathRevoke)},
		{"introspection_endpoint_auth_methods_supported", methods, authMethodWorks(oidc.PathIntrospect)},
		// What a pushed request takes is announced by the token endpoint's (RFC 9126, section 5).
		{"token_endpoint_auth_methods_supported", methods, authMethodWorks(oidc.PathPAR)},
	}
}

// TestDiscoveryIsTrue asks the endpoints: what the document lists works, what it
// doesn't list is refused, and nothing is announced that nobody asks about here.
func TestDiscoveryIsTrue(t *testing.T) {
	w := newTruthWorld(t)
	doc := w.agent().get(oidc.PathDiscovery, nil).json(t)
	proved := append(slices.Collect(maps.Keys(logout.Announce(""))), "issuer", "jwks_uri", "claim_types_supported", "ui_locales_supported")
	for _, one := range truths() {
		listed := values(doc, one.member)
		if proved = append(proved, one.member); one.member == "claims_supported" {
			one.values = append(one.values, everyClaim(w)...)
		}
		for _, value := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(listed, one.values)))) {
			if works := one.works(w, value); works != slices.Contains(listed, value) {
				t.Errorf("%s: %q works: %v, listed: %v", one.member, value, works, !works)
			}
		}
		if len(listed) == 0 || !slices.Equal(slices.Compact(slices.Sorted(slices.Values(listed))), slices.Sorted(slices.Values(listed))) {
			t.Errorf("%s is %v", one.member, listed)
		}
	}
	for member, works := range flags() {
		proved = append(proved, member)
		if got := works(w); doc[member] != got {
			t.Errorf("%s is %v, and it works: %v", member, doc[member], got)
		}
	}
	for member, value := range doc {
		address, _ := value.(string)
		switch path, ours := strings.CutPrefix(address, w.issuer); {
		case member == "issuer":
			if address != w.issuer {
				t.Errorf("issuer is %s", address)
			}
		case !strings.HasSuffix(member, "_endpoint") && member != "jwks_uri":
			if !slices.Contains(proved, member) {
				t.Errorf("%s: nobody shows that it is true", member)
			}
		case !ours || w.agent().get(path, nil).status == http.StatusNotFound:
			t.Errorf("%s: %s is not there", member, address)
		}
	}
	if types, tags := values(doc, "claim_types_supported"), values(doc, "ui_locales_supported"); !slices.Equal(types, []string{"normal"}) || !slices.Equal(tags, []string{"en", "ru"}) {
		t.Errorf("claim types %v, locales %v", types, tags)
	}
	checkKeys(t, w, values(doc, "id_token_signing_alg_values_supported"))
}

// newTruthWorld has clients for everything and a person who has every attribute.
func newTruthWorld(t *testing.T) *world {
	w := newWorld(t)
	attributes := map[string]string{"email_verified": "true", "phone_number": "+7 999 000-00-01", "birthdate": "1990-01-02"}
	for _, name := range []string{"name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "zoneinfo", "locale",
		"email", "preferred_username", "address", "street_address", "locality", "country", "password", "roles", "groups"} {
		attributes[name] = "some " + name
	}
	w.must(w.store.CreateUser(t.Context(), &idp.User{ID: "full", Login: "full", Attributes: attributes, UpdatedAt: w.clock.Now()}))
	w.must(w.store.ConfirmPhone(t.Context(), "full", "phone_number", "+79990000001", w.clock.Now()))
	w.finish = func(l *idp.Login) {
		l.UserID = "full"
		if l.Request.Class() == idp.ACROneFactor {
			l.Facts = l.Facts[:1]
		}
	}
	w.addClient(idp.Client{ID: "all", Grants: append(idp.Grants(), "password", "urn:openid:params:grant-type:ciba"),
		ClientMetadata: idp.ClientMetadata{ResponseTypes: append(idp.ResponseTypes(), "token", "none")}})
	return w
}

// newClient registers the client under an id that no other has.
func (w *world) newClient(c idp.Client) string {
	w.t.Helper()
	id, err := idp.NewID(nil)
	w.must(err)
	c.ID = id
	w.addClient(c)
	return id
}

// came is a field of the answer, however it came.
func (a answer) came(name string) string {
	if a.page == "form-post" {
		var page oidc.FormPostPage
		if json.Unmarshal(a.body, &page) == nil {
			return page.Fields[name]
		}
	}
	if value := a.query(name); value != "" {
		return value
	}
	return a.fragment(name)
}

func responseTypeWorks(w *world, value string) bool {
	got := w.agent().get(oidc.PathAuthorize, request("all", "response_type", value))
	for _, word := range strings.Fields(value) {
		field := map[string]string{"code": "code", "id_token": "id_token", "token": "access_token"}[word]
		if field == "" || got.came(field) == "" {
			return false
		}
	}
	return got.came("error") == "" && got.came("iss") == w.issuer
}

func responseModeWorks(w *world, value string) bool {
	got := w.agent().get(oidc.PathAuthorize, request("all", "response_mode", value))
	return map[string]string{"query": got.query("code"), "fragment": got.fragment("code")}[value] != "" ||
		value == "form_post" && got.page == "form-post" && got.came("code") != ""
}

func grantTypeWorks(w *world, value string) bool {
	if value == idp.GrantImplicit { // It has no place at the token endpoint.
		return responseTypeWorks(w, "id_token")
	}
	got := w.agent().post(oidc.PathToken, url.Values{"grant_type": {value}, "code": {"x"}, "refresh_token": {"x"}, "scope": {"x"}}, basic("all", secret))
	return got.json(w.t)["error"] != "unsupported_grant_type"
}

func challengeMethodWorks(w *world, value string) bool {
	challenge := oauth2.S256ChallengeFromVerifier(verifier)
	if value == "plain" {
		challenge = verifier
	}
	return w.agent().get(oidc.PathAuthorize, request("all", "code_challenge", challenge, "code_challenge_method", value)).query("code") != ""
}

func promptWorks(w *world, value string) bool {
	return w.agent().get(oidc.PathAuthorize, request("all", "prompt", value)).query("code") != ""
}

func classWorks(w *world, value string) bool {
	return claimsOf(w.t, w.agent().signIn("all", "acr_values", value).ID)["acr"] == value
}

// scopeWorks asks for a person's token, and for a token of the client's own.
func scopeWorks(w *world, value string) bool {
	if slices.Contains(strings.Fields(w.agent().signIn("all", "scope", "openid "+value).Scope), value) {
		return true
	}
	id := w.newClient(idp.Client{Grants: []string{idp.GrantClientCredentials}, Scopes: []string{value}})
	got := w.agent().post(oidc.PathToken, url.Values{"grant_type": {idp.GrantClientCredentials}, "scope": {value}}, basic(id, secret))
	return got.json(w.t)["scope"] == value
}

// claimWorks asks for the claim by name, and looks at all that is given.
func claimWorks(w *world, value string) bool {
	a := w.agent()
	wish, err := json.Marshal(map[string]any{"userinfo": map[string]any{value: nil}})
	w.must(err)
	got := a.get(oidc.PathAuthorize, request("all", "response_type", "code id_token token", "scope", "openid", "claims", string(wish)))
	if _, ok := claimsOf(w.t, got.came("id_token"))[value]; ok {
		return true
	}
	_, ok := a.post(oidc.PathUserinfo, nil, bearer(got.came("access_token"))).json(w.t)[value]
	return ok
}

// everyClaim is what a relying party is told that asks for all scopes.
func everyClaim(w *world) []string {
	a := w.agent()
	got := a.get(oidc.PathAuthorize, request("all", "response_type", "code id_token token", "scope", "openid profile email phone address"))
	claims := claimsOf(w.t, got.came("id_token"))
	maps.Copy(claims, a.post(oidc.PathUserinfo, nil, bearer(got.came("access_token"))).json(w.t))
	return slices.Collect(maps.Keys(claims))
}

func subjectTypeWorks(w *world, value string) bool {
	one, two := claimsOf(w.t, w.agent().signIn("app").ID)["sub"], claimsOf(w.t, w.agent().signIn("other").ID)["sub"]
	return (one == two) == (value == "public")
}

func idTokenAlgWorks(w *world, value string) bool {
	id := w.newClient(idp.Client{SigningAlg: value})
	a := w.agent()
	got := a.post(oidc.PathToken, codeForm(a.code(id)), basic(id, secret))
	text, _ := got.json(w.t)["id_token"].(string)
	if got.status != http.StatusOK {
		return false
	}
	return unverified(w.t, text, 0)["alg"] == value
}

func objectAlgWorks(w *world, value string) bool {
	id := w.newClient(idp.Client{ClientMetadata: idp.ClientMetadata{JWKS: allKeys(w.t)}})
	object := signedBy(w.t, value, map[string]any{"iss": id, "aud": w.issuer, "exp": w.clock.Now().Unix() + 60, "state": "inside"})
	got := w.agent().get(oidc.PathAuthorize, request(id, "request", object))
	return got.query("code") != "" && got.query("state") == "inside"
}

func assertionAlgWorks(path string) func(*world, string) bool {
	return func(w *world, value string) bool {
		id := w.newClient(idp.Client{AuthMethod: idp.AuthPrivateKeyJWT, ClientMetadata: idp.ClientMetadata{JWKS: allKeys(w.t)}})
		return authenticated(w, w.agent().post(path, assertion(w, id, value)))
	}
}

func assertion(w *world, id, alg string) url.Values {
	jwt := signedBy(w.t, alg, map[string]any{"iss": id, "sub": id, "aud": w.issuer, "exp": w.clock.Now().Unix() + 60, "jti": id})
	return url.Values{"client_assertion_type": {clientauth.AssertionType}, "client_assertion": {jwt}, "token": {"x"}, "grant_type": {"authorization_code"}}
}

// authMethodWorks lets a client that is registered for the method come as it is
// registered.
func authMethodWorks(path string) func(*world, string) bool {
	return func(w *world, value string) bool {
		id := w.newClient(idp.Client{AuthMethod: value, ClientMetadata: idp.ClientMetadata{JWKS: allKeys(w.t)}})
		form, options := url.Values{"token": {"x"}, "grant_type": {"authorization_code"}}, []func(*http.Request){}
		switch value {
		case "client_secret_basic":
			options = append(options, basic(id, secret))
		case "client_secret_post":
			form.Set("client_secret", secret)
			form.Set("client_id", id)
		case "client_secret_jwt":
			form = assertion(w, id, "HS256")
		case "private_key_jwt":
			form = assertion(w, id, "ES256")
		default:
			form.Set("client_id", id)
		}
		return authenticated(w, w.agent().post(path, form, options...))
	}
}

// authenticated: whatever else is wrong, it isn't the client.
func authenticated(w *world, got answer) bool {
	if got.status == http.StatusOK {
		return true
	}
	return got.json(w.t)["error"] != "invalid_client"
}

// flags are the members that are true or false.
func flags() map[string]func(*world) bool {
	return map[string]func(*world) bool{
		"claims_parameter_supported":  func(w *world) bool { return claimWorks(w, "nickname") },
		"request_parameter_supported": func(w *world) bool { return objectAlgWorks(w, "ES256") },
		"request_uri_parameter_supported": func(w *world) bool {
			return w.agent().get(oidc.PathAuthorize, request("all", "request_uri", "https://rp.example/object")).query("error") != "request_uri_not_supported"
		},
		"authorization_response_iss_parameter_supported": func(w *world) bool {
			good, bad := w.agent().get(oidc.PathAuthorize, request("all")), w.agent().get(oidc.PathAuthorize, request("all", "scope", "x"))
			return good.query("iss") == w.issuer && bad.query("iss") == w.issuer && bad.query("error") != ""
		},
	}
}

func TestTheDocumentIsAtAllItsPlaces(t *testing.T) {
	w := newWorld(t)
	want := w.agent().get(oidc.PathDiscovery, nil)
	for _, base := range []string{w.issuer + "/.well-known/oauth-authorization-server", w.server.URL + "/.well-known/oauth-authorization-server/blitz"} {
		a := w.agent()
		a.base = base
		got := a.get("", nil)
		if got.status != http.StatusOK || !maps.EqualFunc(got.json(t), want.json(t), func(a, b any) bool { return equalJSON(t, a, b) }) ||
			got.header.Get("Content-Type") != "application/json" || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v %s", base, got.status, got.header, got.body)
		}
	}
}

func equalJSON(t *testing.T, a, b any) bool {
	t.Helper()
	one, errOne := json.Marshal(a)
	two, errTwo := json.Marshal(b)
	return errOne == nil && errTwo == nil && string(one) == string(two)
}
