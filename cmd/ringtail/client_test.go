package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

// keySet holds the public key of RFC 8037, appendix A.2.
const keySet = `{"keys":[{"crv":"Ed25519","kid":"1","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`

// everyFlag sets each field of a client once; what can't stand beside the rest is
// in its place: a secret for keys, jwks-uri for jwks.
func everyFlag(t *testing.T) []string {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(keys, []byte(keySet+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"--name", "The Shop", "--redirect", "https://shop.example/cb", "--redirect", "http://127.0.0.1/cb", "--post-logout", "https://shop.example/",
		"--application-type", "native", "--auth", "private_key_jwt", "--jwks", keys, "--auth-alg", "EdDSA", "--request-object-alg", "EdDSA", "--require-par",
		"--grant", "authorization_code", "--grant", "refresh_token", "--grant", "implicit", "--grant", "device_code", "--grant", "token-exchange", "--grant", "jwt-bearer", "--grant", "client_credentials",
		"--response-type", "code", "--response-type", "code id_token", "--scope", "openid", "--scope", "email", "--pkce", "optional", "--consent", "--alg", "ES256",
		"--jwt-access-token", "--access-token-life", "10m", "--id-token-life", "5m", "--refresh-token-life", "48h", "--id-token-claim", "email",
		"--resource", "https://api.example/", "--serves", "https://shop.example/api", "--exchange-from", "web", "--backchannel-logout", "https://shop.example/bc", "--backchannel-session",
		"--frontchannel-logout", "https://shop.example/fc", "--frontchannel-session", "--required-factor", "2", "--second-factor", "flashCall",
		"--default-max-age", "3600", "--default-acr", idp.ACRTwoFactors, "--require-auth-time", "--client-uri", "https://shop.example/",
		"--logo-uri", "https://shop.example/logo.svg", "--policy-uri", "https://shop.example/privacy", "--tos-uri", "https://shop.example/terms",
		"--initiate-login-uri", "https://shop.example/login", "--contact", "shop@shop.example", "--tag", "internal", "--software-id", "shop-suite", "--software-version", "1.2",
	}
}

// unset are the fields that everyFlag leaves, and why.
var unset = map[string]string{
	"SecretHash": "it has keys", "JWKSURI": "it has jwks", "CreatedAt": "an application of the file has none",
	"SoftwareStatement": "only a registration of its own has one", "RegistrationHash": "likewise",
}

// wantEveryField fails where a field of the client is empty.
func wantEveryField(t *testing.T, value reflect.Value) {
	t.Helper()
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		switch {
		case name == "ClientMetadata":
			wantEveryField(t, value.Field(i))
		case value.Field(i).IsZero() && unset[name] == "":
			t.Errorf("the field %s was not set", name)
		}
	}
}

func TestEveryFieldByCommand(t *testing.T) {
	file := settingsFile(t, "")
	if code, out, errOut := ringtail(t, "", append([]string{"client", "add", "shop", "--conf", file}, everyFlag(t)...)...); code != exitOK || out != "" {
		t.Fatalf("exit code %d: %s%s", code, out, errOut)
	}
	code, out, errOut := ringtail(t, "", "client", "show", "shop", "--conf", file, "--json")
	if code != exitOK {
		t.Fatal(errOut)
	}
	var record register.Record
	if err := json.Unmarshal([]byte(out), &record); err != nil {
		t.Fatal(err)
	}
	wantEveryField(t, reflect.ValueOf(*record.Client()))
	code, shown, errOut := ringtail(t, "", "client", "show", "shop", "--conf", file)
	if code != exitOK {
		t.Fatal(errOut)
	}
	for _, f := range clientFields() {
		if f.flag != "jwks-uri" && !strings.Contains(shown, "\n"+f.flag+" ") {
			t.Errorf("show leaves %s out:\n%s", f.flag, shown)
		}
	}
	_, exported, _ := ringtail(t, "", "client", "export", "shop", "--conf", file)
	other := settingsFile(t, "")
	if code, out, errOut := ringtail(t, exported, "client", "import", "--conf", other); code != exitOK || out != "shop\n" {
		t.Fatalf("import: %d %s%s", code, out, errOut)
	}
	if _, again, _ := ringtail(t, "", "client", "show", "shop", "--conf", other, "--json"); again != out {
		t.Errorf("imported\n%s\nwant\n%s", again, out)
	}
}

