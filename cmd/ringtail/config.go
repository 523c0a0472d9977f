package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/admin/bundle"
)

func configCommand(std stdio) *cobra.Command {
	return group("config", "Keep what administrators saved in files, such as those of a version control",
		configExportCommand(std), configDiffCommand(std), configApplyCommand(std))
}

// configFlags say which provider's settings a command is about: one that serves, or
// the database of a settings file.
type configFlags struct {
	settingsFlags
	server, client string
}

func (f *configFlags) register(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&f.server, "server", "", "the issuer `URL` of a provider that serves; goes with --client")
	cmd.Flags().StringVar(&f.client, "client", "", "the client `ID` that asks there, whose secret is read from RINGTAIL_CLIENT_SECRET or standard input")
	cmd.Flags().StringVar(&f.file, "conf", "", "the settings `FILE` (blitz.conf) of an installation whose database is used itself")
	f.registerSet(cmd)
	return cmd
}

// with connects to the provider for the time of do.
func (f *configFlags) with(ctx context.Context, std stdio, do func(*bundle.Client) error) error {
	switch {
	case (f.server == "") == (f.file == ""):
		return usageError{fmt.Errorf("write --server with --client, or --conf")}
	case f.file != "":
		return f.inProcess(ctx, std, do)
	case f.client == "":
		return usageError{fmt.Errorf("--server needs --client")}
	}
	client, err := f.overNetwork(std)
	if err != nil {
		return err
	}
	return do(client)
}

func configExportCommand(std stdio) *cobra.Command {
	var f configFlags
	cmd := &cobra.Command{
		Use: "export DIR", Short: "Write the saved settings and the published drivers into a folder; never a secret", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std, func(c *bundle.Client) error {
				has, err := c.State(cmd.Context(), true)
				if err != nil {
					return err
				}
				gone, err := has.Write(given[0])
				if err != nil {
					return err
				}
				for _, name := range gone {
					fmt.Fprintf(std.err, "warning: the driver %s isn't published; delete drivers/%s if it shall stay so\n", name, name)
				}
				_, err = fmt.Fprintf(std.out, "revision %d, settings: %d, drivers: %d\n", has.Revision, len(has.Values), len(has.Drivers))
				return err
			})
		},
	}
	return f.register(cmd)
}

func configDiffCommand(std stdio) *cobra.Command {
	var f configFlags
	cmd := &cobra.Command{
		Use: "diff DIR", Short: "Show what apply would change; exit code 1 where that is anything", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std, func(c *bundle.Client) error {
				has, wants, err := compare(cmd.Context(), c, given[0])
				if err != nil {
					return err
				}
				changes := bundle.Diff(&has.Bundle, wants)
				for _, change := range changes {
					fmt.Fprintln(std.out, change)
				}
				if len(changes) > 0 {
					return errSilent
				}
				return nil
			})
		},
	}
	return f.register(cmd)
}

func configApplyCommand(std stdio) *cobra.Command {
	var f configFlags
	var comment string
	cmd := &cobra.Command{
		Use: "apply DIR", Short: "Make the saved settings and the published drivers what the folder says", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std, func(c *bundle.Client) error {
				return applyFolder(cmd.Context(), c, given[0], comment, std.out)
			})
		},
	}
	cmd.Flags().StringVar(&comment, "comment", "", "why, for the history; such as the commit's `TEXT`")
	return f.register(cmd)
}

func applyFolder(ctx context.Context, c *bundle.Client, dir, comment string, out io.Writer) error {
	has, wants, err := compare(ctx, c, dir)
	if err != nil {
		return err
	}
	told := 0
	err = c.Apply(ctx, has, wants, comment, func(line string) {
		told++
		fmt.Fprintln(out, line)
	})
	if err == nil && told == 0 {
		_, err = fmt.Fprintln(out, "there is nothing to do")
	}
	return err
}

// compare reads both sides. A folder that can't be read is told first.
func compare(ctx context.Context, c *bundle.Client, dir string) (*bundle.State, *bundle.Bundle, error) {
	folder := os.DirFS(dir)
	draft, err := bundle.Read(folder, func(string) bool { return false })
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	has, err := c.State(ctx, draft.Drivers != nil)
	if err != nil {
		return nil, nil, err
	}
	wants, err := bundle.Read(folder, has.Whole)
	return has, wants, err
}
