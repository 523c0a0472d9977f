package server

import (
	"context"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/users"
)

// passwords are the method's limits with the policy of new passwords.
type passwords struct {
	*password.Method
	setter password.Setter
}

// Make implements users.Passwords.
func (p passwords) Make(ctx context.Context, login, old, typed string) (string, error) {
	return p.setter.Make(ctx, login, old, typed)
}

func (s *Server) usersSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	options := users.Options{
		Store: o.Store, Clients: c.clients, Passwords: passwords{s.password, s.setter}, RecoveryHash: RecoveryHash(o.Keyring),
		PhoneAttribute: idp.AttributePhone, Trail: c.Trail, View: c.view, Now: o.Now, Rand: o.Rand,
		Describe: func(p *idp.Problem) string {
			told := c.shown.Describe("en", p)
			return told.Text + " " + told.Hint
		},
	}
	if f := o.FlashCall; f != nil && s.calls != nil {
		options.PhoneAttribute, options.Countries = f.PhoneAttribute, f.Numbers.Countries
		options.Calls = &users.Calls{Engine: s.calls, Numbers: f.Numbers, Routes: s.sender.Routes}
	}
	return users.New(options)
}
