package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp/server"
)

func userRecoveryCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var take bool
	cmd := &cobra.Command{
		Use: "recovery LOGIN", Short: "Give a user new recovery codes, each a second factor once, and print them", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				if take {
					return in.takeRecovery(cmd.Context(), given[0])
				}
				codes, err := in.newRecovery(cmd.Context(), given[0], time.Now())
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(std.out, strings.Join(codes, "\n"))
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&take, "none", false, "take the codes away that the user has, and give none")
	return f.register(cmd)
}

// newRecovery gives the user new codes; those before count no more.
func (in *installation) newRecovery(ctx context.Context, login string, now time.Time) ([]string, error) {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	return recovery.Issue(ctx, in.store, server.RecoveryHash(in.keyring), nil, u.ID, now)
}

func (in *installation) takeRecovery(ctx context.Context, login string) error {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return err
	}
	return recovery.Reset(ctx, in.store, u.ID)
}
