package idp_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func TestScopesOfAClient(t *testing.T) {
	refresh := []string{idp.GrantCode, idp.GrantRefresh}
	calls := []string{idp.GrantClientCredentials}
	for name, c := range map[string]struct {
		client idp.Client
		scope  string
		want   bool
	}{
		"no list":                       {idp.Client{}, "email", true},
		"in the list":                   {idp.Client{Scopes: []string{"email"}}, "email", true},
		"not in the list":               {idp.Client{Scopes: []string{"email"}}, "phone", false},
		"openid needs no listing":       {idp.Client{Scopes: []string{"email"}}, idp.ScopeOpenID, true},
		"offline without refresh":       {idp.Client{Grants: []string{idp.GrantCode}}, idp.ScopeOfflineAccess, false},
		"offline with refresh":          {idp.Client{Grants: refresh}, idp.ScopeOfflineAccess, true},
		"offline listed, no refresh":    {idp.Client{Scopes: []string{idp.ScopeOfflineAccess}}, idp.ScopeOfflineAccess, false},
		"refresh, offline isn't listed": {idp.Client{Grants: refresh, Scopes: []string{"email"}}, idp.ScopeOfflineAccess, false},
		"verifying isn't in no list":    {idp.Client{Grants: calls}, idp.ScopePhoneVerification, false},
		"verifying by name":             {idp.Client{Grants: calls, Scopes: []string{idp.ScopePhoneVerification}}, idp.ScopePhoneVerification, true},
		"verifying without the grant":   {idp.Client{Grants: refresh, Scopes: []string{idp.ScopePhoneVerification}}, idp.ScopePhoneVerification, false},
	} {
		if got := c.client.AllowsScope(c.scope); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
