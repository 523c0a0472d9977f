package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/trial"
)

func loopCommand(std stdio) *cobra.Command {
	return group("loop", "Try, test and list drivers",
		loopRunCommand(std), loopTestCommand(std), loopCheckCommand(std), loopListCommand(std), loopLimitsCommand(std), loopTypesCommand(std), loopSecretCommand(std))
}

// loopFlags are the settings that a trial may use; without --conf the defaults hold.
type loopFlags struct{ file string }

func (f *loopFlags) register(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&f.file, "conf", "", "the settings `FILE`, for its limits, allowed hosts and drivers")
	return cmd
}

// settings are the loops' part. A file is not needed to try a driver.
func (f *loopFlags) settings(std stdio) (conf.Loops, error) {
	if f.file == "" {
		return defaultLoops()
	}
	s, err := (&settingsFlags{file: f.file}).load(std.err)
	if err != nil {
		return conf.Loops{}, err
	}
	return s.Loops, nil
}

// defaultLoops are those of an installation without a settings file.
func defaultLoops() (conf.Loops, error) {
	s, _, err := conf.Load(conf.Options{Set: []string{"login.level = 1", "login.factors = [[{method = password, enabled = true}], []]"}})
	if err != nil {
		return conf.Loops{}, fmt.Errorf("reading the built-in settings: %w", err)
	}
	return s.Loops, nil
}

// withPool starts workers for the time of do.
func (f *loopFlags) withPool(std stdio, do func(conf.Loops, *sandbox.Pool) error) (err error) {
	s, err := f.settings(std)
	if err != nil {
		return err
	}
	pool, err := newPool(loopLimits(s.Limits), 1, 8, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return do(s, pool)
}

func loopRunCommand(std stdio) *cobra.Command {
	var f loopFlags
	var t trialFlags
	cmd := &cobra.Command{
		Use: "run FILE", Short: "Run a driver in the sandbox and print what became of it as JSON", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(s conf.Loops, pool *sandbox.Pool) error {
				options, err := t.options(given[0], s, pool)
				if err != nil {
					return err
				}
				outcome, err := trial.Run(cmd.Context(), options)
				if err != nil {
					return err
				}
				if err := json.NewEncoder(std.out).Encode(outcome); err != nil {
					return err
				}
				if outcome.Failed() {
					return errSilent
				}
				return nil
			})
		},
	}
	t.register(cmd)
	return f.register(required(cmd, "input"))
}

func entryNames() string {
	var names []string
	for _, e := range loops.Entries() {
		names = append(names, string(e))
	}
	return strings.Join(names, ", ")
}

// trialFlags say how to run a driver.
type trialFlags struct {
	input, entry, now, standin string
	answers, secrets           []string
	live, trace                bool
}

func (t *trialFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&t.input, "input", "", "what the driver is given, a `JSON` object")
	flags.StringVar(&t.entry, "entry", string(loops.EntryStart), "which `ENTRY` to run: "+entryNames())
	flags.StringArrayVar(&t.answers, "answer", nil, "answer to the next request, `STATUS:FILE`, - for no body; may be repeated")
	flags.StringArrayVar(&t.secrets, "secret", nil, "a secret, `NAME=VALUE`; for trials only, as other users of the machine see it")
	flags.StringVar(&t.now, "now", "", "what the driver's clock says, a `TIME` like 2026-03-01T12:00:00Z")
	flags.BoolVar(&t.live, "live", false, "make the requests for real")
	flags.StringVar(&t.standin, "standin", "", "send the requests to the stand-in at this `ADDRESS` and not to the provider; see ringtail standin")
	flags.BoolVar(&t.trace, "trace", false, "print answers and times too")
}

func (t *trialFlags) options(file string, s conf.Loops, pool *sandbox.Pool) (trial.Options, error) {
	o := trial.Options{Entry: loops.Entry(t.entry), Trace: t.trace, Workers: pool, Limits: pool.Limits()}
	if !o.Entry.Valid() {
		return o, usageError{fmt.Errorf("--entry %q is not one of %s", t.entry, entryNames())}
	}
	decoder := json.NewDecoder(strings.NewReader(t.input))
	decoder.UseNumber()
	if err := decoder.Decode(&o.Input); err != nil || o.Input == nil {
		return o, usageError{fmt.Errorf("--input is not a JSON object: %q", t.input)}
	}
	var err error
	if o.At, err = t.clock(); err != nil {
		return o, err
	}
	if o.Secrets, err = parseSecrets(t.secrets); err != nil {
		return o, err
	}
	for _, text := range t.answers {
		answer, err := trial.ParseAnswer(text, o.Limits)
		if err != nil {
			return o, usageError{fmt.Errorf("--answer %s: %w", text, err)}
		}
		o.Answers = append(o.Answers, answer)
	}
	if o.Live, err = t.way(s, o.Limits); err != nil {
		return o, err
	}
	driver, err := drivers.ReadScript(file)
	if driver == nil {
		return o, err
	}
	o.Driver = driver
	return o, err
}

