package main

import (
	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/register"
	"github.com/ringtail-id/ringtail/idp/server"
)

// registration is how software registers itself; nil where it can't.
func registration(r conf.Registration) *server.Registration {
	if !r.Enabled {
		return nil
	}
	statements := register.Statements{Required: r.Statements.Required}
	for _, i := range r.Statements.Issuers {
		statements.Issuers = append(statements.Issuers, register.Issuer{Issuer: i.Issuer, Keys: keyset.Source{Document: i.JWKS, URI: i.JWKSURI}})
	}
	return &server.Registration{
		Open: r.Open, Statements: statements, Most: r.Most, PerNetworkHour: r.PerNetworkHour, UnusedFor: r.UnusedFor,
		Policy: register.Policy{
			Grants: r.Grants, ResponseTypes: r.ResponseTypes, Scopes: r.Scopes, AuthMethods: r.AuthMethods, WaivePKCE: r.WaivePKCE,
		},
	}
}
