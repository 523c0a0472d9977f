package claims_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

func newSet(t *testing.T, scopes ...claims.Scope) *claims.Set {
	t.Helper()
	set, err := claims.New(claims.Options{Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestStandardScopes(t *testing.T) {
	full := &idp.User{ID: "u1", Login: "anna", UpdatedAt: time.Unix(1700000000, 0), Attributes: map[string]string{
		"name": "Anna", "birthdate": "2000-01-02", "email": "anna@example.com", "email_verified": "true",
		"phone_number": "79991234567", "phone_number_verified": "true", "phone_number_verified_at": "1690000000",
		"address": "Lenina 1\nMoscow", "locality": "Moscow", "country": "RU", "role": "root",
	}}
	bare := &idp.User{ID: "u2", Login: "bob", Attributes: map[string]string{"phone_number": "12", "email_verified": "true"}}
	for name, c := range map[string]struct {
		user   *idp.User
		scopes []string
		names  []string
		want   map[string]any
	}{
		"openid":  {full, []string{"openid", "offline_access"}, nil, map[string]any{}},
		"profile": {full, []string{"openid", "profile"}, nil, map[string]any{"name": "Anna", "birthdate": "2000-01-02", "preferred_username": "anna", "updated_at": int64(1700000000)}},
		"email":   {full, []string{"email"}, nil, map[string]any{"email": "anna@example.com", "email_verified": true}},
		"phone": {full, []string{"phone"}, nil, map[string]any{
			"phone_number": "+79991234567", "phone_number_verified": true, "phone_number_verified_at": int64(1690000000)}},
		"address":                  {full, []string{"address"}, nil, map[string]any{"address": map[string]any{"formatted": "Lenina 1\nMoscow", "locality": "Moscow", "country": "RU"}}},
		"nothing on file":          {bare, []string{"email", "phone", "address"}, nil, map[string]any{}},
		"the login at least":       {bare, []string{"profile"}, nil, map[string]any{"preferred_username": "bob"}},
		"by name":                  {full, []string{"openid"}, []string{"email", "birthdate"}, map[string]any{"email": "anna@example.com", "birthdate": "2000-01-02"}},
		"the subject by name":      {full, nil, []string{"sub", "iss", "role", "password_hash", "PasswordHash", "x"}, map[string]any{}},
		"a scope that there isn't": {full, []string{"role", "groups"}, nil, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := newSet(t).Of(c.user, c.scopes, c.names); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v; want %v", got, c.want)
			}
		})
	}
}

// An unverified number is told, with false, and without a time.
func TestUnverifiedNumber(t *testing.T) {
	set, err := claims.New(claims.Options{PhoneAttribute: "mobile"})
	if err != nil {
		t.Fatal(err)
	}
	u := &idp.User{Attributes: map[string]string{"mobile": "+7 999 123-45-67", "phone_number": "79990000000", "phone_number_verified_at": "1690000000"}}
	want := map[string]any{"phone_number": "+79991234567", "phone_number_verified": false}
	if got := set.Of(u, []string{"phone"}, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}

func TestCustomScopes(t *testing.T) {
	set := newSet(t,
		claims.Scope{Name: "contacts", Claims: map[string]string{"email": "${email}", "phone_masked": "${phone_number&digits&maskInMiddle(4,2)}"}},
		claims.Scope{Name: "profile", Claims: map[string]string{"name": "${family_name-} ${given_name-}", "department": "${department}"}},
		claims.Scope{Name: "orders.read", ClientLevel: true},
		claims.Scope{Name: "address", Disabled: true},
		claims.Scope{Name: "old", Disabled: true, Claims: map[string]string{"old": "x"}},
	)
	if want := []string{"openid", "profile", "email", "phone", "offline_access", "contacts"}; !slices.Equal(set.Scopes(), want) {
		t.Errorf("scopes %v; want %v", set.Scopes(), want)
	}
	if want := []string{"orders.read"}; !slices.Equal(set.ClientScopes(), want) {
		t.Errorf("scopes of clients %v; want %v", set.ClientScopes(), want)
	}
	if want := []string{"email", "contacts"}; !slices.Equal(set.ScopeOf("email"), want) {
		t.Errorf("email is shown by %v; want %v", set.ScopeOf("email"), want)
	}
	for _, gone := range []string{"address", "old"} {
		if slices.Contains(set.Names(), gone) {
			t.Errorf("the claim %s of a scope that is off is offered", gone)
		}
	}
	u := person()
	u.Attributes["family_name"], u.Attributes["address"], u.Attributes["department"] = "Ivanova", "x", "IT"
	got := set.Of(u, []string{"profile", "contacts", "address", "old", "orders.read"}, []string{"old", "address"})
	want := map[string]any{
		"name": "Ivanova", "family_name": "Ivanova", "department": "IT", "preferred_username": "anna", "email": "Anna@Example.com", "phone_masked": "7999*****67",
	}
	if got := got; !reflect.DeepEqual(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}

// A scope of the settings that shows a standard claim as it is shows it as the
// standard wants it, whichever of the two comes first.
func TestStandardClaimInAnotherScope(t *testing.T) {
	for _, name := range []string{"aaa", "zzz"} {
		set := newSet(t,
			claims.Scope{Name: name, Claims: map[string]string{"phone_number": "${phone_number}", "name": "${name}"}},
			claims.Scope{Name: "profile", Claims: map[string]string{"name": "${name&upper}"}},
		)
		want := map[string]any{"phone_number": "+79991234567", "name": "ANNA Ä."}
		if got := set.Of(person(), []string{name}, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("%v; want %v", got, want)
		}
	}
}

func TestScopeFaults(t *testing.T) {
	with := func(name, claim, template string) claims.Scope {
		return claims.Scope{Name: name, Claims: map[string]string{claim: template}}
	}
	for name, c := range map[string]struct {
		scopes []claims.Scope
		want   string
	}{
		"a name with a blank":                   {[]claims.Scope{{Name: "a b"}}, "no name of a scope"},
		"openid":                                {[]claims.Scope{with("openid", "x", "y")}, "rule of its own"},
		"offline_access":                        {[]claims.Scope{{Name: "offline_access", Disabled: true}}, "rule of its own"},
		"phone_verification":                    {[]claims.Scope{{Name: "phone_verification", ClientLevel: true}}, "rule of its own"},
		"twice":                                 {[]claims.Scope{{Name: "a"}, {Name: "a"}}, "stands twice"},
		"the profile for clients":               {[]claims.Scope{{Name: "profile", ClientLevel: true}}, "take clientLevel out"},
		"claims for clients":                    {[]claims.Scope{{Name: "a", ClientLevel: true, Claims: map[string]string{"x": "y"}}}, "can't show claims"},
		"a claim with a blank":                  {[]claims.Scope{with("a", "x y", "z")}, "no name of a claim"},
		"a standard claim of another scope":     {[]claims.Scope{with("a", "email_verified", "true")}, "a claim of the scope email"},
		"a masked standard claim":               {[]claims.Scope{with("a", "phone_number", "${phone_number&maskInMiddle(3,3)}")}, "a claim of the scope phone"},
		"one claim with two meanings":           {[]claims.Scope{with("a", "x", "${y}"), with("b", "x", "${z}")}, `is "${y}" in another scope`},
		"a template that can't be":              {[]claims.Scope{with("a", "x", "${y")}, "character 1: ${ has no }"},
		"the password":                          {[]claims.Scope{with("a", "pw", "${password}")}, "sounds like a secret"},
		"the hash of the password as a profile": {[]claims.Scope{with("profile", "nickname", "${nickname-$password_hash}")}, "sounds like a secret"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := claims.New(claims.Options{Scopes: c.scopes})
			var fault *claims.Fault
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want a fault with %q", err, c.want)
			}
		})
	}
}

// What tokens and answers say of themselves is never a template's, in whatever
// letters, and not in a standard scope either.
func TestProtocolClaimsAreRefused(t *testing.T) {
	for _, claim := range []string{
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash",
		"sid", "events", "client_id", "scope", "act", "may_act", "cnf", "active", "token_type", "username", "_claim_sources", "SUB", "Acr",
	} {
		for _, scope := range []string{"custom", "profile"} {
			_, err := claims.New(claims.Options{Scopes: []claims.Scope{{Name: scope, Claims: map[string]string{claim: "${email}"}}}})
			if err == nil || !strings.Contains(err.Error(), "protocol's own") {
				t.Errorf("the scope %s may set %s: %v", scope, claim, err)
			}
		}
	}
}

// A client gets a claim by name only where it may ask for a scope that shows it.
func TestClaimsByNameFollowTheClientsScopes(t *testing.T) {
	set := newSet(t, claims.Scope{Name: "contacts", Claims: map[string]string{"email": "${email}"}}, claims.Scope{Name: "staff", Claims: map[string]string{"role": "${role}"}})
	asked := []string{"email", "role", "role", "name", "sub", "password", "phone_number"}
	for name, c := range map[string]struct{ scopes, want []string }{
		"every scope":        {nil, []string{"email", "role", "name", "phone_number"}},
		"one":                {[]string{"staff"}, []string{"role"}},
		"another way to it":  {[]string{"contacts"}, []string{"email"}},
		"none that shows it": {[]string{"openid", "address"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			client := &idp.Client{ID: "c", Scopes: c.scopes}
			if got := set.Askable(client, asked); !slices.Equal(got, c.want) {
				t.Errorf("%v; want %v", got, c.want)
			}
		})
	}
}

func TestTitles(t *testing.T) {
	set := newSet(t,
		claims.Scope{Name: "a", Title: map[string]string{"en": "Orders", "ru": "Заказы"}, Description: map[string]string{"default": "All of them"}},
		claims.Scope{Name: "b", Title: map[string]string{"ru": "Заказы"}},
	)
	for _, c := range []struct{ got, want string }{
		{set.Title("a", "ru"), "Заказы"}, {set.Title("a", "en"), "Orders"}, {set.Title("a", "de"), "Orders"},
		{set.Description("a", "ru"), "All of them"}, {set.Title("b", "en"), "Заказы"},
		{set.Title("profile", "en"), ""}, {set.Title("nobody", "en"), ""}, {set.Description("b", "en"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q; want %q", c.got, c.want)
		}
	}
}
