package idp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// rules are a provider that can do everything but read the key set "bad".
func rules() idp.ClientRules {
	return idp.ClientRules{
		Algorithms: []string{"RS256", "ES256"}, ClientAlgorithms: []string{"ES256", "RS256", "PS256", "EdDSA"}, SecondFactors: []string{"flashCall"},
		KeySet: func(document, alg string) error {
			if document == "bad" || alg == "PS256" {
				return errors.New("there is no such key; write another")
			}
			return nil
		},
	}
}

// shop is a registration without fault.
func shop() *idp.Client {
	return &idp.Client{
		ID: "shop", Name: "The Shop", SecretHash: "hash", RedirectURIs: []string{"https://shop.example/cb"},
		Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256",
	}
}

func faultsOf(t *testing.T, c *idp.Client) idp.Faults {
	t.Helper()
	err := c.Validate(rules())
	var faults idp.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("the error is %T: %v", err, err)
	}
	return faults
}

func TestRegistrationsThatAreRight(t *testing.T) {
	age := int64(3600)
	for name, change := range map[string]func(*idp.Client){
		"the least":         func(*idp.Client) {},
		"an ID as Blitz's":  func(c *idp.Client) { c.ID = "department/app-1_a.b" },
		"http on localhost": func(c *idp.Client) { c.RedirectURIs = []string{"http://localhost:8401/cb"} },
		"http on 127.0.0.1": func(c *idp.Client) { c.RedirectURIs = []string{"http://127.0.0.1/cb"} },
		"http on ::1":       func(c *idp.Client) { c.RedirectURIs = []string{"http://[::1]:9000/cb"} },
		"a query":           func(c *idp.Client) { c.RedirectURIs = []string{"https://shop.example/cb?tenant=a%20b&x=1"} },
		"a private scheme":  func(c *idp.Client) { c.RedirectURIs = []string{"com.example.app:/cb"} },
		"native": func(c *idp.Client) {
			c.ApplicationType, c.RedirectURIs = "native", []string{"com.example.app:/cb", "http://127.0.0.1/cb", "https://app.example/cb"}
		},
		"a web application": func(c *idp.Client) { c.ApplicationType = "web" },
		"a public client":   func(c *idp.Client) { c.SecretHash, c.AuthMethod = "", idp.AuthNone },
		"keys": func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.JWKS, c.AuthAlg = "", idp.AuthPrivateKeyJWT, "{}", "ES256"
		},
		"keys at an address": func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.JWKSURI = "", idp.AuthPrivateKeyJWT, "https://shop.example/keys"
		},
		"a server": func(c *idp.Client) {
			c.RedirectURIs, c.Grants, c.Scopes = nil, []string{idp.GrantClientCredentials}, []string{"phone_verification"}
		},
		"a television": func(c *idp.Client) { c.RedirectURIs, c.Grants = nil, []string{idp.GrantDevice, idp.GrantRefresh} },
		"hybrid": func(c *idp.Client) {
			c.Grants, c.ResponseTypes = []string{idp.GrantCode, idp.GrantImplicit}, []string{"code", "code id_token token"}
		},
		"an exchange": func(c *idp.Client) {
			c.Grants, c.ExchangeFrom = append(c.Grants, idp.GrantExchange), []string{"web", "dyn~app~abcdefghijklmnopqrstuvwxyz"}
		},
		"vouching": func(c *idp.Client) {
			c.Grants, c.JWKSURI = append(c.Grants, idp.GrantJWTBearer), "https://shop.example/keys"
		},
		"signed requests":   func(c *idp.Client) { c.RequestObjectAlg, c.JWKS = "EdDSA", "{}" },
		"unsigned requests": func(c *idp.Client) { c.RequestObjectAlg = "none" },
		"logout channels": func(c *idp.Client) {
			c.BackchannelLogoutURI, c.BackchannelSession, c.FrontchannelLogoutURI = "http://localhost:1/bc", true, "https://shop.example:443/fc?x=1"
		},
		"pages": func(c *idp.Client) {
			c.LogoURI, c.PolicyURI, c.InitiateLoginURI = "https://cdn.example/l.svg", "https://shop.example/privacy#data", "https://shop.example/login"
		},
		"lives": func(c *idp.Client) {
			c.AccessTokenLife, c.IDTokenLife, c.RefreshTokenLife = time.Minute, 24*time.Hour, 365*24*time.Hour
		},
		"wishes": func(c *idp.Client) {
			c.DefaultMaxAge, c.DefaultACRs, c.RequiredFactor, c.SecondFactors = &age, []string{idp.ACRTwoFactors}, 2, []string{"flashCall"}
		},
		"resources":           func(c *idp.Client) { c.Resources = []string{"https://api.example/v1", "urn:example:api"} },
		"claims":              func(c *idp.Client) { c.IDTokenClaims = []string{"email", "https://shop.example/group"} },
		"tags":                func(c *idp.Client) { c.Tags = []string{"internal", "team-a"} },
		"a name in Cyrillic":  func(c *idp.Client) { c.Name = "Магазин «Лето» №1" },
		"a name in two words": func(c *idp.Client) { c.Name = "Магазин Shop" },
		"a name in Chinese":   func(c *idp.Client) { c.Name = "商店 & Söhne" },
		"one that registered itself": func(c *idp.Client) {
			c.ID, c.RegistrationHash = idp.DynamicID("abcdefghijklmnopqrstuvwxyz"), "hash"
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := shop()
			change(c)
			if faults := faultsOf(t, c); faults != nil {
				t.Errorf("faults: %v", faults)
			}
		})
	}
}

