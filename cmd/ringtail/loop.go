package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	// Drivers are tried and listed before one is chosen, so its name is not asked for.
	chosen := []string{"login.methods.flashCall.driver = none", "login.methods.flashCall.channels = []"}
	s, err := (&settingsFlags{file: f.file, set: chosen}).load(std.err)
	if err != nil {
		return conf.Loops{}, err
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
		Use: "run PATH|NAME", Short: "Run a driver, by its folder, script or name, in the sandbox and print what became of it as JSON", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(s conf.Loops, pool *sandbox.Pool) error {
				options, err := t.options(given[0], s, pool)
				if err != nil {
					return err
				}
				warnOfSecrets(std.err, options)
				outcome, err := trial.Run(cmd.Context(), options)
				if err != nil {
					return err
				}
				if err := jsonFor(std.out).Encode(outcome); err != nil {
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
	return f.register(cmd)
}

// warnOfSecrets tells of secrets that the driver isn't given, as its manifest doesn't name them.
func warnOfSecrets(out io.Writer, o trial.Options) {
	for _, name := range slices.Sorted(maps.Keys(o.Secrets)) {
		if !o.Driver.Takes(name) {
			fmt.Fprintf(out, "warning: the driver isn't given the secret %s: its driver.conf doesn't name it under secrets\n", name)
		}
	}
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
	flags.StringVar(&t.input, "input", "", "what the driver is given, a `JSON` object; only the entry login needs none")
	flags.StringVar(&t.entry, "entry", string(loops.EntryStart), "which `ENTRY` to run: "+entryNames())
	flags.StringArrayVar(&t.answers, "answer", nil, "answer to the next request, `STATUS:FILE`, - for no body; may be repeated")
	flags.StringArrayVar(&t.secrets, "secret", nil, "a secret, `NAME=VALUE`; for trials only, as other users of the machine see it")
	flags.StringVar(&t.now, "now", "", "what the driver's clock says, a `TIME` like 2026-03-01T12:00:00Z")
	flags.BoolVar(&t.live, "live", false, "make the requests for real")
	flags.StringVar(&t.standin, "standin", "", "send the requests to the stand-in at this `ADDRESS` and not to the provider; see ringtail standin")
	flags.BoolVar(&t.trace, "trace", false, "print answers and times too")
}

func (t *trialFlags) options(named string, s conf.Loops, pool *sandbox.Pool) (trial.Options, error) {
	o := trial.Options{Entry: loops.Entry(t.entry), Trace: t.trace, Workers: pool, Limits: pool.Limits()}
	if !o.Entry.Valid() {
		return o, usageError{fmt.Errorf("--entry %q is not one of %s", t.entry, entryNames())}
	}
	var err error
	if o.Input, err = t.object(); err != nil {
		return o, err
	}
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
	o.Driver, err = driverAt(named, s)
	return o, err
}

// object is the input; a login has none.
func (t *trialFlags) object() (map[string]any, error) {
	if t.input == "" && t.entry == string(loops.EntryLogin) {
		return map[string]any{}, nil
	}
	if t.input == "" {
		return nil, usageError{fmt.Errorf("the entry %s needs --input, a JSON object", t.entry)}
	}
	var out map[string]any
	decoder := json.NewDecoder(strings.NewReader(t.input))
	decoder.UseNumber()
	err := decoder.Decode(&out)
	if _, more := decoder.Token(); err != nil || out == nil || !errors.Is(more, io.EOF) {
		return nil, usageError{fmt.Errorf("--input is not a JSON object: %q", t.input)}
	}
	return out, nil
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
	if t.live && len(t.answers) > 0 {
		return nil, usageError{errors.New("--live makes the requests for real: leave --answer out")}
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
		Use: "test PATH", Short: "Run the cases stored beside a driver, by its folder or script", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(_ conf.Loops, pool *sandbox.Pool) error { return testDriver(cmd.Context(), given[0], pool, std) })
		},
	}
	return f.register(cmd)
}

func testDriver(ctx context.Context, path string, pool *sandbox.Pool, std stdio) error {
	driver, err := readDriver(path)
	if err != nil {
		return err
	}
	results, err := trial.Cases(ctx, os.DirFS(filepath.Dir(driver.File)), trial.Options{Driver: driver, Workers: pool, Limits: pool.Limits()})
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
		Use: "check PATH|NAME", Short: "Check a driver, by its folder, script or name, without running it: one line a problem", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.withPool(std, func(s conf.Loops, pool *sandbox.Pool) error {
				driver, faults := driverAt(given[0], s)
				problems, err := trial.Check(cmd.Context(), pool, driver, faults)
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
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", d.Name, d.Title, d.Channel, d.Code.Origin, strings.Join(d.Hosts, " "), yes(d.Caution != ""))
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
				e := jsonFor(std.out)
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
