package main

import (
	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/pgo"
)

func profileCommand() *cobra.Command {
	return &cobra.Command{
		Use: "profile FROM INTO", Short: "Merge the profiles of a folder into the one that the server is built with", Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return pgo.Merge(args[0], args[1]) },
	}
}
