package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/parts"
	"github.com/ringtail-id/ringtail/bench/run"
)

func partsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "parts", Short: "Measure single parts: signatures, hashes, requests for calls, loop runs, steps of workers", Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := os.MkdirTemp("", "ringtail-bench-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			binary := filepath.Join(folder, "ringtail")
			if err := run.Build(cmd.Context(), binary); err != nil {
				return err
			}
			return parts.Run(cmd.Context(), binary, cmd.OutOrStdout())
		},
	}
}
