package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/server"
)

// minSecret is the same for clients of the settings file.
const minSecret = 12

func clientAddCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var changes clientChanges
	var source string
	var public bool
	cmd := &cobra.Command{
		Use: "add ID", Short: "Register a relying party; prints its secret, once", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			client := &idp.Client{ID: given[0], Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256"}
			if public {
				client.AuthMethod = idp.AuthNone
			}
			if err := changes.apply(client); err != nil {
				return err
			}
			if err := complete(client, public, source != ""); err != nil {
				return err
			}
			secret, err := readSecret(std.in, "secret", source)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				made, err := in.addClient(cmd.Context(), client, secret)
				if err != nil || made == "" {
					return err
				}
				_, err = fmt.Fprintln(std.out, made)
				return err
			})
		},
	}
	changes.register(cmd)
	cmd.Flags().BoolVar(&public, "public", false, "it can't keep a secret (native or browser application); the same as --auth none")
	cmd.Flags().StringVar(&source, "secret", "", "\"-\" reads the secret from standard input; without it one is made")
	return f.register(cmd)
}

// complete finds what is missing, or too much, before anything is asked of the
// database.
func complete(c *idp.Client, public, secret bool) error {
	switch {
	case len(c.RedirectURIs) == 0 && (c.Allows(idp.GrantCode) || c.Allows(idp.GrantImplicit)):
		return usageError{errors.New("give the client a --redirect, or only the grant client_credentials")}
	case public && c.AuthMethod != idp.AuthNone:
		return usageError{fmt.Errorf("a public client doesn't authenticate: leave --auth %s or --public out", c.AuthMethod)}
	case public && secret:
		return usageError{errors.New("a public client has no secret: leave --secret or --public out")}
	case secret && !c.TakesSecret():
		return usageError{fmt.Errorf("a client with --auth %s has no secret: leave --secret or --auth out", c.AuthMethod)}
	}
	return nil
}

// addClient registers the client and returns the secret that it made, empty
// where it made none.
func (in *installation) addClient(ctx context.Context, client *idp.Client, secret string) (made string, err error) {
	if client.TakesSecret() {
		if made, err = in.giveSecret(client, secret); err != nil {
			return "", err
		}
	}
	if err := client.Validate(in.clientRules()); err != nil {
		return "", flagFaults(err)
	}
	if client.ID == account.ClientID || client.ID == console.ClientID {
		return "", fmt.Errorf("the client %s is built in", client.ID)
	}
	if err := in.notOfTheFile(client.ID); err != nil {
		return "", err
	}
	err = in.store.CreateClient(ctx, client)
	if errors.Is(err, idp.ErrTaken) {
		return "", fmt.Errorf("there is a client %s already", client.ID)
	}
	return made, in.record(ctx, err, audit.TypeClientRegistered, client.ID, nil)
}

// giveSecret gives the client the secret, or one that it makes and returns.
func (in *installation) giveSecret(client *idp.Client, secret string) (made string, err error) {
	if secret == "" {
		if made, err = idp.NewSecret(nil); err != nil {
			return "", err
		}
		secret = made
	}
	if len(secret) < minSecret {
		return "", fmt.Errorf("the secret has fewer than %d characters; leave --secret out to have one made", minSecret)
	}
	client.SecretHash = clientauth.HashSecret(in.keyring, client.ID, secret)
	return made, nil
}

func (in *installation) clientRules() idp.ClientRules {
	return server.ClientRules(in.settings.Keys.Algorithms, in.settings.Login.Second)
}

// notOfTheFile refuses to touch what the settings file manages.
func (in *installation) notOfTheFile(id string) error {
	fileManaged := func(a idp.Client) bool { return a.ID == id }
	if slices.ContainsFunc(apps(in.settings, in.keyring), fileManaged) {
		return fmt.Errorf("the settings file manages the client %s; change it there, in apps", id)
	}
	return nil
}
