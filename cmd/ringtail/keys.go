package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/server"
)

func keysCommand(std stdio) *cobra.Command {
	return group("keys", "Manage the keys that sign tokens", keysListCommand(std), keysRotateCommand(std), keysRetireCommand(std))
}

func keysListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the signing keys: pending ones sign later, the active one of an algorithm signs, retired ones are published until the last token is over",
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.withKeys(cmd.Context(), std.err, func(_ *installation, ring *signing.Ring) error {
				keys, err := ring.List(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, keys, "ID\tALG\tSTATE\tSIGNS FROM\tSIGNS UNTIL\tPUBLISHED UNTIL", func(k signing.Info) string {
					return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", k.ID, k.Alg, k.State, utc(k.ActiveFrom), utc(k.ActiveUntil), utc(k.PublishedUntil))
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
		Use: "rotate", Short: "Make the next signing keys now; they sign as soon as every node knows them, and nothing breaks", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.withKeys(cmd.Context(), std.err, func(in *installation, ring *signing.Ring) error {
				algorithms := ring.Algorithms
				if alg != "" {
					algorithms = []string{alg}
				}
				for _, alg := range algorithms {
					key, err := ring.Rotate(cmd.Context(), alg)
					if err != nil {
						return err
					}
					fmt.Fprintf(std.out, "%s signs with %s from %s\n", key.ID, key.Alg, utc(key.ActiveFrom))
					if err := in.record(cmd.Context(), nil, audit.TypeKeysRotated, key.ID, map[string]any{"what": "made", "alg": key.Alg}); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&alg, "alg", "", "one `ALGORITHM` alone: RS256, ES256 or EdDSA")
	return f.register(cmd)
}

// whatRetiringBreaks is told before a key is retired.
const whatRetiringBreaks = `Retiring the key %s (%s, %s) can't be undone. From then on
  - no token that it signed can be verified: applications refuse ID tokens and signed access tokens
    of before, and the provider refuses such ID tokens as id_token_hint; people may have to sign in again;
  - an application that keeps the key set goes on believing the key until it reads the set again: restart
    those that matter, or make them read it;
  - a node that runs goes on signing with it for up to a minute.
Nobody else is signed out: sessions, opaque access tokens and refresh tokens don't hang on this key.
`

func keysRetireCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var sure bool
	cmd := &cobra.Command{
		Use: "retire ID", Short: "Delete a signing key that somebody else may have, at once; without --yes it only says what that breaks", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withKeys(cmd.Context(), std.err, func(in *installation, ring *signing.Ring) error {
				return in.retireKey(cmd.Context(), std, ring, given[0], sure)
			})
		},
	}
	cmd.Flags().BoolVar(&sure, "yes", false, "do it")
	return f.register(cmd)
}

func (in *installation) retireKey(ctx context.Context, std stdio, ring *signing.Ring, id string, sure bool) error {
	keys, err := ring.List(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.ID != id {
			continue
		}
		fmt.Fprintf(std.err, whatRetiringBreaks, k.ID, k.Alg, k.State)
		if !sure {
			return errors.New("nothing was done; add --yes to retire the key")
		}
	}
	signs, err := ring.Retire(ctx, id)
	if errors.Is(err, signing.ErrUnknownKey) {
		return fmt.Errorf("%w; 'ringtail keys list' shows those that are there", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s is deleted\n", id)
	if signs.ID != "" {
		fmt.Fprintf(std.out, "%s signs with %s\n", signs.ID, signs.Alg)
	}
	return in.record(ctx, nil, audit.TypeKeysRotated, id, map[string]any{"what": "retired"})
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// withKeys opens the installation and its signing keys for the time of do.
func (f *settingsFlags) withKeys(ctx context.Context, errOut io.Writer, do func(*installation, *signing.Ring) error) error {
	return f.with(ctx, errOut, func(in *installation) error {
		k, o := in.settings.Keys, in.serverOptions(nil)
		ring, err := signing.New(signing.Options{
			Records: in.store, Keyring: in.keyring, Algorithms: k.Algorithms, RotateAfter: k.RotateAfter, KeepFor: k.KeepFor,
			TokenLife: server.TokenLife(in.store, o.Lives, o.Apps), Now: time.Now, Log: in.log,
		})
		if err != nil {
			return err
		}
		return do(in, ring)
	})
}
