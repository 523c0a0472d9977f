package claims_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

var update = flag.Bool("update", false, "write the generated part of docs/reference/openid.md")

const (
	begins = "<!-- Made by `go test ./idp/claims -update`. -->\n"
	ends   = "<!-- End of what is made. -->\n"
)

// The standard scopes, their claims and the claims' types are in the reference as
// the code has them.
func TestReferencePage(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "reference", "openid.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(page), begins)
	_, after, ended := strings.Cut(rest, ends)
	if !begun || !ended {
		t.Fatal("the reference lacks the place for what is made")
	}
	want := before + begins + "\n" + scopeTable(t) + "\n" + claimTable(t) + "\n" + ends + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Error("docs/reference/openid.md is out of date; write it anew with: go test ./idp/claims -update")
	}
}

func scopeTable(t *testing.T) string {
	t.Helper()
	set := newSet(t)
	notes := map[string]string{
		idp.ScopeOpenID:            "`sub`",
		idp.ScopeOfflineAccess:     "none; it gives a refresh token to clients with that grant",
		idp.ScopePhoneVerification: "none; see [tokens of clients for themselves](#tokens-of-clients-for-themselves)",
	}
	var b strings.Builder
	b.WriteString("| scope | claims at the userinfo endpoint |\n|---|---|\n")
	for _, scope := range append(set.Scopes(), idp.ScopePhoneVerification) {
		shown := notes[scope]
		if names := set.ClaimsOf(scope); len(names) > 0 {
			shown = "`" + strings.Join(names, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", scope, shown)
	}
	return b.String()
}

func claimTable(t *testing.T) string {
	t.Helper()
	set := newSet(t)
	made := map[string]string{
		"preferred_username":       "the attribute, or the login",
		"updated_at":               "when the account was changed last, in Unix seconds",
		"email_verified":           "whether the attribute is `true`; there with `email` alone",
		"phone_number":             "the attribute that `login.methods.flashCall.phoneAttribute` names, as E.164",
		"phone_number_verified":    "whether the number that there is now was confirmed by a call or a message; there with `phone_number` alone",
		"phone_number_verified_at": "our own: when it was confirmed last, in Unix seconds; there where `phone_number_verified` is true",
		"address":                  "`formatted` (the attribute `address`), `street_address`, `locality`, `region`, `postal_code`, `country`: those that there are",
	}
	full := &idp.User{Login: "anna", UpdatedAt: time.Unix(1, 0), Attributes: map[string]string{"phone_number_verified": "true", "phone_number_verified_at": "1"}}
	for _, name := range set.Names() {
		if full.Attributes[name] == "" {
			full.Attributes[name] = "79991234567"
		}
	}
	shown := set.Of(full, nil, set.Names())
	var b strings.Builder
	b.WriteString("| claim of the person | type | what it is |\n|---|---|---|\n")
	for _, name := range set.Names() {
		what := made[name]
		if what == "" {
			what = "the attribute"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, typeOf(shown[name]), what)
	}
	return b.String()
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case int64:
		return "number"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

// Every template of the how-to gives what the how-to says.
func TestTemplatesOfTheHowTo(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "how-to", "add-a-scope.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| template | gives | |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	u := &idp.User{Login: "anna", Attributes: map[string]string{
		"email": "Anna@shop.example", "phone_number": "79991234567", "given_name": "Anna", "family_name": "Ivanova",
		"level": "7", "staff": "true", "groups": "sales, support",
	}}
	tried := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		template, gives := strings.Trim(strings.TrimSpace(cells[0]), "`"), strings.Trim(strings.TrimSpace(cells[1]), "`")
		var want any
		if gives != "no claim" {
			if err := json.Unmarshal([]byte(gives), &want); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
		set, err := claims.New(claims.Options{Scopes: []claims.Scope{{Name: "x", Claims: map[string]string{"x": template}}}})
		if err != nil {
			t.Errorf("%s: %v", template, err)
			continue
		}
		var got any
		text, err := json.Marshal(set.Of(u, []string{"x"}, nil)["x"])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %s, the how-to says %s", template, text, gives)
		}
		tried++
	}
	if tried < 12 {
		t.Errorf("only %d templates were found", tried)
	}
}
