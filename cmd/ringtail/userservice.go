package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/admin/users"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/server"
)

// commandTrail records what a command does as commandEvent has it.
type commandTrail struct{ in *installation }

// Append implements audit.Trail.
func (t commandTrail) Append(ctx context.Context, e audit.Event) error {
	return t.in.audit.Append(ctx, t.in.commandEvent(e.Type, e.Object, e.Params))
}

// Record implements audit.Recorder. A command is over soon, so it waits for the disk.
func (t commandTrail) Record(ctx context.Context, e audit.Event) {
	if err := t.Append(ctx, e); err != nil {
		t.in.log.Error("a record could not be kept", "type", e.Type, "error", err)
	}
}

// Settle implements audit.Trail.
func (commandTrail) Settle(context.Context) error { return nil }

// whoCommands has the database itself at hand, and so every right.
func whoCommands() *admin.Actor {
	return &admin.Actor{UserID: commandLine, Login: commandLine, Roles: []admin.Role{admin.RoleRoot}}
}

// commandPasswords are the password's limits and policy.
type commandPasswords struct {
	*password.Method
	password.Setter
}

// userService is what the console does with users.
func (in *installation) userService() (*users.Service, error) {
	o := passwordOptions(in.settings.Login.Methods.Password)
	hasher, err := password.NewHasher(password.HasherOptions{Params: o.Params})
	if err != nil {
		return nil, err
	}
	method, err := password.New(password.Options{
		Accounts: in.store, Store: in.store, Hasher: hasher, Settings: func() password.Settings { return o.Settings },
		Hash: func(parts ...string) string { return in.keyring.Hash("password", parts...) }, Normalize: idp.NormalizeLogin,
	})
	if err != nil {
		return nil, err
	}
	f := in.settings.Login.Methods.FlashCall
	codes, err := server.Codes(in.store, in.keyring, adminsettings.CodeSettings(f))
	if err != nil {
		return nil, err
	}
	return &users.Service{Options: users.Options{
		Store: in.store, Clients: in.store, Passwords: commandPasswords{method, password.Setter{Hasher: hasher, Policy: func() password.Policy { return o.Policy }}},
		Calls: &users.Calls{
			Engine: codes, Numbers: flashcall.Numbers{Countries: f.Numbers.Countries, VoIP: f.Numbers.VoIP},
			Routes: func(string, time.Time) []otp.Route { return nil },
		},
		RecoveryHash: server.RecoveryHash(in.keyring), PhoneAttribute: f.PhoneAttribute, Countries: f.Numbers.Countries, Trail: commandTrail{in}, Now: time.Now,
	}}, nil
}

// withUser does something with a user of that login.
func (in *installation) withUser(ctx context.Context, login string, do func(s *users.Service, u *idp.User) error) error {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return err
	}
	s, err := in.userService()
	if err != nil {
		return err
	}
	return told(do(s, u))
}

// told is an error in the words of a command: a problem's ID says what is wrong, and
// its field where.
func told(err error) error {
	var p *idp.Problem
	if !errors.As(err, &p) {
		return err
	}
	return fmt.Errorf("refused: %s", inWords(p))
}

func inWords(p *idp.Problem) string {
	text := p.ID
	if p.Field != "" {
		text += " (" + p.Field + ")"
	}
	for name, value := range p.Args {
		text += fmt.Sprintf(", %s %v", name, value)
	}
	return text
}
