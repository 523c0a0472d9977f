package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

func confCommand(std stdio) *cobra.Command {
	return group("conf", "Read settings files", confDefaultCommand(std), confJSONCommand(std))
}

func confDefaultCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use: "default", Short: "Print the built-in settings: every key with its meaning, unit and default", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := std.out.Write(conf.Default())
			return err
		},
	}
}

func confJSONCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use: "json FILE", Short: "Print any HOCON file, resolved, as JSON", Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			config, err := hocon.ParseFile(given[0], hocon.Options{LookupEnv: os.LookupEnv})
			if err != nil {
				fmt.Fprintln(std.err, err)
				return errSilent
			}
			text, err := config.JSON()
			if err != nil {
				return fmt.Errorf("writing %s as JSON: %w", given[0], err)
			}
			_, err = fmt.Fprintf(std.out, "%s\n", text)
			return err
		},
	}
}
