package request_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

func TestRequestsAreRefused(t *testing.T) {
	twice := func(name string) url.Values {
		form := asked("app")
		form.Add(name, "again")
		return form
	}
	for name, c := range map[string]struct {
		asked url.Values
		want  string
	}{
		"no client":                   {asked("app", "client_id", ""), "page client_unknown"},
		"an unknown client":           {asked("nobody"), "page client_unknown"},
		"a client that can't be read": {asked("broken"), "page internal"},
		"two clients":                 {twice("client_id"), "page client_unknown"},
		"two redirect URIs":           {twice("redirect_uri"), "page redirect_invalid"},
		"two states":                  {twice("state"), "invalid_request query"},
		"two response types":          {twice("response_type"), "invalid_request query"},
		"a parameter of nobody twice": {add(asked("app"), "x", "1", "2"), "invalid_request query"},

		"no response type":                {asked("app", "response_type", ""), "invalid_request query"},
		"token alone":                     {asked("all", "response_type", "token"), "unsupported_response_type query"},
		"none":                            {asked("all", "response_type", "none"), "unsupported_response_type query"},
		"a word twice":                    {asked("all", "response_type", "code code"), "unsupported_response_type query"},
		"a word too many":                 {asked("all", "response_type", "code id_token token x"), "unsupported_response_type query"},
		"unknown by form post":            {asked("app", "response_type", "x", "response_mode", "form_post"), "unsupported_response_type form_post"},
		"a hybrid type not registered":    {asked("app", "response_type", "code id_token"), "unauthorized_client fragment"},
		"an implicit type not registered": {asked("app", "response_type", "id_token"), "unauthorized_client fragment"},
		"hybrid without the grant":        {asked("noimplicit", "response_type", "code token"), "unauthorized_client fragment"},
		"implicit without the grant":      {asked("noimplicit", "response_type", "id_token"), "unauthorized_client fragment"},
		"code without the grant":          {asked("nocode"), "unauthorized_client query"},
		"hybrid without the code grant":   {asked("nocode", "response_type", "code id_token"), "unauthorized_client fragment"},

		"a mode that is none":        {asked("app", "response_mode", "web_message"), "invalid_request query"},
		"a mode that is a JWT":       {asked("all", "response_type", "id_token", "response_mode", "query.jwt"), "invalid_request fragment"},
		"an ID token in the query":   {asked("all", "response_type", "id_token", "response_mode", "query"), "invalid_request fragment"},
		"an access token in a query": {asked("all", "response_type", "code token", "response_mode", "query"), "invalid_request fragment"},
		"hybrid without a nonce":     {asked("all", "response_type", "code id_token", "nonce", ""), "invalid_request fragment"},
		"implicit without a nonce":   {asked("all", "response_type", "id_token", "nonce", ""), "invalid_request fragment"},
		"all without a nonce":        {asked("all", "response_type", "code id_token token", "nonce", "", "response_mode", "form_post"), "invalid_request form_post"},
		"an error in a fragment":     {asked("app", "scope", "profile", "response_mode", "fragment"), "invalid_scope fragment"},

		"no challenge":                  {asked("app", "code_challenge", "", "code_challenge_method", ""), "invalid_request query"},
		"no challenge of a public one":  {asked("spa", "code_challenge", "", "code_challenge_method", ""), "invalid_request query"},
		"a public client waived":        {asked("waived", "code_challenge", "", "code_challenge_method", ""), "invalid_request query"},
		"hybrid without a challenge":    {asked("all", "response_type", "code id_token", "code_challenge", "", "code_challenge_method", ""), "invalid_request fragment"},
		"plain":                         {asked("app", "code_challenge_method", "plain"), "invalid_request query"},
		"plain by leaving out":          {asked("app", "code_challenge_method", ""), "invalid_request query"},
		"plain where it is waived":      {asked("old", "code_challenge_method", "plain"), "invalid_request query"},
		"plain, waived, by leaving out": {asked("old", "code_challenge_method", ""), "invalid_request query"},
		"a method alone":                {asked("old", "code_challenge", ""), "invalid_request query"},
		"another case":                  {asked("app", "code_challenge_method", "s256"), "invalid_request query"},
		"a short challenge":             {asked("app", "code_challenge", challenge[1:]), "invalid_request query"},
		"a challenge with padding":      {asked("app", "code_challenge", challenge+"="), "invalid_request query"},
		"a challenge and a line":        {asked("app", "code_challenge", challenge+"\n"), "invalid_request query"},

		"no scope":                   {asked("app", "scope", ""), "invalid_scope query"},
		"openid in another case":     {asked("app", "scope", "OpenID"), "invalid_scope query"},
		"prompt none and more":       {asked("app", "prompt", "none login"), "invalid_request query"},
		"prompt none and unknown":    {asked("app", "prompt", "none unheard-of"), "invalid_request query"},
		"prompt create":              {asked("app", "prompt", "create"), "invalid_request query"},
		"max_age that is no number":  {asked("app", "max_age", "soon"), "invalid_request query"},
		"max_age below zero":         {asked("app", "max_age", "-1"), "invalid_request query"},
		"max_age with a sign":        {asked("app", "max_age", "+1"), "invalid_request query"},
		"max_age without end":        {asked("app", "max_age", "99999999999999999999"), "invalid_request query"},
		"a long login hint":          {asked("app", "login_hint", strings.Repeat("x", 257)), "invalid_request query"},
		"a long nonce":               {asked("app", "nonce", strings.Repeat("x", 513)), "invalid_request query"},
		"a forged hint":              {asked("app", "id_token_hint", "forged"), "invalid_request query"},
		"a hint, and no database":    {asked("app", "id_token_hint", "broken"), "server_error query"},
		"a hint of another client":   {asked("spa", "id_token_hint", "user-1"), "invalid_request query"},
		"registration":               {asked("app", "registration", "{}"), "registration_not_supported query"},
		"a request by reference":     {asked("app", "request_uri", "https://rp.example/request.jwt"), "request_uri_not_supported query"},
		"by reference, with nothing": {url.Values{"client_id": {"app"}, "request_uri": {"https://rp.example/request.jwt"}}, "page redirect_invalid"},
		"object and reference":       {asked("app", "request_uri", "https://rp.example/request.jwt", "request", "a.b.c"), "invalid_request query"},
		"not pushed":                 {asked("pushing"), "invalid_request query"},

		"a resource not registered":     {asked("api", "resource", "https://api.example/v2"), "invalid_target query"},
		"a resource with a slash more":  {asked("api", "resource", api+"/"), "invalid_target query"},
		"a resource with a fragment":    {asked("api", "resource", api+"#f"), "invalid_target query"},
		"a resource that isn't a URI":   {asked("api", "resource", "v1"), "invalid_target query"},
		"a resource of no client":       {asked("app", "resource", api), "invalid_target query"},
		"one good resource and one bad": {add(asked("api"), "resource", api, "https://evil.example"), "invalid_target query"},
		"resources without end":         {add(asked("api"), "resource", slices.Repeat([]string{api}, 17)...), "invalid_request query"},
	} {
		t.Run(name, func(t *testing.T) {
			got, refusal := read(t, c.asked)
			if refusedAs(refusal) != c.want || got != nil {
				t.Errorf("%q, want %q: %+v", refusedAs(refusal), c.want, got)
			}
		})
	}
}

