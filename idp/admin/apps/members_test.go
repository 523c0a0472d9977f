package apps

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

// recordMembers are the names of a registration's members.
func recordMembers() (names []string) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[register.Record]()) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestTheDescriptionHasEveryMember(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
			}
		}
	}
	if err := json.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(doc.Components.Schemas["Application"].Properties)); !slices.Equal(got, recordMembers()) {
		t.Errorf("described are %v, registered %v", got, recordMembers())
	}
}

// Every member has a field in the form, but those that nobody changes by hand.
func TestTheFormHasEveryMember(t *testing.T) {
	var names []string
	for _, g := range groups(idp.ClientRules{}) {
		for _, f := range g.fields {
			names = append(names, f.name)
		}
	}
	for _, name := range []string{"client_id", "subject_type", "software_id", "software_version", "software_statement"} {
		if slices.Contains(names, name) {
			t.Errorf("the form changes %s", name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	if !slices.Equal(names, recordMembers()) {
		t.Errorf("fields are for %v, members are %v", names, recordMembers())
	}
}

// What a form shows and gets back unchanged changes nothing.
func TestFormsAreTrue(t *testing.T) {
	age := int64(0)
	c := &idp.Client{
		ID: "shop", Name: "Shop", AuthMethod: idp.AuthPrivateKeyJWT, RedirectURIs: []string{"https://a.example/", "https://b.example/"},
		Grants: []string{idp.GrantCode, idp.GrantRefresh}, Scopes: []string{"openid", "email"}, SigningAlg: "ES256", WaivePKCE: true, AskConsent: true,
		RequiredFactor: 2, SecondFactors: []string{"flashCall"}, AccessTokenLife: 60e9,
		ClientMetadata: idp.ClientMetadata{
			ResponseTypes: []string{"code", "code id_token"}, JWKS: `{"keys":[{"kty":"OKP"}]}`, DefaultMaxAge: &age, RequirePAR: true, JWTAccessTokens: true,
			SoftwareID: "s", SoftwareStatement: "x.y.z", Tags: []string{"a", "b"}, BackchannelSession: true,
		},
	}
	rules := idp.ClientRules{Algorithms: []string{"RS256", "ES256"}, ClientAlgorithms: []string{"ES256"}, SecondFactors: []string{"flashCall"}}
	all, m := groups(rules), membersOf(c)
	posted := url.Values{}
	for _, g := range newForm(all, m, nil).Groups {
		for _, f := range g.Fields {
			switch f.Kind {
			case kindChoice, kindChecks:
				for _, o := range f.Options {
					if o.Selected {
						posted.Add(f.Name, o.Value)
					}
				}
			case kindCheck:
				if f.Checked {
					posted.Add(f.Name, "true")
				}
			default:
				posted.Add(f.Name, f.Value)
			}
		}
	}
	if problems := read(posted, all, m); len(problems) > 0 {
		t.Fatal(problems)
	}
	record, err := plain(m).record()
	if err != nil {
		t.Fatal(err)
	}
	got, want := register.RecordOf(record.Client()), register.RecordOf(c)
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, form := range map[string]url.Values{
		"a number": {"default_max_age": {"soon"}}, "another": {"access_token_life": {"1e3"}}, "keys": {"jwks": {"{"}},
	} {
		if problems := read(form, groups(idp.ClientRules{}), members{}); len(problems) != 1 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestChangesHideSecrets(t *testing.T) {
	got := changes(&idp.Client{Name: "a", SecretHash: "h1"}, &idp.Client{Name: "b", SecretHash: "h2", Grants: []string{"x"}})
	want := map[string]any{"client_name": []string{"a", "b"}, "grant_types": []string{"", "x"}, "secret": "changed"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

var placeholders = regexp.MustCompile(`\{?\b(ISSUER|REDIRECT|AFTER|SCOPES|HOST)\b|\{ID\}`)

// Words of the settings themselves stay as they are.
func TestRecipesAreGolden(t *testing.T) {
	c := &idp.Client{ID: "shop", SecretHash: "x", RedirectURIs: []string{"https://shop.example/cb"}, Grants: []string{idp.GrantCode}}
	v := values{issuer: "https://login.example.org/blitz", id: c.ID, redirect: c.RedirectURIs[0]}
	for text, parts := range map[string][]string{
		v.apache().Text: {"OIDCClientID shop\n", "OIDCRedirectURI https://shop.example/cb\n", "OIDCProviderMetadataURL https://login.example.org/blitz/.well-known"},
		v.plain(c).Text: {"Client ID      shop\n", "Issuer         https://login.example.org/blitz\n"},
		v.proxy().Text:  {`whitelist_domains = ["login.example.org"]`, `client_id = "shop"`},
		v.golang().Text: {`ClientID: "shop"`, "oidc.ScopeOpenID"},
		v.authjs().Text: {"{ id: 'ringtail'", "clientId: 'shop'"},
	} {
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("no %q in\n%s", part, text)
			}
		}
	}
}

func TestRecipesNameTheClient(t *testing.T) {
	for name, c := range map[string]*idp.Client{
		"confidential": {ID: "shop", SecretHash: "x", RedirectURIs: []string{"https://shop.example/cb"}, Grants: []string{idp.GrantCode}},
		"public":       {ID: "shop", AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://shop.example/cb"}, Grants: []string{idp.GrantCode}},
		"a server":     {ID: "shop", SecretHash: "x", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{"phone_verification"}},
	} {
		for _, r := range recipes("https://login.example.org/blitz", c) {
			if !strings.Contains(r.Text, "shop") || placeholders.MatchString(r.Text) {
				t.Errorf("%s, %s:\n%s", name, r.Title, r.Text)
			}
		}
	}
}
