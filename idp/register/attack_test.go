package register_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

func TestNobodyRegistersWithoutAToken(t *testing.T) {
	w := newWorld(t)
	basic := func(r *http.Request) { r.SetBasicAuth("a", "b") }
	twice := func(r *http.Request) { r.Header.Add("Authorization", "Bearer x") }
	query := func(r *http.Request) { r.URL.RawQuery = "access_token=" + w.initialToken(1) }
	form := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	expired := w.initialToken(1, func(it *register.InitialToken) { it.ExpiresAt = w.Now() })
	used := w.initialToken(1)
	w.send("POST", "", used, document())
	before := w.clients()
	w.wantError("no token", w.send("POST", "", "", document()), 401, "invalid_request")
	w.wantError("a wrong token", w.send("POST", "", "wrong", document()), 401, "invalid_token")
	w.wantError("a used-up token", w.send("POST", "", used, document()), 401, "invalid_token")
	w.wantError("an expired token", w.send("POST", "", expired, document()), 401, "invalid_token")
	w.wantError("a long token", w.send("POST", "", strings.Repeat("x", 600), document()), 401, "invalid_token")
	w.wantError("a password", w.send("POST", "", "", document(), basic), 401, "invalid_token")
	w.wantError("two tokens", w.send("POST", "", w.initialToken(1), document(), twice), 400, "invalid_request")
	w.wantError("a token in the query", w.send("POST", "", "", document(), query), 400, "invalid_request")
	w.wantError("a form", w.send("POST", "", w.initialToken(1), "redirect_uris=x", form), 400, "invalid_request")
	w.wantError("the hash of a token", w.send("POST", "", register.HashInitialToken(w.keys, w.initialToken(1)), document()), 401, "invalid_token")
	client := w.registered()
	w.wantError("a client's management token", w.send("POST", "", client.text("registration_access_token"), document()), 401, "invalid_token")
	for _, method := range []string{"GET", "PUT", "DELETE", "PATCH"} {
		w.wantError(method, w.send(method, "", "", ""), 405, "invalid_request")
	}
	if after := w.clients(); after != before+1 {
		t.Errorf("%d clients, want %d", after, before+1)
	}
}

func TestATokenLetsInAsOftenAsItSays(t *testing.T) {
	const tries, uses = 64, 3
	w := newWorld(t)
	token := w.initialToken(uses)
	var group sync.WaitGroup
	answers := make([]answer, tries)
	for i := range tries {
		group.Go(func() {
			answers[i] = w.send("POST", "", token, document("client_name", strconv.Quote("Shop "+strconv.Itoa(i))))
		})
	}
	group.Wait()
	in := 0
	for i, a := range answers {
		if a.status == http.StatusCreated {
			in++
			continue
		}
		w.wantError("try "+strconv.Itoa(i), a, 401, "invalid_token")
	}
	if in != uses || w.clients() != uses {
		t.Errorf("%d were let in, %d are there, want %d", in, w.clients(), uses)
	}
}

func TestURIsThatNoMemberTakes(t *testing.T) {
	w := newWorld(t)
	members := map[string]bool{ // true: a list
		"redirect_uris": true, "post_logout_redirect_uris": true, "client_uri": false, "logo_uri": false, "policy_uri": false, "tos_uri": false,
		"jwks_uri": false, "initiate_login_uri": false, "backchannel_logout_uri": false, "frontchannel_logout_uri": false,
	}
	for member, list := range members {
		for _, uri := range []string{
			"javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd",
			"http://shop.example/cb", "//shop.example", "shop.example", "https://me:pw@shop.example/", "https://shop.example/\"onerror=alert(1)",
			"https://shop.example/\r\nSet-Cookie: a=b", "https://*.example/", "https://shop.example\\.evil.example/", "https://sh\u043ep.example/", "myapp://cb",
			"https://shop.example/" + strings.Repeat("a", 3000),
		} {
			value := string(must[[]byte](t)(json.Marshal(uri)))
			if list {
				value = "[" + value + "]"
			}
			code := "invalid_client_metadata"
			if member == "redirect_uris" {
				code = "invalid_redirect_uri"
			}
			w.wantError(member+" "+uri, w.send("POST", "", w.initialToken(1), document(member, value)), 400, code)
		}
	}
	w.wantError("no redirect URI", w.send("POST", "", w.initialToken(1), document("redirect_uris", "")), 400, "invalid_redirect_uri")
	w.wantError("a fragment", w.send("POST", "", w.initialToken(1), document("redirect_uris", `["https://shop.example/cb#x"]`)), 400, "invalid_redirect_uri")
	w.wantError("a private scheme of a web application", w.send("POST", "", w.initialToken(1), document("redirect_uris", `["com.example.app:/cb"]`)), 400, "invalid_redirect_uri")
	w.wantError("a text for a list", w.send("POST", "", w.initialToken(1), document("redirect_uris", `"https://shop.example/cb"`)), 400, "invalid_redirect_uri")
	if w.clients() != 0 {
		t.Errorf("%d clients were registered", w.clients())
	}
}

