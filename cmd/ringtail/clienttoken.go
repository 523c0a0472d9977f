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
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/register"
)

// Bounds of initial access tokens.
const (
	maxTokenUses = 100_000
	maxTokenLife = 365 * 24 * time.Hour
)

func clientTokenCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var t tokenFlags
	cmd := &cobra.Command{
		Use: "token", Short: "Make an initial access token, with which software registers itself; it is printed once", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(); err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				token, err := in.addInitialToken(cmd.Context(), t)
				if err != nil {
					return err
				}
				if !in.settings.Registration.Enabled {
					fmt.Fprintln(std.err, "warning: registration.enabled is false in the settings, so nobody can use it yet")
				}
				_, err = fmt.Fprintln(std.out, token)
				return err
			})
		},
	}
	cmd.Flags().IntVar(&t.uses, "uses", 1, "how many clients it lets in")
	cmd.Flags().DurationVar(&t.life, "expires", 24*time.Hour, "how `LONG` it serves, such as 24h")
	cmd.Flags().StringVar(&t.software, "software", "", "the one software_id that it lets in")
	cmd.Flags().StringArrayVar(&t.grants, "grant", nil, "a grant `TYPE` that they may have beside those of the settings; may be repeated")
	cmd.Flags().StringArrayVar(&t.scopes, "scope", nil, "a `SCOPE` that they may have beside those of the settings; may be repeated")
	cmd.AddCommand(clientTokenListCommand(std), clientTokenRemoveCommand(std))
	return f.register(cmd)
}

// tokenFlags are what `client token` takes.
type tokenFlags struct {
	uses           int
	life           time.Duration
	software       string
	grants, scopes []string
}

func (t *tokenFlags) check() error {
	if t.uses < 1 || t.uses > maxTokenUses {
		return usageError{fmt.Errorf("--uses is %d; write 1 to %d", t.uses, maxTokenUses)}
	}
	if t.life < time.Minute || t.life > maxTokenLife {
		return usageError{fmt.Errorf("--expires is %v; write 1m to 8760h", t.life)}
	}
	for i, grant := range t.grants {
		if t.grants[i] = idp.LongGrant(grant); !slices.Contains(idp.Grants(), t.grants[i]) {
			return usageError{fmt.Errorf("--grant is %q; write one of %s", grant, strings.Join(idp.Grants(), ", "))}
		}
	}
	return nil
}

func (in *installation) addInitialToken(ctx context.Context, t tokenFlags) (string, error) {
	id, err := idp.NewID(nil)
	if err != nil {
		return "", err
	}
	token, err := idp.NewSecret(nil)
	if err != nil {
		return "", err
	}
	now := time.Now()
	err = in.store.CreateInitialToken(ctx, &register.InitialToken{
		ID: id, Hash: register.HashInitialToken(in.keyring, token), Software: t.software, Grants: t.grants, Scopes: t.scopes,
		UsesLeft: t.uses, CreatedAt: now, ExpiresAt: now.Add(t.life),
	})
	return token, in.record(ctx, err, audit.TypeInitialToken, id, map[string]any{"what": "made"})
}

func clientTokenListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the initial access tokens, the newest first, without the tokens themselves", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				tokens, err := in.store.ListInitialTokens(cmd.Context(), 1000)
				if err != nil {
					return err
				}
				return list(std.out, asJSON, tokens, "ID\tUSES LEFT\tEXPIRES\tSOFTWARE", func(t *register.InitialToken) string {
					return fmt.Sprintf("%s\t%d\t%s\t%s", t.ID, t.UsesLeft, t.ExpiresAt.UTC().Format(time.RFC3339), t.Software)
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func clientTokenRemoveCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "remove ID", Short: "Make an initial access token void; clients that it let in stay", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				err := in.store.DeleteInitialToken(cmd.Context(), given[0])
				if errors.Is(err, idp.ErrNotFound) {
					return fmt.Errorf("there is no initial access token %s; 'ringtail client token list' shows them", given[0])
				}
				return in.record(cmd.Context(), err, audit.TypeInitialToken, given[0], map[string]any{"what": "removed"})
			})
		},
	}
	return f.register(cmd)
}
