package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/users"
)

func userShowCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show LOGIN", Short: "Show a user: attributes, password, number, methods and limits", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.withUser(cmd.Context(), given[0], func(s *users.Service, u *idp.User) error {
					shown, err := showUser(cmd, s, u)
					if err != nil {
						return err
					}
					if asJSON {
						e := jsonFor(std.out)
						e.SetIndent("", "  ")
						return e.Encode(shown)
					}
					return shown.print(std)
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

// shownUser is a user as "user show" prints one, with whole numbers.
type shownUser struct {
	ID                 string            `json:"id"`
	Login              string            `json:"login"`
	Blocked            bool              `json:"blocked"`
	RequiredFactor     int               `json:"required_factor"`
	HasPassword        bool              `json:"has_password"`
	MustChangePassword bool              `json:"must_change_password"`
	CreatedAt          time.Time         `json:"created_at"`
	Attributes         map[string]string `json:"attributes"`
	Phone              string            `json:"phone,omitempty"`
	PhoneKind          string            `json:"phone_kind,omitempty"`
	PhoneProblem       string            `json:"phone_problem,omitempty"`
	CallsStopped       bool              `json:"calls_stopped"`
	RecoveryCodes      int               `json:"recovery_codes"`
	Limits             map[string]string `json:"limits"`
}

func showUser(cmd *cobra.Command, s *users.Service, u *idp.User) (shownUser, error) {
	ctx := cmd.Context()
	phone, err := s.Phone(ctx, u)
	if err != nil {
		return shownUser{}, err
	}
	methods, err := s.Methods(ctx, u)
	if err != nil {
		return shownUser{}, err
	}
	uses, err := s.Limits(ctx, u)
	if err != nil {
		return shownUser{}, err
	}
	shown := shownUser{
		ID: u.ID, Login: u.Login, Blocked: u.Blocked, RequiredFactor: u.RequiredFactor, HasPassword: u.PasswordHash != "",
		MustChangePassword: u.MustChangePassword, CreatedAt: u.CreatedAt, Attributes: u.Attributes, Phone: phone.E164, PhoneKind: phone.Kind,
		PhoneProblem: phone.Problem, CallsStopped: phone.Stopped, Limits: map[string]string{},
	}
	for _, m := range methods {
		shown.RecoveryCodes += m.Left
	}
	for _, use := range uses {
		text := fmt.Sprintf("%d of %d", use.Used, use.Limit)
		if use.Over {
			text += ", used up until " + use.Until.Format(time.RFC3339)
		}
		shown.Limits[use.Budget] = text
	}
	return shown, nil
}

func (u shownUser) print(std stdio) error {
	table := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	line := func(name string, value any) { fmt.Fprintf(table, "%s\t%v\n", name, value) }
	line("login", u.Login)
	line("id", u.ID)
	line("blocked", u.Blocked)
	line("required factor", u.RequiredFactor)
	line("password", map[bool]string{true: "set", false: "none"}[u.HasPassword])
	line("must change it", u.MustChangePassword)
	line("created", u.CreatedAt.Format(time.RFC3339))
	line("number", strings.TrimSpace(u.Phone+" "+u.PhoneKind+" "+u.PhoneProblem))
	line("calls stopped", u.CallsStopped)
	line("recovery codes", u.RecoveryCodes)
	for _, name := range slices.Sorted(maps.Keys(u.Limits)) {
		line("limit "+name, u.Limits[name])
	}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		line("attribute "+name, printableText(u.Attributes[name]))
	}
	return table.Flush()
}

// printableText keeps a value from moving the cursor of a terminal.
func printableText(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

func userEditCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var attributes []string
	var login string
	var factor int
	cmd := &cobra.Command{
		Use: "edit LOGIN", Short: "Change a user's attributes, login or required factor", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			c := users.Change{Attributes: map[string]string{}}
			for _, a := range attributes {
				name, value, ok := strings.Cut(a, "=")
				if !ok {
					return usageError{fmt.Errorf("--attr %q: write NAME=VALUE, or NAME= to take it away", a)}
				}
				c.Attributes[name] = value
			}
			if cmd.Flags().Changed("login") {
				c.Login = &login
			}
			if cmd.Flags().Changed("required-factor") {
				c.RequiredFactor = &factor
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.withUser(cmd.Context(), given[0], func(s *users.Service, u *idp.User) error {
					_, err := s.Edit(cmd.Context(), whoCommands(), u.ID, c)
					return err
				})
			})
		},
	}
	cmd.Flags().StringArrayVar(&attributes, "attr", nil, "attribute, `NAME=VALUE`, or NAME= to take it away; may be repeated")
	cmd.Flags().StringVar(&login, "login", "", "the new `LOGIN`")
	cmd.Flags().IntVar(&factor, "required-factor", 0, "2 asks this user for a second factor whatever the settings say")
	return f.register(cmd)
}

func userDeleteCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var sure bool
	cmd := &cobra.Command{
		Use: "delete LOGIN", Short: "Delete a user with all that is theirs; applications are told by the running provider", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if !sure {
				return usageError{errors.New("a user that is deleted doesn't come back; give --yes to delete")}
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.withUser(cmd.Context(), given[0], func(s *users.Service, u *idp.User) error {
					return s.Delete(cmd.Context(), whoCommands(), u.ID)
				})
			})
		},
	}
	cmd.Flags().BoolVar(&sure, "yes", false, "delete for good")
	return f.register(cmd)
}