func (t *trialFlags) clock() (time.Time, error) {
	if t.now == "" {
		return time.Time{}, nil
	}
	now, err := time.Parse(time.RFC3339, t.now)
	if err != nil {
		return now, usageError{fmt.Errorf("--now %q is not a time like 2026-03-01T12:00:00Z", t.now)}
	}
	return now, nil
}

// way says where requests go: to the provider, to a stand-in, or nowhere.
func (t *trialFlags) way(s conf.Loops, limits loops.Limits) (host.Exchanger, error) {
	if t.standin != "" && (t.live || len(t.answers) > 0) {
		return nil, usageError{errors.New("--standin sends the requests to a stand-in: leave --live and --answer out")}
	}
	if !t.live && t.standin == "" {
		return nil, nil
	}
	live := egress.New(egress.Options{Limits: limits, Allow: allowances(s.Egress), Proxy: s.Egress.Proxy})
	if t.live {
		return live, nil
	}
	way, err := trial.StandIn(t.standin, live, limits)
	if err != nil {
		return nil, usageError{fmt.Errorf("--standin: %w", err)}
	}
	return way, nil
}

func loopTestCommand(std stdio) *cobra.Command {
	var f loopFlags
	cmd := &cobra.Command{
		Use: "test DIR", Short: "Run the cases stored beside a driver", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(_ conf.Loops, pool *sandbox.Pool) error { return testDriver(cmd.Context(), given[0], pool, std) })
		},
	}
	return f.register(cmd)
}

func testDriver(ctx context.Context, dir string, pool *sandbox.Pool, std stdio) error {
	driver, err := drivers.ReadFolder(dir)
	if err != nil {
		return err
	}
	results, err := trial.Cases(ctx, os.DirFS(dir), trial.Options{Driver: driver, Workers: pool, Limits: pool.Limits()})
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range results {
		verdict := "ok  "
		if len(r.Problems) > 0 {
			verdict = "FAIL"
			failed++
		}
		fmt.Fprintf(std.out, "%s %s: %s\n", verdict, r.File, r.Title)
		for _, p := range r.Problems {
			fmt.Fprintf(std.out, "     %s\n", p)
		}
	}
	fmt.Fprintf(std.out, "%d passed, %d failed\n", len(results)-failed, failed)
	if failed > 0 {
		return errSilent
	}
	return nil
}

func loopCheckCommand(std stdio) *cobra.Command {
	var f loopFlags
	cmd := &cobra.Command{
		Use: "check FILE", Short: "Check a driver without running it: one line a problem", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(_ conf.Loops, pool *sandbox.Pool) error {
				problems, err := trial.Check(cmd.Context(), pool, given[0])
				if err != nil {
					return err
				}
				for _, p := range problems {
					fmt.Fprintln(std.out, p)
				}
				if len(problems) > 0 {
					return errSilent
				}
				return nil
			})
		},
	}
	return f.register(cmd)
}

func loopListCommand(std stdio) *cobra.Command {
	var f loopFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the drivers, those that ship and the installation's own", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			s, err := f.settings(std)
			if err != nil {
				return err
			}
			known, faults := knownDrivers(s.Folder)
			if faults != nil {
				fmt.Fprintln(std.err, faults)
			}
			return list(std.out, asJSON, trial.List(known), "NAME\tTITLE\tCHANNEL\tCODE FROM\tHOSTS\tCAUTION", func(d trial.Listed) string {
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", d.Name, d.Title, d.Channel, d.Code.Origin, strings.Join(d.Hosts, " "), d.Caution)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func loopLimitsCommand(std stdio) *cobra.Command {
	var f loopFlags
	cmd := &cobra.Command{
		Use: "limits", Short: "Print the limits of drivers, and what confines them on this machine", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return f.withPool(std, func(_ conf.Loops, pool *sandbox.Pool) error {
				e := json.NewEncoder(std.out)
				e.SetIndent("", "  ")
				return e.Encode(trial.Limits(pool))
			})
		},
	}
	return f.register(cmd)
}

func loopTypesCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use: "types", Short: "Print loops.d.ts, which tells editors what a driver's script has", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(std.out, drivers.Types())
			return err
		},
	}
}
