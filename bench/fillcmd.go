package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/fill"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

func fillCommand() *cobra.Command {
	var url, file string
	var sizes []int
	var filled, most int
	var postgres bool
	cmd := &cobra.Command{
		Use: "fill", Short: "Fill a database with users and measure the store's operations at each size", Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			switch {
			case url != "":
			case postgres:
				server, err := pgserver.New(cmd.Context(), pgserver.Options{Durable: true})
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, server.Close()) }()
				url = server.URL("postgres")
			default:
				folder, err := os.MkdirTemp("", "ringtail-fill-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(folder)
				url = "sqlite:" + filepath.Join(folder, "ringtail.db")
			}
			all, err := fill.Run(cmd.Context(), fill.Options{URL: url, Filled: filled, Sizes: sizes, Most: most, Log: cmd.ErrOrStderr()})
			if err != nil {
				return err
			}
			if file != "" {
				if err := writeJSON(file, all); err != nil {
					return err
				}
			}
			return fill.Table(cmd.OutOrStdout(), all)
		},
	}
	cmd.Flags().StringVar(&url, "store", "", "`URL` of an empty database; otherwise a file that is deleted in the end")
	cmd.Flags().IntSliceVar(&sizes, "users", []int{1000, 10_000, 100_000}, "`SIZES` to measure at, growing")
	cmd.Flags().BoolVar(&postgres, "postgres", false, "fill a private server of PostgreSQL, from Debian's package, in place of a file")
	cmd.Flags().IntVar(&filled, "filled", 0, "`USERS` that an earlier run put into --store")
	cmd.Flags().IntVar(&most, "most", 0, "run each operation at most so often; 0 for as often as is steady")
	cmd.Flags().StringVar(&file, "json", "", "write the figures to this `FILE`, too")
	return cmd
}

func writeJSON(file string, v any) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	return errors.Join(e.Encode(v), f.Close())
}
