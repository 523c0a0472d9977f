package main

import (
	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// workerName is the hidden subcommand that Ringtail starts itself with to run
// drivers; see loops/sandbox.
const workerName = "loop-worker"

func workerCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use: workerName, Hidden: true, Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if code := sandbox.WorkerMain(std.in, std.out); code != 0 {
				return errSilent
			}
			return nil
		},
	}
}
