package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/server"
)

// loadApp loads settings with an override that makes an application.
func loadApp(app string) error {
	s, _, err := conf.Load(conf.Options{Set: []string{"login.methods.flashCall.driver=example", app}})
	if err != nil {
		return err
	}
	return appFaults(s)
}

// The same for clients that sign nobody in.
func TestTheSameRulesForServersOfBothOrigins(t *testing.T) {
	code := []string{"https://shop.example/cb"}
	for name, c := range map[string]struct {
		public            bool
		redirects, grants []string
		scopes            []string
		want              bool
	}{
		"client credentials alone":            {false, nil, []string{"client_credentials"}, []string{"phone_verification"}, true},
		"without a scope":                     {false, nil, []string{"client_credentials"}, nil, true},
		"beside the code flow":                {false, code, []string{"authorization_code", "client_credentials"}, nil, true},
		"the code flow without a redirect":    {false, nil, []string{"authorization_code", "client_credentials"}, nil, false},
		"with refresh":                        {false, nil, []string{"client_credentials", "refresh_token"}, nil, false},
		"public":                              {true, code, []string{"authorization_code", "client_credentials"}, nil, false},
		"no grant":                            {false, nil, []string{}, nil, false},
		"phone_verification by the code flow": {false, code, []string{"authorization_code"}, []string{"phone_verification"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			client := idp.Client{ID: "app", SecretHash: "hash", RedirectURIs: c.redirects, Grants: c.grants, Scopes: c.scopes, SigningAlg: "RS256"}
			credentials := `secret="correct horse battery"`
			if c.public {
				client.SecretHash, client.AuthMethod, credentials = "", idp.AuthNone, "public=true"
			}
			if err := client.Validate(server.ClientRules([]string{"RS256"}, nil)); (err == nil) != c.want {
				t.Errorf("command line: %v, want accepted %v", err, c.want)
			}
			quoted := make([]string, len(c.redirects))
			for i, uri := range c.redirects {
				quoted[i] = fmt.Sprintf("%q", uri)
			}
			app := fmt.Sprintf(`apps.app={%s,redirectUris=[%s],grants=[%s],scopes=[%s]}`, credentials,
				strings.Join(quoted, ","), strings.Join(c.grants, ","), strings.Join(c.scopes, ","))
			if err := loadApp(app); (err == nil) != c.want {
				t.Errorf("settings file: %v, want accepted %v", err, c.want)
			}
		})
	}
}

// A client of the file and one of the command line are held to the same rules.
func TestTheSameRulesForClientsOfBothOrigins(t *testing.T) {
	for name, c := range map[string]struct {
		id, redirect, grants, alg string
		want                      bool
	}{
		"https":                      {"app", "https://shop.example/cb", "authorization_code", "RS256", true},
		"http on localhost":          {"app", "http://localhost:8401/cb", "authorization_code", "RS256", true},
		"http on a loopback address": {"app", "http://127.0.0.1/cb", "authorization_code", "ES256", true},
		"http elsewhere":             {"app", "http://shop.example/cb", "authorization_code", "RS256", false},
		"a private scheme":           {"app", "com.example.app:/cb", "authorization_code", "EdDSA", true},
		"javascript":                 {"app", "javascript:alert(1)", "authorization_code", "RS256", false},
		"a fragment":                 {"app", "https://shop.example/cb#x", "authorization_code", "RS256", false},
		"a user":                     {"app", "https://me@shop.example/cb", "authorization_code", "RS256", false},
		"relative":                   {"app", "/cb", "authorization_code", "RS256", false},
		"an ID with a colon":         {"a:b", "https://shop.example/cb", "authorization_code", "RS256", false},
		"an ID with a tilde":         {"a~b", "https://shop.example/cb", "authorization_code", "RS256", false},
		"refresh alone":              {"app", "https://shop.example/cb", "refresh_token", "RS256", false},
		"a password grant":           {"app", "https://shop.example/cb", "authorization_code,password", "RS256", false},
		"no signature":               {"app", "https://shop.example/cb", "authorization_code", "none", false},
	} {
		t.Run(name, func(t *testing.T) {
			grants := strings.Split(c.grants, ",")
			client := idp.Client{ID: c.id, AuthMethod: idp.AuthNone, RedirectURIs: []string{c.redirect}, Grants: grants, SigningAlg: c.alg}
			if err := client.Validate(server.ClientRules([]string{"RS256", "ES256", "EdDSA"}, nil)); (err == nil) != c.want {
				t.Errorf("command line: %v, want accepted %v", err, c.want)
			}
			app := fmt.Sprintf(`apps.%q={public=true,redirectUris=[%q],grants=[%s],signingAlg=%q}`, c.id, c.redirect, c.grants, c.alg)
			if err := loadApp(app); (err == nil) != c.want {
				t.Errorf("settings file: %v, want accepted %v", err, c.want)
			}
		})
	}
}
