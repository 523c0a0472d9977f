package server

import (
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/apps"
	"github.com/ringtail-id/ringtail/idp/admin/console"
)

func (s *Server) appsSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	service := &apps.Service{Options: apps.Options{
		Store: o.Store, Files: o.Apps, BuiltIn: []string{account.ClientID, console.ClientID}, Rules: ClientRules(s.signing.Algorithms, o.Policy.Second),
		Keyring: o.Keyring, Trail: c.Trail, Rand: o.Rand,
	}}
	return apps.NewSection(service, c.view, o.issuer(), &apps.TrialOptions{
		Issuer: o.issuer(), Console: console.Address(o.issuer(), c.URL), Provider: c.public, Keyring: o.Keyring,
		Scopes: s.claims.Scopes(), Now: o.Now, Rand: o.Rand,
	}), nil
}