func TestFaultsOfRegistrations(t *testing.T) {
	type faulty struct {
		change func(*idp.Client)
		field  string
	}
	cases := map[string]faulty{
		"no ID":                      {func(c *idp.Client) { c.ID = "" }, "client_id"},
		"a colon in the ID":          {func(c *idp.Client) { c.ID = "a:b" }, "client_id"},
		"a tilde in the ID":          {func(c *idp.Client) { c.ID = idp.DynamicID("abcdefghijklmnopqrstuvwxyz") }, "client_id"},
		"a space in the ID":          {func(c *idp.Client) { c.ID = "a b" }, "client_id"},
		"a plain ID that is dynamic": {func(c *idp.Client) { c.RegistrationHash = "hash" }, "client_id"},
		"a long name":                {func(c *idp.Client) { c.Name = strings.Repeat("я", 101) }, "client_name"},
		"a line break in the name":   {func(c *idp.Client) { c.Name = "Shop\nAdministrator" }, "client_name"},
		"a NUL in the name":          {func(c *idp.Client) { c.Name = "Shop\x00" }, "client_name"},
		"the name turned around":     {func(c *idp.Client) { c.Name = "Shop \u202egnp.exe" }, "client_name"},
		"a name of nothing":          {func(c *idp.Client) { c.Name = "\u200b" }, "client_name"},
		"a name in broken UTF-8":     {func(c *idp.Client) { c.Name = "Shop\xff" }, "client_name"},
		"a name with space around":   {func(c *idp.Client) { c.Name = " Shop" }, "client_name"},
		"a homograph":                {func(c *idp.Client) { c.Name = "P\u0430ypal" }, "client_name"},
		"a Greek homograph":          {func(c *idp.Client) { c.Name = "The Sh\u03bfp" }, "client_name"},
		"an unknown kind":            {func(c *idp.Client) { c.ApplicationType = "browser" }, "application_type"},
		"no redirect URI":            {func(c *idp.Client) { c.RedirectURIs = nil }, "redirect_uris"},
		"a redirect URI twice":       {func(c *idp.Client) { c.RedirectURIs = append(c.RedirectURIs, c.RedirectURIs[0]) }, "redirect_uris"},
		"too many redirect URIs":     {func(c *idp.Client) { c.RedirectURIs = make([]string, 51) }, "redirect_uris"},
		"web with a private scheme":  {func(c *idp.Client) { c.ApplicationType, c.RedirectURIs = "web", []string{"com.example.app:/cb"} }, "redirect_uris"},
		"implicit on localhost": {func(c *idp.Client) {
			c.ApplicationType, c.Grants, c.ResponseTypes, c.RedirectURIs = "web", []string{idp.GrantImplicit}, []string{"id_token"}, []string{"http://localhost/cb"}
		}, "redirect_uris"},
		"implicit on https localhost": {func(c *idp.Client) {
			c.ApplicationType, c.Grants, c.ResponseTypes, c.RedirectURIs = "web", []string{idp.GrantImplicit}, []string{"id_token"}, []string{"https://localhost/cb"}
		}, "redirect_uris"},
		"no grant":            {func(c *idp.Client) { c.Grants = nil }, "grant_types"},
		"refresh alone":       {func(c *idp.Client) { c.Grants = []string{idp.GrantRefresh} }, "grant_types"},
		"refresh of nobody's": {func(c *idp.Client) { c.Grants = []string{idp.GrantRefresh, idp.GrantClientCredentials} }, "grant_types"},
		"the password grant":  {func(c *idp.Client) { c.Grants = append(c.Grants, "password") }, "grant_types"},
		"a grant twice":       {func(c *idp.Client) { c.Grants = append(c.Grants, idp.GrantCode) }, "grant_types"},
		"public, of its own": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.Grants = "", idp.AuthNone, append(c.Grants, idp.GrantClientCredentials)
		}, "grant_types"},
		"public, exchanging": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.Grants = "", idp.AuthNone, append(c.Grants, idp.GrantExchange)
		}, "grant_types"},
		"public, by assertion": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.Grants, c.JWKSURI = "", idp.AuthNone, append(c.Grants, idp.GrantJWTBearer), "https://shop.example/keys"
		}, "grant_types"},
		"vouching without keys":     {func(c *idp.Client) { c.Grants = append(c.Grants, idp.GrantJWTBearer) }, "grant_types"},
		"public without PKCE":       {func(c *idp.Client) { c.SecretHash, c.AuthMethod, c.WaivePKCE = "", idp.AuthNone, true }, "pkce"},
		"an exchange without grant": {func(c *idp.Client) { c.ExchangeFrom = []string{"web"} }, "exchange_from"},
		"implicit without grant":    {func(c *idp.Client) { c.ResponseTypes = []string{"id_token"} }, "response_types"},
		"hybrid without grant":      {func(c *idp.Client) { c.ResponseTypes = []string{"code id_token"} }, "response_types"},
		"the code without grant":    {func(c *idp.Client) { c.Grants, c.ResponseTypes = []string{idp.GrantImplicit}, []string{"code"} }, "response_types"},
		"words in another order": {func(c *idp.Client) {
			c.Grants, c.ResponseTypes = append(c.Grants, idp.GrantImplicit), []string{"id_token code"}
		}, "response_types"},
		"a token alone": {func(c *idp.Client) {
			c.Grants, c.ResponseTypes = append(c.Grants, idp.GrantImplicit), []string{"token"}
		}, "response_types"},
		"verifying by code":            {func(c *idp.Client) { c.Scopes = []string{"phone_verification"} }, "scope"},
		"a quote in a scope":           {func(c *idp.Client) { c.Scopes = []string{`a"b`} }, "scope"},
		"nothing to prove itself with": {func(c *idp.Client) { c.SecretHash = "" }, "token_endpoint_auth_method"},
		"none and a secret":            {func(c *idp.Client) { c.AuthMethod = idp.AuthNone }, "token_endpoint_auth_method"},
		"keys and a secret":            {func(c *idp.Client) { c.AuthMethod, c.JWKS = idp.AuthPrivateKeyJWT, "{}" }, "token_endpoint_auth_method"},
		"keys that aren't there":       {func(c *idp.Client) { c.SecretHash, c.AuthMethod = "", idp.AuthPrivateKeyJWT }, "token_endpoint_auth_method"},
		"an HMAC of the secret":        {func(c *idp.Client) { c.AuthMethod = "client_secret_jwt" }, "token_endpoint_auth_method"},
		"assertions by HMAC": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.JWKS, c.AuthAlg = "", idp.AuthPrivateKeyJWT, "{}", "HS256"
		}, "token_endpoint_auth_signing_alg"},
		"assertions by none": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.JWKS, c.AuthAlg = "", idp.AuthPrivateKeyJWT, "{}", "none"
		}, "token_endpoint_auth_signing_alg"},
		"an algorithm of no assertion": {func(c *idp.Client) { c.AuthAlg = "ES256" }, "token_endpoint_auth_signing_alg"},
		"keys of another algorithm": {func(c *idp.Client) {
			c.SecretHash, c.AuthMethod, c.JWKS, c.AuthAlg = "", idp.AuthPrivateKeyJWT, "{}", "PS256"
		}, "jwks"},
		"a bad key set":               {func(c *idp.Client) { c.JWKS = "bad" }, "jwks"},
		"a huge key set":              {func(c *idp.Client) { c.JWKS = strings.Repeat(" ", 64<<10+1) }, "jwks"},
		"keys in both places":         {func(c *idp.Client) { c.JWKS, c.JWKSURI = "{}", "https://shop.example/keys" }, "jwks"},
		"requests by HMAC":            {func(c *idp.Client) { c.RequestObjectAlg, c.JWKS = "HS256", "{}" }, "request_object_signing_alg"},
		"requests by keys of nobody":  {func(c *idp.Client) { c.RequestObjectAlg = "ES256" }, "request_object_signing_alg"},
		"unsigned ID tokens":          {func(c *idp.Client) { c.SigningAlg = "none" }, "id_token_signed_response_alg"},
		"ID tokens by HMAC":           {func(c *idp.Client) { c.SigningAlg = "HS256" }, "id_token_signed_response_alg"},
		"ID tokens by no key of ours": {func(c *idp.Client) { c.SigningAlg = "EdDSA" }, "id_token_signed_response_alg"},
		"a session without address":   {func(c *idp.Client) { c.BackchannelSession = true }, "backchannel_logout_session_required"},
		"a frame without address":     {func(c *idp.Client) { c.FrontchannelSession = true }, "frontchannel_logout_session_required"},
		"a frame of another site":     {func(c *idp.Client) { c.FrontchannelLogoutURI = "https://evil.example/fc" }, "frontchannel_logout_uri"},
		"a frame of another port":     {func(c *idp.Client) { c.FrontchannelLogoutURI = "https://shop.example:444/fc" }, "frontchannel_logout_uri"},
		"a fragment at the logout":    {func(c *idp.Client) { c.BackchannelLogoutURI = "https://shop.example/bc#x" }, "backchannel_logout_uri"},
		"a short life":                {func(c *idp.Client) { c.AccessTokenLife = time.Second }, "access_token_life"},
		"a life below zero":           {func(c *idp.Client) { c.IDTokenLife = -time.Hour }, "id_token_life"},
		"a long life":                 {func(c *idp.Client) { c.RefreshTokenLife = 366 * 24 * time.Hour }, "refresh_token_life"},
		"a life of nothing":           {func(c *idp.Client) { c.Grants, c.RefreshTokenLife = []string{idp.GrantCode}, time.Hour }, "refresh_token_life"},
		"three factors":               {func(c *idp.Client) { c.RequiredFactor = 3 }, "required_factor"},
		"a method that isn't enabled": {func(c *idp.Client) { c.SecondFactors = []string{"smokeSignal"} }, "second_factors"},
		"an age below zero":           {func(c *idp.Client) { age := int64(-1); c.DefaultMaxAge = &age }, "default_max_age"},
		"an unknown class":            {func(c *idp.Client) { c.DefaultACRs = []string{"gold"} }, "default_acr_values"},
		"a relative resource":         {func(c *idp.Client) { c.Resources = []string{"/api"} }, "resources"},
		"a resource with fragment":    {func(c *idp.Client) { c.Resources = []string{"https://api.example/#v1"} }, "resources"},
		"a claim of ours":             {func(c *idp.Client) { c.IDTokenClaims = []string{"acr"} }, "id_token_claims"},
		"a sentence as a tag":         {func(c *idp.Client) { c.Tags = []string{"not a word"} }, "tags"},
		"too many tags":               {func(c *idp.Client) { c.Tags = make([]string, 33) }, "tags"},
		"a contact of two lines":      {func(c *idp.Client) { c.Contacts = []string{"a@b\nBcc: c@d"} }, "contacts"},
		"a long statement":            {func(c *idp.Client) { c.SoftwareStatement = strings.Repeat("x", 8<<10+1) }, "software_statement"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			c := shop()
			test.change(c)
			faults := faultsOf(t, c)
			if len(faults) == 0 || faults[0].Field != test.field {
				t.Fatalf("faults: %v, want the first about %s", faults, test.field)
			}
			for _, f := range faults {
				if len(f.Text) > 600 || strings.ContainsAny(f.Text, "\n\r\x00\u202e") {
					t.Errorf("the fault is no readable line: %q", f.Text)
				}
			}
		})
	}
}