func TestMetadataThatIsRefused(t *testing.T) {
	w := newWorld(t)
	private := strings.Replace(publicKey, `"kid"`, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","kid"`, 1)
	for name, pairs := range map[string][]string{
		"a private key":              {"jwks", `{"keys":[` + private + `]}`, "token_endpoint_auth_method", `"private_key_jwt"`},
		"a private key among others": {"jwks", `{"keys":[` + publicKey + `,` + private + `]}`, "token_endpoint_auth_method", `"private_key_jwt"`},
		"a shared secret as a key":   {"jwks", `{"keys":[{"kty":"oct","k":"AAAA"}]}`, "token_endpoint_auth_method", `"private_key_jwt"`},
		"keys that aren't there":     {"token_endpoint_auth_method", `"private_key_jwt"`},
		"keys in two places":         {"jwks", `{"keys":[` + publicKey + `]}`, "jwks_uri", `"https://shop.example/k"`, "token_endpoint_auth_method", `"private_key_jwt"`},
		"keys that are a text":       {"jwks", `"x"`},
		"the grant of assertions":    {"grant_types", `["` + idp.GrantJWTBearer + `"]`},
		"the grant of exchanges":     {"grant_types", `["authorization_code","` + idp.GrantExchange + `"]`},
		"a grant of its own":         {"grant_types", `["client_credentials"]`},
		"the password grant":         {"grant_types", `["password"]`},
		"the implicit grant":         {"grant_types", `["implicit"]`, "response_types", `["id_token"]`},
		"a hybrid response":          {"response_types", `["code id_token"]`},
		"refresh tokens of nothing":  {"grant_types", `["refresh_token"]`},
		"an HMAC":                    {"token_endpoint_auth_method", `"client_secret_jwt"`},
		"a certificate":              {"token_endpoint_auth_method", `"tls_client_auth"`},
		"unsigned ID tokens":         {"id_token_signed_response_alg", `"none"`},
		"ID tokens by HMAC":          {"id_token_signed_response_alg", `"HS256"`},
		"encrypted ID tokens":        {"id_token_encrypted_response_alg", `"RSA-OAEP"`},
		"signed userinfo":            {"userinfo_signed_response_alg", `"RS256"`},
		"pairwise subjects":          {"subject_type", `"pairwise"`},
		"a sector":                   {"sector_identifier_uri", `"https://shop.example/sector"`},
		"tokens bound to a key":      {"dpop_bound_access_tokens", `true`},
		"tokens bound by TLS":        {"tls_client_certificate_bound_access_tokens", `true`},
		"a scope of nothing":         {"scope", `"admin root"`},
		"only to verify numbers":     {"scope", `"phone_verification"`},
		"scopes in a list":           {"scope", `["openid"]`},
		"a control character":        {"client_name", `"Shop\u0007"`},
		"a line break":               {"client_name", `"Shop\nYour bank"`},
		"text turned around":         {"client_name", `"\u202eknaB"`},
		"a homograph":                {"client_name", `"P\u0430ypal"`},
		"a name of no width":         {"client_name", `"\u200b\u200b"`},
		"a long name":                {"client_name", `"` + strings.Repeat("x", 101) + `"`},
		"markup for a contact":       {"contacts", `["a\u0000b"]`},
		"a number for a name":        {"client_name", `7`},
		"another kind":               {"application_type", `"service"`},
		"a frame elsewhere":          {"frontchannel_logout_uri", `"https://evil.example/fc"`},
		"years of nothing":           {"default_max_age", `-1`},
		"too many contacts":          {"contacts", `["1","2","3","4","5","6","7","8","9","10","11"]`},
	} {
		w.wantError(name, w.send("POST", "", w.initialToken(1), document(pairs...)), 400, "invalid_client_metadata")
	}
	if w.clients() != 0 {
		t.Errorf("%d clients were registered", w.clients())
	}
}

func TestDocumentsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	for name, body := range map[string]string{
		"nothing":              " ",
		"no JSON":              "redirect_uris",
		"null":                 "null",
		"a list":               "[]",
		"a member twice":       `{"redirect_uris":["https://shop.example/cb"],"redirect_uris":["https://evil.example/cb"]}`,
		"two documents":        document() + document(),
		"deep in an unknown":   `{"x":` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `,"redirect_uris":7}`,
		"deep, without an end": strings.Repeat(`{"a":`, 12000),
	} {
		a := w.send("POST", "", w.initialToken(1), body)
		if a.status != 400 {
			t.Errorf("%s: %d %v", name, a.status, a.body)
		}
	}
	w.wantError("a huge one", w.send("POST", "", w.initialToken(1), document("x", `"`+strings.Repeat("x", register.MaxDocument)+`"`)), 413, "invalid_client_metadata")
	if w.clients() != 0 {
		t.Errorf("%d clients were registered", w.clients())
	}
}

