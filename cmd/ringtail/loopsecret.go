package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

func loopSecretCommand(std stdio) *cobra.Command {
	return group("secret", "Manage the secrets of drivers that rest encrypted in the database; none is ever shown",
		loopSecretSetCommand(std), loopSecretListCommand(std), loopSecretRemoveCommand(std))
}

func (in *installation) secrets() *vault.Secrets {
	return vault.NewSecrets(in.store, in.keyring, time.Now)
}

func loopSecretSetCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "set DRIVER NAME", Short: "Give a driver a secret, read from standard input; the next run has it", Args: args(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			value, err := readText(std.in)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				if err := in.wanted(std.err, given[0], given[1]); err != nil {
					return err
				}
				err := in.secrets().Put(cmd.Context(), given[0], given[1], value)
				if errors.Is(err, vault.ErrDriverName) || errors.Is(err, vault.ErrSecretName) {
					return usageError{err}
				}
				return in.record(cmd.Context(), err, audit.TypeDriverSecretSet, given[0], map[string]any{"name": given[1]})
			})
		},
	}
	return f.register(cmd)
}

// wanted refuses a secret that its driver doesn't name: it would never be read. A driver
// that isn't there yet may come later, so that is only told.
func (in *installation) wanted(out io.Writer, driver, name string) error {
	known, _ := knownDrivers(in.settings.Loops.Folder) // those without fault are enough
	d := drivers.Find(known, driver)
	if d == nil {
		if loops.ValidName(driver) {
			fmt.Fprintf(out, "warning: there is no driver %s yet; 'ringtail loop list' shows those that there are\n", driver)
		}
		return nil
	}
	if !d.Takes(name) {
		return fmt.Errorf("the driver %s has no secret %s; its manifest names %s", driver, name, strings.Join(d.Manifest.Secrets, ", "))
	}
	return nil
}

// readText reads a secret that may have several lines, as a private key has; the
// last line break is not part of it.
func readText(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, vault.MaxSecret+3))
	if err != nil {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}

func loopSecretListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the secrets by driver and name, without their values", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				secrets, err := in.secrets().List(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, secrets, "DRIVER\tNAME\tUPDATED", func(s vault.Listed) string {
					return fmt.Sprintf("%s\t%s\t%s", s.Driver, s.Name, s.UpdatedAt.UTC().Format(time.RFC3339))
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func loopSecretRemoveCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "remove DRIVER NAME", Short: "Remove a secret; one of the settings file is in force again then", Args: args(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				err := in.secrets().Remove(cmd.Context(), given[0], given[1])
				if errors.Is(err, idp.ErrNotFound) {
					return fmt.Errorf("the driver %s has no secret %s in the database", given[0], given[1])
				}
				return in.record(cmd.Context(), err, audit.TypeDriverSecretRemoved, given[0], map[string]any{"name": given[1]})
			})
		},
	}
	return f.register(cmd)
}