func add(form url.Values, name string, values ...string) url.Values {
	for _, value := range values {
		form.Add(name, value)
	}
	return form
}

// TestRedirectURIsAreComparedToTheLetter tries the ways in which two readers of
// a URI may see two addresses (RFC 9700, section 4.1).
func TestRedirectURIsAreComparedToTheLetter(t *testing.T) {
	with := someClients(t)
	with["native"] = &idp.Client{ID: "native", Grants: []string{idp.GrantCode}, RedirectURIs: []string{"http://127.0.0.1/cb", "http://[::1]/cb", "com.example.app:/cb"}}
	r := newReader(t, with)
	for client, uris := range map[string][]string{
		"app": {
			"", " " + redirect, redirect + " ", redirect + "/", redirect + "/../callback", redirect + "?", redirect + "?a=b", redirect + "#", redirect + "#f",
			redirect + "%00", redirect + "\x00", redirect + "\n", redirect + ";x", redirect + "/x", redirect + "%2f..", redirect + `\`,
			"https://rp.example/Callback", "https://RP.example/callback", "HTTPS://rp.example/callback", "https://rp.example//callback",
			"https://rp.example/./callback", "https://rp.example/x/../callback", "https://rp.example/%63allback", "https://rp.example/callbac%6B",
			"https://rp.example/%2e/callback", "https://rp.example:443/callback", "https://rp.example:8443/callback", "https://rp.example:/callback",
			"https://rp.example./callback", "https://rp.example.evil.example/callback", "https://evil.example/rp.example/callback",
			"https://rp.example@evil.example/callback", "https://evil.example@rp.example/callback", "https://a:b@rp.example/callback",
			"https://evil.example#@rp.example/callback", "https://evil.example?.rp.example/callback", `https://evil.example\.rp.example/callback`,
			"https://evil.example%2frp.example/callback", "https://rp.example%2eevil.example/callback", "https://xrp.example/callback",
			"https://sub.rp.example/callback", "https://rp.example%00.evil.example/callback", "https://rp%2Eexample/callback", "https://ｒp.example/callback",
			"http://rp.example/callback", "//rp.example/callback", "/callback", "callback", "rp.example/callback", "https:rp.example/callback", "https:///rp.example/callback",
			"javascript:alert(1)", "data:text/html,x", "about:blank", "https://rp.example/callback,https://evil.example", url.QueryEscape(redirect),
			"http://127.0.0.1/callback", "https://[::ffff:127.0.0.1]/callback",
		},
		"native": {
			"http://localhost/cb", "http://127.0.0.1.evil.example/cb", "http://127.0.0.1:80@evil.example/cb", "http://127.1/cb", "http://0x7f000001/cb", "http://2130706433/cb",
			"http://127.0.0.2/cb", "http://0.0.0.0/cb", "http://[::]/cb", "http://[0:0:0:0:0:0:0:1]/cb", "http://[::1%25eth0]/cb", "http://[::ffff:127.0.0.1]/cb", "http://::1/cb",
			"http://127.0.0.1:99999/cb", "http://127.0.0.1:/cb", "http://127.0.0.1:80x/cb", "http://127.0.0.1:-1/cb", "https://127.0.0.1/cb", "http://127.0.0.1:1/cb/", "http://127.0.0.1:1/CB",
			"http://127.0.0.1:1/cb?x", "http://127.0.0.1:1/cb#x", "http://127.0.0.1:1/x/../cb", "http://127.0.0.1:1/%63b", "http://user@127.0.0.1:1/cb", "http://127.0.0.1.:1/cb",
			"com.example.app://cb", "com.example.app:cb", "com.example.app:/cb/", "COM.example.app:/cb", "com.example.app:/cb?x", "com.example.app2:/cb",
		},
	} {
		for _, uri := range uris {
			got, refusal := r.Read(t.Context(), oauth.NewParams(set(asked(client), "redirect_uri", uri)))
			if refusedAs(refusal) != "page redirect_invalid" || got != nil {
				t.Errorf("%s %q: %q", client, uri, refusedAs(refusal))
			}
		}
	}
	for _, uri := range []string{"http://127.0.0.1/cb", "http://127.0.0.1:54321/cb", "http://[::1]:1/cb", "com.example.app:/cb"} {
		if _, refusal := r.Read(t.Context(), oauth.NewParams(asked("native", "redirect_uri", uri))); refusal != nil {
			t.Errorf("%q: %q", uri, refusedAs(refusal))
		}
	}
}

