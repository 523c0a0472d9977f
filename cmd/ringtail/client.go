package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

func clientCommand(std stdio) *cobra.Command {
	return group("client", "Manage relying parties", clientAddCommand(std), clientListCommand(std), clientRemoveCommand(std))
}

// minSecret is the same for clients of the settings file.
const minSecret = 12

// clientFlags are what `client add` takes.
type clientFlags struct {
	name, alg, secret          string
	redirects, logouts, grants []string
	scopes                     []string
	public, consent            bool
}

func clientAddCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var c clientFlags
	cmd := &cobra.Command{
		Use: "add ID", Short: "Register a relying party; prints its secret, once", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := c.check(); err != nil {
				return err
			}
			secret, err := readSecret(std.in, "secret", c.secret)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				made, err := in.addClient(cmd.Context(), given[0], c, secret)
				if err != nil || made == "" {
					return err
				}
				_, err = fmt.Fprintln(std.out, made)
				return err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.name, "name", "", "what pages call it")
	flags.StringArrayVar(&c.redirects, "redirect", nil, "redirect `URI`; may be repeated")
	flags.StringArrayVar(&c.logouts, "post-logout", nil, "post-logout redirect `URI`; may be repeated")
	flags.BoolVar(&c.public, "public", false, "it can't keep a secret (native or browser application)")
	flags.StringVar(&c.alg, "alg", "RS256", "signature of its ID tokens: RS256, ES256 or EdDSA")
	flags.StringArrayVar(&c.grants, "grant", []string{idp.GrantCode, idp.GrantRefresh}, "grant type; may be repeated")
	flags.StringArrayVar(&c.scopes, "scope", nil, "a `SCOPE` it may ask for; may be repeated; without it every scope but phone_verification")
	flags.StringVar(&c.secret, "secret", "", "\"-\" reads the secret from standard input; without it one is made")
	flags.BoolVar(&c.consent, "consent", false, "ask people before it gets their claims")
	return f.register(cmd)
}

// check finds what is missing before anything is asked of the database.
func (c clientFlags) check() error {
	if len(c.redirects) == 0 && slices.Contains(c.grants, idp.GrantCode) {
		return usageError{errors.New("give the client a --redirect, or only the grant client_credentials")}
	}
	return nil
}

// addClient registers the client and returns the secret that it made, empty
// where it made none.
func (in *installation) addClient(ctx context.Context, id string, c clientFlags, secret string) (made string, err error) {
	if c.public && secret != "" {
		return "", usageError{errors.New("a public client has no secret: leave --secret or --public out")}
	}
	if secret != "" && len(secret) < minSecret {
		return "", fmt.Errorf("the secret has fewer than %d characters; leave --secret out to have one made", minSecret)
	}
	client := &idp.Client{
		ID: id, Name: c.name, RedirectURIs: c.redirects, PostLogoutURIs: c.logouts,
		Grants: c.grants, Scopes: c.scopes, SigningAlg: c.alg, AskConsent: c.consent,
	}
	switch {
	case c.public:
		client.AuthMethod = idp.AuthNone
	case secret == "":
		if made, err = idp.NewSecret(nil); err != nil {
			return "", err
		}
		secret = made
	}
	if secret != "" {
		client.SecretHash = clientauth.HashSecret(in.keyring, id, secret)
	}
	if err := client.Validate(in.settings.Keys.Algorithms); err != nil {
		return "", err
	}
	if id == account.ClientID {
		return "", fmt.Errorf("the client %s is built in", id)
	}
	fileManaged := func(a idp.Client) bool { return a.ID == id }
	if slices.ContainsFunc(apps(in.settings, in.keyring), fileManaged) {
		return "", fmt.Errorf("the settings file manages the client %s", id)
	}
	err = in.store.CreateClient(ctx, client)
	if errors.Is(err, idp.ErrTaken) {
		return "", fmt.Errorf("there is a client %s already", id)
	}
	return made, err
}

func clientListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List relying parties", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				rows, err := in.clients(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, rows, "ID\tNAME\tPUBLIC\tFROM\tREDIRECT URIS", func(c clientRow) string {
					return fmt.Sprintf("%s\t%s\t%v\t%s\t%s", c.ID, c.Name, c.Public, c.From, strings.Join(c.RedirectURIs, " "))
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

// clientRow is a client as lists show it.
type clientRow struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Public         bool     `json:"public"`
	From           string   `json:"from"` // file or database
	RedirectURIs   []string `json:"redirect_uris"`
	PostLogoutURIs []string `json:"post_logout_uris"`
	Grants         []string `json:"grants"`
	Scopes         []string `json:"scopes"` // empty: every scope but phone_verification
	SigningAlg     string   `json:"signing_alg"`
}

func (in *installation) clients(ctx context.Context) ([]clientRow, error) {
	rows := []clientRow{}
	add := func(c *idp.Client, from string) {
		rows = append(rows, clientRow{c.ID, c.DisplayName(), c.Public(), from, c.RedirectURIs, c.PostLogoutURIs, c.Grants, c.Scopes, c.SigningAlg})
	}
	for _, a := range apps(in.settings, in.keyring) {
		add(&a, "file")
	}
	for after := ""; ; {
		page, err := in.store.ListClients(ctx, after, 500)
		if err != nil || len(page) == 0 {
			return rows, err
		}
		for _, c := range page {
			add(c, "database")
		}
		after = page[len(page)-1].ID
	}
}

func clientRemoveCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "remove ID", Short: "Remove a relying party", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				err := in.store.DeleteClient(cmd.Context(), given[0])
				if errors.Is(err, idp.ErrNotFound) {
					return fmt.Errorf("there is no client %s in the database", given[0])
				}
				return err
			})
		},
	}
	return f.register(cmd)
}