// What no field that holds a URI takes.
func TestURIsThatNoFieldTakes(t *testing.T) {
	fields := map[string]func(*idp.Client, string){
		"redirect_uris":             func(c *idp.Client, uri string) { c.RedirectURIs = []string{uri} },
		"post_logout_redirect_uris": func(c *idp.Client, uri string) { c.PostLogoutURIs = []string{uri} },
		"client_uri":                func(c *idp.Client, uri string) { c.ClientURI = uri },
		"logo_uri":                  func(c *idp.Client, uri string) { c.LogoURI = uri },
		"policy_uri":                func(c *idp.Client, uri string) { c.PolicyURI = uri },
		"tos_uri":                   func(c *idp.Client, uri string) { c.TOSURI = uri },
		"jwks_uri":                  func(c *idp.Client, uri string) { c.JWKSURI = uri },
		"initiate_login_uri":        func(c *idp.Client, uri string) { c.InitiateLoginURI = uri },
		"backchannel_logout_uri":    func(c *idp.Client, uri string) { c.BackchannelLogoutURI = uri },
		"frontchannel_logout_uri":   func(c *idp.Client, uri string) { c.FrontchannelLogoutURI = uri },
	}
	uris := []string{
		"javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "javascript://shop.example/%0aalert(1)",
		"data:text/html,<script>alert(1)</script>", "data:,x", "file:///etc/passwd", "vbscript:x", "blob:https://shop.example/1", "about:blank",
		"ftp://shop.example/cb", "http://shop.example/cb", "https:", "https://", "https:///cb", "https:cb", "//shop.example/cb", "/cb", "cb",
		"https://me@shop.example/cb", "https://shop.example@evil.example/", "https://shop.example\\@evil.example/", "https:\\\\shop.example\\cb",
		"https://*.shop.example/cb", "https://shop.example/*", "https://shop.example/cb\r\nLocation: https://evil.example",
		"https://shop.example/c b", "https://shop.example/\"><script>", "https://shop.example/\u202ecb", "https://sh\u043ep.example/cb", "https://shop.example:0/cb",
		"https://shop.example:/cb", "https://shop.example:99999/cb", "https://[::1/cb", "https://[zz]/cb", "https://-/cb", "https://a..b/cb", "http://127.0.0.1.evil.example/cb",
		"http://localhost.evil.example/cb", "https://shop.example/%zz", "https://shop.example/" + strings.Repeat("a", 2048), "com_example:/cb", "myapp:/cb", "urn:ietf:wg:oauth:2.0:oob",
	}
	for field, set := range fields {
		for _, uri := range uris {
			c := shop()
			set(c, uri)
			found := false
			for _, f := range faultsOf(t, c) {
				found = found || f.Field == field
			}
			if !found {
				t.Errorf("%s takes %q", field, uri)
			}
		}
	}
	for field, uri := range map[string]string{"redirect_uris": "https://shop.example/cb#", "post_logout_redirect_uris": "https://shop.example/#x", "jwks_uri": "https://shop.example/k#1"} {
		c := shop()
		fields[field](c, uri)
		if len(faultsOf(t, c)) == 0 {
			t.Errorf("%s takes the fragment of %s", field, uri)
		}
	}
}
