package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/admin/users"
)

func userExportCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "export", Short: "Print all users as CSV, without passwords", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				s, err := in.userService()
				if err != nil {
					return err
				}
				out := bufio.NewWriter(std.out)
				if err := s.Export(cmd.Context(), whoCommands(), out); err != nil {
					return told(err)
				}
				return out.Flush()
			})
		},
	}
	return f.register(cmd)
}

func userImportCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var dry bool
	cmd := &cobra.Command{
		Use: "import FILE", Args: args(cobra.ExactArgs(1)),
		Short: "Make and change users by a CSV file, - for standard input; a file with a fault changes nothing",
		RunE: func(cmd *cobra.Command, given []string) error {
			content, err := readImport(std.in, given[0])
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				s, err := in.userService()
				if err != nil {
					return err
				}
				do := s.Import
				if dry {
					do = s.Look
				}
				report, err := do(cmd.Context(), whoCommands(), content)
				for _, fault := range report.Faults {
					fmt.Fprintf(std.err, "%s:%d: %s: %s\n", given[0], fault.Line, printableText(fault.Login), inWords(fault.Problem))
				}
				if len(report.Faults) > 0 {
					return errSilent
				}
				if err != nil {
					return told(err)
				}
				_, err = fmt.Fprintf(std.out, "created %d, changed %d, as they were %d\n", report.Created, report.Changed, report.Same)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do")
	return f.register(cmd)
}

// readImport reads at most what an import takes, and a little more for it to refuse.
func readImport(in io.Reader, name string) ([]byte, error) {
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("opening the file of users: %w", err)
		}
		defer file.Close()
		in = file
	}
	content, err := io.ReadAll(io.LimitReader(in, users.MaxImport+1))
	if err != nil {
		return nil, fmt.Errorf("reading the file of users: %w", err)
	}
	if len(content) > users.MaxImport {
		return nil, fmt.Errorf("the file of users has more than %d MiB; import it in parts", users.MaxImport>>20)
	}
	return content, nil
}
