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
)

func clientCommand(std stdio) *cobra.Command {
	return group("client", "Manage relying parties",
		clientAddCommand(std), clientListCommand(std), clientShowCommand(std), clientEditCommand(std), clientRotateCommand(std),
		clientExportCommand(std), clientImportCommand(std), clientRemoveCommand(std), clientTokenCommand(std))
}

// Where a client was registered.
const (
	fromFile     = "file"
	fromDatabase = "database"
	fromItself   = "registration" // RFC 7591
)

func clientListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	var tag string
	cmd := &cobra.Command{
		Use: "list", Short: "List relying parties", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				rows := []clientRow{}
				err := in.eachClient(cmd.Context(), func(c *idp.Client, from string) error {
					if tag == "" || slices.Contains(c.Tags, tag) {
						rows = append(rows, rowOf(c, from))
					}
					return nil
				})
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
	cmd.Flags().StringVar(&tag, "tag", "", "only those with the `WORD` as a tag")
	return f.register(cmd)
}

// clientRow is a client as lists show it.
type clientRow struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Public         bool     `json:"public"`
	From           string   `json:"from"` // file, database or registration
	AuthMethod     string   `json:"auth_method,omitempty"`
	RedirectURIs   []string `json:"redirect_uris"`
	PostLogoutURIs []string `json:"post_logout_uris"`
	Grants         []string `json:"grants"`
	Scopes         []string `json:"scopes"` // empty: all that are about people
	SigningAlg     string   `json:"signing_alg"`
	Tags           []string `json:"tags,omitempty"`
	CreatedAt      string   `json:"created_at,omitempty"` // RFC 3339; those of the file have none
}

func rowOf(c *idp.Client, from string) clientRow {
	row := clientRow{
		ID: c.ID, Name: c.DisplayName(), Public: c.Public(), From: from, AuthMethod: c.AuthMethod, RedirectURIs: c.RedirectURIs,
		PostLogoutURIs: c.PostLogoutURIs, Grants: c.Grants, Scopes: c.Scopes, SigningAlg: c.SigningAlg, Tags: c.Tags,
	}
	if !c.CreatedAt.IsZero() {
		row.CreatedAt = c.CreatedAt.UTC().Format(time.RFC3339)
	}
	return row
}

// eachClient gives every client that there is, those of the file first.
func (in *installation) eachClient(ctx context.Context, do func(c *idp.Client, from string) error) error {
	for _, a := range apps(in.settings, in.keyring) {
		if err := do(&a, fromFile); err != nil {
			return err
		}
	}
	for after := ""; ; {
		page, err := in.store.ListClients(ctx, after, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, c := range page {
			from := fromDatabase
			if c.Dynamic() {
				from = fromItself
			}
			if err := do(c, from); err != nil {
				return err
			}
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
					if managed := in.notOfTheFile(given[0]); managed != nil {
						return managed
					}
					return fmt.Errorf("there is no client %s in the database", given[0])
				}
				return in.record(cmd.Context(), err, audit.TypeClientDeleted, given[0], nil)
			})
		},
	}
	return f.register(cmd)
}
