package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp/server"
)

func codesCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "codes", Short: "Show what the codes are worth that providers choose, by what came of them lately", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				watch, err := server.Pools(in.store, in.keyring)
				if err != nil {
					return err
				}
				reports, err := watch.Report(cmd.Context())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, reports, "DRIVER\tDIGITS\tCODES\tPAIRS\tEXPECTED\tBITS\tALARM", codesLine)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

// codesLine writes a driver's window, and the alarm of the one before where this
// one has none.
func codesLine(r pool.Report) string {
	alarm := r.Alarm
	if alarm == "" && r.Alarmed() {
		alarm = r.Before.Alarm + " (before)"
	}
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%.2f\t%.1f\t%s", r.Driver, r.Length, r.Codes, r.Pairs, r.Expected, r.Bits(), alarm)
}