// What is ours alone is the administrator's, whatever a registration says.
func TestNobodyGivesItselfRights(t *testing.T) {
	w := newWorld(t)
	own := []string{
		"consent", "false", "ask_consent", "false", "pkce", `"optional"`, "required_factor", "0", "second_factors", `["password"]`, "access_token_life", "99999999",
		"exchange_from", `["demo-app"]`, "tags", `["trusted"]`, "resources", `["https://api.example/"]`, "id_token_claims", `["phone_number"]`,
		"client_id", `"demo-app"`, "client_secret", `"chosen"`, "registration_access_token", `"chosen"`, "registration_hash", `"x"`, "Client_Name", `"Other"`,
	}
	a := w.registered(own...)
	id := a.text("client_id")
	want := w.stored(w.registered().text("client_id"))
	check := func(what string) {
		t.Helper()
		got := w.stored(id)
		want.ID, want.SecretHash, want.RegistrationHash, want.CreatedAt = got.ID, got.SecretHash, got.RegistrationHash, got.CreatedAt
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: stored\n%+v\nwant\n%+v", what, got, want)
		}
	}
	check("registered")
	put := w.send("PUT", "/"+id, a.text("registration_access_token"), document(append(own, "client_id", `"`+id+`"`, "client_secret", "")...))
	if put.status != http.StatusOK {
		t.Fatalf("PUT: %d %v", put.status, put.body)
	}
	check("changed")
	token := put.text("registration_access_token")
	for name, pairs := range map[string][]string{
		"a grant of its own":  {"grant_types", `["authorization_code","client_credentials"]`},
		"exchanges":           {"grant_types", `["authorization_code","` + idp.GrantExchange + `"]`},
		"a chosen secret":     {"client_secret", `"a secret of its own choice"`},
		"another client's ID": {"client_id", `"demo-app"`},
		"no ID":               {"client_id", ""},
		"pairwise subjects":   {"subject_type", `"pairwise"`},
		"a private key":       {"jwks", `{"keys":[{"kty":"oct","k":"AAAA"}]}`},
	} {
		body := document(append([]string{"client_id", `"` + id + `"`}, pairs...)...)
		w.wantError(name, w.send("PUT", "/"+id, token, body), 400, "invalid_client_metadata")
	}
	w.wantError("a bad redirect", w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "redirect_uris", `["javascript:alert(1)"]`)), 400, "invalid_redirect_uri")
	check("after what was refused")
	wider := w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "scope", `"openid profile email offline_access phone phone_verification admin"`))
	if wider.text("scope") != "openid profile email offline_access" {
		t.Errorf("scopes became %q", wider.text("scope"))
	}
}