// The same fields by settings: each key of the reference is a field of the table.
func TestEveryFieldBySettings(t *testing.T) {
	app := `apps.shop = {name="The Shop", redirectUris=["https://shop.example/cb","http://127.0.0.1/cb"], postLogoutUris=["https://shop.example/"],
		applicationType=native, authMethod=private_key_jwt, jwks=` + keySet + `, authAlg=EdDSA, requestObjectAlg=EdDSA, requirePar=true,
		grants=[authorization_code,refresh_token,implicit,device_code,token-exchange,"urn:ietf:params:oauth:grant-type:jwt-bearer",client_credentials],
		responseTypes=[code,"code id_token"], scopes=[openid,email], pkce=optional, consent=true, signingAlg=ES256, accessTokens=jwt,
		accessTokenLife=10m, idTokenLife=5m, refreshTokenLife=48h, idTokenClaims=[email], resources=["https://api.example/"], serves=["https://shop.example/api"], exchangeFrom=[web],
		backchannelLogoutUri="https://shop.example/bc", backchannelLogoutSession=true, frontchannelLogoutUri="https://shop.example/fc", frontchannelLogoutSession=true,
		requiredFactor=2, secondFactors=[flashCall], defaultMaxAge=3600, defaultAcrValues=["` + idp.ACRTwoFactors + `"], requireAuthTime=true,
		clientUri="https://shop.example/", logoUri="https://shop.example/logo.svg", policyUri="https://shop.example/privacy", tosUri="https://shop.example/terms",
		initiateLoginUri="https://shop.example/login", contacts=["shop@shop.example"], tags=[internal], softwareId=shop-suite, softwareVersion="1.2"}`
	s, _, err := conf.Load(conf.Options{Set: []string{"login.methods.flashCall.driver=example", strings.ReplaceAll(app, "\n", " ")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := appFaults(s); err != nil {
		t.Fatal(err)
	}
	client := appClient(s.Apps[0], "")
	wantEveryField(t, reflect.ValueOf(client))

	file := settingsFile(t, "")
	if code, _, errOut := ringtail(t, "", append([]string{"client", "add", "shop", "--conf", file}, everyFlag(t)...)...); code != exitOK {
		t.Fatal(errOut)
	}
	_, out, _ := ringtail(t, "", "client", "show", "shop", "--conf", file, "--json")
	var record register.Record
	if err := json.Unmarshal([]byte(out), &record); err != nil {
		t.Fatal(err)
	}
	if got, want := register.RecordOf(&client), register.RecordOf(record.Client()); !reflect.DeepEqual(got, want) {
		t.Errorf("by settings\n%+v\nby command\n%+v", got, want)
	}
	known := []string{"public", "secret"}
	for _, f := range clientFields() {
		known = append(known, f.key)
	}
	_, section, _ := strings.Cut(readFile(t, "..", "..", "docs", "reference", "settings.md"), "\n## apps.ID\n")
	section, _, _ = strings.Cut(section, "\n## ")
	settings := regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` ").FindAllStringSubmatch(section, -1)
	if len(settings) < len(known) {
		t.Errorf("the reference has %d settings of applications, the table %d fields", len(settings), len(known))
	}
	for _, m := range settings {
		if !slices.Contains(known, m[1]) {
			t.Errorf("the setting %s is no field of the table", m[1])
		}
	}
}

func TestEditingClients(t *testing.T) {
	file := settingsFile(t, `apps.managed { secret = "a secret of the file", redirectUris = ["https://shop.example/cb"] }`)
	shown := func() register.Record {
		t.Helper()
		_, out, errOut := ringtail(t, "", "client", "show", "shop", "--conf", file, "--json")
		var r register.Record
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err, errOut)
		}
		return r
	}
	must := func(arguments ...string) string {
		t.Helper()
		code, out, errOut := ringtail(t, "", append(arguments, "--conf", file)...)
		if code != exitOK {
			t.Fatalf("%v: exit code %d: %s", arguments, code, errOut)
		}
		return out
	}
	first := must("client", "add", "shop", "--redirect", "https://shop.example/cb")
	must("client", "edit", "shop", "--name", "Shop", "--add", "redirect=https://shop.example/two", "--add", "grant=device_code", "--require-par")
	must("client", "edit", "shop", "--remove", "redirect=https://shop.example/cb", "--require-par=false")
	if r := shown(); r.Name != "Shop" || !slices.Equal(r.RedirectURIs, []string{"https://shop.example/two"}) || !slices.Contains(r.Grants, idp.GrantDevice) || r.RequirePAR {
		t.Errorf("after edits: %+v", r)
	}
	if second := must("client", "rotate-secret", "shop"); len(second) < 40 || second == first {
		t.Errorf("the new secret is %q", second)
	}
	must("client", "edit", "shop", "--auth", "none")
	if made := must("client", "edit", "shop", "--auth", "client_secret_basic"); len(made) < 40 {
		t.Errorf("a client that needs a secret again got %q", made)
	}
	must("client", "edit", "shop", "--name", "")
	if r := shown(); r.Name != "" {
		t.Errorf("the name is %q", r.Name)
	}
	before := shown()
	for name, c := range map[string]struct {
		arguments []string
		want      int
		says      string
	}{
		"nothing":                 {[]string{"edit", "shop"}, exitUsage, "what to change"},
		"a bad URI":               {[]string{"edit", "shop", "--add", "redirect=http://shop.example/"}, exitRefused, "--redirect holds"},
		"two of three are right":  {[]string{"edit", "shop", "--name", "x", "--tag", "y", "--logo-uri", "javascript:alert(1)"}, exitRefused, "--logo-uri is"},
		"a flag that is no list":  {[]string{"edit", "shop", "--add", "name=x"}, exitUsage, "FLAG is one of redirect"},
		"nothing to remove":       {[]string{"edit", "shop", "--remove", "redirect=https://other.example/"}, exitRefused, "no such value"},
		"nobody":                  {[]string{"edit", "nobody", "--name", "x"}, exitRefused, "no client nobody"},
		"of the file":             {[]string{"edit", "managed", "--name", "x"}, exitRefused, "settings file manages"},
		"the secret of the file":  {[]string{"rotate-secret", "managed"}, exitRefused, "settings file manages"},
		"remove one of the file":  {[]string{"remove", "managed"}, exitRefused, "settings file manages"},
		"show nobody":             {[]string{"show", "nobody"}, exitRefused, "no client nobody"},
		"export nobody":           {[]string{"export", "shop", "nobody"}, exitRefused, "not every one"},
		"a truth that is none":    {[]string{"edit", "shop", "--consent=perhaps"}, exitUsage, "true or false"},
		"a life without unit":     {[]string{"edit", "shop", "--access-token-life", "10"}, exitUsage, "with its unit"},
		"a key set that is none":  {[]string{"edit", "shop", "--jwks", file}, exitRefused, "--jwks can't be used"},
		"a key set that isn't":    {[]string{"edit", "shop", "--jwks", file + ".none"}, exitRefused, "reading --jwks"},
		"public, authenticating":  {[]string{"add", "x", "--redirect", "https://shop.example/cb", "--public", "--auth", "private_key_jwt"}, exitUsage, "doesn't authenticate"},
		"keys, and a secret":      {[]string{"add", "x", "--redirect", "https://shop.example/cb", "--auth", "private_key_jwt", "--secret", "-"}, exitUsage, "has no secret"},
		"one of a registration's": {[]string{"add", "dyn~app~abcdefghijklmnopqrstuvwxyz", "--redirect", "https://shop.example/cb"}, exitRefused, "the ID is"},
	} {
		code, _, errOut := ringtail(t, "", append(append([]string{"client"}, c.arguments...), "--conf", file)...)
		if code != c.want || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: exit code %d: %s", name, code, errOut)
		}
	}
	if after := shown(); !reflect.DeepEqual(after, before) {
		t.Errorf("a refused edit changed\n%+v\nto\n%+v", before, after)
	}
	if _, out, _ := ringtail(t, "", "client", "list", "--conf", file, "--json"); !strings.Contains(out, `"from": "file"`) || !strings.Contains(out, `"from": "database"`) {
		t.Errorf("clients: %s", out)
	}
}

// What only the rules of clients know is told at its place in the file too.
func TestFaultsOfApplicationsHaveAPlace(t *testing.T) {
	file := settingsFile(t, `apps.shop {
    secret = "a secret of the file"
    redirectUris = ["https://shop.example/cb"]
    frontchannelLogoutUri = "https://other.example/fc"
    name = "P\u0430ypal"
    jwks = "{}"
  }`)
	code, _, errOut := ringtail(t, "", "check", "--conf", file)
	if code != exitRefused {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{
		file + ":12:29: blitz.prod.local.idp.apps.shop.frontchannelLogoutUri: is ", file + ":13:12: blitz.prod.local.idp.apps.shop.name: is ",
		file + ":14:12: blitz.prod.local.idp.apps.shop.jwks: can't be used: ",
	} {
		if !strings.Contains(errOut, want) {
			t.Errorf("%q is missing in\n%s", want, errOut)
		}
	}
}
