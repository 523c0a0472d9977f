package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/store"
)

func dbCommand(std stdio) *cobra.Command {
	return group("db", "Check, back up and move the database", dbCheckCommand(std), dbBackupCommand(std), dbMoveCommand(std))
}

// databaseFlags name a database: the settings', or one by its URL.
type databaseFlags struct {
	settings settingsFlags
	url      string
}

func (f *databaseFlags) register(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&f.settings.file, "conf", "", "the settings `FILE` (blitz.conf), whose store.url is meant")
	f.settings.registerSet(cmd)
	cmd.Flags().StringVar(&f.url, "url", "", "the database `URL`, in place of --conf; \"-\" reads it from standard input")
	return cmd
}

// find gives the URL of the database that is meant.
func (f *databaseFlags) find(std stdio) (string, error) {
	if (f.url == "") == (f.settings.file == "") {
		return "", usageError{errors.New("write either --conf or --url")}
	}
	if f.url != "" {
		return readURL(std.in, "url", f.url)
	}
	s, err := f.settings.load(std.err)
	if err != nil {
		return "", err
	}
	return s.Store.URL.Reveal(), nil
}

// readURL reads a URL that may hold a password from standard input where it is "-".
func readURL(in io.Reader, flag, url string) (string, error) {
	if url != "-" {
		return url, nil
	}
	return readSecret(in, flag, url)
}

func dbCheckCommand(std stdio) *cobra.Command {
	var f databaseFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "check", Short: "Read the whole database, also while it is served; exit code 1 and what is wrong where it is damaged", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			url, err := f.find(std)
			if err != nil {
				return err
			}
			found, err := store.Inspect(cmd.Context(), url)
			if err != nil {
				return err
			}
			if err := printInspection(std, asJSON, found); err != nil {
				return err
			}
			if len(found.Faults) > 0 {
				return errSilent
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func printInspection(std stdio, asJSON bool, found store.Inspection) error {
	if asJSON {
		return printJSON(std.out, found)
	}
	var errs []error
	say := func(format string, arguments ...any) {
		_, err := fmt.Fprintf(std.out, format+"\n", arguments...)
		errs = append(errs, err)
	}
	for _, fault := range found.Faults {
		say("%s: %s", fault.Check, fault.What)
	}
	if found.Refusal != "" {
		say("it takes no writes: %s", found.Refusal)
	}
	if found.Version < found.Known {
		say("its version is %d; the next start brings it to %d", found.Version, found.Known)
	}
	if len(found.Faults) == 0 {
		say("%s is whole: version %d, %d rows in %d tables", found.Database, found.Version, sumRows(found.Tables), len(found.Tables))
	}
	return errors.Join(errs...)
}

func sumRows(tables []store.TableRows) (sum int64) {
	for _, t := range tables {
		sum += t.Rows
	}
	return sum
}

func printJSON(out io.Writer, v any) error {
	e := jsonFor(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// howToDump is for who runs PostgreSQL.
const howToDump = `%w; back PostgreSQL up with its own program, which also copies while nodes write:
  pg_dump --format=custom --file=ringtail.dump URL
and restore into a new database with
  pg_restore --exit-on-error --no-owner --dbname=URL ringtail.dump`

func dbBackupCommand(std stdio) *cobra.Command {
	var f databaseFlags
	var to string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "backup", Short: "Copy a SQLite database into one new file while it is served, and check the copy", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			url, err := f.find(std)
			if err != nil {
				return err
			}
			done, err := store.Backup(cmd.Context(), url, to)
			switch {
			case errors.Is(err, store.ErrUsePgDump):
				return fmt.Errorf(howToDump, err)
			case err != nil:
				return err
			case asJSON:
				return printJSON(std.out, done)
			}
			_, err = fmt.Fprintf(std.out, "%s is whole: %d bytes, %d rows in %d tables\n", done.File, done.Bytes, sumRows(done.Tables), len(done.Tables))
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the new `FILE`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return required(f.register(cmd), "to")
}

func dbMoveCommand(std stdio) *cobra.Command {
	var o store.MoveOptions
	var asJSON bool
	cmd := &cobra.Command{
		Use: "move", Short: "Move everything into another, empty database, also while the old one is served: from the end on that one refuses writes",
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.From == "-" && o.To == "-" {
				return usageError{errors.New("only one of --from and --to can be read from standard input")}
			}
			return moveDatabase(cmd.Context(), std, asJSON, o)
		},
	}
	cmd.Flags().StringVar(&o.From, "from", "", "`URL` of the database that has the data; \"-\" reads it from standard input")
	cmd.Flags().StringVar(&o.To, "to", "", "`URL` of the database that is to have it; \"-\" reads it from standard input")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return required(cmd, "from", "to")
}

func moveDatabase(ctx context.Context, std stdio, asJSON bool, o store.MoveOptions) (err error) {
	if o.From, err = readURL(std.in, "from", o.From); err != nil {
		return err
	}
	if o.To, err = readURL(std.in, "to", o.To); err != nil {
		return err
	}
	o.Now = time.Now
	o.Table = func(m store.MovedTable) { fmt.Fprintf(std.err, "%s: %d rows\n", m.Name, m.Rows) }
	done, err := store.Move(ctx, o)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(std.out, done)
	}
	if done.Resumed {
		_, err = fmt.Fprintf(std.out, "the move that was broken off has ended; ")
	} else {
		_, err = fmt.Fprintf(std.out, "%d tables are the same on both sides; ", len(done.Tables))
	}
	_, said := fmt.Fprintf(std.out, "%s takes no more writes: set store.url to %s and restart every node\n", done.From, done.To)
	return errors.Join(err, said)
}