// Which clients there are can't be found out: every wrong way has one answer.
func TestGuessing(t *testing.T) {
	w := newWorld(t)
	mine, others := w.registered(), w.registered()
	if err := w.store.CreateClient(t.Context(), &idp.Client{ID: "demo-app", SecretHash: "hash", Grants: []string{idp.GrantCode}}); err != nil {
		t.Fatal(err)
	}
	token := mine.text("registration_access_token")
	var first answer
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		for what, guess := range map[string][2]string{
			"another's client":      {others.text("client_id"), token},
			"an unknown client":     {idp.DynamicID("abcdefghijklmnopqrstuvwxyz"), token},
			"one of ours":           {"demo-app", token},
			"one of ours, empty":    {"demo-app", "x"},
			"a wrong token":         {mine.text("client_id"), "wrong"},
			"the client's secret":   {mine.text("client_id"), mine.text("client_secret")},
			"the hash":              {mine.text("client_id"), w.stored(mine.text("client_id")).RegistrationHash},
			"an initial token":      {mine.text("client_id"), w.initialToken(1)},
			"an ID with a wildcard": {"%25", token},
			"an ID in capitals":     {strings.ToUpper(mine.text("client_id")), token},
		} {
			body := ""
			if method == "PUT" {
				body = document("client_id", `"`+mine.text("client_id")+`"`)
			}
			a := w.send(method, "/"+guess[0], guess[1], body)
			a.header.Del("Date")
			if first.body == nil {
				first = a
			}
			if w.wantError(method+" "+what, a, 401, "invalid_token"); !reflect.DeepEqual(a, first) {
				t.Errorf("%s %s is told apart:\n%v\n%v", method, what, a, first)
			}
		}
	}
	if a := w.send("GET", "/"+mine.text("client_id"), token, ""); a.status != http.StatusOK {
		t.Errorf("the client's own token: %d %v", a.status, a.body)
	}
	if w.clients() != 3 {
		t.Errorf("%d clients are left", w.clients())
	}
	w.wantError("no token", w.send("GET", "/"+mine.text("client_id"), "", ""), 401, "invalid_request")
	w.wantError("another method", w.send("PATCH", "/"+mine.text("client_id"), token, ""), 405, "invalid_request")
}

// Of PUTs at once with one token each is whole, and the last answer's token serves.
func TestChangesAtOnce(t *testing.T) {
	w := newWorld(t)
	a := w.registered()
	id, token := a.text("client_id"), a.text("registration_access_token")
	var group sync.WaitGroup
	answers := make([]answer, 16)
	for i := range answers {
		group.Go(func() {
			n := strconv.Itoa(i)
			answers[i] = w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "client_name", `"Shop `+n+`"`, "software_version", `"`+n+`"`))
		})
	}
	group.Wait()
	c := w.stored(id)
	if c.Name != "Shop "+c.SoftwareVersion {
		t.Errorf("two changes were mixed: %+v", c)
	}
	var tokens []string
	for _, put := range answers {
		if put.status != http.StatusOK {
			w.wantError("a change", put, 401, "invalid_token")
			continue
		}
		tokens = append(tokens, put.text("registration_access_token"))
		w.send("GET", "/"+id, put.text("registration_access_token"), "") // the last one's voids the others
	}
	serves := 0
	for _, token := range tokens {
		if w.send("GET", "/"+id, token, "").status == http.StatusOK {
			serves++
		}
	}
	if serves != 1 {
		t.Errorf("%d new tokens serve, want one", serves)
	}
	w.wantError("the token before", w.send("GET", "/"+id, token, ""), 401, "invalid_token")
}

