package consent_test

import (
	"slices"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/consent"
)

func TestAsked(t *testing.T) {
	set, err := claims.New(claims.Options{Scopes: []claims.Scope{{Name: "contacts", Claims: map[string]string{"email": "${email}"}}}})
	if err != nil {
		t.Fatal(err)
	}
	wishes := func(names ...string) map[string]*idp.ClaimWish {
		all := map[string]*idp.ClaimWish{}
		for _, name := range names {
			all[name] = &idp.ClaimWish{Essential: true}
		}
		return all
	}
	scope := func(name string) consent.Item { return consent.Item{Kind: consent.Scope, Name: name} }
	claim := func(name string) consent.Item { return consent.Item{Kind: consent.Claim, Name: name} }
	for name, c := range map[string]struct {
		scopes []string
		claims *idp.ClaimsRequest
		want   []consent.Item
		client idp.Client
	}{
		"scopes in their order":          {[]string{"openid", "phone", "email"}, nil, []consent.Item{scope("openid"), scope("phone"), scope("email")}, idp.Client{}},
		"a scope twice":                  {[]string{"openid", "openid"}, nil, []consent.Item{scope("openid")}, idp.Client{}},
		"claims by name":                 {[]string{"openid"}, &idp.ClaimsRequest{Userinfo: wishes("name"), IDToken: wishes("email", "name")}, []consent.Item{scope("openid"), claim("email"), claim("name")}, idp.Client{}},
		"a claim that a scope shows":     {[]string{"openid", "email"}, &idp.ClaimsRequest{Userinfo: wishes("email", "name")}, []consent.Item{scope("openid"), scope("email"), claim("name")}, idp.Client{}},
		"a claim that another one shows": {[]string{"contacts"}, &idp.ClaimsRequest{IDToken: wishes("email")}, []consent.Item{scope("contacts")}, idp.Client{}},
		"claims of the protocol":         {[]string{"openid"}, &idp.ClaimsRequest{IDToken: wishes("acr", "auth_time", "sub", "nothing")}, []consent.Item{scope("openid")}, idp.Client{}},
		"claims of every ID token": {scopes: []string{"openid"}, want: []consent.Item{scope("openid"), claim("email"), claim("name")},
			claims: &idp.ClaimsRequest{Userinfo: wishes("name")}, client: idp.Client{ClientMetadata: idp.ClientMetadata{IDTokenClaims: []string{"name", "email"}}}},
		"a claim that the client can't get": {scopes: []string{"openid"}, want: []consent.Item{scope("openid"), claim("email")},
			claims: &idp.ClaimsRequest{Userinfo: wishes("name", "email")}, client: idp.Client{Scopes: []string{"contacts"}}},
		"a null wish": {nil, &idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"email": nil}}, []consent.Item{claim("email")}, idp.Client{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := consent.Asked(set, &c.client, &idp.AuthorizationRequest{Scopes: c.scopes, Claims: c.claims})
			if !slices.Equal(got, c.want) {
				t.Errorf("%v; want %v", got, c.want)
			}
		})
	}
}

// A scope and a claim of one name are two things.
func TestNew(t *testing.T) {
	scope, claim := consent.Item{Kind: consent.Scope, Name: "address"}, consent.Item{Kind: consent.Claim, Name: "address"}
	if got := consent.New([]consent.Item{scope, claim}, []consent.Item{claim}); !slices.Equal(got, []consent.Item{scope}) {
		t.Errorf("new are %v", got)
	}
	if got := consent.New([]consent.Item{scope}, []consent.Item{claim, scope}); got != nil {
		t.Errorf("new are %v", got)
	}
}
