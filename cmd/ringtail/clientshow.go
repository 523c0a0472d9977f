package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

func clientShowCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a relying party with all its fields, but never its secret", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				client, from, err := in.client(cmd.Context(), given[0])
				if err != nil {
					return err
				}
				if asJSON {
					return indented(std.out, register.RecordOf(client))
				}
				return showClient(std.out, client, from)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, in the shape of registrations (RFC 7591)")
	return f.register(cmd)
}

// client finds a client wherever it is registered.
func (in *installation) client(ctx context.Context, id string) (*idp.Client, string, error) {
	for _, a := range apps(in.settings, in.keyring) {
		if a.ID == id {
			return &a, fromFile, nil
		}
	}
	client, err := in.store.ClientByID(ctx, id)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, "", fmt.Errorf("there is no client %s", id)
	case err != nil:
		return nil, "", err
	case client.Dynamic():
		return client, fromItself, nil
	}
	return client, fromDatabase, nil
}

func indented(out io.Writer, value any) error {
	e := jsonFor(out)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// showClient prints a line for each field that is set, by the flags' names.
func showClient(out io.Writer, c *idp.Client, from string) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(table, "id\t%s\nfrom\t%s\n", c.ID, from)
	for _, f := range clientFields() {
		for _, value := range f.values(c) {
			fmt.Fprintf(table, "%s\t%s\n", f.flag, strings.ReplaceAll(value, "\t", " "))
		}
	}
	return table.Flush()
}

// values are what the field is set to, as the flag would take it.
func (f clientField) values(c *idp.Client) []string {
	switch {
	case f.list != nil:
		return *f.list(c)
	case f.text != nil && *f.text(c) != "":
		return []string{*f.text(c)}
	case f.truth != nil && *f.truth(c):
		return []string{"true"}
	case f.life != nil && *f.life(c) != 0:
		return []string{f.life(c).String()}
	case f.flag == "pkce" && c.WaivePKCE:
		return []string{"optional"}
	case f.flag == "jwks" && c.JWKS != "":
		return []string{c.JWKS}
	case f.flag == "required-factor" && c.RequiredFactor != 0:
		return []string{fmt.Sprint(c.RequiredFactor)}
	case f.flag == "default-max-age" && c.DefaultMaxAge != nil:
		return []string{fmt.Sprint(*c.DefaultMaxAge)}
	}
	return nil
}

func clientExportCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "export [ID...]", Short: "Print relying parties as JSON, without their secrets; without an ID all of them", Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				records := []register.Record{}
				err := in.eachClient(cmd.Context(), func(c *idp.Client, _ string) error {
					if len(given) == 0 && !c.Dynamic() || slices.Contains(given, c.ID) {
						records = append(records, register.RecordOf(c))
					}
					return nil
				})
				if err != nil {
					return err
				}
				if len(given) > 0 && len(records) < len(given) {
					return errors.New("not every one of these clients is there; 'ringtail client list' shows them")
				}
				return indented(std.out, records)
			})
		},
	}
	return f.register(cmd)
}

// maxImport bounds what is read from standard input, in bytes.
const maxImport = 16 << 20

func clientImportCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "import", Short: "Register relying parties from the JSON that export prints, on standard input; prints ID and new secret of each", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := io.ReadAll(io.LimitReader(std.in, maxImport))
			if err != nil {
				return fmt.Errorf("reading standard input: %w", err)
			}
			var records []register.Record
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&records); err != nil {
				return fmt.Errorf("standard input is not what 'ringtail client export' prints: %w", err)
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.importClients(cmd.Context(), std.out, records)
			})
		},
	}
	return f.register(cmd)
}

// importClients goes on after a client that it can't register, and tells of each.
func (in *installation) importClients(ctx context.Context, out io.Writer, records []register.Record) error {
	var faults []error
	for _, r := range records {
		made, err := in.addClient(ctx, r.Client(), "")
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", r.ID, err))
			continue
		}
		if _, err := fmt.Fprintln(out, strings.TrimSpace(r.ID+" "+made)); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}
