package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
)

// commandLine is who gave roles by a command.
const commandLine = "the command line"

func adminCommand(std stdio) *cobra.Command {
	return group("admin", "Manage who may use the administrators' console",
		adminAddCommand(std), adminGrantCommand(std), adminRevokeCommand(std), adminListCommand(std))
}

func (in *installation) administrators() *administrators.Service {
	return &administrators.Service{Store: in.store, Users: in.store, Trail: in.trail(), Now: time.Now}
}

// roleFlag is --role, which may be repeated.
func roleFlag(cmd *cobra.Command, roles *[]string, otherwise ...string) {
	known := make([]string, 0, len(admin.Roles()))
	for _, r := range admin.Roles() {
		known = append(known, string(r))
	}
	cmd.Flags().StringArrayVar(roles, "role", otherwise, "`ROLE`, one of "+strings.Join(known, ", ")+"; may be repeated")
}

func readRoles(given []string) ([]admin.Role, error) {
	var roles []admin.Role
	for _, name := range given {
		if !admin.Role(name).Valid() {
			return nil, usageError{fmt.Errorf("there is no role %q", name)}
		}
		roles = append(roles, admin.Role(name))
	}
	return roles, nil
}

func adminAddCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var given []string
	var phone, source string
	cmd := &cobra.Command{
		Use: "add LOGIN", Short: "Make somebody an administrator; creates the user where there is none", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, logins []string) error {
			roles, err := readRoles(given)
			if err != nil {
				return err
			}
			typed, err := readSecret(std.in, "password", source)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				u, err := in.newAdministrator(cmd.Context(), logins[0], phone, typed, std)
				if err != nil {
					return err
				}
				if err := in.appoint(cmd.Context(), u, func(before []admin.Role) []admin.Role { return append(before, roles...) }); err != nil {
					return err
				}
				_, err = fmt.Fprintln(std.out, u.ID)
				return err
			})
		},
	}
	roleFlag(cmd, &given, string(admin.RoleRoot))
	cmd.Flags().StringVar(&phone, "phone", "", "mobile `NUMBER` of a new user, with its country code")
	cmd.Flags().StringVar(&source, "password", "", "\"-\" reads a new user's password from standard input")
	return f.register(cmd)
}

// newAdministrator is the user of the login, made where there is none.
func (in *installation) newAdministrator(ctx context.Context, login, phone, password string, std stdio) (*idp.User, error) {
	u, err := in.store.UserByLogin(ctx, login)
	if err == nil && (phone != "" || password != "") {
		return nil, fmt.Errorf("there is a user %s already: leave --phone and --password out", u.Login)
	}
	if !errors.Is(err, idp.ErrNotFound) {
		return u, err
	}
	if password == "" {
		return nil, fmt.Errorf("there is no user %s yet: give a password, --password -", login)
	}
	if u, err = in.newUser(login, phone, nil); err != nil {
		return nil, err
	}
	u.RequiredFactor = 2
	if err := in.addUser(ctx, u, password); err != nil {
		return nil, err
	}
	in.warnOfPhone(u, std)
	return u, nil
}

func (in *installation) appoint(ctx context.Context, u *idp.User, change func([]admin.Role) []admin.Role) error {
	err := in.administrators().Appoint(ctx, commandLine, u.ID, change)
	if errors.Is(err, administrators.ErrLastRoot) {
		return fmt.Errorf("%s stays root: %w; give root to somebody else first", u.Login, err)
	}
	return err
}

func adminGrantCommand(std stdio) *cobra.Command {
	return adminChangeCommand(std, "grant LOGIN", "Give roles to a user, beside those that they have", false, func(before, roles []admin.Role) []admin.Role {
		return append(before, roles...)
	})
}

func adminRevokeCommand(std stdio) *cobra.Command {
	return adminChangeCommand(std, "revoke LOGIN", "Take roles from an administrator, all without --role; it counts at once", true, func(before, roles []admin.Role) []admin.Role {
		if len(roles) == 0 {
			return nil
		}
		return slices.DeleteFunc(before, func(r admin.Role) bool { return slices.Contains(roles, r) })
	})
}

func adminChangeCommand(std stdio, use, short string, mayBeAll bool, change func(before, roles []admin.Role) []admin.Role) *cobra.Command {
	var f settingsFlags
	var given []string
	cmd := &cobra.Command{
		Use: use, Short: short, Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, logins []string) error {
			roles, err := readRoles(given)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				u, err := in.userByLogin(cmd.Context(), logins[0])
				if err != nil {
					return err
				}
				return in.appoint(cmd.Context(), u, func(before []admin.Role) []admin.Role { return change(before, roles) })
			})
		},
	}
	roleFlag(cmd, &given)
	if !mayBeAll {
		required(cmd, "role")
	}
	return f.register(cmd)
}

// administratorRow is an administrator as lists show it.
type administratorRow struct {
	ID      string       `json:"id"`
	Login   string       `json:"login"`
	Blocked bool         `json:"blocked"`
	Roles   []admin.Role `json:"roles"`
	GivenBy string       `json:"given_by"`
	GivenAt time.Time    `json:"given_at"`
}

func adminListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List administrators and their roles", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				all, err := in.store.Administrators(cmd.Context())
				if err != nil {
					return err
				}
				rows := []administratorRow{}
				for _, a := range all {
					rows = append(rows, administratorRow{a.UserID, a.Login, a.Blocked, a.Roles, a.GivenBy, a.GivenAt})
				}
				return list(std.out, asJSON, rows, "LOGIN\tROLES\tBLOCKED\tGIVEN BY", func(r administratorRow) string {
					return fmt.Sprintf("%s\t%s\t%v\t%s", r.Login, joined(r.Roles), r.Blocked, r.GivenBy)
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func joined(roles []admin.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
