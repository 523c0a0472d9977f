package request_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func TestClaimsAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		claims string
		want   idp.ClaimsRequest
	}{
		"nothing":                       {`{}`, idp.ClaimsRequest{}},
		"null members":                  {`{"userinfo":null,"id_token":null}`, idp.ClaimsRequest{}},
		"members of nobody":             {`{"access_token":{"name":null},"Userinfo":{"name":null}}`, idp.ClaimsRequest{}},
		"claims of nobody":              {`{"userinfo":{"unheard-of":null,"name#ja-Kana-JP":null,"Name":null}}`, idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{}}},
		"null, essential and voluntary": {`{"userinfo":{"name":null},"id_token":{"email":{"essential":true},"name":{"essential":false}}}`, idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"name": nil}, IDToken: map[string]*idp.ClaimWish{"email": {Essential: true}, "name": {}}}},
		"values":                        {`{"userinfo":{"name":{"value":"a"},"email":{"values":["a","b"]}}}`, idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"name": {Value: "a"}, "email": {Values: []any{"a", "b"}}}}},
		"members of a wish of nobody":   {`{"userinfo":{"name":{"purpose":"fun"}}}`, idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"name": {}}}},
		"acr as wished for, unknown":    {`{"id_token":{"acr":{"values":["urn:unheard-of"]}}}`, idp.ClaimsRequest{IDToken: map[string]*idp.ClaimWish{}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, refusal := read(t, asked("app", "claims", c.claims))
			if refusal != nil || !reflect.DeepEqual(got.Claims, &c.want) {
				t.Errorf("%q: %+v, want %+v", refusedAs(refusal), got, c.want)
			}
		})
	}
}

func TestClaimsAreRefused(t *testing.T) {
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	var names []string
	for i := range 65 {
		names = append(names, `"c`+strings.Repeat("x", i)+`":null`)
	}
	for name, c := range map[string]struct{ claims, want string }{
		"no JSON":              {`name`, "invalid_request"},
		"half of it":           {`{"userinfo":{"name":null}`, "invalid_request"},
		"more than it":         {`{}{}`, "invalid_request"},
		"null":                 {`null`, "invalid_request"},
		"a list":               {`[]`, "invalid_request"},
		"a text":               {`"userinfo"`, "invalid_request"},
		"a member as a list":   {`{"userinfo":["name"]}`, "invalid_request"},
		"a member as a text":   {`{"id_token":"name"}`, "invalid_request"},
		"a claim as true":      {`{"userinfo":{"name":true}}`, "invalid_request"},
		"essential as text":    {`{"userinfo":{"name":{"essential":"true"}}}`, "invalid_request"},
		"values that are one":  {`{"userinfo":{"name":{"values":"a"}}}`, "invalid_request"},
		"a name twice":         {`{"userinfo":{"name":null},"userinfo":{"email":null}}`, "invalid_request"},
		"a claim twice":        {`{"userinfo":{"name":null,"name":{"essential":true}}}`, "invalid_request"},
		"not UTF-8":            {"{\"userinfo\":{\"\xff\":null}}", "invalid_request"},
		"a bomb of brackets":   {strings.Repeat("[", 4000), "invalid_request"},
		"a deep value":         {`{"userinfo":{"name":{"value":` + strings.Repeat("[", 6) + strings.Repeat("]", 6) + `}}}`, "invalid_request"},
		"a bomb of objects":    {strings.Repeat(`{"a":`, 800) + "1" + strings.Repeat("}", 800), "invalid_request"},
		"a bomb of names":      {`{"userinfo":{` + strings.Join(names, ",") + `}}`, "invalid_request"},
		"a bomb of values":     {`{"userinfo":{"name":{"values":[` + many(17, "1") + `]}}}`, "invalid_request"},
		"a long one":           {`{"x":"` + strings.Repeat("x", 4096) + `"}`, "invalid_request"},
		"longer than anything": {`{"x":"` + strings.Repeat("x", 9000) + `"}`, "invalid_request"},
		"sub as a number":      {`{"id_token":{"sub":{"value":1}}}`, "invalid_request"},
		"sub of two persons":   {`{"id_token":{"sub":{"values":["a","b"]}}}`, "invalid_request"},
		"sub in both, not one": {`{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}`, "invalid_request"},
		"acr as a number":      {`{"id_token":{"acr":{"values":[2]}}}`, "invalid_request"},
		"acr that none reach":  {`{"id_token":{"acr":{"essential":true,"values":["urn:unheard-of"]}}}`, "unmet_authentication_requirements"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, refusal := read(t, asked("app", "claims", c.claims)); refusedAs(refusal) != c.want+" query" {
				t.Errorf("%q, want %q: %+v", refusedAs(refusal), c.want, got)
			}
		})
	}
	if _, refusal := read(t, asked("all", "response_type", "id_token", "claims", `{"userinfo":{"name":null}}`)); refusedAs(refusal) != "invalid_request fragment" {
		t.Errorf("userinfo without an access token: %q", refusedAs(refusal))
	}
}

func TestClassesOfClaims(t *testing.T) {
	one, two := idp.ACROneFactor, idp.ACRTwoFactors
	for name, c := range map[string]struct {
		claims, values string
		want           []string
		essential      bool
	}{
		"essential with values":            {`{"essential":true,"values":["urn:unheard-of","` + two + `","` + one + `"]}`, "", []string{two, one}, true},
		"essential with a value":           {`{"essential":true,"value":"` + two + `"}`, "", []string{two}, true},
		"essential and no value":           {`{"essential":true}`, two, []string{two}, false},
		"voluntary":                        {`{"values":["` + two + `"]}`, "", []string{two}, false},
		"claims before values":             {`{"essential":true,"value":"` + two + `"}`, one, []string{two}, true},
		"values, the claims' aren't known": {`{"value":"urn:unheard-of"}`, one, []string{one}, false},
		"null":                             {`null`, one, []string{one}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, refusal := read(t, asked("app", "claims", `{"id_token":{"acr":`+c.claims+`}}`, "acr_values", c.values))
			if refusal != nil || !reflect.DeepEqual(got.ACRValues, c.want) || got.ACREssential != c.essential {
				t.Errorf("%q: %+v", refusedAs(refusal), got)
			}
		})
	}
}

// FuzzClaims: whatever a stranger sends is read or refused, and what is kept is
// bounded.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{`{}`, `{"userinfo":{"name":{"values":[1,{"a":[]}]}}}`, `{"id_token":{"acr":{"essential":true,"value":"x"}}}`, `[[[[`, `{"a":1,"a":2}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, claims string) {
		got, refusal := read(t, asked("app", "claims", claims))
		if (got == nil) == (refusal == nil) {
			t.Fatal("neither a request nor a refusal, or both")
		}
		if got == nil || got.Claims == nil {
			return
		}
		for name := range got.Claims.Userinfo {
			if name != "name" && name != "email" {
				t.Errorf("a claim of nobody is kept: %q", name)
			}
		}
	})
}