func set(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

func TestResponseTypesInAnyOrder(t *testing.T) {
	for text, want := range map[string][2]string{
		"code": {"code", "query"}, "id_token": {"id_token", "fragment"}, "token id_token": {"id_token token", "fragment"},
		"id_token code": {"code id_token", "fragment"}, "token code": {"code token", "fragment"},
		"token id_token code": {"code id_token token", "fragment"}, " code  id_token ": {"code id_token", "fragment"},
	} {
		got, refusal := read(t, asked("all", "response_type", text))
		if refusal != nil || got.ResponseType != want[0] || got.ResponseMode != want[1] {
			t.Errorf("%q: %q %+v", text, refusedAs(refusal), got)
		}
		if got, refusal = read(t, asked("all", "response_type", text, "response_mode", "form_post")); refusal != nil || got.ResponseMode != "form_post" {
			t.Errorf("%q by form post: %q %+v", text, refusedAs(refusal), got)
		}
	}
}

func TestWhatIsNotNeeded(t *testing.T) {
	for name, form := range map[string]url.Values{
		"a nonce for the code flow":         asked("app", "nonce", ""),
		"a nonce for code token":            asked("all", "response_type", "code token", "nonce", ""),
		"a challenge where it is waived":    asked("old", "code_challenge", "", "code_challenge_method", ""),
		"a challenge without a code":        asked("all", "response_type", "id_token", "code_challenge", "", "code_challenge_method", ""),
		"a parameter that nobody knows":     asked("app", "extra", "foobar"),
		"a display that nobody knows":       asked("app", "display", "hologram"),
		"claims_locales":                    asked("app", "claims_locales", "se"),
		"the code flow's answer by default": asked("app", "response_mode", "query"),
		"a code in a fragment":              asked("app", "response_mode", "fragment"),
	} {
		if _, refusal := read(t, form); refusal != nil {
			t.Errorf("%s: %v", name, refusal.Failure)
		}
	}
}

// TestEverythingArrives fails where a field is new and no request sets it.
func TestEverythingArrives(t *testing.T) {
	form := asked("all", "response_type", "token code", "response_mode", "form_post", "scope", "openid unheard-of profile offline_access profile", "prompt", "login consent unheard-of login",
		"max_age", "0", "acr_values", "urn:unheard-of "+idp.ACRTwoFactors, "login_hint", "demo", "ui_locales", "ru "+strings.Repeat("x", 36)+" en", "display", "touch",
		"claims", `{"id_token":{"sub":{"value":"user-1"},"acr":{"essential":true,"value":"`+idp.ACRPhone+`"}},"userinfo":{"email":null}}`)
	with := someClients(t)
	with["all"].Resources = []string{api}
	form.Set("resource", api)
	got, refusal := newReader(t, with).Read(t.Context(), oauth.NewParams(form))
	if refusal != nil {
		t.Fatal(refusal.Failure)
	}
	zero := int64(0)
	want := &idp.AuthorizationRequest{
		ClientID: "all", RedirectURI: redirect, ResponseType: "code token", ResponseMode: "form_post", Scopes: []string{"openid", "profile", "offline_access"},
		State: "s1", Nonce: "n1", CodeChallenge: challenge, Prompt: []string{"login", "consent"}, MaxAge: &zero, ACRValues: []string{idp.ACRPhone}, ACREssential: true,
		LoginHint: "demo", HintSubject: "user-1", UILocales: []string{"ru", "en"}, Display: "touch", Resources: []string{api},
		Claims: &idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"email": nil}, IDToken: map[string]*idp.ClaimWish{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	for i, v := 0, reflect.ValueOf(*want); i < v.NumField(); i++ {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && name != "Device" && name != "UserCode" && name != "Trace" { // not of the request
			t.Errorf("%s is zero, so the test wouldn't miss it", name)
		}
	}
}

func TestDefaultsOfTheClient(t *testing.T) {
	got, refusal := read(t, asked("defaults"))
	if refusal != nil || got.MaxAge == nil || *got.MaxAge != 600 || !slices.Equal(got.ACRValues, []string{idp.ACRTwoFactors}) {
		t.Errorf("by default: %q %+v", refusedAs(refusal), got)
	}
	got, refusal = read(t, asked("defaults", "max_age", "5", "acr_values", idp.ACROneFactor))
	if refusal != nil || *got.MaxAge != 5 || !slices.Equal(got.ACRValues, []string{idp.ACROneFactor}) {
		t.Errorf("the request's own: %q %+v", refusedAs(refusal), got)
	}
}

func TestOfflineAccessNeedsACode(t *testing.T) {
	got, refusal := read(t, asked("all", "response_type", "id_token token", "scope", "openid offline_access"))
	if refusal != nil || !slices.Equal(got.Scopes, []string{"openid"}) {
		t.Errorf("%q %+v", refusedAs(refusal), got)
	}
}

func TestHintNamesThePerson(t *testing.T) {
	got, refusal := read(t, asked("app", "id_token_hint", "user-1", "claims", `{"userinfo":{"sub":{"value":"user-1"}}}`))
	if refusal != nil || got.HintSubject != "user-1" {
		t.Errorf("%q %+v", refusedAs(refusal), got)
	}
	if _, refusal = read(t, asked("app", "id_token_hint", "user-1", "claims", `{"id_token":{"sub":{"value":"user-2"}}}`)); refusedAs(refusal) != "invalid_request query" {
		t.Errorf("two persons: %q", refusedAs(refusal))
	}
}
