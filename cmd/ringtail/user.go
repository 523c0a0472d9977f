package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// maxAttribute bounds what an administrator may store for a user, in bytes.
const maxAttribute = 1024

func userCommand(std stdio) *cobra.Command {
	return group("user", "Manage users",
		userAddCommand(std), userListCommand(std), userShowCommand(std), userEditCommand(std), userPasswordCommand(std), userRecoveryCommand(std),
		userBlockCommand(std), userUnblockCommand(std), userDeleteCommand(std), userImportCommand(std), userExportCommand(std), userSessionsCommand(std), userSignOutCommand(std))
}

func userAddCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var phone, source string
	var attributes []string
	var factor int
	cmd := &cobra.Command{
		Use: "add LOGIN", Short: "Create a user", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if factor < 0 || factor > 2 {
				return fmt.Errorf("--required-factor %d is not 0, 1 or 2", factor)
			}
			typed, err := readSecret(std.in, "password", source)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				u, err := in.newUser(given[0], phone, attributes)
				if err != nil {
					return err
				}
				u.RequiredFactor = factor
				if err := in.addUser(cmd.Context(), u, typed); err != nil {
					return err
				}
				in.warnOfPhone(u, std)
				_, err = fmt.Fprintln(std.out, u.ID)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&phone, "phone", "", "mobile `NUMBER` with its country code")
	cmd.Flags().StringArrayVar(&attributes, "attr", nil, "attribute, `NAME=VALUE`; may be repeated")
	cmd.Flags().StringVar(&source, "password", "", "\"-\" reads the password from standard input; without it the user has none")
	cmd.Flags().IntVar(&factor, "required-factor", 0, "2 asks this user for a second factor whatever the settings say")
	return f.register(cmd)
}

// newUser reads the command line. A number that can't be one is refused here;
// what an attribute holds is the administrator's business.
func (in *installation) newUser(login, phone string, attributes []string) (*idp.User, error) {
	id, err := idp.NewID(nil)
	if err != nil {
		return nil, err
	}
	u := &idp.User{ID: id, Login: login, Attributes: map[string]string{}}
	if !idp.ValidLogin(login) {
		return nil, errors.New("a login has 1 to 256 bytes of UTF-8, all of which can be seen")
	}
	for _, a := range attributes {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" || len(value) > maxAttribute {
			return nil, usageError{fmt.Errorf("--attr %q: write NAME=VALUE, with at most %d bytes", a, maxAttribute)}
		}
		u.Attributes[name] = value
	}
	if phone == "" {
		return u, nil
	}
	number, _, err := flashcall.Number(phone, "")
	var problem *factors.Problem
	switch {
	case errors.As(err, &problem) && problem.ID == flashcall.ProblemPhoneUnfit:
		number = phone
	case err != nil:
		return nil, fmt.Errorf("--phone %q is not a telephone number; write it with its country code, like +79991234567", phone)
	}
	u.Attributes[in.settings.Login.Methods.FlashCall.PhoneAttribute] = strings.TrimPrefix(number, "+") // as Blitz stores it
	return u, nil
}

func (in *installation) warnOfPhone(u *idp.User, std stdio) {
	why := map[string]string{
		flashcall.ProblemNoPhone:        "there is no phone number; give it with --phone",
		flashcall.ProblemPhoneMalformed: "the phone number is not valid",
		flashcall.ProblemPhoneUnfit:     "the number is not a mobile one, and can't show who calls",
		flashcall.ProblemPhoneCountry:   "numbers.countries lacks the number's country",
	}
	call := in.settings.Login.Methods.FlashCall
	number, country, err := flashcall.Number(u.Attribute(call.PhoneAttribute), "")
	if err == nil {
		err = flashcall.Numbers{Countries: call.Numbers.Countries, VoIP: call.Numbers.VoIP}.Allow(number, country)
	}
	var problem *factors.Problem
	if errors.As(err, &problem) {
		fmt.Fprintf(std.err, "warning: %s can't be called: %s\n", u.Login, why[problem.ID])
	}
}