// Of two issuers that are both believed one can't speak for the other's software.
func TestAStatementOfAnotherIssuer(t *testing.T) {
	const other = "https://other.example"
	w := newWorld(t, func(o *register.Options) {
		o.Statements.Issuers = append(o.Statements.Issuers, register.Issuer{Issuer: other, Keys: o.Statements.Issuers[0].Keys})
	})
	theirs := map[string]any{"iss": other, "redirect_uris": []string{"https://other.example/cb"}}
	a := w.registered("software_statement", `"`+w.statement(nil)+`"`)
	id, token := a.text("client_id"), a.text("registration_access_token")
	change := func(claims map[string]any) answer {
		return w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "software_statement", `"`+w.statement(claims)+`"`))
	}
	w.wantError("of another issuer", change(theirs), 400, "unapproved_software_statement")
	if c := w.stored(id); c.AllowsRedirect("https://other.example/cb") {
		t.Errorf("it was applied: %+v", c)
	}
	if put := change(map[string]any{"client_name": "Renewed"}); put.status != http.StatusOK {
		t.Errorf("a new one of the same: %d %v", put.status, put.body)
	}
	if first := w.registered("software_statement", `"`+w.statement(theirs)+`"`); first.text("software_id") != "shop-suite" {
		t.Errorf("the other issuer isn't believed at all: %v", first.body)
	}
}

// The token before serves who lost an answer, and hardly anybody else.
func TestTheTokenBefore(t *testing.T) {
	w := newWorld(t)
	a := w.registered()
	id, first := a.text("client_id"), a.text("registration_access_token")
	body := document("client_id", `"`+id+`"`)
	change := func(token string) answer { return w.send("PUT", "/"+id, token, body) }
	second := change(first).text("registration_access_token")

	w.wantError("a removal with the token before", w.send("DELETE", "/"+id, first, ""), 401, "invalid_token")
	w.advance(59 * time.Second)
	lost := change(first)
	if lost.status != http.StatusOK {
		t.Fatalf("a PUT again, after its answer was lost: %d %v", lost.status, lost.body)
	}
	w.wantError("the token before the one before", change(first), 401, "invalid_token")
	if read := w.send("GET", "/"+id, second, ""); read.status != http.StatusOK {
		t.Errorf("who has the token that was in force is locked out by the one before: %d", read.status)
	}
	own := change(second)
	third := own.text("registration_access_token")
	if own.status != http.StatusOK || third == "" {
		t.Fatalf("the token that was in force: %d %v", own.status, own.body)
	}

	w.advance(time.Minute)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.wantError(method+" a minute later", w.send(method, "/"+id, lost.text("registration_access_token"), body), 401, "invalid_token")
	}
	if gone := w.send("DELETE", "/"+id, third, ""); gone.status != http.StatusNoContent {
		t.Errorf("the token in force, later: %d %v", gone.status, gone.body)
	}
}

func TestSoftwareStatements(t *testing.T) {
	w := newWorld(t)
	fixed := w.statement(map[string]any{"client_name": "Vouched", "redirect_uris": []string{"https://vouched.example/cb"}, "exp": w.Now().Add(time.Hour).Unix(), "aud": issuer, "grant_types": nil})
	quoted := `"` + fixed + `"`
	a := w.registered("software_statement", quoted, "client_name", `"Mine"`, "Redirect_URIs", `["https://evil.example/cb"]`, "software_id", `"other"`, "redirect_uri\u017f", `["https://evil.example/cb"]`)
	id, token := a.text("client_id"), a.text("registration_access_token")
	want := func(what string, a answer) {
		t.Helper()
		c := w.stored(id)
		if a.text("client_name") != "Vouched" || a.text("software_statement") != fixed || c.SoftwareID != "shop-suite" || len(c.RedirectURIs) != 1 || c.RedirectURIs[0] != "https://vouched.example/cb" {
			t.Errorf("%s: %d %v, stored %+v", what, a.status, a.body, c)
		}
	}
	want("registered", a)
	w.advance(48 * time.Hour) // the statement has expired; what it fixed stays
	put := w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "client_name", `"Mine"`, "redirect_uris", `["https://evil.example/cb"]`))
	want("changed without the statement", put)
	put = w.send("PUT", "/"+id, put.text("registration_access_token"), document("client_id", `"`+id+`"`, "software_statement", quoted, "redirect_uris", `["https://evil.example/cb"]`))
	want("changed with the statement", put)
	token = put.text("registration_access_token")
	change := func(statement string) answer {
		return w.send("PUT", "/"+id, token, document("client_id", `"`+id+`"`, "software_statement", `"`+statement+`"`))
	}
	w.wantError("other software", change(w.statement(map[string]any{"software_id": "other-suite"})), 400, "invalid_client_metadata")
	w.wantError("a statement of nobody's", change(w.statement(map[string]any{"iss": "https://evil.example"})), 400, "unapproved_software_statement")
	renewed := change(w.statement(map[string]any{"client_name": "Renewed", "redirect_uris": []string{"https://vouched.example/new"}}))
	if renewed.status != http.StatusOK || renewed.text("client_name") != "Renewed" {
		t.Errorf("a new statement: %d %v", renewed.status, renewed.body)
	}
}

func TestStatementsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	stranger := newWorld(t)
	good := w.statement(nil)
	parts := strings.Split(good, ".")
	for name, c := range map[string]struct{ statement, code string }{
		"of another issuer":       {w.statement(map[string]any{"iss": "https://evil.example"}), "unapproved_software_statement"},
		"of our own issuer":       {w.statement(map[string]any{"iss": issuer}), "unapproved_software_statement"},
		"by another key":          {stranger.statement(nil), "invalid_software_statement"},
		"for another provider":    {w.statement(map[string]any{"aud": "https://other.example"}), "invalid_software_statement"},
		"for others too":          {w.statement(map[string]any{"aud": []string{issuer, "https://other.example"}}), "invalid_software_statement"},
		"expired":                 {w.statement(map[string]any{"exp": w.Now().Add(-time.Hour).Unix()}), "invalid_software_statement"},
		"not yet":                 {w.statement(map[string]any{"nbf": w.Now().Add(time.Hour).Unix()}), "invalid_software_statement"},
		"without software":        {w.statement(map[string]any{"software_id": nil, "sub": "somebody", "nonce": "n"}), "invalid_software_statement"},
		"without issuer":          {w.statement(map[string]any{"iss": nil}), "invalid_software_statement"},
		"changed":                 {parts[0] + "." + parts[1][:len(parts[1])-4] + "AAAA." + parts[2], "invalid_software_statement"},
		"without signature":       {parts[0] + "." + parts[1] + ".", "invalid_software_statement"},
		"by none":                 {"eyJhbGciOiJub25lIn0." + parts[1] + ".", "invalid_software_statement"},
		"no JWT":                  {"statement", "invalid_software_statement"},
		"nothing":                 {"", "invalid_software_statement"},
		"huge":                    {w.statement(map[string]any{"x": strings.Repeat("x", 9000)}), "invalid_software_statement"},
		"asking for what isn't":   {w.statement(map[string]any{"sector_identifier_uri": "https://shop.example/s"}), "invalid_client_metadata"},
		"asking for more":         {w.statement(map[string]any{"grant_types": []string{"client_credentials"}}), "invalid_client_metadata"},
		"with a bad redirect":     {w.statement(map[string]any{"redirect_uris": []string{"javascript:alert(1)"}}), "invalid_redirect_uri"},
		"with a member of a kind": {w.statement(map[string]any{"client_name": 7}), "invalid_client_metadata"},
	} {
		w.wantError(name, w.send("POST", "", w.initialToken(1), document("software_statement", `"`+c.statement+`"`)), 400, c.code)
	}
	w.wantError("an object", w.send("POST", "", w.initialToken(1), document("software_statement", `{}`)), 400, "invalid_software_statement")
	needed := newWorld(t, func(o *register.Options) { o.Statements.Required = true })
	needed.wantError("none where one is needed", needed.send("POST", "", needed.initialToken(1), document()), 400, "invalid_software_statement")
	if a := needed.send("POST", "", needed.initialToken(1), document("software_statement", `"`+needed.statement(nil)+`"`)); a.status != http.StatusCreated {
		t.Errorf("with one: %d %v", a.status, a.body)
	}
	if w.clients() != 0 {
		t.Errorf("%d clients were registered", w.clients())
	}
}
