package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

func clientEditCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var edit clientEdit
	cmd := &cobra.Command{
		Use: "edit ID", Short: "Change a relying party; what is given replaces what was there",
		Long: "Change a relying party. Each flag replaces what was there; an empty value takes it away. A list is\n" +
			"changed by one value with --add and --remove, such as --add redirect=https://shop.example/new.",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(edit.given) == 0 && len(edit.add) == 0 && len(edit.remove) == 0 {
				return usageError{errors.New("say what to change: a flag, --add or --remove")}
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				made, err := in.editClient(cmd.Context(), given[0], edit.apply)
				if err != nil || made == "" {
					return err
				}
				_, err = fmt.Fprintln(std.out, made)
				return err
			})
		},
	}
	edit.register(cmd)
	cmd.Flags().StringArrayVar(&edit.add, "add", nil, "add to a list, `FLAG=VALUE`; may be repeated")
	cmd.Flags().StringArrayVar(&edit.remove, "remove", nil, "take from a list, `FLAG=VALUE`; may be repeated")
	return f.register(cmd)
}

// clientEdit is what `client edit` was asked for.
type clientEdit struct {
	clientChanges
	add, remove []string
}

func (e *clientEdit) apply(c *idp.Client) error {
	if err := e.clientChanges.apply(c); err != nil {
		return err
	}
	for _, text := range e.add {
		list, value, err := listOf(c, "add", text)
		if err != nil {
			return err
		}
		if !slices.Contains(*list, value) {
			*list = append(*list, value)
		}
	}
	for _, text := range e.remove {
		list, value, err := listOf(c, "remove", text)
		if err != nil {
			return err
		}
		i := slices.Index(*list, value)
		if i < 0 {
			return fmt.Errorf("--remove %s: the client has no such value", text)
		}
		*list = slices.Delete(*list, i, i+1)
	}
	return nil
}

// listOf reads FLAG=VALUE.
func listOf(c *idp.Client, doing, text string) (list *[]string, value string, err error) {
	flag, value, ok := strings.Cut(text, "=")
	var lists []string
	for _, f := range clientFields() {
		if f.list == nil {
			continue
		}
		if lists = append(lists, f.flag); f.flag == flag && ok && value != "" {
			return f.list(c), f.words([]string{value})[0], nil
		}
	}
	return nil, "", usageError{fmt.Errorf("--%s %q: write FLAG=VALUE, where FLAG is one of %s", doing, text, strings.Join(lists, ", "))}
}

// editClient changes a client of the database. A client that takes a secret now
// and had none gets one, which is returned; one that takes none any more loses it.
func (in *installation) editClient(ctx context.Context, id string, change func(*idp.Client) error) (made string, err error) {
	if err := in.notOfTheFile(id); err != nil {
		return "", err
	}
	_, err = in.store.UpdateClient(ctx, id, func(c *idp.Client) error {
		if err := change(c); err != nil {
			return err
		}
		switch {
		case !c.TakesSecret():
			c.SecretHash = ""
		case c.SecretHash == "":
			if made, err = in.giveSecret(c, ""); err != nil {
				return err
			}
		}
		return flagFaults(c.Validate(in.clientRules()))
	})
	if errors.Is(err, idp.ErrNotFound) {
		return "", fmt.Errorf("there is no client %s in the database", id)
	}
	return made, in.record(ctx, err, audit.TypeClientChanged, id, nil)
}

func clientRotateCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var source string
	cmd := &cobra.Command{
		Use: "rotate-secret ID", Short: "Give a relying party a new secret, which is printed once; the old one is void at once", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			secret, err := readSecret(std.in, "secret", source)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				made := ""
				_, err := in.editClient(cmd.Context(), given[0], func(c *idp.Client) (err error) {
					if !c.TakesSecret() {
						return fmt.Errorf("the client %s has no secret: it authenticates by %s", c.ID, c.AuthMethod)
					}
					made, err = in.giveSecret(c, secret)
					return err
				})
				if err != nil || made == "" {
					return err
				}
				_, err = fmt.Fprintln(std.out, made)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&source, "secret", "", "\"-\" reads the new secret from standard input; without it one is made")
	return f.register(cmd)
}