// addUser stores the user, with a password unless it is empty.
func (in *installation) addUser(ctx context.Context, u *idp.User, typed string) error {
	if typed != "" {
		hash, err := in.hashPassword(ctx, u.Login, typed)
		if err != nil {
			return err
		}
		u.PasswordHash = hash
	}
	err := in.store.CreateUser(ctx, u)
	if errors.Is(err, idp.ErrTaken) {
		return fmt.Errorf("there is a user %s already", idp.NormalizeLogin(u.Login))
	}
	return in.record(ctx, err, audit.TypeUserCreated, u.ID, map[string]any{"login": u.Login})
}

// hashPassword refuses what the policy of new passwords does.
func (in *installation) hashPassword(ctx context.Context, login, typed string) (string, error) {
	o := passwordOptions(in.settings.Login.Methods.Password)
	hasher, err := password.NewHasher(password.HasherOptions{Params: o.Params})
	if err != nil {
		return "", err
	}
	setter := password.Setter{Hasher: hasher, Policy: func() password.Policy { return o.Policy }}
	hash, err := setter.Make(ctx, login, "", typed)
	switch p := factors.AsProblem(err); {
	case p == nil:
		return hash, err
	case p.ID == password.ProblemShort:
		return "", fmt.Errorf("the password has fewer than %d characters", o.Policy.MinLength)
	case p.ID == password.ProblemCommon:
		return "", errors.New("the password is one of those that everybody tries first")
	case p.ID == password.ProblemIsLogin:
		return "", errors.New("the password is the login, or little more")
	}
	return "", err
}

func userListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List users", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				users, err := in.users(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, users, "LOGIN\tID\tPHONE\tBLOCKED", func(u userRow) string {
					return fmt.Sprintf("%s\t%s\t%s\t%v", u.Login, u.ID, u.Phone, u.Blocked)
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

// userRow is a user as lists show it: the number masked.
type userRow struct {
	ID             string `json:"id"`
	Login          string `json:"login"`
	Phone          string `json:"phone,omitempty"`
	RequiredFactor int    `json:"required_factor"`
	Blocked        bool   `json:"blocked"`
}

func (in *installation) users(ctx context.Context) ([]userRow, error) {
	rows := []userRow{}
	for after := ""; ; {
		page, err := in.store.ListUsers(ctx, after, 500)
		if err != nil || len(page) == 0 {
			return rows, err
		}
		for _, u := range page {
			row := userRow{ID: u.ID, Login: u.Login, RequiredFactor: u.RequiredFactor, Blocked: u.Blocked}
			if number, _, err := flashcall.Number(u.Attribute(in.settings.Login.Methods.FlashCall.PhoneAttribute), ""); err == nil {
				row.Phone = flashcall.Mask(number)
			}
			rows = append(rows, row)
		}
		after = page[len(page)-1].Login
	}
}

func userPasswordCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var must bool
	cmd := &cobra.Command{
		Use: "password LOGIN", Short: "Set a user's password, read from standard input, and sign them out everywhere", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			typed, err := readSecret(std.in, "password", "-")
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				hash, err := in.hashPassword(cmd.Context(), given[0], typed)
				if err != nil {
					return err
				}
				return in.changeUser(cmd.Context(), given[0], "password set", func(u *idp.User) { u.PasswordHash, u.MustChangePassword = hash, must })
			})
		},
	}
	cmd.Flags().BoolVar(&must, "must-change", false, "have the user choose another one at the next sign-in")
	return f.register(cmd)
}

func userBlockCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "block LOGIN", Short: "Keep a user from signing in, and sign them out everywhere", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.changeUser(cmd.Context(), given[0], "blocked", func(u *idp.User) { u.Blocked = true })
			})
		},
	}
	return f.register(cmd)
}

// changeUser changes who may sign in how: whoever is signed in as the user is
// signed out everywhere.
func (in *installation) changeUser(ctx context.Context, login, what string, change func(*idp.User)) error {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return err
	}
	err = in.store.ResetUser(ctx, u.ID, func(u *idp.User) error {
		change(u)
		return nil
	})
	return in.record(ctx, err, audit.TypeUserChanged, u.ID, map[string]any{"login": u.Login, "what": what})
}
