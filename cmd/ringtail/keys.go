package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

func keysCommand(std stdio) *cobra.Command {
	return group("keys", "Manage the keys that sign ID tokens", keysListCommand(std), keysRotateCommand(std))
}

func keysListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the signing keys", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				ring, err := in.signing()
				if err != nil {
					return err
				}
				keys, err := ring.List(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, keys, "ID\tALG\tSTATE\tSIGNS FROM", func(k signing.Info) string {
					return fmt.Sprintf("%s\t%s\t%s\t%s", k.ID, k.Alg, k.State, k.ActiveFrom.UTC().Format(time.RFC3339))
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func keysRotateCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var alg string
	cmd := &cobra.Command{
		Use: "rotate", Short: "Make the next signing key now; it signs as soon as every node knows it", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				ring, err := in.signing()
				if err != nil {
					return err
				}
				key, err := ring.Rotate(cmd.Context(), alg)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(std.out, "%s signs with %s from %s\n", key.ID, key.Alg, key.ActiveFrom.UTC().Format(time.RFC3339))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&alg, "alg", signing.RS256, "RS256, ES256 or EdDSA")
	return f.register(cmd)
}

func (in *installation) signing() (*signing.Ring, error) {
	k := in.settings.Keys
	return signing.New(signing.Options{
		Records: in.store, Keyring: in.keyring, Algorithms: k.Algorithms, RotateAfter: k.RotateAfter, KeepFor: k.KeepFor,
		Now: time.Now, Log: in.log,
	})
}
