package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes of every subcommand.
const (
	exitOK      = 0
	exitRefused = 1 // what was asked could not be done
	exitUsage   = 2 // what was asked could not be understood
)

// stdio is the process's standard streams, so that tests can replace them.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// usageError marks an error of the command line itself.
type usageError struct{ error }

// errSilent ends with exit code 1 after the command has said why itself.
var errSilent = errors.New("refused")

// run carries out one command line and returns its exit code.
func run(ctx context.Context, args []string, std stdio) int {
	root := newRoot(std)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSilent):
		return exitRefused
	case errors.As(err, &usage):
		fmt.Fprintf(std.err, "ringtail: %v\nSee 'ringtail --help'.\n", err)
		return exitUsage
	}
	fmt.Fprintf(std.err, "ringtail: %v\n", err)
	return exitRefused
}

func newRoot(std stdio) *cobra.Command {
	root := &cobra.Command{
		Use:           "ringtail",
		Short:         "An OpenID Connect identity provider that confirms a login by a phone call",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs, // so that an unknown subcommand is ours to name
		RunE:          needSubcommand,
	}
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		demoCommand(std), serveCommand(std), checkCommand(std), limitsCommand(std), callsCommand(std),
		userCommand(std), adminCommand(std), clientCommand(std), keysCommand(std), auditCommand(std), dbCommand(std),
		loopCommand(std), standinCommand(std), confCommand(std), configCommand(std), versionCommand(std), workerCommand(std),
	)
	return root
}

// group is a command that only holds subcommands.
func group(use, short string, subcommands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, RunE: needSubcommand}
	c.AddCommand(subcommands...)
	return c
}

func needSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s has no subcommand %q", cmd.CommandPath(), args[0])}
	}
	return usageError{fmt.Errorf("%s needs a subcommand", cmd.CommandPath())}
}

// args makes a wrong number of arguments a usage error.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if err := check(cmd, given); err != nil {
			return usageError{fmt.Errorf("write: %s (%w)", cmd.UseLine(), err)}
		}
		return nil
	}
}

// required marks flags without which the command can't run.
func required(cmd *cobra.Command, flags ...string) *cobra.Command {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		for _, name := range flags {
			if !cmd.Flags().Changed(name) {
				return usageError{fmt.Errorf("%s needs --%s", cmd.CommandPath(), name)}
			}
		}
		return run(cmd, given)
	}
	return cmd
}
