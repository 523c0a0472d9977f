package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/server"
)

func userUnblockCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "unblock LOGIN", Args: args(cobra.ExactArgs(1)),
		Short: "Let a user sign in again: lifts the block of the account, that of the flash call, and the stop of calls to the number on file; prints what it lifted",
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				lifted, err := in.unblock(cmd.Context(), given[0])
				for _, what := range lifted {
					if _, err := fmt.Fprintln(std.out, what); err != nil {
						return err
					}
				}
				if err == nil && len(lifted) == 0 {
					_, err = fmt.Fprintln(std.out, "nothing was blocked")
				}
				return err
			})
		},
	}
	return f.register(cmd)
}

// unblock lifts all that keeps the user from signing in, and says what that was.
func (in *installation) unblock(ctx context.Context, login string) (lifted []string, err error) {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	if u.Blocked {
		if err := in.changeUser(ctx, login, "unblocked", func(u *idp.User) { u.Blocked = false }); err != nil {
			return nil, err
		}
		lifted = append(lifted, "the account is not blocked any more")
	}
	codes, err := server.Codes(in.store, in.keyring, adminsettings.CodeSettings(in.settings.Login.Methods.FlashCall))
	if err != nil {
		return lifted, err
	}
	more, err := in.unblockCalls(ctx, codes, u)
	if len(more) > 0 {
		err = in.record(ctx, err, audit.TypeUserChanged, u.ID, map[string]any{"login": u.Login, "what": more})
	}
	return append(lifted, more...), err
}

// unblockCalls lifts the block of the method, the user's own and that of whoever
// types the number as a first factor, and the stop of the number.
func (in *installation) unblockCalls(ctx context.Context, codes *otp.Engine, u *idp.User) (lifted []string, err error) {
	f := in.settings.Login.Methods.FlashCall
	phone, _, unfit := flashcall.Number(u.Attribute(f.PhoneAttribute), "")
	people := []string{u.ID}
	if unfit == nil {
		people = append(people, codes.NumberKey(phone))
	}
	blocked := false
	for _, person := range people {
		status, err := codes.Status(ctx, "", person)
		if err != nil {
			return nil, err
		}
		blocked = blocked || !status.BlockedUntil.IsZero()
		if err := codes.Unblock(ctx, person); err != nil {
			return nil, err
		}
	}
	if blocked {
		lifted = append(lifted, "the method "+flashcall.ID+" is not blocked any more")
	}
	if unfit != nil {
		return lifted, nil // a number that can't be called can't have been stopped
	}
	stopped, err := codes.Stopped(ctx, phone)
	if err != nil || !stopped {
		return lifted, err
	}
	if err := codes.Allow(ctx, phone); err != nil {
		return lifted, err
	}
	return append(lifted, "calls to "+flashcall.Mask(phone)+" are allowed again"), nil
}
